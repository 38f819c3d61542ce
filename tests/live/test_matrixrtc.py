"""Tokens for calls and delegated leaves, before the real homeserver and the real engine."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from livekit import api
from livekit.protocol import models, rtc

from bot.web.rtc_names import digest, media_room
from tests.live.calling import Caller, CallTown, calling

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

HOUR_MS = 3_600_000


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def calls(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[CallTown]:
    async with calling(tmp_path_factory.mktemp("calls")) as town:
        yield town


async def until(holds: Callable[[], Awaitable[bool]], within: float = 10.0) -> None:
    async with asyncio.timeout(within):
        while not await holds():  # noqa: ASYNC110 - what is awaited happens in other processes
            await asyncio.sleep(0.05)


async def cut(line: aiohttp.ClientWebSocketResponse) -> None:
    """The device dies: its connection is reset without a closing word."""
    connection = line._response.connection
    assert connection is not None
    assert connection.transport is not None
    connection.transport.abort()


async def test_a_member_gets_tokens_in_all_three_shapes(calls: CallTown) -> None:
    one, other = await calls.caller(), await calls.caller()
    room = await one.room_with(other)
    for person in (one, other):
        answers = await person.in_all_shapes(room, calls.signalling)
        assert [status for status, _ in answers] == [200, 200, 200]
        verifier = api.TokenVerifier(calls.engine.key, calls.engine.secret)
        claims = [verifier.verify(answer["jwt"]) for _, answer in answers]
        assert {claim.video and claim.video.room for claim in claims} == {media_room(room)}
        assert [claim.identity for claim in claims] == [
            f"{person.user}:{person.device}",
            digest(person.user, person.device, "member"),
            digest(person.user, "member"),
        ]


async def test_the_token_opens_the_engine_through_the_edge(calls: CallTown) -> None:
    person = await calls.caller()
    room = await person.room_with()
    _, answer = await person.plain(room)
    line = await calls.line(answer)
    assert await calls.connected(media_room(room)) == {f"{person.user}:{person.device}"}
    await line.close()


async def test_a_stranger_gets_none(calls: CallTown) -> None:
    one, stranger = await calls.caller(), await calls.caller()
    room = await one.room_with()
    for status, answer in await stranger.in_all_shapes(room, calls.signalling):
        assert (status, answer["errcode"]) == (403, "M_FORBIDDEN")


async def test_one_who_is_invited_only_gets_none(calls: CallTown) -> None:
    one, invited = await calls.caller(), await calls.caller()
    room = await one.room_with()
    await one.done("POST", f"/_matrix/client/v3/rooms/{room}/invite", {"user_id": invited.user})
    assert [status for status, _ in await invited.in_all_shapes(room, calls.signalling)] == [403] * 3


@pytest.mark.parametrize("how", ["leave", "kick", "ban"])
async def test_one_who_left_or_was_put_out_gets_none(calls: CallTown, how: str) -> None:
    one, gone = await calls.caller(), await calls.caller()
    room = await one.room_with(gone)
    by, body = (gone, {}) if how == "leave" else (one, {"user_id": gone.user})
    await by.done("POST", f"/_matrix/client/v3/rooms/{room}/{how}", body)
    assert [status for status, _ in await gone.in_all_shapes(room, calls.signalling)] == [403] * 3


@pytest.mark.parametrize("room", ["!nowhere:localhost", "!nowhere", "!a/../b", "!ä%2F"])
async def test_a_room_that_is_not_there_is_one_that_nobody_is_joined_in(calls: CallTown, room: str) -> None:
    person = await calls.caller()
    assert [status for status, _ in await person.in_all_shapes(room, calls.signalling)] == [403] * 3


async def test_a_forged_or_an_expired_openid_token_is_nobodys(calls: CallTown) -> None:
    person = await calls.caller()
    room = await person.room_with()
    genuine = await person.open_id()
    calls.open_id_token_expires(genuine["access_token"])
    for token in (genuine, genuine | {"access_token": "forged"}):
        assert (await person.plain(room, openid_token=token))[0] == 401
        assert (await person.vouched(room, openid_token=token))[0] == 401


async def test_the_access_token_itself_is_no_openid_token(calls: CallTown) -> None:
    person = await calls.caller()
    room = await person.room_with()
    token = await person.open_id() | {"access_token": person.account.access_token}
    assert (await person.plain(room, openid_token=token))[0] == 401


async def test_the_openid_token_of_another_does_not_let_one_in_as_him_or_as_oneself(calls: CallTown) -> None:
    member, thief = await calls.caller(), await calls.caller()
    room = await member.room_with()
    assert (await thief.vouched(room, openid_token=await member.open_id()))[0] == 401
    assert (await member.vouched(room, openid_token=await thief.open_id()))[0] == 401


async def test_a_homeserver_that_is_not_on_the_list_is_refused(calls: CallTown) -> None:
    person = await calls.caller()
    room = await person.room_with()
    for server in ("evil.example", "127.0.0.1:1", "localhost:1"):
        token = await person.open_id() | {"matrix_server_name": server}
        assert (await person.plain(room, openid_token=token))[0] == 403
        assert (await person.signed_in(room, calls.signalling, server_name=server))[0] == 403


async def test_without_an_access_token_nothing_is_forwarded(calls: CallTown) -> None:
    person = await calls.caller()
    room = await person.room_with()
    path = "/_matrix/client/unstable/io.element.msc4195/rtc/livekit/get_token"
    body = {"url": calls.signalling, "room_id": room, "slot_id": "m.call#ROOM", "member": {"id": "m"}}
    assert (await person.ask("POST", path, body, signed_in=False))[0] == 401


async def test_what_only_the_service_may_ask_is_closed_at_the_edge(calls: CallTown) -> None:
    person = await calls.caller()
    room = await person.room_with()
    base = "/_matrix/client/unstable"
    asked = {"destination": "evil.example", "method": "GET", "path": "/_matrix/federation/v1/rtc/livekit/x"}
    path = f"{base}/io.element.msc4502/rooms/{room}/is_joined?mxid={person.user}"
    assert (await person.ask("GET", path))[0] == 404
    assert (await person.ask("POST", f"{base}/io.element.msc4512/appservice/fed_proxy", asked))[0] == 404


async def test_clients_find_the_engine_at_the_homeserver_and_by_discovery(calls: CallTown) -> None:
    person = await calls.caller()
    found = await person.done("GET", "/_matrix/client/unstable/org.matrix.msc4143/rtc/transports")
    service = f"{calls.address}/livekit/jwt"
    expected = {"type": "livekit", "url": calls.signalling, "livekit_service_url": service}
    assert found["rtc_transports"] == [expected]
    known = await person.done("GET", "/.well-known/matrix/client")
    assert known["org.matrix.msc4143.rtc_foci"] == [{"type": "livekit", "livekit_service_url": service}]
    versions = (await person.done("GET", "/_matrix/client/versions"))["unstable_features"]
    assert all(versions[feature] for feature in ("org.matrix.msc4140", "org.matrix.msc4354"))


async def hands_over(town: CallTown, person: Caller, room: str, shape: str, delay_id: str) -> int:
    more: dict[str, Any] = {"delay_id": delay_id, "delay_timeout": HOUR_MS}
    match shape:
        case "sfu/get":
            status, _ = await person.plain(room, delay_cs_api_url="http://127.0.0.1:1", **more)
        case "get_token":
            status, _ = await person.vouched(room, **more)
        case "delegate_delayed_leave":
            status, _ = await person.vouched(room, shape, **more)
        case _:
            status, _ = await person.signed_in(room, town.signalling, "delegate_delayed_leave", delay_id=delay_id)
    return status


async def comes_in(town: CallTown, person: Caller, room: str, shape: str) -> aiohttp.ClientWebSocketResponse:
    match shape:
        case "sfu/get":
            _, answer = await person.plain(room)
        case "get_token" | "delegate_delayed_leave":
            _, answer = await person.vouched(room)
        case _:
            _, answer = await person.signed_in(room, town.signalling)
    return await town.line(answer)


async def hangs_up(line: aiohttp.ClientWebSocketResponse) -> None:
    goodbye = rtc.SignalRequest(leave=rtc.LeaveRequest(reason=models.DisconnectReason.CLIENT_INITIATED))
    await line.send_bytes(goodbye.SerializeToString())
    await line.close()


@pytest.mark.parametrize("end", [cut, hangs_up])
@pytest.mark.parametrize("shape", ["sfu/get", "get_token", "delegate_delayed_leave", "by the homeserver"])
async def test_a_delegated_leave_takes_one_whose_client_is_gone_out_of_the_call(
    calls: CallTown, shape: str, end: Callable[[aiohttp.ClientWebSocketResponse], Awaitable[None]]
) -> None:
    one, other = await calls.caller(), await calls.caller()
    room = await one.room_with(other)
    delay_id = await one.enters_the_call(room)
    line = await comes_in(calls, one, room, shape)
    assert await hands_over(calls, one, room, shape, delay_id) == 200
    assert await other.is_in_the_call(room, one)
    await end(line)
    await until(lambda: _is_out(other, room, one), within=2 if end is hangs_up else 12)
    await until(lambda: _is_forgotten(calls))


async def _is_forgotten(calls: CallTown) -> bool:
    return not calls.store.kept


async def _is_out(seen_by: Caller, room: str, person: Caller) -> bool:
    return not await seen_by.is_in_the_call(room, person)


async def test_a_short_leave_is_put_off_for_longer_than_it_lasts_while_its_giver_is_connected(calls: CallTown) -> None:
    one, other = await calls.caller(), await calls.caller()
    room = await one.room_with(other)
    delay_id = await one.enters_the_call(room, delay_ms=10_000)
    _, answer = await one.plain(room)
    line = await calls.line(answer)
    assert (await one.plain(room, delay_id=delay_id, delay_timeout=10_000))[0] == 200
    await asyncio.sleep(15)  # the engine gives one who brings no media 20 s
    assert await other.is_in_the_call(room, one)
    await cut(line)
    await until(lambda: _is_out(other, room, one))


async def test_an_engine_that_is_killed_does_not_end_the_membership_of_those_who_come_back(calls: CallTown) -> None:
    one, other = await calls.caller(), await calls.caller()
    room = await one.room_with(other)
    delay_id = await one.enters_the_call(room)
    _, answer = await one.plain(room, delay_id=delay_id, delay_timeout=HOUR_MS)
    line = await calls.line(answer)
    os.kill(calls.engine.pid, signal.SIGKILL)
    await calls.engine.process.wait()
    async with asyncio.timeout(5):
        while (await line.receive()).type.name not in {"CLOSE", "CLOSED", "CLOSING"}:
            pass  # what the engine had said before
    await calls.engine.restart()
    again = await calls.line((await one.plain(room))[1])
    await asyncio.sleep(7)
    assert await other.is_in_the_call(room, one)
    await cut(again)
    await until(lambda: _is_out(other, room, one))
