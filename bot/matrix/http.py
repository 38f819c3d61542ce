"""One typed call of the client-server API, for what nio has no method for.

nio's own `send` adds no token and answers with a raw response. `call` adds the token, a time limit and the
reading of the answer. It leaves retries and pace to its callers: a refused call is a `MatrixError`.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp
import nio

JSON = dict[str, Any]

V3 = "/_matrix/client/v3"

TIMEOUT_S = 30.0
UPLOAD_TIMEOUT_S = 120.0

UNREACHABLE = "UNREACHABLE"
NOT_JSON = "NOT_JSON"

LONGEST_WAIT_MS = 3_600_000
"""The longest wait that a refusal may ask for."""

DEEPEST = 100
"""Levels of an answer that are read. Strangers' messages are passed on to us, and what Python does with a value
level by level (copying, checking, even reading) ends the work of everybody else where there are too many."""

# A string, ended or not, so that no text is read twice; or a bracket.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)

# The shape of an `errcode` ("Standard error response"); anything else could carry a person's data.
_ERRCODE = re.compile(r"[A-Z][A-Z0-9_.]{1,63}")
_SECONDS = re.compile(r"\d{1,9}", re.ASCII)


class MatrixError(Exception):
    """The homeserver refused a call, or could not be reached.

    `status` is the HTTP status, 0 where there was no answer. `errcode` is the specification's code, or one
    of this module's `UNREACHABLE` and `NOT_JSON`. `retry_after_ms` is what a 429 asks for, an hour at the most.
    The text of the exception holds nothing else: neither a path nor the server's words, which can name a person.
    Code and wait may be given as the server said them: what is not sound becomes `M_UNKNOWN` and none.
    """

    def __init__(self, status: int, errcode: object, retry_after_ms: object = None) -> None:
        self.status = status
        self.errcode = errcode if isinstance(errcode, str) and _ERRCODE.fullmatch(errcode) else "M_UNKNOWN"
        self.retry_after_ms = _wait(retry_after_ms)
        super().__init__(f"homeserver answered {status} {self.errcode}" if status else f"homeserver {self.errcode}")


def segment(name: str) -> str:
    """One segment of a path: Matrix ids hold characters that a path gives a meaning to."""
    return quote(name, safe="")


async def call(
    client: nio.AsyncClient,
    method: str,
    path: str,
    body: Mapping[str, Any] | None = None,
    *,
    timeout_s: float = TIMEOUT_S,
) -> JSON:
    """Sends one request as the client's account and gives the answer's JSON object.

    `path` is the whole path from `/_matrix` or `/_synapse` on, its segments quoted. Raises `MatrixError`,
    also when there is no answer within `timeout_s` seconds; a cancellation passes through.
    """
    try:
        async with asyncio.timeout(timeout_s):
            return await _exchange(client, method, path, None if body is None else json.dumps(body).encode(), timeout_s)
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise MatrixError(0, UNREACHABLE) from None  # the cause would print the path, and so a Matrix id


async def upload(client: nio.AsyncClient, path: str, data: bytes, media_type: str) -> JSON:
    """Sends octets as they are; else as `call`."""
    try:
        async with asyncio.timeout(UPLOAD_TIMEOUT_S):
            return await _exchange(client, "POST", path, data, UPLOAD_TIMEOUT_S, media_type=media_type)
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise MatrixError(0, UNREACHABLE) from None  # the cause would print the path, and so a file's name


async def heard(answer: Awaitable[Any]) -> Any:
    """The answer of a call that nio makes. Raises `MatrixError`, also for what nio returns as an error's value."""
    try:
        found = await answer
    except (aiohttp.ClientError, TimeoutError, OSError):
        raise MatrixError(0, UNREACHABLE) from None  # the cause would print the path, and so a Matrix id
    if isinstance(found, nio.ErrorResponse):
        status = getattr(found.transport_response, "status", 0)
        raise MatrixError(status, found.status_code or UNREACHABLE, found.retry_after_ms)
    return found


async def _exchange(
    client: nio.AsyncClient,
    method: str,
    path: str,
    data: bytes | None,
    timeout_s: float,
    *,
    media_type: str = "application/json",
) -> JSON:
    limit = aiohttp.ClientTimeout(total=timeout_s)
    answer = await client.send(method, path, data, _headers(client, media_type), timeout=limit)
    async with answer:
        return _read(answer.status, await answer.read(), answer.headers.get("Retry-After"))


def _headers(client: nio.AsyncClient, media_type: str) -> dict[str, str]:
    headers = {"Content-Type": media_type, **(client.config.custom_headers or {})}
    if client.access_token:
        headers["Authorization"] = f"Bearer {client.access_token}"
    return headers


def _read(status: int, raw: bytes, after: str | None = None) -> JSON:
    try:
        found = json.loads(_bounded(raw))
    except ValueError:
        raise MatrixError(status, NOT_JSON) from None
    if not isinstance(found, dict):
        raise MatrixError(status, NOT_JSON)
    if status >= 300:  # noqa: PLR2004 -- the border of success in RFC 9110 section 15
        raise MatrixError(status, found.get("errcode"), found.get("retry_after_ms", _milliseconds(after)))
    return found


def _bounded(raw: bytes) -> bytes:
    """The JSON text with `null` in the place of everything that is nested deeper than `DEEPEST`."""
    if raw.count(b"{") + raw.count(b"[") <= DEEPEST:
        return raw
    kept, start, depth = bytearray(), 0, 0
    for token in _TOKEN.finditer(raw):
        if token[0] in b"{[":
            depth += 1
            if depth == DEEPEST + 1:
                kept += raw[start : token.start()] + b"null"
        elif token[0] in b"}]":
            if depth == DEEPEST + 1:
                start = token.end()
            depth -= 1
    return bytes(kept + raw[start:])


def _milliseconds(after: str | None) -> int | None:
    """The header `Retry-After` in whole seconds, which replaces the body's field (MSC4041)."""
    return int(after) * 1000 if after is not None and _SECONDS.fullmatch(after) else None


def _wait(asked: object) -> int | None:
    if not isinstance(asked, int) or isinstance(asked, bool) or asked < 0:
        return None
    return min(asked, LONGEST_WAIT_MS)
