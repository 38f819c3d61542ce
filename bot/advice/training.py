"""Trains a model for one catalogue from the corpus: a minute's work that is a part of publishing.

The corpus' questions are asked of classifiers that have not seen them, with a fifth of the answered matters taken
away each time; on these the combiner, the confidences and the thresholds are fitted. The truth is the mapping of
matters to entries, since nobody has judged questions for a catalogue that is published for the first time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.advice.batch import Batch, Reader
from bot.advice.combining import Confidence, cross_fitted, rank_weights, ranked_values
from bot.advice.corpus import Corpus
from bot.advice.embedding import Embedder, Vectors
from bot.advice.entries import PLAIN, EntryIndex, Passages, examples
from bot.advice.features import KEPT, Places, evidence
from bot.advice.finnish import Analyser
from bot.advice.languages import Languages
from bot.advice.lettering import Letters
from bot.advice.lexical import Lexicon
from bot.advice.mapping import FIRST_WEIGHTS, LINKED, Links, link, votes
from bot.advice.matters import Classifier, Lettered, Meaning, concatenated
from bot.advice.model import Model
from bot.advice.normalising import fold
from bot.advice.steps import uses_embeddings, uses_voikko
from bot.advice.thresholds import Thresholds, choose
from bot.domain.advice import Step
from bot.domain.catalogue import Catalogue, Entry

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]
Truths = NDArray[np.bool_]

FOLDS = 3
_GONE, _WHOLE = 0.2, 0.5
_TERMS_DROPPED = 0.4
_REFUSED_SHARE = 0.3
_CELLS = 1_500_000
_UNDECIDED = 0.7
_GONE_LEAST = 0.1


@dataclass(frozen=True, slots=True)
class Material:
    """What training reads: the corpus' texts as one batch, questions first, and the entries' own texts."""

    entries: Sequence[Entry]
    texts: Batch
    labels: Rows
    is_term: Truths
    own: Batch
    owners: Rows
    plain: EntryIndex
    passages: Passages | None
    others: Truths
    letters: Letters

    @property
    def matters(self) -> int:
        return len(self.others)

    def asked(self) -> Rows:
        return np.flatnonzero(~self.is_term)


@dataclass(frozen=True, slots=True)
class Row:
    """One question, asked out of fold: the entries that were kept, and whether each is right."""

    text: int
    features: Floats
    right: Truths
    whole: Floats
    gone: bool


def reader_for(step: Step, corpus: Corpus, catalogue: Catalogue, known: Mapping[int, Vectors] | None) -> Reader:
    languages = Languages.learn((one.language, one.text) for one in (*corpus.questions(), *corpus.terms()))
    lexicon = Lexicon(Analyser.find() if uses_voikko(step) else None, catalogue.synonyms)
    return Reader(lexicon, languages, Embedder(known) if uses_embeddings(step) else None)


def gather(catalogue: Catalogue, corpus: Corpus, reader: Reader) -> Material:
    numbers = {matter.id: row for row, matter in enumerate(corpus.matters)}
    texts = (*corpus.questions(), *corpus.terms())
    own = [(row, lang, text) for row, entry in enumerate(catalogue.entries) for lang, text in examples(entry)]
    passages = Passages.build(catalogue.entries, reader.embedder) if reader.embedder else None
    asked = reader.read([one.text for one in texts], [one.language for one in texts])
    entries = reader.read([text for _, _, text in own], [lang for _, lang, _ in own])
    letters = Letters.learn(asked)
    return Material(
        catalogue.entries,
        replace(asked, rows=letters.rows(asked)),
        np.array([numbers[one.matter] for one in texts], np.intp),
        np.array([one.is_term for one in texts]),
        replace(entries, rows=letters.rows(entries)),
        np.array([row for row, _, _ in own], np.intp),
        EntryIndex.build(catalogue.entries, reader.lexicon, passages),
        passages,
        np.array([bool(matter.body) for matter in corpus.matters]),
        letters,
    )


def mapped(material: Material, numbers: Mapping[str, int]) -> Links:
    """The links of matters and entries, by the questions' votes and by what the entries' texts sound like."""
    questions = material.asked()
    found = np.zeros((material.matters, len(material.entries)), np.float32)
    for matter in range(material.matters):
        rows = questions[material.labels[questions] == matter]
        if len(rows):
            found[matter] = votes(material.plain.features(material.texts.take(list(rows))))
    return link(found, _sounds(material), material.entries, numbers)


def _sounds(material: Material) -> Floats:
    """(matters, entries): the mean probability of the matter for the entry's own texts."""
    if material.texts.vectors is not None and material.own.vectors is not None:
        meaning = Meaning.learn(material.texts.vectors, material.labels, material.matters)
        shares = meaning.probabilities(material.own.vectors)
    else:
        lettered = Lettered.learn(material.letters, material.texts, material.labels, material.matters)
        shares = lettered.probabilities(material.letters.rows(material.own))
    sounds = np.zeros((material.matters, len(material.entries)), np.float32)
    np.add.at(sounds.T, material.owners, shares)
    counts = np.bincount(material.owners, minlength=len(material.entries)).clip(1)
    return np.asarray(sounds / counts, np.float32)


