"""The homeserver is killed with SIGKILL while a booking is under way, and comes back."""

import os
import signal
from functools import partial

import pytest

from bot.matrix.person import Person
from tests.support.killing_proxy import Moment
from tests.support.service import Service, answers

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize(
    "fault",
    [("PUT", "/send/m.room.message/", Moment.BEFORE), ("POST", "/createRoom$", Moment.AFTER)],
    ids=["before the answer", "after making the room"],
)
async def test_nothing_of_a_booking_is_lost_or_doubled(
    service: Service, citizen: Person, chat: str, fault: tuple[str, str, Moment]
) -> None:
    await citizen.ask(chat, "!ajat rakennuslupa ensi viikolla", "Vapaat")
    await citizen.ask(chat, "1", "Varataanko")
    before = await service.rooms_made()
    rule = service.proxy.arm(*fault, partial(os.kill, service.homeserver.pid, signal.SIGKILL))
    asked = await citizen.say(chat, "1")
    await rule.fired.wait()
    await service.homeserver.restart()
    own = await citizen.room_named("Rakennusluvat")
    await service.settled()
    ((appointment,),) = service.rows("SELECT id FROM appointment WHERE citizen = ?", citizen.user_id)
    assert await answers(citizen, chat, asked) == [1]
    assert await answers(citizen, own, f"appointment:{appointment}:welcome") == [1]
    assert await service.rooms_made() - before == {own}
