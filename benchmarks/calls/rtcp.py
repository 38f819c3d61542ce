"""The RTCP of synthetic participants, written apart from the engine's own: two who err alike would not notice.

RFC 3550 (reports), RFC 4585 (generic NACK, picture loss), draft-holmer-rmcat-transport-wide-cc-extensions-01.
Nothing here fails on any bytes: what can't be read is left out.
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SENDER_REPORT, RECEIVER_REPORT, TRANSPORT, PAYLOAD = 200, 201, 205, 206
_NACK, _TRANSPORT_CC = 1, 15
_PICTURE_LOSS, _FULL_INTRA = 1, 4
_NTP_EPOCH = 2_208_988_800
_REFERENCE_S, _DELTA_S = 0.064, 0.000_25
_SMALL, _LARGE, _ABSENT = 1, 2, 0
_SYMBOLS = 7
"""Two-bit symbols in one status vector chunk."""


@dataclass(frozen=True, slots=True)
class Block:
    """What a receiver says of one stream; `lost_share` of 256, `jitter` in ticks of the stream's clock."""

    ssrc: int
    lost_share: int
    lost: int
    highest: int
    jitter: int = 0
    last_report: int = 0
    delay: int = 0

    def packed(self) -> bytes:
        lost = min(max(self.lost, 0), 0x7FFFFF) | self.lost_share << 24
        return struct.pack("!6L", self.ssrc, lost, self.highest, self.jitter, self.last_report, self.delay)


@dataclass(frozen=True, slots=True)
class Asked:
    """A receiver's wish about one of our streams: packets again, or (without any) a whole picture."""

    ssrc: int
    missing: tuple[int, ...] = ()


def sender_report(ssrc: int, unix: float, timestamp: int, packets: int, octets: int) -> bytes:
    seconds, part = divmod(unix + _NTP_EPOCH, 1)
    body = struct.pack("!3L", ssrc, int(seconds), int(part * 2**32))
    counts = struct.pack("!3L", timestamp & 0xFFFFFFFF, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)
    return _packet(SENDER_REPORT, 0, body + counts)


def receiver_reports(ssrc: int, blocks: Sequence[Block]) -> bytes:
    """As many packets as the blocks need: 31 fit in one."""
    parts = [blocks[at : at + 31] for at in range(0, len(blocks), 31)] or [()]
    return b"".join(
        _packet(RECEIVER_REPORT, len(part), struct.pack("!L", ssrc) + b"".join(block.packed() for block in part))
        for part in parts
    )


def nack(ssrc: int, media: int, missing: Sequence[int]) -> bytes:
    """`missing` in rising order of sequence numbers."""
    pairs = list[tuple[int, int]]()
    for sequence in missing:
        after = (sequence - pairs[-1][0] & 0xFFFF) - 1 if pairs else 16
        if 0 <= after < 16:
            pairs[-1] = (pairs[-1][0], pairs[-1][1] | 1 << after)
        else:
            pairs.append((sequence, 0))
    return _packet(TRANSPORT, _NACK, struct.pack("!2L", ssrc, media) + b"".join(struct.pack("!2H", *p) for p in pairs))


def picture_loss(ssrc: int, media: int) -> bytes:
    return _packet(PAYLOAD, _PICTURE_LOSS, struct.pack("!2L", ssrc, media))


def transport_feedback(ssrc: int, media: int, count: int, arrivals: Sequence[tuple[int, float]]) -> bytes:
    """`count`: how many were sent before. `arrivals`: at least one (number, second), in rising order of numbers."""
    first, last = arrivals[0][0], arrivals[-1][0]
    reference = int(min(at for _, at in arrivals) / _REFERENCE_S)
    symbols, deltas, before = [_ABSENT] * ((last - first & 0xFFFF) + 1), bytearray(), reference * _REFERENCE_S
    for number, at in arrivals:
        ticks = round((at - before) / _DELTA_S)
        before += ticks * _DELTA_S
        small = 0 <= ticks <= 0xFF
        symbols[number - first & 0xFFFF] = _SMALL if small else _LARGE
        deltas += struct.pack("!B", ticks) if small else struct.pack("!h", max(-0x8000, min(ticks, 0x7FFF)))
    head = struct.pack("!2L2H", ssrc, media, first, len(symbols))
    head += (((reference & 0xFFFFFF) << 8) | count & 0xFF).to_bytes(4, "big")
    body = head + _chunks(symbols) + deltas
    return _packet(TRANSPORT, _TRANSPORT_CC, body + bytes(-len(body) % 4))


def _chunks(symbols: Sequence[int]) -> bytes:
    """Status vectors of two-bit symbols only: longer than runs and shorter to write."""
    chunks = bytearray()
    for at in range(0, len(symbols), _SYMBOLS):
        chunk = 0b11
        for place in range(at, at + _SYMBOLS):
            chunk = chunk << 2 | (symbols[place] if place < len(symbols) else _ABSENT)
        chunks += chunk.to_bytes(2, "big")
    return bytes(chunks)


def asked(data: bytes) -> Iterator[Asked]:
    """The wishes in a compound packet."""
    for kind, count, body in _packets(data):
        if len(body) < 8:
            continue
        (media,) = struct.unpack_from("!L", body, 4)
        if kind == TRANSPORT and count == _NACK:
            yield Asked(media, tuple(_missing(body[8:])))
        elif kind == PAYLOAD and count == _PICTURE_LOSS:
            yield Asked(media)
        elif kind == PAYLOAD and count == _FULL_INTRA and len(body) >= 12:
            yield Asked(*struct.unpack_from("!L", body, 8))


def counted(data: bytes) -> Iterator[str]:
    """Of each packet in a compound one what it is for: `report`, `feedback` (transport-wide) or `wish`."""
    for kind, count, _ in _packets(data):
        if kind in (SENDER_REPORT, RECEIVER_REPORT):
            yield "report"
        elif kind == TRANSPORT and count == _TRANSPORT_CC:
            yield "feedback"
        elif kind in (TRANSPORT, PAYLOAD):
            yield "wish"


def reported(data: bytes) -> Iterator[tuple[int, int]]:
    """Of each sender report in a compound packet: the stream and the middle of its time of sending (RFC 3550, LSR)."""
    for kind, _, body in _packets(data):
        if kind == SENDER_REPORT and len(body) >= 12:
            ssrc, middle = struct.unpack_from("!LxxL", body)
            yield ssrc, middle


def _packets(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    at = 0
    while at + 4 <= len(data):
        first, kind, words = struct.unpack_from("!BBH", data, at)
        end = at + 4 + 4 * words
        if first >> 6 != 2 or end > len(data):
            return
        yield kind, first & 0x1F, data[at + 4 : end]
        at = end


def _missing(pairs: bytes) -> Iterator[int]:
    for at in range(0, len(pairs) - 3, 4):
        sequence, mask = struct.unpack_from("!2H", pairs, at)
        yield sequence
        yield from (sequence + 1 + bit & 0xFFFF for bit in range(16) if mask >> bit & 1)


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body
