"""The combiner that ranks entries, and two confidences: that the question is answerable, that the first is right.

All linear and small: fitted out of fold for one catalogue, kept as arrays, explained by their weights.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]
Truths = NDArray[np.bool_]

_TOLD = [0, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15, 18]
"""Columns of the first entry that the confidences see: see `features.evidence`."""


def rank_weights(features: Sequence[Floats], right: Sequence[Truths], weights: Floats) -> Floats:
    """(columns,): of pairwise logistic regression. `features[i]` is (candidates, columns), `right[i]` (candidates,)."""
    pairs, shares = list[Floats](), list[Floats]()
    for rows, truth, weight in zip(features, right, weights, strict=True):
        if truth.any() and not truth.all():
            best = rows[truth][rows[truth].sum(axis=1).argmax()]
            pairs.append(best - rows[~truth])
            shares.append(np.full(int((~truth).sum()), weight, np.float32))
    if not pairs:
        return np.ones(features[0].shape[1] if features else 1, np.float32)
    apart, share = np.vstack(pairs), np.concatenate(shares)
    signs = np.where(np.arange(len(apart)) % 2 == 0, 1, -1)  # one of each pair's two mirror images says it all
    model = LogisticRegression(C=0.1, fit_intercept=False, max_iter=300, tol=1e-4)
    _fit(model, apart * signs[:, None], signs > 0, share)
    return np.asarray(model.coef_[0], np.float32)


@dataclass(frozen=True, slots=True)
class Confidence:
    """A logistic model of standardised values."""

    mean: Floats
    scale: Floats
    weights: Floats
    bias: float

    @classmethod
    def learn(cls, values: Floats, truth: Truths, share: Floats) -> Self:
        mean, scale = values.mean(axis=0), values.std(axis=0) + 1e-6
        if truth.all() or not truth.any():
            zero = np.zeros(values.shape[1], np.float32)
            return cls(mean, scale, zero, 4.0 if truth.all() else -4.0)
        model = LogisticRegression(C=0.3, max_iter=300)
        _fit(model, (values - mean) / scale, truth, share)
        return cls(mean, scale, np.asarray(model.coef_[0], np.float32), float(model.intercept_[0]))

    def probability(self, values: Floats) -> Floats:
        """(questions,) of (questions, values)."""
        return np.asarray(1 / (1 + np.exp(-((values - self.mean) / self.scale @ self.weights + self.bias))), np.float32)


def ranked_values(scores: Floats, features: Floats, whole: Floats) -> Floats:
    """What the confidences see: of one question's candidates in falling order (candidates,), (candidates, columns)."""
    shares = np.exp(scores - scores[0])
    shares = shares / shares.sum()
    second = scores[1] if len(scores) > 1 else scores[0] - 5
    third = scores[2] if len(scores) > 2 else second
    top = features[0]
    return np.concatenate(
        [
            np.array([scores[0], scores[0] - second, scores[0] - third, shares[0], shares[:3].sum()], np.float32),
            top[_TOLD],
            whole,
        ]
    ).astype(np.float32)


def cross_fitted(values: Floats, truth: Truths, share: Floats, folds: int = 5) -> Floats:
    """Each question's confidence by a model that has not seen it."""
    found = np.zeros(len(values), np.float32)
    turn = np.random.default_rng(0).integers(0, folds, len(values))
    for fold in range(folds):
        rest, own = turn != fold, turn == fold
        found[own] = Confidence.learn(values[rest], truth[rest], share[rest]).probability(values[own])
    return found


def _fit(model: LogisticRegression, values: Floats, truth: NDArray[np.bool_], share: Floats) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the last digits of a weight decide nothing
        model.fit(values, truth, sample_weight=share)
