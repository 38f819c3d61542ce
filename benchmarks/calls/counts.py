"""What a receiver keeps of each stream, and what it counts in a window of time."""

from collections.abc import Iterable
from dataclasses import dataclass, field

PICTURE, SOUND, REPAIR = "picture", "sound", "repair"


@dataclass(slots=True)
class Stream:
    """One SSRC. `missing`: sequence number to when it was found to be, and when last asked for."""

    ssrc: int
    kind: str
    highest: int
    shown_at: float
    numbered_at: int = 0
    cycles: int = 0
    broken: bool = False
    turn: int = 0
    report: tuple[int, float] | None = None
    reported: tuple[int, int] = (0, 0)
    packets: int = 1
    missing: dict[int, tuple[float, float]] = field(default_factory=dict)

    @property
    def extended(self) -> int:
        return self.cycles << 16 | self.highest


@dataclass(slots=True)
class Counts:
    """Of one window of time, all streams together. Seconds, but for `latencies_ms`."""

    packets: int = 0
    expected: int = 0
    lost: int = 0
    sound_lost: int = 0
    repaired: int = 0
    pictures: int = 0
    freezes: int = 0
    frozen_s: float = 0.0
    octets: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    shown: set[int] = field(default_factory=set)
    heard: set[int] = field(default_factory=set)
    """SSRCs of pictures and of sounds that came."""


def merged(parts: Iterable[Counts]) -> Counts:
    """The sum of several receivers' windows."""
    total = Counts()
    for part in parts:
        for name in ("packets", "expected", "lost", "sound_lost", "repaired", "pictures", "freezes", "octets"):
            setattr(total, name, getattr(total, name) + getattr(part, name))
        total.frozen_s += part.frozen_s
        total.latencies_ms += part.latencies_ms
    return total
