"""The service's account on the shared homeserver, and a citizen who encrypts."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.support.homeserver import TrialHomeserver
from tests.traps.citizen import Citizen, citizen_of
from tests.traps.opening import post_room_on
from tests.traps.post import PostRoom


@pytest_asyncio.fixture(loop_scope="session")
async def post(homeserver: TrialHomeserver, tmp_path: Path) -> AsyncIterator[PostRoom]:
    """A device of the service, its keys published."""
    async with post_room_on(homeserver, tmp_path / "service") as opened:
        yield opened


@pytest_asyncio.fixture(loop_scope="session")
async def citizen(homeserver: TrialHomeserver, tmp_path: Path) -> AsyncIterator[Citizen]:
    async with citizen_of(homeserver, f"asukas-{secrets.token_hex(4)}", tmp_path / "citizen") as entered:
        yield entered
