"""The corpus' questions, asked of classifiers that have not seen them, with a fifth of the answered matters away."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.advice.abreast import both
from bot.advice.entries import PLAIN, EntryIndex
from bot.advice.features import (
    ABSENT,
    BOTH_TOLD,
    CLOSEST,
    ENTRY_TOLD,
    KEPT,
    KEPT_ABSENT,
    Places,
    evidence,
)
from bot.advice.mapping import FIRST_WEIGHTS, Links
from bot.advice.material import Material, classifier_of, expanded_of
from bot.advice.matters import Classifier

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]
Truths = NDArray[np.bool_]

FOLDS = 3
GONE = 0.2
_WHOLE = 0.5
_TERMS_DROPPED = 0.4
_CELLS = 600_000
_FEWEST = 20
_UNDECIDED = 0.7
_MORE, _MORE_WEIGHTS = [CLOSEST, BOTH_TOLD, ENTRY_TOLD], np.array([0.5, 1.0, -0.5], np.float32)
"""What else tells siblings apart, and what it counts beside `FIRST_WEIGHTS`."""


@dataclass(frozen=True, slots=True)
class Row:
    """One question, asked out of fold: the entries that were kept, and whether each is right."""

    text: int
    features: Floats
    right: Truths
    whole: Floats
    gone: bool


@dataclass(frozen=True, slots=True)
class Fold:
    """`asked` are questions, `learned` rows to learn from, `terms` those whose terms entries get, `gone` matters."""

    asked: Rows
    learned: Rows
    terms: Rows
    gone: Truths


def folds(material: Material, links: Links, *, seed: int = 0) -> list[Fold]:
    """`FOLDS` of them, drawn by the seed."""
    random = np.random.default_rng(seed)
    questions = material.asked()
    turn = random.integers(0, FOLDS, material.matters + len(material.labels))
    answered = links.answered()
    groups = np.array_split(random.permutation(np.flatnonzero(answered)), round(1 / GONE))
    whole = ~answered & (random.random(material.matters) < _WHOLE)
    found = list[Fold]()
    for fold_ in range(FOLDS):
        gone = np.zeros(material.matters, bool)
        gone[groups[fold_ % len(groups)]] = True
        gone |= whole & (turn[: material.matters] == fold_)
        own_turn = np.where(whole[material.labels], turn[material.labels], turn[material.matters :]) == fold_
        learned = ~gone[material.labels] & (material.is_term | ~own_turn)
        terms = learned & (~material.is_term | (random.random(len(learned)) >= _TERMS_DROPPED))
        asked = material.some(questions[own_turn[questions]], 1 / FOLDS)
        found.append(Fold(asked, np.flatnonzero(learned), np.flatnonzero(terms), gone))
    return found


def out_of_fold(material: Material, links: Links, *, seed: int = 0) -> list[Row]:
    """The rows of all folds, fold by fold."""
    *most, last = folds(material, links, seed=seed)
    first, second = both(
        lambda: rows_of(material, links, most), lambda: rows_of(material, links, [last]), abreast=material.abreast
    )
    return [*first, *second]


def rows_of(material: Material, links: Links, some: Sequence[Fold]) -> list[Row]:
    found = list[Row]()
    for fold_ in some:
        kept = links.strength * ~fold_.gone[:, None]
        classifier = classifier_of(material, fold_.learned, kept)
        expanded = expanded_of(material, fold_.terms, kept)
        found += _asked(material, fold_, (expanded, classifier, Places.of(kept, material.others)), links)
    return found


def _asked(material: Material, fold_: Fold, parts: tuple[EntryIndex, Classifier, Places], links: Links) -> list[Row]:
    found = list[Row]()
    size = max(_FEWEST, _CELLS // (40 * len(material.entries)))
    for start in range(0, len(fold_.asked), size):
        rows = fold_.asked[start : start + size]
        seen = evidence(material.texts.take(list(rows)), material.plain, *parts)
        for place, row in enumerate(rows):
            matter = int(material.labels[row])
            features = seen.entries[place]
            truth = _right(features, links.entries_of(matter))
            kept = _kept(features, truth)
            found.append(Row(int(row), features[kept], truth[kept], seen.whole[place], bool(fold_.gone[matter])))
    return found


def _kept(features: Floats, truth: Truths) -> Rows:
    """The rows of the right entries and of the likeliest others, by rough evidence.

    Rough evidence hides entries of no known matter. Some are kept all the same: a combiner that never saw them lose
    would put them before everything else.
    """
    order = np.argsort(-(features[:, :ABSENT].sum(axis=1) + 1000 * truth))
    absent = features[order, ABSENT] > 0
    few = order[absent][:KEPT_ABSENT]
    return np.concatenate([order[~absent][: KEPT - len(few)], few])


def _right(features: Floats, linked: frozenset[int]) -> Truths:
    """Of the entries that share the question's matter those that its words and its aspect speak for."""
    truth = np.zeros(len(features), bool)
    rows = sorted(linked)
    if rows:
        votes = features[rows, :PLAIN] @ FIRST_WEIGHTS + features[rows][:, _MORE] @ _MORE_WEIGHTS
        truth[[row for row, vote in zip(rows, votes, strict=True) if vote >= votes.max() - _UNDECIDED]] = True
    return truth
