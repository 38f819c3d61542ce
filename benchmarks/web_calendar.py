"""A rush on a few times, twice: as a usual web calendar books, and through ours.

The usual one looks whether the time is free, answers, and inserts with the next request: two transactions, and no
unique row behind them. Both get the same people for the same times, from as many processes on one SQLite file.
Nothing waits artificially: what goes wrong there goes wrong by itself.
"""

import multiprocessing
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from multiprocessing.synchronize import Barrier
from pathlib import Path

from benchmarks.grown import MEASURED, NOW, inhabitant
from bot.actions.booking import Booked
from bot.actions.search import free_days
from bot.domain.ids import UserId
from bot.storage.database import Database
from bot.storage.moments import to_seconds
from tests.support.rush import rush_from_processes

PEOPLE, PROCESSES, THREADS = 200, 4, 8
_WAIT = 60.0
_HALF_AN_HOUR = 1800
_TABLE = "CREATE TABLE booking (id INTEGER PRIMARY KEY, citizen TEXT NOT NULL, start INTEGER NOT NULL, end INTEGER)"
_LOOK = "SELECT count(*) FROM booking WHERE start < ? AND end > ?"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of several times that `PEOPLE` people wanted each."""

    times: int
    bookings: int

    @property
    def double(self) -> int:
        """Bookings of a time that somebody had already."""
        return self.bookings - self.times


def times_wanted(path: Path, number: int) -> list[datetime]:
    """The next free times of the one official."""
    with Database(path) as store:
        days = store.transact_now(lambda tx: free_days(tx, tx.directory.services[MEASURED[0]], NOW))
    return [slot.start for day in days for slot in day.slots][:number]


def ours(path: Path, times: Sequence[datetime]) -> Outcome:
    """Through the service's own booking, in the same file that was measured."""
    answers = [answer for start in times for answer in rush_from_processes(path, _crowds(), MEASURED[0], start, NOW)]
    return Outcome(len(times), sum(isinstance(answer, Booked) for answer in answers))


def usual(path: Path, times: Sequence[datetime]) -> Outcome:
    """A new file with one table; worker threads with a connection each, as web servers have them."""
    with closing(_connected(path)) as db:
        db.execute(_TABLE)
    context = multiprocessing.get_context("spawn")
    for start in times:
        gate = context.Barrier(PROCESSES)
        with context.Pool(PROCESSES, _remember, (gate,)) as pool:
            pool.starmap(_crowd, [(path, crowd, to_seconds(start)) for crowd in _crowds()], chunksize=1)
    with closing(_connected(path)) as db:
        return Outcome(len(times), int(db.execute("SELECT count(*) FROM booking").fetchone()[0]))


def _crowds() -> list[list[UserId]]:
    people = [inhabitant(number) for number in range(PEOPLE)]
    return [people[number::PROCESSES] for number in range(PROCESSES)]


_gates: list[Barrier] = []


def _remember(gate: Barrier) -> None:
    """A barrier can be handed over to a process only while it is made."""
    _gates.append(gate)


def _crowd(path: Path, people: Sequence[UserId], start: int) -> None:
    with ThreadPoolExecutor(THREADS) as workers:
        _gates[0].wait(_WAIT)
        list(workers.map(partial(_look_then_insert, path, start), people))


def _look_then_insert(path: Path, start: int, citizen: UserId) -> None:
    end = start + _HALF_AN_HOUR
    with closing(_connected(path)) as db:
        if not db.execute(_LOOK, (end, start)).fetchone()[0]:
            db.execute("INSERT INTO booking (citizen, start, end) VALUES (?, ?, ?)", (citizen, start, end))


def _connected(path: Path) -> sqlite3.Connection:
    """Each statement is a transaction of its own."""
    db = sqlite3.connect(path, timeout=_WAIT, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    return db
