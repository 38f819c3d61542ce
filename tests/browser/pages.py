"""Pages in a real Chromium with fake devices: playwright-core in a Node child (`pages.mjs`), driven from a test."""

import asyncio
import itertools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from tests.node.driver import NODE

MISSING = "Chromium is missing, so the page can't be looked at. Install it: apt-get install chromium"
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
    "--allow-loopback-in-peer-connection",  # a machine without a network has no other address
    "--auto-select-desktop-capture-source=Entire screen",
    "--auto-accept-this-tab-capture",
)
ALLOWED = ("--use-fake-ui-for-media-stream",)
"""Somebody who says yes when the browser asks for camera and microphone."""
REFUSED = ("--deny-permission-prompts",)
"""Somebody who says no."""

_PROGRAM = Path(__file__).with_name("pages.mjs")
_PATIENCE_S = 40.0
_LINE_LIMIT = 16 * 1024 * 1024


class PageError(Exception):
    """A command failed in the browser; the text names it and the reason."""


class Chromium:
    """One browser process. Use `async with Chromium() as chromium`."""

    def __init__(self, *flags: str) -> None:
        self._flags = [*FLAGS, *(flags or ALLOWED)]
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        executable = shutil.which("chromium")
        if executable is None:
            pytest.fail(MISSING, pytrace=False)
        self._process = await asyncio.create_subprocess_exec(
            NODE, _PROGRAM, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=_LINE_LIMIT
        )
        self._reader = asyncio.create_task(self._read(), name="the pages' answers")
        await self.do("launch", executable=executable, flags=self._flags)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        process = self._process
        if process is None or process.stdin is None:
            return
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 10)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reader is not None:
            await self._reader

    async def open(
        self,
        url: str,
        *,
        size: tuple[int, int] = (1280, 800),
        beside: "Page | None" = None,
        script: str = "",
        **options: Any,
    ) -> "Page":
        """A page in a profile of its own, or in the profile of the page `beside`; `options` are playwright's."""
        width, height = size
        settings = {"locale": "fi-FI", "timezoneId": "Europe/Helsinki", **options}
        order = {"url": url, "width": width, "height": height, "options": settings, "script": script}
        return Page(self, await self.do("open", **order, cookiesOf=beside.number if beside else None))

    async def do(self, command: str, **order: Any) -> Any:
        """One command of `pages.mjs`. Raises `PageError`, and TimeoutError."""
        if self._process is None or self._process.stdin is None:
            raise PageError(f"{command}: no browser runs")
        number = next(self._numbers)
        reply: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        self._process.stdin.write(json.dumps({"id": number, "do": command, **order}).encode() + b"\n")
        await self._process.stdin.drain()
        return await asyncio.wait_for(reply, 2 * _PATIENCE_S)

    async def _read(self) -> None:
        if self._process is None or self._process.stdout is None:
            return
        async for line in self._process.stdout:
            answer = json.loads(line)
            reply = self._waiting.pop(answer["id"])
            if reply.done():
                continue
            if "error" in answer:
                reply.set_exception(PageError(answer["error"]))
            else:
                reply.set_result(answer["result"])


@dataclass(frozen=True, slots=True)
class Page:
    browser: Chromium
    number: int

    async def run(self, code: str, argument: Any = None) -> Any:
        """What a function written in JavaScript gives."""
        return await self.browser.do("run", page=self.number, code=code, argument=argument)

    async def until(self, code: str, argument: Any = None, *, within: float = _PATIENCE_S) -> None:
        """Waits until a function written in JavaScript gives something true."""
        await self.browser.do("until", page=self.number, code=code, argument=argument, timeout=within * 1000)

    async def sees(self, text: str, *, within: float = _PATIENCE_S) -> None:
        """Waits until a text is to be read."""
        await self.until("(text) => document.body.innerText.includes(text)", text, within=within)

    async def click(self, selector: str) -> None:
        await self.browser.do("click", page=self.number, selector=selector, timeout=_PATIENCE_S * 1000)

    async def press_button(self, text: str) -> None:
        """The button with this text on it."""
        await self.click(f"button:visible:has-text({json.dumps(text, ensure_ascii=False)})")

    async def fill(self, selector: str, text: str) -> None:
        await self.browser.do("fill", page=self.number, selector=selector, text=text)

    async def key(self, *keys: str) -> None:
        for each in keys:
            await self.browser.do("press", page=self.number, key=each)

    async def type(self, text: str) -> None:
        await self.browser.do("type", page=self.number, text=text)

    async def resize(self, width: int, height: int) -> None:
        await self.browser.do("resize", page=self.number, width=width, height=height)

    async def screenshot(self, path: Path) -> None:
        await self.browser.do("screenshot", page=self.number, path=str(path))

    async def goto(self, url: str) -> None:
        await self.browser.do("goto", page=self.number, url=url)

    async def messages(self) -> list[str]:
        """Warnings and errors of the page's console, and errors that nothing caught."""
        return list((await self.browser.do("seen", page=self.number))["messages"])

    async def requests(self) -> list[str]:
        return list((await self.browser.do("seen", page=self.number))["requests"])

    async def offline(self, *, offline: bool) -> None:
        await self.browser.do("offline", page=self.number, offline=offline)

    async def close(self) -> None:
        await self.browser.do("close", page=self.number, whole=False)
