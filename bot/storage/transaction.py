"""One transaction's view of everything: the implementation of `bot.actions.ports.Transaction`, and the mail."""

from sqlite_utils.db import Database

from bot.domain.directory import Directory
from bot.storage.entries import Complete, SqlEntries
from bot.storage.facts import SqlFacts
from bot.storage.feeds import SqlFeeds
from bot.storage.hours import SqlHours
from bot.storage.inbox import SqlInbox
from bot.storage.jobs import SqlJobs
from bot.storage.outbox import SqlOutbox
from bot.storage.people import SqlPeople
from bot.storage.questions import SqlQuestions
from bot.storage.rooms import SqlRooms
from bot.storage.taking import SqlBookings
from bot.storage.waiting import SqlWaiting


class SqlTransaction:
    """Repositories over one connection; valid inside `Database.transact` only."""

    def __init__(self, db: Database, complete: Complete) -> None:
        self.facts = SqlFacts(db)
        self.entries = SqlEntries(db, self.facts, complete)
        self.people = SqlPeople(db)
        self.rooms = SqlRooms(db)
        self.inbox = SqlInbox(db)
        self.outbox = SqlOutbox(db)
        self.questions = SqlQuestions(db)
        self.appointments = SqlBookings(db)
        self.jobs = SqlJobs(db)
        self.hours = SqlHours(db, self.entries)
        self.waiting = SqlWaiting(db)
        self.feeds = SqlFeeds(db)

    @property
    def directory(self) -> Directory:
        return self.entries.directory()

    def forget(self) -> None:
        """Drops what was remembered of a transaction that was rolled back."""
        self.entries.forget()
