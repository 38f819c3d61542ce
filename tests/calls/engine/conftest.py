from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.calls.engine.client import Client, client
from tests.support.call_engine import RunningEngine, engine

Enter = Callable[..., Awaitable[Client]]


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[RunningEngine]:
    async with engine(tmp_path) as started:
        yield started


@pytest.fixture
async def enter(running: RunningEngine) -> AsyncIterator[Enter]:
    """Lets somebody into a room, with sound and picture unless told otherwise."""
    async with AsyncExitStack() as stack:

        async def entered(identity: str, room: str = "huone", *, sound: bool = True, picture: bool = True) -> Client:
            one = await stack.enter_async_context(client(running.url, running.token(room, identity)))
            await one.enter()
            if sound:
                await one.publish(video=picture)
            return one

        yield entered
