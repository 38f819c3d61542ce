"""The homeserver heard a message and nobody heard the homeserver: it is said once, and nobody else waits."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import web

from tests.traps.faulty import Asked, Cut
from tests.traps.hurried import hurried, until
from tests.traps.opening import stand
from tests.traps.post import running

SEND = "/send/m.room.message/"
SLOW, OTHER = "!slow:localhost", "!other:localhost"


def test_a_lost_answer_is_asked_for_again_with_the_same_transaction(tmp_path: Path) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.answers("PUT", SEND, Cut, {"event_id": "$sent"})
            post.say(post.room(SLOW), "yksi")
            post.say(post.room(SLOW), "kaksi")
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: post.waiting() == 0)
            first, again, second = server.calls("PUT", SEND)
            assert first.path == again.path != second.path
            assert (first.body["body"], again.body["body"], second.body["body"]) == ("yksi", "yksi", "kaksi")

    hurried(work)


def test_a_call_without_an_answer_ends_and_holds_up_no_other_room(tmp_path: Path) -> None:
    async def hang(_: Asked) -> web.StreamResponse:
        await asyncio.sleep(3600)
        raise AssertionError

    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.on("PUT", f"slow.*{SEND}", hang)
            post.say(post.room(SLOW), "yksi")
            post.say(post.room(OTHER), "kaksi")
            await stack.enter_async_context(running(post.pump().run()))
            await until(lambda: len(server.calls("PUT", f"slow.*{SEND}")) == 2, within=120)
            assert len(server.calls("PUT", f"other.*{SEND}")) == 1

    hurried(work)
