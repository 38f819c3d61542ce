"""What one client is sent: subscriptions, their layers, retransmissions, and how much its line takes.

Sound always goes first. Pictures share what the line is estimated to carry (`bot.calls.congestion`); a layer is
changed at a key frame. Retransmissions have a budget: a line that loses because it is full must not be filled more.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.calls.congestion.allocation import Wanted
from bot.calls.congestion.downlink import Downlink as Line
from bot.calls.congestion.pacer import Pacer
from bot.calls.media.track import AUDIO_CLOCK, VIDEO_CLOCK, KeyRequests, Stream, Track
from bot.calls.media.transport import Transport
from bot.calls.rtp import rtcp
from bot.calls.rtp.outgoing import Outgoing
from bot.calls.rtp.packet import Packet
from bot.calls.rtp.vp8 import Descriptor
from bot.calls.sdp.writing import OFFERED_TRANSPORT_CC, OPUS, VP8, VP8_REPAIR

VOICE_BPS = 45_000
NOMINAL_BPS = (150_000, 450_000, 1_700_000)
"""Bit/s of the three layers before they have been measured."""
SMALLEST_BPS = 60_000
HEADROOM = 1.05
"""What the line takes beside a layer's payload: headers of RTP, SRTP, UDP and IP."""
ALLOCATE_S = 0.2
LINE_BYTES = 38
"""Bytes that a packet has on the line beside its own: SRTP's tag, UDP and IP."""
MOST_VOICES = 3
"""So many voices are kept room for: more do not speak at once, and silence is hardly sent (DTX)."""
PICTURES_KEPT = 256
"""Packets of a picture that may be asked for again: more than a second of 720p. Sound is not asked for (`sdp`)."""
HIGHEST = 2
PADDING = 255
"""Bytes of padding of one probe packet (RFC 3550: one byte counts them)."""


class Subscription:
    """One track on its way to one client. `at_most` is the layer that the viewer has use for."""

    __slots__ = ("_awaits_key", "_downlink", "_key_requests", "at_most", "granted", "is_paused", "outgoing", "track")

    def __init__(self, downlink: "Downlink", track: Track, ssrc: int, rtx_ssrc: int) -> None:
        self._downlink = downlink
        self.track = track
        kind, clock = (VP8, VIDEO_CLOCK) if track.is_video else (OPUS, AUDIO_CLOCK)
        self.outgoing = Outgoing(
            ssrc,
            kind,
            clock,
            is_video=track.is_video,
            transport_cc_id=OFFERED_TRANSPORT_CC,
            rtx_ssrc=rtx_ssrc,
            rtx_payload_type=VP8_REPAIR if rtx_ssrc else 0,
            kept=PICTURES_KEPT if track.is_video else 0,
        )
        self.at_most = HIGHEST
        self.granted: int | None = HIGHEST
        """The layer that the line has room for; None: no picture."""
        self.is_paused = False
        self._awaits_key = True
        self._key_requests = KeyRequests()

    @property
    def is_stopped(self) -> bool:
        return self.is_paused or self.track.is_held or (self.granted is None and self.track.is_video)

    def take(self, stream: Stream, packet: Packet, about: Descriptor | None, now: float) -> None:
        """One packet of the track; it goes on where it is of the layer in use, or opens the wanted one."""
        outgoing, track = self.outgoing, self.track
        if self.is_paused or track.is_held or (self.granted is None and track.is_video):  # `is_stopped`, without a call
            outgoing.pause()
            self._awaits_key = True
            return
        if stream is not outgoing.current and stream is not outgoing.wanted and outgoing.is_video:
            return
        out = outgoing.forward(packet, stream, about, now)
        if out is not None:
            self._awaits_key = False
            self._downlink.send(out, outgoing.transport_cc_at, now, urgent=not outgoing.is_video)

    def take_report(self, stream: Stream, report: rtcp.SenderReport) -> None:
        """The publisher's clock (RFC 3550, 6.4.1), which lips and voice are held together by."""
        if stream is self.outgoing.current and not self.is_stopped:
            self._downlink.transport.send_rtcp(self.outgoing.sender_report(report.ntp, report.rtp))

    def ask_for_key(self, now: float) -> None:
        """The viewer asks for a key frame of what it is sent."""
        current = self.outgoing.current
        if isinstance(current, Stream) and self._key_requests.passes(now):
            current.ask_for_key(now)

    def stop_at(self, now: float) -> None:
        """Sends no more of a layer that is larger than what is granted; the smaller one begins with a key frame."""
        current = self.outgoing.current
        if isinstance(current, Stream) and current.quality > _rank(self.granted):
            self.outgoing.pause()
            self._awaits_key = True
            self.choose(now)

    def choose(self, now: float) -> None:
        """Settles which layer is to come, and asks for the key frame that the change needs."""
        if not self.track.is_video or self.is_paused or self.granted is None:
            return
        target = self.track.best(min(self.at_most, self.granted), now)
        if target is None:
            return
        self.outgoing.wanted = target
        if target is not self.outgoing.current or self._awaits_key:
            target.ask_for_key(now)


