"""What no honest client sends, and too much of what honest ones send: nobody else has to wait."""

import asyncio
import contextlib
import time
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.domain.allowance import Limits
from bot.matrix.http import MatrixError
from bot.matrix.person import NothingHeardError
from tests.live.trial import Resident, Trial

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

SOON = 8.0
"""Seconds in which the next person is answered, whatever came before."""

REFUSED: list[dict[str, Any]] = [
    {"msgtype": "m.text", "body": 7},
    {"msgtype": "m.text"},
    {"body": "sana ilman lajia"},
    {"msgtype": ["m.text"], "body": "sana lajien luettelossa"},
    {},
]
"""Messages that the homeserver itself turns away; they reach a service from other servers only."""

PATIENCE = 30.0
"""Seconds in which somebody hears that a message could not be opened; its key may come late."""

SILENT: list[tuple[str, dict[str, Any]]] = [
    ("m.reaction", {}),
    ("m.reaction", {"m.relates_to": {}}),
    ("m.reaction", {"m.relates_to": "sana"}),
    ("m.reaction", {"m.relates_to": {"rel_type": "m.annotation", "event_id": 5, "key": {"1": 1}}}),
    ("m.unheard.of", {"body": 7}),
]

_MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2", "device_id": "X", "ciphertext": "AwgA", "session_id": "c2Vzc2lvbg"}
BROKEN: list[dict[str, Any]] = [
    {},
    {"algorithm": 5, "ciphertext": ["x"]},
    _MEGOLM,
    _MEGOLM | {"sender_key": ""},
    _MEGOLM | {"sender_key": "", "session_id": ""},
    _MEGOLM | {"sender_key": "a" * 43, "ciphertext": "ä"},
]

ANSWERED: list[tuple[dict[str, Any], str]] = [
    ({"msgtype": "m.text", "body": "x" * 10_000}, "liian pitkä"),
    ({"msgtype": "m.text", "body": "!\u202eapua\u202c\u0007\u200b"}, "Ajanvaraus"),
    ({"msgtype": "m.text", "body": "!apua", "m.mentions": {"user_ids": ["", "@"], "room": True}}, "Ajanvaraus"),
    ({"msgtype": "m.text", "body": "!apua", "m.relates_to": ["m.replace"]}, "Ajanvaraus"),
    (
        {"msgtype": "m.text", "body": "!apua", "format": "org.matrix.custom.html", "formatted_body": "<b>!peru"},
        "Ajanvaraus",
    ),
    ({"msgtype": "m.text", "body": "   \n\t "}, "!apua"),
    ({"msgtype": "m.image", "body": "kuva.png", "url": 5}, "vain tekstiä"),
]


async def until_quiet(person: Resident, chat: str) -> None:
    """Back when nothing was said for two seconds."""
    with contextlib.suppress(NothingHeardError):
        while True:
            await person.hear(chat, limit=2)


async def answered_soon(town: Trial) -> None:
    async with town.resident() as (person, chat):
        assert "Ajanvaraus" in (await person.ask(chat, "!apua", limit=SOON)).body


@pytest.mark.parametrize("content", REFUSED)
async def test_a_message_without_words_never_arrives(town: Trial, content: dict[str, Any]) -> None:
    async with town.resident() as (person, chat):
        with pytest.raises(MatrixError, match="400"):
            await person.send(chat, content)


async def test_what_has_no_sense_gets_no_answer_and_delays_nobody(town: Trial) -> None:
    async with town.resident() as (person, chat):
        for kind, content in SILENT:
            await person.send(chat, content, kind)
        await answered_soon(town)
        await person.say(chat, "!apua")
        assert "Ajanvaraus" in (await person.hear(chat, limit=SOON)).body


async def test_broken_encrypted_messages_are_answered_with_a_way_on(town: Trial) -> None:
    async with AsyncExitStack() as stack:
        people = [await stack.enter_async_context(town.resident()) for _ in BROKEN]
        for (person, chat), content in zip(people, BROKEN, strict=True):
            await person.send(chat, content, "m.room.encrypted")
        await answered_soon(town)
        answers = await asyncio.gather(*(person.hear(chat, limit=PATIENCE) for person, chat in people))
    assert all("En saanut viestiäsi auki" in answer.body for answer in answers)


@pytest.mark.parametrize(("content", "answer"), ANSWERED)
async def test_what_is_odd_gets_a_clear_answer(town: Trial, content: dict[str, Any], answer: str) -> None:
    async with town.resident() as (person, chat):
        await person.send(chat, content)
        assert answer in (await person.hear(chat, limit=SOON)).body
    await answered_soon(town)


async def test_markup_in_a_command_is_said_back_as_text(town: Trial) -> None:
    async with town.resident() as (person, chat):
        answer = await person.ask(chat, "!<img/src=x> @room")
        assert "!<img/src=x>" in answer.body
        assert "<img" not in answer.content["formatted_body"]
        assert answer.content.get("m.mentions", {}) in ({}, {"user_ids": [person.user_id]})


async def test_a_flood_gets_one_kind_word_and_delays_nobody(town: Trial) -> None:
    limits = Limits()
    async with town.resident() as (person, chat), town.resident() as (other, its_chat):
        begun = time.monotonic()
        for _ in range(10):
            await asyncio.gather(*(person.say(chat, "!apua") for _ in range(20)))
        assert "Ajanvaraus" in (await other.ask(its_chat, "!apua", limit=SOON)).body
        await person.hear(chat, "monta kerralla")
        await until_quiet(person, chat)
        refilled = (time.monotonic() - begun) * limits.per_minute / 60
        said = await person.bodies(chat, town.service)
    assert sum("monta kerralla" in body for body in said) == 1
    assert limits.burst <= sum("Ajanvaraus" in body for body in said) <= limits.burst + refilled + 1
