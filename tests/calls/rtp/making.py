"""Packets for the tests, written byte by byte."""

from struct import pack

from hypothesis import settings

from bot.calls.rtp.packet import Packet
from bot.calls.rtp.vp8 import Descriptor, descriptor

unhurried = settings(deadline=None)
"""A busy machine is no finding."""

KEY, DELTA = 0x00, 0x01  # the first byte of a VP8 frame


def rtp(
    payload: bytes = b"sound",
    *,
    first: int = 0x80,
    payload_type: int = 96,
    marker: int = 0,
    sequence: int = 1,
    timestamp: int = 0,
    ssrc: int = 7,
    extension: bytes = b"",
) -> bytes:
    return pack("!BBHLL", first, marker | payload_type, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc) + (
        extension + payload
    )


def extension(profile: int, elements: bytes) -> bytes:
    padded = elements + bytes(-len(elements) % 4)
    return pack("!HH", profile, len(padded) // 4) + padded


def vp8(frame: int = DELTA, *, picture_id: int = 0, tl0: int = 0, layer: int = 0, starts: bool = True) -> bytes:
    head = 0x80 | (0x10 if starts else 0)
    return (
        bytes((head, 0xE0)) + pack("!HBB", 0x8000 | picture_id & 0x7FFF, tl0 & 255, layer << 6) + bytes((frame, 9, 9))
    )


def sound(sequence: int, timestamp: int | None = None, payload: bytes = b"sound") -> Packet:
    timestamp = 960 * sequence if timestamp is None else timestamp
    return Packet(111, 0, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, 7, payload)


def picture(
    sequence: int,
    frame: int = DELTA,
    *,
    timestamp: int = 0,
    picture_id: int = 0,
    tl0: int = 0,
    layer: int = 0,
    starts: bool = True,
    marker: int = 128,
) -> tuple[Packet, Descriptor]:
    payload = vp8(frame, picture_id=picture_id, tl0=tl0, layer=layer, starts=starts)
    read = descriptor(payload)
    assert read is not None
    return Packet(96, marker, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, 7, payload), read
