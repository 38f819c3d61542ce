"""An event loop whose seconds are short, so that waits of a minute can be watched without taking one.

Every timer of the loop runs `SPEED` times as fast, those of aiohttp and asyncio among them; nothing is replaced,
so a test sees the waits that really happen, whatever they are made of.
"""

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")

SPEED = 10.0

_BEGIN = datetime(2027, 1, 11, 7, tzinfo=UTC)


class _HurriedSelector(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        return super().select(timeout / SPEED if timeout is not None else None)


class HurriedLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        super().__init__(_HurriedSelector())

    def time(self) -> float:
        return now()


def hurried(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Runs a coroutine function on a hurried loop of its own."""
    with asyncio.Runner(loop_factory=HurriedLoop) as runner:
        return runner.run(work())


def now() -> float:
    """The hurried loops' seconds."""
    return time.monotonic() * SPEED


def clock() -> datetime:
    """A clock that goes with the hurried loops, on any thread."""
    return _BEGIN + timedelta(seconds=now() % 1_000_000)


async def until(holds: Callable[[], bool], *, within: float = 300.0) -> None:
    """Polls until the condition holds; `within` is in the loop's seconds. Raises TimeoutError."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 -- what is looked at is written by a thread
            await asyncio.sleep(0.05)
