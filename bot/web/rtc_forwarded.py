"""The token requests that the own homeserver forwards (MSC4512).

They come from its own signed-in people, and from neighbours' homeservers, whose signatures it has checked. Only the
homeserver knows the token by which it is believed. Leaves the decision to `bot.web.rtc_issuing`.
"""

import hmac
import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus

from aiohttp import web

from bot.config.settings import FORWARDED_PATH
from bot.domain.allowance import Limits
from bot.web.clients import Turnstile
from bot.web.rtc_http import NO_SUCH, NO_SUCH_METHOD, TOO_OFTEN, answered, badly_formed, body_of, or_unavailable
from bot.web.rtc_issuing import Answer, Issuing, Refused
from bot.web.rtc_requests import Bad, forwarded_request, user_id
from bot.web.rtc_service import BY_USER

BY_SERVER = Limits(burst=300, per_minute=300)
_PATH = re.compile(
    r"/_matrix/(?P<side>client|federation)/(?:unstable/io\.element\.msc4195|v1)/rtc/livekit"
    r"/(?P<what>get_token|delegate_delayed_leave)"
)
_STRANGER = Refused(HTTPStatus.FORBIDDEN, "M_FORBIDDEN", "Only the homeserver may ask here.")


class ForwardedRequests:
    """Answers below `/livekit/forwarded`."""

    def __init__(self, issuing: Issuing, hs_token: str, clock: Callable[[], datetime]) -> None:
        self._issuing = issuing
        self._expected = f"Bearer {hs_token}".encode()
        self._users = Turnstile(BY_USER, clock)
        self._servers = Turnstile(BY_SERVER, clock)

    def add_to(self, app: web.Application) -> None:
        app.router.add_route("*", FORWARDED_PATH + "/{path:.*}", self.handle)

    async def handle(self, request: web.Request) -> web.Response:
        """One request; the homeserver adds the headers for clients on other origins."""
        return answered(await self._answer(request), {})

    async def _answer(self, request: web.Request) -> Answer:
        told = request.headers.get("Authorization", "").encode(errors="surrogateescape")
        if not hmac.compare_digest(told, self._expected):
            return _STRANGER
        path = _PATH.fullmatch(request.path.removeprefix(FORWARDED_PATH))
        if path is None:
            return NO_SUCH
        if request.method != "POST":
            return NO_SUCH_METHOD
        if path["side"] == "client":
            return await self._for_own_user(request, delegates=path["what"] == "delegate_delayed_leave")
        return await self._for_neighbour(request) if path["what"] == "get_token" else NO_SUCH

    async def _for_own_user(self, request: web.Request, *, delegates: bool) -> Answer:
        user = user_id(request.headers.get("X-Matrix-User-Identifier", ""))
        if user is None:
            return _STRANGER
        if not self._users.lets_pass(user):
            return TOO_OFTEN
        body = await body_of(request)
        if isinstance(body, Refused):
            return body
        asked = forwarded_request(body, needs_delay=delegates)
        if isinstance(asked, Bad):
            return badly_formed(asked)
        answer = self._issuing.delegated if delegates else self._issuing.for_own_user
        return await or_unavailable(answer(asked, user))

    async def _for_neighbour(self, request: web.Request) -> Answer:
        origin = request.headers.get("X-Matrix-Origin", "")
        if not origin or not self._servers.lets_pass(origin):
            return TOO_OFTEN if origin else _STRANGER
        body = await body_of(request)
        if isinstance(body, Refused):
            return body
        asked = forwarded_request(body, from_homeserver=True)
        if isinstance(asked, Bad):
            return badly_formed(asked)
        return await or_unavailable(self._issuing.for_foreign_user(asked, origin))
