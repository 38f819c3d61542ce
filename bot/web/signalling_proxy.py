"""Passes the call engine's signalling through the edge: its plain requests, and its websockets message by message.

One side's end ends the other's, and a slow reader slows its sender: each message is written before the next is
read. Leaves who may come in to the engine. Nothing is logged, since the address of a request holds a token.
"""

import asyncio
from collections.abc import AsyncIterator
from http import HTTPStatus

import aiohttp
from aiohttp import WSCloseCode, WSMsgType, web
from yarl import URL

from bot.config.settings import SIGNALLING_PATH
from bot.web.headers import CORS, passed_on

MESSAGE_LIMIT = 64 * 1024
"""Bytes of one message from a client; an offer with simulcast has about 10,000."""
_DOWN_LIMIT = 4 * 1024 * 1024  # from the engine, whose list of a full room is its own to bound
_REQUEST_LIMIT = 64 * 1024
_ANSWER_LIMIT = 1024 * 1024
_HEARTBEAT = 20.0  # seconds; clients of the signalling ping each 10 by themselves
_PLAIN = aiohttp.ClientTimeout(total=10)
_CONNECT_S = 5.0
_CLOSING = aiohttp.ClientWSTimeout(ws_close=2)
_KEPT = ("User-Agent", "Content-Type", "Accept", "Authorization")
"""Headers of a request that the engine may see; cookies and addresses of people are not among them."""

_Socket = web.WebSocketResponse | aiohttp.ClientWebSocketResponse


class SignallingProxy:
    """The engine at `engine`, such as `http://127.0.0.1:8472`, below the edge's `/livekit/sfu`."""

    def __init__(self, engine: str) -> None:
        self._engine = engine.rstrip("/")
        self._session: aiohttp.ClientSession | None = None
        self._open: set[web.WebSocketResponse] = set()

    def add_to(self, app: web.Application) -> None:
        """Adds the routes; to be called before the pages are added."""
        app.cleanup_ctx.append(self._context)
        app.on_shutdown.append(self._hang_up)
        app.router.add_route("*", SIGNALLING_PATH + "/{path:.*}", self.handle)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request. What the engine can't answer is a 502 that a client on any origin may read."""
        if request.method == "OPTIONS":
            return web.Response(status=HTTPStatus.NO_CONTENT, headers=CORS)
        if web.WebSocketResponse().can_prepare(request).ok:
            return await self._websocket(request)
        return await self._plain(request)

    async def _context(self, _app: web.Application) -> AsyncIterator[None]:
        connector = aiohttp.TCPConnector(limit=0)
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(connector=connector, cookie_jar=jar, auto_decompress=False) as session:
            self._session = session
            yield
            self._session = None

    async def _hang_up(self, _app: web.Application) -> None:
        """A websocket that is still open would hold the stop of the edge until its time runs out."""
        for client in tuple(self._open):
            await client.close(code=WSCloseCode.GOING_AWAY)

    def _target(self, request: web.Request) -> URL:
        """The same path and query below the engine's root, letter by letter."""
        return URL(self._engine + (request.raw_path.removeprefix(SIGNALLING_PATH) or "/"), encoded=True)

    @property
    def _running(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the signalling is used before the application has started")
        return self._session

    async def _plain(self, request: web.Request) -> web.Response:
        if (request.content_length or 0) > _REQUEST_LIMIT:
            return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers=CORS)
        try:
            body = await _bounded(request.content, _REQUEST_LIMIT)
            if body is None:
                return web.Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers=CORS)
            async with self._running.request(
                request.method,
                self._target(request),
                headers=_headers(request),
                data=body or None,
                allow_redirects=False,
                timeout=_PLAIN,
            ) as answer:
                content = await _bounded(answer.content, _ANSWER_LIMIT)
                headers = passed_on(answer.headers.items(), without=frozenset({"server", "date", "content-length"}))
        except (aiohttp.ClientError, TimeoutError):
            content = None
        if content is None:
            return _unreachable()
        for name, value in CORS.items():
            headers.setdefault(name, value)
        return web.Response(status=answer.status, body=content, headers=headers)

    async def _websocket(self, request: web.Request) -> web.StreamResponse:
        """The engine is asked first, so that its refusal reaches the client as an answer and not as a closed line."""
        try:
            engine = await asyncio.wait_for(
                self._running.ws_connect(
                    self._target(request),
                    headers=_headers(request),
                    max_msg_size=_DOWN_LIMIT,
                    timeout=_CLOSING,
                    autoping=True,
                    heartbeat=_HEARTBEAT,
                ),
                timeout=_CONNECT_S,
            )
        except aiohttp.WSServerHandshakeError as refusal:
            return web.Response(status=refusal.status, headers=CORS)
        except (aiohttp.ClientError, TimeoutError):
            return _unreachable()
        async with engine:
            client = web.WebSocketResponse(max_msg_size=MESSAGE_LIMIT, timeout=2, heartbeat=_HEARTBEAT, compress=False)
            try:
                await client.prepare(request)
            except (ConnectionError, web.HTTPException):  # gone before the upgrade was answered
                return web.Response(status=HTTPStatus.BAD_REQUEST)
            self._open.add(client)
            try:
                await _bridge(client, engine)
            finally:
                self._open.discard(client)
        return client


async def _bridge(client: web.WebSocketResponse, engine: aiohttp.ClientWebSocketResponse) -> None:
    """Passes messages both ways until one side ends, then ends the other with the same reason."""
    up = asyncio.create_task(_pump(client, engine))
    down = asyncio.create_task(_pump(engine, client))
    try:
        await asyncio.wait((up, down), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (up, down):
            task.cancel()
        await asyncio.gather(up, down, return_exceptions=True)
        code = _code_of(client) if up.done() and not up.cancelled() else _code_of(engine)
        await asyncio.gather(engine.close(code=code), client.close(code=code), return_exceptions=True)


async def _pump(source: _Socket, sink: _Socket) -> None:
    """Messages from one side to the other; returns when the source ends or the sink is gone."""
    try:
        async for message in source:
            if message.type is WSMsgType.BINARY:
                await sink.send_bytes(message.data)
            elif message.type is WSMsgType.TEXT:
                await sink.send_str(message.data)
            else:
                return
    except (ConnectionError, aiohttp.ClientError, RuntimeError):
        return  # aiohttp raises RuntimeError where the sink closed meanwhile


def _code_of(side: _Socket) -> int:
    """The code that a side closed with, as far as it may be passed on (RFC 6455, 7.4)."""
    code = side.close_code
    if code is None or code in {WSCloseCode.ABNORMAL_CLOSURE, 1005, 1015}:
        return int(WSCloseCode.OK)
    return int(code)


def _headers(request: web.Request) -> dict[str, str]:
    return {name: request.headers[name] for name in _KEPT if name in request.headers}


async def _bounded(content: aiohttp.StreamReader, limit: int) -> bytes | None:
    """The whole body, or nothing when it is longer than the limit."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > limit:
            return None
    return bytes(body)


def _unreachable() -> web.Response:
    return web.Response(status=HTTPStatus.BAD_GATEWAY, headers={**CORS, "Retry-After": "2"})
