"""SRTP (RFC 3711) on one buffer that is used again and again.

pylibsrtp makes two objects for each packet; at ten thousand packets a second that is felt. Its session and its
library are used as they are.
"""

from typing import Any

from pylibsrtp._binding import ffi, lib

LARGEST = 2048
"""Bytes of the buffer; what is longer is no packet of a path with an MTU of 1500."""
TRAILER = 144
"""SRTP_MAX_TRAILER_LEN of libsrtp 2."""


class Srtp:
    """One direction of one connection; `session` is pylibsrtp's, which keeps the keys."""

    __slots__ = ("_buffer", "_length", "_session", "_srtp", "_view")

    def __init__(self, session: Any) -> None:
        self._session = session  # keeps the C object alive
        self._srtp = session._srtp[0]  # noqa: SLF001 - the hook that this module is for
        self._buffer = ffi.new("char[]", LARGEST)
        self._view = ffi.buffer(self._buffer)
        self._length = ffi.new("int *")

    def protected(self, packet: bytes | bytearray) -> bytes | None:
        """The packet as it goes on the wire. None where it can't be."""
        size = len(packet)
        if size > LARGEST - TRAILER:
            return None
        self._view[0:size] = packet
        self._length[0] = size
        if lib.srtp_protect(self._srtp, self._buffer, self._length):
            return None
        return self._view[0 : self._length[0]]

    def opened(self, data: bytes) -> bytes | None:
        """The packet in clear, or None: not authentic, seen before, or no packet."""
        size = len(data)
        if not 12 <= size <= LARGEST:  # noqa: PLR2004 - RFC 3550: the fixed header
            return None
        self._view[0:size] = data
        self._length[0] = size
        if lib.srtp_unprotect(self._srtp, self._buffer, self._length):
            return None
        return self._view[0 : self._length[0]]

    def opened_rtcp(self, data: bytes) -> bytes | None:
        """As `opened`, for a compound RTCP packet."""
        size = len(data)
        if not 8 <= size <= LARGEST:  # noqa: PLR2004 - RFC 3550: the shortest of RTCP
            return None
        self._view[0:size] = data
        self._length[0] = size
        if lib.srtp_unprotect_rtcp(self._srtp, self._buffer, self._length):
            return None
        return self._view[0 : self._length[0]]

    def protected_rtcp(self, packet: bytes) -> bytes | None:
        """As `protected`, for RTCP."""
        size = len(packet)
        if size > LARGEST - TRAILER:
            return None
        self._view[0:size] = packet
        self._length[0] = size
        if lib.srtp_protect_rtcp(self._srtp, self._buffer, self._length):
            return None
        return self._view[0 : self._length[0]]
