"""Rooms as this version of Synapse makes them: who rules, which names are free, and what may be written."""

import secrets
from typing import Any

import nio
import pytest

from bot.actions.rooms import RoomKind, RoomPlan
from bot.domain.ids import RoomId
from bot.matrix.http import V3, MatrixError, call, segment
from bot.matrix.power import creation
from tests.support.processes import until
from tests.traps.citizen import Citizen
from tests.traps.post import PostRoom, running

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]


def _plan(*, encrypted: bool = False) -> RoomPlan:
    return RoomPlan(RoomKind.UNIT, "rakennusvalvonta", "Nimi", "Aihe", encrypted=encrypted, invitees=())


def _alias() -> str:
    return f"huone-{secrets.token_hex(8)}"


async def _make(post: PostRoom, *, encrypted: bool = False, **more: Any) -> str:
    body = creation(_plan(encrypted=encrypted), _alias()) | more
    return str((await call(post.client, "POST", f"{V3}/createRoom", body))["room_id"])


async def _state(post: PostRoom, room: str, kind: str) -> dict[str, Any]:
    return await call(post.client, "GET", f"{V3}/rooms/{segment(room)}/state/{kind}/")


async def test_the_creator_rules_without_standing_in_the_power_levels(post: PostRoom) -> None:
    room = await _make(post)
    assert (await _state(post, room, "m.room.create"))["room_version"] == "12"
    levels = await _state(post, room, "m.room.power_levels")
    assert post.client.user_id not in levels.get("users", {})
    path = f"{V3}/rooms/{segment(room)}/state/m.room.name/"
    await call(post.client, "PUT", path, {"name": "Uusi nimi"})


async def test_a_creator_listed_in_the_power_levels_is_refused_by_the_homeserver(post: PostRoom) -> None:
    """Why `bot.matrix.power` lists nobody."""
    override = creation(_plan(), "x")["power_level_content_override"] | {"users": {post.client.user_id: 100}}
    with pytest.raises(MatrixError, match="400"):
        await _make(post, power_level_content_override=override)


async def test_nios_own_reading_of_the_creators_power_is_wrong_and_not_used(post: PostRoom, citizen: Citizen) -> None:
    room = await _make(post)
    await call(post.client, "POST", f"{V3}/rooms/{segment(room)}/invite", {"user_id": citizen.user_id})
    await call(citizen.client, "POST", f"{V3}/rooms/{segment(room)}/join", {})
    await post.client.sync(timeout=0, full_state=True)
    assert not post.client.rooms[room].power_levels.can_user_kick(post.client.user_id)
    await call(post.client, "POST", f"{V3}/rooms/{segment(room)}/kick", {"user_id": citizen.user_id})


async def test_plain_text_in_an_encrypted_room_of_the_service_is_refused(post: PostRoom, citizen: Citizen) -> None:
    room = await _make(post, encrypted=True)
    await call(post.client, "POST", f"{V3}/rooms/{segment(room)}/invite", {"user_id": citizen.user_id})
    await call(citizen.client, "POST", f"{V3}/rooms/{segment(room)}/join", {})
    with pytest.raises(MatrixError, match="403 M_FORBIDDEN"):
        await citizen.send(room, {"msgtype": "m.text", "body": "avoin"})
    await citizen.look()
    await citizen.whisper(room, "salattu")


async def test_an_alias_in_the_exclusive_namespace_is_refused_and_the_services_own_lie_outside(post: PostRoom) -> None:
    with pytest.raises(MatrixError, match="M_EXCLUSIVE"):
        await call(post.client, "POST", f"{V3}/createRoom", creation(_plan(), f"_eahtari_{secrets.token_hex(4)}"))
    alias, _ = post.plan(_plan())
    assert not alias.startswith("_eahtari_")
    await call(post.client, "POST", f"{V3}/createRoom", creation(_plan(), alias))


async def test_a_taken_alias_is_the_room_that_was_made_before(post: PostRoom) -> None:
    """The answer to making it was lost: the same alias again is a 400, and the room is adopted."""
    alias, lane = post.plan(_plan())
    made = (await call(post.client, "POST", f"{V3}/createRoom", creation(_plan(), alias)))["room_id"]
    with pytest.raises(MatrixError, match="400 M_ROOM_IN_USE"):
        await call(post.client, "POST", f"{V3}/createRoom", creation(_plan(), alias))
    post.open(lane)
    async with running(post.pump().run()):
        await until(lambda: post.waiting() == 0)
    assert post.room_of(lane) == made


async def test_two_rooms_made_at_the_same_moment_are_two(post: PostRoom) -> None:
    """A room's id is the hash of its first event: without something of its own in it, two could be one."""
    lanes = [post.plan(_plan())[1] for _ in range(6)]
    for lane in lanes:
        post.open(lane)
    async with running(post.pump().run()):
        await until(lambda: post.waiting() == 0)
    assert len({post.room_of(lane) for lane in lanes}) == len(lanes)


async def test_nio_knows_an_encrypted_room_it_never_synced(post: PostRoom, citizen: Citizen) -> None:
    """Its `room_send` would send plain text into a room of whose encryption it was not told."""
    room = await citizen.room_with(post.client)
    assert room not in post.client.rooms
    post.say(post.room(room), "hei", room)
    async with running(post.pump().run()):
        await until(lambda: post.waiting() == 0)
    page = await call(citizen.client, "GET", f"{V3}/rooms/{segment(room)}/messages?dir=b&limit=1")
    assert [event["type"] for event in page["chunk"]] == ["m.room.encrypted"]
    event = await citizen.last_word(RoomId(room))
    assert isinstance(event, nio.RoomMessageText)
