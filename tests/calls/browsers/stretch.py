"""What came of one participant's camera and microphone at another's during some seconds."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.calls.browsers.observed import Observation, Picture, Sound
from tests.calls.browsers.participant import Participant

OPUS_RATE = 48_000
"""Samples a second, as they are counted (RFC 7587, 4.1)."""

CAMERA_FPS = 15
ENOUGH = 0.7
"""Of the camera's frames, what an encoder sends on a machine that has time."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Differences over `seconds`, of what `of` sent.

    `heights` are those of the picture as decoded, sampled twice a second.
    """

    of: str
    seconds: float
    sent: int
    decoded: int
    freezes: int
    sound_lost: int
    concealed_s: float
    heights: frozenset[int]

    @property
    def share(self) -> float:
        """Of the frames sent, those that were decoded."""
        return self.decoded / max(self.sent, 1)

    @property
    def fps(self) -> float:
        return self.decoded / self.seconds


async def watch(viewer: Participant, sender: Participant, seconds: float) -> Stretch:
    """Observes both for some seconds.

    Raises AssertionError where nothing of the sender comes in, or where he could not send as fast as his camera:
    then the machine is too busy for any judgement.
    """
    begun, first, sent = time.monotonic(), await viewer.observe(), frames(await sender.observe())
    heights, last = set(), first
    while time.monotonic() - begun < seconds:
        await asyncio.sleep(0.5)
        last = await viewer.observe()
        heights |= {one.height for one in last.pictures if one.identity == sender.identity}
    sent = frames(await sender.observe()) - sent
    stretch = _between(first, last, sender.identity, sent, frozenset(heights))
    assert sent >= ENOUGH * CAMERA_FPS * stretch.seconds, f"the machine is too busy to judge: {stretch}"
    return stretch


def frames(now: Observation) -> int:
    """Frames of video sent so far: simulcast sends each of them in several layers."""
    return max((layer.frames for layer in now.layers if layer.kind == "video"), default=0)


def height(now: Observation) -> int:
    """Of the largest picture, as decoded."""
    return max((one.height for one in now.pictures), default=0)


def _between(first: Observation, last: Observation, identity: str, sent: int, heights: frozenset[int]) -> Stretch:
    picture, picture_then = _picture(last.pictures, identity), _picture(first.pictures, identity)
    sound, sound_then = _sound(last.sounds, identity), _sound(first.sounds, identity)
    return Stretch(
        of=identity,
        seconds=last.at - first.at,
        sent=sent,
        decoded=picture.decoded - picture_then.decoded,
        freezes=picture.freezes - picture_then.freezes,
        sound_lost=sound.lost - sound_then.lost,
        concealed_s=(sound.concealed - sound_then.concealed) / OPUS_RATE,
        heights=heights,
    )


def _picture(pictures: Sequence[Picture], identity: str) -> Picture:
    found = next((one for one in pictures if one.identity == identity), None)
    assert found is not None, f"no picture of {identity} comes in"
    return found


def _sound(sounds: Sequence[Sound], identity: str) -> Sound:
    found = next((one for one in sounds if one.identity == identity), None)
    assert found is not None, f"no sound of {identity} comes in"
    return found


async def both_meet(one: Participant, other: Participant, *, within: float = 15) -> None:
    """Back when each hears the other and sees his picture moving."""
    for viewer, sender in ((one, other), (other, one)):
        now = await viewer.until(_has(sender.number), within=within)
        await _goes_on(viewer, sender, _picture(now.pictures, sender.identity).decoded, within)


def _has(whose: int) -> Callable[[Observation], bool]:
    return lambda now: whose in now.seen & now.heard


async def _goes_on(viewer: Participant, sender: Participant, decoded: int, within: float) -> None:
    def further(now: Observation) -> bool:
        return any(one.identity == sender.identity and one.decoded > decoded + 5 for one in now.pictures)

    await viewer.until(further, within=within)
