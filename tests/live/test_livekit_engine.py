"""A town whose calls run through a LiveKit of its own: booked, asked in, let in, met, muted, removed, and remembered.

Homeserver, service and LiveKit are processes of their own. LiveKit opens no room by itself here, which an operator may
choose; everything that happened reaches the service by LiveKit's webhooks alone.
"""

import asyncio
import base64
import hashlib
import json
import os
import re
import secrets
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest
import pytest_asyncio
import yaml
from livekit import api

from bot.calls.livekit_roll_call import GRACE_S, LOOK_S
from bot.matrix.http import V3, call
from bot.matrix.person import Person
from bot.supervision.health import answers_ok
from bot.supervision.process import Child, Process
from bot.web.join_files import NOT_BUILT, built
from tests.browser.guests import Guest
from tests.browser.pages import Chromium
from tests.calls.browsers.media_server import NOT_RUN, livekit_program
from tests.calls.engine.client import Client, client
from tests.supervision.test_up import begun, said_until_ready
from tests.support.homeserver import TrialHomeserver
from tests.support.join_desk import Link
from tests.support.killing_proxy import KillingProxy
from tests.support.ports import free_port
from tests.support.processes import until
from tests.support.service import CONFIGURATION, SERVICE, Service

pytestmark = [
    pytest.mark.live,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.timeout(300),
]

KEY, SECRET = "eahtarinkoe", secrets.token_urlsafe(32)
OFFICIAL = "rakennustarkastaja"
EARLY_S = 300
"""Before the appointment's start."""
WEBHOOKS_TRIED_S = 50.0
"""LiveKit tries one for 15 s, and none that has waited for 30 behind others of the same room."""
SETTLED_WITHIN_S = GRACE_S + 3 * LOOK_S


@dataclass
class LiveKit:
    """A LiveKit that tells the edge at `edge_port` what happens."""

    program: Path
    folder: Path
    edge_port: int
    auto_create: bool = False
    port: int = field(default_factory=free_port)
    _process: Process | None = None

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}"

    async def start(self) -> None:
        config = self.folder / "livekit.yaml"
        config.write_text(yaml.safe_dump(self._settings()), encoding="utf-8")
        self._process = Process(
            Child(
                name="LiveKit",
                command=(str(self.program), "--config", str(config)),
                ready=lambda: answers_ok(f"http://127.0.0.1:{self.port}/"),
                output=self.folder / "livekit.log",
                stop_limit=0.5,  # it would wait ten seconds for who is still in
            )
        )
        await self._process.start()

    async def stop(self) -> None:
        assert self._process is not None
        await self._process.stop()

    async def kill(self) -> None:
        assert self._process is not None
        assert self._process.pid is not None
        os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    def configuration(self) -> Path:
        """The example's municipality, with this engine."""
        (self.folder / "livekit.secret").write_text(SECRET, encoding="utf-8")
        (self.folder / "livekit.secret").chmod(0o600)
        calls = f'engine = "livekit"\naddress = "{self.url}"\nkey = "{KEY}"\nsecret_file = "livekit.secret"\n'
        path = self.folder / "kunta.toml"
        path.write_text(f"{CONFIGURATION.read_text(encoding='utf-8')}\n[calls]\n{calls}", encoding="utf-8")
        return path

    def _settings(self) -> dict[str, Any]:
        rtc = {
            "udp_port": free_port(),
            "tcp_port": free_port(),
            "node_ip": "127.0.0.1",
            "use_external_ip": False,
            "enable_loopback_candidate": True,
        }
        return {
            "port": self.port,
            "bind_addresses": ["127.0.0.1"],
            "keys": {KEY: SECRET},
            "webhook": {"api_key": KEY, "urls": [f"http://127.0.0.1:{self.edge_port}/livekit/webhook"]},
            "room": {"auto_create": self.auto_create},
            "rtc": rtc,
        }


@dataclass
class ServiceOfTown(Service):
    """The service with a configuration of its own."""

    configuration: Path = CONFIGURATION

    def _child(self) -> Child:
        child = super()._child()
        own = str(self.configuration)
        return replace(child, command=tuple(own if word == str(CONFIGURATION) else word for word in child.command))


