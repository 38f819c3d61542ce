"""Sends what is queued: lanes side by side, each in its own order, paced, retried, and never twice.

Exactly once: a message carries a transaction id made of its key, which the homeserver answers with the first
event's id when it comes again from the same device. It forgets them after about a day; an item that began
longer ago, or from another device, is looked for in the room before it is sent again. Making a room has no
transaction id: the alias that was stored before the call tells whether it was made.
"""

import asyncio
import hashlib
import logging
import random
from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import nio

from bot.actions.deliveries import ItemId, Lane
from bot.actions.rooms import RoomPlan
from bot.domain.ids import EventId, RoomId, UserId
from bot.matrix.guest_accounts import GuestAccounts
from bot.matrix.http import UNREACHABLE, V3, MatrixError, call, segment
from bot.matrix.media import file_content
from bot.matrix.ports import Post, Queued, Store
from bot.matrix.power import closed, creation
from bot.matrix.rooms import Rooms

log = logging.getLogger(__name__)

LANES = 8
"""Deliveries under way at once."""
FORGOTTEN = timedelta(hours=23)
"""After this a homeserver may have forgotten a transaction id (Synapse keeps them for a day)."""
MARK = "fi.eahtari.item"
"""Names the item inside its event's content, so that it can be found again."""
LOOKED_BACK = 200
HALF_MADE = 5
"""Aliases that are tried for one room; each kill of the homeserver in the middle of making it spends one."""
_IDLE = 2.0
_LONGEST_PAUSE = 60.0
_OUTAGE_PAUSE = 3.0
"""While the homeserver is away, people wait for it to come back: soon after it does, their answers are there."""
_FINAL = frozenset({"M_FORBIDDEN", "M_NOT_FOUND", "M_BAD_JSON", "M_INVALID_PARAM", "M_TOO_LARGE", "M_UNRECOGNIZED"})


