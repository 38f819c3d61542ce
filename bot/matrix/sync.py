"""The sync loop: what the homeserver has for us goes into the inbox, together with the position it was read at.

nio's own loop saves the position before its callbacks ran and ends with the first exception in one of them.
Here nothing runs inside the sync but parsing and decrypting; position and events are one transaction, so a kill
at any moment means that the same events come again, and the inbox takes each in once.
"""

import asyncio
import json
import logging
import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import nio

from bot.commands.incoming import Incoming, Invited, Locked, What
from bot.domain.ids import EventId, RoomId, UserId
from bot.matrix import events
from bot.matrix.http import NOT_JSON, V3, MatrixError, call, heard, segment
from bot.matrix.identity import tend_keys
from bot.matrix.news import news as news_of
from bot.matrix.news import parts
from bot.matrix.ports import Post, Store

log = logging.getLogger(__name__)

POLL = 30_000
"""Milliseconds that the homeserver may hold an idle sync."""
POLL_FOR_KEYS = 2_000
"""The same while a message waits for its key."""
DELIVERY_PATIENCE = 0.2
"""Seconds that the next question to the homeserver waits for the answers to what came with the last one.

A sync that is open while we send is woken by our own message, and the homeserver works on telling us of it
before it tells the person who waits.
"""
KEY_PATIENCE = timedelta(seconds=10)
"""How long a message waits for its key before its sender is told."""
GAP_PAGES = 50
GAP_PAGE = 100
_LONGEST_PAUSE = 5.0
_POSITION = "sync position"
_REFUSED = frozenset({403, 404})
"""A history that no retry opens: we are no longer in the room, or it is gone."""
_ENCRYPTED = "m.room.encrypted"
_FILTER = json.dumps(
    {
        "presence": {"types": []},
        "account_data": {"types": []},
        "room": {"timeline": {"limit": 50}, "ephemeral": {"types": []}, "account_data": {"types": []}},
    }
)


