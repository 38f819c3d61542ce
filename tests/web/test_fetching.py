"""Whom a fetch trusts and what it tells: with a real TLS server on this machine, which only a test may allow."""

import asyncio
import logging
import secrets
from pathlib import Path

import pytest

from bot.web.fetching import Fetcher, FetchLimits, NotFetched, Reason
from tests.support.tls import Trust, trust_for
from tests.web.fetch_server import CALENDAR, HOST, LIMITS, answering, anywhere, fetcher, outcome, saying, serving


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return trust_for(HOST, tmp_path_factory.mktemp("tls"))


async def test_a_calendar_is_fetched_and_nothing_is_told_about_us(trust: Trust) -> None:
    async with serving(trust, saying(CALENDAR, "Set-Cookie: a=b", "Content-Type: image/png")) as server:
        ours = fetcher(trust, server)
        assert await ours.fetch(server.address("/k/secret?x=1#part"), LIMITS) == CALENDAR
        assert await ours.fetch(server.address(), LIMITS) == CALENDAR
    assert server.requests[0].startswith("GET /k/secret?x=1 HTTP/1.1\r\n")
    names = {line.partition(":")[0].lower() for line in server.requests[1].split("\r\n")[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_a_name_is_asked_for_once_so_a_second_answer_changes_nothing(trust: Trust) -> None:
    asked: list[str] = []

    async def rebinding(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["192.0.2.1"]

    async with serving(trust, saying(CALENDAR)) as server:
        ours = fetcher(trust, server, rebinding)
        assert await ours.fetch(server.address(), LIMITS) == CALENDAR
    assert asked == [HOST]


async def test_an_unknown_host(trust: Trust) -> None:
    ours = Fetcher(trusted=trust.client)
    assert await ours.fetch("https://calendar.invalid/own.ics", LIMITS) == NotFetched(Reason.UNKNOWN_HOST)
    assert await Fetcher(lookup=answering()).fetch(f"https://{HOST}/", LIMITS) == NotFetched(Reason.UNKNOWN_HOST)


async def test_a_redirect_is_not_followed(trust: Trust) -> None:
    for status in (301, 302, 303, 307, 308):
        async with serving(trust, saying(b"", "Location: /other", status=f"{status} Moved")) as server:
            found = await fetcher(trust, server).fetch(server.address(), LIMITS)
        assert found == NotFetched(Reason.REDIRECTED, status)
        assert server.connections == 1


async def test_what_a_server_refuses_keeps_its_status(trust: Trust) -> None:
    assert await outcome(trust, saying(b"x", status="404 Not Found")) == NotFetched(Reason.REFUSED, 404)
    assert await outcome(trust, saying(b"", status="204 No Content")) == NotFetched(Reason.REFUSED, 204)


async def test_a_root_that_is_not_trusted_or_a_name_that_is_not_the_hosts(trust: Trust, tmp_path: Path) -> None:
    async with serving(trust, saying(CALENDAR)) as server:
        strict = Fetcher(allow=anywhere, port=server.port, lookup=answering("127.0.0.1"))
        assert await strict.fetch(server.address(), LIMITS) == NotFetched(Reason.UNTRUSTED)
    other = trust_for("other.test", tmp_path)
    async with serving(other, saying(CALENDAR)) as server:
        assert await fetcher(other, server).fetch(server.address(), LIMITS) == NotFetched(Reason.UNTRUSTED)
    assert server.requests == []


async def test_nobody_listens(trust: Trust) -> None:
    async with serving(trust, saying(b"")) as server:
        pass
    assert await fetcher(trust, server).fetch(server.address(), LIMITS) == NotFetched(Reason.UNREACHABLE)


async def test_a_resolver_that_hangs_is_left(trust: Trust) -> None:
    async def lookup(_host: str, _port: int) -> list[str]:
        await asyncio.Event().wait()
        return []

    ours = Fetcher(trusted=trust.client, lookup=lookup)
    assert await ours.fetch(f"https://{HOST}/", FetchLimits(seconds=0.05)) == NotFetched(Reason.TOO_SLOW)


async def test_a_proxy_of_the_environment_is_not_used(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert await outcome(trust, saying(CALENDAR)) == CALENDAR


async def test_the_address_is_in_no_log_line(trust: Trust, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = secrets.token_hex(8)
    async with serving(trust, saying(b"", status="500 Oops")) as server:
        await fetcher(trust, server).fetch(server.address(f"/{secret}"), LIMITS)
        await Fetcher(port=server.port, lookup=answering("127.0.0.1")).fetch(server.address(f"/{secret}"), LIMITS)
    await fetcher(trust, server).fetch(server.address(f"/{secret}"), LIMITS)
    assert len(server.requests) == 1
    assert secret not in caplog.text
    assert HOST not in caplog.text
