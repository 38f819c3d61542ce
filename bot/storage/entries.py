"""The municipality as kept: one JSON object an entry, beside it the form in which it was seeded.

SQLite is the truth once it was seeded; the seeded form is what `eahtari config diff` compares both sides with.
"""

import json
from collections.abc import Callable, Mapping

from sqlite_utils.db import Database

from bot.config.directory import directory
from bot.config.entries import Entries, Entry, EntryKey, EntryKind, in_order
from bot.domain.directory import Directory
from bot.storage.facts import SqlFacts

Complete = Callable[[Directory], Directory]
"""Adds what is computed and not kept, such as the year's public holidays."""

_REVISION = "directory revision"


class SqlEntries:
    """`directory()` is parsed once for each revision, whoever wrote it, this process or the command line.

    `begin` starts a transaction: its first question looks for a new revision, and the others can rely on it.
    """

    def __init__(self, db: Database, facts: SqlFacts, complete: Complete) -> None:
        self._complete = complete
        self._db = db
        self._facts = facts
        self._parsed: tuple[str, Directory] | None = None
        self._is_current = False

    def begin(self) -> None:
        self._is_current = False

    def directory(self) -> Directory:
        if self._is_current and self._parsed is not None:
            return self._parsed[1]
        revision = self._facts.get(_REVISION) or ""
        if self._parsed is None or self._parsed[0] != revision:
            self._parsed = revision, self._complete(directory(self.current()))
        self._is_current = True
        return self._parsed[1]

    def forget(self) -> None:
        self._parsed = None

    def are_seeded(self) -> bool:
        return self._facts.get(_REVISION) is not None

    def current(self) -> dict[EntryKey, Entry]:
        return self._read("body")

    def seeded(self) -> dict[EntryKey, Entry]:
        return {key: entry for key, entry in self._read("seeded").items() if entry}

    def _read(self, column: str) -> dict[EntryKey, Entry]:
        rows = self._db.execute(f"SELECT kind, id, {column} FROM entry ORDER BY position")  # noqa: S608 - one of two names above
        return {(EntryKind(kind), id): json.loads(text) for kind, id, text in rows}

    def replace(self, current: Entries, seeded: Entries) -> None:
        """Writes the whole municipality; `seeded` is the file's form, empty for what no file knows."""
        self._db.execute("DELETE FROM entry")
        self._db.conn.executemany(
            "INSERT INTO entry (kind, id, position, body, seeded) VALUES (?, ?, ?, ?, ?)",
            [
                (kind, id, position, _text(entry), _text(seeded.get((kind, id), {})))
                for position, ((kind, id), entry) in enumerate(in_order(current).items())
            ],
        )
        self._revise()

    def change(self, key: EntryKey, entry: Entry) -> None:
        """One entry as the service or an operator changed it; what it was seeded from stays as it was."""
        self._db.execute("UPDATE entry SET body = ? WHERE kind = ? AND id = ?", (_text(entry), *key))
        self._revise()

    def _revise(self) -> None:
        self._facts.set(_REVISION, str(int(self._facts.get(_REVISION) or 0) + 1))
        self.forget()


def _text(entry: Mapping[str, object]) -> str:
    return json.dumps(entry, ensure_ascii=False, sort_keys=True)
