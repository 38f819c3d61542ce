"""What is to be sent, durably. An item is queued once for its key and sent in the order of its lane.

`claim` writes down that sending began, and from which device, before anything goes out: an item that began long
ago, or from another device, may have arrived although nobody acknowledged it.
"""

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlite_utils.db import Database

from bot.actions.deliveries import (
    KEYCAPS,
    Amend,
    Attach,
    Close,
    Delivery,
    HideGuest,
    Invite,
    ItemId,
    Join,
    Lane,
    Leave,
    Open,
    React,
    Remove,
    Rename,
    Say,
    ShowGuest,
)
from bot.domain.ids import EventId, RoomId
from bot.storage.moments import from_seconds, to_seconds
from bot.text.render import html, plain

_Row = tuple[int, int, str | None, str, str, str, int, int | None, str | None]


@dataclass(frozen=True, slots=True)
class Queued:
    """An item to be sent: `begun` and `device` tell of an earlier try that was not acknowledged."""

    item: ItemId
    lane: Lane
    room_id: RoomId | None
    kind: str
    payload: dict[str, object]
    key: str
    attempts: int
    begun: datetime | None
    device: str | None


class SqlOutbox:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, lane: Lane, delivery: Delivery, *, key: str, now: datetime, urgent: bool = True) -> ItemId:
        kind, payload = _write(delivery)
        moment = to_seconds(now)
        cursor = self._db.execute(
            """INSERT INTO outbox (lane, kind, payload, key, urgent, created, not_before) VALUES (?, ?, ?, ?, ?, ?, 0)
            ON CONFLICT (key) DO NOTHING""",
            (lane, kind, json.dumps(payload, ensure_ascii=False), key, int(urgent), moment),
        )
        if not cursor.rowcount:
            return self._item_of(key)
        item = ItemId(cursor.lastrowid or 0)
        if isinstance(delivery, Say):
            for keycap in KEYCAPS[: delivery.choices]:
                self.put(lane, React(keycap, to_item=item), key=f"{key}:{keycap}", now=now, urgent=False)
        return item

    def _item_of(self, key: str) -> ItemId:
        return ItemId(self._db.execute("SELECT item FROM outbox WHERE key = ?", (key,)).fetchone()[0])

    def claim(self, now: datetime, device: str, excluded: Sequence[Lane], most: int) -> list[Queued]:
        """The first waiting item of up to `most` lanes that are not in `excluded`, marked as begun."""
        busy = ",".join(str(int(lane)) for lane in excluded)
        rows = self._db.execute(
            f"""SELECT item, outbox.lane, room_id, outbox.kind, payload, key, attempts, begun, device
            FROM outbox JOIN room USING (lane)
            WHERE item IN (SELECT min(item) FROM outbox WHERE state = 'waiting' GROUP BY lane)
            AND not_before <= ? AND outbox.lane NOT IN ({busy}) ORDER BY urgent DESC, item LIMIT ?""",  # noqa: S608 - whole numbers only
            (to_seconds(now), most),
        ).fetchall()
        self._db.conn.executemany(
            "UPDATE outbox SET begun = coalesce(begun, ?), device = ? WHERE item = ?",
            [(to_seconds(now), device, row[0]) for row in rows],
        )
        return [_queued(row) for row in rows]

    def sent(self, item: ItemId, event: EventId | None) -> None:
        """Acknowledged: what it said is forgotten, its event id is kept for edits and taps."""
        self._db.execute("UPDATE outbox SET state = 'sent', payload = NULL, event_id = ? WHERE item = ?", (event, item))

    def failed(self, item: ItemId) -> None:
        """Refused for good by the homeserver; kept to be looked at."""
        self._db.execute("UPDATE outbox SET state = 'failed' WHERE item = ?", (item,))

    def postpone(self, item: ItemId, until: datetime) -> None:
        self._db.execute(
            "UPDATE outbox SET attempts = attempts + 1, not_before = ? WHERE item = ?", (to_seconds(until), item)
        )

    def next_try(self) -> datetime | None:
        """When the first item of some lane may be tried; those behind it wait for it."""
        (moment,) = self._db.execute(
            """SELECT min(not_before) FROM outbox
            WHERE item IN (SELECT min(item) FROM outbox WHERE state = 'waiting' GROUP BY lane)"""
        ).fetchone()
        return None if moment is None else from_seconds(moment)

    def event_of(self, item: ItemId) -> EventId | None:
        row = self._db.execute("SELECT event_id FROM outbox WHERE item = ?", (item,)).fetchone()
        return None if row is None or row[0] is None else EventId(row[0])

    def item_of(self, event: EventId) -> ItemId | None:
        row = self._db.execute("SELECT item FROM outbox WHERE event_id = ?", (event,)).fetchone()
        return None if row is None else ItemId(row[0])

    def waiting(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM outbox WHERE state = 'waiting'").fetchone()[0])


def _write(delivery: Delivery) -> tuple[str, dict[str, object]]:  # noqa: C901, PLR0911, PLR0912 - one case for each kind, checked whole
    match delivery:
        case Say(reply, mention, _):
            return "say", {"body": plain(reply), "html": html(reply), "mention": list(mention)}
        case Amend(item, reply):
            return "amend", {"item": item, "body": plain(reply), "html": html(reply)}
        case React(key, to_item, to_event):
            return "react", {"key": key, "item": to_item, "event": to_event}
        case Open():
            return "open", {}
        case Invite(user):
            return "invite", {"user": user}
        case Join(room_id):
            return "join", {"room_id": room_id}
        case Leave(room_id):
            return "leave", {"room_id": room_id}
        case Attach(name, media_type, data):
            return "attach", {"name": name, "media_type": media_type, "data": b64encode(data).decode()}
        case Remove(user):
            return "remove", {"user": user}
        case Rename(name):
            return "rename", {"name": name}
        case Close():
            return "close", {}
        case ShowGuest(user, device, name):
            return "show_guest", {"user": user, "device": device, "name": name}
        case HideGuest(user, device):
            return "hide_guest", {"user": user, "device": device}


def _queued(row: _Row) -> Queued:
    return Queued(
        item=ItemId(row[0]),
        lane=Lane(row[1]),
        room_id=None if row[2] is None else RoomId(row[2]),
        kind=row[3],
        payload=json.loads(row[4]),
        key=row[5],
        attempts=row[6],
        begun=None if row[7] is None else from_seconds(row[7]),
        device=row[8],
    )
