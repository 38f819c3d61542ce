"""What the engine is to do, the rooms that are locked, and the leaves that homeservers hold back."""

from datetime import datetime, timedelta

from sqlite_utils.db import Database

from bot.domain.conference import DelayedLeave, MediaRoom, NewOrder, Order, OrderKind, OrderState
from bot.domain.language import Language
from bot.storage.moments import from_seconds, to_seconds

_ORDER = "id, room, kind, asked, language, lane, identity, shown"
_Row = tuple[int, str, str, int, str, int | None, str, str]
_BATCH = 100


def _word(visitor: int) -> str:
    """No message's key has this form."""
    return f"word:{visitor}"


class SqlOrders:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._given = False

    def give(self, new: NewOrder, now: datetime) -> None:
        self._db.execute(
            """INSERT OR IGNORE INTO conference_order (key, room, kind, asked, language, lane, identity, shown, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'waiting')""",
            (new.key, new.room, new.kind, to_seconds(now), new.language, new.lane, new.identity, new.shown),
        )
        self._given = True

    def were_given(self) -> bool:
        """Since it was last asked for: whoever carries them out is then woken."""
        given, self._given = self._given, False
        return given

    def waiting(self) -> list[Order]:
        rows = self._db.execute(
            f"SELECT {_ORDER} FROM conference_order WHERE state = 'waiting' ORDER BY id LIMIT ?",  # noqa: S608 - our own columns
            (_BATCH,),
        )
        return [_order(row) for row in rows.fetchall()]

    def settle(self, id: int, state: OrderState) -> None:
        self._db.execute(
            "UPDATE conference_order SET state = ?, identity = '', shown = '' WHERE id = ? AND state = 'waiting'",
            (state, id),
        )

    def note_word(self, visitor: int, *, given: bool) -> None:
        """A row of its own, since a settled order forgets whom it was about."""
        kind = OrderKind.UNMUTE if given else OrderKind.MUTE
        self._db.execute(
            """INSERT INTO conference_order (key, room, kind, asked, language, lane, identity, shown, state)
            VALUES (?, '', ?, 0, ?, NULL, '', '', ?) ON CONFLICT (key) DO UPDATE SET kind = excluded.kind""",
            (_word(visitor), kind, Language.FI, OrderState.DONE),
        )

    def has_word(self, visitor: int) -> bool | None:
        row = self._db.execute("SELECT kind FROM conference_order WHERE key = ?", (_word(visitor),)).fetchone()
        return None if row is None else row[0] == OrderKind.UNMUTE

    def lock(self, room: MediaRoom, *, locked: bool) -> None:
        if locked:
            self._db.execute("INSERT OR IGNORE INTO conference_lock (room) VALUES (?)", (room,))
        else:
            self._db.execute("DELETE FROM conference_lock WHERE room = ?", (room,))

    def is_locked(self, room: MediaRoom) -> bool:
        return self._db.execute("SELECT 1 FROM conference_lock WHERE room = ?", (room,)).fetchone() is not None

    def locked_rooms(self) -> list[MediaRoom]:
        return [MediaRoom(room) for (room,) in self._db.execute("SELECT room FROM conference_lock ORDER BY room")]


class SqlDelayedLeaves:
    def __init__(self, db: Database) -> None:
        self._db = db

    def put(self, leave: DelayedLeave) -> DelayedLeave | None:
        older = self._all("room = ? AND identity = ?", leave.room, leave.identity)
        self._db.execute(
            """INSERT OR REPLACE INTO delayed_leave (room, identity, delay_id, delay_s, delegated_at)
            VALUES (?, ?, ?, ?, ?)""",
            (
                leave.room,
                leave.identity,
                leave.delay_id,
                leave.delay.total_seconds(),
                to_seconds(leave.delegated_at),
            ),
        )
        return next(iter(older), None)

    def take(self, room: MediaRoom, identity: str, delay_id: str) -> bool:
        cursor = self._db.execute(
            "DELETE FROM delayed_leave WHERE room = ? AND identity = ? AND delay_id = ?", (room, identity, delay_id)
        )
        return bool(cursor.rowcount)

    def all(self) -> list[DelayedLeave]:
        return self._all("1 ORDER BY delegated_at, identity")

    def _all(self, where: str, *values: object) -> list[DelayedLeave]:
        rows = self._db.execute(
            f"SELECT room, identity, delay_id, delay_s, delegated_at FROM delayed_leave WHERE {where}",  # noqa: S608 - our own words
            values,
        )
        return [
            DelayedLeave(MediaRoom(room), identity, delay_id, timedelta(seconds=delay_s), from_seconds(at))
            for room, identity, delay_id, delay_s, at in rows.fetchall()
        ]


def _order(row: _Row) -> Order:
    id, room, kind, asked, language, lane, identity, shown = row
    asked_at, spoken = from_seconds(asked), Language(language)
    return Order(id, MediaRoom(room), OrderKind(kind), asked_at, spoken, lane, identity, shown)
