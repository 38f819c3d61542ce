"""What a synthetic participant reads of an opened VP8 packet (RFC 7741): key frames, and one whole picture."""

import asyncio
import time

import av
from av.error import FFmpegError


def body_at(packet: bytes) -> int:
    """Where the payload begins (RFC 3550, 5.1)."""
    at = 12 + 4 * (packet[0] & 0x0F)
    if packet[0] & 0x10 and len(packet) >= at + 4:
        at += 4 + 4 * (packet[at + 2] << 8 | packet[at + 3])
    return at


def vp8(packet: bytes) -> tuple[bool, bytes]:
    """Whether a frame starts here, and the payload behind the descriptor; empty where there is none."""
    at = body_at(packet)
    if len(packet) <= at or (packet[0] & 0x20 and packet[-1] >= len(packet) - at):
        return False, b""
    first, at = packet[at], at + 1
    if first & 0x80 and len(packet) > at:
        present, at = packet[at], at + 1
        if present & 0x80:
            at += 2 if len(packet) > at and packet[at] & 0x80 else 1
        at += bool(present & 0x40) + bool(present & 0x30)
    return first & 0x17 == 0x10, packet[at:]


def starts_key_frame(packet: bytes) -> bool:
    starts, payload = vp8(packet)
    return starts and bool(payload) and not payload[0] & 1


class Opener:
    """Puts the first key frame of any stream together and decodes it; `at` is the monotonic second when it was done."""

    def __init__(self) -> None:
        self.at: float | None = None
        self.done = asyncio.Event()
        self._parts: dict[int, tuple[int, list[bytes]]] = {}

    def take(self, ssrc: int, packet: bytes) -> bool:
        """Whether it is done. A packet out of order costs the frame that it belongs to."""
        starts, payload = vp8(packet)
        sequence = int.from_bytes(packet[2:4], "big")
        if starts:
            self._parts[ssrc] = (sequence, [payload])
        elif ssrc in self._parts:
            before, parts = self._parts[ssrc]
            self._parts[ssrc] = (sequence, [*parts, payload])
            if sequence != before + 1 & 0xFFFF:
                del self._parts[ssrc]
        if packet[1] & 0x80 and ssrc in self._parts:
            frame = b"".join(self._parts.pop(ssrc)[1])
            if frame and not frame[0] & 1 and _decodes(frame):
                self.at = time.monotonic()
                self.done.set()
        return self.at is not None


def _decodes(frame: bytes) -> bool:
    """Whether a picture comes out of a key frame."""
    decoder = av.CodecContext.create("vp8", "r")
    assert isinstance(decoder, av.VideoCodecContext)  # noqa: S101 - the name of a video decoder
    try:
        return bool(decoder.decode(av.Packet(frame)))
    except FFmpegError:
        return False
