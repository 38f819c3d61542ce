"""Stands between a browser and a media server that speaks LiveKit's signalling, and leads the media over a bad line.

Candidates in descriptions and trickle messages are replaced by addresses of a `UdpRelay`; everything else passes as
it is. `/rtc/v1` is answered with 404, so that clients fall back to one connection for each direction. While the
relay is dark, messages wait as they do in TCP; connections can be cut as well.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web
from livekit.protocol import rtc

from tests.support.ports import free_port
from tests.support.udp_relay import LOOPBACK, Address, Path, UdpRelay

_ANYBODY = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "*"}
_CANDIDATE = re.compile(r"(candidate:\S+ 1 udp \d+ )(\S+) (\d+)( typ \S+).*", re.IGNORECASE)
_LAST = "candidate:1 1 udp 2130706431 0.0.0.0 9 typ host"
"""Stands in where the message that ends the candidates holds one that can't be led over the relay."""
_UFRAG = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)


def moved(candidate: str, to: Address) -> str | None:
    """A candidate at another address; None for one that is not UDP over IPv4 (or a name, as browsers give)."""
    found = _CANDIDATE.search(candidate)
    if found is None or ":" in found[2]:
        return None
    return f"{found[1]}{to[0]} {to[1]} typ host"


def address_of(candidate: str) -> Address | None:
    """The address in a candidate over UDP and IPv4."""
    found = _CANDIDATE.search(candidate)
    return None if found is None or ":" in found[2] else (found[2], int(found[3]))


def with_one_candidate(sdp: str, to: Address) -> str:
    """A description in which every section that had candidates has one, at the relay."""
    lines, has_one = [], False
    for line in sdp.splitlines():
        if line.startswith("m="):
            has_one = False
        if not line.startswith("a=candidate:"):
            lines.append(line)
        elif not has_one and (candidate := moved(line, to)):
            lines.append(f"a={candidate}")
            has_one = True
    return "\r\n".join(lines) + "\r\n"


def first_address(sdp: str) -> Address | None:
    found = (address_of(line) for line in sdp.splitlines() if line.startswith("a=candidate:"))
    return next((address for address in found if address is not None), None)


@dataclass
class _Connection:
    """One peer connection of a session, known by who offers and with which credentials."""

    path: Path
    ufrag: str | None = None
    given: set[str] = field(default_factory=set)
    """The sides that have got a candidate by trickle already."""


class Session:
    """One signalling connection: which peer connection goes over which path. Knows no sockets of its own."""

    def __init__(self, relay: UdpRelay) -> None:
        self._relay = relay
        self._connections: dict[int, _Connection] = {}

    async def to_server(self, raw: bytes) -> bytes | None:
        """A client's message as the server is to get it; None: not at all."""
        message = rtc.SignalRequest()
        message.ParseFromString(raw)
        match message.WhichOneof("message"):
            case "offer":
                connection = await self._offered(rtc.SignalTarget.PUBLISHER, message.offer.sdp)
                message.offer.sdp = with_one_candidate(message.offer.sdp, connection.path.far)
            case "answer":
                connection = await self._known(rtc.SignalTarget.SUBSCRIBER)
                message.answer.sdp = with_one_candidate(message.answer.sdp, connection.path.far)
            case "trickle":
                connection = await self._known(message.trickle.target)
                if not _trickled(message.trickle, connection, connection.path.far, "client"):
                    return None
            case _:
                return raw
        return message.SerializeToString()

    async def to_client(self, raw: bytes) -> bytes | None:
        """A server's message as the client is to get it; None: not at all."""
        message = rtc.SignalResponse()
        message.ParseFromString(raw)
        match message.WhichOneof("message"):
            case "join":
                del message.join.ice_servers[:]
            case "reconnect":
                del message.reconnect.ice_servers[:]
            case "offer":
                connection = await self._offered(rtc.SignalTarget.SUBSCRIBER, message.offer.sdp)
                _described(message.offer, connection.path)
            case "answer":
                connection = await self._known(rtc.SignalTarget.PUBLISHER)
                _described(message.answer, connection.path)
            case "trickle":
                connection = await self._known(message.trickle.target)
                address = address_of(message.trickle.candidateInit)
                connection.path.server = connection.path.server or address
                if not _trickled(message.trickle, connection, connection.path.near, "server"):
                    return None
            case _:
                return raw
        return message.SerializeToString()

    async def _offered(self, target: int, sdp: str) -> _Connection:
        """The offer's connection; new credentials mean an ICE restart, which takes a new path (RFC 8445, 9)."""
        found = _UFRAG.search(sdp)
        ufrag = found[1] if found else None
        known = self._connections.get(target)
        if known is None or known.ufrag not in (None, ufrag):
            known = self._connections[target] = _Connection(await self._relay.path())
        known.ufrag = ufrag
        return known

    async def _known(self, target: int) -> _Connection:
        if target not in self._connections:
            self._connections[target] = _Connection(await self._relay.path())
        return self._connections[target]


