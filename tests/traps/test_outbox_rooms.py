"""Making rooms and inviting, where the homeserver answers as Synapse does under load or over federation."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.actions.rooms import RoomKind, RoomPlan
from tests.traps.faulty import JSON, SERVICE, Asked, page, refused
from tests.traps.hurried import hurried, until
from tests.traps.opening import stand
from tests.traps.post import running

CREATE, INVITE, SEND = "/createRoom$", "/invite$", "/send/m.room.message/"
PLAN = RoomPlan(RoomKind.UNIT, "neuvola", "Nimi", "Aihe", encrypted=False, invitees=())
INVITED = "@virkailija:localhost"


@pytest.mark.parametrize(
    "taken", [refused(400, "M_ROOM_IN_USE"), refused(409, "M_UNKNOWN")], ids=["there", "made at the same moment"]
)
def test_an_alias_that_is_taken_already_is_the_room_that_was_made_before(
    tmp_path: Path, taken: Callable[[], web.Response]
) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.answers("POST", CREATE, taken)
            server.answers("GET", "/directory/room/", {"room_id": "!made:localhost"})
            server.answers("GET", "/state/m.room.topic$", {"topic": "Aihe"})
            _, lane = post.plan(PLAN)
            post.open(lane)
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: post.waiting() == 0)
            assert post.room_of(lane) == "!made:localhost"

    hurried(work)


def test_nobody_is_invited_while_a_room_is_made(tmp_path: Path) -> None:
    """An invitee's server that limits invitations would make the whole call fail with a misleading 502."""

    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.answers("POST", CREATE, {"room_id": "!made:localhost"})
            _, lane = post.plan(PLAN)
            post.open(lane)
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: post.waiting() == 0)
            (asked,) = server.calls("POST", CREATE)
            assert not asked.body.keys() & {"invite", "invite_3pid"}
            assert "users" not in asked.body["power_level_content_override"]

    hurried(work)


@pytest.mark.parametrize(
    "limit", [refused(429, "M_LIMIT_EXCEEDED", retry_after_ms=5000), page(502), refused(502, "M_UNKNOWN")]
)
def test_an_invitation_that_is_limited_is_tried_again_and_others_go_on(
    tmp_path: Path, limit: Callable[[], web.Response]
) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.answers("POST", f"slow.*{INVITE}", limit, limit, {})
            slow, other = post.room("!slow:localhost"), post.room("!other:localhost")
            post.invite(slow, INVITED)
            post.invite(other, INVITED)
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: post.waiting() == 0)
            asked = [("slow" in call.path, call.body["user_id"]) for call in server.calls("POST", INVITE)]
            assert sorted(asked) == [(False, INVITED)] + [(True, INVITED)] * 3

    hurried(work)


def test_what_may_have_been_sent_by_an_earlier_device_is_looked_for_before_it_is_sent(tmp_path: Path) -> None:
    """Another device's transaction ids are unknown to the homeserver: the room itself tells."""
    kept: list[JSON] = []

    async def lost(asked: Asked) -> web.StreamResponse:
        kept.append(asked.body)
        await asyncio.Event().wait()  # the answer never comes
        return refused(500, "M_UNKNOWN")()

    async def history(_: Asked) -> JSON:
        return {"chunk": [{"type": "m.room.message", "event_id": "$sent", "sender": SERVICE, "content": kept[0]}]}

    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.on("PUT", SEND, lost)
            server.on("GET", "/messages$", history)
            post.say(post.room("!room:localhost"), "yksi")
            async with running(post.pump().run()):
                await until(lambda: bool(kept))
            real, post.client.device_id = post.clock, "TOINEN"
            post.clock = lambda: real() + timedelta(minutes=5)
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: post.waiting() == 0)
            assert len(server.calls("PUT", SEND)) == 1

    hurried(work)
