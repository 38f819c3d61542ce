"""A homeserver that fails on purpose: it answers what a test tells it to, and writes down what it was asked.

Only what Synapse can not be made to do is played here. What no rule names is answered as an idle homeserver would:
a sync is held as long as it may be and brings nothing, an event gets an id by its transaction.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from tests.support.ports import free_port
from tests.traps.hurried import now

JSON = dict[str, Any]
Handler = Callable[["Asked"], Awaitable["web.StreamResponse | JSON"]]

SERVICE = "@palvelu:localhost"
TOKEN = "token-of-the-service"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: `at` is in the loop's seconds, `path` is quoted as it came, without its query."""

    at: float
    method: str
    path: str
    query: Mapping[str, str]
    body: JSON


@dataclass
class _Rule:
    method: str
    path: re.Pattern[str]
    handler: Handler


@dataclass
class FaultyHomeserver:
    """An async context manager; stands at `url`."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._handle), handler_cancellation=True, shutdown_timeout=0.5)
        await self._runner.setup()
        port = free_port()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def on(self, method: str, path: str, handler: Handler) -> None:
        """Answers requests of this method whose path holds the pattern; later rules go first."""
        self._rules.insert(0, _Rule(method, re.compile(path), handler))

    def answers(
        self, method: str, path: str, *answers: "web.StreamResponse | JSON | Callable[[], web.Response]"
    ) -> None:
        """Gives the answers one after the other, the last one from then on."""
        left = list(answers)

        async def next_one(_: Asked) -> "web.StreamResponse | JSON":
            answer = left.pop(0) if len(left) > 1 else left[0]
            return answer() if callable(answer) else answer

        self.on(method, path, next_one)

    def calls(self, method: str, path: str) -> list[Asked]:
        return [asked for asked in self.asked if asked.method == method and re.search(path, asked.path)]

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.json() if request.can_read_body else {}
        asked = Asked(now(), request.method, request.raw_path.partition("?")[0], dict(request.query), body)
        self.asked.append(asked)
        for rule in self._rules:
            if rule.method == asked.method and rule.path.search(asked.path):
                answer = await rule.handler(asked)
                break
        else:
            answer = await _idle(asked)
        if isinstance(answer, Cut):
            return _cut_off(request)
        return web.json_response(answer) if isinstance(answer, dict) else answer


class Cut(web.Response):
    """No answer at all: the connection ends."""


def refused(status: int, errcode: str, **rest: object) -> Callable[[], web.Response]:
    return lambda: web.json_response({"errcode": errcode, "error": "no", **rest}, status=status)


def page(status: int) -> Callable[[], web.Response]:
    """What a reverse proxy says in the homeserver's place."""
    return lambda: web.Response(status=status, text="<html>Bad Gateway</html>", content_type="text/html")


async def _idle(asked: Asked) -> JSON | web.StreamResponse:
    if asked.path.endswith("/sync"):
        await asyncio.sleep(int(asked.query["timeout"]) / 1000)
        return {"next_batch": asked.query.get("since", "s0")}
    if "/send/" in asked.path:
        return {"event_id": "$" + asked.path.rpartition("/")[2]}
    if asked.path.endswith("/state/m.room.encryption"):
        return refused(404, "M_NOT_FOUND")()
    return {}


def _cut_off(request: web.BaseRequest) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
