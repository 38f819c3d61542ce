"""What the two doors to tokens share: bounded bodies in, Matrix answers out. Nothing is logged."""

import asyncio
from collections.abc import Awaitable, Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.web.rtc_homeserver import UnavailableError
from bot.web.rtc_issuing import UNAVAILABLE, Answer, Granted, Refused
from bot.web.rtc_requests import BODY_LIMIT, Bad, json_object

_PATIENCE = 10.0
"""Seconds for a body to come."""
TOO_LARGE = Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "M_TOO_LARGE", "The request is too large.")
TOO_SLOW = Refused(HTTPStatus.REQUEST_TIMEOUT, "M_UNKNOWN", "The request did not come to its end.")
TOO_OFTEN = Refused(HTTPStatus.TOO_MANY_REQUESTS, "M_LIMIT_EXCEEDED", "Too many requests; wait a minute.")
NO_SUCH = Refused(HTTPStatus.NOT_FOUND, "M_UNRECOGNIZED", "There is nothing here.")
NO_SUCH_METHOD = Refused(HTTPStatus.METHOD_NOT_ALLOWED, "M_UNRECOGNIZED", "Use POST.")


async def body_of(request: web.Request) -> Mapping[str, Any] | Refused:
    """The request's JSON object, read no further than `BODY_LIMIT`."""
    if (request.content_length or 0) > BODY_LIMIT:
        return TOO_LARGE
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > BODY_LIMIT:
                    return TOO_LARGE
    except TimeoutError:
        return TOO_SLOW
    found = json_object(bytes(body))
    return badly_formed(found) if isinstance(found, Bad) else found


async def or_unavailable(answer: Awaitable[Answer]) -> Answer:
    """The answer, or 502 where a homeserver that was asked does not answer."""
    try:
        return await answer
    except UnavailableError:
        return UNAVAILABLE


def badly_formed(bad: Bad) -> Refused:
    return Refused(HTTPStatus.BAD_REQUEST, bad.code, bad.words)


def answered(answer: Answer, headers: Mapping[str, str]) -> web.Response:
    """As a response that nobody keeps a copy of."""
    kept = {**headers, "Cache-Control": "no-store"}
    if isinstance(answer, Granted):
        return web.json_response(answer.body, headers=kept)
    if answer.status is HTTPStatus.TOO_MANY_REQUESTS:
        kept["Retry-After"] = "60"
    return web.json_response({"errcode": answer.code, "error": answer.words}, status=answer.status, headers=kept)
