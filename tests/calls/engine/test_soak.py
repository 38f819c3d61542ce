"""Joins and leaves at speed for an hour: memory stays flat, sockets are given back, and everybody gets media."""

import asyncio
import os
import time
from contextlib import AsyncExitStack

import psutil
import pytest

from bot.calls.client import EngineClient
from bot.calls.orders import Trouble
from tests.calls.engine.client import client
from tests.support.call_engine import RunningEngine

pytestmark = [pytest.mark.long, pytest.mark.timeout(4500)]

MINUTES = float(os.environ.get("EAHTARI_SOAK_MINUTES", "60"))
WARM_SHARE = 0.2
"""Of the time, before memory is first looked at: caches and arenas fill."""
GROWTH_MB = 15.0
AT_ONCE = 4


async def test_memory_stays_flat_over_joins_and_leaves(running: RunningEngine) -> None:
    process = psutil.Process(running.pid)
    begun, seen, meetings = time.monotonic(), [], 0
    while (passed := time.monotonic() - begun) < MINUTES * 60:
        await _meet(running, f"huone-{meetings % 7}", meetings)
        meetings += 1
        if passed > MINUTES * 60 * WARM_SHARE:
            seen.append(process.memory_info().rss / 1e6)
    third = max(1, len(seen) // 3)
    early, late = sorted(seen[:third])[third // 2], sorted(seen[-third:])[third // 2]
    print(f"{meetings} meetings of {AT_ONCE}, {early:.1f} MB and in the end {late:.1f} MB")  # noqa: T201 - the figure that the test is for
    assert late - early < GROWTH_MB
    await asyncio.sleep(8)
    assert len(process.net_connections("udp4")) == 0
    async with EngineClient(running.socket) as orders:
        status = await orders.status()
        assert not isinstance(status, Trouble)
        assert status.participants == 0
    assert "Traceback" not in running.log


async def _meet(running: RunningEngine, room: str, number: int) -> None:
    """Some leave in order, one hangs up without a word, and now and then one vanishes."""
    async with AsyncExitStack() as stack:
        people = [
            await stack.enter_async_context(client(running.url, running.token(room, f"{number}-{one}")))
            for one in range(AT_ONCE)
        ]
        await asyncio.gather(*(one.enter() for one in people))
        await asyncio.gather(*(one.publish(video=index % 2 == 0) for index, one in enumerate(people)))
        for one in people:
            await one.until(lambda one=one: len(one.packets) >= AT_ONCE - 1)  # type: ignore[misc]  # the loop's
        await people[0].leave()
        if number % 10 == 0:
            people[1].vanish()
