"""Finnish words by libvoikko: base forms, the parts of compounds, and suggestions for what is misspelt.

Leans on Debian's libvoikko1 and voikko-fi through PyPI's `libvoikko`; where they are missing, `analyser()` is none
and the engine steps down. A handle serves one thread: the engine has one.
"""

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Self

_BASES = re.compile(r"\+([^+(]*)(?:\(([^)]*)\))?")
_SHORTEST_PART = 3
_SHORTEST_SUGGESTED = 4
_SHORTEST_JOINED = 3
_ANALYSES = 4
_LONGEST_WORD, _LONGEST_SUGGESTED = 60, 24  # a suggestion for a long word takes seconds
_CACHED = 60_000


@dataclass(frozen=True, slots=True)
class Analysis:
    """`lemmas` are base forms, likeliest first; `parts` the bases of a compound's or derivation's parts."""

    lemmas: tuple[str, ...]
    parts: tuple[str, ...]


@dataclass
class Analyser:
    """Cached questions to a Voikko handle."""

    _voikko: Any
    _analyses: dict[str, Analysis | None] = field(default_factory=dict)
    _suggestions: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def find(cls) -> Self | None:
        """None where the wheel, the library or the Finnish dictionary is missing."""
        try:
            import libvoikko  # noqa: PLC0415 -- a machine without the library must come this far

            return cls(libvoikko.Voikko("fi"))
        except (ImportError, OSError, AttributeError):
            return None
        except Exception as error:
            if type(error).__name__ != "VoikkoException":
                raise
            return None

    def analyse(self, word: str) -> Analysis | None:
        """None where Voikko does not know the word."""
        if len(word) > _LONGEST_WORD:
            return None
        if word not in self._analyses:
            _bound(self._analyses)
            self._analyses[word] = _read(self._voikko.analyze(word))
        return self._analyses[word]

    def suggest(self, word: str) -> tuple[str, ...]:
        """At most two likely spellings, single words only."""
        if not _SHORTEST_SUGGESTED <= len(word) <= _LONGEST_SUGGESTED:
            return ()
        if word not in self._suggestions:
            _bound(self._suggestions)
            found = [said.lower() for said in self._voikko.suggest(word)[:3] if " " not in said]
            self._suggestions[word] = tuple(found[:2])
        return self._suggestions[word]

    def forget(self) -> None:
        """Empties the caches, which training has filled with words that are never asked again."""
        self._analyses.clear()
        self._suggestions.clear()


def _bound(cache: dict[str, Any]) -> None:
    if len(cache) >= _CACHED:
        cache.clear()


def _read(analyses: list[dict[str, str]]) -> Analysis | None:
    if not analyses:
        return None
    lemmas, parts = list[str](), list[str]()
    for analysis in analyses[:_ANALYSES]:
        base = analysis.get("BASEFORM", "").lower()
        if base and base not in lemmas:
            lemmas.append(base)
        found = _parts(analysis.get("WORDBASES", ""))
        if len(found) > 1 or found[:1] != [base]:
            parts += [part for part in found if len(part) >= _SHORTEST_PART]
        parts += _joined(analysis.get("WORDBASES", ""))
    return Analysis(tuple(lemmas), tuple(dict.fromkeys(part for part in parts if part not in lemmas)))


def _joined(bases: str) -> list[str]:
    """Neighbouring parts of a compound of three or more: `päiväkoti` of `päiväkotipaikka`."""
    found = [(surface.lower().strip("+"), (base or surface).lower().strip("+")) for surface, base in _real(bases)]
    if len(found) < _SHORTEST_JOINED:
        return []
    return [first + second for (first, _), (_, second) in pairwise(found)]


def _real(bases: str) -> list[tuple[str, str]]:
    return [pair for pair in _BASES.findall(bases) if not pair[0].startswith("+") and not pair[1].startswith("+")]


def _parts(bases: str) -> list[str]:
    """`+uima(uida)+halli(halli)` as `[uida, halli]`; endings, which are written `+(+ja)`, are left out."""
    return [(base or surface).lower().strip("+") for surface, base in _real(bases)]
