"""Evidence that LiveKit's webhooks did not bring: made good by who is in, once, and not while one can still come."""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio

from bot.calls.conference.values import Present
from bot.calls.evidence import Evidence, Kind
from bot.calls.journal import Journal
from bot.calls.livekit import LiveKitOrders, LiveKitWebhooks
from bot.calls.livekit_roll_call import GRACE_S, Open, RollCall
from bot.calls.orders import Trouble
from bot.web.media_tokens import MediaTokens
from tests.calls.browsers.media_server import NOT_RUN, livekit_program
from tests.calls.engine.client import client
from tests.calls.test_livekit_orders import KEY, NOW, SECRET, joined, running, signed
from tests.support.ports import free_port

ROOM = "huone"


class Rooms(LiveKitOrders):
    """A LiveKit whose rooms are what the test says."""

    def __init__(self, journal: Journal) -> None:
        super().__init__("http://127.0.0.1:1", KEY, SECRET, journal)
        self.people: dict[str, list[Present]] = {}
        self.trouble: Trouble | None = None
        self.silent_rooms: set[str] = set()

    async def rooms(self) -> Sequence[str] | Trouble:
        return self.trouble or list(self.people)

    async def participants(self, room: str) -> Sequence[Present] | Trouble:
        return Trouble.UNREACHABLE if room in self.silent_rooms else self.people[room]


@dataclass
class Hall:
    """What evidence knows is told by the journal alone, as the service would store it."""

    journal: Journal
    rooms: Rooms
    now: float = float(NOW)
    stored: list[Evidence] = field(default_factory=list)
    roll_call: RollCall = field(init=False)

    def __post_init__(self) -> None:
        self.begins_anew()

    def begins_anew(self) -> None:
        """As after a restart of the service."""
        self.roll_call = RollCall(self.rooms, self.journal, self.known, clock=lambda: self.now)

    async def known(self) -> Collection[Open]:
        self.stored = list(await self.journal.read(0, 1000))
        ended = {one.sid for one in self.stored if one.kind is Kind.LEFT}
        came = [one for one in self.stored if one.kind is Kind.JOINED and one.sid not in ended]
        return [Open(one.room, one.identity, one.sid, one.at) for one in came]

    def comes(self, sid: str = "PA_1", identity: str = "citizen") -> None:
        one = Present(identity, sid, identity.title(), "citizen", self.now, (), muted=True, speaking_s=0.0)
        self.rooms.people.setdefault(ROOM, []).append(one)

    def goes(self, sid: str = "PA_1") -> None:
        self.rooms.people[ROOM] = [one for one in self.rooms.people[ROOM] if one.sid != sid]

    async def looks(self, *, after: float = 10.0) -> None:
        self.now += after
        await self.roll_call.look()

    async def told(self) -> list[tuple[Kind, str, float]]:
        return [(one.kind, one.sid, one.at) for one in await self.journal.read(0, 1000)]


@pytest_asyncio.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with Journal(tmp_path / "journal.db", now=time.time()) as opened:
        yield opened


@pytest.fixture
def hall(journal: Journal) -> Hall:
    return Hall(journal, Rooms(journal))


async def known_by_webhook(hall: Hall, sid: str = "PA_1") -> None:
    body = joined(secrets.token_hex(4), sid=sid)
    assert await LiveKitWebhooks(KEY, SECRET, hall.journal).take(body, signed(body))


async def test_who_is_in_and_unknown_has_come_once_a_webhook_had_its_time(hall: Hall) -> None:
    hall.comes()
    at = hall.now
    for _ in range(4):
        await hall.looks()
    assert await hall.told() == []
    for _ in range(4):
        await hall.looks()
    assert await hall.told() == [(Kind.JOINED, "PA_1", at)]
    (came,) = await hall.journal.read(0, 10)
    assert (came.room, came.identity, came.facts) == (ROOM, "citizen", {"name": "Citizen", "role": "citizen"})


async def test_who_is_not_in_any_more_left_when_they_were_last_seen(hall: Hall) -> None:
    await known_by_webhook(hall)
    hall.comes()
    await hall.looks()
    seen = hall.now
    hall.goes()
    for _ in range(4):
        await hall.looks()
    assert [kind for kind, _, _ in await hall.told()] == [Kind.JOINED]
    for _ in range(4):
        await hall.looks()
    assert await hall.told() == [(Kind.JOINED, "PA_1", NOW), (Kind.LEFT, "PA_1", seen)]
    left = (await hall.journal.read(0, 10))[-1]
    assert left.facts == {"reason": "dead", "seconds": seen - NOW}


