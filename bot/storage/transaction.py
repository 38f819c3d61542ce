"""One transaction's view of everything: the implementation of `bot.actions.ports.Transaction`, and the mail."""

from collections.abc import Callable
from typing import TypeVar

from sqlite_utils.db import Database

from bot.domain.directory import Directory
from bot.storage.catalogue import SqlCatalogue
from bot.storage.catalogue_imports import SqlImports
from bot.storage.conference_orders import SqlDelayedLeaves, SqlOrders
from bot.storage.conferences import SqlConferences
from bot.storage.entries import Complete, SqlEntries
from bot.storage.facts import SqlFacts
from bot.storage.feeds import SqlFeeds
from bot.storage.hours import SqlHours
from bot.storage.inbox import SqlInbox
from bot.storage.inquiries import SqlInquiries
from bot.storage.jobs import SqlJobs
from bot.storage.outbox import SqlOutbox
from bot.storage.people import SqlPeople
from bot.storage.presences import SqlPresences
from bot.storage.questions import SqlQuestions
from bot.storage.rooms import SqlRooms
from bot.storage.taking import SqlBookings
from bot.storage.teaching import SqlTeaching
from bot.storage.waiting import SqlWaiting

T = TypeVar("T")


class SqlTransaction:
    """Repositories over one connection; valid inside `Database.transact` only."""

    def __init__(self, db: Database, complete: Complete) -> None:
        self._db = db
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
        self.catalogue = SqlCatalogue(db)
        self.imports = SqlImports(db)
        self.inquiries = SqlInquiries(db)
        self.teaching = SqlTeaching(db)
        self.conferences = SqlConferences(db)
        self.presences = SqlPresences(db)
        self.orders = SqlOrders(db)
        self.delayed_leaves = SqlDelayedLeaves(db)

    @property
    def directory(self) -> Directory:
        return self.entries.directory()

    def begin(self) -> None:
        """A new transaction has begun: others may have written since the last one."""
        self.entries.begin()

    def attempt(self, work: Callable[[], T]) -> T | Exception:
        try:
            with self._db.atomic():
                return work()
        except Exception as fault:  # noqa: BLE001 - one part's fault is its own; the caller tells of it
            self.forget()
            return fault

    def forget(self) -> None:
        """Drops what was remembered of a transaction that was rolled back."""
        self.entries.forget()
