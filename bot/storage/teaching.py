"""Test questions of the municipality, and changes of the catalogue that wait to be tried or taken."""

import json
from typing import Any

from sqlite_utils.db import Database

from bot.domain.catalogue import EntryId
from bot.domain.ids import UserId
from bot.domain.language import Language
from bot.domain.teaching import Change, ChangeKind, NewProposal, Proposal, ProposalState, TestQuestion
from bot.storage.moments import to_seconds


class SqlTeaching:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._added = False

    def add_test(self, question: TestQuestion) -> bool:
        known = self._db.execute("SELECT 1 FROM test_question WHERE words = ?", (question.words,)).fetchone()
        self._db.execute(
            """INSERT INTO test_question (words, entry) VALUES (?, ?)
            ON CONFLICT (words) DO UPDATE SET entry = excluded.entry""",
            (question.words, question.entry),
        )
        return known is None

    def tests(self) -> list[TestQuestion]:
        rows = self._db.execute("SELECT words, entry FROM test_question ORDER BY id").fetchall()
        return [TestQuestion(words, EntryId(entry)) for words, entry in rows]

    def propose(self, new: NewProposal) -> None:
        change = new.change
        told = {"kind": change.kind, "language": change.language, "target": change.target, "words": change.words}
        self._db.execute(
            """INSERT OR IGNORE INTO proposal (event, lane, person, language, at, change, state)
            VALUES (?, ?, ?, ?, ?, ?, 'new')""",
            (new.event, new.lane, new.person, new.language, to_seconds(new.at), json.dumps(told, ensure_ascii=False)),
        )
        self._added = True

    def were_added(self) -> bool:
        """Since it was last asked for."""
        added, self._added = self._added, False
        return added

    def next_new(self) -> Proposal | None:
        return self._one("state = 'new' ORDER BY id LIMIT 1")

    def get(self, id: int) -> Proposal | None:
        return self._one("id = ?", id)

    def _one(self, where: str, *values: object) -> Proposal | None:
        row: Any = self._db.execute(
            f"SELECT id, lane, person, language, change, state FROM proposal WHERE {where}",  # noqa: S608 - our own words
            values,
        ).fetchone()
        if row is None:
            return None
        id, lane, person, language, change, state = row
        return Proposal(id, lane, UserId(person), Language(language), _change(json.loads(change)), ProposalState(state))

    def settle(self, id: int, state: ProposalState) -> None:
        self._db.execute("UPDATE proposal SET state = ? WHERE id = ?", (state, id))


def _change(told: dict[str, Any]) -> Change:
    return Change(ChangeKind(told["kind"]), Language(told["language"]), told["target"], tuple(told["words"]))
