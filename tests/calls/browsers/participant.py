"""A participant in a browser: what he sends is told apart from what the others send, and what he gets is measured.

Everybody has a number, and by it a colour, a tone and a frame counter (`page/senses.mjs`). `whose` is such a number
as it was read from the decoded picture or heard in the decoded sound, never as anybody's signalling claims.
"""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.calls.browsers.chromium import Page
from tests.calls.browsers.observed import Observation, observation, told


@dataclass(frozen=True, slots=True)
class Camera:
    """What a participant's camera gives: pixels and frames a second."""

    width: int = 640
    height: int = 360
    frames: int = 15


class Watched:
    """A page whose peer connections are measured, whatever program made them."""

    def __init__(self, number: int, page: Page) -> None:
        self.number = number
        self.page = page

    async def observe(self) -> Observation:
        return observation(await self.page.run("() => window.senses.measure()"))

    async def until(self, holds: Callable[[Observation], bool], *, within: float = 15.0) -> Observation:
        """The first observation of which it holds. Raises AssertionError with the last one, told in short."""
        end = time.monotonic() + within
        while not holds(now := await self.observe()):
            if time.monotonic() > end:
                raise AssertionError(f"participant {self.number} after {within:.0f} s: {told(now)}")
            await asyncio.sleep(0.25)
        return now

    async def stays(self, holds: Callable[[Observation], bool], *, seconds: float) -> Observation:
        """The last of the observations of `seconds`. Raises AssertionError at the first of which it does not hold."""
        begun = time.monotonic()
        while True:
            now = await self.observe()
            past = time.monotonic() - begun
            assert holds(now), f"participant {self.number} after {past:.1f} s: {told(now)}"
            if past >= seconds:
                return now
            await asyncio.sleep(0.25)

    async def close(self) -> None:
        await self.page.close()


class Participant(Watched):
    """A page with livekit-client."""

    def __init__(self, number: int, identity: str, page: Page) -> None:
        super().__init__(number, page)
        self.identity = identity

    async def join(self, url: str, token: str) -> float:
        """The seconds until livekit-client says that it is connected. Raises `BrowserError`."""
        return float(await self._call("join", {"url": url, "token": token}))

    async def observe(self) -> Observation:
        return observation(await self._call("observe"))

    async def microphone(self, *, on: bool) -> None:
        await self._call("microphone", on)

    async def camera(self, *, on: bool) -> None:
        await self._call("camera", on)

    async def screen(self, *, on: bool) -> None:
        await self._call("screen", on)

    async def data(self, text: str, *, topic: str = "", reliable: bool = True) -> None:
        """A data message to everybody."""
        await self._call("data", {"text": text, "topic": topic, "reliable": reliable})

    async def text(self, text: str, *, topic: str = "chat") -> None:
        """A text stream to everybody, as livekit-client sends chat."""
        await self._call("text", {"text": text, "topic": topic})

    async def leave(self) -> None:
        """As by the button; the page stays."""
        await self._call("leave")

    async def _call(self, name: str, argument: Any = None) -> Any:
        return await self.page.run(f"argument => window.call.{name}(argument)", argument)
