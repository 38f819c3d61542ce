"""The catalogue's entries as what a question is compared with: by their words, their letters and their meaning."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.advice.aspects import told
from bot.advice.batch import Batch
from bot.advice.bm25 import Bm25
from bot.advice.embedding import Embedder
from bot.advice.lexical import Lexicon
from bot.advice.normalising import core, fold
from bot.domain.catalogue import Entry, Words, best
from bot.domain.language import Language

Floats = NDArray[np.float32]

_NAME, _TERMS, _SUMMARY, _DESCRIPTION = 3.0, 2.5, 2.0, 1.0
_MATTER_TERM = 1.2
_SENTENCES, _TOGETHER, _SHORTEST = 3, 4, 3
_BEGINNING = 120
_GROUPS = 60_000
_APART = 0.06
"""About the standard deviation of the likeness of a question and the passages."""
PLAIN = 6
"""Features of retrieval alone: they come first and work for an entry whose matter nobody knows."""


@dataclass(frozen=True, slots=True)
class Passages:
    """`vectors` (passages, 384) and the entry of each, ascending."""

    vectors: Floats
    starts: NDArray[np.intp]

    @classmethod
    def build(cls, entries: Sequence[Entry], embedder: Embedder) -> Self:
        texts = [(row, text) for row, entry in enumerate(entries) for text in _passages(entry)]
        owners = np.array([row for row, _ in texts], np.intp)
        return cls.of(embedder.passages([text for _, text in texts]), owners, len(entries))

    @classmethod
    def of(cls, vectors: Floats, owners: NDArray[np.intp], entries: int) -> Self:
        """`owners` (passages,) are the entries' rows, ascending; every entry has a passage."""
        return cls(vectors, np.searchsorted(owners, np.arange(entries)))

    def likeness(self, vectors: Floats) -> Floats:
        """(questions, entries), cosine of the likest passage."""
        return np.maximum.reduceat(self.vectors @ vectors.T, self.starts, axis=0).T

    def apart(self, vectors: Floats) -> Floats:
        """(questions, entries), how far the likeness is from the usual one, in about standard deviations."""
        likeness = self.likeness(vectors)
        return np.asarray((likeness - likeness.mean(axis=1, keepdims=True)) / _APART, np.float32)


@dataclass(frozen=True, slots=True)
class EntryIndex:
    """Retrieval over entries; built once for the entries' own words and once with their matters' terms added.

    `letters` is (groups, entries), so that a question touches the few rows of its own groups.
    """

    words: Bm25
    groups: TfidfVectorizer
    letters: csr_matrix
    names: Bm25
    aspects: Floats
    passages: Passages | None
    sentences: Passages | None
    """The small texts of each entry, by which siblings of one matter are told apart; none where there are thousands."""

    @classmethod
    def build(
        cls,
        entries: Sequence[Entry],
        lexicon: Lexicon,
        passages: Passages | None,
        sentences: Passages | None = None,
        *,
        brief: bool = False,
    ) -> Self:
        """`brief`: only the commonest groups of letters, for catalogues of thousands."""
        groups, letters = _spelt([_letters(entry) for entry in entries], brief=brief)
        names = [dict.fromkeys(_name_terms(entry, lexicon), 1.0) for entry in entries]
        words = Bm25.build(documents(entries, lexicon))
        return cls(words, groups, letters, Bm25.build(names), told(entries), passages, sentences)

    def expanded(
        self, own: Sequence[Mapping[str, float]], added: Sequence[Mapping[str, float]], spelt: Sequence[str]
    ) -> Self:
        """With `added` terms, one lot for each entry, beside its `own`; letters of `spelt` texts, or the same ones."""
        joined = [dict(document) for document in own]
        for document, more in zip(joined, added, strict=True):
            _add(document, more, _MATTER_TERM)
        groups, letters = _spelt(spelt) if spelt else (self.groups, self.letters)
        return replace(self, words=Bm25.build(joined), groups=groups, letters=letters)

    def features(self, batch: Batch) -> Floats:
        """(questions, entries, PLAIN): BM25, the same relative to the best, letters, meaning, coverage, names."""
        words, letters = self.words.scores(batch.terms), self.spelling(batch)
        meaning = np.zeros_like(words)
        if self.passages is not None and batch.vectors is not None:
            meaning = self.passages.apart(batch.vectors)
        named = self.names.coverage(batch.terms)
        return np.stack(
            [*_relative(words), letters / 0.35, meaning, self.words.coverage(batch.terms), named], axis=2
        ).astype(np.float32)

    def closest(self, batch: Batch) -> Floats:
        """(questions, entries, 1): how near the likest of an entry's small texts is."""
        if self.sentences is None or batch.vectors is None:
            return np.zeros((len(batch), len(self.aspects), 1), np.float32)
        return self.sentences.apart(batch.vectors)[:, :, None]

    def spelling(self, batch: Batch) -> Floats:
        """(questions, entries), cosine of letter groups."""
        return np.asarray((self.groups.transform(batch.cores) @ self.letters).toarray(), np.float32)

    def word_features(self, batch: Batch) -> Floats:
        """(questions, entries, 3): BM25, relative to the best, and letters."""
        return np.stack([*_relative(self.words.scores(batch.terms)), self.spelling(batch) / 0.3], axis=2)


