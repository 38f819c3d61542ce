"""Reads officials' own calendars when they are due: fetched under the rules for addresses that a person gave.

The slow half of `bot.actions.own_calendar`, outside of any transaction; parsing runs on a thread of its own. No
address and nothing of a calendar's contents is ever logged.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.actions import own_calendar
from bot.actions.own_calendar import Due
from bot.calendars.limits import Limits, Reading, Unreadable
from bot.calendars.reading import read_busy
from bot.domain.own_calendar import Trouble
from bot.storage.database import Database
from bot.web.fetching import Fetcher, FetchLimits, NotFetched

log = logging.getLogger(__name__)

AT_ONCE = 4
"""Calendars that are fetched side by side."""
SAFETY_S = 60.0
"""The storage is asked at least this often: another process may have planned something."""


class CalendarRound:
    """`run` never ends by itself; `wake` tells that something was planned, and it wakes the outbox by `queued`.

    `fetcher` is made when it is first needed: it loads the system's roots of trust.
    """

    def __init__(
        self,
        store: Database,
        fetcher: Callable[[], Fetcher],
        clock: Callable[[], datetime],
        *,
        queued: Callable[[], None],
    ) -> None:
        self.wake = asyncio.Event()
        self._store = store
        self._make = fetcher
        self._fetcher: Fetcher | None = None
        self._clock = clock
        self._queued = queued
        self._places = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        while True:
            self.wake.clear()
            await self.once()
            await self._pause()

    async def once(self) -> int:
        """Reads all that is due; how many calendars it were."""
        due = await self._store.transact(lambda tx: own_calendar.take(tx, self._clock()))
        async with asyncio.TaskGroup() as tasks:
            for one in due:
                tasks.create_task(self._read(one))
        if due:
            self._queued()
        return len(due)

    async def _pause(self) -> None:
        due = await self._store.transact(lambda tx: tx.jobs.next_fetch())
        left = SAFETY_S if due is None else max(0.0, (due - self._clock()).total_seconds())
        try:
            async with asyncio.timeout(min(left, SAFETY_S)):
                await self.wake.wait()
        except TimeoutError:
            pass

    async def _read(self, due: Due) -> None:
        async with self._places:
            try:
                found = await self._outcome(due)
            except Exception as fault:  # noqa: BLE001 - one calendar's fault must not stop the others
                log.error("a calendar could not be read: %s", type(fault).__name__)  # noqa: TRY400 - a traceback may hold its address
                found = Trouble.BROKEN
        await self._store.transact(lambda tx: own_calendar.keep(tx, due, found, self._clock()))

    async def _outcome(self, due: Due) -> Reading | Trouble:
        if self._fetcher is None:
            self._fetcher = await asyncio.to_thread(self._make)
        limits = Limits()
        raw = await self._fetcher.fetch(due.address, FetchLimits(size=limits.size))
        if isinstance(raw, NotFetched):
            return Trouble(raw.reason.value)
        read = partial(read_busy, raw, due.during, due.zone, limits, without_own=due.server_name)
        found = await asyncio.to_thread(read)
        return Trouble(found.value) if isinstance(found, Unreadable) else found
