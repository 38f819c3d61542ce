"""The bytes of RTP packets that this end makes: header, header extensions in one-byte form, padding.

Sources: RFC 3550 section 5.1, RFC 8285 section 4.2. Which numbers stand in them is decided by `outgoing`.
"""

from struct import Struct, pack_into
from typing import Final

_HEADER: Final = "!BBHLL"
_HEADER_SIZE = 12
_LARGEST_ID = 14
_EXTENDED, _PADDED = 0x10, 0x20


class Layout:
    """The shape that all packets of a stream share.

    `transport_cc_at` and `abs_send_time_at` are the offsets of two and three bytes in every packet, 0: not agreed;
    `payload_at` that of the payload. Raises ValueError for extension numbers that the one-byte form doesn't know.
    """

    __slots__ = ("_extensions", "_first", "_head", "abs_send_time_at", "payload_at", "transport_cc_at")

    def __init__(self, transport_cc_id: int, abs_send_time_id: int) -> None:
        if not (0 <= transport_cc_id <= _LARGEST_ID and 0 <= abs_send_time_id <= _LARGEST_ID):
            raise ValueError("the one-byte form knows header extensions 1 to 14")
        elements = bytearray()
        self.abs_send_time_at = self.transport_cc_at = 0
        if abs_send_time_id:
            elements += bytes((abs_send_time_id << 4 | 2, 0, 0, 0))
            self.abs_send_time_at = _HEADER_SIZE + 4 + 1
        if transport_cc_id:
            self.transport_cc_at = _HEADER_SIZE + 4 + len(elements) + 1
            elements += bytes((transport_cc_id << 4 | 1, 0, 0, 0))
        self._extensions = b"\xbe\xde" + bytes((0, len(elements) // 4)) + bytes(elements) if elements else b""
        self._head = Struct(f"{_HEADER}{len(self._extensions)}s").pack
        self._first = 0x80 | (_EXTENDED if elements else 0)
        self.payload_at = _HEADER_SIZE + len(self._extensions)

    def opened(  # noqa: PLR0917 - a header's fields in their order, and the hottest call of all
        self, second: int, sequence: int, timestamp: int, ssrc: int, now: float, payload: bytes = b""
    ) -> bytearray:
        """A packet with its payload, or up to it. `second` is the marker bit and the payload type."""
        data = bytearray(self._head(self._first, second, sequence, timestamp, ssrc, self._extensions) + payload)
        if at := self.abs_send_time_at:  # 24 bits: 6.18 seconds
            send_time = int(now * 0x40000) & 0xFFFFFF
            pack_into("!BH", data, at, send_time >> 16, send_time & 0xFFFF)
        return data


def padded(opened: bytearray, size: int) -> bytearray:
    """Ends a packet without payload by `size` (1…255) bytes of padding, the last of which counts them."""
    opened[0] |= _PADDED
    opened += bytes(size - 1)
    opened.append(size)
    return opened
