"""What the combiner sees of a question and each entry, and what the confidences see of the whole.

Classes of the classifier are the corpus' matters and, behind them, one for each entry whose matters nobody knows,
learned from the entry's own texts. `Places` says which classes lead to which entries.
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bot.advice.aspects import asked
from bot.advice.batch import Batch
from bot.advice.entries import PLAIN, EntryIndex
from bot.advice.mapping import LINKED
from bot.advice.matters import Classifier, Scores

Floats = NDArray[np.float32]

_FLOOR = 0.003
MATTER = 9
CLOSEST, BOTH_TOLD, ENTRY_TOLD = 30, 31, 32
"""Columns of an entry's likest small text, of aspects that both speak of, and of those that only the entry does."""
COLUMNS = ENTRY_TOLD + 1
ABSENT = PLAIN + 3 + MATTER
"""The column that marks an entry whose matters nobody knows."""
KEPT, KEPT_ABSENT = 15, 5
"""Entries of a question that are looked at closely; in training some of them are of matters nobody knows."""


@dataclass(frozen=True, slots=True)
class Places:
    """`strength` (matters, entries) of links. `absent` (entries,) marks those without one, with only their own class.

    Classes are the matters and behind them one for each entry, used or not.
    """

    strength: Floats
    absent: Floats
    others: NDArray[np.bool_]
    _classes: NDArray[np.intp]
    _starts: NDArray[np.intp]

    @classmethod
    def of(cls, links: Floats, others: NDArray[np.bool_]) -> Self:
        """`links` (matters, entries); `others` (matters,) marks those that belong to somebody else."""
        linked = np.where(links >= LINKED, links, 0).astype(np.float32)
        absent = (linked.max(axis=0, initial=0.0) == 0).astype(np.float32)
        alone = np.flatnonzero(absent)
        entries, classes = np.nonzero(linked.T)
        entries, classes = np.concatenate([entries, alone]), np.concatenate([classes, len(linked) + alone])
        order = np.argsort(entries, kind="stable")
        starts = np.searchsorted(entries[order], np.arange(links.shape[1]))
        return cls(linked, absent, np.concatenate([others, np.zeros(len(absent), bool)]), classes[order], starts)

    def unanswered(self) -> NDArray[np.bool_]:
        """(classes,): those that no entry answers, unused classes of entries included."""
        return np.concatenate([self.strength.max(axis=1, initial=0.0) == 0, self.absent == 0])

    def share(self, probabilities: Floats) -> Floats:
        """Of (questions, classes) the sum that leads to each entry, (questions, entries)."""
        matters = len(self.strength)
        return np.asarray(probabilities[:, :matters] @ self.strength + probabilities[:, matters:] * self.absent)

    def highest(self, scores: Floats) -> Floats:
        """Of (questions, classes) the highest of each entry's classes, (questions, entries)."""
        return np.maximum.reduceat(scores[:, self._classes], self._starts, axis=1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Of some questions: `entries` (questions, entries, COLUMNS) and `whole` (questions, some)."""

    entries: Floats
    whole: Floats


def evidence(batch: Batch, plain: EntryIndex, expanded: EntryIndex, classifier: Classifier, places: Places) -> Evidence:
    scores = classifier.scores(batch)
    retrieval = plain.features(batch)
    matter = _of_matters(scores, places)
    flag = np.broadcast_to(places.absent[None, :, None], (*retrieval.shape[:2], 1))
    columns = [retrieval, expanded.word_features(batch), matter, flag, retrieval * flag, matter[:, :, :5] * flag]
    columns += [plain.closest(batch), _of_aspects(batch, plain)]
    return Evidence(np.concatenate(columns, axis=2).astype(np.float32), _of_whole(batch, scores, places))


def _of_aspects(batch: Batch, index: EntryIndex) -> Floats:
    """(questions, entries, 2): aspects that both speak of, and those that only the entry does."""
    spoken = asked(batch.texts)
    both, entry = spoken @ index.aspects.T, (1 - spoken) @ index.aspects.T
    return np.stack([both, entry], axis=2).astype(np.float32)


def _of_matters(scores: Scores, places: Places) -> Floats:
    def share(probabilities: Floats) -> Floats:
        return np.asarray(np.log(_FLOOR + places.share(probabilities)) - np.log(_FLOOR), np.float32)

    words = places.highest(scores.words)
    return np.stack(
        [
            share(scores.together),
            share(scores.meaning),
            share(scores.letters),
            share(scores.neighbours),
            share(scores.spelt_neighbours),
            places.highest(scores.nearest) / 0.3,
            places.highest(scores.spelt) / 0.35,
            np.minimum(words, 25) / 12,
            words / (words.max(axis=1, keepdims=True) + 1e-6),
        ],
        axis=2,
    )


def _of_whole(batch: Batch, scores: Scores, places: Places) -> Floats:
    lost = places.unanswered()
    other = lost & places.others
    found = ~lost

    def log(probabilities: Floats, which: NDArray[np.bool_]) -> Floats:
        return np.asarray(np.log(0.01 + probabilities[:, which].sum(axis=1)), np.float32)

    def margin(values: Floats) -> Floats:
        least = np.float32(values.min(initial=0.0))
        known, rest = (values[:, part].max(axis=1, initial=least) for part in (found, lost))
        return np.asarray(known - rest, np.float32)

    return np.stack(
        [
            log(scores.together, lost),
            log(scores.together, other),
            log(scores.meaning, lost),
            log(scores.letters, lost),
            log(scores.letters, found),
            log(scores.neighbours, lost),
            log(scores.spelt_neighbours, lost),
            scores.together.max(axis=1),
            np.log(0.01 + scores.together[:, found].max(axis=1)),
            np.log(0.01 + scores.together[:, lost].max(axis=1, initial=0.0)),
            margin(scores.nearest) * 3,
            scores.nearest.max(axis=1) * 3,
            margin(scores.words) / 10,
            margin(scores.spelt),
            scores.spelt.max(axis=1),
            np.minimum(scores.words.max(axis=1), 20) / 10,
            np.array([min(len(text.split()), 6) for text in batch.cores], np.float32),
        ],
        axis=1,
    ).astype(np.float32)
