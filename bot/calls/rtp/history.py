"""The packets of one outgoing stream as bytes: sent, sent again when asked for, and empty ones to probe the line.

Sources: RFC 3550 section 5.1, RFC 4588 (a stream of its own for retransmissions, if agreed). Which numbers a
packet bears is decided by `outgoing`.
"""

from secrets import randbelow

from bot.calls.rtp import vp8
from bot.calls.rtp.vp8 import Descriptor
from bot.calls.rtp.writing import Layout, padded

KEPT = 512
"""Packets that can be sent again."""
_MOST_RESENT = 3


Stored = tuple[int, int, int, bytes, Descriptor | None, int, int]
"""What a packet is made from: sequence, marker bit and payload type, timestamp, payload, descriptor, PictureID, TL0.

The payload is shared by all subscribers; an empty one stands for padding. A plain tuple, as one is made for each."""


class History:
    """The last `kept` packets, a power of two or 0. `packets` and `octets` are a sender report's counts.

    Those are RFC 3550's, section 6.4.1. Hundreds of streams that keep what nobody may ask for leave no room in the
    processor's cache for what is worked on.
    """

    __slots__ = ("_kept", "_layout", "_resent", "_rtx_payload_type", "_rtx_sequence", "_rtx_ssrc", "_ssrc", "_stored",
                 "octets", "packets")  # fmt: skip

    def __init__(self, ssrc: int, layout: Layout, rtx_ssrc: int, rtx_payload_type: int, kept: int) -> None:
        self._ssrc = ssrc
        self._layout = layout
        self._rtx_ssrc, self._rtx_payload_type = rtx_ssrc, rtx_payload_type
        self._rtx_sequence = randbelow(0x8000)
        self._kept = kept
        self._stored: list[Stored | None] = [None] * kept
        self._resent = bytearray(kept)
        self.packets = self.octets = 0

    def sent(self, stored: Stored, now: float, padding: int = 1) -> bytearray:
        """Remembers a packet and makes it; one without payload becomes `padding` bytes of padding."""
        if self._kept:
            slot = stored[0] & self._kept - 1
            self._stored[slot] = stored
            self._resent[slot] = 0
        return self._made(stored, now, padding)

    def again(self, sequence: int, now: float) -> bytearray | None:
        """The packet once more, or None when it is gone or was sent again three times already."""
        if not self._kept:
            return None
        slot = sequence & self._kept - 1
        stored = self._stored[slot]
        if stored is None or stored[0] != sequence or self._resent[slot] >= _MOST_RESENT:
            return None
        self._resent[slot] += 1
        return self._retransmission(stored, now) if self._rtx_ssrc else self._made(stored, now, 1)

    def probe(self, timestamp: int, size: int, now: float) -> bytearray:
        """`size` (1…255) bytes of padding on the stream for retransmissions, where they need no number of ours."""
        return padded(self._opened_rtx(0, timestamp, now), size)

    def _made(self, stored: Stored, now: float, padding: int) -> bytearray:
        sequence, second, timestamp, payload, descriptor, picture_id, tl0 = stored
        self.packets += 1
        self.octets += len(payload)
        layout = self._layout
        data = layout.opened(second, sequence, timestamp, self._ssrc, now, payload)
        if not payload:
            return padded(data, padding)
        if descriptor is not None:
            vp8.rewrite(data, layout.payload_at, descriptor, picture_id, tl0)
        return data

    def _retransmission(self, stored: Stored, now: float) -> bytearray:
        """RFC 4588 section 4: the original sequence number stands before the payload."""
        sequence, second, timestamp, payload, descriptor, picture_id, tl0 = stored
        data = self._opened_rtx(second & 128, timestamp, now)
        data += sequence.to_bytes(2, "big") + payload
        if descriptor is not None:
            vp8.rewrite(data, self._layout.payload_at + 2, descriptor, picture_id, tl0)
        return data

    def _opened_rtx(self, marker: int, timestamp: int, now: float) -> bytearray:
        self._rtx_sequence = self._rtx_sequence + 1 & 0xFFFF
        second = marker | self._rtx_payload_type
        return self._layout.opened(second, self._rtx_sequence, timestamp, self._rtx_ssrc, now)