def classifier_of(material: Material, rows: Rows, links: Floats) -> Classifier:
    """Learned from some of the corpus' texts and all entries' texts: examples of a matter, or of an own class."""
    absent = links.max(axis=0, initial=0.0) < LINKED
    classes = np.where(absent, material.matters + np.arange(len(material.entries)), links.argmax(axis=0))
    batch = concatenated(material.texts.take(list(rows)), material.own)
    labels = np.concatenate([material.labels[rows], classes[material.owners]])
    is_term = np.concatenate([material.is_term[rows], np.ones(len(material.owners), bool)])
    return Classifier.learn(material.letters, batch, labels, is_term, material.matters + len(material.entries))


def expanded_of(material: Material, rows: Rows, links: Floats, reader: Reader) -> EntryIndex:
    """Entries with the terms of their matters."""
    added: list[dict[str, float]] = [{} for _ in material.entries]
    spelt = [list[str]() for _ in material.entries]
    for row in rows[material.is_term[rows]]:
        for entry in np.flatnonzero(links[material.labels[row]] >= LINKED):
            share = float(links[material.labels[row], entry])
            for term, weight in material.texts.terms[row].items():
                added[entry][term] = added[entry].get(term, 0.0) + weight * share
            spelt[entry].append(material.texts.cores[row])
    letters = [" ".join(words) for words in spelt]
    return EntryIndex.build(material.entries, reader.lexicon, material.passages, added, letters)


def out_of_fold(material: Material, links: Links, reader: Reader, *, seed: int = 0) -> list[Row]:
    """Every question of the corpus, asked of a classifier that has seen neither it nor a fifth of the matters."""
    random = np.random.default_rng(seed)
    questions = material.asked()
    turn = random.integers(0, FOLDS, material.matters + len(material.labels))
    answered = links.answered()
    groups = np.array_split(random.permutation(np.flatnonzero(answered)), round(1 / _GONE))
    whole = ~answered & (random.random(material.matters) < _WHOLE)
    found = list[Row]()
    for fold_ in range(FOLDS):
        gone = np.zeros(material.matters, bool)
        gone[groups[fold_ % len(groups)]] = True
        gone |= whole & (turn[: material.matters] == fold_)
        own_turn = np.where(whole[material.labels], turn[material.labels], turn[material.matters :]) == fold_
        learned = ~gone[material.labels] & (material.is_term | ~own_turn)
        kept = links.strength * ~gone[:, None]
        terms = learned & (~material.is_term | (random.random(len(learned)) >= _TERMS_DROPPED))
        classifier = classifier_of(material, np.flatnonzero(learned), kept)
        expanded = expanded_of(material, np.flatnonzero(terms), kept, reader)
        places = Places.of(kept, material.others)
        asked = questions[own_turn[questions]]
        found += _asked(material, asked, (expanded, classifier, places), links, gone)
    return found


def _asked(
    material: Material, asked: Rows, parts: tuple[EntryIndex, Classifier, Places], links: Links, gone: Truths
) -> list[Row]:
    found = list[Row]()
    size = max(1, _CELLS // (40 * len(material.entries)))
    for start in range(0, len(asked), size):
        rows = asked[start : start + size]
        seen = evidence(material.texts.take(list(rows)), material.plain, *parts)
        for place, row in enumerate(rows):
            matter = int(material.labels[row])
            features = seen.entries[place]
            truth = _right(features, links.entries_of(matter))
            rough = features[:, :18].sum(axis=1) + 1000 * truth
            kept = np.argsort(-rough)[:KEPT]
            found.append(Row(int(row), features[kept], truth[kept], seen.whole[place], bool(gone[matter])))
    return found


def _right(features: Floats, linked: frozenset[int]) -> Truths:
    """Of the entries that share the question's matter those that its words and its aspect speak for."""
    truth = np.zeros(len(features), bool)
    rows = sorted(linked)
    if rows:
        votes_ = features[rows, :PLAIN] @ FIRST_WEIGHTS + features[rows, -2] - 0.5 * features[rows, -1]
        truth[[row for row, vote in zip(rows, votes_, strict=True) if vote >= votes_.max() - _UNDECIDED]] = True
    return truth


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
    known = np.where([row.gone for row in rows], max(_GONE_LEAST, min(1.0, absent / _GONE)), 1).astype(np.float32)
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
    rows = out_of_fold(material, links, reader)
    return finished(catalogue, corpus, reader, step=step, material=material, links=links, rows=rows)


def finished(
    catalogue: Catalogue,
    corpus: Corpus,
    reader: Reader,
    *,
    step: Step,
    material: Material,
    links: Links,
    rows: Sequence[Row],
) -> Trained:
    fitted = fit(
        [row for row in rows if not links.unsure[material.labels[row.text]]],
        material.others[material.labels],
        float((links.strength.max(axis=0, initial=0.0) < LINKED).mean()),
    )
    everything = np.arange(len(material.labels))
    model = Model(
        step=step,
        corpus=corpus.fingerprint(),
        code=catalogue.code,
        entries=tuple(entry.id for entry in catalogue.entries),
        synonyms=catalogue.synonyms,
        near=_near(catalogue.entries),
        languages=reader.languages,
        plain=material.plain,
        expanded=expanded_of(material, everything, links.strength, reader),
        classifier=classifier_of(material, everything, links.strength),
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
