"""The same orders and the same evidence, by a real LiveKit: the program at $LIVEKIT_SERVER or on the PATH."""

import asyncio
import base64
import hashlib
import json
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
import yaml
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from livekit import api
from livekit.protocol import models, webhook

from bot.calls.conference import PolicyChange
from bot.calls.evidence import Evidence, Kind
from bot.calls.journal import Journal
from bot.calls.livekit import CAPABILITIES, LiveKitOrders, LiveKitWebhooks, draft
from bot.calls.orders import EMBEDDED, Status, Trouble
from bot.supervision.health import answers_ok
from bot.supervision.process import Child, Process
from bot.web.media_tokens import MediaTokens
from tests.calls.browsers.media_server import NOT_RUN, livekit_program
from tests.calls.engine.client import Client
from tests.support.ports import free_port

KEY, SECRET = "eahtaritest", "s" * 43
NOW = 1_800_000_000


@dataclass(slots=True)
class LiveKit:
    url: str
    journal: Journal
    orders: LiveKitOrders
    people: AsyncExitStack

    def token(self, identity: str, room: str = "huone") -> str:
        return MediaTokens(KEY, SECRET).issue(room=room, identity=identity, name=identity.title(), role="citizen")

    async def come(self, identity: str, room: str = "huone", *, token: str = "", publishes: bool = True) -> Client:
        http = await self.people.enter_async_context(aiohttp.ClientSession())
        client = Client(self.url, token or self.token(identity, room), http)
        self.people.push_async_callback(_closed, client)
        await client.enter()
        if publishes:
            await client.publish(video=False)
        return client

    async def evidence(self, *kinds: Kind, within: float = 15.0) -> list[Evidence]:
        """All evidence, as soon as it holds these kinds, each as often as it is named."""
        end = time.monotonic() + within
        while True:
            found = await self.orders.evidence(0, 1000, 0.2)
            assert not isinstance(found, Trouble)
            told = [evidence.kind for evidence in found]
            if all(told.count(kind) >= kinds.count(kind) for kind in kinds):
                return list(found)
            assert time.monotonic() < end, f"only {told} came"


async def _closed(client: Client) -> None:
    with suppress(ConnectionError, RuntimeError):
        await client.close()


@pytest_asyncio.fixture
async def livekit(tmp_path: Path) -> AsyncIterator[LiveKit]:
    program = livekit_program()
    if program is None:
        pytest.skip(NOT_RUN)
    async with AsyncExitStack() as stack:
        journal = await stack.enter_async_context(Journal(tmp_path / "journal.db", now=time.time()))
        hooks = await stack.enter_async_context(hooks_taken(LiveKitWebhooks(KEY, SECRET, journal)))
        url = await stack.enter_async_context(running(program, tmp_path, hooks))
        orders = await stack.enter_async_context(LiveKitOrders(url, KEY, SECRET, journal))
        people = await stack.enter_async_context(AsyncExitStack())
        yield LiveKit(url, journal, orders, people)


@asynccontextmanager
async def hooks_taken(webhooks: LiveKitWebhooks) -> AsyncIterator[str]:
    async def take(request: web.Request) -> web.Response:
        believed = await webhooks.take(await request.read(), request.headers.get("Authorization", ""))
        return web.Response(status=200 if believed else 401)

    application = web.Application()
    application.router.add_post("/hook", take)
    runner = web.AppRunner(application)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"http://127.0.0.1:{port}/hook"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def running(program: Path, folder: Path, hooks: str, *, auto_create: bool = True) -> AsyncIterator[str]:
    port = free_port()
    rtc = {
        "udp_port": free_port(),
        "tcp_port": free_port(),
        "node_ip": "127.0.0.1",
        "use_external_ip": False,
        "enable_loopback_candidate": True,
    }
    settings = {
        "port": port,
        "bind_addresses": ["127.0.0.1"],
        "keys": {KEY: SECRET},
        "webhook": {"api_key": KEY, "urls": [hooks]},
        "room": {"auto_create": auto_create},
        "rtc": rtc,
    }
    config = folder / "livekit.yaml"
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    process = Process(
        Child(
            name="LiveKit",
            command=(str(program), "--config", str(config)),
            ready=lambda: answers_ok(f"http://127.0.0.1:{port}/"),
            output=folder / "livekit.log",
            stop_limit=0.5,  # it would wait ten seconds for who is still in
        )
    )
    await process.start()
    try:
        yield f"ws://127.0.0.1:{port}"
    finally:
        await process.stop()


