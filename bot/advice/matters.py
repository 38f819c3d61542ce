"""The classifier of municipal matters: which kind of thing a question asks, by five kinds of evidence.

Logistic regression on embeddings, a linear SVM on lemmas and letters, the nearest examples by meaning and by letters,
and BM25 over each matter's words. It knows classes by number; what a class stands for is its maker's matter.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from bot.advice.batch import Batch
from bot.advice.bm25 import Bm25
from bot.advice.lettering import Letters

Floats = NDArray[np.float32]
Rows = NDArray[np.intp]

_SPREAD = float(np.sqrt(384))
"""Brings unit vectors to unit variance, which the regularisation is told in."""
_REGULARISED, _SVM_C, _SVM_SHARPNESS = 0.1, 0.4, 8.0
_SVM_ROUNDS = 3
_ROUNDS = 20
"""Of the regression: more of them fit what is learned better, and what is asked worse."""
_NEVER = -4.0
"""The SVM's score of a class that it has not learned."""
_TERM_COUNT = 2.0
_NEIGHBOURLY, _SPELT_NEIGHBOURLY = 12.0, 12.0
_FLOOR = 1e-4
_STACKED = (0.7, 0.66, 0.3, 0.26)
"""Exponents of meaning, neighbours, letters and spelt neighbours in what they say together; fitted out of fold."""
_WITHOUT_MEANING = (0.0, 0.0, 0.6, 0.5)


@dataclass(frozen=True, slots=True)
class Scores:
    """Each is (questions, classes). The first five are probabilities; `nearest` and `spelt` are cosines."""

    together: Floats
    meaning: Floats
    neighbours: Floats
    letters: Floats
    spelt_neighbours: Floats
    nearest: Floats
    spelt: Floats
    words: Floats


@dataclass(frozen=True, slots=True)
class Meaning:
    """The part that needs embeddings. `weights` (classes, 384), `vectors` (examples, 384) in order of class."""

    mean: Floats
    weights: Floats
    bias: Floats
    vectors: Floats
    starts: Rows

    @classmethod
    def learn(cls, vectors: Floats, labels: Rows, classes: int, fitted: int | None = None) -> Self:
        """Of the `classes` the regression learns the first `fitted`; the others have their nearest examples only."""
        mean = vectors.mean(axis=0)
        centred = _centred(vectors, mean)
        model = LogisticRegression(C=_REGULARISED, max_iter=_ROUNDS, tol=1e-3)
        rows = labels < (classes if fitted is None else fitted)
        _fit(model, centred[rows] * _SPREAD, labels[rows])
        weights = np.zeros((classes, vectors.shape[1]), np.float32)
        bias = np.full(classes, -30.0, np.float32)
        weights[model.classes_], bias[model.classes_] = model.coef_ * _SPREAD, model.intercept_
        order, starts = _by_class(labels, classes)
        return cls(mean, weights, bias, centred[order], starts)

    def probabilities(self, vectors: Floats) -> Floats:
        return softmax(_centred(vectors, self.mean) @ self.weights.T + self.bias)

    def neighbours(self, vectors: Floats) -> tuple[Floats, Floats]:
        """The votes of all examples, near ones counting more, and the likeness of each class' nearest."""
        likeness = self.vectors @ _centred(vectors, self.mean).T
        return _voted(likeness, self.starts, _NEIGHBOURLY), _highest(likeness, self.starts)


@dataclass(frozen=True, slots=True)
class Lettered:
    """The part that needs words and letters only.

    `weights` is (features, fitted classes), float16 to be small; `fitted` tells their numbers; `bias` is of all.
    """

    letters: Letters
    weights: NDArray[np.float16]
    fitted: Rows
    bias: Floats
    examples: csr_matrix
    starts: Rows

    @classmethod
    def learn(cls, letters: Letters, batch: Batch, labels: Rows, classes: int, fitted: int | None = None) -> Self:
        """Of the `classes` the SVM learns the first `fitted`; the others have their nearest examples only."""
        rows = letters.rows(batch)
        learned = labels < (classes if fitted is None else fitted)
        model = LinearSVC(C=_SVM_C, tol=1.0, max_iter=_SVM_ROUNDS, dual=True, random_state=0)
        _fit(model, rows[learned], labels[learned])
        bias = np.full(classes, _NEVER, np.float32)
        bias[model.classes_] = model.intercept_
        order, starts = _by_class(labels, classes)
        weights = np.ascontiguousarray(model.coef_.T, np.float16)
        return cls(letters, weights, model.classes_.astype(np.intp), bias, rows[order], starts)

    def probabilities(self, rows: csr_matrix) -> Floats:
        scores = np.tile(self.bias, (rows.shape[0], 1))
        scores[:, self.fitted] += _product(rows, self.weights)
        return softmax(_SVM_SHARPNESS * scores)

    def neighbours(self, rows: csr_matrix) -> tuple[Floats, Floats]:
        likeness = (self.examples @ rows.T).toarray() / 2  # the rows of words and of letters have length one each
        return _voted(likeness, self.starts, _SPELT_NEIGHBOURLY), _highest(likeness, self.starts)


