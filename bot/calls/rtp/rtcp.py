"""RTCP: compound packets read into values, and the few packets that this end sends.

Sources: RFC 3550 section 6 (SR, RR, SDES, BYE), RFC 4585 section 6 (NACK, PLI), RFC 5104 section 4.3.1 (FIR),
draft-alvestrand-rmcat-remb-03 (REMB), draft-holmer-rmcat-transport-wide-cc-extensions-01 (by `transport_cc`).
When something is sent is decided elsewhere.
"""

from collections.abc import Callable, Iterator, Sequence
from struct import Struct, pack
from typing import Final

from bot.calls.rtp import transport_cc
from bot.calls.rtp.reports import (
    Bye,
    Nack,
    PictureLoss,
    ReceiverReport,
    Remb,
    Report,
    ReportBlock,
    SenderReport,
    SourceDescription,
    TransportFeedback,
)

__all__ = [
    "Bye",
    "Nack",
    "PictureLoss",
    "ReceiverReport",
    "Remb",
    "Report",
    "ReportBlock",
    "SenderReport",
    "SourceDescription",
    "TransportFeedback",
    "bye",
    "is_rtcp",
    "middle",
    "nack",
    "ntp",
    "picture_loss",
    "read",
    "receiver_report",
    "remb",
    "sender_report",
    "source_description",
]

_U32: Final = Struct("!L")
_PAIR: Final = Struct("!LL")
_SENDER: Final = Struct("!LQLLL")
_BLOCK: Final = Struct("!LLLLLL")

_SR, _RR, _SDES, _BYE, _TRANSPORT, _PAYLOAD = 200, 201, 202, 203, 205, 206
_NACK, _FEEDBACK = 1, 15
_PLI, _FIR, _APPLICATION = 1, 4, 15
_CNAME = 1
_MOST_BLOCKS = 31  # five bits count them
_MOST_PARTS = 32
"""Parts of one datagram that are read; honest ones hold a handful."""
_MOST_FEEDBACKS = 4
"""Transport feedbacks of one datagram that are read: they unfold, so a few bytes could cost milliseconds."""
_UNIX_TO_NTP = 2_208_988_800
_SAME = 0xFFFF
"""The distance, less one, of a sequence number from itself."""


def is_rtcp(data: bytes) -> bool:
    """Whether a datagram of version 2 on a shared port is RTCP and not RTP (RFC 5761 section 4)."""
    return len(data) > 1 and 192 <= data[1] <= 223  # noqa: PLR2004 - the range of the RFC


def read(data: bytes) -> list[Report]:
    """Everything in a compound packet that is known and whole. A part that overruns the datagram ends it."""
    reports: list[Report] = []
    feedbacks = 0
    for number, (kind, count, body, part) in enumerate(_parts(data)):
        if number == _MOST_PARTS:
            break
        if kind == _TRANSPORT and count == _FEEDBACK:
            feedbacks += 1
            if feedbacks <= _MOST_FEEDBACKS:
                reports.extend(_transport_feedback(body, part))
        elif reader := _READERS.get(kind):
            reports.extend(reader(count, body))
    return reports


def nack(sender_ssrc: int, media_ssrc: int, sequences: Sequence[int]) -> bytes:
    """Asks for packets again (RFC 4585 section 6.2.1). Ascending order, across the wrap too, packs best."""
    fields: list[list[int]] = []
    for sequence in sequences:
        distance = (sequence - fields[-1][0] - 1) & 0xFFFF if fields else 16
        if distance < 16:  # noqa: PLR2004 - bits of the mask
            fields[-1][1] |= 1 << distance
        elif distance != _SAME:
            fields.append([sequence & 0xFFFF, 0])
    body = b"".join(pack("!HH", first, mask) for first, mask in fields)
    return _packet(_TRANSPORT, _NACK, _PAIR.pack(sender_ssrc, media_ssrc) + body)


def picture_loss(sender_ssrc: int, media_ssrc: int) -> bytes:
    """Asks for a key frame (PLI, RFC 4585 section 6.3.1)."""
    return _packet(_PAYLOAD, _PLI, _PAIR.pack(sender_ssrc, media_ssrc))