# Against the real server


async def test_who_is_in_is_told_with_role_and_microphone(livekit: LiveKit) -> None:
    assert await livekit.orders.participants("huone") is Trouble.UNKNOWN_ROOM
    await livekit.come("citizen")
    await livekit.evidence(Kind.PUBLISHED)
    found = await livekit.orders.participants("huone")
    assert not isinstance(found, Trouble)
    (citizen,) = found
    assert (citizen.identity, citizen.name, citizen.role) == ("citizen", "Citizen", "citizen")
    assert (citizen.publishes, citizen.muted) == (("audio",), False)
    assert abs(citizen.joined_at - time.time()) < 60


async def test_rooms_and_people_are_counted(livekit: LiveKit) -> None:
    """LiveKit brings its numbers up to date every few seconds."""
    await livekit.come("citizen")
    counted: object = None
    for _ in range(100):
        counted = await livekit.orders.status()
        if counted == Status(1, 1, 0.0, 0.0, 0.0, ""):
            return
        await asyncio.sleep(0.2)
    pytest.fail(f"it stayed at {counted}")


async def test_a_presence_is_evidence_from_coming_to_going(livekit: LiveKit) -> None:
    client = await livekit.come("citizen")
    await livekit.evidence(Kind.PUBLISHED)
    await client.leave()
    found = await livekit.evidence(Kind.LEFT)
    assert [evidence.kind for evidence in found if evidence.kind is not Kind.UNPUBLISHED] == [
        Kind.OPENED,
        Kind.JOINED,
        Kind.PUBLISHED,
        Kind.LEFT,
    ]
    by_kind = {evidence.kind: evidence for evidence in found}
    assert by_kind[Kind.JOINED].facts == {"name": "Citizen", "role": "citizen"}
    assert by_kind[Kind.PUBLISHED].facts["source"] == "microphone"
    assert by_kind[Kind.LEFT].facts["reason"] == "left"
    assert {by_kind[kind].sid for kind in (Kind.JOINED, Kind.LEFT)} == {by_kind[Kind.JOINED].sid}
    assert {evidence.room for evidence in found} == {"huone"}
    assert await livekit.orders.settled(found[-1].number) is None
    assert await livekit.orders.evidence(0, 10, 0) == []


async def test_the_chair_mutes_and_livekit_lets_nobody_be_opened_by_others(livekit: LiveKit) -> None:
    await livekit.come("citizen")
    await livekit.evidence(Kind.PUBLISHED)
    assert await livekit.orders.mute("huone", "citizen", muted=True) is None
    assert await is_muted(livekit)
    assert await livekit.orders.mute("huone", "citizen", muted=False) is None
    assert await is_muted(livekit)
    assert await livekit.orders.mute("huone", "official", muted=True) is Trouble.UNKNOWN_PARTICIPANT
    assert await livekit.orders.mute("toinen", "official", muted=True) is Trouble.UNKNOWN_ROOM


async def is_muted(livekit: LiveKit) -> bool:
    found = await livekit.orders.participants("huone")
    assert not isinstance(found, Trouble)
    return found[0].muted


async def test_removing_ends_a_presence_and_says_so(livekit: LiveKit) -> None:
    citizen, _ = await livekit.come("citizen"), await livekit.come("official")
    await livekit.evidence(Kind.JOINED, Kind.JOINED)
    assert await livekit.orders.remove("huone", "citizen") is None
    await citizen.until(lambda: citizen.left is not None)
    found = await livekit.evidence(Kind.LEFT)
    reasons = [evidence.facts["reason"] for evidence in found if evidence.kind is Kind.LEFT]
    assert reasons == ["removed"]
    assert await livekit.orders.remove("huone", "citizen") is Trouble.UNKNOWN_PARTICIPANT
    assert await livekit.orders.remove("toinen", "citizen") is Trouble.UNKNOWN_ROOM


