"""A reminder is due and the service is killed around sending it. The clock is moved as in a demonstration."""

import time
from contextlib import suppress
from pathlib import Path

import pytest

from bot.supervision.errors import ChildFailedError
from tests.support.killing_proxy import Moment, Rule
from tests.support.service import SERVICE, Service, answers, running_service

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]


async def test_killed_before_and_after_sending_a_reminder_is_said_once(tmp_path: Path) -> None:
    async with running_service(tmp_path / "state") as service, await service.person() as citizen:
        room = await citizen.chat_with(SERVICE)
        await citizen.hear(room)
        await citizen.ask(room, "!ajat rakennuslupa ensi viikolla", "Vapaat")
        await citizen.ask(room, "1", "Varataanko")
        await citizen.ask(room, "1", "Varausnumero")
        own = await citizen.room_named("Rakennusluvat")
        await service.settled()
        await service.stop()
        ((appointment, due),) = _due(service)
        service.homeserver.state.demo_marker.touch()
        service.offset = due - int(time.time()) + 1
        for moment in Moment:
            await _start_until(service, service.arm("PUT", "/send/m.room.message/", moment, holding="Muistutus"))
        await service.start()
        await service.settled()
        assert await answers(citizen, own, f"appointment:{appointment}:0:reminder:day-before") == [1]


async def _start_until(service: Service, rule: Rule) -> None:
    """Starts and is killed, which may happen before the service says that it is ready."""
    with suppress(ChildFailedError):
        await service.start()
    await rule.fired.wait()
    await service.ended()


def _due(service: Service) -> list[tuple[int, int]]:
    rows = service.rows("SELECT subject, due FROM job WHERE kind = 'day-before'")
    return [(int(appointment), int(due)) for appointment, due in rows]
