"""Asks a process on loopback whether it is ready, with nothing but a socket: the parent stays small."""

import asyncio
from urllib.parse import urlsplit

_PATIENCE = 2.0
"""Seconds for one answer."""


async def answers_ok(url: str) -> bool:
    """Whether GET answers 200 within two seconds. An absent server, or nonsense from one, is a no."""
    try:
        async with asyncio.timeout(_PATIENCE):
            return await _status_line(url) == b"200"
    except (OSError, TimeoutError, ValueError):
        return False


async def _status_line(url: str) -> bytes:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    try:
        request = f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n\r\n"
        writer.write(request.encode())
        await writer.drain()
        words = (await reader.readline()).split()
        return words[1] if len(words) > 1 else b""
    finally:
        writer.close()
