"""Three people in one conference, with livekit-client in Chromium: what they see and hear is decoded, not counted."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.calls.browsers.chromium import Browser
from tests.calls.browsers.conference import CITIZEN, GUEST, INTERPRETER, OFFICIAL, Conference, conference
from tests.calls.browsers.media_server import MediaServer
from tests.calls.browsers.observed import Observation, meets
from tests.calls.browsers.participant import Participant
from tests.calls.browsers.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

HALF_A_SECOND = 8
"""Frames."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def meeting(server: MediaServer, pages: Site, browser: Browser) -> AsyncIterator[Conference]:
    """The official, the citizen and the guest; each test leaves it as it was."""
    async with conference(server, pages, browser) as held:
        for number in (OFFICIAL, CITIZEN, GUEST):
            await held.enter(number)
        yield held


@pytest.fixture
def official(meeting: Conference) -> Participant:
    return meeting.present[OFFICIAL]


@pytest.fixture
def citizen(meeting: Conference) -> Participant:
    return meeting.present[CITIZEN]


@pytest.fixture
def guest(meeting: Conference) -> Participant:
    return meeting.present[GUEST]


def said_to(seen: Observation) -> list[tuple[str, str]]:
    return [(message["from"], message["text"]) for message in seen.rest["messages"]]


async def moves(viewer: Participant, whose: int) -> bool:
    """Whether somebody's picture goes on: its counter and the decoder's."""
    before = (await viewer.until(lambda now: whose in now.seen)).picture(whose)
    assert before is not None
    after = await viewer.until(lambda now: _decoded(now, whose) >= before.decoded + HALF_A_SECOND)
    shown = after.picture(whose)
    return shown is not None and shown.count != before.count


def _decoded(seen: Observation, whose: int) -> int:
    picture = seen.picture(whose)
    return 0 if picture is None else picture.decoded


@pytest.mark.parametrize("number", [OFFICIAL, CITIZEN, GUEST])
async def test_everybody_sees_and_hears_the_two_others(meeting: Conference, number: int) -> None:
    others = {OFFICIAL, CITIZEN, GUEST} - {number}
    viewer = meeting.present[number]
    seen = await viewer.until(meets(others))
    assert {one.identity for one in seen.pictures} == {meeting.present[other].identity for other in others}
    for other in others:
        assert await moves(viewer, other)


async def test_what_is_seen_and_heard_is_what_its_track_claims(meeting: Conference, official: Participant) -> None:
    both = {CITIZEN, GUEST}
    seen = await official.until(meets(both))
    identities = {number: meeting.present[number].identity for number in both}
    assert {one.whose: one.identity for one in seen.pictures} == identities
    assert {one.whose: one.identity for one in seen.sounds} == identities


async def test_who_comes_late_sees_and_hears_all_and_is_seen(meeting: Conference, official: Participant) -> None:
    late = await meeting.enter(INTERPRETER)
    everybody = {OFFICIAL, CITIZEN, GUEST}
    await late.until(meets(everybody))
    await official.until(lambda now: INTERPRETER in now.seen & now.heard)
    await late.close()
    await official.until(lambda now: late.identity not in now.others)
    meeting.present.remove(late)


async def test_a_muted_microphone_is_heard_by_nobody_and_seen_to_be_muted(
    citizen: Participant, official: Participant, guest: Participant
) -> None:
    await official.until(lambda now: CITIZEN in now.heard)
    await citizen.microphone(on=False)
    for other in (official, guest):
        await other.until(lambda now: CITIZEN not in now.heard)
        await other.stays(lambda now: CITIZEN in now.seen - now.heard, seconds=1)
        await other.until(lambda now: "microphone" in _muted(now, citizen.identity))
    await citizen.microphone(on=True)
    for other in (official, guest):
        await other.until(lambda now: CITIZEN in now.heard and not _muted(now, citizen.identity))


async def test_a_camera_goes_off_and_comes_back(citizen: Participant, official: Participant) -> None:
    await official.until(lambda now: CITIZEN in now.seen)
    await citizen.camera(on=False)
    off = await official.until(lambda now: "camera" in _muted(now, citizen.identity))
    still = _decoded(off, CITIZEN)
    assert CITIZEN in (await official.until(lambda now: CITIZEN in now.heard)).heard
    await citizen.camera(on=True)
    await official.until(lambda now: _decoded(now, CITIZEN) > still and not _muted(now, citizen.identity))
    assert await moves(official, CITIZEN)


async def test_a_shared_screen_is_seen_beside_the_camera(
    official: Participant, citizen: Participant, guest: Participant
) -> None:
    await official.screen(on=True)
    for other in (citizen, guest):
        await other.until(lambda now: now.screens == {OFFICIAL} and OFFICIAL in now.seen)
    await official.screen(on=False)
    for other in (citizen, guest):
        await other.until(lambda now: now.screens == set() and OFFICIAL in now.seen)


@pytest.mark.parametrize("reliable", [True, False])
async def test_a_raised_hand_reaches_everybody_as_data(
    citizen: Participant, official: Participant, guest: Participant, *, reliable: bool
) -> None:
    said = f"hand raised, reliable {reliable}"
    await citizen.data(said, topic="hand", reliable=reliable)
    for other in (official, guest):
        await other.until(lambda now: (citizen.identity, said) in said_to(now))


async def test_chat_reaches_everybody_whole(citizen: Participant, official: Participant, guest: Participant) -> None:
    said = "Hyvää päivää! " * 3000  # of 45 kB: a stream of several packets
    await citizen.text(said)
    for other in (official, guest):
        await other.until(lambda now: (citizen.identity, said) in said_to(now))


async def test_who_leaves_is_gone_at_once_and_can_come_again(meeting: Conference, official: Participant) -> None:
    leaving = meeting.present[GUEST]
    await leaving.leave()
    await official.until(lambda now: leaving.identity not in now.others and GUEST not in now.seen, within=2)
    await leaving.close()
    meeting.present.remove(leaving)
    again = await meeting.enter(GUEST)
    await official.until(lambda now: GUEST in now.seen & now.heard)
    await again.until(meets({OFFICIAL, CITIZEN}))


def _muted(seen: Observation, identity: str) -> list[str]:
    return next((other["muted"] for other in seen.rest["others"] if other["identity"] == identity), [])
