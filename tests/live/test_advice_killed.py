"""Questions while the service is killed: each is answered, and none twice."""

import asyncio
import os
from pathlib import Path

import pytest

from bot.advice.steps import VARIABLE
from bot.catalogues.reading import read
from bot.cli.running import opened
from bot.domain.advice import Step
from bot.domain.catalogue import Origin
from tests.support.processes import until
from tests.support.service import SERVICE, Service, answers, running_service

pytestmark = [pytest.mark.live, pytest.mark.long, pytest.mark.timeout(600)]

CATALOGUE = Path(__file__).parents[2] / "examples" / "advice" / "mallila.yaml"
PAUSES = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
"""Seconds from sending a question to the kill: before, within and after its answer."""


async def test_a_killed_service_answers_every_question_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, os.environ.get(VARIABLE, Step.LETTERS))
    async with running_service(tmp_path / "state") as service:
        found = read(CATALOGUE.read_bytes(), CATALOGUE.name).catalogue
        with opened(service.homeserver.state) as store:
            store.transact_now(lambda tx: tx.catalogue.take(Origin.FILE, found.entries, complete=True))
        await until(lambda: bool(service.rows("SELECT 1 FROM fact WHERE name = 'advice_model_of'")), within=280)
        async with await service.person() as person:
            room = await person.chat_with(SERVICE)
            await person.hear(room)
            for number, pause in enumerate(PAUSES):
                await person.say(room, f"onko pääkirjasto auki lauantaina, kysymys {number}")
                await asyncio.sleep(pause)
                service.kill()
                await service.ended()
                await service.start()
            await until(lambda: _answered(service) == len(PAUSES), within=120)
            await service.settled()
            keys = [f"inquiry:{id}" for (id,) in service.rows("SELECT id FROM inquiry")]
            assert await answers(person, room, *keys) == [1] * len(PAUSES)


def _answered(service: Service) -> int:
    ((count,),) = service.rows("SELECT count(*) FROM inquiry WHERE state != 'new'")
    return int(count)
