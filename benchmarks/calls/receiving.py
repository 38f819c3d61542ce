"""A synthetic participant's ear and eye: counts what comes, and answers as a browser does.

Packets stay sealed but for samples; feedback, reports, requests for lost packets and for whole pictures go out as
RFC 3550, RFC 4585 and transport-wide congestion control have it. A picture counts as shown when its last packet is
there and nothing before it is missing.
"""

import struct
import time
from collections.abc import Iterator

from benchmarks.calls import rtcp
from benchmarks.calls.counts import PICTURE, REPAIR, SOUND, Counts, Stream
from benchmarks.calls.leg import Leg
from benchmarks.calls.payload import Opener, body_at, starts_key_frame
from benchmarks.calls.sending import STAMP
from bot.calls.sdp.values import TRANSPORT_CC, Description

FREEZE_S = 0.2
"""A gap between two pictures that is seen as a freeze."""
_SAMPLED = 8
"""Of every so many pictures of a stream one is opened for the moment of its sending."""
_FEEDBACK_S, _REPORT_S = 0.1, 1.0
_ASK_AGAIN_S, _GIVE_UP_S = 0.06, 0.6
_LONGEST_S = 30
_HEADER = struct.Struct("!BBHLL")


class Receiver:
    """Everything that comes over one leg, of everybody. `own` is the SSRC that feedback bears."""

    def __init__(self, leg: Leg, own: int) -> None:
        self._leg, self._own = leg, own
        self._kinds: dict[int, str] = {}
        self._numbering = 0
        self._streams: dict[int, Stream] = {}
        self._gappy: set[int] = set()
        self._arrivals: list[tuple[int, float]] = []
        self._feedbacks, self._feedback_at, self._report_at = 0, 0.0, 0.0
        self._opener: Opener | None = None
        self.counts = Counts()
        leg.on_media, leg.on_rtcp = self._take, self._hear

    def expect(self, offer: Description) -> None:
        """Reads the payload types and the numbering's extension out of an offer."""
        for section in offer.sections:
            for codec in section.codecs:
                name = codec.name.lower()
                kind = {"opus": SOUND, "vp8": PICTURE, "rtx": REPAIR}.get(name)
                if kind is not None:
                    self._kinds[codec.payload_type] = kind
            self._numbering = section.extensions.get(TRANSPORT_CC, self._numbering)

    def open_first(self, opener: Opener) -> None:
        """Has all pictures opened and handed over until the opener has had enough."""
        self._opener = opener

    def mark(self) -> None:
        """A new window begins."""
        now = time.monotonic()
        self.counts = Counts()
        for stream in self._streams.values():
            if now - stream.shown_at < _LONGEST_S:
                stream.shown_at = max(stream.shown_at, now - FREEZE_S)

    def total(self) -> Counts:
        """What the window has so far, pictures that are frozen at this moment included."""
        now = time.monotonic()
        for stream in self._streams.values():
            gap = now - stream.shown_at
            if stream.kind is PICTURE and gap > FREEZE_S:
                self._froze(stream, now, gap)
        return self.counts

    def _take(self, sealed: memoryview) -> None:
        _, second, sequence, _, ssrc = _HEADER.unpack_from(sealed)
        stream, now = self._streams.get(ssrc), time.monotonic()
        if stream is None:
            stream = self._meet(ssrc, second & 0x7F, sequence, now)
            if stream is None:
                return
        counts = self.counts
        counts.packets += 1
        counts.octets += len(sealed)
        stream.packets += 1
        if self._numbering:
            self._note_number(stream, sealed, now)
        if stream.kind is REPAIR:
            self._repair(sealed)
        else:
            step = sequence - stream.highest & 0xFFFF
            if step < 0x8000:
                self._advance(stream, sequence, step, now)
            elif stream.missing.pop(sequence, None) is not None:
                counts.repaired += 1
        if stream.kind is PICTURE:
            self._see(stream, sealed, second > 0x7F, now)
        elif stream.kind is SOUND:
            counts.heard.add(ssrc)

    def _meet(self, ssrc: int, payload_type: int, sequence: int, now: float) -> Stream | None:
        kind = self._kinds.get(payload_type)
        if kind is None:
            return None
        stream = self._streams[ssrc] = Stream(ssrc, kind, sequence, now)
        return stream

    def _advance(self, stream: Stream, sequence: int, step: int, now: float) -> None:
        self.counts.expected += step
        if step > 1:
            for number in range(1, min(step, 1000)):
                stream.missing[stream.highest + number & 0xFFFF] = (now, 0.0)
            self._gappy.add(stream.ssrc)
        if sequence < stream.highest:
            stream.cycles += 1
        stream.highest = sequence

    def _note_number(self, stream: Stream, sealed: memoryview, now: float) -> None:
        """Headers are not sealed; where the number stands rarely changes."""
        at, element = stream.numbered_at, self._numbering << 4 | 1
        if not (at and len(sealed) > at + 2 and sealed[0] & 0x10 and sealed[at - 1] == element):
            at = stream.numbered_at = _place(sealed, element)
        if at:
            self._arrivals.append((sealed[at] << 8 | sealed[at + 1], now))

    def _see(self, stream: Stream, sealed: memoryview, ends: bool, now: float) -> None:  # noqa: FBT001 - the marker bit
        if self._opener is not None or stream.broken:
            self._open(stream, sealed)
        if not ends or stream.missing or stream.broken:
            return
        counts, gap = self.counts, now - stream.shown_at
        if gap > FREEZE_S:
            self._froze(stream, now, gap)
        stream.shown_at = now
        counts.pictures += 1
        counts.shown.add(stream.ssrc)
        stream.turn += 1
        if stream.turn % _SAMPLED == 0 and self._opener is None:
            clear = self._leg.opened(sealed)
            if clear is not None and len(clear) > STAMP.size:
                self._note_latency(STAMP.unpack(clear[-STAMP.size :])[0])

    def _froze(self, stream: Stream, now: float, gap: float) -> None:
        self.counts.freezes += 1
        self.counts.frozen_s += gap
        stream.shown_at = now

    def _note_latency(self, sent_ns: int) -> None:
        latency = time.monotonic_ns() - sent_ns
        if 0 < latency < 10**10:  # padding, or another one's picture, is no moment
            self.counts.latencies_ms.append(latency / 1e6)

    def _open(self, stream: Stream, sealed: memoryview) -> None:
        clear = self._leg.opened(sealed)
        if clear is None:
            return
        if starts_key_frame(clear):
            stream.broken = False
        if self._opener is not None and self._opener.take(stream.ssrc, clear):
            self._opener = None

    def _repair(self, sealed: memoryview) -> None:
        """RFC 4588: the payload begins with the original sequence number; which stream's, the gap tells."""
        clear = self._leg.opened(sealed)
        at = body_at(clear) if clear is not None else 0
        if clear is None or len(clear) < at + 2:
            return
        sequence = int.from_bytes(clear[at : at + 2], "big")
        for ssrc in self._gappy:
            if self._streams[ssrc].missing.pop(sequence, None) is not None:
                self.counts.repaired += 1
                return

    def tick(self, now: float) -> None:
        """Some twenty times a second: feedback, reports, and what is missing."""
        if self._gappy:
            self._ask(now)
        if self._arrivals and now - self._feedback_at >= _FEEDBACK_S:
            self._feedback_at = now
            self._feed_back()
        if self._streams and now - self._report_at >= _REPORT_S:
            self._report_at = now
            blocks = list(self._blocks(now))
            for at in range(0, len(blocks), 31):
                self._leg.send_rtcp(rtcp.receiver_reports(self._own, blocks[at : at + 31]))

    def _feed_back(self) -> None:
        first = self._arrivals[0][0]
        once = {(number - first + 0x8000 & 0xFFFF) - 0x8000: at for number, at in self._arrivals}
        ordered = [(first + offset & 0xFFFF, once[offset]) for offset in sorted(once)]
        self._arrivals = []
        for at in range(0, len(ordered), 400):
            part = ordered[at : at + 400]
            self._leg.send_rtcp(rtcp.transport_feedback(self._own, 0, self._feedbacks, part))
            self._feedbacks += 1

    def _blocks(self, now: float) -> Iterator[rtcp.Block]:
        for stream in self._streams.values():
            if stream.kind is REPAIR or now - stream.shown_at > _LONGEST_S:
                continue
            highest, packets = stream.reported
            expected, got = stream.extended - highest if highest else 0, stream.packets - packets
            stream.reported = (stream.extended, stream.packets)
            share = max(0, min(255, (expected - got) * 256 // expected)) if expected > 0 else 0
            last, delay = (stream.report[0], int((now - stream.report[1]) * 65536)) if stream.report else (0, 0)
            yield rtcp.Block(stream.ssrc, share, 0, stream.extended & 0xFFFFFFFF, 0, last, delay)

    def _ask(self, now: float) -> None:
        for ssrc in list(self._gappy):
            stream = self._streams[ssrc]
            if not stream.missing:
                self._gappy.discard(ssrc)
                continue
            given_up = [number for number, (since, _) in stream.missing.items() if now - since > _GIVE_UP_S]
            for number in given_up:
                del stream.missing[number]
            self.counts.lost += len(given_up)
            if stream.kind is SOUND:
                self.counts.sound_lost += len(given_up)
            else:
                self._ask_for(stream, now, anew=bool(given_up))

    def _ask_for(self, stream: Stream, now: float, *, anew: bool) -> None:
        if anew:
            stream.broken = True
            self._leg.send_rtcp(rtcp.picture_loss(self._own, stream.ssrc))
        due = [number for number, (_, asked) in stream.missing.items() if now - asked > _ASK_AGAIN_S]
        for number in due:
            stream.missing[number] = (stream.missing[number][0], now)
        if due:
            due.sort(key=lambda number: (number - stream.highest + 0x8000) & 0xFFFF)
            self._leg.send_rtcp(rtcp.nack(self._own, stream.ssrc, due[:250]))

    def _hear(self, packet: bytes) -> None:
        now = time.monotonic()
        for ssrc, middle in rtcp.reported(packet):
            stream = self._streams.get(ssrc)
            if stream is not None:
                stream.report = (middle, now)


def _place(sealed: memoryview, element: int) -> int:
    """Where a two-byte element of a one-byte-header extension has its value; 0: nowhere."""
    at = 12 + 4 * (sealed[0] & 0x0F)
    if not sealed[0] & 0x10 or len(sealed) < at + 4 or (sealed[at], sealed[at + 1]) != (0xBE, 0xDE):
        return 0
    end = min(len(sealed), at + 4 + 4 * (sealed[at + 2] << 8 | sealed[at + 3]))
    at += 4
    while at < end:
        if sealed[at] == element:
            return at + 1 if at + 2 < end else 0
        at += 2 + (sealed[at] & 0x0F) if sealed[at] else 1
    return 0
