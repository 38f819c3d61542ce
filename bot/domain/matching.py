"""Finds which service or thing a person means by loose words, and which command by a mistyped one.

Pure and bounded: the first 200 characters and twelve words of a query are looked at. Leaves to the caller
what to do with a guess; a guess is confirmed by the person, and a mistyped command is never executed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.domain.folding import fold
from bot.domain.inflection import is_form_of, stems

__all__ = ["Candidate", "Decision", "Match", "Nothing", "One", "Several", "decide", "fold", "nearest_word", "rank"]

_LONGEST_QUERY = 200
_MOST_WORDS = 12
_LONGEST_WORD = 40
_EMPTY_WORDS = frozenset(
    {
        *("aika", "aikaa", "ajan", "ajat", "varaa", "varaus", "varata", "varaan", "haluan", "haluaisin", "mina"),
        *("tarvitsen", "palvelu", "palvelun", "ja", "tai", "etta", "on", "se", "uusi", "uuden", "kiitos", "hei"),
        *("voinko", "saanko", "saisinko", "jokin", "joku", "varten", "minulle", "koskien", "liittyen"),
        *("tid", "boka", "bokning", "jag", "vill", "ha", "en", "ett", "for", "och", "om", "till", "det", "ny"),
        *("tack", "hej", "av", "i", "a", "an", "the", "to", "of", "about", "time", "book", "need", "want"),
        *("appointment", "please", "would", "like", "my", "and", "or", "new", "with", "get", "me"),
    }
)

_STRONG, _LEAD = 80, 8
_PLAUSIBLE, _CLOSE = 60, 15
_NEAR = 35
_MOST_SEVERAL, _MOST_NEAREST = 5, 3

_FORM, _PREFIX, _PART, _ALIKE, _KEYWORD = 97.0, 88.0, 82.0, 85.0, 0.96
_EDIT = 7.0
_SHORTEST_PART = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that can be meant. `key` is its id; names in all languages; keywords are looser."""

    key: str
    names: tuple[str, ...]
    keywords: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """`score` 0–100; `exact` if the query is the key or a whole name, but for case and diacritics."""

    key: str
    score: float
    exact: bool = False


@dataclass(frozen=True, slots=True)
class One:
    key: str


