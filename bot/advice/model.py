"""A trained model: everything that answers questions about one catalogue, and its file."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.advice.batch import Batch
from bot.advice.combining import Confidence, ranked_values
from bot.advice.entries import EntryIndex
from bot.advice.features import KEPT, Places, evidence
from bot.advice.languages import Languages
from bot.advice.matters import Classifier
from bot.advice.thresholds import Thresholds
from bot.domain.advice import Referral, Step
from bot.domain.catalogue import EntryId, Synonym

Floats = NDArray[np.float32]

FORMAT = 3


class ModelError(Exception):
    """A file is no model that this version can use; the message says why. Training anew is the way on."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Entries of one question by row, best first, with scores; the two confidences."""

    entries: tuple[int, ...]
    scores: tuple[float, ...]
    answerable: float
    right: float


@dataclass(frozen=True, slots=True)
class Model:
    """`bodies` (classes,) names each class' body; empty: the municipality."""

    step: Step
    corpus: str
    code: str
    entries: tuple[EntryId, ...]
    synonyms: tuple[Synonym, ...]
    near: Mapping[str, int]
    """Example questions of entries, folded: near-exact matches."""
    languages: Languages
    plain: EntryIndex
    expanded: EntryIndex
    classifier: Classifier
    places: Places
    weights: Floats
    answerable: Confidence
    right: Confidence
    thresholds: Thresholds
    bodies: tuple[str, ...]
    referrals: Mapping[str, Referral]

    def rank(self, batch: Batch) -> Ranked:
        """Of a batch of one question."""
        seen = evidence(batch, self.plain, self.expanded, self.classifier, self.places)
        scores = seen.entries[0] @ self.weights
        order = np.argsort(-scores)[:KEPT]
        values = ranked_values(scores[order], seen.entries[0][order], seen.whole[0])[None, :]
        return Ranked(
            tuple(int(row) for row in order),
            tuple(float(score) for score in scores[order]),
            float(self.answerable.probability(values)[0]),
            float(self.right.probability(values)[0]),
        )

    def save(self, path: Path) -> None:
        """Writes beside and renames, so that a reader sees the old file or the new one."""
        beside = path.with_suffix(".part")
        with beside.open("wb") as file:
            pickle.dump(_stamp(), file)
            pickle.dump(self, file, protocol=pickle.HIGHEST_PROTOCOL)
        beside.replace(path)


def load_model(path: Path) -> Model:
    """Raises `ModelError`. The folder belongs to the service alone: nobody else's pickle is ever read."""
    try:
        with path.open("rb") as file:
            stamp = pickle.load(file)  # noqa: S301 -- written by this program into its own folder
            model = pickle.load(file) if stamp == _stamp() else None  # noqa: S301 -- as above
    except Exception as error:
        raise ModelError(f"{path.name} can't be read: {error}") from error
    if stamp != _stamp():
        raise ModelError(f"{path.name} was made by other versions and can't be read: {stamp}")
    if not isinstance(model, Model):
        raise ModelError(f"{path.name} holds no model")
    return model


def _stamp() -> dict[str, object]:
    return {"format": FORMAT, **{name: version(name) for name in ("numpy", "scipy", "scikit-learn")}}
