"""RTP packets as they arrive: header, header extensions, padding and retransmissions taken apart.

Sources: RFC 3550 section 5.1 (header), RFC 8285 (extensions, one-byte and two-byte form), RFC 6464 (audio
level), RFC 8843 (MID), RFC 8852 (RID), RFC 4588 (retransmission). The payload is left to `vp8`.
"""

from dataclasses import dataclass, field
from struct import Struct

_HEADER = Struct("!BBHLL").unpack_from
_HEADER_SIZE = 12

_PADDED = 0x20
_EXTENDED = 0x10
_ONE_BYTE = 0xBEDE
_TWO_BYTE = 0x1000  # the low four bits are free for applications (RFC 8285 section 4.3)
_RESERVED_ID = 15  # one-byte form: reading ends here

_MID, _RID, _REPAIRED_RID, _TRANSPORT_CC, _AUDIO_LEVEL = range(1, 6)


@dataclass(frozen=True, slots=True)
class ExtensionIds:
    """The numbers that the two ends agreed on for header extensions, 1…14 (1…255 in two-byte form); 0: not agreed."""

    mid: int = 0
    rid: int = 0
    repaired_rid: int = 0
    transport_cc: int = 0
    audio_level: int = 0
    abs_send_time: int = 0
    kinds: bytes = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        kinds = bytearray(256)
        wanted = (self.mid, self.rid, self.repaired_rid, self.transport_cc, self.audio_level)
        for kind, number in enumerate(wanted, start=_MID):
            kinds[number & 0xFF] = kind
        kinds[0] = 0
        object.__setattr__(self, "kinds", bytes(kinds))


@dataclass(slots=True)
class Packet:
    """One RTP packet. Not frozen because thousands are made every second; nobody changes one that was handed on.

    `marker` is 0 or 128, as it stands in the header. `payload` is without padding, and empty in a packet that
    was nothing else. `level` is RFC 6464's: 0 the loudest, 127 silence; `voice` its voice activity bit.
    """

    payload_type: int
    marker: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    mid: str | None = None
    rid: str | None = None
    repaired_rid: str | None = None
    transport_sequence: int | None = None
    level: int | None = None
    voice: bool = False


def parse(data: bytes, ids: ExtensionIds) -> Packet | None:
    """The packet in `data`, or None for what is no RTP of version 2 or lies about its own lengths."""
    end = len(data)
    if end < _HEADER_SIZE:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER(data)
    if first >> 6 != 2:  # noqa: PLR2004 - the version of RFC 3550
        return None
    at = _HEADER_SIZE + 4 * (first & 15)
    profile = extension_at = 0
    if first & _EXTENDED:
        extension_at = at + 4
        if extension_at > end:
            return None
        profile = data[at] << 8 | data[at + 1]
        at = extension_at + 4 * (data[at + 2] << 8 | data[at + 3])
    if first & _PADDED:
        end -= data[-1] or end  # a count of zero is malformed: the count counts itself
    if at > end:
        return None
    packet = Packet(second & 127, second & 128, sequence, timestamp, ssrc, data[at:end])
    if profile == _ONE_BYTE:
        _one_byte_form(packet, data, extension_at, at, ids.kinds)
    elif profile & 0xFFF0 == _TWO_BYTE:
        _two_byte_form(packet, data, extension_at, at, ids.kinds)
    return packet


def unwrapped(packet: Packet, apt: int, ssrc: int | None = None) -> Packet | None:
    """The original inside a retransmission (RFC 4588 section 4), or None: one without payload is only a probe.

    `apt` is the payload type of the original stream. Its SSRC comes from signalling: without `ssrc` the
    retransmission's own stays. `rid` becomes the stream that is repaired.
    """
    payload = packet.payload
    if len(payload) < 2:  # noqa: PLR2004 - the original sequence number
        return None
    return Packet(
        payload_type=apt,
        marker=packet.marker,
        sequence=payload[0] << 8 | payload[1],
        timestamp=packet.timestamp,
        ssrc=packet.ssrc if ssrc is None else ssrc,
        payload=payload[2:],
        mid=packet.mid,
        rid=packet.repaired_rid or packet.rid,
        transport_sequence=packet.transport_sequence,
        level=packet.level,
        voice=packet.voice,
    )


def _one_byte_form(packet: Packet, data: bytes, at: int, end: int, kinds: bytes) -> None:
    """RFC 8285 section 4.2. An element that runs over the end, ID 15, or padding with a length ends the reading."""
    while at < end:
        head = data[at]
        at += 1
        if head == 0:
            continue
        number = head >> 4
        after = at + (head & 15) + 1
        if number in (0, _RESERVED_ID) or after > end:
            return
        if kind := kinds[number]:
            _take(packet, kind, data, at, after)
        at = after


def _two_byte_form(packet: Packet, data: bytes, at: int, end: int, kinds: bytes) -> None:
    """RFC 8285 section 4.3."""
    while at + 1 < end:
        number = data[at]
        if number == 0:
            at += 1
            continue
        after = at + 2 + data[at + 1]
        if after > end:
            return
        if (kind := kinds[number]) and after > at + 2:
            _take(packet, kind, data, at + 2, after)
        at = after


def _take(packet: Packet, kind: int, data: bytes, at: int, after: int) -> None:
    if kind == _TRANSPORT_CC:
        if after - at > 1:
            packet.transport_sequence = data[at] << 8 | data[at + 1]
    elif kind == _AUDIO_LEVEL:
        packet.level = data[at] & 127
        packet.voice = data[at] > 127  # noqa: PLR2004 - the top bit
    elif kind == _MID:
        packet.mid = _name(data[at:after])
    elif kind == _RID:
        packet.rid = _name(data[at:after])
    else:
        packet.repaired_rid = _name(data[at:after])


def _name(value: bytes) -> str | None:
    return value.decode("ascii") if value.isascii() else None