@dataclass(frozen=True, slots=True)
class Several:
    """At least two and at most five, the best first."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """At most three that come nearest; perhaps none."""

    nearest: tuple[str, ...] = ()


Decision = One | Several | Nothing


def rank(query: str, candidates: Iterable[Candidate]) -> tuple[Match, ...]:
    """The candidates that have anything to do with the query, the best first; ties by key."""
    asked = fold(query[:_LONGEST_QUERY])
    words = _content(asked)
    found = (_match(asked, words, candidate) for candidate in candidates)
    return tuple(sorted((m for m in found if m.score > 0), key=lambda m: (not m.exact, -m.score, m.key)))


def decide(matches: Sequence[Match]) -> Decision:
    """One thing, a choice of several, or nothing.

    - An exact name or id wins over everything; two things of one name are a choice.
    - 80 and a lead of 8: every word was found in some form, and no other comes near. A typo of two letters in
      a long word costs 14, a word found only as a part of a compound 18, so both still reach it.
    - From 60 on (about two words of three understood) a match is worth offering; those within 15 of the best
      are. A single one of these is taken, since the person sees and confirms it.
    - Below that nothing is understood; what reaches 35 (a third of the words) may be named as the nearest.
    """
    exact = tuple(match.key for match in matches if match.exact)
    if exact:
        return One(exact[0]) if len(exact) == 1 else Several(exact[:_MOST_SEVERAL])
    if not matches or matches[0].score < _PLAUSIBLE:
        return Nothing(tuple(m.key for m in matches[:_MOST_NEAREST] if m.score >= _NEAR))
    best = matches[0].score
    if best >= _STRONG and all(best - match.score >= _LEAD for match in matches[1:]):
        return One(matches[0].key)
    close = tuple(m.key for m in matches if m.score >= max(_PLAUSIBLE, best - _CLOSE))
    return One(close[0]) if len(close) == 1 else Several(close[:_MOST_SEVERAL])


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """The known word that a mistyped one was most likely meant to be, as it is spelt in `known`; else None.

    One slip (a letter wrong, missing, doubled, or two swapped) in a word of three to six letters, two in a longer
    one. A leading `!` doesn't count. For suggestions only: `!siirr` is not `!siirrä`.
    """
    asked = fold(word[:_LONGEST_WORD]).lstrip("!")
    allowed = 0 if len(asked) < 3 else 1 if len(asked) < 7 else 2  # noqa: PLR2004 (the lengths of the docstring)
    distances = ((OSA.distance(asked, fold(k).lstrip("!"), score_cutoff=allowed), n, k) for n, k in enumerate(known))
    distance, _, found = min(distances, default=(allowed + 1, 0, ""))
    return found if distance <= allowed else None


def _match(asked: str, words: Sequence[str], candidate: Candidate) -> Match:
    if asked in _exact_spellings(candidate):
        return Match(candidate.key, 100.0, exact=bool(asked))
    names, keywords = _candidate_words(candidate)
    score = max(_score(words, names, keywords), _joined(words, names))
    return Match(candidate.key, round(min(score, 99.0), 1))


def _score(words: Sequence[str], names: Sequence[Sequence[str]], keywords: Sequence[str]) -> float:
    """The understood share of the query by letters, and for a seventh the share of the name that was said."""
    if not words:
        return 0.0
    flat = tuple(word for name in names for word in name)
    understood = [max(_best(word, flat), _KEYWORD * _best(word, keywords)) for word in words]
    weights = [len(word) for word in words]
    share = sum(u * w for u, w in zip(understood, weights, strict=True)) / sum(weights)
    said = max((sum(_best(n, words) for n in name) / len(name) for name in names if name), default=0.0)
    return share * (6 + max(said, _KEYWORD * _best(" ".join(words), keywords)) / 100) / 7


def _joined(words: Sequence[str], names: Sequence[Sequence[str]]) -> float:
    """A compound written apart, or a name of two words written together."""
    one = "".join(words)
    return max((_similarity(one, "".join(name)) for name in names if len(name) + len(words) > 2), default=0.0)  # noqa: PLR2004 (else it was compared already)


def _best(word: str, others: Sequence[str]) -> float:
    return max((_similarity(word, other) for other in others), default=0.0)


@lru_cache(maxsize=65536)
def _similarity(word: str, other: str) -> float:
    """0–100: forms of one word, a beginning, a part of a compound, or a slip of the fingers."""
    if word == other:
        return 100.0
    if is_form_of(word, other) or is_form_of(other, word):
        return _FORM
    return max(_in_compound(word, other), _in_compound(other, word), _common_beginning(word, other), _slip(word, other))


def _in_compound(part: str, whole: str) -> float:
    """`kirjasto` of `kirjastopalvelut`, `lupa` and `luvan` of `rakennuslupa`; longer parts say more."""
    if len(whole) <= len(part) or len(part) < _SHORTEST_PART:
        return 0.0
    usable = [stem for stem in stems(part) if len(stem) >= _SHORTEST_PART]
    if any(whole.startswith(stem) for stem in usable):
        return _PREFIX
    ends = any(is_form_of(whole[at:], part) for at in range(3, len(whole) - _SHORTEST_PART + 1))
    return _PART if ends else 0.0


def _common_beginning(word: str, other: str) -> float:
    """Two inflected forms of a word share its beginning: `varhaiskasvatusta`, `varhaiskasvatuksen`."""
    same = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    rest = max(len(word), len(other)) - same
    return _ALIKE if same >= 5 and rest <= 5 and same >= 0.7 * min(len(word), len(other)) else 0.0  # noqa: PLR2004 (a stem, and an ending)


def _slip(word: str, other: str) -> float:
    """One letter wrong in a word of five to seven, two in a longer one; an ending may follow."""
    allowed = 0 if len(other) < 5 else 1 if len(other) < 8 else 2  # noqa: PLR2004 (the lengths of the docstring)
    if not allowed or abs(len(word) - len(other)) > 6:  # noqa: PLR2004 (the longest common ending)
        return 0.0
    distance = min(
        OSA.distance(word[: len(stem) + more], stem, score_cutoff=allowed)
        for stem in stems(other)
        if len(stem) >= _SHORTEST_PART
        for more in (-1, 0, 1, len(word))
    )
    return 100.0 - _EDIT * distance - 3 if distance <= allowed else 0.0


def _content(folded: str) -> tuple[str, ...]:
    words = _split(folded)
    telling = tuple(word for word in words if word not in _EMPTY_WORDS)
    return (telling or words)[:_MOST_WORDS]


def _split(folded: str) -> tuple[str, ...]:
    spaced = "".join(c if c.isalnum() or c == "'" else " " for c in folded)
    return tuple(word[:_LONGEST_WORD] for word in spaced.split())


@lru_cache(maxsize=2048)
def _exact_spellings(candidate: Candidate) -> frozenset[str]:
    return frozenset({fold(candidate.key), *map(fold, candidate.names)})


@lru_cache(maxsize=2048)
def _candidate_words(candidate: Candidate) -> tuple[tuple[tuple[str, ...], ...], tuple[str, ...]]:
    names = tuple(_content(fold(name)) for name in candidate.names)
    keywords = tuple(word for keyword in candidate.keywords for word in _content(fold(keyword)))
    return names, keywords
