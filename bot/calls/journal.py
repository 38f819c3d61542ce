"""Numbered evidence on disk until the service has stored it: `state/calls/journal.db`.

SQLite in WAL with `synchronous=FULL`: what was awaited survives a killed process and a power cut. One thread writes;
what comes while it waits for the disk goes with the next commit, so the media of the event loop never wait.

Numbers are never given twice: AUTOINCREMENT within a file, and a new file begins at the present moment in milliseconds,
far above what a lost one can have reached. A file that is no database any more is kept beside the new one.
"""

import asyncio
import contextlib
import json
import logging
import math
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from bot.calls.evidence import Evidence, EvidenceDraft, Fact, Facts, Kind, numbered

_log = logging.getLogger(__name__)

BATCH = 500
"""Jobs in one commit."""
KEY_LIFE = 86_400.0
"""Seconds for which a `once` key is remembered."""
_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}
_SCHEMA = """
CREATE TABLE IF NOT EXISTS evidence (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, room TEXT NOT NULL, identity TEXT NOT NULL,
    sid TEXT NOT NULL, kind TEXT NOT NULL, facts TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS alive (one INTEGER PRIMARY KEY CHECK (one = 1), at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS once (key TEXT PRIMARY KEY, at REAL NOT NULL) STRICT, WITHOUT ROWID;
"""
_INSERT = "INSERT INTO evidence (at, room, identity, sid, kind, facts) VALUES (?, ?, ?, ?, ?, ?)"

Work = Callable[[sqlite3.Connection], Any]


class JournalError(Exception):
    """The journal can't be opened or written. `str()` names the kind of the fault and no content."""


@dataclass(slots=True)
class _Job:
    work: Work
    done: Future[Any]


class Journal:
    """Used from one event loop; the order of calls is the order on disk. Close it."""

    def __init__(self, path: Path, *, now: float) -> None:
        """Opens or makes the file. `now` is Unix seconds. Raises `JournalError`."""
        try:
            self._db = _open(path, now)
        except (OSError, sqlite3.Error) as error:
            raise JournalError(f"the journal of calls can't be opened: {type(error).__name__}") from error
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._closed = False
        self._waiting: set[asyncio.Future[None]] = set()
        self._thread = threading.Thread(target=_write, args=(self._db, self._jobs), name="journal", daemon=True)
        self._thread.start()

    def record(self, drafts: Iterable[EvidenceDraft], *, once: str | None = None) -> "asyncio.Future[list[Evidence]]":
        """Writes evidence; returns at once. Awaiting gives it with its numbers, when it is on disk.

        With a `once` that was used within a day nothing is written. The future raises `JournalError`.
        """
        taken = list(drafts)
        rows = [_row(draft) for draft in taken]
        return self._submit(lambda db: _insert(db, taken, rows, once), is_news=True)

    async def start(self, at: float, *, version: str) -> Evidence:
        """Tells that an engine has begun, and when the one before was last alive."""

        def work(db: sqlite3.Connection) -> list[Evidence]:
            facts: Facts = {"version": version, "last_alive": _last_alive(db)}
            draft = EvidenceDraft(at, "", "", "", Kind.ENGINE_STARTED, facts)
            _mark_alive(db, at)
            return _insert(db, [draft], [_row(draft)], None)

        written: list[Evidence] = await self._submit(work, is_news=True)
        return written[0]

    def alive(self, at: float) -> "asyncio.Future[None]":
        """Marks that the engine lives; to be called every five seconds."""
        return self._submit(lambda db: _mark_alive(db, at))

    async def last_alive(self) -> float | None:
        """The last of these marks; None in a new journal."""
        found: float | None = await self._submit(_last_alive)
        return found

    async def read(self, after: int, limit: int, *, wait_s: float = 0.0) -> Sequence[Evidence]:
        """Evidence above `after`, oldest first; waits up to `wait_s` seconds for the first of it."""
        loop = asyncio.get_running_loop()
        end = loop.time() + wait_s
        while True:
            news: asyncio.Future[None] = loop.create_future()
            self._waiting.add(news)
            try:
                found: list[Evidence] = await self._submit(lambda db: _select(db, after, limit))
                if found or loop.time() >= end:
                    return found
                async with asyncio.timeout_at(end):
                    await news
            except TimeoutError:
                return []
            finally:
                self._waiting.discard(news)

    async def settled(self, through: int) -> None:
        """Drops evidence up to and with this number."""
        await self._submit(lambda db: _drop(db, through))

    async def close(self) -> None:
        """Everything that was recorded is on disk before this returns."""
        if self._closed:
            return
        self._closed = True
        self._jobs.put(None)
        await asyncio.to_thread(self._thread.join)
        self._db.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def _submit(self, work: Work, *, is_news: bool = False) -> "asyncio.Future[Any]":
        """Who is cancelled while waiting stops waiting; the work is done all the same."""
        job = _Job(work, Future())
        future = asyncio.wrap_future(job.done)
        future.add_done_callback(_tell_fault)
        if is_news:
            future.add_done_callback(self._wake)
        if self._closed:
            job.done.set_exception(JournalError("closed"))
        else:
            self._jobs.put(job)
        shielded = asyncio.shield(future)
        shielded.add_done_callback(_take_notice)
        return shielded

    def _wake(self, _: object) -> None:
        for news in self._waiting:
            if not news.done():
                news.set_result(None)


