"""A look at the file for the operator's check-up: reads only, applies no migration, makes no file."""

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlite_utils.db import Database as SqliteDatabase

from bot.storage.migrations import SCHEMA
from bot.storage.moments import to_seconds


@dataclass(frozen=True, slots=True)
class StorageHealth:
    """`pending` and `unknown` are steps of the schema that the file lacks, or has from a later version.

    The counts are None where a step is pending, since their tables may not be there yet.
    """

    pending: tuple[str, ...]
    unknown: tuple[str, ...]
    late: int | None = None
    """Items to be sent that have waited since before the moment asked for."""
    unsent: int | None = None
    """Items that the homeserver refused for good."""
    unanswered: int | None = None
    """Messages whose answer failed."""


def storage_health(path: Path, before: datetime) -> StorageHealth:
    """Looks at the file. Raises `sqlite3.Error` where it is absent, damaged or locked."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
        db = SqliteDatabase(connection)
        known = {step.name for step in SCHEMA.pending(SqliteDatabase(memory=True))}
        applied = {step.name for step in SCHEMA.applied(db)}
        pending, unknown = tuple(sorted(known - applied)), tuple(sorted(applied - known))
        return StorageHealth(pending, unknown) if pending else _counted(connection, unknown, before)


def _counted(connection: sqlite3.Connection, unknown: tuple[str, ...], before: datetime) -> StorageHealth:
    def count(query: str, *values: int) -> int:
        return int(connection.execute(query, values).fetchone()[0])

    return StorageHealth(
        pending=(),
        unknown=unknown,
        late=count("SELECT count(*) FROM outbox WHERE state = 'waiting' AND created < ?", to_seconds(before)),
        unsent=count("SELECT count(*) FROM outbox WHERE state = 'failed'"),
        unanswered=count("SELECT count(*) FROM inbox WHERE state = 'failed'"),
    )


def kept_time_zone(path: Path) -> ZoneInfo | None:
    """The municipality's zone as stored, None where nothing is. Raises `sqlite3.Error`."""
    if not path.exists():
        return None
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5)) as connection:
        row = connection.execute("SELECT body FROM entry WHERE kind = 'municipality'").fetchone()
    return None if row is None else ZoneInfo(json.loads(row[0])["time_zone"])


def catalogue_size(database: Path) -> int:
    """How many entries the advice answers from; 0 in a file of an earlier schema. Raises `sqlite3.Error`."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        there = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'catalogue_entry'").fetchone()
        return int(db.execute("SELECT count(*) FROM catalogue_entry").fetchone()[0]) if there else 0
