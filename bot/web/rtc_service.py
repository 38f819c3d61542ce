"""The token service for clients, below `/livekit/jwt`: they show an OpenID token of their homeserver.

Bounds what a stranger may send and how often; leaves the decision to `bot.web.rtc_issuing`. Nothing is logged.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.config.settings import TOKEN_PATH
from bot.domain.allowance import Limits
from bot.web.clients import Turnstile, address_of
from bot.web.headers import CORS
from bot.web.rtc_http import NO_SUCH, NO_SUCH_METHOD, TOO_OFTEN, answered, badly_formed, body_of, or_unavailable
from bot.web.rtc_issuing import Answer, Issuing, Refused
from bot.web.rtc_requests import Bad, Vouched, plain_request, vouched_request

BY_ADDRESS = Limits(burst=300, per_minute=300)
"""A whole town hall has one address, and a client asks three or four times when it joins."""
BY_USER = Limits(burst=30, per_minute=30)

_Read = Callable[[Mapping[str, Any]], Vouched | Bad]


class TokenService:
    """The three addresses that clients ask."""

    def __init__(self, issuing: Issuing, clock: Callable[[], datetime], *, behind_proxy: bool) -> None:
        self._issuing = issuing
        self._behind_proxy = behind_proxy
        self._addresses = Turnstile(BY_ADDRESS, clock)
        self._users = Turnstile(BY_USER, clock)
        self._reads: Mapping[str, _Read] = {
            "sfu/get": plain_request,
            "get_token": vouched_request,
            "delegate_delayed_leave": lambda body: vouched_request(body, needs_delay=True),
        }

    def add_to(self, app: web.Application) -> None:
        app.router.add_route("*", TOKEN_PATH + "/{shape:.*}", self.handle)

    async def handle(self, request: web.Request) -> web.Response:
        """One request. Clients on any origin may read the answer."""
        if request.method == "OPTIONS":
            return web.Response(status=HTTPStatus.NO_CONTENT, headers=CORS)
        return answered(await self._answer(request), CORS)

    async def _answer(self, request: web.Request) -> Answer:
        shape = request.match_info["shape"]
        read = self._reads.get(shape)
        if read is None:
            return NO_SUCH
        if request.method != "POST":
            return NO_SUCH_METHOD
        if not self._addresses.lets_pass(address_of(request, behind_proxy=self._behind_proxy)):
            return TOO_OFTEN
        body = await body_of(request)
        if isinstance(body, Refused):
            return body
        asked = read(body)
        if isinstance(asked, Bad):
            return badly_formed(asked)
        return await or_unavailable(self._judged(asked, only_delegates=shape == "delegate_delayed_leave"))

    async def _judged(self, asked: Vouched, *, only_delegates: bool) -> Answer:
        user = await self._issuing.vouched(asked)
        if isinstance(user, Refused):
            return user
        if not self._users.lets_pass(user):
            return TOO_OFTEN
        return await (self._issuing.delegated if only_delegates else self._issuing.token)(asked, user)
