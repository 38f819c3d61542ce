"""Takes what came in out of the inbox, one event after the other, and has it answered in one transaction.

A fault in answering is rolled back, logged with a short reference, and told to the person with that reference;
the event stays in the inbox as failed, with its content.
"""

import asyncio
import logging
import secrets
import traceback
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.commands.incoming import Incoming
from bot.commands.reception import apologise, receive
from bot.domain.allowance import Limits
from bot.storage.database import Database
from bot.storage.inbox import Outcome
from bot.storage.transaction import SqlTransaction

log = logging.getLogger(__name__)


class Worker:
    """`run` never ends by itself; `arrived` wakes it, and it wakes the outbox by `queued`."""

    def __init__(
        self,
        store: Database,
        clock: Callable[[], datetime],
        limits: Limits,
        *,
        arrived: asyncio.Event,
        queued: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits
        self._arrived = arrived
        self._queued = queued
        self._current: Incoming | None = None
        self._planned = False

    async def run(self, after: Callable[[], Awaitable[None]]) -> None:
        """`after` is awaited when the inbox is empty again and what was answered has planned something."""
        while True:
            self._arrived.clear()
            while await self._one():
                self._queued()
                await asyncio.sleep(0)  # the outbox takes the answer up before the next message is looked for
            if self._planned:
                self._planned = False
                await after()
            await self._arrived.wait()

    async def _one(self) -> bool:
        try:
            return await self._store.transact(self._answer)
        except Exception as fault:  # noqa: BLE001 - any fault of one message is told to its sender and the next goes on
            await self._excuse(fault)
            return True

    def _answer(self, tx: SqlTransaction) -> bool:
        self._current = tx.inbox.next()
        if self._current is None:
            return False
        answered = receive(tx, self._current, self._limits, self._clock())
        tx.inbox.settle(self._current.event_id, Outcome.DONE if answered else Outcome.LIMITED)
        self._planned = any(
            (
                tx.jobs.were_planned(),
                tx.inquiries.were_added(),
                tx.teaching.were_added(),
                tx.orders.were_given(),
                self._planned,
            )
        )
        return True

    async def _excuse(self, fault: Exception) -> None:
        incoming = self._current
        reference = secrets.token_hex(3).upper()
        log.error("fault %s: %s at %s", reference, type(fault).__name__, place_of(fault))
        if incoming is None:
            await asyncio.sleep(1)
            return

        def settle(tx: SqlTransaction) -> None:
            tx.inbox.settle(incoming.event_id, Outcome.FAILED, reference)
            apologise(tx, incoming, reference, self._clock())

        await self._store.transact(settle)


def place_of(fault: BaseException) -> str:
    """File and line of a fault's frames, innermost last. Never its message, which may hold what a person wrote."""
    frames = traceback.extract_tb(fault.__traceback__)[-4:]
    return " > ".join(f"{frame.filename.rpartition('/bot/')[2]}:{frame.lineno}" for frame in frames)
