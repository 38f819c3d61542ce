"""Where one answer ends and choices begin, and where choices end and a person begins: chosen out of fold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Truths = NDArray[np.bool_]

PRECISION = 0.93
HANDED_OVER = 0.065
"""Out of fold; of questions that towns were asked by other authors it was half as much."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """`answerable`: below it a person is asked. `single`: from it on the first entry is the answer."""

    answerable: float
    single: float


def choose(answerable: Floats, right: Floats, can: Truths, first: Truths, share: Floats) -> Thresholds:
    """`can`: the question has an answer in the catalogue; `first`: the entry ranked first is it."""
    low = _answerable(answerable, can, share)
    return Thresholds(low, _single(right[answerable >= low], first[answerable >= low], share[answerable >= low]))


def _answerable(confidence: Floats, can: Truths, share: Floats) -> float:
    """The best F1 of refusal among those that hand over at most `HANDED_OVER` of what could be answered."""
    best, chosen = -1.0, 0.05
    for threshold in np.arange(0.02, 0.95, 0.01):
        refused = confidence < threshold
        wrongly = share[refused & can].sum() / max(1e-9, share[can].sum())
        if wrongly > HANDED_OVER:
            break
        rightly = share[refused & ~can].sum()
        f1 = 2 * rightly / max(1e-9, share[refused].sum() + share[~can].sum())
        if f1 >= best:
            best, chosen = float(f1), float(threshold)
    return chosen


def _single(confidence: Floats, first: Truths, share: Floats) -> float:
    """The lowest from which on `PRECISION` of the answers are right, by their order and not by single steps."""
    order = np.argsort(-confidence)
    shares, rights = share[order].cumsum(), (share * first)[order].cumsum()
    good = np.flatnonzero(rights >= PRECISION * shares)
    return float(confidence[order][good[-1]]) if len(good) else 0.99
