"""The way by a relay in a real browser: Chromium with livekit-client that may send no other way, by real coturn."""

import json
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from benchmarks.calls.peers import machine_address
from bot.calls.turn import IceServer
from tests.calls.browsers.chromium import Browser, Browsers
from tests.calls.browsers.conference import CITIZEN, OFFICIAL, Conference, conference, script
from tests.calls.browsers.media_server import MediaServer
from tests.calls.browsers.participant import Camera, Participant
from tests.calls.browsers.site import Site
from tests.support import call_engine
from tests.support.turn_server import RunningRelay, turn_server

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

_RELAYED = """
{
  const Plain = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Plain {
    constructor(settings) {
      super({ ...settings, iceServers: [%s], iceTransportPolicy: "relay" });
    }
  };
}
"""
"""What a page of a participant starts with whose network lets nothing else through."""


@pytest_asyncio.fixture(loop_scope="session")
async def relay(tmp_path: Path) -> AsyncIterator[RunningRelay]:
    async with turn_server(tmp_path / "relay", machine_address()) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def held(tmp_path: Path, pages: Site, browser: Browser) -> AsyncIterator[Conference]:
    arguments = ("--address", machine_address())
    async with call_engine.engine(tmp_path / "engine", arguments=arguments) as running:
        server = MediaServer(running.url, running.key, running.secret, socket=running.socket)
        async with conference(server, pages, browser) as held:
            yield held


@pytest_asyncio.fixture(loop_scope="session")
async def careless(browsers: Browsers) -> AsyncIterator[Browser]:
    """Takes the tests' own certificate."""
    started = await browsers.launch("--ignore-certificate-errors")
    yield started
    await started.quit()


@pytest.mark.parametrize("way", ["turn:{}?transport=udp", "turn:{}?transport=tcp", "turns:{}?transport=tcp"])
async def test_who_has_only_the_relay_sees_hears_and_is_seen(
    way: str, held: Conference, relay: RunningRelay, careless: Browser
) -> None:
    official = await held.enter(OFFICIAL)
    citizen = await _behind(held, careless, way, relay.relay.server_for("citizen", time.time()))
    await citizen.until(lambda seen: OFFICIAL in seen.seen and OFFICIAL in seen.heard, within=30)
    await official.until(lambda seen: CITIZEN in seen.seen and CITIZEN in seen.heard, within=30)


async def _behind(held: Conference, browser: Browser, way: str, server: IceServer) -> Participant:
    scheme, _, transport = way.partition("{}")
    url = next(one for one in server.urls if one.startswith(scheme) and one.endswith(transport))
    relay = json.dumps({"urls": url, "username": server.username, "credential": server.credential})
    camera = Camera()
    tile = {"width": 400, "height": 225}
    who = {"number": CITIZEN, "tile": tile, "keys": None}
    who["camera"] = {"width": camera.width, "height": camera.height, "frames": camera.frames}
    page = await browser.open(held.site.participant, script=_RELAYED % relay + script(held.site, who))
    participant = Participant(CITIZEN, "citizen", page)
    held.present.append(participant)
    await participant.join(held.server.url, held.server.token(held.room, participant.identity))
    await participant.microphone(on=True)
    await participant.camera(on=True)
    return participant
