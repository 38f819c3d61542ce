"""Keeps sibling processes alive and ends them together.

They start one after another and stop in reverse. One that dies is started again after a pause that grows; one
that keeps dying ends everything, because a loop that nobody sees helps nobody. How the kernel ends them with a
killed parent stands in `bot.supervision.child`.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from bot.supervision.errors import ChildFailedError
from bot.supervision.process import Child, Process


@dataclass(frozen=True, slots=True)
class RestartPolicy:
    """After `deaths` within `window` seconds no further start is tried; pauses double from first to longest."""

    deaths: int = 5
    window: float = 60.0
    first_pause: float = 0.5
    longest_pause: float = 8.0

    def pause(self, deaths: int) -> float:
        """Seconds to wait before the start after the given number of recent deaths, from 1."""
        return min(self.first_pause * 2.0 ** (deaths - 1), self.longest_pause)


class Supervisor:
    """An async context manager: leaving it, for whatever reason, stops every child in reverse order.

    `tell` gets sentences about deaths and restarts. To be used from the main thread: the kernel ties the
    children's lives to the thread that started them.
    """

    def __init__(self, tell: Callable[[str], None], policy: RestartPolicy | None = None) -> None:
        self._tell = tell
        self._policy = policy or RestartPolicy()
        self._processes: list[Process] = []
        self._stopping = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self, child: Child) -> float:
        """Starts a child and waits until it is ready; the seconds that took. Raises `ChildFailedError`."""
        process = Process(child)
        self._processes.append(process)
        return await process.start()

    async def watch(self) -> None:
        """Restarts what dies, until cancelled. Raises `ChildFailedError` when a child dies too often."""
        try:
            async with asyncio.TaskGroup() as group:
                for process in self._processes:
                    group.create_task(self._keep(process))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    @property
    def is_stopping(self) -> bool:
        """Whether the orderly stop has begun."""
        return self._stopping

    async def stop(self) -> None:
        """Each in turn, with its deadline. Where this is cut short, those that are left end at once."""
        self._stopping = True
        try:
            for process in reversed(self._processes):
                await process.stop()
        except BaseException:
            self.kill()
            raise

    def kill(self) -> None:
        """Ends every child at once, for the impatient second Ctrl-C."""
        for process in reversed(self._processes):
            process.kill()

    def pids(self) -> dict[str, int]:
        """The living children's process ids by name."""
        return {process.child.name: process.pid for process in self._processes if process.pid is not None}

    async def _keep(self, process: Process) -> None:
        deaths: deque[float] = deque()
        while True:
            code = await process.wait()
            process.kill()
            await self._again(process, deaths, f"ended ({_how(code)})")

    async def _again(self, process: Process, deaths: deque[float], how: str) -> None:
        """Starts a dead child anew, as often as the policy allows."""
        while True:
            pause = self._pause(process.child.title, deaths, how)
            self._tell(f"{process.child.title} {how}; starting it again in {pause:g} s.")
            await asyncio.sleep(pause)
            try:
                seconds = await process.start()
            except ChildFailedError as error:
                how = f"did not start: {error}"
                continue
            self._tell(f"{process.child.title} is ready again after {seconds:.1f} s.")
            return

    def _pause(self, name: str, deaths: deque[float], how: str) -> float:
        now = time.monotonic()
        deaths.append(now)
        while deaths[0] < now - self._policy.window:
            deaths.popleft()
        if len(deaths) >= self._policy.deaths:
            raise ChildFailedError(
                f"{name} ended {len(deaths)} times within {self._policy.window:.0f} s, so everything is stopped. "
                f"The last time it {how}"
            )
        return self._policy.pause(len(deaths))


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
