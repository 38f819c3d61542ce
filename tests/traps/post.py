"""The service's own parts for one test: a session, a file, the sync loop and the outbox, without the commands."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import nio

from bot.actions.deliveries import Delivery, Invite, Lane, Open, Say
from bot.actions.rooms import RoomKind, RoomPlan
from bot.domain.ids import RoomId, UserId
from bot.matrix.outbox import Pump
from bot.matrix.sync import Sync
from bot.storage.database import Database
from bot.text.reply import say

Clock = Callable[[], datetime]

POSITION = "sync position"


def real_clock() -> datetime:
    return datetime.now(UTC)


@dataclass
class PostRoom:
    """`arrived` is what would wake the worker, `queued` wakes the outbox."""

    client: nio.AsyncClient
    store: Database
    clock: Clock
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    queued: asyncio.Event = field(default_factory=asyncio.Event)
    delivered: asyncio.Event = field(default_factory=asyncio.Event)

    def sync(self) -> Sync:
        self.delivered.set()
        return Sync(self.client, self.store, self.clock, arrived=self.arrived, delivered=self.delivered)

    def pump(self) -> Pump:
        return Pump(self.client, self.store, self.clock, wake=self.queued, delivered=self.delivered)

    def room(self, room_id: str) -> Lane:
        """A room that is there, with its lane."""
        kind, now = RoomKind.DIRECT, self.clock()
        room = self.store.transact_now(lambda tx: tx.rooms.adopt(kind, f"of {room_id}", RoomId(room_id), now))
        return room.lane

    def plan(self, plan: RoomPlan) -> tuple[str, Lane]:
        """A room that is wanted and not made yet: its alias and lane."""
        now, plan = self.clock(), replace(plan, subject=secrets.token_hex(4))
        room, _ = self.store.transact_now(lambda tx: tx.rooms.want(plan, now))
        found = self.store.transact_now(lambda tx: tx.rooms.plan(room.lane))
        assert found is not None
        return found[0], room.lane

    def room_of(self, lane: Lane) -> RoomId | None:
        room = self.store.transact_now(lambda tx: tx.rooms.by_lane(lane))
        return None if room is None else room.room_id

    def open(self, lane: Lane) -> None:
        self._put(lane, Open(), f"open:{lane}")

    def invite(self, lane: Lane, user: str) -> None:
        self._put(lane, Invite(UserId(user)), f"invite:{lane}:{user}")

    def _put(self, lane: Lane, delivery: Delivery, key: str) -> None:
        now = self.clock()
        self.store.transact_now(lambda tx: tx.outbox.put(lane, delivery, key=key, now=now))
        self.queued.set()

    def say(self, lane: Lane, words: str, key: str | None = None) -> None:
        self._put(lane, Say(say(words)), key or words)

    def set_position(self, position: str) -> None:
        self.store.transact_now(lambda tx: tx.facts.set(POSITION, position))

    def position(self) -> str | None:
        return self.store.transact_now(lambda tx: tx.facts.get(POSITION))

    def waiting(self) -> int:
        return self.store.transact_now(lambda tx: tx.outbox.waiting())

    def locked(self) -> list[str]:
        """Events that wait for their keys."""
        return [event for event, _, _, _ in self.store.transact_now(lambda tx: tx.inbox.locked())]

    def taken_in(self) -> list[tuple[str, str, str | None]]:
        """Event id, kind and content of what came in, in the order of coming."""
        query = "SELECT event_id, kind, content FROM inbox ORDER BY received, rowid"
        return self.store.transact_now(lambda tx: list(tx.inbox._db.execute(query)))


@asynccontextmanager
async def running(work: Coroutine[Any, Any, None]) -> AsyncIterator["asyncio.Task[None]"]:
    """Something that never ends by itself; its own fault is raised at the end."""
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
