"""The search box of a client: the service is found by anybody, people by nobody."""

import asyncio
from typing import Any

import pytest

from bot.matrix.http import V3, call
from tests.live.conftest import Inspector
from tests.live.trial import OFFICIAL, Resident, Trial

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

NAME = "Ähtärin palvelu"


async def searched(seeker: Resident, term: str) -> dict[str, Any]:
    """Shown names by Matrix id."""
    answer = await call(seeker._client, "POST", f"{V3}/user_directory/search", {"search_term": term, "limit": 50})
    return {found["user_id"]: found.get("display_name") for found in answer["results"]}


@pytest.mark.parametrize("term", [NAME, "Ähtäri", "palvelu"])
async def test_a_citizen_finds_the_service_and_nobody_else(town: Trial, term: str) -> None:
    async with town.newcomer() as citizen:
        async with asyncio.timeout(20):
            while not (found := await searched(citizen, term)):
                await citizen.until_news()
        assert found == {town.service: NAME}


async def test_a_citizen_finds_neither_officials_nor_citizens(town: Trial, inspector: Inspector) -> None:
    async with town.resident() as (citizen, _), town.resident() as (other, _):
        for person in (inspector.person, other):
            assert await searched(citizen, person.user_id) == {}
            assert await searched(citizen, person.user_id[1:].partition(":")[0]) == {}
        assert await searched(citizen, OFFICIAL[:8]) == {}
        assert await searched(citizen, "asukas") == {}
