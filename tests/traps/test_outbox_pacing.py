"""When the homeserver says "not now", or says nothing: the outbox waits, room by room, and sends once."""

from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from tests.traps.faulty import Asked, Cut, FaultyHomeserver, page, refused
from tests.traps.hurried import clock, hurried, until
from tests.traps.opening import stand
from tests.traps.post import PostRoom, running

SEND = "/send/m.room.message/"
SLOW, OTHER = "!slow:localhost", "!other:localhost"
ROUNDED = 1.0
"""Seconds: moments are stored as whole ones."""
IDLE = 3.0
"""Seconds that the outbox may take to notice that something is due."""
HICCUP = 5.0
"""Seconds of the hurried loop, half a real one: a busy machine."""


def _tries(server: FaultyHomeserver, room: str = "") -> list[Asked]:
    return [asked for asked in server.calls("PUT", SEND) if room in asked.path.replace("%21", "!").replace("%3A", ":")]


def _pauses(server: FaultyHomeserver) -> list[float]:
    return [later.at - earlier.at for earlier, later in pairwise(_tries(server))]


def test_429_the_asked_wait_is_kept_and_other_rooms_do_not_wait(tmp_path: Path) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            limited = refused(429, "M_LIMIT_EXCEEDED", retry_after_ms=20_000)
            server.answers("PUT", f"slow.*{SEND}", limited, {"event_id": "$slow"})
            post.say(post.room(SLOW), "yksi")
            other = post.room(OTHER)
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: len(_tries(server, SLOW)) == 1)
            for words in ("kaksi", "kolme", "neljä"):
                post.say(other, words)
            await until(lambda: len(_tries(server, OTHER)) == 3)
            await until(lambda: post.waiting() == 0)
            first, second = _tries(server, SLOW)
            assert 20 - ROUNDED <= second.at - first.at <= 20 + IDLE + HICCUP
            assert all(asked.at < second.at for asked in _tries(server, OTHER))
            assert first.path == second.path, "the same transaction id"

    hurried(work)


def test_429_does_not_sleep_inside_the_call(tmp_path: Path) -> None:
    """nio would wait as long as it is told, holding the lane; here the item is put back and written down."""

    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.answers("PUT", SEND, refused(429, "M_LIMIT_EXCEEDED", retry_after_ms=3_600_000))
            post.say(post.room(SLOW), "yksi")
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: _wait_until_due(post) > 3000, within=20)
            assert _wait_until_due(post) <= 3601

    hurried(work)


def _wait_until_due(post: PostRoom) -> float:
    due = post.store.transact_now(lambda tx: tx.outbox.next_try())
    return 0 if due is None else (due - clock()).total_seconds()


@pytest.mark.parametrize("wait", ["soon", -5, 1.5, None, 10**18, True])
def test_429_with_a_wait_that_is_no_sound_number_is_tried_again(tmp_path: Path, wait: object) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            limited = refused(429, "M_LIMIT_EXCEEDED", retry_after_ms=wait)
            server.answers("PUT", SEND, limited, {"event_id": "$sent"})
            server.answers("POST", "/join$", limited, {})
            post.say(post.room(SLOW), "yksi")
            other = post.room(OTHER)
            task = await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: bool(_tries(server, SLOW)))
            post.say(other, "kaksi")
            await until(lambda: bool(_tries(server, OTHER)), within=60)
            assert not task.done()

    hurried(work)


def test_the_pause_after_failures_grows_and_stays_below_its_cap(tmp_path: Path) -> None:
    """Refusals that may pass: 1, 2, 4 … seconds and never more than a minute, each shortened by chance up to a half."""

    async def work() -> list[float]:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.answers("PUT", SEND, refused(500, "M_UNKNOWN"))
            post.say(post.room(SLOW), "yksi")
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: len(_tries(server)) == 15, within=1200)
            return _pauses(server)

    pauses = hurried(work)
    longest = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, *[60.0] * 8]
    for pause, most in zip(pauses, longest, strict=True):
        assert most / 2 - ROUNDED <= pause <= most + IDLE + HICCUP
    apart = max(pauses[-8:]) - min(pauses[-8:])
    assert apart > HICCUP, "chance takes part: eight waits so near to each other come once in 40,000 runs"


@pytest.mark.parametrize("away", ["cut", "502", "503"])
def test_after_an_outage_the_waits_have_not_grown(tmp_path: Path, away: str) -> None:
    async def work() -> list[float]:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.answers("PUT", SEND, Cut if away == "cut" else page(int(away)))
            post.say(post.room(SLOW), "yksi")
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: len(_tries(server)) >= 7)
            return _pauses(server)

    assert max(hurried(work)) <= 3 + IDLE + HICCUP
