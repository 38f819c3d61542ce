"""The encrypted clients and their floor, on a real homeserver: the figures are worth what these can tell apart."""

import pytest

from benchmarks.encrypted import chat_with_echo, newcomer
from benchmarks.stack import echo_bot
from bot.matrix.person import NothingHeardError, Person
from tests.support.homeserver import TrialHomeserver

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]


async def guest_of(homeserver: TrialHomeserver, localpart: str) -> Person:
    """Somebody whose client knows no encryption."""
    return Person(homeserver.url, localpart, (await homeserver.register(localpart)).password)


async def test_the_echo_bot_is_heard_through_encryption_alone(homeserver: TrialHomeserver) -> None:
    floor = await homeserver.register("salakaiku")
    async with (
        echo_bot(homeserver.state, homeserver, floor, encrypted=True),
        await newcomer(homeserver, 1) as person,
    ):
        room = await chat_with_echo(person, floor.user_id)
        answer = await person.ask(room, "!ajat rakennuslupa")
        await person.prove(room)
    assert answer.body == "!ajat rakennuslupa"


async def test_what_is_said_in_the_clear_is_not_heard_and_is_found(homeserver: TrialHomeserver) -> None:
    async with await newcomer(homeserver, 2) as person, await guest_of(homeserver, "avopuhe") as guest:
        room = await person.chat_with(guest.user_id)
        await guest.next_invitation()
        await person.meet(room, guest.user_id)
        await person.say(room, "salattu")
        await person.prove(room)
        await guest.say(room, "avoin")
        with pytest.raises(NothingHeardError):
            await person.hear(room, limit=1)
        with pytest.raises(RuntimeError, match="not encrypted"):
            await person.prove(room)


async def test_nothing_is_said_or_proved_in_a_plain_room(homeserver: TrialHomeserver) -> None:
    async with await newcomer(homeserver, 3) as person, await guest_of(homeserver, "avohuone") as guest:
        room = await Person.chat_with(person, guest.user_id)
        await guest.next_invitation()
        await person.meet(room, guest.user_id)
        with pytest.raises(RuntimeError, match="should be encrypted"):
            await person.say(room, "hei")
        with pytest.raises(RuntimeError, match="not encrypted"):
            await person.prove(room)
