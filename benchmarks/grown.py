"""A file with any number of appointments, written in bulk: what a town's calendar is after days, or after years.

The services that are measured have the same weeks ahead in every file: first days that are full, then days that
are half full. What grows is everybody else's weeks ahead and, once those are full too, the years behind. Each
appointment has all the rows that the service leaves behind for one: history, the guard's quanta, jobs, a room,
and what was sent there.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count, islice
from pathlib import Path

from bot.actions.search import days_ahead, local_day
from bot.config.reading import read
from bot.domain.availability import Calendar, Slot, occupied, slots_of_day
from bot.domain.booking import NUMBER_ALPHABET, NUMBER_LENGTH
from bot.domain.directory import Directory, Official, Service
from bot.domain.ids import OfficialId, ServiceId, UserId
from bot.domain.opening import day_interval
from bot.storage.database import Database
from bot.storage.moments import to_seconds
from bot.storage.transaction import SqlTransaction

CONFIG = Path(__file__).parents[1] / "examples" / "ahtari.toml"
NOW = datetime(2027, 1, 11, 5, 0, tzinfo=UTC)
"""A Monday before anybody opens: every run has the same weeks ahead."""

MEASURED = (ServiceId("rakennuslupa"), ServiceId("maankaytto"))
"""One official's and two officials'."""

INHABITANTS = 5500
WITH_VISITS_AHEAD = 3000
"""Inhabitants from this number on have nothing booked."""

FULL_DAYS = 5
"""Working days that are full, from today on; of those after them every second time is taken."""

AHEAD = 0.75
"""The share of a file that lies ahead, while everybody's weeks ahead have room for it."""

_MISSED, _CANCELLED = 20, 8
"""Of the visits behind every so manieth was a no-show; for every so many one was cancelled."""

_Place = tuple[Service, Official, int]


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment to be written; `start` in seconds since 1970."""

    service: Service
    official: Official
    start: int
    state: str


def inhabitant(number: int) -> UserId:
    return UserId(f"@asukas{number}:localhost")


def grow(path: Path, number: int) -> None:
    """A new file with exactly so many appointments. Raises RuntimeError where the measured weeks alone have more."""
    entries = read(CONFIG).entries
    with Database(path) as store:
        store.transact_now(lambda tx: tx.entries.replace(entries, entries))
        visits = store.transact_now(lambda tx: _visits(tx, number))
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for pragma in _IN_BULK:
            db.execute(f"PRAGMA {pragma}")
        db.execute("BEGIN")
        db.executemany(_APPOINTMENT, _rows(visits))
        for statement in _CONSEQUENCES:
            db.execute(statement)
        db.execute("COMMIT")


def _visits(tx: SqlTransaction, number: int) -> list[Visit]:
    """The oldest first, as they came into the file."""
    measured = [visit for id in MEASURED for visit in _ahead_of(tx, [tx.directory.services[id]])]
    if len(measured) > number:
        raise RuntimeError(f"the measured weeks alone hold {len(measured)} appointments")
    others = _ahead_of(tx, [s for s in tx.directory.services.values() if s.id not in MEASURED])
    ahead = measured + list(islice(others, max(0, int(AHEAD * number) - len(measured))))
    return [*reversed(list(islice(_behind(tx), number - len(ahead)))), *ahead]


def _ahead_of(tx: SqlTransaction, services: Iterable[Service]) -> Iterator[Visit]:
    """The weeks ahead of everybody whose first service is one of these."""
    first = _first_services(tx.directory)
    for service in services:
        for official in (tx.directory.officials[id] for id, its in first.items() if its is service):
            open_days = 0
            for day in days_ahead(tx, service, NOW):
                starts = _starts(service, official, day, tx.directory)
                open_days += bool(starts)
                for start in starts[:: 1 if open_days <= FULL_DAYS else 2]:
                    yield Visit(service, official, start, "booked")


def _behind(tx: SqlTransaction) -> Iterator[Visit]:
    """All the days before today, the latest first, without end."""
    zone, today, turns = tx.directory.municipality.time_zone, local_day(tx, NOW), count(1)
    week = _week_of(tx.directory, today)
    for back in count(1):
        day = today - timedelta(days=back)
        midnight = to_seconds(day_interval(day, zone).start)
        for service, official, after in week[day.weekday()]:
            turn = next(turns)
            yield Visit(service, official, midnight + after, "visited" if turn % _MISSED else "no-show")
            if not turn % _CANCELLED:
                yield Visit(service, official, midnight + after, "cancelled")


def _week_of(directory: Directory, monday: date) -> list[list[_Place]]:
    """For each weekday what everybody's time is taken by, in seconds after midnight."""
    zone, first = directory.municipality.time_zone, _first_services(directory)
    days = [monday + timedelta(days=weekday) for weekday in range(7)]
    midnights = [to_seconds(day_interval(day, zone).start) for day in days]
    return [
        [
            (service, directory.officials[id], start - midnight)
            for id, service in first.items()
            for start in _starts(service, directory.officials[id], day, directory)
        ]
        for day, midnight in zip(days, midnights, strict=True)
    ]