def documents(entries: Sequence[Entry], lexicon: Lexicon) -> list[dict[str, float]]:
    """Each entry's own terms with their weights."""
    return [_document(entry, lexicon) for entry in entries]


def spelt_with(entries: Sequence[Entry], added: Sequence[Sequence[str]]) -> list[str]:
    """Each entry's telling words with those that its matters add."""
    return [" ".join((_letters(entry), *more)) for entry, more in zip(entries, added, strict=True)]


def _letters(entry: Entry) -> str:
    return " ".join(core(part) for part in _texts(entry))


def _spelt(texts: Sequence[str], *, brief: bool = False) -> tuple[TfidfVectorizer, csr_matrix]:
    few = {"min_df": 2, "max_features": _GROUPS} if brief else {}
    groups = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True, dtype=np.float32, **few)
    rows = groups.fit_transform([text or "-" for text in texts])
    groups.stop_words_ = None
    return groups, rows.T.tocsr()


def _relative(words: Floats) -> tuple[Floats, Floats]:
    most = words.max(axis=1, keepdims=True) + np.float32(1e-6)
    return np.asarray(np.minimum(words, 25) / 12, np.float32), np.asarray(words / most, np.float32)


def examples(entry: Entry) -> list[tuple[Language, str]]:
    """An entry's own texts, one at least, as examples of what is asked about it. Few, since each is embedded."""
    found = list[tuple[Language, str]]()
    for language, name, summary, description in _told(entry):
        found += [(language, name), (language, f"{name}. {summary}")]
        found += [(language, sentence) for sentence in _sentences(f"{summary} {description}")[:_SENTENCES]]
    for language, terms in entry.terms.items():
        starts = range(0, min(len(terms), 2 * _TOGETHER), _TOGETHER)
        found += [(language, ", ".join(terms[start : start + _TOGETHER])) for start in starts]
    long = [(language, text) for language, text in dict.fromkeys(found) if len(fold(text)) >= _SHORTEST]
    return long or [(Language.FI, "-")]


def beginnings(entry: Entry) -> list[tuple[Language, str]]:
    """One short text in each language: all that is embedded of an entry where there are thousands."""
    found = [(language, f"{name}. {summary}"[:_BEGINNING]) for language, name, summary, _description in _told(entry)]
    return found or [(Language.FI, "-")]


def _told(entry: Entry) -> list[tuple[Language, str, str, str]]:
    """Name, summary and description in each language that any of them has; a name of another one if it must be."""
    texts = (entry.name, entry.summary, entry.description)
    spoken = [language for language in Language if any(language in words for words in texts)]
    names = {language: (best(entry.name, language) or ("", language))[0] for language in spoken}
    return [(one, names[one], entry.summary.get(one, ""), entry.description.get(one, "")) for one in spoken]


def _passages(entry: Entry) -> list[str]:
    terms = ", ".join(term for some in entry.terms.values() for term in some)
    found = []
    for _language, name, summary, description in _told(entry):
        found.append(f"{name}. {summary} {description} {terms}")
    return found or ["-"]


def _document(entry: Entry, lexicon: Lexicon) -> dict[str, float]:
    document = dict[str, float]()
    weighted: tuple[tuple[Words, float], ...] = (
        (entry.name, _NAME),
        (entry.summary, _SUMMARY),
        (entry.description, _DESCRIPTION),
        (entry.hours_text, _DESCRIPTION),
        (entry.prices, _DESCRIPTION),
    )
    for words, weight in weighted:
        for language, text in words.items():
            for found in _long_terms(text, lexicon, language):
                _add(document, found, weight)
    for language, terms in entry.terms.items():
        for term in terms:
            _add(document, lexicon.terms(term, [language]), _TERMS)
    return document


def _long_terms(text: str, lexicon: Lexicon, language: Language) -> Iterable[Mapping[str, float]]:
    return [lexicon.terms(part, [language]) for part in _sentences(text)]


def _sentences(text: str) -> list[str]:
    """A long text in parts, since of one text only its beginning is read."""
    return [part for part in text.replace("\n", ". ").split(". ") if part.strip()]


def _name_terms(entry: Entry, lexicon: Lexicon) -> Iterable[str]:
    for language, text in entry.name.items():
        yield from lexicon.terms(text, [language])
    for language, terms in entry.terms.items():
        for term in terms:
            yield from lexicon.terms(term, [language])


def _texts(entry: Entry) -> list[str]:
    """Everything in parts, the name twice."""
    names = list(entry.name.values())
    terms = [term for some in entry.terms.values() for term in some]
    texts = (*entry.summary.values(), *entry.description.values(), *entry.hours_text.values(), *entry.prices.values())
    return [*names, *names, *terms, *(part for text in texts for part in _sentences(text))]


def _add(document: dict[str, float], terms: Mapping[str, float], weight: float) -> None:
    for term, share in terms.items():
        document[term] = document.get(term, 0.0) + weight * share
