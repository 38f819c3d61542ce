"""The keys of what the service says must arrive before what they open: a fault on their way is no reason to go on."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import nio
import pytest
import pytest_asyncio

from tests.support.homeserver import TrialHomeserver
from tests.support.killing_proxy import KillingProxy, Moment
from tests.support.processes import until
from tests.traps.citizen import Citizen, citizen_of
from tests.traps.opening import post_room_on
from tests.traps.post import PostRoom, running

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

CUTS = 2
"""aiohttp tries some requests a second time by itself."""


@pytest_asyncio.fixture(loop_scope="session")
async def proxy(homeserver: TrialHomeserver) -> AsyncIterator[KillingProxy]:
    async with KillingProxy(homeserver.url) as standing:
        yield standing


@pytest_asyncio.fixture(loop_scope="session")
async def behind(homeserver: TrialHomeserver, proxy: KillingProxy, tmp_path: Path) -> AsyncIterator[PostRoom]:
    """A device of the service whose talk with the homeserver can be cut."""
    async with post_room_on(homeserver, tmp_path / "behind", proxy.url) as opened:
        yield opened


def _cut(proxy: KillingProxy, method: str, path: str, moment: Moment) -> None:
    for _ in range(CUTS):
        proxy.arm(method, path, moment, lambda: None)


async def _say(post: PostRoom, room: str, words: str) -> None:
    post.say(post.room(room), words, f"{room}:{words}")
    async with running(post.pump().run()):
        await until(lambda: post.waiting() == 0, within=40)


async def _reads(citizen: Citizen, room: str, words: str) -> None:
    event = await citizen.last_word(room)
    assert isinstance(event, nio.RoomMessageText), "the citizen can not open it"
    assert (event.body, event.decrypted) == (words, True)


async def test_an_unverified_device_of_a_citizen_reads_what_is_said(post: PostRoom, citizen: Citizen) -> None:
    room = await citizen.room_with(post.client)
    await _say(post, room, "hei")
    await _reads(citizen, room, "hei")


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize(
    "request_",
    [
        ("PUT", "/sendToDevice/"),
        ("POST", "/keys/claim$"),
        ("POST", "/keys/query$"),
        ("GET", "/members"),
        ("PUT", "/send/"),
    ],
)
async def test_a_lost_answer_on_the_way_of_the_keys_leaves_nothing_unreadable(
    proxy: KillingProxy, behind: PostRoom, citizen: Citizen, request_: tuple[str, str], moment: Moment
) -> None:
    room = await citizen.room_with(behind.client)
    _cut(proxy, *request_, moment)
    await _say(behind, room, "hei")
    await _reads(citizen, room, "hei")


async def test_who_comes_later_reads_what_is_said_from_then_on(
    post: PostRoom, citizen: Citizen, homeserver: TrialHomeserver, tmp_path: Path
) -> None:
    """As an official who is invited when the citizen and the service have spoken already."""
    room = await citizen.room_with(post.client)
    position = await post.sync().once(None, 0)
    await _say(post, room, "yksi")
    async with citizen_of(homeserver, f"virkailija-{secrets.token_hex(4)}", tmp_path / "official") as official:
        await citizen.bring(official, room)
        await post.sync().once(position, 0)
        await _say(post, room, "kaksi")
        await _reads(official, room, "kaksi")
    await _reads(citizen, room, "kaksi")
