"""The edge before the real homeserver, by real requests."""

import asyncio
import json
import secrets
from typing import Any

import aiohttp
import pytest

from bot.web.edge import add_pages, application, listening
from tests.support.homeserver import Registered, TrialHomeserver
from tests.support.ports import free_port
from tests.web.conftest import RunningEdge, edge_of
from tests.web.test_paths import REFUSED

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]


async def raw_status(port: int, head: str, body: bytes = b"") -> int:
    """The status of a request sent letter by letter: no client may tidy the path first."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode() + b"\r\nHost: localhost\r\nConnection: close\r\n\r\n" + body)
        await writer.drain()
        return int((await reader.readline()).split()[1])
    finally:
        writer.close()


async def newcomer(homeserver: TrialHomeserver) -> Registered:
    return await homeserver.register(f"person-{secrets.token_hex(4)}")


async def call(
    url: str, method: str, path: str, *, token: str = "", body: Any = None, data: bytes | None = None
) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, url + path, json=body, data=data) as answer,
    ):
        content = await answer.read()
        return answer.status, json.loads(content) if answer.content_type == "application/json" else content


@pytest.mark.parametrize("path", REFUSED)
async def test_the_administration_is_closed_at_the_edge(
    edge: RunningEdge, homeserver: TrialHomeserver, path: str
) -> None:
    """With the administrator's own token: what is open at the homeserver is refused here."""
    await homeserver.admin.ensure_admin()
    token = (homeserver.state.read_secret("admin.json") or {})["access_token"]
    head = f"GET {path} HTTP/1.1\r\nAuthorization: Bearer {token}"
    assert await raw_status(edge.port, head) in {400, 403}
    assert await raw_status(edge.port, head.replace("GET", "POST", 1)) in {400, 403}


async def test_the_same_call_is_open_at_the_homeserver_itself(homeserver: TrialHomeserver) -> None:
    await homeserver.admin.ensure_admin()
    token = (homeserver.state.read_secret("admin.json") or {})["access_token"]
    status, _ = await call(homeserver.url, "GET", "/_synapse/admin/v2/users", token=token)
    assert status == 200


async def test_federation_is_not_offered(edge: RunningEdge) -> None:
    status, answer = await call(edge.url, "GET", "/_matrix/federation/v1/version")
    assert (status, answer["errcode"]) == (404, "M_UNRECOGNIZED")


async def test_a_client_signs_in_and_a_long_poll_brings_what_happens_meanwhile(
    edge: RunningEdge, homeserver: TrialHomeserver
) -> None:
    person = await newcomer(homeserver)
    login = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": person.user_id},
        "password": person.password,
    }
    status, session = await call(edge.url, "POST", "/_matrix/client/v3/login", body=login)
    assert status == 200
    token = session["access_token"]
    _, first = await call(edge.url, "GET", "/_matrix/client/v3/sync?timeout=0", token=token)
    poll = f"/_matrix/client/v3/sync?timeout=20000&since={first['next_batch']}"
    async with asyncio.timeout(15), asyncio.TaskGroup() as group:
        waiting = group.create_task(call(edge.url, "GET", poll, token=token))
        _, room = await call(edge.url, "POST", "/_matrix/client/v3/createRoom", token=token, body={})
    status, news = waiting.result()
    assert status == 200
    assert room["room_id"] in news["rooms"]["join"]


async def test_a_file_goes_up_and_comes_down_unchanged(edge: RunningEdge, homeserver: TrialHomeserver) -> None:
    person = await newcomer(homeserver)
    content = secrets.token_bytes(700_000)
    status, answer = await call(edge.url, "POST", "/_matrix/media/v3/upload", token=person.access_token, data=content)
    assert status == 200
    media = answer["content_uri"].removeprefix("mxc://")
    path = f"/_matrix/client/v1/media/download/{media}"
    assert await call(edge.url, "GET", path, token=person.access_token) == (200, content)


