"""The service is killed with SIGKILL at the moments at which something could be lost or done twice."""

import pytest

from bot.matrix.person import Person
from tests.support.killing_proxy import Moment
from tests.support.service import SERVICE, Service, answers, marks

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

SEND = "/send/m.room.message/"
CREATE = "/createRoom$"


async def _offered(citizen: Person, chat: str) -> None:
    """A time is chosen and held; the next `1` books it."""
    await citizen.ask(chat, "!ajat rakennuslupa ensi viikolla", "Vapaat")
    await citizen.ask(chat, "1", "Varataanko")


def _appointments(service: Service, citizen: Person) -> list[int]:
    return [row[0] for row in service.rows("SELECT id FROM appointment WHERE citizen = ?", citizen.user_id)]


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
async def test_killed_around_sending_an_answer_it_is_said_once(
    service: Service, citizen: Person, chat: str, moment: Moment
) -> None:
    rule = service.arm("PUT", SEND, moment)
    asked = await citizen.say(chat, "!palvelut")
    await service.restart_after(rule)
    await citizen.hear(chat)
    await service.settled()
    assert await answers(citizen, chat, asked) == [1]


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
async def test_killed_around_joining_the_greeting_is_said_once(
    service: Service, citizen: Person, moment: Moment
) -> None:
    rule = service.arm("POST", "/join$", moment)
    room = await citizen.chat_with(SERVICE)
    await service.restart_after(rule)
    await citizen.hear(room)
    await service.settled()
    assert list((await marks(citizen, room)).values()) == [1]


@pytest.mark.parametrize("moment", [Moment.BEFORE, Moment.AFTER])
async def test_killed_around_making_a_room_there_is_one_with_one_welcome(
    service: Service, citizen: Person, chat: str, moment: Moment
) -> None:
    await _offered(citizen, chat)
    before = await service.rooms_made()
    rule = service.arm("POST", CREATE, moment)
    asked = await citizen.say(chat, "1")
    await service.restart_after(rule)
    own = await citizen.room_named("Rakennusluvat")
    await citizen.hear(own)
    await service.settled()
    assert await service.rooms_made() - before == {own}
    (appointment,) = _appointments(service, citizen)
    assert await answers(citizen, own, f"appointment:{appointment}:welcome") == [1]
    assert await answers(citizen, chat, asked) == [1]


async def test_killed_after_the_sync_answered_a_booking_is_made_once(
    service: Service, citizen: Person, chat: str
) -> None:
    await _offered(citizen, chat)
    rule = service.arm("GET", "/sync", Moment.AFTER, holding='"body":"1"')
    asked = await citizen.say(chat, "1")
    await service.restart_after(rule)
    await citizen.hear(chat, "Varausnumero")
    await service.settled()
    assert len(_appointments(service, citizen)) == 1
    assert await answers(citizen, chat, asked) == [1]


async def test_killed_after_inviting_the_other_party_is_invited_and_the_rest_goes_on(
    service: Service, citizen: Person, chat: str
) -> None:
    await _offered(citizen, chat)
    rule = service.arm("POST", "/invite$", Moment.AFTER)
    await citizen.say(chat, "1")
    await service.restart_after(rule)
    own = await citizen.room_named("Rakennusluvat")
    await service.settled()
    assert await citizen.members(own) == {SERVICE, citizen.user_id, "@rakennustarkastaja:localhost"}
    assert set((await marks(citizen, own)).values()) == {1}
