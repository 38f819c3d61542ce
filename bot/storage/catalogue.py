"""The catalogue's entries, each as JSON in one row, and the words that the staff has taught."""

import hashlib
import json
from collections.abc import Mapping, Sequence

from sqlite_utils.db import Database

from bot.actions.ports import Changes
from bot.catalogues.form import from_json, to_json
from bot.domain.catalogue import Catalogue, Entry, EntryId, Origin, Synonym
from bot.domain.language import Language
from bot.domain.teaching import with_terms

_TOWN = "catalogue_town"


class SqlCatalogue:
    def __init__(self, db: Database) -> None:
        self._db = db

    def catalogue(self) -> Catalogue:
        rows = self._db.execute("SELECT body FROM catalogue_entry ORDER BY position, id").fetchall()
        code, name = self._town()
        plain = Catalogue(code, name, tuple(from_json(body) for (body,) in rows), tuple(self._synonyms()))
        return with_terms(plain, self._taught())

    def _taught(self) -> list[tuple[EntryId, Language, str]]:
        rows = self._db.execute(
            "SELECT entry, language, word FROM taught_term ORDER BY entry, language, word"
        ).fetchall()
        return [(EntryId(entry), Language(language), word) for entry, language, word in rows]

    def taught(self, entry: EntryId, language: Language) -> list[str]:
        return [word for of, spoken, word in self._taught() if (of, spoken) == (entry, language)]

    def unteach(self, entry: EntryId, language: Language, words: Sequence[str]) -> None:
        sql = "DELETE FROM taught_term WHERE entry = ? AND language = ? AND word = ?"
        for word in words:
            self._db.execute(sql, (entry, language, word))

    def teach(self, entry: EntryId, language: Language, words: Sequence[str]) -> None:
        for word in words:
            self._db.execute(
                "INSERT OR IGNORE INTO taught_term (entry, language, word) VALUES (?, ?, ?)", (entry, language, word)
            )

    def entry(self, id: EntryId) -> Entry | None:
        row = self._db.execute("SELECT body FROM catalogue_entry WHERE id = ?", (id,)).fetchone()
        return None if row is None else from_json(row[0])

    def entries_of(self, origin: Origin) -> list[Entry]:
        """As they were taken in, without what the staff has taught."""
        sql = "SELECT body FROM catalogue_entry WHERE origin = ? ORDER BY position, id"
        return [from_json(body) for (body,) in self._db.execute(sql, (origin,)).fetchall()]

    def take(self, origin: Origin, entries: Sequence[Entry], *, complete: bool) -> Changes:
        before = self._bodies()
        mine = {id: body for id, (of, body) in before.items() if of == origin}
        now = {entry.id: to_json(entry) for entry in entries if before.get(entry.id, (origin, ""))[0] == origin}
        changed = [id for id, body in now.items() if mine.get(id) not in {None, body}]
        added = [id for id in now if id not in mine]
        removed = [id for id in mine if id not in now] if complete else []
        for position, (id, body) in enumerate(now.items()):
            self._db.execute(
                "INSERT OR REPLACE INTO catalogue_entry (id, position, origin, body) VALUES (?, ?, ?, ?)",
                (id, position, origin, body),
            )
        for id in removed:
            self._db.execute("DELETE FROM catalogue_entry WHERE id = ?", (id,))
        refused = tuple(entry.id for entry in entries if entry.id not in now)
        return Changes(tuple(added), tuple(changed), tuple(removed), refused)

    def _bodies(self) -> dict[EntryId, tuple[str, str]]:
        rows = self._db.execute("SELECT id, origin, body FROM catalogue_entry ORDER BY position, id").fetchall()
        return {EntryId(id): (origin, body) for id, origin, body in rows}

    def _synonyms(self) -> list[Synonym]:
        rows = self._db.execute(
            "SELECT language, said, meant FROM catalogue_synonym ORDER BY language, said"
        ).fetchall()
        return [Synonym(Language(language), said, tuple(json.loads(meant))) for language, said, meant in rows]

    def set_synonym(self, synonym: Synonym, origin: Origin = Origin.STAFF) -> None:
        meant = json.dumps(synonym.meant, ensure_ascii=False)
        self._db.execute(
            "INSERT OR REPLACE INTO catalogue_synonym (language, said, meant, origin) VALUES (?, ?, ?, ?)",
            (synonym.language, synonym.said, meant, origin),
        )

    def take_synonyms(self, synonyms: Sequence[Synonym], *, complete: bool) -> None:
        sql = "SELECT language, said, origin FROM catalogue_synonym"
        rows = {(language, said): origin for language, said, origin in self._db.execute(sql).fetchall()}
        taken = {(one.language, one.said): one for one in synonyms}
        for key, synonym in taken.items():
            if rows.get(key) != Origin.STAFF:
                self.set_synonym(synonym, Origin.FILE)
        for language, said in rows if complete else ():
            if rows[language, said] == Origin.FILE and (language, said) not in taken:
                self.drop_synonym(Language(language), said)

    def drop_synonym(self, language: Language, said: str) -> bool:
        sql = "DELETE FROM catalogue_synonym WHERE language = ? AND said = ?"
        return bool(self._db.execute(sql, (language, said)).rowcount)

    def name_it(self, code: str, name: Mapping[Language, str]) -> None:
        value = json.dumps({"code": code, "name": dict(name)}, ensure_ascii=False)
        self._db.execute("INSERT OR REPLACE INTO fact (name, value) VALUES (?, ?)", (_TOWN, value))

    def _town(self) -> tuple[str, Mapping[Language, str]]:
        row = self._db.execute("SELECT value FROM fact WHERE name = ?", (_TOWN,)).fetchone()
        if row is None:
            return "", {}
        kept = json.loads(row[0])
        return kept["code"], {Language(key): words for key, words in kept["name"].items()}

    def is_empty(self) -> bool:
        return self._db.execute("SELECT 1 FROM catalogue_entry LIMIT 1").fetchone() is None

    def revision(self) -> str:
        found = self._bodies()
        if not found:
            return ""
        taught = [(one.language, one.said, one.meant) for one in self._synonyms()]
        entries = sorted((id, body) for id, (_, body) in found.items())
        told = json.dumps([entries, taught, self._taught(), self._town()[0]])
        return hashlib.sha256(told.encode()).hexdigest()[:16]
