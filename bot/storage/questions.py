"""The question that a person was asked last in a room, and what each answer would mean."""

import json
from datetime import datetime

from sqlite_utils.db import Database

from bot.actions.deliveries import ItemId, Lane
from bot.actions.questions import Question
from bot.domain.ids import RoomId, UserId
from bot.domain.language import Language
from bot.storage.moments import from_seconds, to_seconds


class SqlQuestions:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, lane: Lane, person: UserId, question: Question, item: ItemId) -> None:
        """Under the room's id once the homeserver has made it; until then under its lane."""
        (room_id,) = self._db.execute("SELECT room_id FROM room WHERE lane = ?", (lane,)).fetchone()
        self.ask(RoomId(room_id or _unmade(lane)), person, question, item)

    def ask(self, room: RoomId, person: UserId, question: Question, item: ItemId) -> None:
        """The newest question replaces an earlier one."""
        self._db.execute(
            """INSERT OR REPLACE INTO question (room_id, person, item, language, prefix, choices, until)
            VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (
                room,
                person,
                item,
                question.language,
                question.prefix,
                json.dumps(question.choices),
                to_seconds(question.until),
            ),
        )

    def pending(self, room: RoomId, person: UserId, now: datetime) -> tuple[Question, ItemId] | None:
        row = self._db.execute(
            """SELECT language, prefix, choices, until, item FROM question
            WHERE room_id IN (?, ?) AND person = ? AND until > ? ORDER BY item DESC LIMIT 1""",
            (room, self._unmade_name(room), person, to_seconds(now)),
        ).fetchone()
        if row is None:
            return None
        language, prefix, choices, until, item = row
        question = Question(Language(language), prefix, tuple(json.loads(choices)), from_seconds(until))
        return question, ItemId(item)

    def drop(self, room: RoomId, person: UserId) -> None:
        self._db.execute(
            "DELETE FROM question WHERE room_id IN (?, ?) AND person = ?", (room, self._unmade_name(room), person)
        )

    def _unmade_name(self, room: RoomId) -> str | None:
        """What a room's questions were kept under before it was made."""
        row = self._db.execute("SELECT lane FROM room WHERE room_id = ?", (room,)).fetchone()
        return None if row is None else _unmade(Lane(row[0]))


def _unmade(lane: Lane) -> str:
    """No room's id begins like this: those begin with an exclamation mark."""
    return f"lane {lane}"
