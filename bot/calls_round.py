"""Between the service and the engine of the calls: evidence is stored once, orders are carried out.

A piece of evidence is the engine's until it is stored here, so a kill at any moment neither loses one nor stores it
twice. An order is a row until it was carried out or its failure was said; one that is begun again after a kill has
the same effect, and one that is late is not begun at all. No identity is ever logged.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from bot.actions import conference_evidence
from bot.calls.conference.values import PolicyChange
from bot.calls.evidence import Evidence as Witnessed
from bot.calls.orders import Orders, Trouble
from bot.domain.conference import OWN_JOURNAL, Evidence, MediaRoom, Order, OrderKind
from bot.storage.database import Database

log = logging.getLogger(__name__)

WAIT_S = 20.0
"""How long the engine is asked to wait for something to tell."""
MOST = 500
"""Pieces of evidence that are stored in one transaction."""
LOOK_S = 5.0
"""The storage is asked at least this often: the door and timed work give orders too."""
PAUSE_S = 0.5
LONGEST_PAUSE_S = 10.0
"""Between two tries of an engine that does not answer; the pause doubles with each."""


class EngineSilentError(Exception):
    """The engine did not answer as it should; it keeps what it has to tell."""


class CallsRound:
    """`run` never ends by itself; `wake` tells that an order was given.

    It wakes the outbox by `queued`, and tells `heard` of evidence once that is stored. `journal` names the engine's
    journal, whose numbers are its own.
    """

    def __init__(
        self,
        store: Database,
        engine: Orders,
        clock: Callable[[], datetime],
        *,
        queued: Callable[[], None],
        heard: Callable[[Sequence[Witnessed]], Awaitable[None]] | None = None,
        journal: str = OWN_JOURNAL,
    ) -> None:
        self.wake = asyncio.Event()
        self._store = store
        self._engine = engine
        self._clock = clock
        self._queued = queued
        self._heard = heard
        self._journal = journal
        self._policy_told = False

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._witnessing())
            tasks.create_task(self._ordering())

    async def _witnessing(self) -> None:
        pause = PAUSE_S
        while True:
            try:
                await self.take(WAIT_S)
                pause = PAUSE_S
            except Exception as fault:  # noqa: BLE001 - whatever ails the engine, it keeps its evidence until it is asked again
                log.warning("the calls' engine told nothing: %s", type(fault).__name__)
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE_S, 2 * pause)

    async def take(self, wait_s: float = 0.0) -> int:
        """Stores what the engine has to tell; how many pieces it were. Raises `EngineSilentError`."""
        await self._tell_policy()
        through = await self._store.transact(lambda tx: tx.presences.through(self._journal))
        found = await self._engine.evidence(through, MOST, wait_s)
        if isinstance(found, Trouble):
            self._policy_told = False
            raise EngineSilentError
        if not found:
            return 0
        witnessed = [_evidence(one) for one in found]
        taken = await self._store.transact(
            lambda tx: conference_evidence.take(tx, witnessed, self._clock(), self._journal)
        )
        if self._heard is not None:
            await self._heard(found)
        for fault in taken.faults:
            log.error("a piece of evidence could not be stored: %s", type(fault).__name__)
        await self._engine.settled(taken.through)
        if taken.restarted:
            self._policy_told = False
        self._queued()
        return len(found)

    async def _tell_policy(self) -> None:
        """Which rooms are locked, after the engine has started anew or could not be reached."""
        if self._policy_told:
            return
        for room in await self._store.transact(lambda tx: tx.orders.locked_rooms()):
            if await self._engine.policy(room, PolicyChange(locked=True)) is Trouble.UNREACHABLE:
                raise EngineSilentError
        self._policy_told = True

    async def _ordering(self) -> None:
        while True:
            self.wake.clear()
            while await self.once():
                pass
            await self._pause()

    async def _pause(self) -> None:
        try:
            async with asyncio.timeout(LOOK_S):
                await self.wake.wait()
        except TimeoutError:
            pass

    async def once(self) -> bool:
        """Tries the oldest order, after those that came too late; false where there is none."""
        waiting = await self._store.transact(lambda tx: tx.orders.waiting())
        if not waiting:
            return False
        now = self._clock()
        order = next((one for one in waiting if one.is_late(now)), waiting[0])
        done = await self._carry_out(order)
        if done is None:
            await asyncio.sleep(PAUSE_S)
            return True
        await self._store.transact(lambda tx: conference_evidence.settle(tx, order, done=done, now=self._clock()))
        if not done:
            self._queued()
        return True

    async def _carry_out(self, order: Order) -> bool | None:
        """Whether it was done; none where the engine can't be reached just now."""
        if order.is_late(self._clock()):
            log.warning("an order to the calls' engine came too late: %s", order.kind)
            return False
        try:
            trouble = await self._do(order)
        except Exception as fault:  # noqa: BLE001 - whatever it fails with, the official is told
            log.error("an order to the calls' engine failed: %s, %s", order.kind, type(fault).__name__)  # noqa: TRY400 - a traceback may hold names
            return False
        if trouble is Trouble.UNREACHABLE:
            return None
        return trouble is None or (trouble, order.kind) in _GOOD_ENOUGH

    async def _do(self, order: Order) -> Trouble | None:
        room, identity = order.room, order.identity
        match order.kind:
            case OrderKind.MUTE | OrderKind.UNMUTE:
                return await self._engine.mute(room, identity, muted=order.kind is OrderKind.MUTE)
            case OrderKind.REMOVE:
                return await self._engine.remove(room, identity)
            case OrderKind.LOCK | OrderKind.UNLOCK:
                return await self._engine.policy(room, PolicyChange(locked=order.kind is OrderKind.LOCK))
            case OrderKind.CLOSE:
                return await self._engine.close(room)


_GOOD_ENOUGH = frozenset(
    {
        (Trouble.UNSUPPORTED, OrderKind.LOCK),
        (Trouble.UNSUPPORTED, OrderKind.UNLOCK),
        (Trouble.UNKNOWN_ROOM, OrderKind.CLOSE),
        (Trouble.UNKNOWN_ROOM, OrderKind.UNLOCK),
    }
)
"""Where the engine has no locks, no token is issued for a locked room; what isn't there is closed and unlocked."""


def _evidence(one: Witnessed) -> Evidence:
    return Evidence(one.number, one.at, MediaRoom(one.room), one.identity, one.sid, str(one.kind), one.facts)
