"""One service for all tests here, on a homeserver of its own that they may kill."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.matrix.person import Person
from tests.support.service import SERVICE, Service, running_service


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def service(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Service]:
    async with running_service(tmp_path_factory.mktemp("faults") / "state") as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def citizen(service: Service) -> AsyncIterator[Person]:
    async with await service.person() as person:
        yield person


@pytest_asyncio.fixture(loop_scope="session")
async def chat(service: Service, citizen: Person) -> str:
    """The citizen's direct room, with the greeting heard."""
    room = await citizen.chat_with(SERVICE)
    await citizen.hear(room)
    await service.settled()
    return room
