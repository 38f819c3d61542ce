"""How a neighbour's homeserver is found and believed, by real TLS on loopback."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web

from bot.web.rtc_homeserver import UnavailableError
from bot.web.rtc_vouching import Neighbours
from tests.support.ports import free_port
from tests.support.tls import trust_for

NAME = "naapuri.test"


@dataclass
class Neighbour:
    """A homeserver on loopback under a name of its own; it stands on one port, whatever port it is asked for."""

    port: int
    neighbours: Neighbours
    status: int = 200
    body: bytes = b'{"sub": "@vieras:naapuri.test"}'
    well_known: bytes = b"{}"
    asked: list[str] = field(default_factory=list)
    looked_up: list[tuple[str, int]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        if request.path == "/.well-known/matrix/server":
            return web.Response(body=self.well_known)
        return web.Response(status=self.status, body=self.body, headers={"Location": "/elsewhere"})


@pytest.fixture
async def neighbour(tmp_path: Path) -> AsyncIterator[Neighbour]:
    trust = trust_for(NAME, tmp_path)

    async def lookup(host: str, port: int) -> list[str]:
        found.looked_up.append((host, port))
        return ["127.0.0.1"] if host == NAME else []

    port = free_port()
    found = Neighbour(port, Neighbours(allow=lambda _: True, trusted=trust.client, lookup=lookup, well_known_port=port))
    app = web.Application()
    app.router.add_get("/{path:.*}", found.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=trust.server).start()
    yield found
    await runner.cleanup()


def name(neighbour: Neighbour) -> str:
    return f"{NAME}:{neighbour.port}"


async def test_it_says_who_holds_a_token(neighbour: Neighbour) -> None:
    assert await neighbour.neighbours.userinfo(name(neighbour), "a+b/c&x=1") == "@vieras:naapuri.test"
    assert neighbour.asked == ["/_matrix/federation/v1/openid/userinfo?access_token=a%2Bb/c%26x%3D1"]


async def test_a_token_that_it_does_not_know_is_nobodys(neighbour: Neighbour) -> None:
    neighbour.status = 401
    assert await neighbour.neighbours.userinfo(name(neighbour), "token") is None


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"sub": 7}', b"[" * 10_000])
async def test_an_answer_without_a_name_is_nobodys(neighbour: Neighbour, body: bytes) -> None:
    neighbour.body = body
    assert await neighbour.neighbours.userinfo(name(neighbour), "token") is None


@pytest.mark.parametrize("status", [302, 307, 404, 500])
async def test_another_answer_is_none_and_no_redirect_is_followed(neighbour: Neighbour, status: int) -> None:
    neighbour.status = status
    with pytest.raises(UnavailableError):
        await neighbour.neighbours.userinfo(name(neighbour), "token")
    assert len(neighbour.asked) == 1


async def test_an_endless_answer_is_not_read_to_its_end(neighbour: Neighbour) -> None:
    neighbour.body = bytes(100_000)
    with pytest.raises(UnavailableError):
        await neighbour.neighbours.userinfo(name(neighbour), "token")


async def test_a_name_without_a_port_is_where_its_well_known_file_says(neighbour: Neighbour) -> None:
    neighbour.well_known = f'{{"m.server": "{name(neighbour)}"}}'.encode()
    assert await neighbour.neighbours.userinfo(NAME, "token") == "@vieras:naapuri.test"


@pytest.mark.parametrize("content", [b"{}", b"nonsense", b'{"m.server": 7}', b" " * 100_000])
async def test_without_a_sound_well_known_file_it_is_on_the_usual_port(neighbour: Neighbour, content: bytes) -> None:
    neighbour.well_known = content
    with pytest.raises(UnavailableError):  # nothing answers on that port here
        await neighbour.neighbours.userinfo(NAME, "token")
    assert neighbour.looked_up[1:] == [(NAME, 8448)]


@pytest.mark.parametrize("target", ["a b", "naapuri.test:0", "user@naapuri.test", "naapuri.test/x", ""])
async def test_a_well_known_file_leads_to_a_server_or_nowhere(neighbour: Neighbour, target: str) -> None:
    neighbour.well_known = f'{{"m.server": "{target}"}}'.encode()
    with pytest.raises(UnavailableError):
        await neighbour.neighbours.userinfo(NAME, "token")
    assert len(neighbour.looked_up) == 1


async def test_a_server_whose_certificate_is_of_another_authority_is_not_believed(neighbour: Neighbour) -> None:
    async def here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    with pytest.raises(UnavailableError):
        await Neighbours(allow=lambda _: True, lookup=here).userinfo(name(neighbour), "token")
    assert not neighbour.asked


async def test_a_neighbour_within_our_own_network_is_not_contacted(neighbour: Neighbour) -> None:
    async def here(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    with pytest.raises(UnavailableError):
        await Neighbours(lookup=here).userinfo(name(neighbour), "token")
    assert not neighbour.asked


@pytest.mark.parametrize("odd", ["", "a b", "naapuri.test/..", "naapuri.test:0", "naapuri.test:99999", "@naapuri.test"])
async def test_what_is_no_name_of_a_server_is_not_looked_up(neighbour: Neighbour, odd: str) -> None:
    with pytest.raises(UnavailableError):
        await neighbour.neighbours.userinfo(odd, "token")
    assert not neighbour.looked_up
