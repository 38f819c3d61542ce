"""The example town in a file of its own, with the people and the moments that tests of booking speak of."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.actions.booking import Booked, book
from bot.config.entries import JSON, Entries, EntryKind
from bot.config.reading import read
from bot.domain.booking import Appointment
from bot.domain.ids import ServiceId, UserId
from bot.storage.database import Database
from bot.storage.transaction import SqlTransaction

T = TypeVar("T")

ZONE = ZoneInfo("Europe/Helsinki")
EXAMPLE = Path(__file__).parents[2] / "examples" / "ahtari.toml"

CITIZEN = UserId("@asiakas:localhost")
STRANGER = UserId("@vieras:localhost")
INSPECTOR = UserId("@rakennustarkastaja:localhost")

PERMIT = ServiceId("rakennuslupa")
"""One official, 30 minutes, cancelled up to two hours before."""
BENEFITS = ServiceId("kela")
"""Two officials, 30 minutes, no buffers."""
PARENTS = ServiceId("vanhempainvartti")
"""Three officials of a confidential unit, 15 minutes and 5 after."""
LESSON = ServiceId("tukiopetus")
"""Two of the same officials, 45 minutes."""
CHILDREN = ServiceId("lastensuojelu")
"""A confidential unit's."""


def local(day: int, hour: int, minute: int = 0, month: int = 1, year: int = 2027) -> datetime:
    """A moment by the town's wall clock; 11 January 2027 is a Monday."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


NOW = local(11, 7)
TUESDAY = local(12, 9)


@dataclass(frozen=True, slots=True)
class Town:
    store: Database
    path: Path

    def do(self, work: Callable[[SqlTransaction], T]) -> T:
        return self.store.transact_now(work)

    def booked(self, start: datetime = TUESDAY, citizen: UserId = CITIZEN, service: ServiceId = PERMIT) -> Appointment:
        answer = self.do(lambda tx: book(tx, citizen, service, start, NOW))
        assert isinstance(answer, Booked), answer
        return answer.appointment

    def change(self, kind: EntryKind, id: str, **fields: JSON) -> None:
        key = (kind, id)
        self.do(lambda tx: tx.entries.change(key, {**tx.entries.current()[key], **fields}))

    def rows(self, query: str, *values: object) -> list[tuple[object, ...]]:
        """What another process sees in the file."""
        with closing(sqlite3.connect(self.path)) as connection:
            return list(connection.execute(query, values))

    def outbox(self) -> list[tuple[str, str, str, dict[str, object]]]:
        """Kind of room, kind of delivery, key and payload in the order of queueing."""
        found = self.rows(
            "SELECT r.kind, o.kind, o.key, o.payload FROM outbox o JOIN room r USING (lane) ORDER BY item"
        )
        return [(str(room), str(kind), str(key), json.loads(str(payload))) for room, kind, key, payload in found]


@contextmanager
def open_town(folder: Path) -> Iterator[Town]:
    path = folder / "eahtari.db"
    entries = _entries()
    with Database(path) as store:
        store.transact_now(lambda tx: tx.entries.replace(entries, entries))
        yield Town(store, path)


@cache
def _entries() -> Entries:
    return read(EXAMPLE).entries


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)
