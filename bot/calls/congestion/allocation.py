"""Which layer of which track a receiver gets out of a budget. Pure; who speaks and what is wanted is given.

Everybody is seen before anybody is seen better: first the lowest layer of all in the order of rank, then the
first rank up to what is wanted of it, then the next; tracks of one rank rise in turn. Sound is no part of it: it is
taken off the budget before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

_RAISE: Final = 1.04
"""Layers that are not being sent must fit with this much to spare: bitrates are measured ones and vary."""

KEEP: Final = 0.93
"""Layers that are being sent are kept while they take no more than the budget by this measure."""


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

    def clipped(self, quality: int | None) -> int | None:
        """The best layer there is up to this quality and to what is wanted; None without one."""
        if quality is None:
            return None
        return max((own for own, _ in self.choices() if own <= quality), default=None)

    def bitrate(self, quality: int | None) -> float:
        """Bit/s of what is sent at this quality; 0 for a paused picture."""
        sent = self.clipped(quality)
        return next((bitrate for own, bitrate in self.layers if own == sent), 0.0)


Qualities = Mapping[str, int | None]


def allocate(budget_bps: float, tracks: Sequence[Wanted], previous: Qualities) -> dict[str, int | None]:
    """Qualities by track, None for a paused picture.

    `previous` gives hysteresis: it is kept while it fits, unless another deal that fits with room to spare is better.
    """
    order = sorted(tracks, key=lambda wanted: (wanted.rank, -_level(previous.get(wanted.track))))
    kept = {wanted.track: wanted.clipped(previous.get(wanted.track)) for wanted in tracks}
    if cost(tracks, kept) * KEEP > budget_bps:
        return _deal(budget_bps, order)
    better = _deal(budget_bps / _RAISE, order)
    return better if _worth(order, better) > _worth(order, kept) else kept


def _level(quality: int | None) -> int:
    return -1 if quality is None else quality


def _worth(order: Sequence[Wanted], qualities: Qualities) -> tuple[list[bool], list[int]]:
    """Deals compared: who is seen at all counts before how well, and a smaller rank before a larger."""
    levels = [_level(qualities[wanted.track]) for wanted in order]
    return [level >= 0 for level in levels], levels


def _deal(budget: float, order: Sequence[Wanted]) -> dict[str, int | None]:
    deal = _Deal(budget)
    for wanted in order:
        deal.step(wanted)
    for _, rank in groupby(order, key=lambda wanted: wanted.rank):
        rising = [wanted for wanted in rank if deal.steps.get(wanted.track)]
        while rising:
            rising = [wanted for wanted in rising if deal.step(wanted)]
    return {wanted.track: deal.quality(wanted) for wanted in order}


class _Deal:
    def __init__(self, budget: float) -> None:
        self.left = budget
        self.steps: dict[str, int] = {}

    def step(self, wanted: Wanted) -> bool:
        """One layer up, if there is one and it fits."""
        choices, taken = wanted.choices(), self.steps.get(wanted.track, 0)
        if taken >= len(choices):
            return False
        price = choices[taken][1] - (choices[taken - 1][1] if taken else 0.0)
        if price > self.left:
            return False
        self.left -= price
        self.steps[wanted.track] = taken + 1
        return True

    def quality(self, wanted: Wanted) -> int | None:
        taken = self.steps.get(wanted.track, 0)
        return wanted.choices()[taken - 1][0] if taken else None


def cost(tracks: Sequence[Wanted], qualities: Qualities) -> float:
    """Bit/s of these qualities, each clipped to what is wanted now."""
    return sum(wanted.bitrate(qualities.get(wanted.track)) for wanted in tracks)


def cost_of_all(tracks: Sequence[Wanted]) -> float:
    """Bit/s with which everything wanted could be had."""
    return sum(wanted.choices()[-1][1] for wanted in tracks if wanted.choices()) * _RAISE


def cost_of_next(tracks: Sequence[Wanted], qualities: Qualities) -> float | None:
    """Bit/s with which the cheapest step up could be taken; None when everything wanted is had."""
    steps = [_next_step(wanted, qualities.get(wanted.track)) for wanted in tracks]
    risen = [step for step in steps if step is not None]
    return (cost(tracks, qualities) + min(risen)) * _RAISE if risen else None


def _next_step(wanted: Wanted, quality: int | None) -> float | None:
    above = [bitrate for own, bitrate in wanted.choices() if quality is None or own > quality]
    return above[0] - wanted.bitrate(quality) if above else None
