"""A synthetic participant's microphone and camera: prepared payloads in a loop, as a browser would send them.

RFC 7741 (VP8), RFC 7587 (Opus), RFC 6464 (levels), RFC 8843 (MID), RFC 4588 (retransmissions). The last packet of
each picture ends in the moment of its sending, which a decoder ignores and a receiver reads back.
"""

import struct
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from benchmarks.calls import rtcp
from benchmarks.calls.leg import Leg
from benchmarks.calls.scene import SOUND_MS, Recording
from bot.calls.sdp.values import AUDIO_LEVEL, MID, TRANSPORT_CC, Description, Section

OPUS, VP8, REPAIR = 111, 96, 97
STAMP = struct.Struct("!Q")
"""Nanoseconds of the machine's monotonic clock: the same in all of its processes."""

PICTURE_TICKS = 90_000 // 15
_SOUND_TICKS = 48 * SOUND_MS
_HEADER = struct.Struct("!BBHLL")
_HISTORY = 1 << 9
_REPORT_S = 1.0
_KEY_FRAMES_APART_S = 0.3
_LATE_S = 0.1
_LOUD, _QUIET = 24, 96
"""Levels in -dBov; a turn of a voice lasts `_TURN_S`, and three have one."""
_TURN_S, _VOICES = 4, 3


@dataclass(frozen=True, slots=True)
class Ssrcs:
    sound: int
    picture: int
    repair: int

    @classmethod
    def of(cls, index: int) -> "Ssrcs":
        base = 1_000_000 + 1000 * index
        return cls(base, base + 1, base + 2)


class _Stream:
    """Sequence numbers, counts and the header's template of one stream."""

    __slots__ = ("extension", "level_at", "numbered_at", "octets", "packets", "sequence", "ssrc", "timestamp")

    def __init__(self, ssrc: int, section: Section) -> None:
        self.ssrc, self.sequence, self.timestamp, self.packets, self.octets = ssrc, ssrc & 0x7FFF, ssrc, 0, 0
        self.extension, places = _extension(section)
        self.level_at, self.numbered_at = places.get(AUDIO_LEVEL, 0), places.get(TRANSPORT_CC, 0)