def _first_services(directory: Directory) -> dict[OfficialId, Service]:
    """What stands for all that an official gives: a measured service before others."""
    services = sorted(directory.services.values(), key=lambda service: service.id in MEASURED)
    return {official: service for service in services for official in service.officials}


def _starts(service: Service, official: Official, day: date, directory: Directory) -> list[int]:
    """As many visits as fit into a day, buffers included."""
    calendar, starts = Calendar((), directory.closures, directory.municipality.time_zone), list[Slot]()
    for slot in slots_of_day(service, [official], day, calendar):
        if not starts or occupied(service, slot.start).start >= occupied(service, starts[-1].start).end:
            starts.append(slot)
    return [to_seconds(slot.start) for slot in starts]


def _rows(visits: Iterable[Visit]) -> Iterator[tuple[object, ...]]:
    for id, visit in enumerate(visits, start=1):
        service = visit.service
        end = visit.start + int(service.duration.total_seconds())
        before, after = int(service.buffer_before.total_seconds()), int(service.buffer_after.total_seconds())
        citizen = inhabitant(id * 7 % (WITH_VISITS_AHEAD if visit.state == "booked" else INHABITANTS))
        what = (id, _number(id), service.id, visit.official.id, citizen, visit.state, _SENT * id + _CARD)
        yield (*what, visit.start, end, visit.start - before, end + after)


def _number(id: int) -> str:
    """Each another, in no order, as drawn ones are: 31 is prime and the factor has no part in it."""
    left, number = id * 179_424_673 % len(NUMBER_ALPHABET) ** NUMBER_LENGTH, ""
    for _ in range(NUMBER_LENGTH):
        left, at = divmod(left, len(NUMBER_ALPHABET))
        number += NUMBER_ALPHABET[at]
    return number


_SENT, _CARD = 8, 4
"""Items of an appointment in the outbox, and which of them is the card; the lanes of rooms begin after 1000."""

_IN_BULK = ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000", "temp_store = MEMORY")
"""For a new file that is thrown away where writing it fails; whoever opens it next has it safe again."""

_APPOINTMENT = """INSERT INTO appointment (id, number, service, official, citizen, state, card,
    start, end, busy_start, busy_end) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"""

_CONSEQUENCES = (
    """INSERT INTO history (appointment, at, what, party)
    SELECT id, start - 864000, 'booked', 'citizen' FROM appointment""",
    """INSERT INTO history (appointment, at, what, party)
    SELECT id, end, state, 'official' FROM appointment WHERE state != 'booked'""",
    """WITH RECURSIVE longest (n) AS (SELECT max((busy_end - busy_start) / 300) FROM appointment),
    part (n) AS (SELECT 0 UNION ALL SELECT part.n + 1 FROM part, longest WHERE part.n + 1 < longest.n)
    INSERT INTO quantum (resource, at, appointment)
    SELECT official, busy_start + 300 * part.n, id FROM appointment, part
    WHERE state != 'cancelled' AND busy_start + 300 * part.n < busy_end ORDER BY official, busy_start, part.n""",
    """INSERT INTO job (kind, subject, due, stale, done)
    SELECT kind, CAST(id AS TEXT), start - lead, start, iif(state = 'booked', NULL, start - lead)
    FROM (SELECT 'day-before' AS kind, 86400 AS lead UNION ALL SELECT 'soon', 600), appointment
    WHERE state != 'cancelled' ORDER BY kind, CAST(id AS TEXT)""",
    """INSERT INTO room (lane, kind, subject, plan, alias, room_id, created)
    SELECT id + 1000, 'appointment', CAST(id AS TEXT), NULL, 'huone-' || lower(hex(randomblob(8))),
    '!' || hex(randomblob(9)) || ':localhost', start - 864000 FROM appointment""",
    """INSERT INTO outbox (item, lane, kind, key, urgent, created, not_before, state, event_id)
    SELECT 8 * id + n, id + 1000, kind, replace(key, '#', CAST(id AS TEXT)), 1, start - 864000, 0, 'sent',
    '$' || hex(randomblob(16)) FROM appointment, (
        SELECT 0 AS n, 'open' AS kind, 'room:#:open' AS key
        UNION ALL SELECT 1, 'invite', 'room:#:invite:citizen'
        UNION ALL SELECT 2, 'invite', 'room:#:invite:official'
        UNION ALL SELECT 3, 'say', 'appointment:#:welcome'
        UNION ALL SELECT 4, 'say', 'appointment:#:card'
        UNION ALL SELECT 5, 'amend', 'appointment:#:card:2'
        UNION ALL SELECT 6, 'say', 'appointment:#:0:reminder:day-before'
        UNION ALL SELECT 7, 'say', 'appointment:#:0:reminder:soon')
    ORDER BY id, n""",
)
