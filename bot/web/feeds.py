"""Private calendar feeds: whoever has the address, a random token, reads one person's appointments.

Leaves what is in a feed to whoever hands in the source. No token is logged or passed on; what is no token of anybody
is answered as what never was one.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import ETag, web

from bot.actions.calendars import FEEDS, Feed, digest_of
from bot.calendars.writing import MEDIA_TYPE, feed
from bot.domain.allowance import Limits
from bot.web.clients import Turnstile, address_of

Source = Callable[[str], Awaitable[Feed | None]]
"""The feed behind a token's digest."""

LIMITS = Limits(burst=60, per_minute=60)
"""For one address: servers that fetch calendars for many people ask for many."""

_HEADERS = {
    "Cache-Control": "private, no-cache",
    "X-Robots-Tag": "noindex, nofollow",
    "Content-Disposition": 'inline; filename="kalenteri.ics"',
}
_FORM = "1"
"""Changes with the way in which feeds are written, so that kept copies of an older one are not taken for current."""


def add_feeds(app: web.Application, source: Source, clock: Callable[[], datetime], *, behind_proxy: bool) -> None:
    """To be added before the pages."""
    feeds = _Feeds(source, clock, behind_proxy=behind_proxy)
    app.router.add_get(f"/{FEEDS}/{{token:[^/]+}}", feeds.handle)


class _Feeds:
    def __init__(self, source: Source, clock: Callable[[], datetime], *, behind_proxy: bool) -> None:
        self._source = source
        self._clock = clock
        self._behind_proxy = behind_proxy
        self._turnstile = Turnstile(LIMITS, clock)

    async def handle(self, request: web.Request) -> web.Response:
        if not self._turnstile.lets_pass(address_of(request, behind_proxy=self._behind_proxy)):
            return web.Response(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "60"})
        found = await self._source(digest_of(request.match_info["token"].removesuffix(".ics")))
        if found is None:
            return web.Response(status=HTTPStatus.NOT_FOUND, headers={"Cache-Control": "no-store"})
        now = self._clock()
        etag = _etag(found, now)
        if request.if_none_match and any(asked.value in (etag, "*") for asked in request.if_none_match):
            return _tagged(web.Response(status=HTTPStatus.NOT_MODIFIED, headers=_HEADERS), etag)
        body = await asyncio.to_thread(feed, found.entries, found.name, found.zone, now)
        return _tagged(web.Response(body=body, content_type=MEDIA_TYPE, charset="utf-8", headers=_HEADERS), etag)


def _etag(found: Feed, now: datetime) -> str:
    """Of what goes into the file, which is the same on one day of UTC; so an unchanged feed need not be written."""
    return hashlib.sha256(repr((_FORM, found, now.astimezone(UTC).date())).encode()).hexdigest()


def _tagged(response: web.Response, etag: str) -> web.Response:
    response.etag = ETag(etag)
    return response
