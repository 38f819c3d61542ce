"""The SQLite file: opened, backed up before its schema changes, written by one thread.

Every piece of work is one transaction that takes the write lock at once (`BEGIN IMMEDIATE`), so what it read
can't change under it. WAL with `synchronous=FULL`: what was committed survives a killed process and a power cut.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Self, TypeVar

from sqlite_utils.db import Database as SqliteDatabase

from bot.storage.entries import Complete
from bot.storage.migrations import SCHEMA
from bot.storage.transaction import SqlTransaction

T = TypeVar("T")

BUSY_TIMEOUT = 10.0
"""Seconds to wait for another process, such as the command line, to finish its write."""

KEPT_BACKUPS = 5


class NewerSchemaError(Exception):
    """The file was written by a later version; opening it would lose what that version knows."""


class Database:
    """One connection on one thread. Close it: the last commit is on disk before `close` returns."""

    def __init__(self, path: Path, backups: Path | None = None, complete: Complete = lambda kept: kept) -> None:
        """Opens or creates the file. Raises `NewerSchemaError`, `sqlite3.Error`."""
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="storage")
        try:
            self._db, self._tx = self._thread.submit(_open, path, backups, complete).result()
        except BaseException:
            self._thread.shutdown()
            raise

    async def transact(self, work: Callable[[SqlTransaction], T]) -> T:
        """Runs work as one transaction; an exception rolls all of it back and is raised here."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._run, work)

    def transact_now(self, work: Callable[[SqlTransaction], T]) -> T:
        """As `transact`, for the command line, which has no event loop."""
        return self._thread.submit(self._run, work).result()

    def _run(self, work: Callable[[SqlTransaction], T]) -> T:
        self._db.execute("BEGIN IMMEDIATE")
        self._tx.begin()
        try:
            result = work(self._tx)
            self._db.execute("COMMIT")
        except BaseException:
            if self._db.conn.in_transaction:
                self._db.execute("ROLLBACK")
            self._tx.forget()
            raise
        return result

    def close(self) -> None:
        self._thread.submit(self._db.close).result()
        self._thread.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _open(path: Path, backups: Path | None, complete: Complete) -> tuple[SqliteDatabase, SqlTransaction]:
    _keep_private(path)
    db = SqliteDatabase(sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None))
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
        _migrate(db, path, backups)
        return db, SqlTransaction(db, complete)
    except BaseException:
        db.close()
        raise


def _keep_private(path: Path) -> None:
    """Before SQLite opens the file, since the journals beside it take its mode over when they are made."""
    path.touch(mode=0o600)
    path.chmod(0o600)


def _migrate(db: SqliteDatabase, path: Path, backups: Path | None) -> None:
    known = {migration.name for migration in SCHEMA.pending(SqliteDatabase(memory=True))}
    applied = {migration.name for migration in SCHEMA.applied(db)}
    if applied - known:
        raise NewerSchemaError(
            f"{path.name} was written by a later version of eahtari. Install that version, or restore a backup of it."
        )
    if applied and known - applied and backups is not None:
        backup(db, backups)
    SCHEMA.apply(db)


def backup(db: SqliteDatabase, folder: Path) -> Path:
    """A whole copy by SQLite's backup interface, named by its moment; the oldest beyond five are removed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"eahtari-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.db"
    _keep_private(target)
    with closing(sqlite3.connect(target)) as copy:
        db.conn.backup(copy)
    for old in sorted(folder.glob("eahtari-*.db"))[:-KEPT_BACKUPS]:
        old.unlink()
    return target