def receiver_report(ssrc: int, blocks: Sequence[ReportBlock]) -> bytes:
    """As many packets as the blocks need, at least one: an empty one is a sign of life."""
    parts = [blocks[at : at + _MOST_BLOCKS] for at in range(0, max(1, len(blocks)), _MOST_BLOCKS)]
    return b"".join(
        _packet(_RR, len(part), _U32.pack(ssrc) + b"".join(_block_bytes(block) for block in part)) for part in parts
    )


def sender_report(report: SenderReport) -> bytes:
    """At most 31 blocks are taken; counts wrap at 32 bits."""
    blocks = report.blocks[:_MOST_BLOCKS]
    numbers = (report.rtp & 0xFFFFFFFF, report.packets & 0xFFFFFFFF, report.octets & 0xFFFFFFFF)
    body = _SENDER.pack(report.ssrc, report.ntp & 0xFFFFFFFFFFFFFFFF, *numbers)
    return _packet(_SR, len(blocks), body + b"".join(_block_bytes(block) for block in blocks))


def remb(sender_ssrc: int, bitrate: int, ssrcs: Sequence[int]) -> bytes:
    """At most 255 streams; the bit rate is rounded down to 18 significant bits."""
    ssrcs = ssrcs[:255]
    bitrate = max(0, bitrate)
    exponent = max(0, bitrate.bit_length() - 18)
    mantissa = bitrate >> exponent
    fields = pack("!BBH", len(ssrcs), exponent << 2 | mantissa >> 16, mantissa & 0xFFFF)
    body = _PAIR.pack(sender_ssrc, 0) + b"REMB" + fields + b"".join(map(_U32.pack, ssrcs))
    return _packet(_PAYLOAD, _APPLICATION, body)


def source_description(ssrc: int, name: str) -> bytes:
    """One chunk with a CNAME (RFC 3550 section 6.5.1)."""
    value = name.encode()[:255]
    chunk = _U32.pack(ssrc) + bytes((_CNAME, len(value))) + value
    return _packet(_SDES, 1, chunk + bytes(4 - len(chunk) % 4))


def bye(ssrcs: Sequence[int]) -> bytes:
    """The streams end (RFC 3550 section 6.6); at most 31."""
    ssrcs = ssrcs[:_MOST_BLOCKS]
    return _packet(_BYE, len(ssrcs), b"".join(map(_U32.pack, ssrcs)))


def ntp(unix: float) -> int:
    """Unix seconds as a 64-bit NTP time (RFC 3550 section 4)."""
    return int((unix + _UNIX_TO_NTP) * 4_294_967_296)


def middle(ntp_time: int) -> int:
    """The middle 32 bits, which a report block gives back as `lsr`: 16.16 seconds."""
    return ntp_time >> 16 & 0xFFFFFFFF


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def _parts(data: bytes) -> Iterator[tuple[int, int, bytes, bytes]]:
    """(type, count, body without padding, whole part) of each part with sound lengths."""
    at, end = 0, len(data)
    while at + 4 <= end and data[at] >> 6 == 2:  # noqa: PLR2004 - the version of RFC 3550
        after = at + 4 + 4 * (data[at + 2] << 8 | data[at + 3])
        if after > end:
            return
        padding = data[after - 1] if data[at] & 0x20 else 0
        if padding <= after - at - 4:
            yield data[at + 1], data[at] & 31, data[at + 4 : after - padding], data[at:after]
        at = after


def _block_bytes(block: ReportBlock) -> bytes:
    lost = max(-0x800000, min(0x7FFFFF, block.packets_lost)) & 0xFFFFFF
    loss = (block.fraction_lost & 0xFF) << 24 | lost
    rest = (block.highest_sequence, block.jitter, block.lsr, block.dlsr)
    return _BLOCK.pack(block.ssrc, loss, *(number & 0xFFFFFFFF for number in rest))


def _blocks(count: int, body: bytes, at: int) -> tuple[ReportBlock, ...] | None:
    if at + count * _BLOCK.size > len(body):
        return None
    return tuple(_block(body, at + i * _BLOCK.size) for i in range(count))


def _block(body: bytes, at: int) -> ReportBlock:
    ssrc, loss, highest, jitter, lsr, dlsr = _BLOCK.unpack_from(body, at)
    lost = loss & 0xFFFFFF
    return ReportBlock(ssrc, loss >> 24, lost - (lost >> 23 << 24), highest, jitter, lsr, dlsr)


