"""Bad lines: loss, no network for a while, too little bandwidth. Measured in decoded frames and in sound.

Each participant on a bad line has a relay of his own with a seed. Who is only there to see sends no picture: two
cores can't encode for everybody.
"""

import asyncio

import pytest

from tests.calls.browsers.conference import CITIZEN, GUEST, LARGE, OFFICIAL, Conference
from tests.calls.browsers.participant import Camera, Participant
from tests.calls.browsers.stretch import both_meet, height, watch
from tests.support.signalling_relay import relayed
from tests.support.udp_relay import Line

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LONG = 16.0
"""Seconds for which a state is watched that is to be good throughout."""
SETTLING = 8.0
HIGH = Camera(width=1280, height=720, frames=15)
PACKETS = 50
"""Of sound, in a second."""


async def test_eight_seconds_without_a_network_heal_by_themselves(held: Conference) -> None:
    other = await held.enter(OFFICIAL)
    async with relayed(held.server.url, seed=3) as line:
        cut_off = await held.enter(CITIZEN, line=line)
        await both_meet(other, cut_off)
        line.dark = True
        await asyncio.sleep(8)
        line.dark = False
        await both_meet(other, cut_off, within=10)
        assert "Disconnected" not in {event["name"] for event in (await cut_off.observe()).rest["events"]}
        assert (await other.observe()).others == {cut_off.identity}
        await held.end()


@pytest.mark.long
async def test_three_per_cent_of_loss_each_way_cost_hardly_a_frame(held: Conference) -> None:
    other = await held.enter(OFFICIAL)
    async with relayed(held.server.url, seed=5) as line:
        lossy = await held.enter(CITIZEN, line=line)
        await both_meet(other, lossy)
        line.media.up.loss = line.media.down.loss = 0.03
        for stretch in await asyncio.gather(watch(lossy, other, LONG), watch(other, lossy, LONG)):
            assert stretch.share >= 0.9, stretch
            assert stretch.freezes <= 1, stretch
        assert min(line.media.up.counts.lost, line.media.down.counts.lost) > 10
        await held.end()


@pytest.mark.long
async def test_a_thin_line_gets_a_steady_smaller_picture_then_sound_then_all_again(held: Conference) -> None:
    speaker = await held.enter(OFFICIAL, camera=HIGH)
    well_off = await held.enter(GUEST, tile=LARGE, picture=False)
    async with relayed(held.server.url, seed=7) as line:
        thin = await held.enter(CITIZEN, line=line, tile=LARGE, picture=False)
        for viewer in (well_off, thin):
            await viewer.until(lambda now: height(now) == HIGH.height, within=30)
        await is_steady(speaker, thin, well_off, line.media.down, strictly=held.server.is_ours)
        await keeps_its_sound(speaker, thin, line.media.down)
        line.media.down.rate = None
        await thin.until(lambda now: height(now) == HIGH.height, within=30)
        await held.end()


async def is_steady(
    speaker: Participant, thin: Participant, well_off: Participant, down: Line, *, strictly: bool
) -> None:
    """At 600 kbit/s, while who has a good line keeps the large picture.

    A LiveKit changes layers and leaves out frames on such a line in its own way: of it steadiness is not asked.
    """
    down.rate = 600_000
    await asyncio.sleep(SETTLING)
    stretch, elsewhere = await asyncio.gather(watch(thin, speaker, LONG), watch(well_off, speaker, LONG))
    assert elsewhere.heights == {HIGH.height}, elsewhere
    assert stretch.decoded > 0, stretch
    if strictly:
        assert elsewhere.freezes == 0, elsewhere
        assert stretch.freezes == 0, stretch
        assert stretch.fps >= 5, stretch
        assert len(stretch.heights) == 1, stretch


async def keeps_its_sound(speaker: Participant, thin: Participant, down: Line) -> None:
    """At 150 kbit/s, whatever becomes of the picture."""
    down.rate = 150_000
    await asyncio.sleep(SETTLING)
    stretch = await watch(thin, speaker, LONG / 2)
    assert stretch.concealed_s <= 0.05 * stretch.seconds, stretch
    await thin.stays(lambda now: speaker.number in now.heard, seconds=2)


@pytest.mark.long
async def test_a_publisher_behind_700_kbit_s_loses_no_sound(held: Conference) -> None:
    viewer = await held.enter(OFFICIAL, picture=False, tile=LARGE)
    async with relayed(held.server.url, seed=9) as line:
        line.media.up.rate = 700_000
        thin = await held.enter(CITIZEN, line=line, camera=HIGH)
        await viewer.until(lambda now: CITIZEN in now.heard & now.seen)
        await asyncio.sleep(SETTLING / 2)
        stretch = await watch(viewer, thin, LONG)
        assert stretch.sound_lost <= 0.01 * stretch.seconds * PACKETS, stretch
        assert stretch.fps >= 5, stretch
        await held.end()