def _extension(section: Section) -> tuple[bytearray, dict[str, int]]:
    """One-byte header extensions (RFC 8285) that were agreed on, and where in the packet their values stand."""
    body, places = bytearray(), dict[str, int]()
    for uri, value in ((MID, section.mid.encode()), (AUDIO_LEVEL, b"\0"), (TRANSPORT_CC, b"\0\0")):
        number = section.extensions.get(uri, 0)
        if 0 < number < 15:
            places[uri] = 12 + 4 + len(body) + 1
            body += bytes([number << 4 | len(value) - 1]) + value
    body += bytes(-len(body) % 4)
    return bytearray(struct.pack("!HH", 0xBEDE, len(body) // 4)) + body, places


class Camera:
    """One participant's own streams over one leg. `place`: the number of the participant, and of how many.

    `answer` is what the other side agreed to.
    """

    def __init__(self, leg: Leg, recording: Recording, place: tuple[int, int], answer: Description) -> None:
        sections = {section.kind: section for section in answer.sections}
        (index, others), ssrcs = place, Ssrcs.of(place[0])
        self._leg, self._recording, self._index, self._of = leg, recording, index, others
        self._sound = _Stream(ssrcs.sound, sections["audio"])
        self._picture = _Stream(ssrcs.picture, sections["video"])
        self._repair = _Stream(ssrcs.repair, sections["video"])
        self._repairs = any(codec.name.lower() == "rtx" for codec in sections["video"].codecs)
        self._number = 0  # of transport-wide congestion control
        self._history: dict[int, tuple[int, bytes]] = {}
        self._frame, self._pictures, self._sounds = 7 * index % len(recording.frames), 0, 0
        self._wants_key, self._key_at, self._sent_at, self._report_at = True, 0.0, 0.0, 0.0
        self.late, self.asked, self.losses = 0, 0, 0
        self.rtcp: Counter[str] = Counter()
        leg.on_rtcp = self._hear

    def send_picture(self, now: float) -> None:
        """The next picture of the loop, or its first where a receiver asked for a whole one."""
        if self._wants_key and now - self._key_at >= _KEY_FRAMES_APART_S:
            self._frame, self._wants_key, self._key_at = 0, False, now
        self.late += bool(self._sent_at) and now - self._sent_at > _LATE_S
        self._sent_at = now
        parts, stream = self._recording.frames[self._frame], self._picture
        stream.timestamp = stream.timestamp + PICTURE_TICKS & 0xFFFFFFFF
        tail = struct.pack("!BHBB", 0xE0, 0x8000 | self._pictures & 0x7FFF, self._pictures & 0xFF, 0x20)
        for place, part in enumerate(parts):
            head = (b"\x90" if place == 0 else b"\x80") + tail
            if place == len(parts) - 1:
                self._send(stream, 0x80 | VP8, head + part + STAMP.pack(time.monotonic_ns()))
            else:
                self._send(stream, VP8, head + part)
        self._pictures, self._frame = self._pictures + 1, (self._frame + 1) % len(self._recording.frames)
        if now - self._report_at >= _REPORT_S:
            self._report(now)

    def send_sound(self, now: float) -> None:
        """The next 20 ms; three at a time speak, and every few seconds the next one takes over from the first."""
        speaks = (int(now / _TURN_S) - self._index) % max(self._of, _VOICES) < _VOICES
        loop, stream = self._recording.voice if speaks else self._recording.hush, self._sound
        if stream.level_at:
            stream.extension[stream.level_at - 12] = 0x80 | _LOUD + self._index % 8 if speaks else _QUIET
        stream.timestamp = stream.timestamp + _SOUND_TICKS & 0xFFFFFFFF
        self._send(stream, OPUS, loop[self._sounds % len(loop)])
        self._sounds += 1

    def _send(self, stream: _Stream, kind: int, payload: bytes) -> None:
        head = _HEADER.pack(0x90, kind, stream.sequence, stream.timestamp, stream.ssrc)
        packet = bytearray(head + stream.extension + payload)
        if stream.numbered_at:
            packet[stream.numbered_at : stream.numbered_at + 2] = self._number.to_bytes(2, "big")
            self._number = self._number + 1 & 0xFFFF
        if stream is self._picture:
            self._history[stream.sequence & _HISTORY - 1] = (stream.sequence, bytes(packet))
        stream.sequence = stream.sequence + 1 & 0xFFFF
        stream.packets += 1
        stream.octets += len(payload)
        self._leg.send(packet)

    def _report(self, now: float) -> None:
        self._report_at = now
        unix = time.time()
        for stream in (self._sound, self._picture):
            report = rtcp.sender_report(stream.ssrc, unix, stream.timestamp, stream.packets, stream.octets)
            self._leg.send_rtcp(report)

    def _hear(self, packet: bytes) -> None:
        self.rtcp.update(rtcp.counted(packet))
        for wish in rtcp.asked(packet):
            if wish.ssrc != self._picture.ssrc:
                continue
            if not wish.missing:
                self._wants_key = True
                self.losses += 1
            for sequence in wish.missing:
                self.asked += 1
                self._again(sequence)

    def _again(self, sequence: int) -> None:
        kept, packet = self._history.get(sequence & _HISTORY - 1, (-1, b""))
        if kept != sequence:
            return
        if not self._repairs:
            self._leg.send(packet)
            return
        _, kind, _, timestamp, _ = _HEADER.unpack_from(packet)
        at = 12 + len(self._picture.extension)
        payload = sequence.to_bytes(2, "big") + packet[at:]
        self._repair.timestamp = timestamp
        self._send(self._repair, kind & 0x80 | REPAIR, payload)

    @property
    def figures(self) -> Mapping[str, int]:
        """Since the start: what went wrong on this side, what was asked for, and what RTCP came back.

        `late` pictures and `refused` packets are this process's own fault; `asked` counts packets that were asked for
        again, `losses` whole pictures.
        """
        own = {"late": self.late, "asked": self.asked, "losses": self.losses, "refused": self._leg.refused}
        return own | {"reports": self.rtcp["report"], "feedbacks": self.rtcp["feedback"]}
