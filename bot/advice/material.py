"""What training reads of a catalogue and the corpus, and what is learned from a part of it.

A catalogue of thousands is read more briefly, so that publishing it stays a matter of minutes: of each entry one short
text in each language gets a vector, and an entry whose matters nobody knows is no class of the regression and the SVM.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.advice.abreast import both
from bot.advice.batch import Batch, Reader
from bot.advice.corpus import Corpus
from bot.advice.embedding import Embedder, Vectors
from bot.advice.entries import EntryIndex, Passages, beginnings, documents, examples, spelt_with
from bot.advice.finnish import Analyser
from bot.advice.languages import Languages
from bot.advice.lettering import Letters
from bot.advice.lexical import Lexicon
from bot.advice.mapping import LINKED
from bot.advice.matters import Classifier, concatenated
from bot.advice.steps import uses_embeddings, uses_voikko
from bot.domain.advice import Step
from bot.domain.catalogue import Catalogue, Entry
from bot.domain.language import Language

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]
Truths = NDArray[np.bool_]

MANY = 500
"""Entries above which a catalogue is read briefly."""

_CELLS = 20_000_000
"""Questions times entries that mapping and the folds look at: all questions up to a thousand entries."""

_ASKED = 7_500
"""Questions that are asked out of fold: more of them fit the few weights no better and take longer."""

_WORTH_IT = 4_000
"""Texts of the corpus from which on a second process saves more than it costs."""


@dataclass(frozen=True, slots=True)
class Material:
    """What training reads: the corpus' texts as one batch, questions first, and the entries' own texts."""

    entries: Sequence[Entry]
    documents: Sequence[Mapping[str, float]]
    texts: Batch
    labels: Rows
    is_term: Truths
    own: Batch
    owners: Rows
    plain: EntryIndex
    others: Truths
    letters: Letters

    @property
    def matters(self) -> int:
        return len(self.others)

    @property
    def brief(self) -> bool:
        return len(self.entries) > MANY

    @property
    def abreast(self) -> bool:
        """Whether two processes learn faster than one."""
        return len(self.labels) >= _WORTH_IT

    def asked(self) -> Rows:
        return np.flatnonzero(~self.is_term)

    def bounded(self, rows: Rows, share: float = 1.0) -> Rows:
        """As many of the rows, evenly spaced, as their share of `_CELLS` allows; all of them for a usual catalogue."""
        return _spaced(rows, share * _CELLS / len(self.entries))

    def some(self, rows: Rows, share: float = 1.0) -> Rows:
        """As many of them as their share of `_ASKED` allows, too."""
        return _spaced(self.bounded(rows, share), share * _ASKED)


def _spaced(rows: Rows, most: float) -> Rows:
    count = max(1, int(most))
    return rows if len(rows) <= count else rows[np.linspace(0, len(rows) - 1, count).astype(np.intp)]


def reader_for(step: Step, corpus: Corpus, catalogue: Catalogue, known: Mapping[int, Vectors] | None) -> Reader:
    languages = Languages.learn((one.language, one.text) for one in (*corpus.questions(), *corpus.terms()))
    lexicon = Lexicon(Analyser.find() if uses_voikko(step) else None, catalogue.synonyms)
    return Reader(lexicon, languages, Embedder(known) if uses_embeddings(step) else None)


def gather(catalogue: Catalogue, corpus: Corpus, reader: Reader) -> Material:
    """Embeds what has no vector yet, which is most of the time of a first publishing."""
    numbers = {matter.id: row for row, matter in enumerate(corpus.matters)}
    texts = (*corpus.questions(), *corpus.terms())
    brief = len(catalogue.entries) > MANY
    told = beginnings if brief else examples
    own = [(row, lang, text) for row, entry in enumerate(catalogue.entries) for lang, text in told(entry)]
    owners = np.array([row for row, _, _ in own], np.intp)
    (entries, passages), terms = both(
        lambda: _entries(catalogue.entries, reader, own, owners, brief=brief),
        lambda: reader.terms([one.text for one in texts], [one.language for one in texts]),
        abreast=len(texts) >= _WORTH_IT,
    )
    asked = reader.read_as([one.text for one in texts], terms)
    sentences = (
        None if brief or entries.vectors is None else Passages.of(entries.vectors, owners, len(catalogue.entries))
    )
    letters = Letters.learn(asked)
    return Material(
        catalogue.entries,
        documents(catalogue.entries, reader.lexicon),
        replace(asked, rows=letters.rows(asked)),
        np.array([numbers[one.matter] for one in texts], np.intp),
        np.array([one.is_term for one in texts]),
        replace(entries, rows=letters.rows(entries)),
        owners,
        EntryIndex.build(catalogue.entries, reader.lexicon, passages, sentences, brief=brief),
        np.array([bool(matter.body) for matter in corpus.matters]),
        letters,
    )


def _entries(
    entries: Sequence[Entry], reader: Reader, own: Sequence[tuple[int, Language, str]], owners: Rows, *, brief: bool
) -> tuple[Batch, Passages | None]:
    """What the entries say of themselves, in small texts and in whole ones."""
    texts = reader.read([text for _, _, text in own], [lang for _, lang, _ in own], guess=not brief)
    return texts, _passages(entries, reader, (texts, owners) if brief else None)


def _passages(entries: Sequence[Entry], reader: Reader, own: tuple[Batch, Rows] | None) -> Passages | None:
    """Whole texts, or the vectors that the entries' `own` texts have already."""
    if reader.embedder is None:
        return None
    if own is None or own[0].vectors is None:
        return Passages.build(entries, reader.embedder)
    return Passages.of(own[0].vectors, own[1], len(entries))


def classifier_of(material: Material, rows: Rows, links: Floats) -> Classifier:
    """Learned from some of the corpus' texts and all entries' texts: examples of a matter, or of an own class."""
    absent = links.max(axis=0, initial=0.0) < LINKED
    classes = np.where(absent, material.matters + np.arange(len(material.entries)), links.argmax(axis=0))
    batch = concatenated(material.texts.take(list(rows)), material.own)
    labels = np.concatenate([material.labels[rows], classes[material.owners]])
    is_term = np.concatenate([material.is_term[rows], np.ones(len(material.owners), bool)])
    every = material.matters + len(material.entries)
    fitted = material.matters if material.brief else every
    return Classifier.learn(material.letters, batch, labels, is_term, classes=every, fitted=fitted)


def expanded_of(material: Material, rows: Rows, links: Floats) -> EntryIndex:
    """Entries with the terms of their matters."""
    added: list[dict[str, float]] = [{} for _ in material.entries]
    spelt = [list[str]() for _ in material.entries]
    for row in rows[material.is_term[rows]]:
        for entry in np.flatnonzero(links[material.labels[row]] >= LINKED):
            share = float(links[material.labels[row], entry])
            for term, weight in material.texts.terms[row].items():
                added[entry][term] = added[entry].get(term, 0.0) + weight * share
            spelt[entry].append(material.texts.cores[row])
    letters = () if material.brief else spelt_with(material.entries, spelt)
    return material.plain.expanded(material.documents, added, letters)
