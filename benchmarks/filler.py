"""A catalogue filled up to thousands of entries, as the Finnish Service Catalogue of a large city would give them.

Texts are as long as real ones and mean nothing: their words are what is said in the corpus and the catalogue, half of
them joined anew, so that the vocabulary grows with the entries as it does in Finnish.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from bot.advice.corpus import read_corpus
from bot.advice.normalising import telling
from bot.domain.catalogue import Catalogue, Entry, EntryId
from bot.domain.language import Language

_NAME, _SUMMARY, _DESCRIPTION, _TERMS = 3, 14, 60, 5
_JOINED = 0.5
_TRANSLATED = 0.4
"""The share of entries that each further language has."""
_LONG = 7


def filled(catalogue: Catalogue, many: int, *, one_language: bool = False) -> Catalogue:
    """The first `many` entries, or all of them and made-up ones of the same municipality up to `many`."""
    own = catalogue.entries[:many]
    random, words = np.random.default_rng(0), _words()
    made = tuple(
        _entry(number, catalogue.code, random, words, one_language=one_language) for number in range(many - len(own))
    )
    return replace(catalogue, entries=(*own, *made))


def _words() -> Mapping[Language, Sequence[str]]:
    found: dict[Language, dict[str, None]] = {language: {} for language in Language}
    for example in read_corpus().questions():
        found[example.language].update(dict.fromkeys(telling(example.text)))
    return {language: list(words) for language, words in found.items()}


def _entry(
    number: int,
    code: str,
    random: np.random.Generator,
    words: Mapping[Language, Sequence[str]],
    *,
    one_language: bool,
) -> Entry:
    spoken = [one for one in Language if one is Language.FI or (not one_language and random.random() < _TRANSLATED)]

    def texts(length: int) -> dict[Language, str]:
        return {one: " ".join(_some(random, words[one], length)).capitalize() for one in spoken}

    return Entry(
        EntryId(f"filler-{number}"),
        name=texts(_NAME),
        summary=texts(_SUMMARY),
        description=texts(_DESCRIPTION),
        terms={one: tuple(_some(random, words[one], _TERMS)) for one in spoken},
        municipalities=(code,),
    )


def _some(random: np.random.Generator, words: Sequence[str], count: int) -> list[str]:
    picked = [words[int(row)] for row in random.integers(0, len(words), 2 * count)]
    pairs = zip(picked[::2], picked[1::2], strict=True)
    return [_joined(first, second) if random.random() < _JOINED else first for first, second in pairs]


def _joined(first: str, second: str) -> str:
    """Two words as a compound; a long one gives its beginning."""
    return f"{first[:_LONG]}{second}"
