"""Which matters of the corpus each entry of a catalogue is about, found by reading both.

An entry answers a matter when the matter's questions find the entry and the entry's texts sound like the matter. What
an administrator has said wins. One matter may lead to many entries and one entry answer many matters.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.domain.catalogue import Entry

Floats = NDArray[np.float32]

LINKED = 0.3
"""A link of at least this strength says that the entry answers the matter."""

_STRONG, _RELATIVE, _SECOND = 0.08, 0.6, 0.5
_UNSURE, _ALSO = 0.04, 0.5
_WEAKEST, _FAINT = (0.05, 0.1), 0.4
"""What an entry's best matter has to reach to be its matter: this share of what the catalogue's entries usually reach,
which falls as entries grow many, within bounds. Below it the entry is one whose matter nobody knows."""
FIRST_WEIGHTS = np.array([1.0, 0.6, 0.8, 0.7, 1.0, 0.8], np.float32)
"""Of the features of retrieval, before anything is trained."""


@dataclass(frozen=True, slots=True)
class Links:
    """`strength` (matters, entries), 0 to 1; 0: the entry does not answer the matter.

    `unsure` (matters,) marks those of which it can't be said whether an entry answers them; nothing is learned there.
    """

    strength: Floats
    unsure: NDArray[np.bool_]

    def answered(self) -> NDArray[np.bool_]:
        """(matters,): which ones some entry answers."""
        return np.asarray(self.strength.max(axis=1, initial=0.0) >= LINKED)

    def entries_of(self, matter: int) -> frozenset[int]:
        return frozenset(int(entry) for entry in np.flatnonzero(self.strength[matter] >= LINKED))


def votes(features: Floats) -> Floats:
    """(entries,): each entry's share of the votes of some questions, from (questions, entries, 6) of retrieval."""
    scores = features @ FIRST_WEIGHTS
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray((shares / shares.sum(axis=1, keepdims=True)).mean(axis=0), np.float32)


def link(found: Floats, sounds: Floats, entries: Sequence[Entry], matters: Mapping[str, int]) -> Links:
    """`found` (matters, entries) are votes, `sounds` (matters, entries) probabilities of the matter for the texts."""
    score = np.sqrt(found * sounds)
    strength = np.zeros_like(score)
    best = score.max(axis=1, keepdims=True)
    strength[(score >= _STRONG) & (score > _RELATIVE * best)] = _SECOND
    top = score.argmax(axis=1)
    rows = np.flatnonzero(best[:, 0] >= _STRONG)
    strength[rows, top[rows]] = 1.0
    own = score.max(axis=0)
    strength[(score >= _STRONG) & (score > _ALSO * own)] = np.maximum(
        strength[(score >= _STRONG) & (score > _ALSO * own)], _SECOND
    )
    known = own >= np.clip(_FAINT * np.median(own), *_WEAKEST)
    columns = np.flatnonzero(known)
    strength[score.argmax(axis=0)[columns], columns] = 1.0
    strength[:, ~known] = 0.0
    for column, entry in enumerate(entries):
        said = [matters[id] for id in entry.matters if id in matters]
        if said:
            strength[:, column] = 0.0
            strength[said, column] = 1.0
    unsure = (best[:, 0] >= _UNSURE) & (strength.max(axis=1, initial=0.0) < LINKED)
    return Links(strength, unsure)
