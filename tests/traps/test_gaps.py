"""More was said than a sync holds: what it left out is fetched, page after page, and answered in order."""

import asyncio
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.traps.answers import ROOM, brings, said
from tests.traps.citizen import Citizen
from tests.traps.faulty import JSON, Asked, Cut, FaultyHomeserver, Handler, refused
from tests.traps.hurried import clock, hurried, until
from tests.traps.opening import post_room, stand
from tests.traps.post import PostRoom, running

SYNC, MESSAGES = "/sync$", "/messages$"
MISSED = 270
"""The sync's 50 and more than two pages of a hundred."""
QUIET = "!quiet:localhost"


@pytest.mark.live
@pytest.mark.asyncio(loop_scope="session")
async def test_a_gap_of_several_pages_is_filled_once_and_in_order(post: PostRoom, citizen: Citizen) -> None:
    room = await citizen.room_with(post.client, encrypted=False)
    position = await post.sync().once(None, 0)
    words = [f"!palvelut {number}" for number in range(MISSED)]
    sent = [await citizen.send(room, {"msgtype": "m.text", "body": body}) for body in words]
    await post.sync().once(position, 0)
    found = [event for event, kind, _ in post.taken_in() if kind == "said" and event in set(sent)]
    assert found == sent


def pages(*chunks: list[JSON]) -> Handler:
    """The pages of a room's history, newest first, the last one without an `end`."""
    number = count()

    async def page(asked: Asked) -> JSON:
        at = next(number)
        assert asked.query["from"] == f"p{at}"
        more = {"end": f"p{at + 1}"} if at + 1 < len(chunks) else {}
        return {"start": f"p{at}", "chunk": chunks[at], **more}

    return page


def _limited(*events: JSON) -> JSON:
    return brings("s2", *events, limited=True, prev_batch="p0")


def _taken_in(folder: Path, *answers: JSON, history: Handler, expected: int) -> tuple[list[str], list[Asked]]:
    """The events that came in, and what was asked about history."""

    async def work() -> tuple[list[str], list[Asked]]:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(folder))
            post.set_position("s1")
            server.answers("GET", SYNC, *answers, {"next_batch": "s9"})
            server.on("GET", MESSAGES, history)
            task = await stack.enter_async_context(running(post.sync().run()))
            await until(lambda: len(post.taken_in()) >= expected or task.done(), within=60)
            await asyncio.sleep(1)
            return [event for event, _, _ in post.taken_in()], server.calls("GET", MESSAGES)

    return hurried(work)


def test_an_empty_page_is_not_the_end_of_the_gap(tmp_path: Path) -> None:
    """Only a page without an `end` is ("GET /rooms/{roomId}/messages")."""
    history = pages([said("$3")], [], [said("$2"), said("$1")])
    found, asked = _taken_in(tmp_path, _limited(said("$4")), history=history, expected=4)
    assert found == ["$1", "$2", "$3", "$4"]
    assert {page.query["to"] for page in asked} == {"s1"}, "no further back than where we were"


def test_a_page_that_repeats_itself_does_not_hold_the_sync(tmp_path: Path) -> None:
    async def history(_: Asked) -> JSON:
        return {"chunk": [said("$1")], "end": "p0"}

    found, asked = _taken_in(tmp_path, _limited(said("$2")), history=history, expected=2)
    assert found == ["$1", "$2"]
    assert len(asked) <= 50


def test_what_the_gap_and_the_sync_both_hold_is_taken_in_once(tmp_path: Path) -> None:
    history = pages([said("$2"), said("$1")])
    found, _ = _taken_in(tmp_path, _limited(said("$2"), said("$3")), history=history, expected=3)
    assert found == ["$1", "$2", "$3"]


def test_a_gap_whose_page_is_lost_is_asked_for_again_and_nothing_is_skipped(tmp_path: Path) -> None:
    tries = count()
    whole = pages([said("$1")])

    async def history(asked: Asked) -> JSON:
        return await whole(asked) if next(tries) >= 2 else Cut()  # type: ignore[return-value]  # the server knows both

    answer = _limited(said("$2"))
    found, _ = _taken_in(tmp_path, answer, answer, history=history, expected=2)
    assert found == ["$1", "$2"]


def test_a_room_whose_history_is_refused_holds_up_no_other(tmp_path: Path) -> None:
    async def history(_: Asked) -> JSON:
        return refused(403, "M_FORBIDDEN")()  # type: ignore[return-value]  # the server knows both

    answer = _limited(said("$1"))
    answer["rooms"]["join"][QUIET] = brings("", said("$2"))["rooms"]["join"][ROOM]
    found, _ = _taken_in(tmp_path, answer, history=history, expected=2)
    assert sorted(found) == ["$1", "$2"]


def test_the_first_sync_of_all_reads_no_history(tmp_path: Path) -> None:
    async def work() -> None:
        async with FaultyHomeserver() as server, post_room(server.url, tmp_path, clock) as post:
            server.answers("GET", SYNC, _limited(said("$1")))
            await post.sync().once(None, 0)
            assert [event for event, _, _ in post.taken_in()] == ["$1"]
            assert not server.calls("GET", MESSAGES)

    hurried(work)