def _read_sender(count: int, body: bytes) -> Iterator[Report]:
    blocks = _blocks(count, body, _SENDER.size)
    if blocks is not None and len(body) >= _SENDER.size:
        ssrc, ntp_time, rtp, packets, octets = _SENDER.unpack_from(body)
        yield SenderReport(ssrc, ntp_time, rtp, packets, octets, blocks)


def _read_receiver(count: int, body: bytes) -> Iterator[Report]:
    blocks = _blocks(count, body, 4)
    if blocks is not None and len(body) >= 4:  # noqa: PLR2004 - the SSRC
        yield ReceiverReport(_U32.unpack_from(body)[0], blocks)


def _read_description(count: int, body: bytes) -> Iterator[Report]:
    names: list[tuple[int, str]] = []
    at = 0
    for _ in range(count):
        if at + 4 > len(body):
            return
        ssrc = _U32.unpack_from(body, at)[0]
        after = _chunk(body, at + 4, ssrc, names)
        if after is None:
            return
        at = after
    yield SourceDescription(tuple(names))


def _chunk(body: bytes, at: int, ssrc: int, names: list[tuple[int, str]]) -> int | None:
    """Reads the items of one chunk, which a zero and padding to 32 bits end; gives the next one's offset."""
    while at < len(body):
        if body[at] == 0:
            return at + 4 - at % 4
        after = at + 2 + body[at + 1] if at + 1 < len(body) else len(body) + 1
        if after > len(body):
            return None
        if body[at] == _CNAME:
            names.append((ssrc, body[at + 2 : after].decode(errors="replace")))
        at = after
    return None


def _read_bye(count: int, body: bytes) -> Iterator[Report]:
    if 4 * count <= len(body):
        yield Bye(tuple(_U32.unpack_from(body, 4 * i)[0] for i in range(count)))


def _read_transport(form: int, body: bytes) -> Iterator[Report]:
    if form != _NACK or len(body) < 8 or len(body) % 4:  # noqa: PLR2004 - two SSRCs
        return
    ssrc, media_ssrc = _PAIR.unpack_from(body)
    sequences: list[int] = []
    for at in range(8, len(body), 4):
        first, mask = body[at] << 8 | body[at + 1], body[at + 2] << 8 | body[at + 3]
        sequences.append(first)
        sequences.extend((first + i + 1) & 0xFFFF for i in range(16) if mask >> i & 1)
    yield Nack(ssrc, media_ssrc, tuple(sequences))


def _transport_feedback(body: bytes, part: bytes) -> Iterator[Report]:
    arrivals = transport_cc.read_feedback(part)
    if arrivals is not None:
        ssrc, media_ssrc = _PAIR.unpack_from(body)
        yield TransportFeedback(ssrc, media_ssrc, tuple(arrivals))


def _read_payload(form: int, body: bytes) -> Iterator[Report]:
    if len(body) < 8:  # noqa: PLR2004 - two SSRCs
        return
    ssrc, media_ssrc = _PAIR.unpack_from(body)
    if form == _PLI:
        yield PictureLoss(ssrc, media_ssrc)
    elif form == _FIR:
        for at in range(8, len(body) - 7, 8):
            yield PictureLoss(ssrc, _U32.unpack_from(body, at)[0])
    elif form == _APPLICATION:
        yield from _read_remb(ssrc, body[8:])


def _read_remb(ssrc: int, fields: bytes) -> Iterator[Report]:
    if len(fields) < 8 or fields[:4] != b"REMB" or 8 + 4 * fields[4] > len(fields):  # noqa: PLR2004 - its fixed part
        return
    mantissa = (fields[5] & 3) << 16 | fields[6] << 8 | fields[7]
    ssrcs = tuple(_U32.unpack_from(fields, 8 + 4 * i)[0] for i in range(fields[4]))
    yield Remb(ssrc, mantissa << (fields[5] >> 2), ssrcs)


_READERS: Final[dict[int, Callable[[int, bytes], Iterator[Report]]]] = {
    _SR: _read_sender,
    _RR: _read_receiver,
    _SDES: _read_description,
    _BYE: _read_bye,
    _TRANSPORT: _read_transport,
    _PAYLOAD: _read_payload,
}
