"""An engine's life: people come and go, die, are taken for one another, and the engine itself ends and begins again."""

import asyncio
import os
import signal
from pathlib import Path

import aiohttp
from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from bot.calls.client import EngineClient
from bot.calls.conference.values import PolicyChange
from bot.calls.evidence import Kind
from bot.calls.orders import Trouble
from tests.calls.engine.client import Client, client
from tests.calls.engine.conftest import Enter
from tests.support.call_engine import RunningEngine, engine


async def test_two_people_get_each_others_sound_and_pictures(enter: Enter) -> None:
    one, two = await enter("a"), await enter("b")
    for who in (one, two):
        await who.until(lambda who=who: len(who.packets) == 2 and min(who.packets.values()) > 20)  # type: ignore[misc]  # the loop's


async def test_who_says_goodbye_is_gone_at_once(enter: Enter) -> None:
    one, two = await enter("a"), await enter("b")
    await one.until(lambda: one.others() == {"b"})
    await two.leave()
    await one.until(lambda: one.others() == set(), within=1)


async def test_a_dead_device_is_gone_for_the_others_within_ten_seconds(enter: Enter) -> None:
    one, two = await enter("a"), await enter("b")
    await one.until(lambda: one.others() == {"b"} and one.packets)
    two.vanish()
    await one.until(lambda: one.others() == set(), within=10)


async def test_who_only_listens_is_not_taken_for_dead(enter: Enter) -> None:
    one, two = await enter("a"), await enter("b", sound=False)
    await asyncio.sleep(12)
    assert one.others() == {"b"}
    assert two.left is None
    assert two.packets


async def test_the_same_identity_takes_the_place_of_its_earlier_connection(enter: Enter) -> None:
    other, first = await enter("a"), await enter("b")
    second = await enter("b")
    await first.until(lambda: first.left is not None)
    assert first.left is not None
    assert first.left.reason == pm.DisconnectReason.DUPLICATE_IDENTITY
    assert first.left.action == pr.LeaveRequest.DISCONNECT
    await second.until(lambda: second.others() == {"a"} and len(second.packets) == 2)
    assert other.others() == {"b"}


async def test_an_engine_told_to_stop_sends_everybody_to_its_successor(running: RunningEngine, enter: Enter) -> None:
    one = await enter("a")
    await running.process.stop()
    await one.until(one.closed.is_set, within=2)
    assert one.left is not None
    assert one.left.action == pr.LeaveRequest.RECONNECT
    await running.process.start()
    again = await enter("a")
    other = await enter("b")
    await other.until(lambda: len(other.packets) == 2)
    assert again.others() == {"b"}


async def test_a_killed_engine_leaves_all_its_evidence_and_the_time_it_lived(
    running: RunningEngine, enter: Enter
) -> None:
    one = await enter("a")
    await enter("b")
    await one.until(lambda: len(one.packets) == 2)
    async with EngineClient(running.socket) as orders:
        before = await orders.evidence(0, 100, 0)
        os.kill(running.pid, signal.SIGKILL)
        await running.restart()
        after = await orders.evidence(0, 100, 0)
    assert not isinstance(before, Trouble)
    assert not isinstance(after, Trouble)
    assert list(after[: len(before)]) == list(before)
    assert [one.identity for one in before if one.kind is Kind.JOINED] == ["a", "b"]
    last_alive = after[-1].facts["last_alive"]
    assert after[-1].kind is Kind.ENGINE_STARTED
    assert isinstance(last_alive, float)
    assert after[-1].at - last_alive < 30


async def test_the_chair_mutes_removes_and_locks(running: RunningEngine, enter: Enter) -> None:
    one, two = await enter("a"), await enter("b", picture=False)
    await one.until(lambda: one.sources() == 1)
    async with EngineClient(running.socket) as orders:
        assert await orders.mute("huone", "b", muted=True) is None
        await two.until(lambda: any(message.mute.muted for message in two.inbox))
        await asyncio.sleep(0.2)
        before = sum(one.packets.values())
        await asyncio.sleep(0.5)
        assert sum(one.packets.values()) == before

        assert await orders.policy("huone", PolicyChange(locked=True)) is None
        async with client(running.url, running.token("huone", "c")) as stranger:
            refused = await _refusal(stranger)
        assert refused == 403

        assert await orders.remove("huone", "b") is None
        await two.until(lambda: two.left is not None)
        assert two.left is not None
        assert two.left.reason == pm.DisconnectReason.PARTICIPANT_REMOVED
        await one.until(lambda: one.others() == set())
        found = await orders.participants("huone")
        assert not isinstance(found, Trouble)
        assert [present.identity for present in found] == ["a"]


async def _refusal(one: Client) -> int:
    try:
        await one.enter()
    except aiohttp.WSServerHandshakeError as error:
        return error.status
    return 0


async def test_a_closed_room_ends_for_everybody_and_what_happened_is_told(running: RunningEngine, enter: Enter) -> None:
    one, two = await enter("a"), await enter("b")
    await one.until(lambda: len(one.packets) == 2)
    async with EngineClient(running.socket) as orders:
        assert await orders.close("huone") is None
        for who in (one, two):
            await who.until(lambda who=who: who.left is not None)  # type: ignore[misc]  # the loop's
        told = await orders.evidence(0, 100, 0)
        assert not isinstance(told, Trouble)
        kinds = [(piece.kind, piece.identity) for piece in told]
        assert (Kind.OPENED, "") in kinds
        assert {(Kind.JOINED, "a"), (Kind.MEDIA, "a"), (Kind.LEFT, "a"), (Kind.LEFT, "b")} <= set(kinds)
        leaving = next(piece for piece in told if piece.kind is Kind.LEFT)
        assert leaving.facts["reason"] == "room_closed"
        assert isinstance(leaving.facts["seconds"], float)


async def test_data_reaches_the_others_with_its_senders_name(enter: Enter) -> None:
    one, two = await enter("a"), await enter("b")
    packet = pm.DataPacket(user=pm.UserPacket(payload=b"hand"), participant_identity="somebody else")
    await two.until(lambda: one.up.send_data("_reliable", packet.SerializeToString()))
    await two.until(lambda: two.data)
    got = pm.DataPacket.FromString(two.data[0])
    assert got.user.payload == b"hand"
    assert got.participant_identity == "a"


async def test_an_engine_behind_a_router_tells_the_address_that_the_world_sees(tmp_path: Path) -> None:
    outside = "198.51.100.7"
    async with (
        engine(tmp_path, arguments=("--address", "127.0.0.1", "--external-address", outside)) as running,
        client(running.url, running.token("huone", "a")) as one,
    ):
        await one.enter()
        await one.publish()
        await one.until(lambda: any(message.answer.sdp for message in one.inbox))
        lines = "".join(message.answer.sdp for message in one.inbox).splitlines()
    assert {line.split(" ")[4] for line in lines if line.startswith("a=candidate:")} == {outside}