@dataclass
class Visit:
    """Everybody in their places, five minutes before the appointment."""

    service: ServiceOfTown
    media: LiveKit
    chromium: Chromium
    stack: AsyncExitStack
    citizen: Person
    official: Person
    room: str
    number: str

    async def link(self, purpose: str) -> str:
        answer = await self.official.ask(self.room, f"!kutsu {purpose}", "/k/")
        found = re.search(r"http\S+/k/[\w-]+", answer.body)
        assert found is not None, answer.body
        return found[0]

    async def knocks(self, name: str, link: str) -> Guest:
        """Somebody at the door: the page is open and waits."""
        page = await self.chromium.open(link)
        await page.sees("Nimesi")
        guest = Guest(page, name, Link())
        await guest.checks()
        await guest.presses_join()
        await page.sees("Sinut päästetään sisään")
        return guest

    async def comes(self, name: str, purpose: str) -> Guest:
        """Knocks and is let in by the official's word."""
        guest = await self.knocks(name, await self.link(purpose))
        await self.official.hear(self.room, lambda content: _holds(content, "odottaa", name))
        await self.official.ask(self.room, "!päästä", "Päästin sisään")
        await guest.is_in()
        return guest

    async def member(self) -> AbstractAsyncContextManager[Client]:
        """The citizen by the door of Matrix."""
        status, let = await self.asks_for_a_token(self.citizen)
        assert (status, let.get("url")) == (HTTPStatus.OK, self.media.url)
        return client(self.media.url, str(let["jwt"]))

    async def asks_for_a_token(self, person: Person) -> tuple[int, dict[str, Any]]:
        """An OpenID token for a media token, as Element Call does it."""
        path = f"{V3}/user/{quote(person.user_id, safe='')}/openid/request_token"
        openid = await call(person._client, "POST", path, {})
        body = {"room": self.room, "openid_token": openid, "device_id": "LAITE"}
        door = f"http://127.0.0.1:{self.service.port}/livekit/jwt/sfu/get"
        async with aiohttp.ClientSession() as http, http.post(door, json=body) as answer:
            return answer.status, await answer.json()

    async def listed(self, *words: str) -> str:
        heard = await self.official.ask(self.room, "!osallistujat", _is_listing)
        assert all(word in heard.body for word in words), heard.body
        return str(heard.body)

    def presences(self) -> Counter[tuple[str, bool, str | None]]:
        """Name, whether still there, and why not."""
        rows = self.service.rows("SELECT name, ended IS NULL, reason FROM conference_presence")
        return Counter((str(name), bool(there), reason) for name, there, reason in rows)

    async def until_known(self, *wanted: tuple[str, bool, str | None], within: float = 20.0) -> None:
        """All these, each as often as it is named, and nothing else of these names."""
        names, known = {name for name, _, _ in wanted}, Counter(wanted)
        try:
            await until(lambda: _of(self.presences(), names) == known, within=within)
        except TimeoutError:
            pytest.fail(f"known is {self.presences()}")

    async def until_all_gone(self) -> None:
        await until(lambda: not any(there for _, there, _ in self.presences()), within=20)


def _of(found: Counter[tuple[str, bool, str | None]], names: set[str]) -> Counter[tuple[str, bool, str | None]]:
    return Counter({key: count for key, count in found.items() if key[0] in names})


def _holds(content: Mapping[str, Any], *words: str) -> bool:
    return all(word in str(content.get("body")) for word in words)


def _is_listing(content: Mapping[str, Any]) -> bool:
    return any(_holds(content, word) for word in ("Mukana nyt", "Oli mukana"))


@pytest.fixture(scope="module")
def program() -> Path:
    found = livekit_program()
    if found is None:
        pytest.skip(NOT_RUN)
    if built() is None:
        pytest.fail(NOT_BUILT, pytrace=False)
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visit(program: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visit]:
    async with AsyncExitStack() as stack:
        folder = tmp_path_factory.mktemp("visit")
        homeserver = await stack.enter_async_context(TrialHomeserver(folder / "state"))
        proxy = await stack.enter_async_context(KillingProxy(homeserver.url))
        service = ServiceOfTown(homeserver, proxy)
        media = LiveKit(program, folder, service.port)
        service.configuration = media.configuration()
        await media.start()
        stack.push_async_callback(media.stop)
        homeserver.state.demo_marker.touch()
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
        chromium = await stack.enter_async_context(Chromium())
        yield Visit(service, media, chromium, stack, citizen, official, room, number)


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