async def test_closing_ends_the_room_for_all(livekit: LiveKit) -> None:
    for name in ("citizen", "official"):
        await livekit.come(name)
    await livekit.evidence(Kind.JOINED, Kind.JOINED)
    assert await livekit.orders.close("huone") is None
    found = await livekit.evidence(Kind.LEFT, Kind.LEFT, Kind.CLOSED)
    reasons = [evidence.facts["reason"] for evidence in found if evidence.kind is Kind.LEFT]
    assert reasons == ["room_closed", "room_closed"]
    assert await livekit.orders.close("huone") is Trouble.UNKNOWN_ROOM


async def test_the_same_identity_replaces_its_earlier_connection(livekit: LiveKit) -> None:
    await livekit.come("citizen")
    await livekit.evidence(Kind.JOINED)
    await livekit.come("citizen")
    found = await livekit.evidence(Kind.JOINED, Kind.JOINED, Kind.LEFT)
    (left,) = [evidence for evidence in found if evidence.kind is Kind.LEFT]
    first, second = [evidence for evidence in found if evidence.kind is Kind.JOINED]
    assert left.facts["reason"] == "replaced"
    assert left.sid == first.sid != second.sid


async def test_a_limit_holds_when_it_was_set_before_anybody_came_and_can_not_be_changed_then(livekit: LiveKit) -> None:
    assert await livekit.orders.policy("huone", PolicyChange(max_participants=1)) is None
    await livekit.come("citizen")
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await livekit.come("official", publishes=False)
    assert await livekit.orders.policy("huone", PolicyChange(max_participants=1)) is None
    assert await livekit.orders.policy("huone", PolicyChange(max_participants=5)) is Trouble.UNSUPPORTED
    assert not CAPABILITIES.changes_limit


async def test_opening_a_room_changes_nothing_for_those_who_are_in_it(livekit: LiveKit) -> None:
    assert await livekit.orders.open("huone") is None
    assert await livekit.orders.participants("huone") == []
    await livekit.come("citizen")
    await livekit.evidence(Kind.JOINED, Kind.PUBLISHED)
    for _ in range(2):
        assert await livekit.orders.open("huone") is None
    assert await livekit.orders.rooms() == ["huone"]
    told = [evidence.kind for evidence in await livekit.evidence()]
    assert sorted(told) == [Kind.JOINED, Kind.OPENED, Kind.PUBLISHED]


async def test_a_livekit_that_makes_no_rooms_by_itself_lets_in_once_the_room_was_opened(tmp_path: Path) -> None:
    program = livekit_program()
    if program is None:
        pytest.skip(NOT_RUN)
    token = MediaTokens(KEY, SECRET).issue(room="huone", identity="citizen")
    async with (
        Journal(tmp_path / "journal.db", now=time.time()) as journal,
        running(program, tmp_path, f"http://127.0.0.1:{free_port()}/nobody", auto_create=False) as url,
        LiveKitOrders(url, KEY, SECRET, journal) as orders,
        aiohttp.ClientSession() as http,
    ):
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await Client(url, token, http).enter()
        assert refused.value.status == HTTPStatus.NOT_FOUND
        assert await orders.open("huone") is None
        citizen = Client(url, token, http)
        await citizen.enter()
        await citizen.close()


async def test_what_livekit_can_not_do_is_refused_or_passed_over_as_its_capabilities_say(livekit: LiveKit) -> None:
    assert await livekit.orders.policy("huone", PolicyChange(locked=True)) is Trouble.UNSUPPORTED
    assert await livekit.orders.policy("huone", PolicyChange(locked=False, loudest=3, last_n=6)) is None
    known = [(one.lock, one.loudest, one.last_n) for one in (CAPABILITIES, EMBEDDED)]
    assert known == [(False, False, False), (True, True, True)]


