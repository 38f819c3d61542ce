"""Which layer of which track a receiver gets out of a budget. Pure; who speaks and what is wanted is given.

Everybody is seen before anybody is seen better: first the lowest layer of all in the order of rank, then the
first rank up to what is wanted of it, then the next; tracks of one rank rise in turn. Sound is no part of it: it is
taken off the budget before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

_RAISE: Final = 1.06
"""A layer above the present one must fit with this much to spare: bitrates of layers are measured ones and vary."""

_KEEP: Final = 0.97
"""A layer that is being sent is kept while it exceeds its share by no more than this."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One video track as one receiver wants it.

    `rank`: 0 the speaker, 1 a shared screen, 2 others (smaller is served first). `layers`: (quality, bit/s on the
    line), ascending, those that the publisher sends or could send. `at_most`: the highest quality wanted, -1 none.
    """

    track: str
    rank: int
    layers: tuple[tuple[int, float], ...]
    at_most: int = 2

    def choices(self) -> tuple[tuple[int, float], ...]:
        return tuple(layer for layer in self.layers if layer[0] <= self.at_most)

    def bitrate(self, quality: int | None) -> float:
        """Bit/s of a layer, 0 for a paused one and for one that is gone."""
        return next((bitrate for own, bitrate in self.layers if own == quality), 0.0)


Qualities = Mapping[str, int | None]


def allocate(budget_bps: float, tracks: Sequence[Wanted], previous: Qualities) -> dict[str, int | None]:
    """Qualities by track, None for a paused picture. `previous` gives hysteresis: staying is cheaper than rising."""
    order = sorted(tracks, key=lambda wanted: (wanted.rank, previous.get(wanted.track) is None))
    dealt = _Deal(budget_bps, previous)
    for wanted in order:
        dealt.step(wanted)
    for _, rank in groupby(order, key=lambda wanted: wanted.rank):
        rising = [wanted for wanted in rank if dealt.steps.get(wanted.track)]
        while rising:
            rising = [wanted for wanted in rising if dealt.step(wanted)]
    return {wanted.track: dealt.quality(wanted) for wanted in tracks}


class _Deal:
    def __init__(self, budget: float, previous: Qualities) -> None:
        self.left = budget
        self.previous = previous
        self.steps: dict[str, int] = {}

    def step(self, wanted: Wanted) -> bool:
        """One layer up, if there is one and it fits."""
        choices, taken = wanted.choices(), self.steps.get(wanted.track, 0)
        if taken >= len(choices):
            return False
        price = self._price(wanted, choices[taken]) - (self._price(wanted, choices[taken - 1]) if taken else 0.0)
        if price > self.left:
            return False
        self.left -= price
        self.steps[wanted.track] = taken + 1
        return True

    def _price(self, wanted: Wanted, layer: tuple[int, float]) -> float:
        quality, bitrate = layer
        before = self.previous.get(wanted.track)
        return bitrate * (_KEEP if before is not None and quality <= before else _RAISE)

    def quality(self, wanted: Wanted) -> int | None:
        taken = self.steps.get(wanted.track, 0)
        return wanted.choices()[taken - 1][0] if taken else None


def cost(tracks: Sequence[Wanted], qualities: Qualities) -> float:
    """Bit/s of these qualities, each clipped to what is wanted now."""
    return sum(_clipped(wanted, qualities.get(wanted.track)) for wanted in tracks)


def _clipped(wanted: Wanted, quality: int | None) -> float:
    if quality is None:
        return 0.0
    return max((bitrate for own, bitrate in wanted.choices() if own <= quality), default=0.0)


def cost_of_all(tracks: Sequence[Wanted]) -> float:
    """Bit/s with which everything wanted could be raised."""
    return sum(wanted.choices()[-1][1] for wanted in tracks if wanted.choices()) * _RAISE


def cost_of_next(tracks: Sequence[Wanted], qualities: Qualities) -> float | None:
    """Bit/s with which the cheapest step up could be taken; None when everything wanted is had."""
    steps = [_next_step(wanted, qualities.get(wanted.track)) for wanted in tracks]
    risen = [step for step in steps if step is not None]
    return cost(tracks, qualities) + min(risen) if risen else None


def _next_step(wanted: Wanted, quality: int | None) -> float | None:
    above = [bitrate for own, bitrate in wanted.choices() if quality is None or own > quality]
    return above[0] * _RAISE - _clipped(wanted, quality) if above else None