async def test_guests_and_a_member_meet_through_livekit_are_muted_removed_and_remembered(visit: Visit) -> None:
    interpreter = await visit.comes("Tulkki", "tulkki")
    relative = await visit.comes("Läheinen", "läheinen")
    await interpreter.meets(relative)
    await visit.until_known(("Tulkki", True, None), ("Läheinen", True, None))
    await _a_member_comes_and_goes(visit, interpreter)
    await visit.listed("Tulkki", "Läheinen", "Asiakas")

    await visit.official.say(visit.room, "!hiljennä Tulkki")
    await interpreter.page.sees("Tapaamisen vetäjä sulki mikrofonisi")
    await visit.official.say(visit.room, "!poista Läheinen")
    await relative.page.sees("Nyt ei pääse sisään")
    await interpreter.page.sees("Paikalla: 1")
    await visit.until_known(("Tulkki", True, None), ("Läheinen", False, "removed"))

    await interpreter.page.press_button("Poistu")
    await visit.until_known(("Tulkki", False, "left"), ("Läheinen", False, "removed"), ("Asiakas", False, "left"))
    assert {kinds for (kinds,) in visit.service.rows("SELECT media FROM conference_presence WHERE role = 'guest'")} == {
        "camera microphone"
    }
    assert "Mukana nyt" not in await visit.listed("Tulkki", "Läheinen", "Asiakas")


async def _a_member_comes_and_goes(visit: Visit, other: Guest) -> None:
    async with await visit.member() as member:
        await member.enter()
        await member.publish(video=False)
        await other.page.sees("Paikalla: 3")
        await member.until(lambda: member.packets and max(member.packets.values()) > 20)
        await visit.until_known(("Asiakas", True, None))
        await member.leave()
    await visit.until_known(("Asiakas", False, "left"))


async def test_what_happens_while_the_service_is_dead_is_known_afterwards_once(visit: Visit) -> None:
    """LiveKit tries a webhook again for fifteen seconds."""
    stays, goes = await visit.comes("Jäävä", "tulkki"), await visit.comes("Lähtevä", "läheinen")
    await visit.until_known(("Jäävä", True, None), ("Lähtevä", True, None))
    visit.service.kill()
    assert await visit.service.ended() < 0
    await stays.sees(goes)
    await goes.page.goto("about:blank")
    await stays.page.sees("Paikalla: 1")
    await visit.service.start()
    await visit.until_known(("Jäävä", True, None), ("Lähtevä", False, "left"))
    await visit.listed("Jäävä", "Lähtevä")
    await stays.page.press_button("Poistu")
    await visit.until_known(("Jäävä", False, "left"), ("Lähtevä", False, "left"))


async def test_a_locked_conference_gives_no_tokens_by_either_door_and_keeps_who_is_in(visit: Visit) -> None:
    inside = await visit.comes("Sisällä", "tulkki")
    await visit.until_known(("Sisällä", True, None))
    await visit.official.ask(visit.room, "!lukitse", "Lukitsen")
    late = await visit.knocks("Myöhässä", await visit.link("läheinen"))
    await visit.official.hear(visit.room, lambda content: _holds(content, "odottaa", "Myöhässä"))
    await visit.official.ask(visit.room, "!päästä", "lukittu")
    assert (await visit.asks_for_a_token(visit.official))[0] == HTTPStatus.FORBIDDEN
    await inside.page.sees("Paikalla: 1")

    await visit.official.ask(visit.room, "!avaa-lukko", "Avaan")
    await visit.official.ask(visit.room, "!päästä", "Päästin sisään")
    await late.is_in()
    assert (await visit.asks_for_a_token(visit.official))[0] == HTTPStatus.OK
    for guest in (late, inside):
        await guest.page.press_button("Poistu")
    await visit.until_known(("Sisällä", False, "left"), ("Myöhässä", False, "left"))


