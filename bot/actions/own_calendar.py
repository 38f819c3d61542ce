"""An official's own calendar: its address, and its busy times as blocked time that no citizen is offered.

Fetching and parsing take seconds and happen outside of transactions: `take` says what is to be read, `keep` writes
down what came of it. Until a calendar was read well again, what it said before stays in force. The official hears of
trouble once, not every quarter of an hour.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.actions.deliveries import Say
from bot.actions.ports import BlockKind, CalendarSource, Transaction, language_of
from bot.actions.rooms import RoomKind
from bot.calendars.limits import Reading
from bot.domain.availability import Busy
from bot.domain.directory import Official
from bot.domain.ids import OfficialId, resource
from bot.domain.jobs import Job, JobKind
from bot.domain.language import Language
from bot.domain.opening import Interval
from bot.domain.own_calendar import FOR_GOOD, Trouble
from bot.text import own_calendar_words as words
from bot.text.reply import Reply

PERIOD = timedelta(minutes=15)
FURTHEST = timedelta(days=120)
"""No calendar is read further ahead, whatever a service's horizon."""
PATIENCE = 3
"""Failures in a row after which the official is told; a network that fails once is no news."""


@dataclass(frozen=True, slots=True)
class Due:
    """A calendar to be read, and the time that is asked about."""

    official: OfficialId
    address: str
    during: Interval
    zone: ZoneInfo
    server_name: str


@dataclass(frozen=True, slots=True)
class _Standing:
    """What is remembered from one reading to the next: failures in a row, and what the official has heard of."""

    failures: int = 0
    told: bool = False
    told_partly: bool = False

    @classmethod
    def of(cls, source: CalendarSource) -> "_Standing":
        failures, told, partly = (source.problem or "0 0 0").split()
        return cls(int(failures), told == "1", partly == "1")

    def written(self) -> str | None:
        is_well = self == _Standing()
        return None if is_well else f"{self.failures} {int(self.told)} {int(self.told_partly)}"


def set_address(tx: Transaction, official: Official, address: str, now: datetime) -> None:
    """Read at once, then every `PERIOD`. The busy times of an earlier address hold until this one was read."""
    tx.feeds.set_source(official.id, address)
    tx.jobs.plan(Job(JobKind.FETCH, official.id, now))


def end(tx: Transaction, official: Official) -> bool:
    """Reads it no more and frees what it blocked; false where there was nothing."""
    had = tx.feeds.source(official.id) is not None
    _forget(tx, official.id)
    return had


def _forget(tx: Transaction, official: OfficialId) -> None:
    tx.feeds.set_source(official, None)
    tx.jobs.drop(official, JobKind.FETCH)
    tx.hours.unblock(BlockKind.IMPORTED, official)


def plan_missing(tx: Transaction, now: datetime) -> None:
    """At start: every calendar that is to be read is planned."""
    for official in tx.feeds.sources():
        if tx.jobs.planned(JobKind.FETCH, official) is None:
            tx.jobs.plan(Job(JobKind.FETCH, official, now))


def take(tx: Transaction, now: datetime) -> list[Due]:
    """What is to be read now. The next time is planned at once, so that a kill in the middle of reading loses none."""
    due = []
    for job in tx.jobs.take_fetches(now):
        source = tx.feeds.source(OfficialId(job.subject))
        if source is None:
            continue
        tx.jobs.plan(Job(JobKind.FETCH, job.subject, now + PERIOD))
        official = tx.directory.officials.get(source.official)
        if official is None:
            _forget(tx, source.official)
        elif official.active:
            due.append(_due(tx, source, now))
    return due


def _due(tx: Transaction, source: CalendarSource, now: datetime) -> Due:
    """A day more than the horizon, which is counted in local days."""
    municipality = tx.directory.municipality
    horizon = max(
        (s.horizon for s in tx.directory.services.values() if source.official in s.officials), default=FURTHEST
    )
    during = Interval(now, now + min(horizon + timedelta(days=1), FURTHEST))
    return Due(source.official, source.address, during, municipality.time_zone, municipality.server_name)


def keep(tx: Transaction, due: Due, found: Reading | Trouble, now: datetime) -> None:
    """Writes down what came of a reading, unless the official has changed the address meanwhile."""
    source = tx.feeds.source(due.official)
    if source is None or source.address != due.address or due.official not in tx.directory.officials:
        return
    standing = _kept(tx, source, found, now) if isinstance(found, Reading) else _failed(tx, source, found, now)
    tx.feeds.fetched(due.official, now, standing.written())


def _kept(tx: Transaction, source: CalendarSource, found: Reading, now: datetime) -> _Standing:
    taken = [Busy(resource(source.official), interval) for interval in found.busy]
    tx.hours.unblock(BlockKind.IMPORTED, source.official)
    tx.hours.block(BlockKind.IMPORTED, source.official, taken)
    before, is_partly = _Standing.of(source), bool(found.skipped or found.cut_short or found.guessed_zones)
    language, reply = _language(tx, source.official), Reply(())
    if source.fetched is None or before.told:
        reply += words.works(len(found.busy), language)
    if is_partly and not before.told_partly:
        reply += words.partly(language)
    _tell(tx, source.official, reply, now)
    return _Standing(told_partly=is_partly)


def _failed(tx: Transaction, source: CalendarSource, trouble: Trouble, now: datetime) -> _Standing:
    before = _Standing.of(source)
    failures = before.failures + 1
    is_news = source.fetched is None or trouble in FOR_GOOD or failures >= PATIENCE
    if is_news and not before.told:
        known = bool(tx.hours.blocked(BlockKind.IMPORTED, source.official))
        _tell(tx, source.official, words.failing(trouble, _language(tx, source.official), known=known), now)
    return replace(before, failures=failures, told=before.told or is_news)


def _language(tx: Transaction, official: OfficialId) -> Language:
    return language_of(tx, tx.directory.user_of(tx.directory.officials[official]))


def _tell(tx: Transaction, official: OfficialId, reply: Reply, now: datetime) -> None:
    """In the official's direct room, where the address came from."""
    room = tx.rooms.find(RoomKind.DIRECT, tx.directory.user_of(tx.directory.officials[official]))
    if room is not None and reply.blocks:
        key = f"own-calendar:{official}:{now:%Y%m%dT%H%M%S%f}"
        tx.outbox.put(room.lane, Say(reply), key=key, now=now, urgent=False)
