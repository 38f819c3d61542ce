"""A participant in a browser: what he sends is told apart from what the others send, and what he gets is measured.

Everybody has a number, and by it a colour, a tone and a frame counter (`page/senses.mjs`). `whose` is such a number
as it was read from the decoded picture or heard in the decoded sound, never as anybody's signalling claims.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.calls.browsers.chromium import Page


@dataclass(frozen=True, slots=True)
class Camera:
    """What a participant's camera gives: pixels and frames a second."""

    width: int = 640
    height: int = 360
    frames: int = 15


@dataclass(frozen=True, slots=True)
class Picture:
    """One video track that comes in. `frozen` is in seconds; `identity` is known to livekit-client's page only."""

    track: str
    identity: str
    whose: int | None
    screen: bool
    count: int
    decoded: int
    fps: float
    width: int
    height: int
    freezes: int
    frozen: float
    packets: int
    lost: int


@dataclass(frozen=True, slots=True)
class Sound:
    """One audio track that comes in. `level` is of its loudest frequency, in dBFS; samples are counted at 48 kHz."""

    track: str
    identity: str
    whose: int | None
    level: float
    packets: int
    lost: int
    samples: int
    concealed: int


@dataclass(frozen=True, slots=True)
class Layer:
    """One encoding that goes out: frames and packets sent so far."""

    kind: str
    rid: str
    active: bool
    height: int
    frames: int
    packets: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Observation:
    """All of it at one moment; `at` is the page's clock in seconds. `rest` is what the page itself tells."""

    at: float
    pictures: tuple[Picture, ...]
    sounds: tuple[Sound, ...]
    layers: tuple[Layer, ...]
    rest: Mapping[str, Any]

    @property
    def seen(self) -> set[int]:
        """Whose cameras are seen."""
        return {one.whose for one in self.pictures if one.whose is not None and not one.screen}

    @property
    def screens(self) -> set[int]:
        """Whose screens are seen."""
        return {one.whose for one in self.pictures if one.whose is not None and one.screen}

    @property
    def heard(self) -> set[int]:
        """Whose tones are heard."""
        return {one.whose for one in self.sounds if one.whose is not None}

    def picture(self, whose: int) -> Picture | None:
        """Somebody's camera, the one of the most frames where two streams of him are there."""
        found = [one for one in self.pictures if one.whose == whose and not one.screen]
        return max(found, key=lambda one: one.decoded, default=None)

    def sound(self, whose: int) -> Sound | None:
        return next((one for one in self.sounds if one.whose == whose), None)

    @property
    def others(self) -> set[str]:
        """The identities that livekit-client knows of."""
        return {other["identity"] for other in self.rest.get("others", ())}


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


def observation(raw: Mapping[str, Any]) -> Observation:
    incoming = raw["incoming"]
    return Observation(
        at=raw["at"],
        pictures=tuple(_picture(one) for one in incoming if one["kind"] == "video"),
        sounds=tuple(_sound(one) for one in incoming if one["kind"] == "audio"),
        layers=tuple(_layer(one) for one in raw["outgoing"]),
        rest={name: raw[name] for name in raw if name not in {"at", "incoming", "outgoing"}},
    )


def told(seen: Observation) -> str:
    """An observation in a line that fits into a failure's report."""
    pictures = [
        f"{one.identity or '?'} {one.whose}{' screen' if one.screen else ''} {one.width}x{one.height}"
        f" at {one.fps:.0f}, decoded {one.decoded}, froze {one.freezes}, lost {one.lost}"
        for one in seen.pictures
    ]
    sounds = [f"{one.identity or '?'} {one.whose} {one.level:.0f} dB, lost {one.lost}" for one in seen.sounds]
    layers = [f"{one.kind}{one.rid} {one.height} sent {one.frames or one.packets}" for one in seen.layers if one.active]
    return f"pictures {pictures}, sounds {sounds}, sends {layers}, {dict(seen.rest)}"


def _picture(one: Mapping[str, Any]) -> Picture:
    return Picture(
        track=one["track"],
        identity=one.get("identity", ""),
        whose=one["whose"],
        screen=one.get("screen", False),
        count=one.get("count", 0),
        decoded=one["decoded"],
        fps=one["fps"],
        width=one["width"],
        height=one["height"],
        freezes=one["freezes"],
        frozen=one["frozen"],
        packets=one["packets"],
        lost=one["lost"],
    )


def _sound(one: Mapping[str, Any]) -> Sound:
    return Sound(
        track=one["track"],
        identity=one.get("identity", ""),
        whose=one["whose"],
        level=one["level"],
        packets=one["packets"],
        lost=one["lost"],
        samples=one["samples"],
        concealed=one["concealed"],
    )


def _layer(one: Mapping[str, Any]) -> Layer:
    return Layer(
        kind=one["kind"],
        rid=one["rid"],
        active=one["active"],
        height=one["height"],
        frames=one["frames"],
        packets=one["packets"],
        bytes=one["bytes"],
    )
