"""Guests by link are shown in a room's call on a real homeserver, by accounts that stand for them."""

import asyncio
import secrets
from typing import Any

import pytest

from bot.actions.deliveries import Delivery, HideGuest, Lane, ShowGuest
from bot.actions.rooms import RoomKind, RoomPlan
from bot.domain.conference import GUEST_DEVICE, guest_user
from bot.domain.ids import RoomId
from bot.matrix.guest_accounts import MEMBER, GuestAccounts
from bot.matrix.http import V3, MatrixError, call, segment
from bot.matrix.outbox import Pump
from tests.support.homeserver import TrialHomeserver
from tests.traps.post import PostRoom, running

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

PLAN = RoomPlan(RoomKind.APPOINTMENT, "1", "Nimi", "Aihe", encrypted=False, invitees=())
TOKENS = "https://asiointi.example/livekit/jwt"


async def deliver(post: PostRoom, guests: GuestAccounts, lane: Lane, *deliveries: Delivery) -> RoomId:
    """Sends them in their order; the room they went to."""
    for delivery in deliveries:
        post._put(lane, delivery, secrets.token_hex(8))
    pump = Pump(post.client, post.store, post.clock, wake=post.queued, delivered=post.delivered, guests=guests)
    async with running(pump.run()), asyncio.timeout(30):
        while post.waiting():  # noqa: ASYNC110 - the outbox tells nobody when its last item was acknowledged
            await asyncio.sleep(0.05)
    room = post.room_of(lane)
    assert room is not None
    return room


async def state(post: PostRoom, room: RoomId, kind: str, key: str) -> dict[str, Any]:
    return await call(post.client, "GET", f"{V3}/rooms/{segment(room)}/state/{kind}/{segment(key)}")


async def test_a_guest_is_shown_hidden_and_shown_again(homeserver: TrialHomeserver, post: PostRoom) -> None:
    tokens = homeserver.state.read_secret("appservice.json") or {}
    guests = GuestAccounts(homeserver.url, str(tokens["as_token"]), TOKENS)
    user = guest_user(secrets.randbelow(10**9), "localhost")
    key = f"_{user}_{GUEST_DEVICE}_m.call"
    shown, hidden = ShowGuest(user, GUEST_DEVICE, "Nimi (tulkki)"), HideGuest(user, GUEST_DEVICE)
    _, lane = post.plan(PLAN)
    post.open(lane)
    try:
        room = await deliver(post, guests, lane, shown, shown)
        membership = await state(post, room, MEMBER, key)
        assert membership["device_id"] == GUEST_DEVICE
        assert membership["foci_preferred"][0]["livekit_service_url"] == TOKENS
        person = await state(post, room, "m.room.member", user)
        assert (person["membership"], person["displayname"]) == ("join", "Nimi (tulkki)")
        await deliver(post, guests, lane, hidden, hidden)
        assert await state(post, room, MEMBER, key) == {}
        assert (await state(post, room, "m.room.member", user))["membership"] == "leave"
        with pytest.raises(MatrixError, match="M_NOT_FOUND"):
            await call(post.client, "GET", f"{V3}/profile/{segment(user)}")
        await deliver(post, guests, lane, shown)
        assert (await state(post, room, MEMBER, key))["device_id"] == GUEST_DEVICE
    finally:
        await guests.close()


async def test_without_such_accounts_nothing_is_held_up(post: PostRoom) -> None:
    _, lane = post.plan(PLAN)
    post.open(lane)
    post._put(lane, ShowGuest(guest_user(1, "localhost"), GUEST_DEVICE, "Nimi"), secrets.token_hex(8))
    async with running(post.pump().run()), asyncio.timeout(30):
        while post.waiting():  # noqa: ASYNC110 - as above
            await asyncio.sleep(0.05)
