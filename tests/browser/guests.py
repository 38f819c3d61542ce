"""People who come by a link: the join page in Chromium, its door, and a media server behind it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from bot.calls.client import EngineClient
from bot.calls.journal import Journal
from bot.calls.livekit import LiveKitOrders
from bot.calls.orders import Orders
from bot.web.join_files import NOT_BUILT, built
from bot.web.media_tokens import MediaTokens
from tests.browser.pages import Chromium, Page
from tests.calls.browsers.media_server import livekit
from tests.support.call_engine import engine
from tests.support.join_desk import Link, Served, serving

ENGINES = ("own", "livekit")

SEEN = """async (name) => {
    const tile = [...document.querySelectorAll(".people .tile")].find((one) => one.innerText.includes(name));
    const video = tile?.querySelector("video");
    if (!video || video.hidden || !video.videoWidth) return 0;
    const before = video.getVideoPlaybackQuality().totalVideoFrames;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return video.getVideoPlaybackQuality().totalVideoFrames - before;
}"""
"""Frames of somebody's picture that were decoded within a second."""

HEARD = """async () => {
    const context = new AudioContext();
    await context.resume();
    let loudest = 0;
    for (const element of document.querySelectorAll("audio")) {
        if (!element.srcObject?.getAudioTracks().length) continue;
        const meter = new AnalyserNode(context, { fftSize: 2048 });
        context.createMediaStreamSource(element.srcObject).connect(meter);
        const samples = new Float32Array(meter.fftSize);
        for (let turn = 0; turn < 60; turn += 1) {
            await new Promise((resolve) => setTimeout(resolve, 50));
            meter.getFloatTimeDomainData(samples);
            loudest = Math.max(loudest, ...samples.map(Math.abs));
        }
    }
    await context.close();
    return loudest;
}"""
"""The highest amplitude of what came from the others within three seconds; the fake microphone beeps once a second."""

BLANK = """(name) => [...document.querySelectorAll(".people .tile")]
    .some((tile) => tile.innerText.includes(name) && !tile.classList.contains("has-picture"))"""
"""Whether somebody is there without a picture."""

MUTED = """(name) => [...document.querySelectorAll(".people .tile")]
    .some((tile) => tile.innerText.includes(name) && tile.querySelector(".muted:not([hidden])"))"""
"""Whether somebody is shown as without a microphone."""

FRAMES_A_SECOND = 5
AUDIBLE = 0.02
_TRIES = 30
_PAUSE_S = 0.5


@dataclass(frozen=True)
class Meeting:
    """A door into one conference; `orders` is the chair's hand."""

    door: Served
    orders: Orders
    media: Any
    room: str = "room"

    def link(self, **more: Any) -> Link:
        return self.door.desk.add(Link(**{"let_in": True, "room": self.room, **more}))

    def in_room(self, room: str) -> "Meeting":
        """The same door and media server, and another conference."""
        return replace(self, room=room)

    async def guest(self, chromium: Chromium, name: str, link: Link | None = None, **how: Any) -> "Guest":
        """Somebody whose page is open and who has not written a name yet."""
        link = link or self.link()
        page = await chromium.open(self.door.address(link), **how)
        await page.sees("Nimesi")
        return Guest(page, name, link)


@dataclass(frozen=True)
class Guest:
    page: Page
    name: str
    link: Link

    async def checks(self) -> None:
        await self.page.fill("#name", self.name)
        await self.page.press_button("Jatka")
        await self.page.sees("Soita merkkiääni")
        await self.page.until("() => !document.querySelector('.asking')")

    async def presses_join(self) -> None:
        await self.page.click(".joining button")

    async def comes_in(self) -> None:
        await self.checks()
        await self.presses_join()
        await self.is_in()

    async def is_in(self) -> None:
        await self.page.sees(f"{self.name} (sinä)")
        await self.page.until("() => document.querySelector('.count').innerText !== ''")

    async def sees(self, other: "Guest") -> None:
        """Their picture moves."""
        for _ in range(_TRIES):
            if await self.page.run(SEEN, other.name) >= FRAMES_A_SECOND:
                return
            await asyncio.sleep(_PAUSE_S)
        pytest.fail(f"{self.name} does not see {other.name}")

    async def does_not_see(self, other: "Guest") -> None:
        for _ in range(_TRIES):
            if await self.page.run(SEEN, other.name) == 0:
                return
            await asyncio.sleep(_PAUSE_S)
        pytest.fail(f"{self.name} still sees {other.name}")

    async def hears(self) -> None:
        loudest = 0.0
        for _ in range(_TRIES):
            loudest = max(loudest, await self.page.run(HEARD))
            if loudest > AUDIBLE:
                return
            await asyncio.sleep(_PAUSE_S)
        pytest.fail(f"{self.name} hears nothing: {loudest}")

    async def meets(self, other: "Guest") -> None:
        """Both see and hear each other."""
        await asyncio.gather(self.sees(other), other.sees(self))
        await asyncio.gather(self.hears(), other.hears())


@asynccontextmanager
async def meeting(kind: str, folder: Path) -> AsyncIterator[Meeting]:
    """A door and a media server: the project's own engine, or a LiveKit where there is one."""
    files = built()
    if files is None:
        pytest.fail(NOT_BUILT, pytrace=False)
    async with AsyncExitStack() as stack:
        media: Any
        if kind == "own":
            media = await stack.enter_async_context(engine(folder))
            orders: Any = await stack.enter_async_context(EngineClient(media.socket))
        else:
            media = await stack.enter_async_context(livekit(folder))
            journal = Journal(folder / "journal.db", now=time.time())
            address = media.url.replace("ws://", "http://")
            orders = await stack.enter_async_context(LiveKitOrders(address, media.key, media.secret, journal))
        tokens = MediaTokens(media.key, media.secret)
        served = await stack.enter_async_context(serving(files, tokens, media.url))
        yield Meeting(served, orders, media)
