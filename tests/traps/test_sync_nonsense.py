"""Answers that are none, and faults of the calls beside the sync: it goes on."""

from contextlib import AsyncExitStack
from pathlib import Path

import nio
import pytest
from aiohttp import web

from tests.traps.answers import ROOM, brings, said
from tests.traps.faulty import JSON, Asked, Cut, refused
from tests.traps.hurried import hurried, until
from tests.traps.opening import stand
from tests.traps.post import running

SYNC = "/sync$"
NONSENSE: dict[str, JSON] = {
    "nothing": {},
    "no position": {"rooms": {}},
    "a position that is none": {"next_batch": None},
    "lists": {"next_batch": "s9", "rooms": [], "to_device": [], "device_lists": 5},
    "rooms that are none": {"next_batch": "s9", "rooms": {"join": {ROOM: []}, "invite": {ROOM: 7}, "leave": None}},
    "a timeline that is none": {"next_batch": "s9", "rooms": {"join": {ROOM: {"timeline": {"events": {"a": 1}}}}}},
}


def _to_device() -> nio.ToDeviceMessage:
    return nio.ToDeviceMessage("m.dummy", "@asukas:localhost", "LAITE", {"a": 1})


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_sync_answer_that_is_none_stops_nothing(tmp_path: Path, nonsense: str) -> None:
    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            post.set_position("s1")
            server.answers("GET", SYNC, NONSENSE[nonsense], brings("s10", said("$one")), {"next_batch": "s10"})
            task = await stack.enter_async_context(running(post.sync().run()))
            await until(lambda: bool(post.taken_in()) or task.done(), within=60)
            assert not task.done()
            assert "None" not in {asked.query.get("since") for asked in server.calls("GET", SYNC)}

    hurried(work)


@pytest.mark.parametrize("path", ["/keys/query$", "/keys/upload$", "/keys/claim$", "/sendToDevice/"])
@pytest.mark.parametrize("fault", ["cut", "500"])
def test_a_fault_of_the_calls_beside_the_sync_does_not_end_it(tmp_path: Path, path: str, fault: str) -> None:
    async def away(_: Asked) -> web.StreamResponse:
        return Cut() if fault == "cut" else refused(500, "M_UNKNOWN")()

    async def work() -> None:
        async with AsyncExitStack() as stack:
            server, post = await stack.enter_async_context(stand(tmp_path))
            server.on("POST" if "keys" in path else "PUT", path, away)
            post.client.olm.users_for_key_query.add("@asukas:localhost")
            post.client.olm.outgoing_to_device_messages.append(_to_device())
            answer = brings("s2", said("$one")) | {"device_one_time_keys_count": {"signed_curve25519": 1}}
            server.answers("GET", SYNC, answer, brings("s3", said("$two")), {"next_batch": "s3"})
            task = await stack.enter_async_context(running(post.sync().run()))
            await until(lambda: len(post.taken_in()) == 2 or task.done(), within=120)
            assert not task.done()

    hurried(work)