async def test_a_webhook_that_comes_twice_counts_once_and_one_that_livekit_did_not_sign_not_at_all(
    visit: Visit,
) -> None:
    """A presence with an earlier name of a room that nobody else uses."""
    participant = {
        "sid": "PA_toisto",
        "identity": "@toisto:localhost:LAITE",
        "name": "Toisto",
        "joinedAt": "1800000000",
    }
    hook = {"id": "EV_1", "createdAt": "1800000060", "room": {"name": "toisto"}, "participant": participant}
    come = json.dumps({**hook, "event": "participant_joined"}).encode()
    gone = json.dumps(
        {**hook, "id": "EV_2", "event": "participant_left", "participant": {**participant, "disconnectReason": 1}}
    ).encode()
    async with aiohttp.ClientSession() as http:
        for body, secret, status in (
            (come, secrets.token_urlsafe(32), 401),
            *[(come, SECRET, 200)] * 2,
            *[(gone, SECRET, 200)] * 2,
            (come, SECRET, 200),
        ):
            address = f"http://127.0.0.1:{visit.service.port}/livekit/webhook"
            async with http.post(address, data=body, headers={"Authorization": _signed(body, secret)}) as answer:
                assert answer.status == status
    await visit.until_known(("Toisto", False, "left"))


def _signed(body: bytes, secret: str) -> str:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return str(api.AccessToken(KEY, secret).with_sha256(digest).to_jwt())


async def test_the_practice_link_that_up_prints_leads_into_livekit(program: Path, tmp_path: Path) -> None:
    """With LiveKit's own default, by which rooms open by themselves."""
    port = free_port()
    media = LiveKit(program, tmp_path, port, auto_create=True)
    await media.start()
    process = await begun(tmp_path / "state", port, "--config", str(media.configuration()))
    try:
        said = await said_until_ready(process)
        assert "the call engine" not in said
        found = re.search(r"http\S+/k/[\w-]+", said)
        assert found is not None
        async with Chromium() as chromium:
            first, second = [await _practises(chromium, name, found[0]) for name in ("Ensimmäinen", "Toinen")]
            await first.meets(second)
            assert not [one for one in await first.page.messages() if "Content Security Policy" in one]
    finally:
        process.terminate()
        await process.wait()
        await media.stop()


async def _practises(chromium: Chromium, name: str, link: str) -> Guest:
    page = await chromium.open(link)
    await page.sees("Nimesi")
    guest = Guest(page, name, Link())
    await guest.comes_in()
    return guest


@pytest.mark.long
async def test_presences_of_a_killed_livekit_end_and_who_comes_back_is_in(visit: Visit) -> None:
    """A killed LiveKit tells nothing, and its successor knows nobody."""
    stays, goes = await visit.comes("Palaava", "tulkki"), await visit.comes("Kadonnut", "läheinen")
    await stays.meets(goes)
    await visit.until_known(("Palaava", True, None), ("Kadonnut", True, None))
    await visit.media.kill()
    await goes.page.goto("about:blank")
    await visit.media.start()
    await stays.page.sees("Paikalla: 1")
    await visit.until_known(
        ("Palaava", False, "replaced"),
        ("Palaava", True, None),
        ("Kadonnut", False, "dead"),
        within=SETTLED_WITHIN_S,
    )
    await stays.page.press_button("Poistu")
    await visit.until_all_gone()


@pytest.mark.long
async def test_what_happened_while_the_service_was_away_for_long_is_made_good(visit: Visit) -> None:
    """LiveKit has given up telling who went and who came."""
    goes = await visit.comes("Mennyt", "tulkki")
    await visit.until_known(("Mennyt", True, None))
    async with await visit.member() as member:
        visit.service.kill()
        assert await visit.service.ended() < 0
        await member.enter()
        await member.publish(video=False)
        await goes.page.goto("about:blank")
        await asyncio.sleep(WEBHOOKS_TRIED_S)
        await visit.service.start()
        await visit.until_known(("Mennyt", False, "dead"), within=SETTLED_WITHIN_S)
        await until(lambda: visit.presences()["Asiakas", True, None] == 1)
        await member.leave()
    await visit.until_all_gone()
