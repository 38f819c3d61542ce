"""Trains a model for one catalogue from the corpus: a minute's work that is a part of publishing.

On the corpus' questions, asked out of fold, the combiner, the confidences and the thresholds are fitted. The truth is
the mapping of matters to entries, since nobody has judged questions for a catalogue that is published for the first
time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.advice.abreast import both
from bot.advice.batch import Reader
from bot.advice.combining import Confidence, cross_fitted, rank_weights, ranked_values
from bot.advice.corpus import Corpus
from bot.advice.embedding import Vectors
from bot.advice.entries import EntryIndex
from bot.advice.features import Places
from bot.advice.folds import GONE, Row, folds, rows_of
from bot.advice.linking import mapped
from bot.advice.mapping import LINKED, Links
from bot.advice.material import Material, classifier_of, expanded_of, gather, reader_for
from bot.advice.matters import Classifier
from bot.advice.model import Model
from bot.advice.normalising import fold
from bot.advice.thresholds import Thresholds, choose
from bot.domain.advice import Step
from bot.domain.catalogue import Catalogue, Entry

Floats = NDArray[np.float32]
Truths = NDArray[np.bool_]

_REFUSED_SHARE = 0.3
_GONE_LEAST = 0.1


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the questions out of fold have taught: `values` (questions, some) are what the confidences see."""

    weights: Floats
    values: Floats
    can: Truths
    first: Truths
    share: Floats
    answerable: Floats
    right: Floats
    thresholds: Thresholds

    def estimate(self) -> "Estimate":
        refused = self.answerable < self.thresholds.answerable
        single = ~refused & (self.right >= self.thresholds.single)
        return Estimate(
            float((self.share * self.first)[single].sum() / max(1e-9, self.share[single].sum())),
            float(self.share[single].sum() / self.share.sum()),
            float(self.share[refused & self.can].sum() / max(1e-9, self.share[self.can].sum())),
        )


def fit(rows: Sequence[Row], others: Truths, absent: float = 0.0) -> Fitted:
    """`others` (texts,) marks questions of matters that are somebody else's.

    `absent` is the share of the catalogue's entries whose matters nobody knows: what was taken away counts as much.
    """
    known = np.where([row.gone for row in rows], max(_GONE_LEAST, min(1.0, absent / GONE)), 1).astype(np.float32)
    weights = rank_weights([row.features for row in rows], [row.right for row in rows], known)
    values, first = list[Floats](), list[bool]()
    for row in rows:
        scores = row.features @ weights
        order = np.argsort(-scores)
        values.append(ranked_values(scores[order], row.features[order], row.whole))
        first.append(bool(row.right[order[0]]))
    can, right = np.array([row.right.any() for row in rows]), np.array(first)
    share = _shares(can, others[[row.text for row in rows]]) * known
    table = np.stack(values)
    answerable, sure = cross_fitted(table, can, share), cross_fitted(table, right, share)
    return Fitted(weights, table, can, right, share, answerable, sure, choose(answerable, sure, can, right, share))


def fit_sure(material: Material, links: Links, rows: Sequence[Row]) -> Fitted:
    """From the rows whose truth is sure, with as much absence as the catalogue has."""
    return fit(
        [row for row in rows if not links.unsure[material.labels[row.text]]],
        material.others[material.labels],
        float((links.strength.max(axis=0, initial=0.0) < LINKED).mean()),
    )


def _shares(can: Truths, others: Truths) -> Floats:
    """Weights under which the refused are `_REFUSED_SHARE` of the answered, others' matters half of them."""
    share = np.ones(len(can), np.float32)
    for part in (~can & others, ~can & ~others):
        share[part] = 0.5 * _REFUSED_SHARE * can.sum() / max(1, part.sum())
    return share


@dataclass(frozen=True, slots=True)
class Estimate:
    """What the thresholds promise, out of fold and weighted as real questions are expected to be mixed."""

    single_precision: float
    single_share: float
    handed_over_share: float


@dataclass(frozen=True, slots=True)
class Trained:
    """`fresh`: vectors that were made on the way and save the next training time."""

    model: Model
    estimate: Estimate
    fresh: Mapping[int, Vectors]


def train(catalogue: Catalogue, corpus: Corpus, *, step: Step, known: Mapping[int, Vectors] | None = None) -> Model:
    """`known`: vectors of texts by key, so that only what is new is embedded. Needs at least one entry."""
    return train_with(catalogue, corpus, step=step, known=known).model


def train_with(
    catalogue: Catalogue, corpus: Corpus, *, step: Step, known: Mapping[int, Vectors] | None = None
) -> Trained:
    """`train` with what is known of the model besides."""
    reader = reader_for(step, corpus, catalogue, known)
    material = gather(catalogue, corpus, reader)
    links = mapped(material, {matter.id: row for row, matter in enumerate(corpus.matters)})
    first, *rest = folds(material, links)
    (rows, learned), more = both(
        lambda: (rows_of(material, links, [first]), learned_from(material, links)),
        lambda: rows_of(material, links, rest),
        abreast=material.abreast,
    )
    return finished(
        catalogue, corpus, reader, step=step, material=material, links=links, rows=[*rows, *more], of=learned
    )


def learned_from(material: Material, links: Links) -> tuple[EntryIndex, Classifier]:
    """What the model keeps: learned from everything."""
    everything = np.arange(len(material.labels))
    return expanded_of(material, everything, links.strength), classifier_of(material, everything, links.strength)


def finished(
    catalogue: Catalogue,
    corpus: Corpus,
    reader: Reader,
    *,
    step: Step,
    material: Material,
    links: Links,
    rows: Sequence[Row],
    of: tuple[EntryIndex, Classifier],
) -> Trained:
    """`rows` are all folds'; `of` is what was learned from everything."""
    fitted = fit_sure(material, links, rows)
    expanded, classifier = of
    model = Model(
        step=step,
        corpus=corpus.fingerprint(),
        code=catalogue.code,
        entries=tuple(entry.id for entry in catalogue.entries),
        synonyms=catalogue.synonyms,
        near=_near(catalogue.entries),
        languages=reader.languages,
        plain=material.plain,
        expanded=expanded,
        classifier=classifier,
        places=Places.of(links.strength, material.others),
        weights=fitted.weights,
        answerable=Confidence.learn(fitted.values, fitted.can, fitted.share),
        right=Confidence.learn(fitted.values, fitted.first, fitted.share),
        thresholds=fitted.thresholds,
        bodies=(*(matter.body for matter in corpus.matters), *("" for _ in catalogue.entries)),
        referrals=corpus.bodies,
    )
    return Trained(model, fitted.estimate(), dict(reader.embedder.fresh) if reader.embedder else {})


def _near(entries: Sequence[Entry]) -> dict[str, int]:
    return {
        fold(question): row
        for row, entry in enumerate(entries)
        for some in entry.questions.values()
        for question in some
    }