async def test_a_file_above_the_limit_is_refused_whether_or_not_it_says_so(
    edge: RunningEdge, homeserver: TrialHomeserver
) -> None:
    person = await newcomer(homeserver)
    head = f"POST /_matrix/media/v3/upload HTTP/1.1\r\nAuthorization: Bearer {person.access_token}"
    assert await raw_status(edge.port, f"{head}\r\nContent-Length: 1000001") == 413
    chunk = b"186a0\r\n" + b"x" * 100_000 + b"\r\n"
    assert await raw_status(edge.port, f"{head}\r\nTransfer-Encoding: chunked", chunk * 11 + b"0\r\n\r\n") == 413


async def test_a_claimed_address_does_not_reach_the_homeserver(edge: RunningEdge, homeserver: TrialHomeserver) -> None:
    person = await newcomer(homeserver)
    headers = {"Authorization": f"Bearer {person.access_token}", "X-Forwarded-For": "203.0.113.9"}
    path = "/_matrix/client/v3/account/whoami"
    async with aiohttp.ClientSession(headers=headers) as session, session.get(edge.url + path) as answer:
        assert answer.status == 200
    whois = await homeserver.admin._call("whois", "GET", f"/_synapse/admin/v1/whois/{person.user_id}")
    assert "203.0.113.9" not in json.dumps(whois)


async def test_an_absent_homeserver_is_a_matrix_error_that_a_web_client_may_read() -> None:
    port = free_port()
    settings = edge_of(port, f"http://127.0.0.1:{free_port()}", {})
    async with (
        listening(application(settings), port),
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}/_matrix/client/versions") as answer,
    ):
        assert answer.status == 502
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert (await answer.json())["errcode"] == "M_UNKNOWN"


async def test_health_tells_which_part_is_not_ready(edge: RunningEdge) -> None:
    assert await call(edge.url, "GET", "/healthz") == (200, {"ready": True, "parts": {"matrix": True}})
    edge.parts["matrix"] = False
    try:
        assert await call(edge.url, "GET", "/healthz") == (503, {"ready": False, "parts": {"matrix": False}})
    finally:
        edge.parts["matrix"] = True


async def test_discovery_names_the_edge_for_any_origin(edge: RunningEdge) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{edge.url}/.well-known/matrix/client") as answer:
        assert await answer.json() == {"m.homeserver": {"base_url": f"http://localhost:{edge.port}"}}
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_the_page_speaks_three_languages_and_calls_nobody(edge: RunningEdge) -> None:
    async with aiohttp.ClientSession() as session, session.get(edge.url) as answer:
        html = await answer.text()
        headers = answer.headers
    assert [f'<section lang="{language}">' in html for language in ("fi", "sv", "en")] == [True] * 3
    assert f"http://localhost:{edge.port}" in html
    assert "Ähtäri &amp; &lt;ystävät&gt;" in html
    assert not any(sign in html for sign in ("<script", "<link", "<img", "src=", "@import", "url("))
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")


async def test_nothing_is_logged_of_who_asked_for_what(edge: RunningEdge, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="bot")
    await call(edge.url, "GET", "/_matrix/client/v3/profile/@somebody:localhost")
    await raw_status(edge.port, "NONSENSE")
    assert "somebody" not in caplog.text
    assert "127.0.0.1" not in "".join(r.getMessage() for r in caplog.records if r.name.startswith(("bot", "aiohttp")))


async def test_a_fault_is_told_by_a_code_and_logged_without_what_was_asked(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def broken() -> dict[str, bool]:
        raise ValueError("secret words")

    port = free_port()
    settings = edge_of(port, "http://127.0.0.1:1", {})
    app = application(type(settings)(settings.front, settings.homeserver, broken))
    add_pages(app, settings)
    async with listening(app, port):
        status, said = await call(f"http://127.0.0.1:{port}", "GET", "/healthz")
    assert status == 500
    assert b"secret" not in said
    assert "ValueError" in caplog.text
    assert "secret words" not in caplog.text