class Pump:
    """`run` never ends by itself; `wake` tells that something was queued, `delivered` that nothing is left of it.

    `guests` are the accounts that stand for guests by link; none: they are not shown in the rooms' calls.
    """

    def __init__(
        self,
        client: nio.AsyncClient,
        store: Store,
        clock: Callable[[], datetime],
        *,
        wake: asyncio.Event,
        delivered: asyncio.Event,
        guests: GuestAccounts | None = None,
    ) -> None:
        self._client = client
        self._guests = guests
        self._store = store
        self._clock = clock
        self._wake = wake
        self._delivered = delivered
        self._rooms = Rooms(client)
        self._busy: dict[Lane, asyncio.Task[None]] = {}

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            while True:
                self._wake.clear()
                room = LANES - len(self._busy)
                items = await self._claim(room) if room else []
                for item in items:
                    task = tasks.create_task(self._deliver(item))
                    self._busy[item.lane] = task
                if not items:
                    if not self._busy:
                        self._delivered.set()
                    await self._pause()

    async def _claim(self, most: int) -> list[Queued]:
        busy, now, device = list(self._busy), self._clock(), self._client.device_id
        return list(await self._store.transact(lambda tx: tx.outbox.claim(now, device, busy, most)))

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(_IDLE):
                await self._wake.wait()
        except TimeoutError:
            pass

    async def _deliver(self, item: Queued) -> None:
        try:
            event = await self._send(item)
            if len(self._busy) == 1:
                self._delivered.set()
        except MatrixError as error:
            await self._settle_failure(item, error)
        except Exception as error:  # noqa: BLE001 - one lane's fault must not stop the others; kind only, no content
            log.error("delivery %d failed: %s", item.item, type(error).__name__)  # noqa: TRY400 - a traceback may hold content
            await self._settle_failure(item, MatrixError(0, UNREACHABLE))
        else:
            await self._store.transact(lambda tx: tx.outbox.sent(item.item, event))
        finally:
            self._busy.pop(item.lane, None)
            self._wake.set()

    async def _settle_failure(self, item: Queued, error: MatrixError) -> None:
        if error.errcode in _FINAL and item.kind != "open":
            log.warning("delivery %d (%s) refused for good: %s", item.item, item.kind, error.errcode)
            await self._store.transact(lambda tx: tx.outbox.failed(item.item))
            return
        longest = _OUTAGE_PAUSE if error.errcode == UNREACHABLE else _LONGEST_PAUSE
        pause = min(longest, 2 ** min(item.attempts, 6)) * random.uniform(0.5, 1)  # noqa: S311 - jitter
        if error.retry_after_ms:
            pause = max(pause, error.retry_after_ms / 1000 + 1)  # moments are kept in whole seconds
        until = self._clock() + timedelta(seconds=pause)
        log.warning("delivery %d (%s) put off: %s", item.item, item.kind, error.errcode)
        await self._store.transact(lambda tx: tx.outbox.postpone(item.item, until))

    async def _send(self, item: Queued) -> EventId | None:
        match item.kind:
            case "open":
                await self._open(item)
            case "invite":
                await self._invite(item)
            case "remove":
                await self._remove(item)
            case "rename":
                path = f"{V3}/rooms/{segment(_room_of(item))}/state/m.room.name/"
                await call(self._client, "PUT", path, {"name": item.payload["name"]})
            case "join":
                await self._join(RoomId(str(item.payload["room_id"])))
            case "leave":
                await self._leave(RoomId(str(item.payload["room_id"])))
            case "close":
                await self._close(_room_of(item))
            case "show_guest" | "hide_guest":
                await self._show_or_hide(item)
            case _:
                return await self._send_event(item)
        return None

    async def _open(self, item: Queued) -> None:
        planned = await self._store.transact(lambda tx: tx.rooms.plan(item.lane))
        if planned is None:
            raise MatrixError(0, "M_NOT_FOUND")
        alias, plan = planned
        for number in range(1, HALF_MADE + 1):
            room_id = await self._make(plan, alias if number == 1 else f"{alias}-{number}")
            if room_id is not None:
                await self._store.transact(partial(_opened, lane=item.lane, room_id=room_id))
                return
        raise MatrixError(0, UNREACHABLE)

    async def _make(self, plan: RoomPlan, alias: str) -> RoomId | None:
        """A new room, or the whole one that an earlier try made; none where that try left half a room behind.

        Making a room is several steps for the homeserver, and a room that it did not finish may keep its alias.
        The topic is the last step, so a room without one, or without us, is never used.
        """
        try:
            made = await call(self._client, "POST", f"{V3}/createRoom", creation(plan, alias))
            return RoomId(str(made["room_id"]))
        except MatrixError as error:
            if error.errcode != "M_ROOM_IN_USE" and error.status != 409:  # noqa: PLR2004 - a parallel call made it
                raise
        server = self._client.user_id.partition(":")[2]
        found = await call(self._client, "GET", f"{V3}/directory/room/{segment(f'#{alias}:{server}')}")
        room_id = RoomId(str(found["room_id"]))
        try:
            await call(self._client, "GET", f"{V3}/rooms/{segment(room_id)}/state/m.room.topic")
        except MatrixError as error:
            if error.errcode in _FINAL:
                return None
            raise
        return room_id

    async def _invite(self, item: Queued) -> None:
        """An invitation of somebody who is there already is refused as forbidden, and that is fine."""
        room_id = _room_of(item)
        await call(self._client, "POST", f"{V3}/rooms/{segment(room_id)}/invite", {"user_id": item.payload["user"]})
        self._rooms.forget(room_id)

    async def _remove(self, item: Queued) -> None:
        """Somebody who is not there any more can't be removed: refused as forbidden, and that is fine."""
        room_id = _room_of(item)
        await call(self._client, "POST", f"{V3}/rooms/{segment(room_id)}/kick", {"user_id": item.payload["user"]})
        self._rooms.forget(room_id)

    async def _join(self, room_id: RoomId) -> None:
        await call(self._client, "POST", f"{V3}/rooms/{segment(room_id)}/join", {})

    async def _leave(self, room_id: RoomId) -> None:
        await call(self._client, "POST", f"{V3}/rooms/{segment(room_id)}/leave", {})
        await call(self._client, "POST", f"{V3}/rooms/{segment(room_id)}/forget", {})
        self._rooms.forget(room_id)

    async def _close(self, room_id: RoomId) -> None:
        """Idempotent: the state that is there already is written as it is."""
        path = f"{V3}/rooms/{segment(room_id)}/state/m.room.power_levels/"
        await call(self._client, "PUT", path, closed(await call(self._client, "GET", path)))

    async def _show_or_hide(self, item: Queued) -> None:
        """Where nothing stands for guests they are seen on the join page only."""
        if self._guests is None:
            return
        room_id, user, device = _room_of(item), UserId(str(item.payload["user"])), str(item.payload["device"])
        if item.kind == "show_guest":
            await self._guests.show(self._client, room_id, user, device, str(item.payload["name"]))
        else:
            await self._guests.hide(room_id, user, device)

    async def _send_event(self, item: Queued) -> EventId:
        room_id = _room_of(item)
        await self._rooms.know(room_id)
        if self._may_have_arrived(item) and (found := await self._find(room_id, item)) is not None:
            return found
        kind, content = await self._content(item, room_id)
        answer = await self._client.room_send(
            room_id, kind, content, tx_id=transaction_id(item.key), ignore_unverified_devices=True
        )
        if not isinstance(answer, nio.RoomSendResponse):
            raise MatrixError(0, str(answer.status_code or UNREACHABLE), answer.retry_after_ms)
        return EventId(answer.event_id)

    def _may_have_arrived(self, item: Queued) -> bool:
        if item.begun is None:
            return False
        return item.device != self._client.device_id or self._clock() - item.begun > FORGOTTEN

    async def _find(self, room_id: RoomId, item: Queued) -> EventId | None:
        """Our own event of this item among the room's newest, decrypted where need be."""
        path = f"{V3}/rooms/{segment(room_id)}/messages?dir=b&limit={LOOKED_BACK}"
        page = await call(self._client, "GET", path)
        mark = transaction_id(item.key)
        for raw in page.get("chunk", []):
            if raw.get("sender") == self._client.user_id and self._plain(raw, room_id).get(MARK) == mark:
                return EventId(str(raw["event_id"]))
        return None

    def _plain(self, raw: dict[str, Any], room_id: RoomId) -> Mapping[str, Any]:
        content: Mapping[str, Any] = raw.get("content", {})
        event = nio.Event.parse_event(deepcopy(raw))
        if not isinstance(event, nio.MegolmEvent):
            return content
        try:
            opened: Mapping[str, Any] = self._client.olm.decrypt_megolm_event(event, room_id).source["content"]
        except nio.EncryptionError:
            return content
        return opened

    async def _content(self, item: Queued, room_id: RoomId) -> tuple[str, dict[str, Any]]:
        mark = {MARK: transaction_id(item.key)}
        match item.kind:
            case "say":
                return "m.room.message", {**_message(item.payload), "m.mentions": _mentions(item.payload), **mark}
            case "amend":
                original = await self._original(item)
                words = _message(item.payload)
                relation = {"rel_type": "m.replace", "event_id": original}
                return "m.room.message", {**words, "m.new_content": words, "m.relates_to": relation, **mark}
            case "attach":
                encrypted = bool(self._client.rooms[room_id].encrypted)
                return "m.room.message", {**await file_content(self._client, item.payload, encrypted=encrypted), **mark}
            case _:
                original = await self._original(item)
                relation = {"rel_type": "m.annotation", "event_id": original, "key": str(item.payload["key"])}
                return "m.reaction", {"m.relates_to": relation, **mark}

    async def _original(self, item: Queued) -> str:
        """The event that is amended or reacted to; its lane came before, so it was sent or refused."""
        if item.payload.get("event"):
            return str(item.payload["event"])
        to = ItemId(int(str(item.payload["item"])))
        event = await self._store.transact(lambda tx: tx.outbox.event_of(to))
        if event is None:
            raise MatrixError(0, "M_NOT_FOUND")
        return event


def _opened(tx: Post, *, lane: Lane, room_id: RoomId) -> None:
    tx.rooms.opened(lane, room_id)


def _room_of(item: Queued) -> RoomId:
    if item.room_id is None:
        raise MatrixError(0, "M_NOT_FOUND")
    return item.room_id


def transaction_id(key: str) -> str:
    """A transaction id of a key: the same key, the same id, in every life of the process."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def _message(payload: Mapping[str, object]) -> dict[str, Any]:
    return {
        "msgtype": "m.text",
        "body": payload["body"],
        "format": "org.matrix.custom.html",
        "formatted_body": payload["html"],
    }


def _mentions(payload: Mapping[str, object]) -> dict[str, Any]:
    users = payload.get("mention")
    return {"user_ids": users} if users else {}