@dataclass(slots=True)
class Quality:
    """How the line to the client is, of its own reports."""

    lost_share: float = 0.0
    round_trip_s: float = 0.0


class Downlink:
    """Packets to `transport`. `rank` orders pictures when not all fit: the lowest comes first."""

    def __init__(self, transport: Transport, clock: Callable[[], float]) -> None:
        self.transport = transport
        self._clock = clock
        now = clock()
        self.subscriptions: dict[str, Subscription] = {}
        """By the track's sid."""
        self._by_ssrc: dict[int, Subscription] = {}
        self.line = Line(now)
        self._pacer: Pacer[tuple[bytearray, int]] = Pacer(self.line.pacing_bps, now)
        self.quality = Quality()
        self.rank: Callable[[Track], int] = lambda _track: HIGHEST
        self._sequence = 0
        self.sent_bytes = 0
        self._allocated_at = 0.0
        self._has_feedback = False
        transport.on_rtcp = self._take_rtcp

    def add(self, track: Track, ssrc: int, rtx_ssrc: int = 0) -> Subscription:
        """Begins to forward a track."""
        subscription = Subscription(self, track, ssrc, rtx_ssrc)
        self.subscriptions[track.sid] = self._by_ssrc[ssrc] = subscription
        track.subscriptions.append(subscription)
        self._allocated_at = 0.0  # the next tick gives it a layer and asks for its key frame
        return subscription

    def remove(self, sid: str) -> None:
        """Stops forwarding a track; nothing happens where it was not forwarded."""
        subscription = self.subscriptions.pop(sid, None)
        if subscription is not None:
            self._by_ssrc.pop(subscription.outgoing.ssrc, None)
            subscription.track.subscriptions.remove(subscription)

    def clear(self) -> None:
        for sid in list(self.subscriptions):
            self.remove(sid)

    def send(self, packet: bytearray, transport_cc_at: int, now: float, *, urgent: bool) -> None:
        """Sends now, or when the line has room for it; sound and retransmissions are `urgent`."""
        size = len(packet) + LINE_BYTES
        if not self._has_feedback or self._pacer.offer((packet, transport_cc_at), size, now, urgent=urgent):
            self._leave(packet, transport_cc_at, now)

    def _leave(self, packet: bytearray, transport_cc_at: int, now: float, *, probe: bool = False) -> None:
        """Numbers the packet for the feedback; the number must be given in the order of leaving."""
        sequence = self._sequence
        packet[transport_cc_at] = sequence >> 8
        packet[transport_cc_at + 1] = sequence & 255
        self._sequence = (sequence + 1) & 0xFFFF
        self.line.sent(sequence, len(packet), now, probe=probe)
        self.sent_bytes += len(packet)
        self.transport.send_rtp(packet)

    def _take_rtcp(self, data: bytes) -> None:
        now = self._clock()
        for report in rtcp.read(data):
            match report:
                case rtcp.TransportFeedback():
                    self._has_feedback = True
                    if self.line.feedback(report.arrivals, now):
                        self._allocated_at = 0.0  # the line is full: the next tick decides anew
                case rtcp.Nack():
                    self._repeat(report, now)
                case rtcp.PictureLoss():
                    self._pass_on(report, now)
                case rtcp.ReceiverReport():
                    self._note(report)

    def _repeat(self, report: rtcp.Nack, now: float) -> None:
        subscription = self._by_ssrc.get(report.media_ssrc)
        if subscription is None:
            return
        for sequence in report.sequences:
            packet = subscription.outgoing.resend(sequence, now)
            if packet is not None and self.line.may_resend(len(packet), now):
                self.send(packet, subscription.outgoing.transport_cc_at, now, urgent=True)

    def _pass_on(self, report: rtcp.PictureLoss, now: float) -> None:
        subscription = self._by_ssrc.get(report.media_ssrc)
        if subscription is not None:
            subscription.ask_for_key(now)

    def _note(self, report: rtcp.ReceiverReport) -> None:
        if report.blocks:
            worst = max(block.fraction_lost for block in report.blocks) / 256
            self.quality.lost_share += (worst - self.quality.lost_share) / 4
        self.quality.round_trip_s = self.line.line.round_trip_s

    def tick(self, now: float) -> None:
        """Every 20 ms: held packets and probes; every 200 ms: who gets what."""
        if not self.transport.is_open:
            return
        if now - self._allocated_at >= ALLOCATE_S:
            self._allocated_at = now
            self._allocate(now)
        if self._has_feedback:
            self._pacer.rate = self.line.pacing_bps
            for packet, transport_cc_at in self._pacer.due(now):
                self._leave(packet, transport_cc_at, now)
            self._probe(now)

    def _pictures(self) -> list[Subscription]:
        return [one for one in self.subscriptions.values() if one.track.is_video and not one.is_paused]

    def _allocate(self, now: float) -> None:
        pictures = self._pictures()
        if self._has_feedback:
            voices = sum(not one.track.is_video and not one.is_paused for one in self.subscriptions.values())
            wanted = [self._wanted(one, now) for one in pictures]
            shares = self.line.decide(wanted, float(VOICE_BPS * min(voices, MOST_VOICES)), now)
            fallen = False
            for one in pictures:
                granted = shares.get(one.track.sid)
                fallen |= _rank(granted) < _rank(one.granted)
                one.granted = granted
            if fallen and self.line.is_congested:
                self._give_up_held(now)
        for one in pictures:
            one.choose(now)

    def _give_up_held(self, now: float) -> None:
        """The line is full: what waits for it would only stand in front of the sound."""
        self._pacer.clear()
        for one in self._pictures():
            one.stop_at(now)

    def _wanted(self, one: Subscription, now: float) -> Wanted:
        at_most = one.at_most if len(one.track.streams) > 1 else HIGHEST
        return Wanted(one.track.sid, self.rank(one.track), _layers(one.track, now), at_most)

    def _probe(self, now: float) -> None:
        size = self.line.padding(now)
        if size <= 0:
            return
        carrier = next((one for one in self.subscriptions.values() if one.outgoing.rtx_ssrc), None)
        if carrier is not None:
            for packet in carrier.outgoing.padding(max(1, size // PADDING), PADDING, now):
                self._leave(packet, carrier.outgoing.transport_cc_at, now, probe=True)


def _rank(granted: int | None) -> int:
    return -1 if granted is None else granted


def _layers(track: Track, now: float) -> tuple[tuple[int, float], ...]:
    """(quality, bit/s) of each layer: measured where it comes in, else nominal."""
    rates = track.bitrates(now)
    return tuple(
        (quality, max(rates[quality] * HEADROOM, SMALLEST_BPS) if quality in rates else float(NOMINAL_BPS[quality]))
        for quality in sorted(track.streams)
    ) or ((0, float(NOMINAL_BPS[0])),)
