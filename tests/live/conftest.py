"""One town on trial for all live tests, and its building inspector, who has one chat and one wall."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.live.trial import Resident, Trial, trial
from tests.support.homeserver import Registered


@dataclass(frozen=True, slots=True)
class Inspector:
    """The official at a client; `chat` is with the service, `wall` is the unit's room."""

    person: Resident
    chat: str
    wall: str


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Trial, Registered]]:
    async with trial(tmp_path_factory.mktemp("town") / "state") as both:
        yield both


@pytest.fixture(scope="session")
def town(running: tuple[Trial, Registered]) -> Trial:
    return running[0]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def inspector(running: tuple[Trial, Registered]) -> AsyncIterator[Inspector]:
    town, account = running
    async with Resident(town.address, account, town.traces) as person:
        wall = await person.room_named("Henkilöstö: Rakennusvalvonta")
        chat = await person.chat_with(town.service)
        await person.hear(chat)
        yield Inspector(person, chat, wall)
