"""Booking and cancelling as people do it, with everything that others see of it."""

import asyncio
import re
from contextlib import AsyncExitStack

import pytest

from bot.matrix.person import Heard
from tests.live.conftest import Inspector
from tests.live.trial import Trial

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

KEYCAP_TWO = "2\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"


def number_in(heard: Heard) -> str:
    found = re.search(r"Varausnumero: (\w{6})", heard.body)
    assert found is not None, heard.body
    return found[1]


async def amended(inspector: Inspector, number: str) -> str:
    """The new words on the wall's card of an appointment."""
    card = await inspector.person.hear(
        inspector.wall, lambda c: number in str(c.get("m.new_content", {}).get("body", ""))
    )
    return str(card.content["m.new_content"]["body"])


async def test_words_book_and_the_citizen_cancels(town: Trial, inspector: Inspector) -> None:
    async with town.resident() as (citizen, chat):
        number = number_in(await citizen.ask(chat, f"!varaa rakennuslupa {town.when()}"))
        room = await citizen.room_named("Rakennusluvat")
        await citizen.hear(room, number)
        assert {citizen.user_id, inspector.person.user_id, town.service} <= await citizen.members(room)
        assert "Varattu" in (await inspector.person.hear(inspector.wall, number)).body
        assert "peruttu" in (await citizen.ask(chat, f"!peru {number}")).body
        assert "Asiakas perui" in await amended(inspector, number)


async def test_the_official_cancels_and_the_citizen_is_told(town: Trial, inspector: Inspector) -> None:
    async with town.resident() as (citizen, chat):
        number = number_in(await citizen.ask(chat, f"!varaa rakennuslupa {town.when()}"))
        room = await citizen.room_named("Rakennusluvat")
        assert "peruttu" in (await inspector.person.ask(inspector.chat, f"!peru {number}")).body
        told = await citizen.hear(room, "joutui perumaan")
        assert number in told.body
        assert told.content["m.mentions"] == {"user_ids": [citizen.user_id]}
        assert "Palvelija perui" in await amended(inspector, number)


async def test_a_number_books(town: Trial) -> None:
    async with town.resident() as (citizen, chat):
        offered = await citizen.ask(chat, "!varaa maankaytto")
        assert "Vapaat ajat" in offered.body
        second = re.search(r"^2\. (\S+)$", offered.body, re.MULTILINE)
        assert second is not None, offered.body
        held = await citizen.ask(chat, "2")
        assert f"klo {second[1]}" in held.body
        booked = await citizen.ask(chat, "1")
        assert f"klo {second[1]}" in booked.body
        assert number_in(booked)


async def test_a_tapped_keycap_books(town: Trial) -> None:
    async with town.resident() as (citizen, chat):
        offered = await citizen.ask(chat, "!varaa maankaytto")
        await citizen.react(chat, offered.event_id, KEYCAP_TWO)
        held = await citizen.hear(chat, "Varataanko")
        await citizen.react(chat, held.event_id, KEYCAP_TWO.replace("2", "1"))
        assert number_in(await citizen.hear(chat, "Varausnumero"))


async def test_a_time_is_moved_and_both_see_it(town: Trial, inspector: Inspector) -> None:
    async with town.resident() as (citizen, chat):
        number = number_in(await citizen.ask(chat, f"!varaa rakennuslupa {town.when()}"))
        room = await citizen.room_named("Rakennusluvat")
        await citizen.hear(room, number)
        later = town.when()
        assert "Aika on siirretty" in (await citizen.ask(chat, f"!siirrä {number} {later}")).body
        told = await citizen.hear(room, "siirretty")
        assert told.content["m.mentions"] == {"user_ids": [inspector.person.user_id]}
        assert f"klo {_clock(later)}" in await amended(inspector, number)
        assert f"klo {_clock(later)}" in await citizen.name_of(room)


def _clock(when: str) -> str:
    """`tiistaina klo 9` as cards write it: `9.00`."""
    clock = when.rsplit(maxsplit=1)[-1]
    return clock if "." in clock else f"{clock}.00"


async def test_a_taken_time_is_answered_with_the_nearest(town: Trial) -> None:
    when = town.when()
    async with town.resident() as (first, chat), town.resident() as (second, other):
        number_in(await first.ask(chat, f"!varaa rakennuslupa {when}"))
        refused = await second.ask(other, f"!varaa rakennuslupa {when}")
        assert "jo varattu" in refused.body
        assert "1. " in refused.body


async def test_twenty_want_one_time_and_one_has_it(town: Trial) -> None:
    line = f"!varaa rakennuslupa {town.when()}"
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(town.resident()) for _ in range(20)]
        answers = await asyncio.gather(*(person.ask(chat, line, limit=30) for person, chat in people))
    assert sum("Varausnumero" in answer.body for answer in answers) == 1
    assert sum("jo varattu" in answer.body for answer in answers) == 19


async def test_the_day_is_for_officials(town: Trial, inspector: Inspector) -> None:
    async with town.resident() as (citizen, chat):
        when = town.when()
        number = number_in(await citizen.ask(chat, f"!varaa rakennuslupa {when}"))
        listed = await inspector.person.ask(inspector.chat, f"!päivä {when.split()[0]}")
        assert number in listed.body
        assert citizen.user_id in listed.body
        refused = await citizen.ask(chat, "!päivä")
        assert "henkilöstölle" in refused.body
        assert number not in refused.body


async def test_a_stranger_cancels_nothing(town: Trial) -> None:
    async with town.resident() as (citizen, chat), town.resident() as (stranger, other):
        number = number_in(await citizen.ask(chat, f"!varaa rakennuslupa {town.when()}"))
        assert "En löydä" in (await stranger.ask(other, f"!peru {number}")).body
        assert number in (await citizen.ask(chat, "!varaukset")).body
