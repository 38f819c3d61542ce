"""What a viewer's requests for key frames come to at the publisher."""

from collections.abc import Callable
from typing import Any

from bot.calls.media.downlink import Downlink
from bot.calls.media.track import KEY_LONGEST_PAUSE_S, KEY_PAUSE_S, Stream, Track
from bot.calls.rtp.rtcp import picture_loss

SSRC = 71


class Wire:
    """The viewer's connection, without a network."""

    is_open = True
    on_rtcp: Callable[[bytes], None]

    def send_rtp(self, packet: bytearray) -> None:
        """Nobody looks at it."""

    def send_rtcp(self, packet: bytes) -> None:
        """As above."""


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def viewing() -> tuple[Any, Clock, list[bytes]]:
    """The viewer's connection, its clock, and what the publisher is asked."""
    asked: list[bytes] = []
    wire, clock = Wire(), Clock()
    track = Track("TR_1", "PA_1", is_video=True)
    stream = track.streams[0] = Stream(track, 0, 7, asked.append)
    subscription = Downlink(wire, clock).add(track, SSRC)  # type: ignore[arg-type]  # the part of it that is used
    subscription.outgoing.current = stream
    return wire, clock, asked


def test_a_viewer_who_lost_a_picture_gets_a_key_frame_at_once() -> None:
    wire, _, asked = viewing()
    wire.on_rtcp(picture_loss(1, SSRC))
    assert len(asked) == 1


def test_a_viewer_who_never_stops_asking_costs_the_publisher_little() -> None:
    wire, clock, asked = viewing()
    for _ in range(600):
        wire.on_rtcp(picture_loss(1, SSRC))
        clock.now += 0.1
    assert len(asked) <= 60 / KEY_LONGEST_PAUSE_S + 4
    assert len(asked) < 60 / KEY_PAUSE_S / 4


def test_a_request_for_somebody_elses_picture_is_nobodys() -> None:
    wire, _, asked = viewing()
    wire.on_rtcp(picture_loss(1, SSRC + 1))
    assert asked == []
