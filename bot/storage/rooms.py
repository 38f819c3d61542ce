"""The rooms that the service keeps: planned first, made by the homeserver later, one for each subject."""

import json
import secrets
from dataclasses import asdict
from datetime import datetime

from sqlite_utils.db import Database

from bot.actions.deliveries import Lane
from bot.actions.rooms import Room, RoomKind, RoomPlan
from bot.domain.conference import MediaRoom, media_room
from bot.domain.ids import RoomId, UserId
from bot.storage.moments import to_seconds

_COLUMNS = "lane, kind, subject, room_id"
_Row = tuple[int, str, str, str | None]


class SqlRooms:
    def __init__(self, db: Database) -> None:
        self._db = db

    def want(self, plan: RoomPlan, now: datetime) -> tuple[Room, bool]:
        found = self.find(plan.kind, plan.subject)
        if found is not None:
            return found, False
        return self._add(plan.kind, plan.subject, json.dumps(asdict(plan)), None, now), True

    def _add(self, kind: RoomKind, subject: str, plan: str | None, room_id: RoomId | None, now: datetime) -> Room:
        self._db.execute(
            "INSERT INTO room (kind, subject, plan, alias, room_id, created, media) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (kind, subject, plan, f"huone-{secrets.token_hex(8)}", room_id, to_seconds(now), _media(room_id)),
        )
        room = self.find(kind, subject)
        assert room is not None  # noqa: S101 - it was inserted in this transaction
        return room

    def find(self, kind: RoomKind, subject: str) -> Room | None:
        return self._one("kind = ? AND subject = ?", (kind, subject))

    def by_id(self, room_id: RoomId) -> Room | None:
        return self._one("room_id = ?", (room_id,))

    def by_lane(self, lane: Lane) -> Room | None:
        return self._one("lane = ?", (lane,))

    def by_media(self, media: MediaRoom) -> Room | None:
        return self._one("media = ?", (media,))

    def _one(self, where: str, values: tuple[object, ...]) -> Room | None:
        row: _Row | None = self._db.execute(f"SELECT {_COLUMNS} FROM room WHERE {where}", values).fetchone()  # noqa: S608 - the condition is one of the five above
        return None if row is None else _room(row)

    def adopt(self, kind: RoomKind, subject: str, room_id: RoomId, now: datetime) -> Room:
        found, known = self.find(kind, subject), self.by_id(room_id)
        if known is not None:
            return self._take_over(known, found, kind, subject)
        if found is None:
            return self._add(kind, subject, None, room_id, now)
        self.opened(found.lane, room_id)
        return Room(found.lane, kind, subject, room_id)

    def _take_over(self, known: Room, older: Room | None, kind: RoomKind, subject: str) -> Room:
        """A room that was known as something else; the older one of the subject is known by its own id from then on."""
        if older is not None and older.lane != known.lane:
            self._rename(older, RoomKind.SHARED, older.room_id or f"lane {older.lane}")
        self._rename(known, kind, subject)
        return Room(known.lane, kind, subject, known.room_id)

    def set_kind(self, room: Room, kind: RoomKind) -> None:
        """A room that changes its kind is known by its own id from then on, so its old subject is free again."""
        self._rename(room, kind, room.room_id or f"lane {room.lane}")

    def _rename(self, room: Room, kind: RoomKind, subject: str) -> None:
        self._db.execute("UPDATE room SET kind = ?, subject = ? WHERE lane = ?", (kind, subject, room.lane))

    def opened(self, lane: Lane, room_id: RoomId) -> None:
        self._db.execute("UPDATE room SET room_id = ?, media = ? WHERE lane = ?", (room_id, _media(room_id), lane))

    def plan(self, lane: Lane) -> tuple[str, RoomPlan] | None:
        """The alias and the plan of a room that the service makes itself."""
        row = self._db.execute("SELECT alias, plan FROM room WHERE lane = ? AND plan IS NOT NULL", (lane,)).fetchone()
        return None if row is None else (str(row[0]), _plan(json.loads(row[1])))


def _media(room_id: RoomId | None) -> MediaRoom | None:
    return None if room_id is None else media_room(room_id)


def _room(row: _Row) -> Room:
    return Room(Lane(row[0]), RoomKind(row[1]), row[2], None if row[3] is None else RoomId(row[3]))


def _plan(stored: dict[str, object]) -> RoomPlan:
    return RoomPlan(
        kind=RoomKind(str(stored["kind"])),
        subject=str(stored["subject"]),
        name=str(stored["name"]),
        topic=str(stored["topic"]),
        encrypted=bool(stored["encrypted"]),
        invitees=tuple(UserId(str(user)) for user in _list(stored["invitees"])),
        direct=bool(stored["direct"]),
    )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
