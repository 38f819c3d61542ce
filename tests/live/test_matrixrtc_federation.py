"""Calls between municipalities: real homeservers that federate by TLS, each with its own engine and edge.

Two stand on each other's list; a third has people in the room but stands on nobody's.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
import yaml
from livekit import api

from bot.web.rtc_names import digest, media_room
from bot.web.rtc_vouching import Neighbours
from tests.live.calling import Caller, CallTown, calling, rooms
from tests.support.ports import free_port
from tests.support.tls import Trust, trust_for

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]


class Watched(Neighbours):
    """The real thing, which also remembers whom it contacted."""

    def __init__(self, trust: Trust) -> None:
        super().__init__(allow=lambda _: True, trusted=trust.client)
        self.contacted: list[str] = []

    async def userinfo(self, server: str, token: str) -> str | None:
        self.contacted.append(server)
        return await super().userinfo(server, token)


@dataclass
class Region:
    """`ours` and `theirs` know each other; `strange` is known to the homeservers only."""

    ours: CallTown
    theirs: CallTown
    strange: CallTown
    watched: Watched

    async def room(self) -> tuple[str, Caller, Caller, Caller]:
        """A room of ours in which a person of each is joined."""
        one, neighbour, stranger = [await town.caller() for town in (self.ours, self.theirs, self.strange)]
        return await one.room_with(neighbour, stranger), one, neighbour, stranger


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def region(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Region]:
    folder = tmp_path_factory.mktemp("region")
    trust = trust_for("localhost", folder)
    ports = [(free_port(), free_port()) for _ in range(3)]
    names = [f"localhost:{federation}" for federation, _ in ports]
    lists = [frozenset({names[1]}), frozenset({names[0]}), frozenset(names)]
    watched = Watched(trust)
    async with AsyncExitStack() as stack:
        towns = [
            await stack.enter_async_context(
                calling(
                    folder / str(number),
                    region=lists[number],
                    neighbours=watched if number == 0 else Watched(trust),
                    server_name=names[number],
                    homeserver_port=ports[number][1],
                    overlays=(overlay(folder / f"{number}.yaml", *ports[number], names, trust),),
                )
            )
            for number in range(3)
        ]
        yield Region(towns[0], towns[1], towns[2], watched)


def resource(*names: str) -> dict[str, object]:
    return {"names": list(names)}


def overlay(path: Path, federation: int, client: int, names: list[str], trust: Trust) -> Path:
    """What a homeserver with a domain adds to `homeserver.yaml`, with a test's own root of trust and on loopback."""
    listener = {"type": "http", "bind_addresses": ["127.0.0.1"]}
    content = {
        "listeners": [
            listener
            | {"port": client, "tls": False, "x_forwarded": True, "resources": [{"names": ["client", "openid"]}]},
            listener | {"port": federation, "tls": True, "resources": [{"names": ["federation"]}]},
        ],
        "tls_certificate_path": str(trust.chain),
        "tls_private_key_path": str(trust.chain),
        "federation_custom_ca_list": [str(trust.root)],
        "federation_ip_range_blacklist": [],
        "federation_domain_whitelist": names,
        "send_federation": True,
    }
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def identity(town: CallTown, answer: dict[str, object]) -> tuple[str | None, str | None]:
    """Media room and participant of a token of this town's engine."""
    claims = api.TokenVerifier(town.engine.key, town.engine.secret).verify(str(answer["jwt"]))
    return claims.video and claims.video.room, claims.identity


async def test_a_neighbours_person_gets_a_token_for_our_engine_through_both_homeservers(region: Region) -> None:
    room, _, neighbour, _ = await region.room()
    ours = region.ours.homeserver.server_name
    status, answer = await neighbour.signed_in(room, region.ours.signalling, server_name=ours)
    assert status == 200
    assert identity(region.ours, answer) == (media_room(room), digest(neighbour.user, "member"))
    line = await region.ours.line(answer)
    assert await region.ours.connected(media_room(room)) == {digest(neighbour.user, "member")}
    await line.close()


