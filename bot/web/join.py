"""The way into one conference for somebody without an account: `/k/<token>`, a page and what it asks.

Who may come in is decided behind `Doorkeeper`; here are the browser's side of it, and a media token for whoever was
let in. The link's token is in no log and no header that leaves the site. What a browser sends is one small object, from
this very page, or it is refused. A browser is known by a random name in a cookie that only this link's path gets.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Protocol, assert_never
from urllib.parse import urlsplit

from aiohttp import web

from bot.actions.conference_door import Door, DoorState, Entrance, InUse, Let, Turned, Waiting
from bot.domain.allowance import Limits
from bot.domain.language import Language, Text
from bot.text import join_words
from bot.text.conference_words import LINK_CANCELLED
from bot.web.clients import Turnstile, address_of
from bot.web.join_files import JoinFiles, add_files
from bot.web.join_page import page, page_headers, plain_headers, plain_page
from bot.web.join_request import COOKIE, Json, body_of, digest_of, language_in, language_of, name_in, visitor_of
from bot.web.media_tokens import LIFETIME

PATH = "k"
COOKIE_LIVES = timedelta(days=1)
COMING = Limits(burst=60, per_minute=60)
"""Opening the page and entering, for one address."""
ASKING = Limits(burst=600, per_minute=600)
"""A page in the waiting room asks every two seconds, and a household or a library has one address."""

HANDS = Limits(burst=1, per_minute=1)
"""Raised hands of one browser that are told in chat."""

_TOO_MANY = {"Retry-After": "60", "Cache-Control": "no-store"}


class Doorkeeper(Protocol):
    """`bot.actions.conference_door`, each function in a transaction of its own and at the present time."""

    async def look(self, digest: str) -> Door | None: ...

    async def enter(self, digest: str, *, visitor: str, name: str, language: Language, take_over: bool) -> Entrance: ...

    async def status(self, digest: str, *, visitor: str) -> Entrance: ...

    async def leave(self, digest: str, *, visitor: str) -> None: ...

    async def hand(self, digest: str, *, visitor: str) -> None:
        """Raised; `bot.actions.conference_hands`."""


class Tokens(Protocol):
    """What issues media tokens: `bot.web.media_tokens.MediaTokens`."""

    def issue(
        self,
        *,
        room: str,
        identity: str,
        name: str = "",
        role: str = "member",
        can_publish: bool = True,
        ttl: timedelta = LIFETIME,
    ) -> str: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """What the way in has to know."""

    doorkeeper: Doorkeeper
    tokens: Tokens
    media_url: str
    """Where clients find the media, such as `wss://asiointi.example.fi/livekit/sfu`."""
    public_address: str
    files: JoinFiles | None
    """None: the page was not built, and says so."""
    clock: Callable[[], datetime]
    behind_proxy: bool = False


def add_join(app: web.Application, entry: Entry) -> None:
    """To be added before the pages."""
    join = _Join(entry)
    link = f"/{PATH}/{{token:[^/]+}}"
    app.router.add_get(link, join.show)
    app.router.add_post(f"{link}/enter", join.enter)
    app.router.add_post(f"{link}/status", join.status)
    app.router.add_post(f"{link}/token", join.status)
    app.router.add_post(f"{link}/hand", join.hand)
    app.router.add_post(f"{link}/leave", join.leave)
    if entry.files is not None:
        add_files(app, entry.files)


class _Join:
    def __init__(self, entry: Entry) -> None:
        self._entry = entry
        self._keeper = entry.doorkeeper
        self._origin = _origin(entry.public_address)
        self._coming = Turnstile(COMING, entry.clock)
        self._asking = Turnstile(ASKING, entry.clock)
        self._hands = Turnstile(HANDS, entry.clock)

    async def show(self, request: web.Request) -> web.Response:
        if not self._lets_pass(request, self._coming):
            return _plain(HTTPStatus.TOO_MANY_REQUESTS, join_words.BUSY_TITLE, join_words.BUSY, headers=_TOO_MANY)
        digest = digest_of(request)
        door = None if digest is None else await self._keeper.look(digest)
        if door is None:
            return _plain(HTTPStatus.NOT_FOUND, join_words.UNKNOWN_TITLE, join_words.UNKNOWN)
        match door.state:
            case DoorState.CLOSED:
                return _plain(HTTPStatus.GONE, join_words.CLOSED_TITLE, join_words.CLOSED)
            case DoorState.CANCELLED:
                return _plain(HTTPStatus.GONE, join_words.CANCELLED_TITLE, LINK_CANCELLED)
            case DoorState.TOO_EARLY:
                return _plain(HTTPStatus.OK, join_words.EARLY_TITLE, join_words.EARLY, door.when)
            case DoorState.OPEN:
                return self._page(door, request)
        assert_never(door.state)

    async def enter(self, request: web.Request) -> web.Response:
        return await self._answer(request, self._coming, self._enter)

    async def status(self, request: web.Request) -> web.Response:
        """Serves `token` as well: whoever is in gets a media token with each answer, and asks rarely."""
        return await self._answer(request, self._asking, self._status)

    async def hand(self, request: web.Request) -> web.Response:
        """Answered alike whether it is told in chat or was told a moment ago."""
        return await self._answer(request, self._asking, self._hand)

    async def leave(self, request: web.Request) -> web.Response:
        return await self._answer(request, self._asking, self._leave)

    async def _answer(
        self,
        request: web.Request,
        turnstile: Turnstile,
        handle: Callable[[web.Request, str, Json], Awaitable[web.Response]],
    ) -> web.Response:
        if not self._is_own_page(request):
            return _json({"state": "refused"}, HTTPStatus.FORBIDDEN)
        if not self._lets_pass(request, turnstile):
            return _json({"state": "busy"}, HTTPStatus.TOO_MANY_REQUESTS, _TOO_MANY)
        body = await body_of(request)
        if body is None:
            return _json({"state": "refused"}, HTTPStatus.BAD_REQUEST)
        digest = digest_of(request)
        if digest is None:
            return _entrance(Turned(join_words.UNKNOWN))
        return await handle(request, digest, body)

    async def _enter(self, request: web.Request, digest: str, body: Json) -> web.Response:
        name, language = name_in(body), language_in(body)
        if not name or language is None:
            return _json({"state": "refused"}, HTTPStatus.BAD_REQUEST)
        visitor = visitor_of(request) or secrets.token_urlsafe(32)
        entrance = await self._keeper.enter(
            digest, visitor=visitor, name=name, language=language, take_over=body.get("take_over") is True
        )
        answer = self._entrance(entrance)
        if not isinstance(entrance, Turned):
            self._remember(request, answer, visitor)
        return answer

    async def _status(self, request: web.Request, digest: str, _: Json) -> web.Response:
        visitor = visitor_of(request)
        if visitor is None:
            return _json({"state": "unknown"})
        return self._entrance(await self._keeper.status(digest, visitor=visitor))

    async def _hand(self, request: web.Request, digest: str, _: Json) -> web.Response:
        visitor = visitor_of(request)
        if visitor is not None and self._hands.lets_pass(f"{digest} {visitor}"):
            await self._keeper.hand(digest, visitor=visitor)
        return _json({"state": "heard"})

    async def _leave(self, request: web.Request, digest: str, _: Json) -> web.Response:
        visitor = visitor_of(request)
        if visitor is not None:
            await self._keeper.leave(digest, visitor=visitor)
        return _json({"state": "left"})

    def _entrance(self, entrance: Entrance) -> web.Response:
        if not isinstance(entrance, Let):
            return _entrance(entrance)
        lasts = min(LIFETIME, entrance.until - self._entry.clock())
        if lasts < timedelta(seconds=1):
            return _entrance(Turned(join_words.CLOSED))
        token = self._entry.tokens.issue(
            room=entrance.room, identity=entrance.identity, name=entrance.name, role=entrance.role, ttl=lasts
        )
        media = {"url": self._entry.media_url, "token": token, "lasts_s": int(lasts.total_seconds())}
        return _json({"state": "let", "name": entrance.name, "media": media, "has_word": entrance.has_word})

    def _page(self, door: Door, request: web.Request) -> web.Response:
        if self._entry.files is None:
            return _plain(HTTPStatus.SERVICE_UNAVAILABLE, join_words.NOT_BUILT_TITLE, join_words.NOT_BUILT)
        language = language_of(door.language, request.headers.get("Accept-Language", ""))
        text, headers = page(door, language, self._entry.files), page_headers(self._entry.media_url)
        answer = web.Response(text=text, content_type="text/html", charset="utf-8", headers=headers)
        answer.enable_compression()
        return answer

    def _remember(self, request: web.Request, answer: web.Response, visitor: str) -> None:
        """Never when the page is opened: out of a message a browser opens it without its cookies (RFC 6265bis, 5.2)."""
        answer.set_cookie(
            COOKIE,
            visitor,
            path=f"/{PATH}/{request.match_info['token']}",
            max_age=int(COOKIE_LIVES.total_seconds()),
            httponly=True,
            samesite="Strict",
            secure=self._origin.startswith("https:"),
        )

    def _lets_pass(self, request: web.Request, turnstile: Turnstile) -> bool:
        return turnstile.lets_pass(address_of(request, behind_proxy=self._entry.behind_proxy))

    def _is_own_page(self, request: web.Request) -> bool:
        origin = request.headers.get("Origin", "")
        is_ours = origin == self._origin or origin.partition("://")[2] == request.host
        return is_ours and request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"


def _entrance(entrance: Waiting | InUse | Turned) -> web.Response:
    match entrance:
        case Waiting():
            return _json({"state": "waiting"})
        case InUse():
            return _json({"state": "in_use"})
        case Turned(reason):
            return _json({"state": "turned", "reason": join_words.spelled_out(reason)})
    assert_never(entrance)


def _json(what: Json, status: HTTPStatus = HTTPStatus.OK, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response(what, status=status, headers=headers or {"Cache-Control": "no-store"})


def _plain(
    status: HTTPStatus, title: Text, text: Text, when: str | None = None, *, headers: Mapping[str, str] | None = None
) -> web.Response:
    html = plain_page(title, text, when)
    return web.Response(
        status=status,
        text=html,
        content_type="text/html",
        charset="utf-8",
        headers={**plain_headers(), **(headers or {})},
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
