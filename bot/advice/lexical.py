"""A text as weighted terms: Finnish lemmas with the parts of compounds, Swedish and English stems.

A term carries its language (`fi:kirjasto`), so that equal letters of two languages stay apart.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import snowballstemmer

from bot.advice.finnish import Analyser
from bot.advice.normalising import STOP_WORDS, telling
from bot.domain.catalogue import Synonym
from bot.domain.language import Language

_PART, _GUESS, _GUESSED_PART, _MEANT = 0.6, 0.7, 0.4, 0.8
_STEMMERS = {Language.FI: "finnish", Language.SV: "swedish", Language.EN: "english"}
_CACHED = 60_000


@dataclass
class Lexicon:
    """Turns texts into terms. Without an analyser Finnish is stemmed like the others."""

    finnish: Analyser | None
    synonyms: tuple[Synonym, ...] = ()
    _stems: dict[tuple[Language, str], str] = field(default_factory=dict)
    _stemmers: Mapping[Language, snowballstemmer.stemmer] = field(
        default_factory=lambda: {lang: snowballstemmer.stemmer(name) for lang, name in _STEMMERS.items()}
    )

    def terms(self, text: str, languages: Iterable[Language], *, asked: bool = False) -> dict[str, float]:
        """Terms with weights up to 1. Of what is `asked`, misspelt words are guessed."""
        found = dict[str, float]()
        spoken = list(languages)
        for word in telling(text):
            for language in spoken:
                for term, weight in self._word(word, language, asked=asked):
                    found[term] = max(found.get(term, 0.0), weight)
        return found

    def meant(self, text: str, languages: Iterable[Language]) -> tuple[str, ...]:
        """What the municipality's synonyms add to a question: words of the catalogue."""
        if not self.synonyms:
            return ()
        spoken = set(languages)
        forms = [self._forms(word) for word in telling(text)]
        folded = " " + " ".join(telling(text)) + " "
        added = [
            word
            for synonym in self.synonyms
            if synonym.language in spoken and (_said(synonym.said, forms) or _phrase(synonym.said, folded))
            for word in synonym.meant
        ]
        return tuple(dict.fromkeys(added))

    def expanded(self, text: str, languages: Iterable[Language]) -> dict[str, float]:
        """The terms of a question with those that synonyms add."""
        spoken = list(languages)
        found = self.terms(text, spoken, asked=True)
        for word in self.meant(text, spoken):
            for term, weight in self.terms(word, spoken).items():
                found[term] = max(found.get(term, 0.0), _MEANT * weight)
        return found

    def forget(self) -> None:
        """Empties the caches."""
        self._stems.clear()
        if self.finnish:
            self.finnish.forget()

    def _forms(self, word: str) -> frozenset[str]:
        known = self.finnish.analyse(word) if self.finnish else None
        return frozenset((word, *known.lemmas, *known.parts)) if known else frozenset((word,))

    def _word(self, word: str, language: Language, *, asked: bool) -> list[tuple[str, float]]:
        if language is not Language.FI or self.finnish is None:
            return [(f"{language}:{self._stem(word, language)}", 1.0)]
        known = self.finnish.analyse(word)
        if known:
            return _terms(known.lemmas[:2], known.parts, 1.0, _PART)
        found = [(f"fi:{word}", 1.0)]
        for guess in self.finnish.suggest(word) if asked else ():
            likely = self.finnish.analyse(guess)
            if likely:
                found += _terms(likely.lemmas[:2], likely.parts, _GUESS, _GUESSED_PART)
        return found

    def _stem(self, word: str, language: Language) -> str:
        key = (language, word)
        if key not in self._stems:
            if len(self._stems) >= _CACHED:
                self._stems.clear()
            self._stems[key] = self._stemmers[language].stemWord(word)
        return self._stems[key]


def _terms(lemmas: Iterable[str], parts: Iterable[str], weight: float, part: float) -> list[tuple[str, float]]:
    whole = [(f"fi:{lemma}", weight) for lemma in lemmas if lemma not in STOP_WORDS]
    return whole + [(f"fi:{one}", part) for one in parts if one not in STOP_WORDS] if whole else []


def _said(said: str, forms: Iterable[frozenset[str]]) -> bool:
    wanted = said.lower().strip()
    if wanted.endswith("*"):
        return any(form.startswith(wanted[:-1]) for word in forms for form in word)
    return any(wanted in word for word in forms)


def _phrase(said: str, folded: str) -> bool:
    wanted = said.lower().strip()
    return " " in wanted and f" {wanted.rstrip('*')}{'' if wanted.endswith('*') else ' '}" in folded
