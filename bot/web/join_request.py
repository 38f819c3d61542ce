"""What a browser sends to the join page. It is hostile until read: each reader gives nothing for what it can't be."""

import asyncio
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from aiohttp import web

from bot.domain.conference import cleaned_name
from bot.domain.language import Language

COOKIE = "eahtari_visitor"
BODY_LIMIT = 2048
"""Bytes of a body; a name of sixty characters takes 720 of them when each is spelled out as JSON."""
BODY_PATIENCE_S = 10.0

_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,128}")
_VISITOR = re.compile(r"[A-Za-z0-9_-]{43}")

Json = Mapping[str, Any]


def language_of(of_link: Language, accepted: str) -> Language:
    """The link's; but Finnish is what a link has when nobody chose, and gives way to a browser that is in Swedish.

    A browser in English tells less: many in Finland have one. `accepted` is the header `Accept-Language`.
    """
    first = accepted.partition(",")[0].partition(";")[0].strip().lower()
    is_swedish = first == "sv" or first.startswith("sv-")
    return Language.SV if of_link is Language.FI and is_swedish else of_link


def digest_of(request: web.Request) -> str | None:
    """What is kept of the link's token; none where it can't be one."""
    token = request.match_info["token"]
    return sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else None


def visitor_of(request: web.Request) -> str | None:
    told = request.cookies.get(COOKIE, "")
    return told if _VISITOR.fullmatch(told) else None


async def body_of(request: web.Request) -> Json | None:
    """The one small object, or none."""
    if request.content_type != "application/json" or (request.content_length or 0) > BODY_LIMIT:
        return None
    raw = bytearray()
    try:
        async with asyncio.timeout(BODY_PATIENCE_S):
            async for chunk in request.content.iter_any():
                raw += chunk
                if len(raw) > BODY_LIMIT:
                    return None
        read = json.loads(raw)
    except (ValueError, RecursionError, TimeoutError):
        return None
    return read if isinstance(read, dict) else None


def name_in(body: Json) -> str:
    told = body.get("name")
    return cleaned_name(told) if isinstance(told, str) else ""


def language_in(body: Json) -> Language | None:
    told = body.get("language")
    return Language(told) if isinstance(told, str) and told in set(Language) else None
