"""The engine that answers: a model, the parts of this machine, and the bands of an answer."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from rapidfuzz import fuzz, process

from bot.advice.batch import Batch, Reader
from bot.advice.embedding import Embedder
from bot.advice.finnish import Analyser
from bot.advice.lexical import Lexicon
from bot.advice.model import Model, ModelError, Ranked, load_model
from bot.advice.normalising import fold, words
from bot.advice.steps import available, uses_embeddings, uses_voikko
from bot.domain.advice import Advice, Band, Found, Referral, Step

_NOBODY = "none"
"""The body of what is nobody's matter, such as small talk and the weather."""

_SHOWN = 10
_NEAR_EXACT = 92.0
_ANOTHERS = 0.35
"""Share of the classifier's probability from which on the matter is called somebody else's."""


@dataclass
class Engine:
    """Serves one thread. The same question always gets the same advice."""

    model: Model
    reader: Reader

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises `ModelError` where the file is broken, of another version, or of a step this machine can't do."""
        return cls.of(load_model(path))

    @classmethod
    def of(cls, model: Model) -> Self:
        if not _possible(model.step, available().step):
            raise ModelError(f"the model needs the step {model.step}, this machine has {available().step}")
        finnish = Analyser.find() if uses_voikko(model.step) else None
        embedder = Embedder() if uses_embeddings(model.step) else None
        return cls(model, Reader(Lexicon(finnish, model.synonyms), model.languages, embedder))

    def advise(self, question: str) -> Advice:
        """What is said to a question of any length and content; never raises for what it contains."""
        language = self.reader.languages.likely(question)[0]
        if not words(question) or not self.model.entries:
            return Advice(Band.HAND_OVER, (), language)
        batch = self.reader.ask(question)
        ranked = _near_first(self.model.rank(batch), self._near(question))
        band = self._band(ranked)
        return Advice(band, self._found(ranked), language, self._referral(batch) if band is Band.HAND_OVER else None)

    def _band(self, ranked: Ranked) -> Band:
        thresholds = self.model.thresholds
        if ranked.answerable < thresholds.answerable:
            return Band.HAND_OVER
        return Band.ONE if ranked.right >= thresholds.single else Band.CHOICES

    def _found(self, ranked: Ranked) -> tuple[Found, ...]:
        """Probabilities: the calibrated one of the first, the rest shared by score."""
        shares = np.exp(np.array(ranked.scores) - ranked.scores[0])
        rest = shares[1:] / max(1e-9, shares[1:].sum()) * (1 - ranked.right) * ranked.answerable
        chances = (ranked.right, *(min(float(share), ranked.right) for share in rest))
        pairs = zip(ranked.entries[:_SHOWN], chances, strict=False)
        return tuple(Found(self.model.entries[row], round(float(chance), 4)) for row, chance in pairs)

    def _near(self, question: str) -> int | None:
        """The entry of whose example questions one is nearly the same."""
        if not self.model.near:
            return None
        best = process.extractOne(fold(question), self.model.near.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR_EXACT)
        return self.model.near[best[0]] if best else None

    def _referral(self, batch: Batch) -> Referral | None:
        """Whose matter it is, where bodies other than the municipality have enough of the probability."""
        shares = self.model.classifier.scores(batch).together[0]
        lost = self.model.places.unanswered()
        by_body = dict[str, float]()
        for body, share in zip(np.array(self.model.bodies)[lost], shares[lost], strict=True):
            by_body[str(body)] = by_body.get(str(body), 0.0) + float(share)
        own = by_body.pop("", 0.0)
        body = max(by_body, key=lambda one: by_body[one], default="")
        if not body or sum(by_body.values()) < max(_ANOTHERS, own):
            return None
        return None if body == _NOBODY else self.model.referrals.get(body)


def _near_first(ranked: Ranked, near: int | None) -> Ranked:
    """A nearly exact example question decides; what was ranked comes after it."""
    if near is None:
        return ranked
    rest: Sequence[tuple[int, float]] = [
        pair for pair in zip(ranked.entries, ranked.scores, strict=True) if pair[0] != near
    ]
    entries = (near, *(entry for entry, _ in rest))
    scores = (max(ranked.scores) + 3, *(score for _, score in rest))
    return replace(ranked, entries=entries, scores=scores, answerable=1.0, right=1.0)


def _possible(needed: Step, here: Step) -> bool:
    return (not uses_embeddings(needed) or uses_embeddings(here)) and (not uses_voikko(needed) or uses_voikko(here))
