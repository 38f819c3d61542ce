"""A reminder is due and the service is killed around sending it. The clock is moved as in a demonstration."""

import time
from pathlib import Path

import pytest

from tests.support.killing_proxy import Moment
from tests.support.processes import until
from tests.support.service import SERVICE, Service, answers, running_service

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]


async def test_killed_before_and_after_sending_a_reminder_is_said_once(tmp_path: Path) -> None:
    async with running_service(tmp_path / "state") as service, await service.person() as citizen:
        room = await citizen.chat_with(SERVICE)
        await citizen.hear(room)
        await citizen.ask(room, "!ajat rakennuslupa ensi viikolla", "Vapaat")
        await citizen.ask(room, "1", "Varausnumero")
        own = await citizen.room_named("Rakennusluvat")
        await service.settled()
        await service.stop()
        ((appointment, due),) = _due(service)
        await _kill_around_sending(service, due)
        await service.settled()
        assert await answers(citizen, own, f"appointment:{appointment}:reminder:day-before") == [1]


async def _kill_around_sending(service: Service, due: int) -> None:
    service.homeserver.state.demo_marker.touch()
    service.offset = due - int(time.time()) + 1
    for moment in Moment:
        rule = service.arm("PUT", "/send/m.room.message/", moment, holding="Muistutus")
        if moment is Moment.BEFORE:
            await _start_into(service)
        await rule.fired.wait()
        await service.ended()
        await _start_into(service)


async def _start_into(service: Service) -> None:
    await service.start()


def _due(service: Service) -> list[tuple[int, int]]:
    rows = service.rows("SELECT appointment, due FROM timer WHERE kind = 'day-before'")
    return [(int(appointment), int(due)) for appointment, due in rows]
