"""What officials do among themselves and with a citizen's time, as everybody sees it in their clients."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.live.trial import Resident, Trial

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

ADVISERS = ("palveluneuvoja", "yhteispalveluneuvoja")


@dataclass(frozen=True, slots=True)
class Adviser:
    person: Resident
    chat: str
    wall: str


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def advisers(town: Trial) -> AsyncIterator[dict[str, Adviser]]:
    """Two officials of one service, by their accounts."""
    async with AsyncExitStack() as stack:
        found = {}
        for account in ADVISERS:
            registered = await town.homeserver.register(account)
            person = await stack.enter_async_context(Resident(town.address, registered, town.traces))
            wall = await person.room_named("Henkilöstö: Yhteispalvelupiste")
            chat = await person.chat_with(town.service)
            await person.hear(chat)
            found[account] = Adviser(person, chat, wall)
        yield found


async def booked(town: Trial, citizen: Resident, chat: str) -> tuple[str, str, str]:
    """Day, number and room of a first free time some days ahead."""
    day = town.when().split()[0]
    await citizen.ask(chat, f"!varaa kela {day}")
    await citizen.ask(chat, "1")
    answer = await citizen.ask(chat, "1")
    number = re.search(r"Varausnumero: (\w{6})", answer.body)
    assert number is not None, answer.body
    room = await citizen.room_named("Kelan asiointi")
    await citizen.hear(room, number[1])
    return day, number[1], room


async def owner_of(advisers: dict[str, Adviser], number: str, day: str) -> tuple[Adviser, Adviser]:
    """Who has the booking, and the other one."""
    first, second = (advisers[account] for account in ADVISERS)
    listed = await first.person.ask(first.chat, f"!päivä {day}")
    return (first, second) if number in listed.body else (second, first)


async def test_claim_and_hand_over_by_reaction(town: Trial, advisers: dict[str, Adviser]) -> None:
    async with town.resident() as (citizen, chat):
        day, number, room = await booked(town, citizen, chat)
        owner, taker = await owner_of(advisers, number, day)
        card = await owner.person.hear(owner.wall, number)
        await owner.person.react(owner.wall, card.event_id, "🔁")
        await taker.person.hear(taker.wall, lambda c: "Tarjolla" in str(c.get("m.new_content", {}).get("body", "")))
        await taker.person.react(taker.wall, card.event_id, "✋")
        told = await citizen.hear(room, "Palvelijasi on vaihtunut")
        assert number in told.body
        assert not {owner.person.user_id} & await citizen.members(room)
        assert number in (await taker.person.hear(taker.chat, "Sinulle siirtyi varaus")).body
        assert number in (await owner.person.hear(owner.chat, "siirtyi toiselle")).body
        assert room == await taker.person.room_named("Kelan asiointi")


async def test_sick_leave_and_the_citizens_choice(town: Trial, advisers: dict[str, Adviser]) -> None:
    async with town.resident() as (citizen, chat):
        day, number, room = await booked(town, citizen, chat)
        owner, substitute = await owner_of(advisers, number, day)
        asked = await owner.person.ask(owner.chat, f"!poissa {day}")
        assert "Merkitse poissa" in asked.body
        assert "Kysyin asiakkailta" in (await owner.person.ask(owner.chat, "1")).body
        question = await citizen.hear(room, "Miten jatketaan")
        assert question.content["m.mentions"] == {"user_ids": [citizen.user_id]}
        await citizen.react(room, question.event_id, "1\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}")
        assert number in (await citizen.hear(room, "Aikasi on nyt tämä")).body
        assert number in (await substitute.person.hear(substitute.chat, "Sinulle siirtyi varaus")).body
        assert number in (await substitute.person.ask(substitute.chat, f"!päivä {day}")).body
        assert "peruttu" in (await owner.person.ask(owner.chat, "!poissa peru")).body
