"""A synthetic participant behaves as a browser: it answers wishes, asks for what is missing, and counts honestly."""

import struct
from collections.abc import Callable
from typing import cast

import pytest

from benchmarks.calls import receiving, rtcp
from benchmarks.calls.leg import Leg
from benchmarks.calls.offering import offer
from benchmarks.calls.payload import body_at
from benchmarks.calls.receiving import Receiver
from benchmarks.calls.scene import Recording
from benchmarks.calls.sending import REPAIR, VP8, Camera, Ssrcs
from bot.calls.rtp.packet import ExtensionIds, parse
from bot.calls.sdp.reading import read
from bot.calls.sdp.values import AUDIO_LEVEL, MID, TRANSPORT_CC, Description, Keys
from bot.calls.sdp.writing import Local, answer

KEY, DELTA = (b"\x10" + bytes(900), b"\x10" + bytes(300)), (b"\x11" + bytes(700),)
RECORDING = Recording((KEY, DELTA, DELTA), (b"voice",), (b"hush",))
SSRC, PICTURES, SOUNDS = 4711, 96, 111


class Wire:
    """A leg without a socket: what was sent, in clear."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.reports: list[bytes] = []
        self.refused = 0
        self.on_media: Callable[[memoryview], None] = lambda _packet: None
        self.on_rtcp: Callable[[bytes], None] = lambda _packet: None

    def send(self, packet: bytes | bytearray) -> None:
        self.sent.append(bytes(packet))

    def send_rtcp(self, packet: bytes) -> None:
        self.reports.append(packet)

    def opened(self, sealed: memoryview) -> bytes:
        return bytes(sealed)

    @property
    def asked(self) -> list[rtcp.Asked]:
        return [wish for packet in self.reports for wish in rtcp.asked(packet)]


@pytest.fixture
def wire() -> Wire:
    return Wire()


def described(text: str) -> Description:
    description = read(text)
    assert description is not None
    return description


def local() -> Local:
    return Local(Keys("ufrag", "p" * 24, (("sha-256", ":".join(["AB"] * 32)),)), (), 7)


@pytest.fixture
def agreed() -> Description:
    """What the engine's own writer answers to the load's offer."""
    offered = described(offer(local(), Ssrcs.of(3), sound="sound-3", picture="picture-3", data=True))
    assert [section.kind for section in offered.sections] == ["audio", "video", "application"]
    assert offered.sections[1].repairs == {Ssrcs.of(3).repair: Ssrcs.of(3).picture}
    return described(answer(offered, local(), 2))


@pytest.fixture
def camera(wire: Wire, agreed: Description) -> Camera:
    return Camera(cast("Leg", wire), RECORDING, (3, 10), agreed)


def test_packets_bear_what_was_agreed_on(wire: Wire, camera: Camera, agreed: Description) -> None:
    camera.send_picture(100.0)
    camera.send_sound(100.0)
    sound, picture = (section.extensions for section in agreed.sections[:2])
    ids = ExtensionIds(picture[MID], 0, 0, picture[TRANSPORT_CC], sound[AUDIO_LEVEL])
    parsed = [parse(packet, ids) for packet in wire.sent]
    assert [packet.mid for packet in parsed if packet] == ["1", "1", "0"]
    assert [packet.transport_sequence for packet in parsed if packet] == [0, 1, 2]
    assert [packet.marker for packet in parsed if packet][:2] == [0, 128]
    assert parsed[2] is not None
    assert parsed[2].level is not None


def test_three_of_ten_speak_at_a_time_and_everybody_gets_a_turn(agreed: Description) -> None:
    turns = list[set[int]]()
    for now in range(0, 80, 4):
        speaking = set()
        for index in range(10):
            wire = Wire()
            Camera(cast("Leg", wire), RECORDING, (index, 10), agreed).send_sound(float(now))
            if wire.sent[0].endswith(b"voice"):
                speaking.add(index)
        turns.append(speaking)
    assert {len(speaking) for speaking in turns} == {3}
    assert set.union(*turns) == set(range(10))


def test_a_lost_packet_is_sent_again_as_a_retransmission(wire: Wire, camera: Camera) -> None:
    camera.send_picture(100.0)
    first = wire.sent[0]
    sequence = int.from_bytes(first[2:4], "big")
    wire.on_rtcp(rtcp.nack(1, Ssrcs.of(3).picture, [sequence]))
    again = wire.sent[-1]
    assert again[1] & 0x7F == REPAIR
    assert int.from_bytes(again[8:12], "big") == Ssrcs.of(3).repair
    assert again[body_at(again) :] == first[2:4] + first[body_at(first) :]


def test_a_wish_for_a_whole_picture_is_granted_with_the_next(wire: Wire, camera: Camera) -> None:
    for number in range(3):
        camera.send_picture(100.0 + number / 15)
    wire.on_rtcp(rtcp.picture_loss(1, Ssrcs.of(3).picture))
    before = len(wire.sent)
    camera.send_picture(101.0)
    assert len(wire.sent) - before == len(KEY)
    assert camera.figures["losses"] == 1


class Clock:
    """Stands in for the module's `time`."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now

    def monotonic_ns(self) -> int:
        return int(self.now * 1e9)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(receiving, "time", clock)
    return clock


