"""Runs last: nothing that anybody said or is called stands in the service's log."""

import re

import pytest

from tests.live.trial import Trial

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

_ID = re.compile(r"[@!#][^\s:@]+:[\w.-]+|\$[A-Za-z0-9_-]{20,}")


async def test_the_log_holds_nothing_about_people(town: Trial) -> None:
    async with town.resident() as (person, chat):
        await person.ask(chat, f"!varaa rakennuslupa {town.when()}", "Varausnumero")
    lines = town.log.read_text(encoding="utf-8").splitlines()
    assert any(line.endswith("ready") for line in lines)
    assert len(town.traces) > 5
    assert [line for line in lines if _ID.search(line)] == []
    assert [line for line in lines if any(trace in line for trace in town.traces)] == []