def _take_notice(future: "asyncio.Future[Any]") -> None:
    """The fault of a future that nobody awaits is told once, by `_tell_fault`."""
    if not future.cancelled():
        future.exception()


def _tell_fault(future: "asyncio.Future[Any]") -> None:
    """Evidence that nobody awaits must not be lost in silence."""
    if not future.cancelled() and (error := future.exception()) is not None:
        _log.error("journal of calls: not written (%s)", error)


# The writer's thread


def _write(db: sqlite3.Connection, jobs: "queue.SimpleQueue[_Job | None]") -> None:
    goes_on = True
    while goes_on:
        batch = [jobs.get()]
        with contextlib.suppress(queue.Empty):
            while len(batch) < BATCH:
                batch.append(jobs.get_nowait())
        goes_on = None not in batch
        wanted = [job for job in batch if job is not None and job.done.set_running_or_notify_cancel()]
        if not _commit(db, wanted):
            for job in wanted:  # each by itself: only the faulty one fails
                _commit(db, [job], last=True)


def _commit(db: sqlite3.Connection, jobs: Sequence[_Job], *, last: bool = False) -> bool:
    if not jobs:
        return True
    try:
        db.execute("BEGIN IMMEDIATE")
        results = [job.work(db) for job in jobs]
        db.execute("COMMIT")
    except Exception as error:  # noqa: BLE001 - the thread must outlive every fault; it is told to who waits
        with contextlib.suppress(sqlite3.Error):
            db.execute("ROLLBACK")
        for job in jobs if last else ():
            job.done.set_exception(JournalError(type(error).__name__))
        return False
    for job, result in zip(jobs, results, strict=True):
        job.done.set_result(result)
    return True


def _row(draft: EvidenceDraft) -> tuple[object, ...]:
    facts = json.dumps({name: _finite(fact) for name, fact in draft.facts.items()})
    return (draft.at, _utf8(draft.room), _utf8(draft.identity), _utf8(draft.sid), draft.kind.value, facts)


def _finite(fact: Fact) -> Fact:
    return None if isinstance(fact, float) and not math.isfinite(fact) else fact


def _utf8(words: str) -> str:
    """Names out of JSON may hold lone surrogates, which SQLite refuses: no evidence is lost for a name."""
    return words.encode("utf-8", "replace").decode()


def _insert(
    db: sqlite3.Connection, drafts: Sequence[EvidenceDraft], rows: Sequence[tuple[object, ...]], once: str | None
) -> list[Evidence]:
    if once is not None and drafts and not _is_first(db, once, drafts[0].at):
        return []
    numbers = [db.execute(_INSERT, row).lastrowid or 0 for row in rows]
    return [numbered(draft, number) for draft, number in zip(drafts, numbers, strict=True)]


def _is_first(db: sqlite3.Connection, key: str, at: float) -> bool:
    db.execute("DELETE FROM once WHERE at < ?", (at - KEY_LIFE,))
    return db.execute("INSERT OR IGNORE INTO once (key, at) VALUES (?, ?)", (key, at)).rowcount == 1


def _select(db: sqlite3.Connection, after: int, limit: int) -> list[Evidence]:
    rows = db.execute(
        "SELECT number, at, room, identity, sid, kind, facts FROM evidence WHERE number > ? ORDER BY number LIMIT ?",
        (after, limit),
    )
    return [
        Evidence(number, at, room, identity, sid, Kind(kind), json.loads(facts))
        for number, at, room, identity, sid, kind, facts in rows
    ]


def _drop(db: sqlite3.Connection, through: int) -> None:
    db.execute("DELETE FROM evidence WHERE number <= ?", (through,))


def _mark_alive(db: sqlite3.Connection, at: float) -> None:
    db.execute("INSERT INTO alive (one, at) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET at = excluded.at", (at,))


def _last_alive(db: sqlite3.Connection) -> float | None:
    found = db.execute("SELECT at FROM alive").fetchone()
    return float(found[0]) if found else None


# Opening


def _open(path: Path, now: float) -> sqlite3.Connection:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        return _open_once(path, now)
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode not in _DAMAGED:
            raise
    _log.error("journal of calls: damaged, kept aside, a new one is begun")
    for file in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if file.exists():
            file.rename(f"{file}.damaged-{int(now)}")
    return _open_once(path, now)


def _open_once(path: Path, now: float) -> sqlite3.Connection:
    path.touch(mode=0o600)  # before SQLite opens it: the files beside it take its mode over
    path.chmod(0o600)
    db = sqlite3.connect(path, timeout=10.0, isolation_level=None, check_same_thread=False)
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.executescript(_SCHEMA)
        _begin_numbers(db, now)
    except BaseException:
        db.close()
        raise
    return db


def _begin_numbers(db: sqlite3.Connection, now: float) -> None:
    db.execute(
        "INSERT INTO sqlite_sequence (name, seq) SELECT 'evidence', ?"
        " WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'evidence')",
        (int(now * 1000),),
    )
