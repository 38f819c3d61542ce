"""Delayed "I have left" events that people's clients handed over, so that a call shows nobody whose device died.

They are put off while somebody is connected to the engine and sent when he is not (MSC4140, MSC4195). Whatever fails
here, the homeserver sends the event by itself once its delay is over. Leaves keeping to a `LeaveStore` and the
knowledge of who is connected to the engine. Nothing is logged but counts.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.web.rtc_homeserver import Outcome

log = logging.getLogger(__name__)

CLAIM = timedelta(seconds=60)
"""How long one who handed a leave over may take to connect."""
ABSENCE = timedelta(seconds=20)
"""How long one may be missing without the engine saying that he left: a restarted engine is joined anew in 5 s."""
TICK = timedelta(seconds=5)
_OFTEN = 3
"""Restarts within one delay, so that a homeserver may be away for a while."""
_SELDOM = timedelta(minutes=10)
_RECONNECTS = frozenset({"replaced", "engine_stopped"})
"""Reasons of a leave after which the same participant comes back by himself."""


@dataclass(frozen=True, slots=True)
class Leave:
    """One delegated leave; `room` and `identity` are those of the media token."""

    room: str
    identity: str
    delay_id: str
    delay: timedelta
    delegated_at: datetime


class LeaveStore(Protocol):
    """Keeps leaves over restarts of the service, one for each participant of a room."""

    async def put(self, leave: Leave) -> Leave | None:
        """Keeps it in place of an older one of the same room and identity, which is returned."""

    async def take(self, leave: Leave) -> bool:
        """Forgets just this one, by its delay_id; False where it was replaced or taken meanwhile."""

    async def all(self) -> Sequence[Leave]:
        """All that are kept."""


class DelayedEvents(Protocol):
    """The homeserver, as far as it is needed here."""

    async def restart(self, delay_id: str) -> Outcome: ...
    async def send(self, delay_id: str) -> Outcome: ...
    async def cancel(self, delay_id: str) -> Outcome: ...


Presence = Callable[[str], Awaitable[Collection[str] | None]]
"""The identities that are connected to a media room; None while the engine can't say."""


class DelayedLeaves:
    """`presence` asks the engine. `run` has to run; `left` tells of leaves without waiting for its next turn."""

    def __init__(
        self, store: LeaveStore, events: DelayedEvents, presence: Presence, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._events = events
        self._presence = presence
        self._clock = clock
        self._restarted: dict[str, datetime] = {}
        self._seen: set[str] = set()
        self._missing_since: dict[str, datetime] = {}
        """All three by delay id, and only for leaves that are kept."""

    async def delegate(self, room: str, identity: str, delay_id: str, delay: timedelta) -> None:
        """Takes a leave over. An older one of the same participant would end his new membership: it is cancelled."""
        older = await self._store.put(Leave(room, identity, delay_id, delay, self._clock()))
        if older is not None and older.delay_id != delay_id:
            await self._events.cancel(older.delay_id)
            self._forget(older)

    async def left(self, room: str, identity: str, reason: str = "left") -> None:
        """The engine says that somebody left; `reason` is the evidence's."""
        if reason in _RECONNECTS:
            return
        for leave in await self._store.all():
            if (leave.room, leave.identity) == (room, identity):
                await self._send(leave)

    async def run(self) -> None:
        """Looks after all leaves until it is cancelled."""
        while True:
            try:
                await self.look_after()
            except Exception as fault:  # noqa: BLE001 - one bad turn must not leave people in calls for ever
                log.warning("delegated leaves: %s", type(fault).__name__)
            await asyncio.sleep(TICK.total_seconds())

    async def look_after(self) -> None:
        """One turn: restarts what is due, sends for those who are gone."""
        rooms = defaultdict(list)
        for leave in await self._store.all():
            rooms[leave.room].append(leave)
        for room, leaves in rooms.items():
            connected = await self._presence(room)
            if connected is None:
                continue
            for leave in leaves:
                await self._judge(leave, is_connected=leave.identity in connected)

    async def _judge(self, leave: Leave, *, is_connected: bool) -> None:
        now = self._clock()
        if is_connected:
            self._seen.add(leave.delay_id)
            self._missing_since.pop(leave.delay_id, None)
        elif leave.delay_id in self._seen or now - leave.delegated_at >= CLAIM:
            missing_since = self._missing_since.setdefault(leave.delay_id, now)
            if now - missing_since >= ABSENCE:
                await self._send(leave)
                return
        if now >= self._restarted.get(leave.delay_id, datetime.min.replace(tzinfo=now.tzinfo)) + _pause(leave):
            await self._restart(leave, now)

    async def _restart(self, leave: Leave, now: datetime) -> None:
        match await self._events.restart(leave.delay_id):
            case Outcome.DONE:
                self._restarted[leave.delay_id] = now
            case Outcome.UNKNOWN:
                await self._drop(leave)
            case Outcome.FAILED:
                pass  # tried again at the next turn

    async def _send(self, leave: Leave) -> None:
        """Kept until the homeserver has it: a service that dies in between sends it after its restart."""
        if await self._events.send(leave.delay_id) is not Outcome.FAILED:
            await self._drop(leave)

    async def _drop(self, leave: Leave) -> None:
        await self._store.take(leave)
        self._forget(leave)

    def _forget(self, leave: Leave) -> None:
        self._restarted.pop(leave.delay_id, None)
        self._seen.discard(leave.delay_id)
        self._missing_since.pop(leave.delay_id, None)


def _pause(leave: Leave) -> timedelta:
    return min(leave.delay / _OFTEN, _SELDOM)