async def test_an_earlier_token_lets_a_removed_person_in_again_as_the_capabilities_say(livekit: LiveKit) -> None:
    """The day this fails, LiveKit has learned it, and `voids_tokens` may become true."""
    token = livekit.token("citizen")
    await livekit.come("citizen", token=token)
    await livekit.evidence(Kind.JOINED)
    await livekit.orders.remove("huone", "citizen")
    await livekit.evidence(Kind.LEFT)
    await livekit.come("citizen", token=token)
    assert not CAPABILITIES.voids_tokens


# Without a server


async def test_a_server_that_is_not_there_is_unreachable(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    async with (
        Journal(tmp_path / "journal.db", now=time.time()) as journal,
        LiveKitOrders(url, KEY, SECRET, journal) as orders,
    ):
        assert await orders.status() is Trouble.UNREACHABLE
        assert await orders.participants("huone") is Trouble.UNREACHABLE
        assert await orders.mute("huone", "citizen", muted=True) is Trouble.UNREACHABLE
        assert await orders.remove("huone", "citizen") is Trouble.UNREACHABLE
        assert await orders.close("huone") is Trouble.UNREACHABLE
        assert await orders.open("huone") is Trouble.UNREACHABLE
        assert await orders.rooms() is Trouble.UNREACHABLE
        assert await orders.policy("huone", PolicyChange(max_participants=3)) is Trouble.UNREACHABLE


async def test_a_server_with_another_secret_is_a_failure(tmp_path: Path, livekit: LiveKit) -> None:
    async with (
        Journal(tmp_path / "other.db", now=time.time()) as journal,
        LiveKitOrders(livekit.url, KEY, secrets.token_hex(32), journal) as orders,
    ):
        assert await orders.status() is Trouble.FAILED


# Webhooks


def joined(id: str = "EV_1", *, event: str = "participant_joined", sid: str = "PA_1") -> bytes:
    participant = {
        "sid": sid,
        "identity": "citizen",
        "name": "Kuntalainen",
        "joinedAt": str(NOW - 60),
        "attributes": {"role": "guest"},
    }
    hook = {"event": event, "id": id, "createdAt": str(NOW), "room": {"name": "huone"}}
    return json.dumps({**hook, "participant": participant, "ofALaterVersion": 1}).encode()


def signed(body: bytes, secret: str = SECRET, ttl: timedelta = timedelta(minutes=5)) -> str:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return api.AccessToken(KEY, secret).with_sha256(digest).with_ttl(ttl).to_jwt()


@pytest_asyncio.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with Journal(tmp_path / "journal.db", now=time.time()) as opened:
        yield opened


async def test_a_webhook_that_comes_twice_is_one_piece_of_evidence(journal: Journal) -> None:
    webhooks = LiveKitWebhooks(KEY, SECRET, journal)
    for _ in range(3):
        assert await webhooks.take(joined(), signed(joined()))
    (found,) = await journal.read(0, 10)
    assert (found.kind, found.identity, found.at) == (Kind.JOINED, "citizen", NOW)
    assert found.facts == {"name": "Kuntalainen", "role": "guest"}


async def test_a_connection_comes_once_and_another_of_the_same_person_is_another_coming(journal: Journal) -> None:
    webhooks = LiveKitWebhooks(KEY, SECRET, journal)
    for body in (joined("EV_1"), joined("EV_2"), joined("EV_3", sid="PA_2")):
        assert await webhooks.take(body, signed(body))
    assert [found.sid for found in await journal.read(0, 10)] == ["PA_1", "PA_2"]


async def test_tracks_are_told_once_for_each_webhook(journal: Journal) -> None:
    webhooks = LiveKitWebhooks(KEY, SECRET, journal)
    for id in ("EV_1", "EV_2", "EV_2"):
        body = joined(id, event="track_published")
        assert await webhooks.take(body, signed(body))
    assert [found.kind for found in await journal.read(0, 10)] == [Kind.PUBLISHED, Kind.PUBLISHED]


async def test_who_leaves_and_was_not_known_to_have_come_has_come(journal: Journal) -> None:
    webhooks = LiveKitWebhooks(KEY, SECRET, journal)
    for id in ("EV_1", "EV_2"):
        body = joined(id, event="participant_left")
        assert await webhooks.take(body, signed(body))
    came, went = await journal.read(0, 10)
    assert (came.kind, came.at, came.facts) == (Kind.JOINED, NOW - 60, {"name": "Kuntalainen", "role": "guest"})
    assert (went.kind, went.at, went.facts["seconds"]) == (Kind.LEFT, NOW, 60.0)
    assert came.sid == went.sid


FORGERIES: dict[str, Callable[[bytes], str]] = {
    "no signature": lambda _: "",
    "nonsense": lambda _: "a.b.c",
    "another secret": lambda body: signed(body, secret=secrets.token_hex(32)),
    "another body": lambda _: signed(b"{}"),
    "run out": lambda body: signed(body, ttl=timedelta(minutes=-5)),
    "a token for media": lambda _: MediaTokens(KEY, SECRET).issue(room="huone", identity="citizen"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
async def test_what_livekit_did_not_sign_is_not_believed(journal: Journal, forgery: str) -> None:
    webhooks = LiveKitWebhooks(KEY, SECRET, journal)
    assert not await webhooks.take(joined(), FORGERIES[forgery](joined()))
    assert list(await journal.read(0, 10)) == []


async def test_a_signed_body_that_is_no_webhook_is_not_believed(journal: Journal) -> None:
    webhooks = LiveKitWebhooks(KEY, SECRET, journal)
    for body in (b"", b"[]", b"{", b"\xff\xfe", b'{"createdAt": "soon"}'):
        assert not await webhooks.take(body, signed(body))


async def test_webhooks_about_other_things_are_taken_and_are_no_evidence(journal: Journal) -> None:
    webhooks = LiveKitWebhooks(KEY, SECRET, journal)
    body = b'{"event": "egress_started", "id": "EV_9", "createdAt": "1"}'
    assert await webhooks.take(body, signed(body))
    assert list(await journal.read(0, 10)) == []


@given(st.binary(max_size=300), st.text(max_size=100))
def test_any_bytes_are_read_without_an_error(body: bytes, authorization: str) -> None:
    async def read() -> None:
        assert LiveKitWebhooks(KEY, SECRET, Unused()).read(body, authorization) is None

    asyncio.run(read())


class Unused(Journal):
    """A journal that nothing is written to."""

    def __init__(self) -> None:
        pass


def left(reason: models.DisconnectReason, seconds: float = 90.5) -> webhook.WebhookEvent:
    participant = models.ParticipantInfo(
        sid="PA_1", identity="citizen", joined_at_ms=int((NOW - seconds) * 1000), disconnect_reason=reason
    )
    room = models.Room(name="huone")
    return webhook.WebhookEvent(event="participant_left", room=room, participant=participant, created_at=NOW)


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (models.DisconnectReason.CLIENT_INITIATED, "left"),
        (models.DisconnectReason.DUPLICATE_IDENTITY, "replaced"),
        (models.DisconnectReason.PARTICIPANT_REMOVED, "removed"),
        (models.DisconnectReason.ROOM_DELETED, "room_closed"),
        (models.DisconnectReason.SERVER_SHUTDOWN, "engine_stopped"),
        (models.DisconnectReason.CONNECTION_TIMEOUT, "dead"),
        (models.DisconnectReason.UNKNOWN_REASON, "dead"),
    ],
)
def test_why_somebody_left_is_told_in_our_words(reason: models.DisconnectReason, told: str) -> None:
    evidence = draft(left(reason))
    assert evidence is not None
    assert evidence.facts == {"reason": told, "seconds": 90.5}


def test_a_presence_is_never_shorter_than_nothing() -> None:
    """Webhooks tell whole seconds, rounded down, and joining milliseconds."""
    evidence = draft(left(models.DisconnectReason.CLIENT_INITIATED, seconds=-0.7))
    assert evidence is not None
    assert evidence.facts["seconds"] == 0.0


def test_a_participant_that_never_got_a_connection_is_no_presence() -> None:
    event = left(models.DisconnectReason.JOIN_FAILURE)
    event.event = "participant_connection_aborted"
    assert draft(event) is None