async def test_a_room_that_is_not_there_any_more_has_nobody_in_it(hall: Hall) -> None:
    await known_by_webhook(hall)
    for _ in range(6):
        await hall.looks()
    assert [kind for kind, _, _ in await hall.told()] == [Kind.JOINED, Kind.LEFT]


async def test_who_is_back_by_another_connection_was_replaced(hall: Hall) -> None:
    await known_by_webhook(hall)
    hall.comes("PA_2")
    for _ in range(6):
        await hall.looks()
    told = await hall.journal.read(0, 10)
    assert [(one.kind, one.sid) for one in told] == [
        (Kind.JOINED, "PA_1"),
        (Kind.JOINED, "PA_2"),
        (Kind.LEFT, "PA_1"),
    ]
    assert told[-1].facts["reason"] == "replaced"


async def test_a_webhook_that_comes_in_time_leaves_nothing_to_make_good(hall: Hall) -> None:
    hall.comes()
    await hall.looks()
    await known_by_webhook(hall)
    for _ in range(8):
        await hall.looks()
    assert [kind for kind, _, _ in await hall.told()] == [Kind.JOINED]


async def test_a_webhook_that_comes_after_all_adds_nothing(hall: Hall) -> None:
    hall.comes()
    for _ in range(6):
        await hall.looks()
    hall.goes()
    for _ in range(6):
        await hall.looks()
    for event in ("participant_joined", "participant_left"):
        body = joined(event, event=event)
        assert await LiveKitWebhooks(KEY, SECRET, hall.journal).take(body, signed(body))
    assert [kind for kind, _, _ in await hall.told()] == [Kind.JOINED, Kind.LEFT]


async def test_nothing_follows_from_a_livekit_that_does_not_tell(hall: Hall) -> None:
    await known_by_webhook(hall)
    hall.rooms.trouble = Trouble.UNREACHABLE
    for _ in range(10):
        await hall.looks()
    hall.rooms.trouble = None
    hall.comes()
    hall.rooms.silent_rooms.add(ROOM)
    for _ in range(10):
        await hall.looks()
    assert [kind for kind, _, _ in await hall.told()] == [Kind.JOINED]


async def test_after_a_restart_of_the_service_who_is_gone_left_when_livekit_was_last_looked_at(hall: Hall) -> None:
    await known_by_webhook(hall)
    hall.comes()
    await hall.looks()
    seen = hall.now
    hall.goes()
    hall.now += 8 * 3600
    hall.begins_anew()
    for _ in range(6):
        await hall.looks()
    assert (await hall.told())[-1] == (Kind.LEFT, "PA_1", seen)


async def test_a_look_that_fails_is_not_the_last(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter((RuntimeError("look"), asyncio.CancelledError()))

    async def fails() -> Sequence[str] | Trouble:
        raise next(looks)

    monkeypatch.setattr(hall.rooms, "rooms", fails)
    monkeypatch.setattr("bot.calls.livekit_roll_call.LOOK_S", 0.0)
    with pytest.raises(asyncio.CancelledError):
        await hall.roll_call.run()


async def test_a_real_livekit_whose_webhooks_are_all_lost_is_known_by_looking(tmp_path: Path, journal: Journal) -> None:
    program = livekit_program()
    if program is None:
        pytest.skip(NOT_RUN)
    token = MediaTokens(KEY, SECRET).issue(room=ROOM, identity="citizen", name="Kuntalainen", role="citizen")
    async with (
        running(program, tmp_path, f"http://127.0.0.1:{free_port()}/nobody") as url,
        LiveKitOrders(url, KEY, SECRET, journal) as orders,
    ):
        hall = Hall(journal, Rooms(journal))
        hall.roll_call = RollCall(orders, journal, hall.known, clock=lambda: hall.now)
        hall.now = time.time()
        async with client(url, token) as citizen:
            await citizen.enter()
            await citizen.publish(video=False)
            await hall.looks()
            await hall.looks(after=GRACE_S)
            (came,) = await journal.read(0, 10)
            assert (came.kind, came.identity, came.facts["name"]) == (Kind.JOINED, "citizen", "Kuntalainen")
            assert abs(came.at - time.time()) < 30
            await citizen.leave()
        await _gone(orders)
        await hall.looks()
        await hall.looks(after=GRACE_S)
        assert [kind for kind, _, _ in await hall.told()] == [Kind.JOINED, Kind.LEFT]


async def _gone(orders: LiveKitOrders) -> None:
    for _ in range(100):
        if await orders.participants(ROOM) in ([], Trouble.UNKNOWN_ROOM):
            return
    pytest.fail("it is still there")
