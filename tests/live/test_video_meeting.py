"""A video meeting as it goes: booked in chat, a guest asked in by a link, let in by the official, and met by all.

The engine, the homeserver and the service are processes of their own; one of them is killed in the middle. Media is
sent by a client of a few lines (`tests/calls/engine/client.py`); browsers have tests of their own.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
import pytest_asyncio

from bot.matrix.http import V3, call
from bot.matrix.person import Person
from tests.calls.engine.client import Client, client
from tests.support.call_engine import RunningEngine, engine
from tests.support.homeserver import TrialHomeserver
from tests.support.killing_proxy import KillingProxy
from tests.support.processes import until
from tests.support.service import SERVICE, Service

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(240)]

OFFICIAL = "rakennustarkastaja"
EARLY_S = 300
"""Before the appointment's start."""


@dataclass
class Visit:
    """Everybody in their places, five minutes before the appointment."""

    service: Service
    engine: RunningEngine
    http: aiohttp.ClientSession
    stack: AsyncExitStack
    citizen: Person
    official: Person
    room: str
    number: str

    @property
    def edge(self) -> str:
        return f"http://127.0.0.1:{self.service.port}"

    async def enters(self, person: Person) -> Client:
        """By the door of Matrix: an OpenID token for a media token, as Element Call does it."""
        path = f"{V3}/user/{quote(person.user_id, safe='')}/openid/request_token"
        openid = await call(person._client, "POST", path, {})
        body = {"room": self.room, "openid_token": openid, "device_id": "LAITE"}
        async with self.http.post(f"{self.edge}/livekit/jwt/sfu/get", json=body) as answer:
            assert answer.status == 200, await answer.text()
            return await self._joins(await answer.json())

    async def _joins(self, let: dict[str, Any]) -> Client:
        one = await self.stack.enter_async_context(client(str(let["url"]), str(let["jwt"])))
        await one.enter()
        await one.publish(video=False)
        return one


@dataclass
class Guest:
    """Somebody with a link and a browser."""

    visit: Visit
    link: str
    http: aiohttp.ClientSession

    async def asks(self, what: str, **body: Any) -> dict[str, Any]:
        path = self.link.partition("/k/")[2]
        address = f"{self.visit.edge}/k/{path}/{what}"
        headers = {"Origin": self.link.partition("/k/")[0], "Sec-Fetch-Site": "same-origin"}
        async with self.http.post(address, json=body, headers=headers) as answer:
            return dict(await answer.json())

    async def knocks(self) -> dict[str, Any]:
        return await self.asks("enter", name="Tulkki", language="fi")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visit(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visit]:
    async with AsyncExitStack() as stack:
        folder = tmp_path_factory.mktemp("visit")
        homeserver = await stack.enter_async_context(TrialHomeserver(folder / "state"))
        proxy = await stack.enter_async_context(KillingProxy(homeserver.url))
        service = Service(homeserver, proxy)
        homeserver.state.demo_marker.touch()
        running = await stack.enter_async_context(_engine(folder, service))
        inspector = await homeserver.register(OFFICIAL)
        await service.start()
        stack.push_async_callback(service.stop)
        official = await stack.enter_async_context(Person(homeserver.url, OFFICIAL, inspector.password))
        citizen = await stack.enter_async_context(await service.person())
        number = await _booked(citizen)
        await service.settled()
        await _wait_until_just_before(service)
        ((room,),) = service.rows("SELECT room_id FROM room WHERE kind = 'appointment'")
        for person in (citizen, official):
            await person.join(room)
        jar = aiohttp.CookieJar(unsafe=True)
        http = await stack.enter_async_context(aiohttp.ClientSession(cookie_jar=jar))
        yield Visit(service, running, http, stack, citizen, official, room, number)


def _engine(folder: Path, service: Service) -> Any:
    return engine(folder, state=service.homeserver.state, port=service.port + 2)


async def _booked(citizen: Person) -> str:
    chat = await citizen.chat_with(SERVICE)
    await citizen.hear(chat)
    await citizen.ask(chat, "!ajat rakennuslupa ensi viikolla", "Vapaat")
    await citizen.ask(chat, "1", "Varataanko")
    answer = await citizen.ask(chat, "1", "Varausnumero")
    found = re.search(r"Varausnumero: (\w{6})", answer.body)
    assert found is not None
    return found[1]


async def _wait_until_just_before(service: Service) -> None:
    await service.stop()
    ((start,),) = service.rows("SELECT start FROM appointment")
    service.offset = int(start) - EARLY_S - int(time.time())
    await service.start()
    await service.settled()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def link(visit: Visit) -> str:
    answer = await visit.official.ask(visit.room, "!kutsu tulkki", "/k/")
    found = re.search(r"http\S+/k/[\w-]+", answer.body)
    assert found is not None, answer.body
    return found[0]


async def test_both_sides_are_told_that_a_guest_is_asked_in(visit: Visit, link: str) -> None:
    assert link.startswith("http://")
    heard = await visit.citizen.hear(visit.room, "tulkki")
    assert "/k/" not in heard.body or "Palvelija" in heard.body


async def test_a_member_and_a_guest_meet_in_one_conference_once_the_guest_is_let_in(visit: Visit, link: str) -> None:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        guest = Guest(visit, link, http)
        assert (await guest.knocks())["state"] == "waiting"
        await visit.official.hear(visit.room, "odottaa")
        citizen = await visit.enters(visit.citizen)

        await visit.official.say(visit.room, "!päästä")
        let = await _let(guest)
        interpreter = await visit._joins({"url": let["media"]["url"], "jwt": let["media"]["token"]})
        for one in (citizen, interpreter):
            await one.until(lambda one=one: one.packets and max(one.packets.values()) > 20)  # type: ignore[misc]  # the loop's

        listed = await visit.official.ask(visit.room, "!osallistujat", "Asiakas")
        assert "Tulkki" in listed.body

        await visit.official.say(visit.room, "!hiljennä Tulkki")
        await interpreter.until(lambda: any(message.mute.muted for message in interpreter.inbox))

        await _survives_the_service(visit, citizen, interpreter)


async def _let(guest: Guest) -> dict[str, Any]:
    async with asyncio.timeout(20):
        while (answer := await guest.asks("status"))["state"] == "waiting":  # noqa: ASYNC110 - the page asks like this
            await asyncio.sleep(0.3)
    return answer


async def _survives_the_service(visit: Visit, citizen: Client, interpreter: Client) -> None:
    """Killed while they talk: media flows on, and what happened meanwhile is known afterwards."""
    visit.service.kill()
    assert await visit.service.ended() < 0
    before = sum(interpreter.packets.values())
    await interpreter.until(lambda: sum(interpreter.packets.values()) > before + 50, within=5)
    await citizen.leave()
    await visit.service.start()
    await until(lambda: _presences(visit) == {"citizen": False, "guest": True}, within=20)
    listed = await visit.official.ask(visit.room, f"!osallistujat {visit.number}", "Asiakas")
    assert "Tulkki" in listed.body


def _presences(visit: Visit) -> dict[str, bool]:
    """Whether they are still in, by role; one presence each."""
    rows = visit.service.rows("SELECT role, ended IS NULL FROM conference_presence")
    assert len(rows) == len({role for role, _ in rows})
    return {str(role): bool(present) for role, present in rows}


async def test_nobody_comes_in_by_a_link_that_does_not_exist(visit: Visit) -> None:
    async with aiohttp.ClientSession() as http, http.get(f"{visit.edge}/k/{'a' * 43}") as answer:
        assert answer.status == 404
