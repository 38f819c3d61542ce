"""The position of the sync and what came with it are one: neither is ahead of the other."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from bot.matrix.sync import Sync
from bot.storage.transaction import SqlTransaction
from tests.traps.answers import brings, said
from tests.traps.faulty import FaultyHomeserver
from tests.traps.hurried import clock, hurried
from tests.traps.opening import post_room
from tests.traps.post import PostRoom

T = TypeVar("T")

SYNC = "/sync$"


class _Failing:
    """A store whose next transaction fails when its work is done, as a full disk does."""

    def __init__(self, post: PostRoom) -> None:
        self._post = post
        self.fails = True

    async def transact(self, work: Callable[[SqlTransaction], T]) -> T:
        return await self._post.store.transact(lambda tx: self._work(tx, work))

    def _work(self, tx: SqlTransaction, work: Callable[[SqlTransaction], T]) -> T:
        done = work(tx)
        if self.fails:
            raise OSError("no space left on device")
        return done


def test_the_position_is_never_ahead_of_what_was_taken_in(tmp_path: Path) -> None:
    async def work() -> None:
        async with FaultyHomeserver() as server, post_room(server.url, tmp_path, clock) as post:
            post.set_position("s1")
            server.answers("GET", SYNC, brings("s2", said("$1")))
            store = _Failing(post)
            post.delivered.set()
            sync = Sync(post.client, store, clock, arrived=post.arrived, delivered=post.delivered)
            with pytest.raises(OSError, match="no space"):
                await sync.once("s1", 0)
            assert (post.position(), post.taken_in()) == ("s1", [])
            store.fails = False
            await sync.once("s1", 0)
            assert (post.position(), [event for event, _, _ in post.taken_in()]) == ("s2", ["$1"])

    hurried(work)


def test_a_command_that_comes_again_after_a_restart_is_taken_in_once(tmp_path: Path) -> None:
    async def work() -> None:
        async with FaultyHomeserver() as server, post_room(server.url, tmp_path, clock) as post:
            server.answers("GET", SYNC, brings("s2", said("$1"), said("$2")))
            for _ in range(3):
                await post.sync().once("s1", 0)
            assert [event for event, _, _ in post.taken_in()] == ["$1", "$2"]

    hurried(work)