def _described(description: Any, path: Path) -> None:
    path.server = first_address(description.sdp) or path.server
    description.sdp = with_one_candidate(description.sdp, path.near)


def _trickled(trickle: Any, connection: _Connection, to: Address, side: str) -> bool:
    """Whether the message is to go on; each side gets one candidate, the end of candidates passes."""
    init = json.loads(trickle.candidateInit or "{}")
    if not init.get("candidate"):
        return True
    candidate = moved(init["candidate"], to)
    if not trickle.final and (candidate is None or side in connection.given):
        return False
    connection.given.add(side)
    trickle.candidateInit = json.dumps({**init, "candidate": candidate or moved(_LAST, to)})
    return True


def _passed_on(request: web.Request) -> dict[str, str]:
    return {name: request.headers[name] for name in ("User-Agent", "Origin") if name in request.headers}


class SignallingRelay:
    """A participant's way to the media server: `url` for his client, `media` for what happens on it."""

    def __init__(self, target: str, media: UdpRelay) -> None:
        self.media = media
        self._target = target.rstrip("/")
        self._port = free_port()
        self.url = f"ws://{LOOPBACK}:{self._port}"
        self._open: set[web.WebSocketResponse] = set()
        self._lit = asyncio.Event()
        self._lit.set()

    @property
    def dark(self) -> bool:
        return not self._lit.is_set()

    @dark.setter
    def dark(self, dark: bool) -> None:
        """Nothing passes either way, neither media nor signalling."""
        self.media.dark = dark
        (self._lit.clear if dark else self._lit.set)()

    async def cut(self) -> None:
        """Ends the signalling connections without a word of LiveKit's; media flows on."""
        for connection in tuple(self._open):
            await connection.close()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        await self._lit.wait()
        if request.path.startswith("/rtc/v1"):
            return web.Response(status=404, headers=_ANYBODY)
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._signal(request)
        async with self._client.get(self._http + request.path_qs) as answer:
            return web.Response(status=answer.status, body=await answer.read(), headers=_ANYBODY)

    async def _signal(self, request: web.Request) -> web.WebSocketResponse:
        try:
            server = await self._client.ws_connect(
                self._http + request.path_qs, headers=_passed_on(request), max_msg_size=0
            )
        except aiohttp.ClientError as error:
            raise web.HTTPBadGateway(headers=_ANYBODY) from error
        client = web.WebSocketResponse(max_msg_size=0)
        await client.prepare(request)
        self._open.add(client)
        session = Session(self.media)
        pumps = [
            asyncio.create_task(self._pump(client, server, session.to_server)),
            asyncio.create_task(self._pump(server, client, session.to_client)),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._open.discard(client)
            for pump in pumps:
                pump.cancel()
            await server.close()
            await client.close()
        return client

    async def _pump(self, source: Any, sink: Any, change: Callable[[bytes], Any]) -> None:
        async for message in source:
            if message.type != aiohttp.WSMsgType.BINARY:
                break
            changed = await change(message.data)
            await self._lit.wait()
            if changed is not None:
                with suppress(ConnectionError):
                    await sink.send_bytes(changed)

    @property
    def _http(self) -> str:
        return self._target.replace("ws", "http", 1)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["SignallingRelay"]:
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self.handle)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        async with aiohttp.ClientSession() as self._client, self.media:
            await runner.setup()
            await web.TCPSite(runner, LOOPBACK, self._port).start()
            try:
                yield self
            finally:
                self._lit.set()
                await self.cut()
                await runner.cleanup()


@asynccontextmanager
async def relayed(target: str, *, seed: int = 1) -> AsyncIterator[SignallingRelay]:
    """A relay before the media server at `target` (`ws://…`), perfect until its lines are changed."""
    async with SignallingRelay(target, UdpRelay(seed)).running() as relay:
        yield relay
