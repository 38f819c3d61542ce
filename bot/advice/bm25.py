"""Okapi BM25 over weighted terms, as one sparse product (Robertson & Zaragoza 2009, section 3.2)."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

_K1 = 1.2


@dataclass(frozen=True, slots=True)
class Bm25:
    """`weights` is (terms, documents), idf included; `idf` (terms,), and `rarest` that of an unknown term."""

    vocabulary: Mapping[str, int]
    weights: csr_matrix
    present: csr_matrix
    idf: NDArray[np.float32]
    rarest: float

    @classmethod
    def build(cls, documents: Sequence[Mapping[str, float]], *, b: float = 0.5) -> Self:
        """Documents as weights of terms; at least one document."""
        seen = Counter(term for document in documents for term in document)
        vocabulary = {term: row for row, term in enumerate(seen)}
        lengths = np.array([sum(document.values()) for document in documents]) + 1e-6
        norm = _K1 * (1 - b + b * lengths / lengths.mean())
        idf = np.array([math.log(1 + (len(documents) - n + 0.5) / (n + 0.5)) for n in seen.values()], dtype=np.float32)
        rows, columns, values = list[int](), list[int](), list[float]()
        for column, document in enumerate(documents):
            for term, weight in document.items():
                rows.append(vocabulary[term])
                columns.append(column)
                values.append(float(idf[vocabulary[term]]) * weight * (_K1 + 1) / (weight + float(norm[column])))
        shape = (len(vocabulary), len(documents))
        weights = csr_matrix((np.array(values, np.float32), (rows, columns)), shape=shape)
        present = weights.copy()
        present.data = np.repeat(idf, np.diff(present.indptr)).astype(np.float32)
        return cls(vocabulary, weights, present, idf, math.log(1 + len(documents)))

    def scores(self, asked: Sequence[Mapping[str, float]]) -> NDArray[np.float32]:
        """(questions, documents), 0 upwards."""
        return np.asarray((self._rows(asked) @ self.weights).toarray(), dtype=np.float32)

    def coverage(self, asked: Sequence[Mapping[str, float]]) -> NDArray[np.float32]:
        """The share of each question that each document has the words of, rare words counting more; 0 to 1."""
        found = (self._rows(asked) @ self.present).toarray()
        whole = [sum(weight * self._rarity(term) for term, weight in terms.items()) for terms in asked]
        return np.asarray(found / (np.array(whole)[:, None] + 1e-6), dtype=np.float32)

    def _rarity(self, term: str) -> float:
        row = self.vocabulary.get(term)
        return self.rarest if row is None else float(self.idf[row])

    def _rows(self, asked: Sequence[Mapping[str, float]]) -> csr_matrix:
        rows, columns, values = list[int](), list[int](), list[float]()
        for row, terms in enumerate(asked):
            for term, weight in terms.items():
                if term in self.vocabulary:
                    rows.append(row)
                    columns.append(self.vocabulary[term])
                    values.append(weight)
        return csr_matrix((np.array(values, np.float32), (rows, columns)), shape=(len(asked), len(self.vocabulary)))
