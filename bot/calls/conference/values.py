"""The values that go in and out of a conference."""

from dataclasses import dataclass, fields, replace
from enum import StrEnum

HIGHEST_QUALITY = 2
"""Simulcast qualities are 0, 1, 2, in LiveKit's words low, medium, high, by rid q, h, f."""


class TrackKind(StrEnum):
    AUDIO = "audio"
    VIDEO = "video"


class Source(StrEnum):
    MICROPHONE = "microphone"
    CAMERA = "camera"
    SCREEN_SHARE = "screen_share"
    SCREEN_SHARE_AUDIO = "screen_share_audio"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """None leaves a rule as it is."""

    locked: bool | None = None
    max_participants: int | None = None
    loudest: int | None = None
    last_n: int | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of one room. 0 means no limit."""

    locked: bool = False
    """Nobody new comes in; who was in it may come back."""
    max_participants: int = 0
    loudest: int = 5
    """So many voices are forwarded at a time."""
    last_n: int = 0
    """So many cameras are forwarded to a viewer, those of who spoke last; shared screens always."""

    def changed(self, change: PolicyChange) -> "Policy":
        given = {name.name: getattr(change, name.name) for name in fields(change)}
        return replace(self, **{name: value for name, value in given.items() if value is not None})


class Refusal(StrEnum):
    LOCKED = "locked"
    FULL = "full"
    REMOVED = "removed"
    """The token is from before the person was removed."""
    CLOSED = "closed"
    """The token is from before the room was closed."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """`replaces` is the sid of the person's earlier connection, which has left by this: end it."""

    sid: str
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    why: Refusal


@dataclass(frozen=True, slots=True)
class LayerFacts:
    """One simulcast layer; pixels, and bit/s as its publisher announced them."""

    quality: int
    width: int = 0
    height: int = 0
    bitrate: int = 0


@dataclass(frozen=True, slots=True)
class TrackFacts:
    """`sid` is the track's. A track without layers has one of quality 2."""

    sid: str
    kind: TrackKind
    source: Source
    layers: tuple[LayerFacts, ...] = ()
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Speaker:
    """`sid` is the participant's; `level` is linear, 0 to 1, smoothed."""

    sid: str
    level: float
    active: bool


@dataclass(frozen=True, slots=True)
class Present:
    """One participant as the staff is told. `publishes` holds "audio", "video", "screen"."""

    identity: str
    sid: str
    name: str
    role: str
    joined_at: float
    publishes: tuple[str, ...]
    muted: bool
    """No sound of the person is forwarded: by themselves, by the chair, or for want of a microphone."""
    speaking_s: float
    quality: str = "unknown"
