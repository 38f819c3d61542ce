"""The way by a relay: real coturn, real engine, and a client that may send no other way."""

import asyncio
import hashlib
import hmac
import time
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from aioice import turn
from aioice.stun import TransactionFailed
from aiortc import RTCCertificate, RTCIceServer

from benchmarks.calls.livekit_door import LiveKitDoor
from benchmarks.calls.participant import Participant, Place
from benchmarks.calls.peers import Running, machine_address, own_engine
from benchmarks.calls.scene import RATE, SOUND_MS, Recording, record
from bot.calls.turn import Coturn, IceServer, Relay
from tests.support.turn_server import SECRET, TEMPLATE, RunningRelay, turn_server

NOW = 1_800_000_000.0
IDENTITY = "@citizen:aanekoski.example:LAITE"
WATCHED_S = 6.0


def test_credentials_are_those_of_the_draft() -> None:
    server = Relay("turn.example", SECRET).server_for(IDENTITY, NOW)
    expires, _, name = server.username.partition(":")
    assert int(expires) == NOW + 7200
    assert name
    digest = hmac.digest(SECRET.encode(), server.username.encode(), hashlib.sha1)
    assert server.credential == b64encode(digest).decode()


def test_a_name_counts_one_person_and_tells_nobody() -> None:
    relay = Relay("turn.example", SECRET)
    names = [
        relay.server_for(who, at).username.partition(":")[2] for who in (IDENTITY, "guest") for at in (NOW, NOW + 9)
    ]
    assert names[0] == names[1] != names[2] == names[3]
    assert "citizen" not in names[0]
    assert Relay("turn.example", "another").server_for(IDENTITY, NOW).username.partition(":")[2] != names[0]


@pytest.mark.parametrize(
    ("relay", "urls"),
    [
        (
            Relay("turn.example", SECRET, 3478, 5349),
            (
                "turn:turn.example:3478?transport=udp",
                "turn:turn.example:3478?transport=tcp",
                "turns:turn.example:5349?transport=tcp",
            ),
        ),
        (
            Relay("2001:db8::1", SECRET),
            ("turn:[2001:db8::1]:3478?transport=udp", "turn:[2001:db8::1]:3478?transport=tcp"),
        ),
    ],
)
def test_every_way_has_its_address(relay: Relay, urls: tuple[str, ...]) -> None:
    assert relay.server_for(IDENTITY, NOW).urls == urls


@pytest.mark.parametrize("secret", ["a\nno-auth", "a b", "a#b", "", "ä"])
def test_no_value_breaks_out_of_its_line(secret: str) -> None:
    place = Coturn("a.example", secret, "192.0.2.1", "192.0.2.1", "192.0.2.1", "/c.pem", "/k.pem", "/var/lib/turn")
    with pytest.raises(ValueError, match="secret"):
        place.file(TEMPLATE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def recording() -> Recording:
    return record()


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Running]:
    async with own_engine(tmp_path / "engine", machine_address()) as running:
        yield running


@pytest.fixture
async def relay(tmp_path: Path) -> AsyncIterator[RunningRelay]:
    async with turn_server(tmp_path / "relay", machine_address()) as running:
        yield running


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.mark.parametrize("way", ["turn:{}?transport=udp", "turn:{}?transport=tcp", "turns:{}?transport=tcp"])
async def test_a_client_behind_a_relay_sees_and_is_seen(  # noqa: PLR0917 - fixtures
    way: str,
    engine: Running,
    relay: RunningRelay,
    http: aiohttp.ClientSession,
    recording: Recording,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(relay.roots))
    place = Place(0, 2, engine.address, RTCCertificate.generateCertificate(), recording)
    server = _by(way, relay.relay.server_for(IDENTITY, time.time()))
    doors = [
        LiveKitDoor(http, engine.url, engine.token(0), replace(place, relay=server)),
        LiveKitDoor(http, engine.url, engine.token(1), replace(place, index=1)),
    ]
    try:
        inside = [await door.join() for door in doors]
        assert doors[0].candidates
        assert all(" typ relay " in candidate for candidate in doors[0].candidates)
        await _play(inside, WATCHED_S)
        for participant in inside:
            counted = participant.receiver.total()
            assert counted.pictures > RATE
            assert counted.heard
            assert counted.lost == 0
    finally:
        for door in doors:
            await door.close()
    assert "Total General servers" in relay.log
    assert not any(word in relay.log for word in ("citizen", server.username.partition(":")[2], server.credential))


@pytest.mark.parametrize("why", ["expired", "forged"])
async def test_nobody_without_valid_credentials_is_relayed(why: str, relay: RunningRelay) -> None:
    late = relay.relay.server_for(IDENTITY, time.time(), timedelta(seconds=-60))
    forged = Relay("localhost", "another-secret", relay.relay.port).server_for(IDENTITY, time.time())
    server = late if why == "expired" else forged
    with pytest.raises(TransactionFailed) as refusal:
        await _allocated(relay.relay.port, server)
    assert refusal.value.response.attributes["ERROR-CODE"][0] == 401


@pytest.mark.parametrize("peer", ["10.0.0.1", "127.0.0.1", "198.51.100.7", "169.254.169.254"])
async def test_the_relay_reaches_the_engine_and_nobody_else(peer: str, relay: RunningRelay) -> None:
    transport, seen = await _allocated(relay.relay.port, relay.relay.server_for(IDENTITY, time.time()))
    try:
        transport.sendto(b"hello", (peer, 9))
        refusal = await asyncio.wait_for(seen.refused, 5)
        assert isinstance(refusal, TransactionFailed)
        assert refusal.response.attributes["ERROR-CODE"][0] == 403
    finally:
        transport.close()


class _Seen(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.refused: asyncio.Future[Exception] = asyncio.get_running_loop().create_future()

    def error_received(self, exc: Exception) -> None:
        if not self.refused.done():
            self.refused.set_result(exc)


async def _allocated(port: int, server: IceServer) -> tuple[turn.TurnTransport, _Seen]:
    return await turn.create_turn_endpoint(
        _Seen, server_addr=("127.0.0.1", port), username=server.username, password=server.credential
    )


def _by(way: str, server: IceServer) -> RTCIceServer:
    """aiortc takes the first address only: the one way that is wanted."""
    scheme, _, transport = way.partition("{}")
    url = next(one for one in server.urls if one.startswith(scheme) and one.endswith(transport))
    return RTCIceServer(urls=url, username=server.username, credential=server.credential)


async def _play(inside: list[Participant], seconds: float) -> None:
    end = time.monotonic() + seconds
    while (now := time.monotonic()) < end:
        for participant in inside:
            if participant.sounds_due <= now:
                participant.camera.send_sound(now)
                participant.sounds_due = now + SOUND_MS / 1000
            if participant.pictures_due <= now:
                participant.camera.send_picture(now)
                participant.pictures_due = now + 1 / RATE
            participant.receiver.tick(now)
        await asyncio.sleep(0.005)