@dataclass(frozen=True, slots=True)
class Classifier:
    """Learns from as many texts as there are labels; a class without examples hardly scores.

    Where not all classes are `fitted`, those behind them have their words and their nearest examples only.
    """

    meaning: Meaning | None
    lettered: Lettered
    words: Bm25

    @classmethod
    def learn(
        cls,
        letters: Letters,
        batch: Batch,
        labels: Rows,
        is_term: NDArray[np.bool_],
        *,
        classes: int,
        fitted: int,
    ) -> Self:
        documents: list[dict[str, float]] = [{} for _ in range(classes)]
        for terms, label, is_one in zip(batch.terms, labels, is_term, strict=True):
            _add(documents[label], terms, _TERM_COUNT if is_one else 1.0)
        return cls(
            None if batch.vectors is None else Meaning.learn(batch.vectors, labels, classes, fitted),
            Lettered.learn(letters, batch, labels, classes, fitted),
            Bm25.build(documents, b=0.3),
        )

    def scores(self, batch: Batch) -> Scores:
        rows = self.lettered.letters.rows(batch)
        letters, (spelt_neighbours, spelt) = self.lettered.probabilities(rows), self.lettered.neighbours(rows)
        words = self.words.scores(batch.terms)
        if self.meaning is None or batch.vectors is None:
            together = _stacked((letters, letters, letters, spelt_neighbours), _WITHOUT_MEANING)
            return Scores(together, letters, spelt_neighbours, letters, spelt_neighbours, spelt, spelt, words)
        meaning, (neighbours, nearest) = (
            self.meaning.probabilities(batch.vectors),
            self.meaning.neighbours(batch.vectors),
        )
        together = _stacked((meaning, neighbours, letters, spelt_neighbours), _STACKED)
        return Scores(together, meaning, neighbours, letters, spelt_neighbours, nearest, spelt, words)


def _fit(model: LogisticRegression | LinearSVC, rows: Floats | csr_matrix, labels: Rows) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # more rounds cost time and gain nothing out of fold
        model.fit(rows, labels)


def softmax(scores: Floats) -> Floats:
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)


def _by_class(labels: Rows, classes: int) -> tuple[Rows, Rows]:
    """The order of class, and where each class begins, (classes + 1,)."""
    order = np.argsort(labels, kind="stable")
    return order, np.searchsorted(labels[order], np.arange(classes + 1))


def _centred(vectors: Floats, mean: Floats) -> Floats:
    """All e5 vectors point about the same way; what tells them apart is the rest."""
    rest = vectors - mean
    return np.asarray(rest / (np.linalg.norm(rest, axis=1, keepdims=True) + 1e-9), np.float32)


def _highest(likeness: Floats, starts: Rows) -> Floats:
    """Of (examples, questions) in order of class the highest of each class, (questions, classes)."""
    found = np.zeros((len(starts) - 1, likeness.shape[1]), np.float32)
    filled = np.flatnonzero(np.diff(starts))
    found[filled] = np.maximum.reduceat(likeness, starts[filled], axis=0)
    return found.T


def _voted(likeness: Floats, starts: Rows, neighbourly: float) -> Floats:
    """Shares of votes that grow exponentially with likeness (a kernel classifier), (questions, classes)."""
    found = np.zeros((len(starts) - 1, likeness.shape[1]), np.float32)
    filled = np.flatnonzero(np.diff(starts))
    found[filled] = np.add.reduceat(np.exp(neighbourly * (likeness - 1)), starts[filled], axis=0)
    return np.asarray((found / found.sum(axis=0)).T, np.float32)


def _stacked(parts: Sequence[Floats], exponents: Sequence[float]) -> Floats:
    """The weighted product of probabilities, made to sum to 1."""
    pairs = zip(parts, exponents, strict=True)
    return softmax(np.sum([exponent * np.log(part + _FLOOR) for part, exponent in pairs], axis=0))


def _product(rows: csr_matrix, weights: NDArray[np.float16]) -> Floats:
    """A sparse product over the few features that each row has, so that the weights can stay small."""
    found = np.zeros((rows.shape[0], weights.shape[1]), np.float32)
    for row in range(rows.shape[0]):
        span = slice(rows.indptr[row], rows.indptr[row + 1])
        found[row] = rows.data[span] @ weights[rows.indices[span]].astype(np.float32)
    return found


def _add(document: dict[str, float], terms: Mapping[str, float], weight: float) -> None:
    for term, share in terms.items():
        document[term] = document.get(term, 0.0) + weight * share


def concatenated(first: Batch, second: Batch) -> Batch:
    """Both, one behind the other."""
    join: Sequence[Mapping[str, float]] = [*first.terms, *second.terms]
    return Batch(
        [*first.texts, *second.texts],
        join,
        [*first.cores, *second.cores],
        np.vstack([first.vectors, second.vectors])
        if first.vectors is not None and second.vectors is not None
        else None,
        vstack([first.rows, second.rows], format="csr") if first.rows is not None and second.rows is not None else None,
    )