class Sync:
    """`run` never ends by itself; `ready` is set after the first answer was taken in.

    `arrived` is set for the worker; `delivered` is cleared here and set by the outbox once nothing is left to send.
    """

    def __init__(
        self,
        client: nio.AsyncClient,
        store: Store,
        clock: Callable[[], datetime],
        *,
        arrived: asyncio.Event,
        delivered: asyncio.Event,
    ) -> None:
        self._client = client
        self._store = store
        self._clock = clock
        self._arrived = arrived
        self._delivered = delivered
        self._own = UserId(client.user_id)
        self._waits_for_keys = True
        self.ready = asyncio.Event()

    async def run(self) -> None:
        position = await self._store.transact(lambda tx: tx.facts.get(_POSITION))
        failures = 0
        while True:
            try:
                position = await self.once(position, self._poll())
                failures = 0
            except MatrixError as error:
                if error.errcode == "M_UNKNOWN_TOKEN":
                    raise
                failures += 1
                log.warning("sync failed (%s), attempt %d", error.errcode, failures)
                await asyncio.sleep(_pause(failures, error))

    def _poll(self) -> int:
        """The first answer is wanted at once, and a late key's patience must not wait for an idle sync."""
        if not self.ready.is_set():
            return 0
        return POLL_FOR_KEYS if self._waits_for_keys else POLL

    async def once(self, position: str | None, poll: int) -> str:
        """One round: ask, decrypt, take in, tend the keys. Returns the next position."""
        raw = await call(self._client, "GET", _path(position, poll), timeout_s=poll / 1000 + 20)
        next_position = raw.get("next_batch")
        if not isinstance(next_position, str):
            raise MatrixError(200, NOT_JSON)
        await self._tell_nio(raw)
        found = await self._found(raw, position)
        await self._store.transact(lambda tx: self._take_in(tx, found, next_position))
        self._waits_for_keys = self._waits_for_keys or any(locked is not None for _, locked in found)
        if found:
            self._delivered.clear()
            self._arrived.set()
        self.ready.set()
        await self._tend(raw)
        if found:
            await self._until_delivered()
        return next_position

    async def _until_delivered(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(DELIVERY_PATIENCE):
                await self._delivered.wait()

    async def _tell_nio(self, raw: dict[str, Any]) -> None:
        """Nio reads the answer for its room state and sessions; its faults must not stop the service."""
        news = news_of(raw, self._client.rooms)
        if news is None:
            return
        for part in parts(news):
            await self._tell_part(part)

    async def _tell_part(self, part: dict[str, Any]) -> None:
        self._client.next_batch = ""  # nio passes over an answer whose position it has heard before
        try:
            response = nio.SyncResponse.from_dict(part)
            if isinstance(response, nio.SyncResponse):
                await self._client.receive_response(response)
            else:
                log.warning("a part of a sync answer does not have the form that nio expects")
        except Exception as error:  # noqa: BLE001 - hostile keys and state are read here; the kind is logged only
            log.error("nio could not read a sync answer: %s", type(error).__name__)  # noqa: TRY400 - no traceback

    async def _found(self, raw: dict[str, Any], position: str | None) -> list[tuple[Incoming, str | None]]:
        found: list[tuple[Incoming, str | None]] = []
        now = self._clock()
        for room_id, part in events.invitations(raw):
            invited = events.invitation(part, self._own)
            if invited is not None:
                event_id = EventId(f"invitation:{room_id}:{raw['next_batch']}")
                found.append((Incoming(event_id, room_id, invited[0], now, Invited(direct=invited[1])), None))
        for room_id, part in events.timeline(raw):
            for event in [*await self._gap(room_id, part, position), *events.of_timeline(part)]:
                item = self._read(self._opened(event, room_id), room_id, now)
                if item is not None:
                    found.append(item)
        return found

    def _read(self, event: Mapping[str, Any], room_id: RoomId, now: datetime) -> tuple[Incoming, str | None] | None:
        """One event's fault is its own: whatever goes wrong, the others are taken in."""
        try:
            incoming = events.incoming(event, room_id, self._own, now)
        except Exception as error:  # noqa: BLE001 - per-event fault isolation; the kind is logged, the content never
            log.warning("an event could not be read: %s", type(error).__name__)
            return None
        if incoming is None:
            return None
        return incoming, json.dumps(event) if isinstance(incoming.what, Locked) else None

    async def _gap(self, room_id: RoomId, part: Mapping[str, Any], position: str | None) -> list[Mapping[str, Any]]:
        """What a limited timeline left out since our position, oldest first."""
        timeline = part.get("timeline")
        if position is None or not isinstance(timeline, dict) or not timeline.get("limited"):
            return []
        missed: list[Mapping[str, Any]] = []
        start = timeline.get("prev_batch")
        for _ in range(GAP_PAGES):
            if not isinstance(start, str):
                break
            span = f"dir=b&limit={GAP_PAGE}&from={segment(start)}&to={segment(position)}"
            path = f"{V3}/rooms/{segment(room_id)}/messages?{span}"
            try:
                page = await call(self._client, "GET", path)
            except MatrixError as error:
                if error.status not in _REFUSED:
                    raise
                log.warning("a room's history is refused: %s", error.errcode)
                break
            missed += [event for event in events.listing(page.get("chunk")) if isinstance(event, dict)]
            start = page.get("end") if page.get("end") != start else None
        return missed[::-1]

    def _opened(self, event: Mapping[str, Any], room_id: RoomId, *, again: bool = False) -> Mapping[str, Any]:
        """The decrypted form of an event where it was encrypted, its key is known, and it is sound.

        `again` marks another try, whose fault was logged before.
        """
        if event.get("type") != _ENCRYPTED:
            return event
        try:
            parsed = nio.Event.parse_event(deepcopy(dict(event)))
            if not isinstance(parsed, nio.MegolmEvent):
                return event
            opened = dict(self._client.olm.decrypt_megolm_event(parsed, room_id).source)
            return {} if opened.get("type") == "m.room.member" else opened  # state is never encrypted: a forgery
        except nio.EncryptionError:
            return event
        except Exception as error:  # noqa: BLE001 - nio asserts on fields that the sender fills; the kind is logged only
            if not again:
                log.warning("an encrypted event could not be opened: %s", type(error).__name__)
            return event

    def _take_in(self, tx: Post, found: list[tuple[Incoming, str | None]], position: str) -> None:
        now = self._clock()
        for incoming, locked in found:
            tx.inbox.add(incoming, now, locked)
        tx.facts.set(_POSITION, position)

    async def _tend(self, raw: dict[str, Any]) -> None:
        """What came is in the inbox already: a fault here neither ends the loop nor takes its position back."""
        try:
            await self._after(raw)
        except MatrixError as error:
            if error.errcode == "M_UNKNOWN_TOKEN":
                raise
            log.warning("keys could not be tended after a sync: %s", error.errcode)
        if self._waits_for_keys:
            await self.unlock()

    async def _after(self, raw: dict[str, Any]) -> None:
        """Everything that nio's own loop would have done."""
        counts, unused = raw.get("device_one_time_keys_count"), raw.get("device_unused_fallback_key_types")
        await tend_keys(self._client, counts, unused)
        if self._client.should_query_keys:
            await heard(self._client.keys_query())
        if self._client.should_claim_keys:
            await heard(self._client.keys_claim(self._client.get_users_for_key_claiming()))
        await heard(self._client.send_to_device_messages())

    async def unlock(self) -> None:
        """Tries locked messages again; after some patience their senders are told."""
        waiting = await self._store.transact(lambda tx: tx.inbox.locked())
        self._waits_for_keys = bool(waiting)
        for event_id, room_id, stored, received in waiting:
            opened = self._opened(json.loads(stored), room_id, again=True)
            incoming = events.incoming(opened, room_id, self._own, self._clock())
            late = self._clock() - received > KEY_PATIENCE
            what = incoming.what if incoming is not None else Locked()
            if late or not isinstance(what, Locked):
                await self._store.transact(partial(_unlock, event_id=event_id, what=what))
                self._arrived.set()


def _pause(failures: int, error: MatrixError) -> float:
    """Seconds until the next try."""
    pause = min(_LONGEST_PAUSE, 0.25 * 2 ** min(failures, 6)) * random.uniform(0.5, 1)  # noqa: S311 - jitter
    return max(pause, (error.retry_after_ms or 0) / 1000)


def _unlock(tx: Post, *, event_id: EventId, what: What) -> None:
    tx.inbox.unlock(event_id, what)


def _path(position: str | None, poll: int) -> str:
    since = "" if position is None else f"&since={segment(position)}"
    return f"{V3}/sync?timeout={poll}&set_presence=offline&filter={segment(_FILTER)}{since}"
