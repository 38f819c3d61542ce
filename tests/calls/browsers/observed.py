"""What a participant sees, hears and sends at one moment, as his page measured it (`page/senses.mjs`)."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Picture:
    """One video track that comes in; `played` tells whether any element shows it.

    `frozen` is in seconds; `identity` is known to livekit-client's page only.
    """

    track: str
    identity: str
    played: bool
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
    """One audio track that comes in; `played` tells whether it can be heard.

    `level` is of its loudest frequency, in dBFS; samples are counted at 48 kHz.
    """

    track: str
    identity: str
    played: bool
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


def meets(others: Collection[int]) -> Callable[[Observation], bool]:
    """Whether just these are seen and heard."""
    return lambda now: now.seen == now.heard == set(others)


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
    sounds = [
        f"{one.identity or '?'} {one.whose} {one.level:.0f} dB, {'played' if one.played else 'not played'}"
        f", got {one.packets}, lost {one.lost}"
        for one in seen.sounds
    ]
    layers = [f"{one.kind}{one.rid} {one.height} sent {one.frames or one.packets}" for one in seen.layers if one.active]
    return f"pictures {pictures}, sounds {sounds}, sends {layers}, {dict(seen.rest)}"


def _picture(one: Mapping[str, Any]) -> Picture:
    return Picture(
        track=one["track"],
        identity=one.get("identity", ""),
        played=one["played"],
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
        played=one["played"],
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
