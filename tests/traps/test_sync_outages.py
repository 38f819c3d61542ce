"""The homeserver is away, busy, or answers nonsense: the sync waits, longer each time but never long, and goes on."""

from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path

import pytest

from bot.matrix.http import MatrixError
from tests.traps.answers import brings, said
from tests.traps.faulty import Cut, FaultyHomeserver, page, refused
from tests.traps.hurried import hurried, until
from tests.traps.opening import stand
from tests.traps.post import running

SYNC = "/sync$"
HICCUP = 3.0
"""Seconds of the hurried loop, a third of a real one: a busy machine."""
LONGEST = 5.0


def _pauses(server: FaultyHomeserver) -> list[float]:
    return [later.at - earlier.at for earlier, later in pairwise(server.calls("GET", SYNC))]


def _real_pauses(server: FaultyHomeserver) -> list[float]:
    """Without the second try that aiohttp makes at once where a kept connection ended."""
    return [pause for pause in _pauses(server) if pause > 0.1]


@pytest.mark.parametrize("fault", ["500", "502", "cut", "401 without a code"])
def test_failed_syncs_are_spaced_out_by_growing_and_random_pauses_of_at_most_five_seconds(
    tmp_path: Path, fault: str
) -> None:
    faults = {
        "500": refused(500, "M_UNKNOWN"),
        "502": page(502),
        "cut": Cut,
        "401 without a code": page(401),
    }

    async def work() -> list[float]:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.answers("GET", SYNC, faults[fault])
            task = await stack.enter_async_context(running(post.sync().run()))
            await until(lambda: len(_real_pauses(server)) == 10)
            assert not task.done()
            return _real_pauses(server)

    pauses = hurried(work)
    late = pauses[5:]
    assert max(pauses) <= LONGEST + HICCUP
    assert min(late) >= LONGEST / 2, "it does not hammer a homeserver that is down"
    assert pauses[0] < min(late), "a short hiccup is over soon"
    assert max(late) - min(late) > 0.05, "chance takes part"


def test_after_an_outage_what_was_said_meanwhile_is_there_within_seconds(tmp_path: Path) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            away = [page(502)] * 12
            server.answers("GET", SYNC, *away, brings("s2", said("$one")), {"next_batch": "s2"})
            await stack.enter_async_context(running(post.sync().run()))
            await until(lambda: bool(post.taken_in()))
            assert _pauses(server)[11] <= LONGEST + HICCUP

    hurried(work)


def test_a_revoked_token_ends_the_sync_instead_of_being_tried_for_ever(tmp_path: Path) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.answers("GET", SYNC, refused(401, "M_UNKNOWN_TOKEN", soft_logout=False))
            with pytest.raises(MatrixError, match="M_UNKNOWN_TOKEN"):
                await post.sync().run()
            assert len(server.calls("GET", SYNC)) == 1

    hurried(work)


def test_429_of_a_sync_keeps_the_asked_wait(tmp_path: Path) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            limited = refused(429, "M_LIMIT_EXCEEDED", retry_after_ms=20_000)
            server.answers("GET", SYNC, limited, {"next_batch": "s2"})
            await stack.enter_async_context(running(post.sync().run()))
            await until(lambda: len(server.calls("GET", SYNC)) >= 2)
            assert 20 <= _pauses(server)[0] <= 20 + HICCUP

    hurried(work)


def test_a_lost_sync_answer_is_asked_for_again_from_the_same_position(tmp_path: Path) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            post.set_position("s1")
            server.answers("GET", SYNC, Cut, brings("s2", said("$one")), {"next_batch": "s2"})
            await stack.enter_async_context(running(post.sync().run()))
            await until(lambda: len(server.calls("GET", SYNC)) >= 4)
            since = [asked.query["since"] for asked in server.calls("GET", SYNC)]
            assert since[0] == since[1] == "s1"
            assert since[-1] == "s2"
            assert [event for event, _, _ in post.taken_in()] == ["$one"]

    hurried(work)
