"""50 people want one time at once, each at a client of their own: one has it, the others are offered free times."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from tests.live.trial import Trial

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

PEOPLE = 50
SERVICE = "rakennuslupa"
"""One official gives it, so there is one of each time."""


@pytest.mark.long
async def test_50_people_want_one_time_and_one_has_it(town: Trial) -> None:
    line = f"!varaa {SERVICE} {town.when()}"
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(town.resident()) for _ in range(PEOPLE)]
        answers = await asyncio.gather(*(person.ask(chat, line, limit=45) for person, chat in people))
    words = [answer.body for answer in answers]
    assert sum("Varausnumero" in body for body in words) == 1
    lost = [body for body in words if "Varausnumero" not in body]
    assert len(lost) == PEOPLE - 1
    for body in lost:
        assert "jo varattu" in body
        assert "1. " in body
