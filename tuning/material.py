"""What is learned from: the corpus' questions, and for each matter texts as towns would write them of it.

`texts/` has three texts a matter in three languages, each of another side of it: a question belongs to the one that is
nearest, whichever that is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from bot.advice.corpus import Corpus
from bot.advice.normalising import fold
from bot.domain.language import Language
from tuning.tokens import Vocabulary

FOLDER = Path(__file__).with_name("texts")
SIDES = 3
_LONGEST_QUESTION, _LONGEST_TEXT, _LONGEST_PART = 20, 44, 32
_WHOLE, _AS_PASSAGE = 0.4, 0.8
_LANGUAGES = {Language.FI: 0.5, Language.SV: 0.25, Language.EN: 0.25}
"""Finnish is half of what is asked."""

Numbers = list[int]
Texts = dict[str, list[dict[Language, str]]]


def read_texts(folder: Path = FOLDER) -> Texts:
    """Of each matter, by its id, the texts."""
    rows = [row for file in sorted(folder.glob("*.yaml")) for row in yaml.safe_load(file.read_text(encoding="utf-8"))]
    return {
        row["matter"]: [{Language(one): text for one, text in some.items()} for some in row["texts"]] for row in rows
    }


@dataclass
class Draws:
    """Questions and texts, drawn anew for each step."""

    questions: Sequence[dict[Language, list[Numbers]]]
    texts: Sequence[list[dict[Language, str]]]
    vocabulary: Vocabulary
    random: np.random.Generator

    @classmethod
    def of(cls, corpus: Corpus, texts: Texts, vocabulary: Vocabulary, seed: int) -> "Draws":
        rows = {matter.id: dict[Language, list[Numbers]]() for matter in corpus.matters if matter.id in texts}
        for one in corpus.questions():
            if one.matter in rows:
                numbers = vocabulary.numbers(f"query: {fold(one.text)}", _LONGEST_QUESTION)
                rows[one.matter].setdefault(one.language, []).append(numbers)
        known = [matter for matter, found in rows.items() if found]
        return cls(
            [rows[matter] for matter in known],
            [texts[matter] for matter in known],
            vocabulary,
            np.random.default_rng(seed),
        )

    def matters(self, count: int) -> list[int]:
        return [int(row) for row in self.random.choice(len(self.questions), count, replace=False)]

    def question(self, matter: int) -> Numbers:
        found = self.questions[matter]
        some = found[self._language(list(found))]
        return some[self.random.integers(len(some))]

    def text(self, matter: int, side: int) -> Numbers:
        """The whole text or its name and one sentence, as what answers or, seldom, as a like of questions."""
        told = self.texts[matter][side]
        name, *sentences = [part for part in told[self._language(list(told))].split(". ") if part]
        start = "passage" if self.random.random() < _AS_PASSAGE else "query"
        if self.random.random() < _WHOLE or not sentences:
            return self.vocabulary.numbers(f"{start}: {fold('. '.join((name, *sentences)))}", _LONGEST_TEXT)
        sentence = sentences[self.random.integers(len(sentences))]
        return self.vocabulary.numbers(f"{start}: {fold(f'{name}. {sentence}')}", _LONGEST_PART)

    def _language(self, spoken: Sequence[Language]) -> Language:
        weights = np.array([_LANGUAGES[one] for one in spoken])
        return spoken[int(self.random.choice(len(spoken), p=weights / weights.sum()))]
