"""A real TLS server on this machine, which answers letter by letter what a test wants."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.web.fetching import Fetcher, FetchLimits, NotFetched
from bot.web.public_addresses import Address
from bot.web.resolving import Lookup
from tests.support.tls import Trust

HOST = "calendar.test"
LIMITS = FetchLimits(size=10_000, seconds=10)
CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """What was asked of a running server, and where it listens."""

    port: int = 0
    requests: list[str] = field(default_factory=list)
    connections: int = 0

    def address(self, path: str = "/own.ics") -> str:
        return f"https://{HOST}:{self.port}{path}"


@asynccontextmanager
async def serving(trust: Trust, answer: Answer) -> AsyncIterator[Server]:
    running = Server()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        running.connections += 1
        try:
            running.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
            await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the client has seen enough
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=trust.server)
    running.port = server.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        server.close()


def saying(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> Answer:
    async def answer(writer: asyncio.StreamWriter) -> None:
        said = len(body) if length is None else length
        head = "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {said}", *headers))
        writer.write(head.encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return answer


def answering(*addresses: str) -> Lookup:
    async def lookup(_host: str, _port: int) -> list[str]:
        return list(addresses)

    return lookup


def anywhere(_address: Address) -> bool:
    return True


def fetcher(trust: Trust, server: Server, lookup: Lookup | None = None) -> Fetcher:
    """One that may go to this machine."""
    return Fetcher(allow=anywhere, trusted=trust.client, port=server.port, lookup=lookup or answering("127.0.0.1"))


async def outcome(trust: Trust, answer: Answer, limits: FetchLimits = LIMITS) -> bytes | NotFetched:
    async with serving(trust, answer) as server:
        return await fetcher(trust, server).fetch(server.address(), limits)