async def test_a_neighbours_person_gets_a_token_by_an_openid_token_of_his_homeserver(region: Region) -> None:
    room, _, neighbour, _ = await region.room()
    token = await neighbour.open_id()
    region.watched.contacted.clear()
    status, answer = await neighbour.plain(room, at=region.ours.address, openid_token=token)
    assert status == 200
    assert identity(region.ours, answer) == (media_room(room), f"{neighbour.user}:{neighbour.device}")
    status, answer = await neighbour.vouched(room, at=region.ours.address, openid_token=token)
    assert status == 200
    assert identity(region.ours, answer)[1] == digest(neighbour.user, neighbour.device, "member")
    assert region.watched.contacted == [region.theirs.homeserver.server_name] * 2


async def test_our_person_gets_a_token_for_the_neighbours_engine(region: Region) -> None:
    room, one, _, _ = await region.room()
    theirs = region.theirs.homeserver.server_name
    status, answer = await one.signed_in(room, region.theirs.signalling, server_name=theirs)
    assert status == 200
    assert identity(region.theirs, answer) == (media_room(room), digest(one.user, "member"))


async def test_a_neighbours_person_who_is_not_joined_or_has_left_gets_none(region: Region) -> None:
    room, one, neighbour, _ = await region.room()
    ours = region.ours.homeserver.server_name
    outsider = await region.theirs.caller()
    await neighbour.done("POST", f"{rooms(room)}/leave", {})
    await until_gone(one, room, neighbour)
    for person in (outsider, neighbour):
        status, answer = await person.signed_in(room, region.ours.signalling, server_name=ours)
        assert (status, answer["errcode"]) == (403, "M_FORBIDDEN")
        assert (await person.plain(room, at=region.ours.address, openid_token=await person.open_id()))[0] == 403


async def until_gone(one: Caller, room: str, other: Caller) -> None:
    """The word that somebody left takes a moment from homeserver to homeserver."""
    async with asyncio.timeout(10):
        while (await one.done("GET", f"{rooms(room)}/joined_members"))["joined"].get(other.user):  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def test_an_engine_that_is_not_ours_is_refused_across_the_homeservers(region: Region) -> None:
    room, _, neighbour, _ = await region.room()
    ours = region.ours.homeserver.server_name
    status, answer = await neighbour.signed_in(room, region.theirs.signalling, server_name=ours)
    assert (status, answer["errcode"]) == (400, "M_INVALID_PARAM")


async def test_a_forged_openid_token_of_a_neighbour_is_nobodys(region: Region) -> None:
    room, _, neighbour, _ = await region.room()
    forged = await neighbour.open_id() | {"access_token": "forged"}
    assert (await neighbour.plain(room, at=region.ours.address, openid_token=forged))[0] == 401


async def test_a_server_that_is_not_on_the_list_is_never_contacted_though_it_is_in_the_room(region: Region) -> None:
    """Its people are refused in every shape, and ours can't make our homeserver ask it for anything."""
    room, one, _, stranger = await region.room()
    strange = region.strange.homeserver.server_name
    token = await stranger.open_id()
    region.watched.contacted.clear()
    assert (await stranger.plain(room, at=region.ours.address, openid_token=token))[0] == 403
    assert (await stranger.vouched(room, at=region.ours.address, openid_token=token))[0] == 403
    assert (await one.signed_in(room, region.strange.signalling, server_name=strange))[0] == 403
    ours = region.ours.homeserver.server_name
    assert (await stranger.signed_in(room, region.ours.signalling, server_name=ours))[0] == 403
    assert region.watched.contacted == []


async def test_a_neighbour_that_is_away_is_a_502(region: Region) -> None:
    room, one, neighbour, _ = await region.room()
    token = await neighbour.open_id()
    await region.theirs.homeserver.stop()
    try:
        theirs = region.theirs.homeserver.server_name
        assert (await neighbour.plain(room, at=region.ours.address, openid_token=token))[0] == 502
        assert (await one.signed_in(room, region.theirs.signalling, server_name=theirs))[0] == 502
    finally:
        await region.theirs.homeserver.restart()
