"""What one client sends: streams learned, losses reported and asked for again, the rest handed on.

A stream is known by its SSRC; which track and layer that is, the first packets say (MID and RID, RFC 8852), or the
offer where it names SSRCs. A client may bring a limited number of them.
"""

from collections.abc import Callable

from bot.calls.media.track import LAYERS, OWN_SSRC, Stream, Track
from bot.calls.media.transport import Transport
from bot.calls.rtp import rtcp
from bot.calls.rtp.packet import ExtensionIds, Packet, parse, unwrapped
from bot.calls.rtp.transport_cc import Arrivals
from bot.calls.rtp.vp8 import descriptor
from bot.calls.sdp import values
from bot.calls.sdp.values import Section
from bot.calls.sdp.writing import chosen

MOST_STREAMS = 64
REPORT_S = 1.0
FEEDBACK_S = 0.07
"""Between two reports of what arrived: browsers adapt to the line by them."""

Clock = Callable[[], float]
Level = Callable[[Track, int], None]


class Uplink:
    """Takes packets of `transport`. `on_level` hears of each packet of sound (RFC 6464, 0 loud … 127 silent)."""

    def __init__(self, transport: Transport, clock: Clock, on_level: Level) -> None:
        self.transport = transport
        self._clock = clock
        self._on_level = on_level
        self._ids = ExtensionIds()
        self._sections: dict[str, tuple[Track, Section]] = {}
        self._streams: dict[int, Stream] = {}
        self._repairs: dict[int, Stream] = {}
        self._formats: dict[int, int | None] = {}
        """Payload type to nothing, or to the one that it repairs."""
        self._arrivals = Arrivals()
        self._reported_at = self._fed_back_at = 0.0
        self.packets = 0
        transport.on_rtp = self._take
        transport.on_rtcp = self._take_rtcp

    def add(self, section: Section, track: Track) -> None:
        """From now on this section's packets are the track's."""
        codec = chosen(section)
        if codec is None:
            return
        self._sections[section.mid] = (track, section)
        self._formats[codec.payload_type] = None
        repair = section.repair_of(codec)
        if repair is not None:
            self._formats[repair.payload_type] = codec.payload_type
        self._learn_extensions(section)
        if not section.rids:
            self._take_named(section, track)

    def remove(self, track: Track) -> None:
        """Forgets a track and its streams."""
        self._sections = {mid: pair for mid, pair in self._sections.items() if pair[0] is not track}
        self._streams = {ssrc: one for ssrc, one in self._streams.items() if one.track is not track}
        self._repairs = {ssrc: one for ssrc, one in self._repairs.items() if one.track is not track}

    @property
    def tracks(self) -> dict[str, Track]:
        """By the section's mid."""
        return {mid: track for mid, (track, _) in self._sections.items()}

    def _learn_extensions(self, section: Section) -> None:
        ids = section.extensions
        self._ids = ExtensionIds(
            mid=ids.get(values.MID, self._ids.mid),
            rid=ids.get(values.RID, self._ids.rid),
            repaired_rid=ids.get(values.REPAIRED_RID, self._ids.repaired_rid),
            transport_cc=ids.get(values.TRANSPORT_CC, self._ids.transport_cc),
            audio_level=ids.get(values.AUDIO_LEVEL, self._ids.audio_level),
            abs_send_time=ids.get(values.ABS_SEND_TIME, self._ids.abs_send_time),
        )

    def _take_named(self, section: Section, track: Track) -> None:
        """An offer without layers may name its SSRCs; those of retransmissions point to the one they repair."""
        for ssrc in section.ssrcs:
            if ssrc not in section.repairs and not track.streams:
                self._add_stream(track, 0, ssrc)
        for ssrc, original in section.repairs.items():
            if original in self._streams:
                self._repairs[ssrc] = self._streams[original]

    def _add_stream(self, track: Track, quality: int, ssrc: int) -> Stream | None:
        if len(self._streams) >= MOST_STREAMS:
            return None
        stream = Stream(track, quality, ssrc, self.transport.send_rtcp)
        track.streams[quality] = self._streams[ssrc] = stream
        return stream

    def _learn(self, packet: Packet) -> Stream | None:
        found = self._sections.get(packet.mid) if packet.mid is not None else None
        if found is None:
            return None
        track, section = found
        if packet.rid is None and section.rids:
            return None
        return self._add_stream(track, LAYERS.get(packet.rid or "", 0), packet.ssrc)

    def _repaired(self, packet: Packet) -> Stream | None:
        stream = self._repairs.get(packet.ssrc)
        if stream is None and packet.mid in self._sections and len(self._repairs) < MOST_STREAMS:
            track, _ = self._sections[packet.mid]
            stream = track.streams.get(LAYERS.get(packet.repaired_rid or "", 0))
            if stream is not None:
                self._repairs[packet.ssrc] = stream
        return stream

    def _take(self, data: bytes) -> None:
        packet = parse(data, self._ids)
        if packet is None:
            return
        now = self._clock()
        self.packets += 1
        if packet.transport_sequence is not None:
            self._arrivals.add(packet.transport_sequence, now)
        repairs = self._formats.get(packet.payload_type, -1)
        if repairs is None:
            stream = self._streams.get(packet.ssrc) or self._learn(packet)
        elif repairs >= 0:
            stream = self._repaired(packet)
            original = unwrapped(packet, repairs, stream.ssrc) if stream is not None else None
            if original is None or stream is None or not stream.received.is_missing(original.sequence):
                return  # a padding packet, or one that came anyway
            packet = original
        else:
            return
        if stream is not None and stream.received.add(packet.sequence, packet.timestamp, now, len(data)):
            self._forward(stream, packet, now)

    def _forward(self, stream: Stream, packet: Packet, now: float) -> None:
        """Empty and unreadable packets go on too: who forwards closes the gap that they leave."""
        track = stream.track
        about = None
        if track.is_video:
            about = descriptor(packet.payload)
        elif packet.level is not None:
            self._on_level(track, packet.level)
        for subscription in track.subscriptions:
            subscription.take(stream, packet, about, now)

    def _take_rtcp(self, data: bytes) -> None:
        now = self._clock()
        for report in rtcp.read(data):
            if isinstance(report, rtcp.SenderReport) and (stream := self._streams.get(report.ssrc)) is not None:
                stream.received.sender_report(report.ntp, report.rtp, now)
                for subscription in stream.track.subscriptions:
                    subscription.take_report(stream, report)

    def tick(self, now: float) -> None:
        """Feedback to the client: what arrived, what is missing, and every second the reports."""
        if not self.transport.is_open:
            return
        if now - self._fed_back_at >= FEEDBACK_S:
            self._fed_back_at = now
            ssrc = next(iter(self._streams), 0)
            while (feedback := self._arrivals.feedback(OWN_SSRC, ssrc)) is not None:
                self.transport.send_rtcp(feedback)
        for stream in self._streams.values():
            missing = stream.received.due_nacks(now)
            if missing:
                self.transport.send_rtcp(rtcp.nack(OWN_SSRC, stream.ssrc, missing))
            if stream.received.given_up:
                stream.received.given_up = False
                if stream.track.is_video:
                    stream.ask_for_key(now)
        if now - self._reported_at >= REPORT_S and self._streams:
            self._reported_at = now
            blocks = [stream.received.report(now) for stream in self._streams.values()]
            self.transport.send_rtcp(rtcp.receiver_report(OWN_SSRC, blocks))
