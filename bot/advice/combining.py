"""The combiner that ranks entries, and two confidences: that the question is answerable, that the first is right.

All linear and small: fitted out of fold for one catalogue, kept as arrays, explained by their weights.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

Floats = NDArray[np.float32]
Truths = NDArray[np.bool_]

FREE = frozenset(range(18, 30)) | {32}
"""Columns whose weight may be negative: corrections of entries that have only a class of their own, and what tells
against an entry."""
_SHRUNK = 5e-4
_ALONE = 5.0
"""How far an only entry is ahead of none."""

_TOLD = [0, 2, 3, 4, 9, 10, 11, 12, 13, 14, 15, 18, 30]
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
    return _fitted(np.vstack(pairs), np.concatenate(shares))


def _fitted(apart: Floats, share: Floats) -> Floats:
    """Logistic regression of differences, right minus wrong, whose weights of evidence may not be negative.

    Evidence for an entry is evidence for it whatever else is known; a negative weight would be one catalogue's chance.
    """
    scale = np.float32(1 / share.sum())

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        margin = apart @ weights.astype(np.float32)
        wrong = share / (1 + np.exp(np.clip(margin, -30, 30)))
        value = float((share * np.logaddexp(0, -margin)).sum() * scale) + _SHRUNK * float(weights @ weights)
        return value, (-(wrong @ apart) * scale).astype(np.float64) + 2 * _SHRUNK * weights

    columns = apart.shape[1]
    bounds = [(None, None) if column in FREE else (0.0, None) for column in range(columns)]
    found = minimize(loss, np.full(columns, 0.3), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 200})
    return np.asarray(found.x, np.float32)


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
    behind = [float(score) for score in scores[1:3]] or [float(scores[0]) - _ALONE]
    second, third = behind[0], behind[-1]
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
