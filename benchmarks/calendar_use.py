"""Searching and booking in calendars as people do, one after another, timed from the asking side.

Everything goes through `bot.storage.database`: a search is a transaction that writes nothing, a booking one that is
on the disk when it counts. The calendars take turns at the same questions and wishes, so that a machine that slows
down slows all of them. Leaves making the files to `benchmarks.grown`.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from random import Random

from benchmarks.grown import MEASURED, NOW, WITH_VISITS_AHEAD, inhabitant
from bot.actions.booking import Booked, book
from bot.actions.search import days_ahead, free_days, slots_on
from bot.domain.availability import offered
from bot.domain.ids import ServiceId, UserId
from bot.storage.database import Database
from bot.storage.transaction import SqlTransaction

WARM = 10
"""The first of each kind do not count: they make the units' rooms and fill the caches, in every file."""

Work = Callable[[SqlTransaction], int]
"""Something that people do; how many times they were shown or given."""


@dataclass(frozen=True, slots=True)
class Use:
    """Seconds of each search and each booking; how many free times were `shown` in all, and are booked `ahead`."""

    searched: Sequence[float]
    booked: Sequence[float]
    shown: int
    ahead: int


@dataclass(frozen=True, slots=True)
class _Wish:
    service: ServiceId
    start: datetime
    citizen: UserId


def use(stores: Sequence[Database], searches: int, bookings: int) -> list[Use]:
    """One for each calendar. Raises RuntimeError where a search or a booking comes to nothing."""
    drawn = Random(2027)  # noqa: S311 - a sample, no secret
    ahead = [store.transact_now(_ahead) for store in stores]
    asked = _in_turns(stores, stores[0].transact_now(partial(_questions, drawn=drawn, number=WARM + searches)))
    wishes = stores[0].transact_now(_wishes)
    drawn.shuffle(wishes)
    made = _in_turns(stores, [partial(_book, wish=wish) for wish in wishes[: WARM + bookings]])
    return [
        Use([took for took, _ in a], [took for took, _ in b], sum(shown for _, shown in a), c)
        for a, b, c in zip(asked, made, ahead, strict=True)
    ]


def _in_turns(stores: Sequence[Database], works: Sequence[Work]) -> list[list[tuple[float, int]]]:
    found = [[_timed(store, work) for store in stores] for work in works][WARM:]
    return [list(column) for column in zip(*found, strict=True)]


def _timed(store: Database, work: Work) -> tuple[float, int]:
    begun = time.perf_counter()
    came_of_it = store.transact_now(work)
    took = time.perf_counter() - begun
    if not came_of_it:
        raise RuntimeError("a search found nothing, or a free time could not be booked")
    return took, came_of_it


def _ahead(tx: SqlTransaction) -> int:
    return sum(len(tx.appointments.open_of_official(official, NOW)) for official in tx.directory.officials)


def _questions(tx: SqlTransaction, drawn: Random, number: int) -> list[Work]:
    """Half of them ask for the next free times, half for those from some day of the weeks ahead."""
    days = list(days_ahead(tx, tx.directory.services[MEASURED[0]], NOW))[:-7]
    firsts = [drawn.choice(days) if turn % 4 > 1 else None for turn in range(number)]
    return [partial(_search, id=MEASURED[turn % len(MEASURED)], first=first) for turn, first in enumerate(firsts)]


def _search(tx: SqlTransaction, id: ServiceId, first: date | None) -> int:
    return sum(len(day.slots) for day in free_days(tx, tx.directory.services[id], NOW, first))


def _wishes(tx: SqlTransaction) -> list[_Wish]:
    """One for each free time of each official, by inhabitants who have nothing booked yet."""
    free = [
        (service.id, slot.start)
        for service in (tx.directory.services[id] for id in MEASURED)
        for day in days_ahead(tx, service, NOW)
        for slot in offered(service, slots_on(tx, service, day, NOW))
        for _ in slot.officials
    ]
    return [_Wish(id, start, inhabitant(WITH_VISITS_AHEAD + turn)) for turn, (id, start) in enumerate(free)]


def _book(tx: SqlTransaction, wish: _Wish) -> bool:
    return isinstance(book(tx, wish.citizen, wish.service, wish.start, NOW), Booked)
