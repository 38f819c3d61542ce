"""What people write first, in three languages, well or badly; and what must be left alone."""

import asyncio

import pytest

from tests.live.trial import Trial

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]


async def test_an_invitation_is_answered_with_a_greeting(town: Trial) -> None:
    async with town.newcomer() as person:
        room = await person.chat_with(town.service)
        greeting = await person.hear(room)
        assert greeting.body.startswith("Hei! Tämä on kunnan etäpalvelu: Ähtäri")
        assert "!varaa" in greeting.body
        assert "!hjälp" in greeting.body
        assert "!help" in greeting.body


@pytest.mark.parametrize(
    ("command", "title"), [("!apua", "Ajanvaraus"), ("!hjälp", "Tidsbokning"), ("!help", "Appointments")]
)
async def test_help_comes_in_the_language_it_was_asked_in(town: Trial, command: str, title: str) -> None:
    async with town.resident() as (person, chat):
        assert title in (await person.ask(chat, command)).body


async def test_a_swedish_command_is_answered_in_swedish(town: Trial) -> None:
    async with town.resident() as (person, chat):
        answer = await person.ask(chat, "!boka bygglov")
        assert "Lediga tider: Bygglov" in answer.body
        assert "Vapaat" not in answer.body


async def test_a_mistyped_command_is_suggested_and_not_run(town: Trial) -> None:
    async with town.resident() as (person, chat):
        answer = await person.ask(chat, "!vara rakennuslupa huomenna klo 10")
        assert "Tarkoititko: !varaa" in answer.body
        assert "ei ole varauksia" in (await person.ask(chat, "!varaukset")).body


async def test_without_a_service_it_is_asked(town: Trial) -> None:
    async with town.resident() as (person, chat):
        assert "Mihin palveluun" in (await person.ask(chat, "!varaa")).body
        assert "Vapaat ajat" in (await person.ask(chat, "rakennuslupa")).body


async def test_an_edit_is_not_run(town: Trial) -> None:
    async with town.resident() as (person, chat):
        said = await person.say(chat, "!apua")
        await person.hear(chat, "Ajanvaraus")
        line = "!varaa rakennuslupa huomenna klo 10"
        await person.send(
            chat,
            {
                "msgtype": "m.text",
                "body": f"* {line}",
                "m.new_content": {"msgtype": "m.text", "body": line},
                "m.relates_to": {"rel_type": "m.replace", "event_id": said},
            },
        )
        await person.say(chat, "!varaukset")
        assert "ei ole varauksia" in (await person.hear(chat)).body


async def test_a_notice_is_not_answered(town: Trial) -> None:
    async with town.resident() as (person, chat):
        await person.send(chat, {"msgtype": "m.notice", "body": "!varaa rakennuslupa huomenna klo 10"})
        await person.say(chat, "!varaukset")
        assert "ei ole varauksia" in (await person.hear(chat)).body


async def test_a_room_that_is_not_direct_is_declined(town: Trial) -> None:
    async with town.newcomer() as person:
        room = await person.open_room(town.service)
        async with asyncio.timeout(10):
            while town.service in await person.members(room):
                await person.until_news()
