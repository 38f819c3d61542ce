"""What a stopped service finds when it comes back: an old position, or more messages than a sync holds."""

import pytest

from bot.matrix.person import Person
from tests.support.processes import until
from tests.support.service import SERVICE, Service, answers, marks

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

MISSED = 70
"""More than a sync's timeline holds for one room (50)."""


async def test_a_replayed_sync_runs_no_command_twice(service: Service, citizen: Person) -> None:
    old = service.position()
    room = await citizen.chat_with(SERVICE)
    await citizen.hear(room)
    await citizen.ask(room, "!ajat rakennuslupa ensi viikolla", "Vapaat")
    await citizen.ask(room, "1", "Varataanko")
    await citizen.ask(room, "1", "Varausnumero")
    await service.settled()
    before = await marks(citizen, room)
    await service.stop()
    service.set_position(old)
    await service.start()
    await until(lambda: service.position() != old)
    await service.settled()
    assert await marks(citizen, room) == before
    assert set(before.values()) == {1}
    assert service.rows("SELECT count(*) FROM appointment WHERE citizen = ?", citizen.user_id) == [(1,)]


async def test_every_message_that_was_sent_while_it_was_down_is_answered(
    service: Service, citizen: Person, chat: str
) -> None:
    await service.stop()
    sent = [await citizen.say(chat, f"!palvelut {number}") for number in range(MISSED)]
    old = service.position()
    await service.start()
    await until(lambda: service.position() != old)
    await service.settled()
    assert await answers(citizen, chat, *sent) == [1] * MISSED
