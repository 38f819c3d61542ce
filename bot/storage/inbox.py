"""What came in and was not answered yet. An event id is taken in once; its content is emptied once answered."""

import json
from datetime import datetime
from enum import StrEnum

from sqlite_utils.db import Database

from bot.commands.incoming import Came, Incoming, Invited, Locked, Reacted, Said, Sent, Went, What
from bot.domain.ids import EventId, RoomId, UserId
from bot.storage.moments import from_seconds, to_seconds

_COLUMNS = "event_id, room_id, sender, sent, kind, content"
_Row = tuple[str, str, str, int, str, str]


class Outcome(StrEnum):
    DONE = "done"
    LIMITED = "limited"
    FAILED = "failed"


class SqlInbox:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, incoming: Incoming, now: datetime, locked: str | None = None) -> bool:
        """Takes an event in, false if it was there before. `locked` is the encrypted event, kept for its key."""
        kind, content = _write(incoming.what)
        cursor = self._db.execute(
            """INSERT INTO inbox (event_id, room_id, sender, sent, received, kind, content, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (event_id) DO NOTHING""",
            (
                incoming.event_id,
                incoming.room_id,
                incoming.sender,
                to_seconds(incoming.sent),
                to_seconds(now),
                kind,
                content if locked is None else locked,
                "new" if locked is None else "locked",
            ),
        )
        return bool(cursor.rowcount > 0)

    def knows(self, event: EventId) -> bool:
        return self._db.execute("SELECT 1 FROM inbox WHERE event_id = ?", (event,)).fetchone() is not None

    def next(self) -> Incoming | None:
        """The oldest event that waits for its answer."""
        row: _Row | None = self._db.execute(
            f"SELECT {_COLUMNS} FROM inbox WHERE state = 'new' ORDER BY received, rowid LIMIT 1"  # noqa: S608 - the columns are a constant
        ).fetchone()
        return None if row is None else _read(row)

    def settle(self, event: EventId, outcome: Outcome, reference: str | None = None) -> None:
        """Marks an event as answered, and forgets what it said unless answering it failed."""
        self._db.execute(
            """UPDATE inbox SET state = ?, reference = ?, content = iif(? = 'failed', content, NULL)
            WHERE event_id = ?""",
            (outcome, reference, outcome, event),
        )

    def locked(self) -> list[tuple[EventId, RoomId, str, datetime]]:
        """Encrypted events whose key has not come: id, room, the event as it came, when it was received."""
        rows = self._db.execute(
            "SELECT event_id, room_id, content, received FROM inbox WHERE state = 'locked' ORDER BY received, rowid"
        )
        return [(EventId(e), RoomId(r), content, from_seconds(received)) for e, r, content, received in rows]

    def unlock(self, event: EventId, what: What) -> None:
        """The key came, or was waited for long enough: the event is to be answered as `what`."""
        kind, content = _write(what)
        self._db.execute(
            "UPDATE inbox SET state = 'new', kind = ?, content = ? WHERE event_id = ? AND state = 'locked'",
            (kind, content, event),
        )


def _write(what: What) -> tuple[str, str]:  # noqa: PLR0911 - one case for each kind, checked whole
    match what:
        case Said(body, cut, answers):
            return "said", json.dumps({"body": body, "cut": cut, "answers": answers})
        case Reacted(to, key):
            return "reacted", json.dumps({"to": to, "key": key})
        case Sent(kind):
            return "sent", json.dumps({"kind": kind})
        case Locked():
            return "locked", "{}"
        case Invited(direct):
            return "invited", json.dumps({"direct": direct})
        case Came(user):
            return "came", json.dumps({"user": user})
        case Went(user):
            return "went", json.dumps({"user": user})


def _what(kind: str, content: dict[str, str | bool | None]) -> What:  # noqa: PLR0911 - one case for each kind, checked whole
    match kind:
        case "said":
            answers = content.get("answers")
            return Said(str(content["body"]), bool(content["cut"]), EventId(str(answers)) if answers else None)
        case "reacted":
            return Reacted(EventId(str(content["to"])), str(content["key"]))
        case "sent":
            return Sent(str(content["kind"]))
        case "invited":
            return Invited(bool(content["direct"]))
        case "came":
            return Came(UserId(str(content["user"])))
        case "went":
            return Went(UserId(str(content["user"])))
        case _:
            return Locked()


def _read(row: _Row) -> Incoming:
    return Incoming(
        event_id=EventId(row[0]),
        room_id=RoomId(row[1]),
        sender=UserId(row[2]),
        sent=from_seconds(row[3]),
        what=_what(row[4], json.loads(row[5])),
    )
