"""Passes the client API through to the homeserver, bodies streamed both ways.

Leaves the judgement of paths to `bot.web.paths`. Nothing is logged: paths and bodies are people's.
"""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from http import HTTPStatus

import aiohttp
from aiohttp import web
from yarl import URL

from bot.web.clients import address_of
from bot.web.headers import CORS, from_client, from_homeserver

_CHUNK = 64 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=5, sock_read=180)
"""A long poll is silent for as long as the client asked, usually 30 s."""


class Proxy:
    """The homeserver behind the edge. `session` must not decompress."""

    def __init__(self, homeserver: str, scheme: str, body_limit: int, *, behind_proxy: bool) -> None:
        self._homeserver = homeserver.rstrip("/")
        self._scheme = scheme
        self._body_limit = body_limit
        self._behind_proxy = behind_proxy
        self._session: aiohttp.ClientSession | None = None

    async def context(self, _app: web.Application) -> AsyncIterator[None]:
        """The application's cleanup context: one pool of connections for its whole life."""
        connector = aiohttp.TCPConnector(limit=0)  # every waiting client holds a connection
        async with aiohttp.ClientSession(connector=connector, auto_decompress=False, timeout=_TIMEOUT) as session:
            self._session = session
            yield
            self._session = None

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One request. Refusals are Matrix errors with CORS headers, so that a web client can read them."""
        if request.headers.get("Content-Encoding", "identity") != "identity":
            return matrix_error(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "M_UNKNOWN", "Send the body uncompressed.")
        body = _Body(request, self._body_limit)
        if body.is_too_large:
            return _too_large()
        try:
            async with self._upstream(request, body) as answer:
                return await _streamed(request, answer)
        except (aiohttp.ClientError, TimeoutError):
            return _too_large() if body.is_too_large else _unavailable()

    def _upstream(self, request: web.Request, body: "_Body") -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        if self._session is None:
            raise RuntimeError("the proxy is used before the application has started")
        headers = from_client(request.headers.items())
        headers["X-Forwarded-For"] = address_of(request, behind_proxy=self._behind_proxy)
        headers["X-Forwarded-Proto"] = self._scheme
        return self._session.request(
            request.method,
            URL(self._homeserver + request.raw_path, encoded=True),
            headers=headers,
            data=body.chunks() if request.body_exists else None,
            allow_redirects=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )


class _Body:
    """A request's body that stops at the limit, also when it did not say its length."""

    def __init__(self, request: web.Request, limit: int) -> None:
        self._request = request
        self._limit = limit
        self.is_too_large = (request.content_length or 0) > limit

    async def chunks(self) -> AsyncIterator[bytes]:
        read = 0
        async for chunk in self._request.content.iter_chunked(_CHUNK):
            read += len(chunk)
            if read > self._limit:
                self.is_too_large = True
                raise ConnectionAbortedError("the body is too large")
            yield chunk


async def _streamed(request: web.Request, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    response = web.StreamResponse(
        status=answer.status, reason=answer.reason, headers=from_homeserver(answer.headers.items())
    )
    await response.prepare(request)
    try:
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
        await response.write_eof()
    except (aiohttp.ClientError, TimeoutError, ConnectionResetError):
        _cut_off(request)
    return response


def _cut_off(request: web.Request) -> None:
    """One side went away in mid-body: a closed connection tells the other that the body is not whole."""
    if request.transport is not None:
        request.transport.abort()


def matrix_error(status: HTTPStatus, code: str, words: str) -> web.Response:
    """A Matrix standard error response (Client-Server API, "Standard error response")."""
    return web.json_response({"errcode": code, "error": words}, status=status, headers=CORS)


def _too_large() -> web.Response:
    return matrix_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "M_TOO_LARGE", "The file is too large.")


def _unavailable() -> web.Response:
    response = matrix_error(HTTPStatus.BAD_GATEWAY, "M_UNKNOWN", "The homeserver does not answer; try again soon.")
    response.headers["Retry-After"] = "2"
    return response
