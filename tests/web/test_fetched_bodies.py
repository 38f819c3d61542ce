"""How much, and for how long, a fetch takes what a server sends."""

import asyncio
import gzip
import tracemalloc

import pytest

from bot.web.fetching import FetchLimits, NotFetched, Reason
from tests.support.tls import Trust, trust_for
from tests.web.fetch_server import CALENDAR, HOST, outcome, saying


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    return trust_for(HOST, tmp_path_factory.mktemp("tls"))


async def test_a_body_above_the_limit_is_refused_whether_or_not_it_says_so(trust: Trust) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1000\r\n" + b"x" * 0x1000 + b"\r\n")
            await writer.drain()

    assert await outcome(trust, saying(b"x" * 10_000)) == b"x" * 10_000
    assert await outcome(trust, saying(b"x" * 10_001)) == NotFetched(Reason.TOO_LARGE)
    assert await outcome(trust, saying(b"", length=2**40)) == NotFetched(Reason.TOO_LARGE)
    assert await outcome(trust, endless) == NotFetched(Reason.TOO_LARGE)


async def test_a_packed_body_is_unpacked_up_to_the_limit(trust: Trust) -> None:
    packed = "Content-Encoding: gzip"
    assert await outcome(trust, saying(gzip.compress(b"x" * 10_000), packed)) == b"x" * 10_000
    assert await outcome(trust, saying(gzip.compress(b"x" * 10_001), packed)) == NotFetched(Reason.TOO_LARGE)


async def test_a_bomb_is_not_unpacked_beyond_the_limit(trust: Trust) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    limits = FetchLimits(size=100_000)
    assert len(bomb) < limits.size
    tracemalloc.start()
    try:
        found = await outcome(trust, saying(bomb, "Content-Encoding: gzip"), limits)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == NotFetched(Reason.TOO_LARGE)
    assert peak < 3_000_000


async def test_a_body_that_is_not_whole_is_refused(trust: Trust) -> None:
    packed = gzip.compress(CALENDAR * 9)
    for broken in (packed[:-9], b"no gzip at all", packed + b"more"):
        assert await outcome(trust, saying(broken, "Content-Encoding: gzip")) == NotFetched(Reason.BROKEN)
    assert await outcome(trust, saying(CALENDAR, "Content-Encoding: br")) == NotFetched(Reason.BROKEN)
    assert await outcome(trust, saying(CALENDAR, length=9_000)) == NotFetched(Reason.BROKEN)


@pytest.mark.parametrize("before", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nBEGIN"])
async def test_a_server_that_falls_silent_is_left(trust: Trust, before: bytes) -> None:
    left = asyncio.Event()

    async def silent(writer: asyncio.StreamWriter) -> None:
        writer.write(before)
        await writer.drain()
        await left.wait()

    try:
        assert await outcome(trust, silent, FetchLimits(seconds=0.3)) == NotFetched(Reason.TOO_SLOW)
    finally:
        left.set()
