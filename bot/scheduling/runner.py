"""The alarm clock: APScheduler wakes the service when the next reminder is due, and does nothing else.

SQLite is the truth. What is due is `due <= now`, asked anew at every waking and at start, so a lost alarm loses
no reminder.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger
from apscheduler.triggers.interval import IntervalTrigger

Wake = Callable[[], Awaitable[datetime | None]]
"""Does what is due and returns when to wake next."""

SAFETY = timedelta(seconds=60)
"""Wakes at least this often: another process may have planned something, or the machine's clock was set."""

_JOB = "due"


class Runner:
    """`offset` is how far the service's clock is ahead of the machine's; zero but in a demonstration."""

    def __init__(self, wake: Wake, offset: timedelta) -> None:
        self._wake = wake
        self._offset = offset
        self._scheduler = AsyncIOScheduler(timezone=UTC)

    def start(self) -> None:
        self._scheduler.add_job(
            self.ring, IntervalTrigger(seconds=int(SAFETY.total_seconds())), next_run_time=datetime.now(UTC)
        )
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def ring(self) -> None:
        due = await self._wake()
        if due is not None:
            self._scheduler.add_job(
                self.ring, DateTrigger(due - self._offset), id=_JOB, replace_existing=True, misfire_grace_time=None
            )
