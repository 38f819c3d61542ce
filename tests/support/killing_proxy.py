"""A reverse proxy between the service and its homeserver that ends a process at a chosen moment of the talk.

A rule fires once. It names a request and what ends: a moment is either before the request is passed on, or after
its answer came and before that is passed back. The process is sent SIGKILL before anything else happens, so what
it had not written down by then it never will.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web
from yarl import URL

from tests.support.ports import free_port

_PASSED_ON = ("Authorization", "Content-Type")
_PATIENCE = aiohttp.ClientTimeout(total=60)


class Moment(Enum):
    BEFORE = auto()
    """The homeserver never sees the request."""
    AFTER = auto()
    """The homeserver answered it with success; the service never sees that."""


@dataclass
class Rule:
    """Fires at the first request whose method, path and bytes suit; `holding` is looked for in body and answer."""

    method: str
    path: re.Pattern[str]
    moment: Moment
    strike: Callable[[], None]
    holding: bytes = b""
    fired: asyncio.Event = field(default_factory=asyncio.Event)

    def suits(self, moment: Moment, request: web.BaseRequest, passed: bytes) -> bool:
        if self.fired.is_set() or moment is not self.moment or request.method != self.method:
            return False
        return self.holding in passed and self.path.search(request.raw_path) is not None


class KillingProxy:
    """An async context manager; stands at `url` before `target`."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._rules: list[Rule] = []
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=_PATIENCE)
        self._runner = web.ServerRunner(web.Server(self._handle), handler_cancellation=True, shutdown_timeout=0.5)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._session.close()

    def arm(self, method: str, path: str, moment: Moment, strike: Callable[[], None], holding: bytes = b"") -> Rule:
        """A new rule; `path` is a regular expression, `strike` kills."""
        rule = Rule(method, re.compile(path), moment, strike, holding)
        self._rules.append(rule)
        return rule

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.read()
        if self._strikes(Moment.BEFORE, request, body):
            return _cut_off(request)
        try:
            status, kind, answer = await self._forward(request, body)
        except aiohttp.ClientError:
            return _cut_off(request)
        if status < 300 and self._strikes(Moment.AFTER, request, body + answer):
            return _cut_off(request)
        return web.Response(status=status, body=answer, headers={"Content-Type": kind})

    def _strikes(self, moment: Moment, request: web.BaseRequest, passed: bytes) -> bool:
        rule = next((rule for rule in self._rules if rule.suits(moment, request, passed)), None)
        if rule is None:
            return False
        rule.strike()
        rule.fired.set()
        return True

    async def _forward(self, request: web.BaseRequest, body: bytes) -> tuple[int, str, bytes]:
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        url = URL(self._target + request.raw_path, encoded=True)
        async with self._session.request(request.method, url, data=body, headers=headers) as answer:
            return answer.status, answer.headers.get("Content-Type", "application/json"), await answer.read()


def _cut_off(request: web.BaseRequest) -> web.StreamResponse:
    """The connection ends as it does when the other side dies."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
