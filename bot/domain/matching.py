"""Finds which service or thing a person means by loose words, and which command by a mistyped one.

Pure and bounded: the first 200 characters and eight words of a query are looked at. Leaves to the caller
what to do with a guess; a guess is confirmed by the person, and a mistyped command is never executed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from bot.domain.folding import fold
from bot.domain.inflection import is_ending, is_form_of, stems

__all__ = ["Candidate", "Decision", "Match", "Nothing", "One", "Several", "decide", "fold", "nearest_word", "rank"]

_LONGEST_QUERY = 200
_MOST_WORDS = 8
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

_PLAUSIBLE, _CLOSE, _SURE = 60, 15, 70
_NEAR = 35
_MOST_SEVERAL, _MOST_NEAREST = 5, 3

_FORM, _SAME_BASE, _KIND, _ALIKE, _BEGINNING = 97.0, 93.0, 84.0, 85.0, 78.0
_KEYWORD = 0.96
_EDIT = 7.0
_UNKNOWN = 0.3
_SHORTEST_PART, _SHORTEST_BASE = 4, 5


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
    """The candidates that have anything to do with the query, the best first; ties by key.

    Where the query is the key or the name of some, they alone: nothing else can be meant more.
    """
    asked = fold(query[:_LONGEST_QUERY])
    known = tuple(candidates)
    if exact := sorted(c.key for c in known if asked and asked in _exact_spellings(c)):
        return tuple(Match(key, 100.0, exact=True) for key in exact)
    words = _weighed(_content(asked), known)
    found = (_match(words, candidate) for candidate in known)
    return tuple(sorted((m for m in found if m.score > 0), key=lambda m: (-m.score, m.key)))


def decide(matches: Sequence[Match]) -> Decision:
    """One thing, a choice of several, or nothing.

    - An exact name or id wins over everything; two things of one name are a choice.
    - From 60 on (about two thirds of what was said is understood) a match counts. A word in another form costs
      about 3, a slip of the fingers 10 and two 17, a word that is only the last part of a compound 16, or only
      the first 22, and a name of which little was said up to 14.
    - Of those that count, the ones within 15 of the best are alike: `neuvonta` is a word of one name and the
      last part of another, and both are advice. Several are a choice; a single one is taken from 70 on.
    - Else nothing is understood; what reaches 35 (a third of the words) may be named as the nearest.
    """
    exact = tuple(match.key for match in matches if match.exact)
    if exact:
        return One(exact[0]) if len(exact) == 1 else Several(exact[:_MOST_SEVERAL])
    if not matches or matches[0].score < _PLAUSIBLE:
        return Nothing(tuple(m.key for m in matches[:_MOST_NEAREST] if m.score >= _NEAR))
    close = tuple(m.key for m in matches if m.score >= max(_PLAUSIBLE, matches[0].score - _CLOSE))
    if len(close) > 1:
        return Several(close[:_MOST_SEVERAL])
    return One(close[0]) if matches[0].score >= _SURE else Nothing(close)


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


def _weighed(words: Sequence[str], candidates: Sequence[Candidate]) -> dict[str, float]:
    """A word weighs by its letters; one that nobody knows says little about which thing is meant."""
    known = {word for word in words if any(_understood(word, *_candidate_words(c)) for c in candidates)}
    return {word: len(word) * (1 if word in known else _UNKNOWN) for word in words}


def _match(words: Mapping[str, float], candidate: Candidate) -> Match:
    names, keywords = _candidate_words(candidate)
    score = max(_score(words, names, keywords), _joined(tuple(words), names))
    return Match(candidate.key, round(min(score, 99.0), 1))


def _score(words: Mapping[str, float], names: Sequence[Sequence[str]], keywords: Sequence[str]) -> float:
    """The understood share of the query by weight, and for a seventh the share of the name that was said."""
    if not words:
        return 0.0
    share = sum(weight * _understood(word, names, keywords) for word, weight in words.items()) / sum(words.values())
    said = max((sum(_best(n, words) for n in name) / len(name) for name in names if name), default=0.0)
    return share * (6 + max(said, _KEYWORD * _best(" ".join(words), keywords)) / 100) / 7


def _understood(word: str, names: Sequence[Sequence[str]], keywords: Sequence[str]) -> float:
    return max(max((_best(word, name) for name in names), default=0.0), _KEYWORD * _best(word, keywords))


def _joined(words: Sequence[str], names: Sequence[Sequence[str]]) -> float:
    """A compound written apart, or a name of two words written together."""
    one = "".join(words)
    return max((_similarity(one, "".join(name)) for name in names if len(name) + len(words) > 2), default=0.0)  # noqa: PLR2004 (else it was compared already)


def _best(word: str, others: Iterable[str]) -> float:
    return max((_similarity(word, other) for other in others), default=0.0)


@lru_cache(maxsize=16384)
def _similarity(word: str, other: str) -> float:
    """0–100: forms of one word, a beginning, a part of a compound, or a slip of the fingers."""
    if word == other:
        return 100.0
    if len(word) < _SHORTEST_PART - 1 or len(other) < _SHORTEST_PART - 1:
        return 0.0
    if is_form_of(word, other) or is_form_of(other, word):
        return _FORM
    if not set(_bases(word)).isdisjoint(_bases(other)):
        return _SAME_BASE
    return max(
        _in_compound(word, other),
        _more_than(word, other),
        _common_beginning(word, other),
        _slip(word, other),
    )


def _in_compound(part: str, whole: str) -> float:
    """`lupa` and `luvan` are a kind of `rakennuslupa`; `kirjasto` is the beginning of `kirjastopalvelut`."""
    if len(whole) <= len(part) or len(part) < _SHORTEST_PART:
        return 0.0
    if _ends_with(whole, part):
        return _KIND
    return _BEGINNING if any(whole.startswith(base) for base in _bases(part)) else 0.0


def _more_than(word: str, known: str) -> float:
    """`koulukuraattori` and `velkaneuvonta` say more than `koulu` and `neuvonta`: by the share that is known."""
    if len(word) <= len(known) or len(known) < _SHORTEST_PART:
        return 0.0
    share = len(known) / len(word)
    if word.startswith(known):
        return 35 + 45 * share
    return 25 + 45 * share if _ends_with(word, known) else 0.0


def _ends_with(whole: str, part: str) -> bool:
    """Both may be inflected: `luvan` at the end of `rakennuslupa`, `lupa` at the end of `rakennusluvan`."""
    earliest = max(3, len(whole) - len(part) - 5)
    places = range(earliest, len(whole) - _SHORTEST_PART + 1)
    ends = (whole[at:] for at in places if whole.startswith(part[:2], at))
    return any(is_form_of(end, part) or is_form_of(part, end) for end in ends)


@lru_cache(maxsize=16384)
def _bases(word: str) -> tuple[str, ...]:
    """The word, and what is left of a longer one when something like an ending is taken away."""
    cuts = range(_SHORTEST_BASE, len(word))
    return (word, *(word[:at] for at in cuts if is_ending(word[at:])))


def _common_beginning(word: str, other: str) -> float:
    """Two inflected forms of a word share most of it: `varhaiskasvatusta`, `varhaiskasvatuksen`."""
    same = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    rest = max(len(word), len(other)) - same
    return _ALIKE if same >= 5 and rest <= 5 and same >= 0.7 * max(len(word), len(other)) else 0.0  # noqa: PLR2004 (a stem, and an ending)


def _slip(word: str, other: str) -> float:
    """One letter wrong in a word of five to nine, two in a longer one; an ending may follow."""
    allowed = 0 if len(other) < 5 else 1 if len(other) < 10 else 2  # noqa: PLR2004 (the lengths of the docstring)
    if not allowed or abs(len(word) - len(other)) > 6 or not _start_alike(word, other):  # noqa: PLR2004 (the longest common ending)
        return 0.0
    usable = [stem for stem in stems(other) if len(stem) >= _SHORTEST_BASE]
    distances = (
        OSA.distance(word[:end], stem, score_cutoff=allowed)
        for stem in usable
        for end in {len(stem) - 1, len(stem), len(stem) + 1, len(word)}
        if is_ending(word[end:])
    )
    distance = min(distances, default=allowed + 1)
    return _FORM - _EDIT * distance if distance <= allowed else 0.0


def _start_alike(word: str, other: str) -> bool:
    """One slip leaves one of the first two letters where it was, or swaps or shifts them by one place."""
    a, b = word[:2], other[:2]
    return a[:1] == b[:1] or a[1:] == b[1:] or a[:1] == b[1:] or a[1:] == b[:1]


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
