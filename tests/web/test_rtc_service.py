"""The token service at the edge, by real requests, before a homeserver that says what a test needs it to say."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from livekit import api

from bot.web.edge import Edge, add_pages, application, listening
from bot.web.rtc_names import digest, media_room
from bot.web.rtc_requests import BODY_LIMIT
from bot.web.rtc_service import BY_ADDRESS, BY_USER
from tests.support.ports import free_port
from tests.web.conftest import edge_of
from tests.web.rtc_doubles import LeavesInMemory, StandInHomeserver, WatchedNeighbours, call_door

HOME, NEIGHBOUR, STRANGE = "localhost", "naapuri.example", "evil.example"
ROOM, USER, FOREIGN = "!huone", f"@asukas:{HOME}", f"@vieras:{NEIGHBOUR}"
KEY, SECRET = "eahtari-test", "a-secret-of-at-least-32-characters!!"
SIGNALLING = "ws://localhost/livekit/sfu"
FORWARDED = "/livekit/forwarded/_matrix/client/unstable/io.element.msc4195/rtc/livekit"
FEDERATED = "/livekit/forwarded/_matrix/federation/unstable/io.element.msc4195/rtc/livekit/get_token"


@dataclass
class Town:
    """The edge at `url` and all that stands around it."""

    url: str
    homeserver: StandInHomeserver
    neighbours: WatchedNeighbours
    store: LeavesInMemory
    session: aiohttp.ClientSession
    now: datetime = datetime(2026, 11, 24, 12, tzinfo=UTC)
    opened: list[str] = field(default_factory=list)

    async def post(self, path: str, body: object = None, **more: Any) -> tuple[int, Any]:
        async with self.session.post(self.url + path, json=body, **more) as answer:
            return answer.status, await answer.json()

    async def forwarded(self, what: str, body: object, user: str = USER, proof: str = "hs-token") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {proof}", "X-Matrix-User-Identifier": user}
        return await self.post(f"{FORWARDED}/{what}", body, headers=headers)

    async def federated(self, body: object, origin: str = NEIGHBOUR, proof: str = "hs-token") -> tuple[int, Any]:
        headers = {"Authorization": f"Bearer {proof}", "X-Matrix-Origin": origin}
        return await self.post(FEDERATED, body, headers=headers)


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    homeserver = StandInHomeserver(joined={(ROOM, USER), (ROOM, FOREIGN), (ROOM, NEIGHBOUR)}, holders={"mine": USER})
    behind = web.Application()
    behind.router.add_route("*", "/{path:.*}", homeserver.handle)
    ports = free_port(), free_port()
    async with aiohttp.ClientSession() as session:
        neighbours = WatchedNeighbours({"theirs": FOREIGN, "false": USER})
        town = Town(f"http://127.0.0.1:{ports[1]}", homeserver, neighbours, LeavesInMemory(), session)
        app = application(edge_with(town, ports))
        add_pages(app, edge_with(town, ports))
        async with listening(behind, ports[0]), listening(app, ports[1]):
            yield town


def edge_with(town: Town, ports: tuple[int, int]) -> Edge:
    async def open_room(room: str) -> None:
        town.opened.append(room)

    door = replace(
        call_door(SIGNALLING, frozenset({HOME, NEIGHBOUR})),
        store=town.store,
        clock=lambda: town.now,
        neighbours=town.neighbours,
        open_room=open_room,
    )
    plain = edge_of(ports[1], f"http://127.0.0.1:{ports[0]}", {})
    return Edge(plain.front, plain.homeserver, plain.readiness, calls=door)


def open_id(proof: str = "mine", server: str = HOME) -> dict[str, Any]:
    return {"access_token": proof, "token_type": "Bearer", "matrix_server_name": server, "expires_in": 3600}


def plain(proof: str = "mine", server: str = HOME, **more: object) -> dict[str, Any]:
    return {"room": ROOM, "openid_token": open_id(proof, server), "device_id": "DEVICE"} | more


def newer(proof: str = "mine", server: str = HOME, user: str = USER, **more: object) -> dict[str, Any]:
    member = {"id": "member", "claimed_user_id": user, "claimed_device_id": "DEVICE"}
    body = {"room_id": ROOM, "slot_id": "m.call#ROOM", "openid_token": open_id(proof, server), "member": member}
    return body | more


def passed(**more: object) -> dict[str, Any]:
    return {"url": SIGNALLING, "room_id": ROOM, "slot_id": "m.call#ROOM", "member_id": "member"} | more


def claims_of(answer: Any) -> api.access_token.Claims:
    return api.TokenVerifier(KEY, SECRET).verify(answer["jwt"])


async def test_a_member_gets_the_same_media_room_in_all_shapes(town: Town) -> None:
    answers = [
        await town.post("/livekit/jwt/sfu/get", plain()),
        await town.post("/livekit/jwt/get_token", newer()),
        await town.forwarded("get_token", passed()),
        await town.forwarded("get_token", passed(server_name=HOME)),
        await town.federated(passed(user_id=FOREIGN)),
    ]
    assert [status for status, _ in answers] == [200] * 5
    claims = [claims_of(answer) for _, answer in answers]
    assert {claim.video and claim.video.room for claim in claims} == {media_room(ROOM)}
    assert [claim.identity for claim in claims] == [
        f"{USER}:DEVICE",
        digest(USER, "DEVICE", "member"),
        digest(USER, "member"),
        digest(USER, "member"),
        digest(FOREIGN, "member"),
    ]
    assert [answer.get("url") for _, answer in answers[:3]] == [SIGNALLING, SIGNALLING, None]
    assert set(town.opened) == {media_room(ROOM)}


async def test_a_token_lets_into_one_room_and_opens_none(town: Town) -> None:
    _, answer = await town.post("/livekit/jwt/sfu/get", plain())
    claims = claims_of(answer)
    grants = claims.video
    assert grants is not None
    assert (grants.room_join, grants.can_publish, grants.can_subscribe) == (True, True, True)
    assert not any((grants.room_create, grants.room_admin, grants.room_list, grants.can_update_own_metadata))
    assert claims.attributes == {"role": "member"}


@pytest.mark.parametrize("path", ["/livekit/jwt/sfu/get", "/livekit/jwt/get_token"])
async def test_one_who_is_not_joined_gets_none(town: Town, path: str) -> None:
    town.homeserver.joined.clear()
    body = plain() if path.endswith("sfu/get") else newer()
    status, answer = await town.post(path, body)
    assert (status, answer["errcode"]) == (403, "M_FORBIDDEN")
    assert not town.opened


async def test_nor_does_one_whose_request_a_homeserver_forwards(town: Town) -> None:
    town.homeserver.joined.clear()
    for status, answer in (
        await town.forwarded("get_token", passed()),
        await town.forwarded("get_token", passed(server_name=NEIGHBOUR)),
        await town.forwarded("delegate_delayed_leave", passed(delay_id="syd_1")),
        await town.federated(passed(user_id=FOREIGN)),
    ):
        assert (status, answer["errcode"]) == (403, "M_FORBIDDEN")
    assert not town.homeserver.bodies
    assert not town.store.kept


@pytest.mark.parametrize("token", ["forged", "mine "])
async def test_an_unknown_openid_token_is_nobodys(town: Town, token: str) -> None:
    status, answer = await town.post("/livekit/jwt/sfu/get", plain(token))
    assert (status, answer["errcode"]) in {(401, "M_UNAUTHORIZED"), (400, "M_BAD_JSON")}


async def test_a_token_of_somebody_else_does_not_prove_who_one_claims_to_be(town: Town) -> None:
    town.homeserver.joined.add((ROOM, "@muu:localhost"))
    status, _ = await town.post("/livekit/jwt/get_token", newer(user="@muu:localhost"))
    assert status == 401


@pytest.mark.parametrize("holder", [FOREIGN, 7, ["@asukas:localhost"], "asukas", "@asukas:localhost:8448", None])
async def test_a_homeserver_speaks_for_its_own_people_only(town: Town, holder: object) -> None:
    town.homeserver.holders["odd"] = holder
    status, _ = await town.post("/livekit/jwt/sfu/get", plain("odd"))
    assert status == 401


async def test_a_neighbours_person_gets_a_token_after_the_neighbour_said_who_it_is(town: Town) -> None:
    status, answer = await town.post("/livekit/jwt/sfu/get", plain("theirs", NEIGHBOUR))
    assert (status, claims_of(answer).identity) == (200, f"{FOREIGN}:DEVICE")
    status, _ = await town.post("/livekit/jwt/get_token", newer("theirs", NEIGHBOUR, FOREIGN))
    assert status == 200
    assert town.neighbours.contacted == [NEIGHBOUR] * 2


async def test_a_neighbour_cannot_speak_for_a_person_of_ours(town: Town) -> None:
    status, _ = await town.post("/livekit/jwt/sfu/get", plain("false", NEIGHBOUR))
    assert status == 401


async def test_a_server_that_is_not_on_the_list_is_never_contacted(town: Town) -> None:
    town.homeserver.joined |= {(ROOM, STRANGE), (ROOM, f"@a:{STRANGE}")}
    answers = [
        await town.post("/livekit/jwt/sfu/get", plain("theirs", STRANGE)),
        await town.post("/livekit/jwt/get_token", newer("theirs", STRANGE, f"@a:{STRANGE}")),
        await town.post("/livekit/jwt/delegate_delayed_leave", newer("x", STRANGE, delay_id="a", delay_timeout=60_000)),
        await town.forwarded("get_token", passed(server_name=STRANGE)),
        await town.federated(passed(user_id=f"@a:{STRANGE}"), STRANGE),
    ]
    assert [status for status, _ in answers] == [403] * 5
    assert not town.neighbours.contacted
    assert not town.homeserver.bodies


async def test_a_neighbour_without_anybody_in_the_room_is_not_contacted(town: Town) -> None:
    town.homeserver.joined.discard((ROOM, NEIGHBOUR))
    assert (await town.post("/livekit/jwt/sfu/get", plain("theirs", NEIGHBOUR)))[0] == 403
    assert (await town.forwarded("get_token", passed(server_name=NEIGHBOUR)))[0] == 403
    assert not town.neighbours.contacted
    assert not town.homeserver.bodies


async def test_a_neighbours_homeserver_asks_for_its_own_people_only(town: Town) -> None:
    town.homeserver.joined.add((ROOM, f"@a:{STRANGE}"))
    for user in (USER, f"@a:{STRANGE}"):
        assert (await town.federated(passed(user_id=user)))[0] == 403


async def test_a_token_from_the_neighbours_engine_is_fetched_by_our_homeserver(town: Town) -> None:
    status, answer = await town.forwarded("get_token", passed(url="wss://naapuri.example/sfu", server_name=NEIGHBOUR))
    assert (status, answer) == (200, {"jwt": "theirs"})
    (sent,) = town.homeserver.bodies
    assert (sent["destination"], sent["method"]) == (NEIGHBOUR, "POST")
    body = sent["body"]
    assert isinstance(body, dict)
    assert (body["user_id"], body["url"]) == (USER, "wss://naapuri.example/sfu")
    assert "server_name" not in body


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        ((403, {"errcode": "M_FORBIDDEN", "error": "<script>"}), (403, "M_FORBIDDEN")),
        ((400, {"errcode": "M_INVALID_PARAM"}), (400, "M_INVALID_PARAM")),
        ((400, {"errcode": "x" * 100}), (400, "M_UNKNOWN")),
        ((500, {}), (502, "M_UNKNOWN")),
        ((404, {"errcode": "M_UNRECOGNIZED"}), (502, "M_UNKNOWN")),
        ((200, {"jwt": 7}), (502, "M_UNKNOWN")),
        ((200, ["jwt"]), (502, "M_UNKNOWN")),
        ((200, None), (502, "M_UNKNOWN")),
    ],
)
async def test_the_neighbours_answer_is_passed_back_only_as_far_as_it_is_sound(
    town: Town, theirs: tuple[int, object], ours: tuple[int, str]
) -> None:
    town.homeserver.federated = theirs
    status, answer = await town.forwarded("get_token", passed(server_name=NEIGHBOUR))
    assert (status, answer["errcode"]) == ours
    assert "script" not in answer["error"]


async def test_an_engine_that_is_not_ours_is_unknown(town: Town) -> None:
    for status, answer in (
        await town.forwarded("get_token", passed(url="wss://evil.example/sfu")),
        await town.forwarded("delegate_delayed_leave", passed(url="wss://evil.example/sfu", delay_id="syd_1")),
        await town.federated(passed(url="wss://evil.example/sfu", user_id=FOREIGN)),
    ):
        assert (status, answer["errcode"]) == (400, "M_INVALID_PARAM")


@pytest.mark.parametrize("token", ["", "hs-tokem", "as-token", "hs-token\u00e4"])
async def test_only_the_homeserver_is_believed_about_whom_it_forwards(town: Town, token: str) -> None:
    assert (await town.forwarded("get_token", passed(), proof=token))[0] == 403
    assert (await town.federated(passed(user_id=FOREIGN), proof=token))[0] == 403
    assert not town.homeserver.asked


async def test_a_leave_is_kept_under_the_name_in_the_media_room(town: Town) -> None:
    delay: dict[str, Any] = {"delay_id": "syd_1", "delay_timeout": 3_600_000}
    for path, body in (
        ("/livekit/jwt/sfu/get", plain(**delay)),
        ("/livekit/jwt/get_token", newer(**delay)),
        ("/livekit/jwt/delegate_delayed_leave", newer(**delay | {"delay_id": "syd_2"})),
    ):
        assert (await town.post(path, body))[0] == 200
    assert await town.forwarded("delegate_delayed_leave", passed(delay_id="syd_3")) == (200, {})
    kept = {leave.identity: leave.delay_id for leave in town.store.kept.values()}
    assert kept == {
        f"{USER}:DEVICE": "syd_1",
        digest(USER, "DEVICE", "member"): "syd_2",
        digest(USER, "member"): "syd_3",
    }
    assert {leave.room for leave in town.store.kept.values()} == {media_room(ROOM)}


async def test_a_leave_of_another_homeserver_is_not_taken_so_that_its_client_keeps_it(town: Town) -> None:
    body = plain("theirs", NEIGHBOUR, delay_id="syd_1", delay_timeout=3_600_000)
    status, answer = await town.post("/livekit/jwt/sfu/get", body)
    assert (status, answer["errcode"]) == (400, "M_BAD_JSON")
    assert not town.store.kept


@pytest.mark.parametrize("status", [401, 404, 500, 503])
async def test_a_homeserver_that_fails_is_a_502(town: Town, status: int) -> None:
    town.homeserver.status = status
    if status != 401:  # which is its word on a token
        assert (await town.post("/livekit/jwt/sfu/get", plain()))[0] in {401, 502}
    assert (await town.forwarded("get_token", passed()))[0] == 502
    assert (await town.federated(passed(user_id=FOREIGN)))[0] == 502
    assert (await town.post("/livekit/jwt/sfu/get", plain("unreachable", NEIGHBOUR)))[0] == 502


async def test_clients_on_any_origin_may_ask_and_read(town: Town) -> None:
    for path in ("sfu/get", "get_token", "delegate_delayed_leave", "other"):
        async with town.session.options(f"{town.url}/livekit/jwt/{path}") as answer:
            assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")
            assert "Content-Type" in answer.headers["Access-Control-Allow-Headers"]
        async with town.session.post(f"{town.url}/livekit/jwt/{path}") as answer:
            assert (answer.status == 404) == (path == "other")  # by which clients see whether leaves are taken over
            assert answer.headers["Access-Control-Allow-Origin"] == "*"
            assert answer.headers["Cache-Control"] == "no-store"
        async with town.session.get(f"{town.url}/livekit/jwt/{path}") as answer:
            assert answer.status in {404, 405}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b'{"a":' * 3000, 400),
        (b'{"room": "' + b"x" * 10_000 + b'"}', 400),
        (bytes(BODY_LIMIT + 1), 413),
    ],
)
async def test_a_hostile_body_is_refused_before_anybody_is_asked(town: Town, body: bytes, status: int) -> None:
    for path in ("sfu/get", "get_token", "delegate_delayed_leave"):
        async with town.session.post(f"{town.url}/livekit/jwt/{path}", data=body) as answer:
            assert answer.status == status
            assert (await answer.json())["errcode"].startswith("M_")
    headers = {"Authorization": "Bearer hs-token", "X-Matrix-User-Identifier": USER}
    async with town.session.post(f"{town.url}{FORWARDED}/get_token", data=body, headers=headers) as answer:
        assert answer.status == status
    assert not town.homeserver.asked


async def test_a_body_that_does_not_say_its_length_is_read_no_further_than_the_limit(town: Town) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 1000

    async with town.session.post(f"{town.url}/livekit/jwt/sfu/get", data=chunks()) as answer:
        assert answer.status == 413


async def test_one_person_and_one_address_may_ask_so_often_and_no_oftener(town: Town) -> None:
    statuses = [(await town.post("/livekit/jwt/sfu/get", plain()))[0] for _ in range(BY_USER.burst + 1)]
    assert statuses == [200] * BY_USER.burst + [429]
    town.homeserver.joined.add((ROOM, "@muu:localhost"))
    town.homeserver.holders["other"] = "@muu:localhost"
    assert (await town.post("/livekit/jwt/sfu/get", plain("other")))[0] == 200
    rest = [(await town.post("/livekit/jwt/sfu/get", []))[0] for _ in range(BY_ADDRESS.burst - BY_USER.burst - 1)]
    assert rest == [400] * (len(rest) - 1) + [429]
    town.now += timedelta(minutes=1)
    assert (await town.post("/livekit/jwt/sfu/get", plain()))[0] == 200


async def test_one_signed_in_person_may_not_ask_without_end(town: Town) -> None:
    statuses = [(await town.forwarded("get_token", passed()))[0] for _ in range(BY_USER.burst + 1)]
    assert statuses == [200] * BY_USER.burst + [429]


async def test_nothing_of_a_request_is_logged(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await town.post("/livekit/jwt/sfu/get", plain("forged-secret"))
    await town.post("/livekit/jwt/get_token", newer())
    await town.forwarded("get_token", passed(server_name=NEIGHBOUR))
    town.homeserver.status = 500
    await town.post("/livekit/jwt/get_token", newer())
    said = "".join(record.getMessage() for record in caplog.records)
    assert not any(word in said for word in ("forged-secret", "asukas", ROOM, "jwt", "DEVICE"))


async def test_clients_find_the_token_service_by_discovery(town: Town) -> None:
    async with town.session.get(f"{town.url}/.well-known/matrix/client") as answer:
        found = await answer.json()
    base = found["m.homeserver"]["base_url"]
    assert found["org.matrix.msc4143.rtc_foci"] == [{"type": "livekit", "livekit_service_url": f"{base}/livekit/jwt"}]


async def test_camera_and_microphone_are_closed_to_pages_that_are_not_for_calls(town: Town) -> None:
    async with town.session.get(town.url) as answer:
        assert "camera=()" in answer.headers["Permissions-Policy"]
