"""The log of imports of the catalogue, and the channels that services of PTV name."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils.db import Database

from bot.domain.catalogue import EntryId, Origin
from bot.domain.catalogue_import import Import, ImportKind
from bot.storage.moments import from_seconds, to_seconds

MOST_PROBLEMS = 200
"""Reasons that are kept of one import."""
_COLUMNS = "at, source, code, kind, since, taken, added, changed, removed, kept, skipped, problems, failure"


class SqlImports:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, done: Import) -> None:
        values = (
            *(to_seconds(done.at), done.source, done.code, done.kind, done.since and to_seconds(done.since)),
            *(done.taken, done.added, done.changed, done.removed, done.kept),
            *(_json(done.skipped), _json(done.problems[:MOST_PROBLEMS]), done.failure),
        )
        marks = ", ".join("?" * len(values))
        self._db.execute(f"INSERT INTO catalogue_import ({_COLUMNS}) VALUES ({marks})", values)  # noqa: S608 - constants

    def last(self, source: str, code: str, *kinds: ImportKind) -> datetime | None:
        """When the latest import of these kinds from an address began that did not fail."""
        among = ", ".join("?" * len(kinds))
        sql = "SELECT max(at) FROM catalogue_import WHERE source = ? AND code = ? AND failure IS NULL"
        (at,) = self._db.execute(f"{sql} AND kind IN ({among})", (source, code, *kinds)).fetchone()
        return None if at is None else from_seconds(at)

    def newest(self, most: int) -> list[Import]:
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM catalogue_import ORDER BY id DESC LIMIT ?",  # noqa: S608 - the columns are a constant
            (most,),
        ).fetchall()
        return [_import(row) for row in rows]

    def ties(self) -> dict[EntryId, tuple[str, ...]]:
        """Ids of channels by the entry whose service names them, in its order."""
        found: dict[EntryId, tuple[str, ...]] = {}
        for entry, channel in self._db.execute(
            "SELECT entry, channel FROM ptv_tie ORDER BY entry, position"
        ).fetchall():
            found[EntryId(entry)] = (*found.get(EntryId(entry), ()), str(channel))
        return found

    def tie(self, ties: Mapping[EntryId, Sequence[str]]) -> None:
        """In the place of what these entries had; those of entries that are gone go too."""
        for entry, channels in ties.items():
            self._db.execute("DELETE FROM ptv_tie WHERE entry = ?", (entry,))
            for position, channel in enumerate(channels):
                self._db.execute(
                    "INSERT INTO ptv_tie (entry, position, channel) VALUES (?, ?, ?)", (entry, position, channel)
                )
        sql = "DELETE FROM ptv_tie WHERE entry NOT IN (SELECT id FROM catalogue_entry WHERE origin = ?)"
        self._db.execute(sql, (Origin.PTV,))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _import(row: Any) -> Import:
    at, source, code, kind, since, taken, added, changed, removed, kept, skipped, problems, failure = row
    return Import(
        at=from_seconds(at),
        source=source,
        code=code,
        kind=ImportKind(kind),
        since=None if since is None else from_seconds(since),
        taken=taken,
        added=added,
        changed=changed,
        removed=removed,
        kept=kept,
        skipped=tuple((reason, count) for reason, count in json.loads(skipped)),
        problems=tuple(json.loads(problems)),
        failure=failure,
    )
