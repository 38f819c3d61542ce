"""Reads the body of an answer from a server that nobody vouches for, up to a bound that compression can't pass.

For sessions that don't decompress by themselves.
"""

import zlib
from collections.abc import Callable

import aiohttp

_CHUNK = 64 * 1024
_GZIP = 16 + zlib.MAX_WBITS


class TooLargeError(ValueError):
    """The body, or what it unpacks to, is larger than was agreed."""


class BrokenBodyError(ValueError):
    """The body is packed in a way that was not asked for, or does not unpack."""


async def read_body(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """The whole body, unpacked where it is gzip (RFC 9110, 8.4.1). Raises the errors above, and aiohttp's.

    At no moment is more held than `limit` and one chunk.
    """
    if (answer.content_length or 0) > limit:
        raise TooLargeError
    body = bytearray()
    received = 0
    unpack, is_whole = _unpacker(answer.headers.get("Content-Encoding", "identity").strip().lower())
    async for chunk in answer.content.iter_chunked(_CHUNK):
        received += len(chunk)
        body += unpack(chunk, limit + 1 - len(body))
        if max(received, len(body)) > limit:
            raise TooLargeError
    if not is_whole():
        raise BrokenBodyError
    return bytes(body)


Unpack = Callable[[bytes, int], bytes]


def _unpacker(coding: str) -> tuple[Unpack, Callable[[], bool]]:
    """What unpacks a chunk to at most so many octets, and what tells at the end whether all has come."""
    if coding in {"", "identity"}:
        return (lambda chunk, _: chunk), lambda: True
    if coding not in {"gzip", "x-gzip"}:
        raise BrokenBodyError
    stream = zlib.decompressobj(_GZIP)

    def unpack(chunk: bytes, most: int) -> bytes:
        try:
            return stream.decompress(chunk, most)  # less than `most` means that nothing is left over
        except zlib.error as error:
            raise BrokenBodyError from error

    return unpack, lambda: stream.eof and not stream.unused_data
