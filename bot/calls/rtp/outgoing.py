"""One track on its way to one subscriber: whatever source it comes from, the subscriber sees one unbroken stream.

Numbers are moved by a constant offset, never counted, so that order, gaps and late packets stay what they are
(RFC 3550; RFC 7741 for VP8's own numbers). Each change of the offset begins an epoch, and a late packet takes the
offset of its own. Encryption, pacing and the choice of sources are left to others. `now` is seconds of any
steady clock.
"""

from secrets import randbelow

from bot.calls.rtp import rtcp
from bot.calls.rtp.history import KEPT, History, Stored
from bot.calls.rtp.packet import Packet
from bot.calls.rtp.vp8 import Descriptor
from bot.calls.rtp.writing import Layout

_LATE = 512
"""Packets behind the newest that are still forwarded."""
_JUMP = 3000
"""A longer jump of the source's numbers is a restart (RFC 3550 appendix A.1), taken like a change of source."""
_OLD = 2.0
"""Seconds: after a longer pause a number doesn't tell whether a packet is older, it may have wrapped."""
_MOST_EPOCHS = 64


class Outgoing:
    """Forwards to one subscriber. Give it packets of `current` and of the source that is to follow, each once.

    `wanted`, when set, is the only source that may become `current`. Packets that come out are the caller's: two
    bytes at `transport_cc_at` are for the transport sequence, three at `abs_send_time_at` for a later send time
    (offsets in every packet made here; 0: not agreed). With `rtx_ssrc`, retransmissions and probes travel on a
    stream of their own; the last `kept` packets (a power of two, or 0) can be sent again. Raises ValueError for
    extension numbers beyond 14.
    """

    __slots__ = (
        "_after_marker", "_ahead", "_bad", "_epochs", "_history", "_last_at", "_last_picture", "_last_timestamp",
        "_last_tl0", "_offset", "_paused", "_pictures", "_start", "_started", "_timestamps", "_tl0s", "_top",
        "abs_send_time_at", "clock_rate", "current", "is_video", "payload_type", "rtx_ssrc", "ssrc",
        "transport_cc_at", "wanted",
    )  # fmt: skip

    def __init__(
        self,
        ssrc: int,
        payload_type: int,
        clock_rate: int,
        *,
        is_video: bool,
        transport_cc_id: int = 0,
        abs_send_time_id: int = 0,
        rtx_ssrc: int = 0,
        rtx_payload_type: int = 0,
        kept: int = KEPT,
    ) -> None:
        self.ssrc, self.payload_type, self.clock_rate, self.is_video = ssrc, payload_type, clock_rate, is_video
        self.rtx_ssrc = rtx_ssrc
        self.current: object | None = None
        self.wanted: object | None = None
        layout = Layout(transport_cc_id, abs_send_time_id)
        self.transport_cc_at, self.abs_send_time_at = layout.transport_cc_at, layout.abs_send_time_at
        self._history = History(ssrc, layout, rtx_ssrc, rtx_payload_type, kept)
        self._started = self._paused = self._after_marker = False
        self._bad = -1
        self._top = self._start = 0  # of the source, extended: its newest, and the first of this epoch
        self._offset = randbelow(0x8000)  # the newest number that went out is always _top + _offset
        self._timestamps = self._pictures = self._tl0s = 0  # the other offsets
        self._ahead: tuple[object, int, float] | None = None  # the newest that was passed over: source, number, time
        self._epochs: list[tuple[int, int, int]] = []  # earlier (start, offset, pictures) of this source, oldest first
        self._last_at = 0.0
        self._last_timestamp = self._last_picture = self._last_tl0 = 0

    @property
    def packets(self) -> int:
        """Packets sent so far, without those on the stream for retransmissions."""
        return self._history.packets

    @property
    def octets(self) -> int:
        """Bytes of payload sent so far, likewise."""
        return self._history.octets

    def forward(self, packet: Packet, source: object, descriptor: Descriptor | None, now: float) -> bytearray | None:
        """The packet for this subscriber, or None when it isn't for him.

        A new source is taken at a key frame (sound: at any packet); what is older than that is dropped. A key
        frame whose start comes later than its other packets can't be taken: ask for another while `current` isn't
        what it should be. Empty packets, and pictures without a readable descriptor, leave no gap.
        """
        if source is not self.current or self._paused:
            return self._switched(packet, source, descriptor, now)
        step = ((packet.sequence - self._top & 0xFFFF) ^ 0x8000) - 0x8000
        if not -_LATE < step <= _JUMP:
            return self._jumped(packet, descriptor, now)
        if step <= 0:
            return self._late(packet, descriptor, now, self._top + step)
        if not packet.payload or (descriptor is None and self.is_video):
            self.skip(packet, source)
            return None
        self._top += step
        return self._newest(packet, descriptor, now, packet.marker)

    def skip(self, packet: Packet, source: object, descriptor: Descriptor | None = None) -> None:
        """Leaves a packet of the current source out on purpose: the next one takes its number.

        With `descriptor`, the PictureIDs close up too, as they must when whole frames of a temporal layer are
        left out. A late packet leaves its gap.
        """
        step = ((packet.sequence - self._top & 0xFFFF) ^ 0x8000) - 0x8000
        if source is not self.current or self._paused or not 0 < step <= _JUMP:
            return
        self._top += step
        whole_frame = descriptor is not None and descriptor.starts_frame
        self._epoch(-1, -1 if whole_frame else 0)

    def pause(self) -> None:
        """Sends nothing until the next `forward` that may begin anew: a key frame, or any sound.

        The sequence goes on without a gap, and the time as it passed.
        """
        self._paused = self.current is not None

    def padding(self, count: int, size: int, now: float | None = None) -> list[bytearray]:
        """`count` packets with `size` (1…255) bytes of padding and nothing else, to probe the line.

        Without a stream for retransmissions they take numbers of this one, which only works between frames: after
        a marker, or nothing. With one they may go before the first picture.
        """
        if not self.rtx_ssrc and not (self._started and self._after_marker):
            return []
        now = self._last_at if now is None else now
        size = max(1, min(255, size))
        if self.rtx_ssrc:
            return [self._history.probe(self._last_timestamp, size, now) for _ in range(count)]
        return [self._padding(size, now) for _ in range(count)]

    def resend(self, sequence: int, now: float | None = None) -> bytearray | None:
        """A packet again, or None when it is gone, never was, or was sent again three times already."""
        return self._history.again(sequence, self._last_at if now is None else now)

    def sender_report(self, ntp: int, rtp: int) -> bytes:
        """The current source's sender report as this stream's own: its time, our timestamp and counts."""
        timestamp = rtp + self._timestamps & 0xFFFFFFFF
        return rtcp.sender_report(rtcp.SenderReport(self.ssrc, ntp, timestamp, self.packets, self.octets))

    def _late(self, packet: Packet, descriptor: Descriptor | None, now: float, number: int) -> bytearray | None:
        """A packet older than the newest. An empty one goes out too: its number is no longer to be closed up."""
        if descriptor is None and self.is_video and packet.payload:
            return None
        offset, pictures = self._offset, self._pictures
        if number < self._start:
            epoch = next((epoch for epoch in reversed(self._epochs) if number >= epoch[0]), None)
            if epoch is None:
                return None
            _, offset, pictures = epoch
        return self._history.sent(self._stored(packet, descriptor, packet.marker, number + offset, pictures), now)

    def _may_begin(self, packet: Packet, descriptor: Descriptor | None) -> bool:
        if self.is_video:
            return descriptor is not None and descriptor.keyframe
        return bool(packet.payload)

    def _switched(self, packet: Packet, source: object, descriptor: Descriptor | None, now: float) -> bytearray | None:
        """Takes up a source where the last one, or the pause, left off, if this packet allows it."""
        if self.wanted is not None and source is not self.wanted:
            return None
        if not self._may_begin(packet, descriptor):
            self._pass_over(packet, source, now)
            return None
        same = source is self.current
        if self._start_was_missed(packet, source, now):
            return None
        if same and self._is_before(packet, self._top, self._last_at, now):
            return None
        self._begin(packet, descriptor, now, source, same_clock=same)
        return self._newest(packet, descriptor, now, self._first_marker(packet))

    def _is_before(self, packet: Packet, number: int, at: float, now: float) -> bool:
        """Whether the packet is older than `number`, seen at `at`, which only tells for a while."""
        return now - at < _OLD and number - packet.sequence & 0xFFFF < _LATE

    def _pass_over(self, packet: Packet, source: object, now: float) -> None:
        ahead = self._ahead
        if ahead is None or ahead[0] is not source or not self._is_before(packet, ahead[1], ahead[2], now):
            self._ahead = (source, packet.sequence, now)

    def _start_was_missed(self, packet: Packet, source: object, now: float) -> bool:
        """Packets that belong behind this one were passed over, so what begins here would have holes."""
        ahead = self._ahead
        return ahead is not None and ahead[0] is source and self._is_before(packet, ahead[1], ahead[2], now)

    def _jumped(self, packet: Packet, descriptor: Descriptor | None, now: float) -> bytearray | None:
        """A number out of all order is believed when the next one follows it, and taken where a switch could be."""
        follows = packet.sequence == self._bad
        self._bad = packet.sequence + 1 & 0xFFFF
        if not follows or not self._may_begin(packet, descriptor):
            return None
        self._begin(packet, descriptor, now, self.current, same_clock=False)
        return self._newest(packet, descriptor, now, self._first_marker(packet))

    def _first_marker(self, packet: Packet) -> int:
        """Sound begins with a marker after a silence (RFC 3551 section 4.1)."""
        return packet.marker if self.is_video else 128

    def _begin(
        self, packet: Packet, descriptor: Descriptor | None, now: float, source: object, *, same_clock: bool
    ) -> None:
        newest = self._top + self._offset
        self.current, self._paused, self._bad = source, False, -1
        self._top = self._start = packet.sequence
        self._offset = newest + 1 - packet.sequence
        self._epochs.clear()
        if self._started:
            if not same_clock:
                elapsed = max(1, int((now - self._last_at) * self.clock_rate))
                self._timestamps = self._last_timestamp + elapsed - packet.timestamp & 0xFFFFFFFF
            if descriptor is not None:
                self._pictures = self._last_picture + 1 - descriptor.picture_id
                self._tl0s = self._last_tl0 + 1 - descriptor.tl0
        self._started = True

    def _epoch(self, numbers: int, pictures: int) -> None:
        """From the source's next packet on the offsets change."""
        if self._start < self._top + (numbers > 0):  # something could go out in the one that ends
            self._epochs.append((self._start, self._offset, self._pictures))
            del self._epochs[:-_MOST_EPOCHS]
        self._start = self._top + 1
        self._offset += numbers
        self._pictures += pictures

    def _padding(self, size: int, now: float) -> bytearray:
        self._epoch(1, 0)
        sequence = self._top + self._offset & 0xFFFF
        return self._history.sent((sequence, self.payload_type, self._last_timestamp, b"", None, 0, 0), now, size)

    def _newest(self, packet: Packet, descriptor: Descriptor | None, now: float, marker: int) -> bytearray:
        stored = self._stored(packet, descriptor, marker, self._top + self._offset, self._pictures)
        self._last_at = now
        self._after_marker = marker != 0
        _, _, self._last_timestamp, _, _, picture, tl0 = stored
        if descriptor is not None:
            self._last_picture, self._last_tl0 = picture, tl0
        return self._history.sent(stored, now)

    def _stored(self, packet: Packet, descriptor: Descriptor | None, marker: int, number: int, pictures: int) -> Stored:
        """The packet under its number here; offsets are kept unbounded and wrap only now."""
        picture = tl0 = 0
        if descriptor is not None:
            picture = descriptor.picture_id + pictures & 0x7FFF
            tl0 = descriptor.tl0 + self._tl0s & 0xFF
        timestamp = packet.timestamp + self._timestamps & 0xFFFFFFFF
        return number & 0xFFFF, marker | self.payload_type, timestamp, packet.payload, descriptor, picture, tl0
