"""Questions as everything that is compared: terms, telling letters and a vector each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from bot.advice.embedding import Embedder, Vectors
from bot.advice.languages import Languages
from bot.advice.lexical import Lexicon
from bot.advice.normalising import core, fold
from bot.domain.language import Language


@dataclass(frozen=True, slots=True)
class Batch:
    """As many of each as there are texts. `vectors` is none in the steps without embeddings."""

    texts: Sequence[str]
    terms: Sequence[Mapping[str, float]]
    cores: Sequence[str]
    vectors: Vectors | None
    rows: csr_matrix | None = None
    """Sparse rows of words and letters, where they have been counted before."""

    def __len__(self) -> int:
        return len(self.texts)

    def take(self, rows: Sequence[int]) -> "Batch":
        vectors = None if self.vectors is None else self.vectors[np.asarray(rows, dtype=np.intp)]
        return Batch(
            [self.texts[row] for row in rows],
            [self.terms[row] for row in rows],
            [self.cores[row] for row in rows],
            vectors,
            None if self.rows is None else self.rows[np.asarray(rows, dtype=np.intp)],
        )


@dataclass
class Reader:
    """Reads texts into a batch."""

    lexicon: Lexicon
    languages: Languages
    embedder: Embedder | None

    def read(self, texts: Sequence[str], languages: Sequence[Language], *, guess: bool = True) -> Batch:
        """Texts whose languages are known: the corpus' and the catalogue's. A `guess` at a misspelt word is slow."""
        return self.read_as(texts, self.terms(texts, languages, guess=guess))

    def terms(
        self, texts: Sequence[str], languages: Sequence[Language], *, guess: bool = True
    ) -> Sequence[Mapping[str, float]]:
        return [self.lexicon.terms(text, [one], asked=guess) for text, one in zip(texts, languages, strict=True)]

    def read_as(self, texts: Sequence[str], terms: Sequence[Mapping[str, float]]) -> Batch:
        """Texts whose terms are known."""
        vectors = self.embedder.queries(texts) if self.embedder else None
        return Batch([fold(text) for text in texts], terms, [core(text) for text in texts], vectors)

    def ask(self, text: str) -> Batch:
        """One question; synonyms add to its words, and half of what they add to its vector."""
        likely = self.languages.likely(text)
        meant = self.lexicon.meant(text, likely)
        return Batch(
            [fold(text)],
            [self.lexicon.expanded(text, likely)],
            [" ".join((core(text), *meant))],
            self._vector(text, meant),
        )

    def _vector(self, text: str, meant: Sequence[str]) -> Vectors | None:
        if self.embedder is None:
            return None
        vector = self.embedder.ask(text)
        if meant:
            vector = vector + self.embedder.ask(f"{fold(text)} ({' '.join(meant)})")
            vector = vector / np.linalg.norm(vector)
        return vector[None, :]
