"""Texts as sparse rows of lemmas and of letter groups, for what compares by spelling."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.advice.batch import Batch

_GROUPS = 25_000


@dataclass(frozen=True, slots=True)
class Letters:
    """tf-idf of terms beside tf-idf of three or four letters within words, float32."""

    terms: TfidfVectorizer
    groups: TfidfVectorizer

    @classmethod
    def learn(cls, batch: Batch) -> Self:
        terms = TfidfVectorizer(analyzer=_names, sublinear_tf=True, min_df=2, dtype=np.float32)
        groups = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(3, 4), sublinear_tf=True, min_df=2, max_features=_GROUPS, dtype=np.float32
        )
        terms.fit(batch.terms)
        groups.fit(batch.cores)
        for one in (terms, groups):
            one.stop_words_ = None
        return cls(terms, groups)

    def rows(self, batch: Batch) -> csr_matrix:
        """(texts, features)."""
        if batch.rows is not None:
            return batch.rows
        return hstack([self.terms.transform(batch.terms), self.groups.transform(batch.cores)], format="csr")


def _names(terms: Mapping[str, float]) -> list[str]:
    return list(terms)