@pytest.fixture
def receiver(wire: Wire, clock: Clock) -> Receiver:
    assert clock.now
    receiver = Receiver(cast("Leg", wire), 1)
    offered = described(offer(local(), Ssrcs.of(3), sound="s", picture="p", data=False))
    receiver.expect(offered)
    return receiver


def packet(sequence: int, *, marker: bool = True, key: bool = False) -> memoryview:
    head = struct.pack("!BBHLL", 0x80, VP8 | 0x80 * marker, sequence & 0xFFFF, 0, SSRC)
    return memoryview(head + b"\x10" + (b"\x10" if key else b"\x11") + bytes(20))


def pictures(wire: Wire, clock: Clock, sequences: range) -> None:
    for sequence in sequences:
        wire.on_media(packet(sequence))
        clock.now += 1 / 15


def test_what_is_missing_is_asked_for_and_counts_as_repaired(wire: Wire, clock: Clock, receiver: Receiver) -> None:
    pictures(wire, clock, range(65_530, 65_535))
    pictures(wire, clock, range(65_536, 65_540))  # one is missing before the numbers begin anew
    receiver.tick(clock.now)
    assert wire.asked == [rtcp.Asked(SSRC, (65_535,))]
    wire.on_media(packet(65_535))
    counted = receiver.total()
    assert (counted.repaired, counted.lost, counted.expected) == (1, 0, 9)


def test_a_picture_after_a_gap_is_not_shown(wire: Wire, clock: Clock, receiver: Receiver) -> None:
    pictures(wire, clock, range(10))
    shown = receiver.total().pictures
    pictures(wire, clock, range(11, 15))
    assert receiver.total().pictures == shown
    assert receiver.total().freezes == 1


def test_what_never_comes_is_lost_and_only_a_key_frame_helps(wire: Wire, clock: Clock, receiver: Receiver) -> None:
    pictures(wire, clock, range(10))
    pictures(wire, clock, range(11, 25))
    receiver.tick(clock.now)
    assert receiver.total().lost == 1
    assert rtcp.Asked(SSRC) in wire.asked
    shown = receiver.total().pictures
    pictures(wire, clock, range(25, 30))
    assert receiver.total().pictures == shown
    wire.on_media(packet(30, key=True))
    pictures(wire, clock, range(31, 34))
    assert receiver.total().pictures == shown + 4


def test_a_pause_is_one_freeze_of_its_length(wire: Wire, clock: Clock, receiver: Receiver) -> None:
    pictures(wire, clock, range(10))
    clock.now += 1.0
    pictures(wire, clock, range(10, 20))
    assert receiver.total().freezes == 1
    assert receiver.total().frozen_s == pytest.approx(1 + 1 / 15)


def test_a_picture_that_stands_still_at_the_end_counts_too(wire: Wire, clock: Clock, receiver: Receiver) -> None:
    pictures(wire, clock, range(10))
    clock.now += 2.0
    assert receiver.total().freezes == 1


def test_a_new_window_begins_at_nothing(wire: Wire, clock: Clock, receiver: Receiver) -> None:
    pictures(wire, clock, range(10))
    receiver.mark()
    pictures(wire, clock, range(10, 13))
    counted = receiver.total()
    assert (counted.pictures, counted.packets, counted.freezes) == (3, 3, 0)


def test_reports_speak_of_every_stream(wire: Wire, clock: Clock, receiver: Receiver) -> None:
    pictures(wire, clock, range(10))
    receiver.tick(clock.now)
    assert list(rtcp.counted(b"".join(wire.reports))) == ["report"]
