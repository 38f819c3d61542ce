"""The service is found by searching because of a room of its own, against the real Synapse."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from bot.homeserver.api import Api, segment
from bot.homeserver.own_room import ALIAS, OwnRoom
from tests.support.homeserver import Registered, TrialHomeserver

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

ROOM = OwnRoom("Etäpalvelu", "Nobody talks here.")
SERVICE = "@palvelu:localhost"
V3 = "/_matrix/client/v3"


async def called(
    homeserver: TrialHomeserver, token: str, method: str, path: str, body: dict[str, Any] | None = None
) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {token}"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, f"{homeserver.url}{V3}{path}", json=body) as answer,
    ):
        return answer.status, await answer.json()


async def as_service(homeserver: TrialHomeserver, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
    tokens = homeserver.state.read_secret("appservice.json") or {}
    async with Api(homeserver.url) as api:
        path = f"{V3}{path}?user_id={segment(SERVICE)}"
        return await api.call("act", method, path, body, token=str(tokens["as_token"]))


async def own_room(homeserver: TrialHomeserver) -> str:
    found = await as_service(homeserver, "GET", f"/directory/room/{segment(f'#{ALIAS}:localhost')}")
    return str(found["room_id"])


async def findable(homeserver: TrialHomeserver) -> bool:
    await homeserver.admin.ensure_user("palvelu", None, "Kunnan palvelu")
    return await homeserver.admin.make_findable("palvelu", ROOM)


async def searched(homeserver: TrialHomeserver, seeker: Registered, term: str) -> list[str]:
    _, answer = await called(
        homeserver, seeker.access_token, "POST", "/user_directory/search", {"search_term": term, "limit": 50}
    )
    return [found["user_id"] for found in answer["results"]]


async def found_in_time(homeserver: TrialHomeserver, seeker: Registered, term: str) -> list[str]:
    """What the search gives once the directory, which follows behind the events, has anything."""
    async with asyncio.timeout(20):
        while not (found := await searched(homeserver, seeker, term)):  # noqa: ASYNC110 -- it happens in another process
            await asyncio.sleep(0.05)
    return found


async def newcomer(homeserver: TrialHomeserver) -> Registered:
    return await homeserver.register(f"hakija-{secrets.token_hex(4)}")


async def test_a_stranger_finds_the_service_by_its_shown_name_and_nobody_else(homeserver: TrialHomeserver) -> None:
    seeker, other = await newcomer(homeserver), await newcomer(homeserver)
    await findable(homeserver)
    assert await found_in_time(homeserver, seeker, "Kunnan palvelu") == [SERVICE]
    assert await searched(homeserver, seeker, other.user_id[1:].partition(":")[0]) == []
    assert await searched(homeserver, seeker, "hakija") == []


async def test_the_room_is_made_once_and_none_is_made_by_a_parallel_start(homeserver: TrialHomeserver) -> None:
    await findable(homeserver)
    first = await own_room(homeserver)
    assert await asyncio.gather(*(findable(homeserver) for _ in range(3))) == [False] * 3
    assert await own_room(homeserver) == first
    joined = await as_service(homeserver, "GET", "/joined_rooms")
    assert joined["joined_rooms"] == [first]


async def test_nobody_comes_in_and_no_list_names_it(homeserver: TrialHomeserver) -> None:
    stranger = await newcomer(homeserver)
    await findable(homeserver)
    room = await own_room(homeserver)
    status, answer = await called(homeserver, stranger.access_token, "POST", f"/join/{segment(room)}", {})
    assert (status, answer["errcode"]) == (403, "M_FORBIDDEN")
    status, answer = await called(homeserver, stranger.access_token, "POST", "/publicRooms", {})
    assert (status, answer["chunk"]) == (200, [])
    members = await as_service(homeserver, "GET", f"/rooms/{segment(room)}/joined_members")
    assert set(members["joined"]) == {SERVICE}
    name = await as_service(homeserver, "GET", f"/rooms/{segment(room)}/state/m.room.name")
    assert name == {"name": "Etäpalvelu"}


async def test_nobody_else_can_take_such_an_alias(homeserver: TrialHomeserver) -> None:
    stranger = await newcomer(homeserver)
    body = {"room_alias_name": f"{ALIAS}-2"}
    status, answer = await called(homeserver, stranger.access_token, "POST", "/createRoom", body)
    assert (status, answer["errcode"]) == (400, "M_EXCLUSIVE")


async def hide(homeserver: TrialHomeserver, room: str) -> None:
    path = f"/rooms/{segment(room)}/state/m.room.history_visibility"
    await as_service(homeserver, "PUT", path, {"history_visibility": "joined"})


async def leave(homeserver: TrialHomeserver, room: str) -> None:
    await as_service(homeserver, "POST", f"/rooms/{segment(room)}/leave", {})


async def make_by_halves(homeserver: TrialHomeserver, room: str) -> None:
    """In its place a room whose making was cut short: it has the alias, but not the last of its events."""
    await leave(homeserver, room)
    await as_service(homeserver, "DELETE", f"/directory/room/{segment(f'#{ALIAS}:localhost')}")
    visibility = {"history_visibility": "world_readable"}
    state = [{"type": "m.room.history_visibility", "state_key": "", "content": visibility}]
    await as_service(homeserver, "POST", "/createRoom", {"room_alias_name": ALIAS, "initial_state": state})


@pytest.mark.parametrize("harm", [hide, leave, make_by_halves])
async def test_a_room_that_no_longer_serves_is_replaced(
    homeserver: TrialHomeserver, harm: Callable[[TrialHomeserver, str], Awaitable[None]]
) -> None:
    await findable(homeserver)
    await harm(homeserver, await own_room(homeserver))
    harmed = await own_room(homeserver)
    assert await findable(homeserver) is True
    assert await own_room(homeserver) != harmed
    assert await findable(homeserver) is False
    assert (await as_service(homeserver, "GET", "/joined_rooms"))["joined_rooms"] == [await own_room(homeserver)]
