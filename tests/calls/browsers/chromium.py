"""Chromium for the tests of calls: playwright-core in one Node child (`chromium.mjs`), several browsers and pages.

What a page does is its own business; here a page is a thing that takes functions in JavaScript and clicks.
"""

import asyncio
import itertools
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from bot.supervision.child import launch
from tests.node.driver import NODE

_PROGRAM = Path(__file__).with_name("chromium.mjs")
_LINE_LIMIT = 16 * 1024 * 1024
_PATIENCE_S = 60.0
_GRACE_S = 5.0

MISSING = "Chromium is missing, so no call can be looked at. Install it: apt-get install chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--allow-loopback-in-peer-connection",  # a machine without a network has no other address
)


class BrowserError(Exception):
    """A command failed; the text names the command and the library's reason."""


class Browsers:
    """The Node child. Use `async with Browsers() as browsers`; all browsers die with it."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        if shutil.which("chromium") is None:
            pytest.fail(MISSING, pytrace=False)
        self._process = await asyncio.create_subprocess_exec(
            *launch(str(NODE), str(_PROGRAM)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_LIMIT,
        )
        ready = self._expect(0)
        self._reader = asyncio.create_task(self._read(), name="the browsers' answers")
        await asyncio.wait_for(ready, _PATIENCE_S)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _GRACE_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reader is not None:
            await self._reader

    async def launch(self, *flags: str) -> "Browser":
        """A browser process of its own."""
        started = await self.do("launch", flags=[*FLAGS, *flags], executable=shutil.which("chromium"))
        return Browser(self, started["id"], started["pid"])

    async def do(self, command: str, *, within: float = _PATIENCE_S, **order: Any) -> Any:
        """One command of `chromium.mjs`. Raises `BrowserError`, and TimeoutError after `within` seconds."""
        if self._process is None or self._process.stdin is None:
            raise BrowserError(f"{command}: the browsers are not running")
        number = next(self._numbers)
        reply = self._expect(number)
        self._process.stdin.write(json.dumps({"id": number, "do": command, **order}).encode() + b"\n")
        await self._process.stdin.drain()
        return await asyncio.wait_for(reply, within)

    def _expect(self, number: int) -> asyncio.Future[Any]:
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        return reply

    async def _read(self) -> None:
        process = self._process
        if process is None or process.stdout is None:
            return
        async for line in process.stdout:
            self._settle(json.loads(line))
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(BrowserError("the browsers' driver ended"))

    def _settle(self, answer: dict[str, Any]) -> None:
        reply = self._waiting.pop(answer["id"], None)
        if reply is None or reply.done():
            return
        if "error" in answer:
            reply.set_exception(BrowserError(answer["error"]))
        else:
            reply.set_result(answer["result"])


@dataclass
class Browser:
    """One browser process; `pid` is its main process."""

    driver: Browsers
    number: int
    pid: int

    async def open(self, url: str, *, script: str = "", width: int = 800, height: int = 600) -> "Page":
        """A page in a profile of its own; `script` runs in each of its documents before anything else does."""
        opened = await self.driver.do("open", browser=self.number, url=url, script=script, width=width, height=height)
        return Page(self.driver, opened["id"])

    async def kill(self) -> None:
        """SIGKILL: the others are told nothing."""
        await self.driver.do("kill", browser=self.number)

    async def quit(self) -> None:
        await self.driver.do("quit", browser=self.number)


@dataclass
class Page:
    """One page, or with `frame` one of its frames, named by a part of its address."""

    driver: Browsers
    number: int
    frame: str = ""
    is_open: bool = field(default=True, init=False)

    def within(self, frame: str) -> "Page":
        return Page(self.driver, self.number, frame)

    async def run(self, function: str, argument: Any = None, *, within: float = _PATIENCE_S) -> Any:
        """Calls a function written in JavaScript and gives what it (or its promise) returns."""
        order = {"page": self.number, "frame": self.frame, "function": function, "argument": argument}
        return await self.driver.do("evaluate", within=within, **order)

    async def click(self, selector: str, *, within: float = 20.0) -> None:
        order = {"page": self.number, "frame": self.frame, "selector": selector, "timeout": round(within * 1000)}
        await self.driver.do("click", within=within + 5, **order)

    async def resize(self, width: int, height: int) -> None:
        await self.driver.do("resize", page=self.number, width=width, height=height)

    async def screenshot(self, path: Path) -> None:
        await self.driver.do("screenshot", page=self.number, path=str(path))

    async def messages(self) -> list[str]:
        """What the page wrote to its console, and errors that nothing caught."""
        return list(await self.driver.do("messages", page=self.number))

    async def close(self) -> None:
        """As a person closes a tab; it may be called twice."""
        if self.is_open:
            self.is_open = False
            await self.driver.do("close", page=self.number)
