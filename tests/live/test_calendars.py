"""Calendars as people meet them: the file in the appointment's room, the private feed, the official's own calendar."""

import re

import aiohttp
import pytest
from icalendar import Calendar

from bot.matrix.person import Heard
from tests.live.conftest import Inspector
from tests.live.test_booking import number_in
from tests.live.trial import Resident, Trial

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]


async def fetched(address: str, token: str = "") -> tuple[int, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession(headers=headers) as session, session.get(address) as answer:
        return answer.status, await answer.read()


async def file_in(town: Trial, person: Resident, room: str, method: str) -> tuple[Heard, Calendar]:
    """The next file in a room that holds a calendar, downloaded by the person's own client."""
    heard = await person.hear(room, lambda content: content.get("msgtype") == "m.file")
    media = str(heard.content["url"]).removeprefix("mxc://")
    token = str(person._client.access_token)
    status, raw = await fetched(f"{town.address}/_matrix/client/v1/media/download/{media}", token)
    assert (status, len(raw)) == (200, heard.content["info"]["size"])
    calendar = Calendar.from_ical(raw)
    assert calendar["METHOD"] == method
    return heard, calendar


async def test_a_booking_and_its_cancellation_come_with_their_files(town: Trial) -> None:
    async with town.resident() as (citizen, chat):
        number = number_in(await citizen.ask(chat, f"!varaa rakennuslupa {town.when()}"))
        room = await citizen.room_named("Rakennusluvat")
        heard, calendar = await file_in(town, citizen, room, "PUBLISH")
        assert heard.body == f"aika-{number}.ics"
        (event,) = calendar.events
        assert (event["UID"], event["SEQUENCE"]) == (f"{number}@localhost", 0)
        await citizen.ask(chat, f"!peru {number}")
        _, calendar = await file_in(town, citizen, room, "CANCEL")
        (event,) = calendar.events
        assert (event["UID"], event["SEQUENCE"]) == (f"{number}@localhost", 1)


async def test_a_private_feed_is_served_until_it_is_ended(town: Trial) -> None:
    async with town.resident() as (citizen, chat):
        number = number_in(await citizen.ask(chat, f"!varaa rakennuslupa {town.when()}"))
        said = (await citizen.ask(chat, "!kalenteri")).body
        found = re.search(r"http\S+/kalenteri/(\S+)\.ics", said)
        assert found is not None, said
        town.traces.add(found[1])
        status, raw = await fetched(found[0])
        assert status == 200
        assert [str(event["UID"]) for event in Calendar.from_ical(raw).events] == [f"{number}@localhost"]
        await citizen.ask(chat, "!kalenteri pois")
        assert await fetched(found[0]) == (404, b"")


async def test_an_officials_calendar_inside_our_own_network_is_not_asked(town: Trial, inspector: Inspector) -> None:
    town.traces.add("salainen-kalenteri")
    taken = await inspector.person.ask(inspector.chat, "!kalenteri osoite webcal://localhost/salainen-kalenteri.ics")
    assert "luen kalenterisi nyt" in taken.body
    refused = await inspector.person.hear(inspector.chat, "ei onnistu")
    assert "suljettuun verkkoon" in refused.body
    await inspector.person.ask(inspector.chat, "!kalenteri osoite pois")
