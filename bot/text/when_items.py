"""From a line of text to its items: each the meaning of one or a few words, with the words as they were typed.

Leaves to `bot.text.when` what an item means beside its neighbours. Every step looks at a bounded number of
words and every pattern is anchored on one short word, so the work is linear in the line's length.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.folding import clean, fold
from bot.text.when_meanings import (
    Bare,
    Clock,
    Dash,
    Date,
    DayPart,
    Dotted,
    Meaning,
    Relative,
    Weekday,
    WeekNumber,
    Word,
)
from bot.text.when_words import (
    ABBREVIATED,
    CONNECTIVES,
    DAY_OF_MONTH,
    LONGEST_PHRASE,
    MONTHS,
    NOON_HALVES,
    PHRASES,
    WEEK_NUMBER,
)

_LONGEST_WORD = 40
_BLANKS = str.maketrans({**dict.fromkeys(',;()[]{}<>"!?|“”„«»', " "), **dict.fromkeys("‐‑‒–—―−", "-"), "’": "'"})
_STRIPPED = ".:*_~`'#/\\-"
_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{2}(?![0-9]))")
_ATTACHED = re.compile(r"(klo|kello|kl|klockan|at)\.?([0-9].*)", re.ASCII | re.IGNORECASE)
_ISO_MOMENT = re.compile(r"([0-9]{4}-[0-9]{1,2}-[0-9]{1,2})[tT]([0-9]{1,2}[:.][0-9]{2}).*", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DATE = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})", re.ASCII)
_COLON = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?", re.ASCII)
_BARE = re.compile(r"\d{1,2}", re.ASCII)
_HALF = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?(am|pm|a\.m|p\.m)", re.ASCII)
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|:[ae])", re.ASCII)
_INFLECTED = re.compile(r"(\d{1,2}(?:[.:]\d{2})?):(?:n|lta|ksi|aan|een|taa|sta|hin)", re.ASCII)
_YEAR = re.compile(r"2[01]\d{2}", re.ASCII)
_CENTURY = 2000
_TODAYS = frozenset({"tana", "i", "this"})


@dataclass(frozen=True, slots=True)
class Token:
    raw: str
    exact: str
    """Casefolded, without punctuation around it."""
    folded: str
    stop: bool
    """A full stop follows."""


@dataclass(frozen=True, slots=True)
class Item:
    meaning: Meaning
    raw: str


Read = tuple[Meaning, int]
"""A meaning and the number of tokens that it takes."""


def items(line: str) -> tuple[Item, ...]:
    """Every word of the line stands in exactly one item, in order."""
    tokens = tuple(_tokens(line))
    found: list[Item] = []
    at = 0
    while at < len(tokens):
        meaning, length = _read(tokens, at)
        found.append(Item(meaning, " ".join(token.raw for token in tokens[at : at + length])))
        at += length
    return tuple(found)


def _tokens(line: str) -> Iterator[Token]:
    spaced = _DECIMAL_COMMA.sub(".", clean(line)).translate(_BLANKS)
    for word in spaced.split():
        yield from (_token(part) for part in _parts(word))


def _parts(word: str) -> tuple[str, ...]:
    if len(word) > _LONGEST_WORD:
        return (word,)
    if attached := _ATTACHED.fullmatch(word):
        return attached.groups()
    if moment := _ISO_MOMENT.fullmatch(word):
        return moment.groups()
    return (word,)


def _token(raw: str) -> Token:
    core = raw.strip(_STRIPPED)
    if not core:
        return Token(raw, raw, "-" if raw.strip("-") == "" else raw, stop=False)
    stop = raw.rstrip(_STRIPPED.replace(".", "")).endswith(".")
    return Token(raw, core.casefold(), fold(core), stop)


def _read(tokens: tuple[Token, ...], at: int) -> Read:
    if len(tokens[at].folded) > _LONGEST_WORD:
        return Word(), 1
    for reader in _READERS:
        if (found := reader(tokens, at)) is not None:
            return found
    return _weekday(tokens[at]), 1


def _todays_part(tokens: tuple[Token, ...], at: int) -> Read | None:
    """`tänä iltapäivänä`, `i eftermiddag`, `this morning`: the first word says today."""
    if tokens[at].folded not in _TODAYS:
        return None
    return (Relative(0), 1) if isinstance(PHRASES.get((_folded(tokens, at + 1),)), DayPart) else None


def _folded(tokens: tuple[Token, ...], at: int) -> str:
    return tokens[at].folded if at < len(tokens) else ""


def _phrase(tokens: tuple[Token, ...], at: int) -> Read | None:
    for length in range(min(LONGEST_PHRASE, len(tokens) - at), 0, -1):
        if (meaning := PHRASES.get(tuple(token.folded for token in tokens[at : at + length]))) is not None:
            return meaning, length
    return None


def _ordinal(word: str) -> int | None:
    """26, 26th, 26:e; the full stop of `26.` has been taken off."""
    if _BARE.fullmatch(word):
        return int(word)
    found = _ORDINAL.fullmatch(word)
    return int(found[1]) if found else None


def _with_year(tokens: tuple[Token, ...], end: int, date: Date, length: int) -> Read:
    year = _folded(tokens, end)
    if _YEAR.fullmatch(year):
        return Date(date.day, date.month, int(year)), length + 1
    return date, length


def _day_first(tokens: tuple[Token, ...], at: int) -> Read | None:
    """`26. marraskuuta`, `26. päivä marraskuuta`, `26 november`, `26th of November 2026`."""
    day = _ordinal(tokens[at].folded)
    if day is None:
        return None
    end = at + 1 + (_folded(tokens, at + 1) in DAY_OF_MONTH | {"of"})
    month = MONTHS.get(_folded(tokens, end))
    return None if month is None else _with_year(tokens, end + 1, Date(day, month), end + 1 - at)


def _month_first(tokens: tuple[Token, ...], at: int) -> Read | None:
    """`marraskuun 26. päivä`, `November 26th, 2026`."""
    month = MONTHS.get(tokens[at].folded)
    day = _ordinal(_folded(tokens, at + 1))
    if month is None or day is None:
        return None
    end = at + 2 + (_folded(tokens, at + 2) in DAY_OF_MONTH)
    return _with_year(tokens, end, Date(day, month), end - at)


def _day_of_month(tokens: tuple[Token, ...], at: int) -> Read | None:
    """`26. päivä`, `den 26`, `the 26th`."""
    word = tokens[at].folded
    if _ORDINAL.fullmatch(word) and (day := _ordinal(word)):
        return Date(day), 1
    if _BARE.fullmatch(word) and _folded(tokens, at + 1) in DAY_OF_MONTH:
        return Date(int(word)), 2
    if word == "den" and (day := _ordinal(_folded(tokens, at + 1))) and _folded(tokens, at + 2) not in MONTHS:
        return Date(day), 2
    return None


def _week_number(tokens: tuple[Token, ...], at: int) -> Read | None:
    number = _folded(tokens, at + 1)
    if tokens[at].folded in WEEK_NUMBER and _BARE.fullmatch(number):
        return WeekNumber(int(number)), 2
    return None


def _noon_half(tokens: tuple[Token, ...], at: int) -> Read | None:
    """`2 pm`, `2.30 p.m.`, `2pm`."""
    for length in (1, 2):
        found = _HALF.fullmatch("".join(token.folded for token in tokens[at : at + length]))
        if found:
            hour, minute = int(found[1]), int(found[2] or 0)
            on_dial = 1 <= hour <= 12  # noqa: PLR2004 (the hours of a dial)
            return Clock(hour % 12 + NOON_HALVES[found[3]] if on_dial else 99, minute), length
    return None


def _number_read(tokens: tuple[Token, ...], at: int) -> Read | None:
    token = tokens[at]
    if token.raw.startswith("#"):
        return None
    meaning = number(token.folded, stop=token.stop) or _range_start(token.folded)
    if meaning is None:
        return None
    if isinstance(meaning, Dotted) and _YEAR.fullmatch(_folded(tokens, at + 1)):
        return Date(meaning.first, meaning.second, int(tokens[at + 1].folded)), 2
    return meaning, 1


def number(word: str, *, stop: bool) -> Meaning | None:
    """One folded word of digits; `stop` tells whether a full stop follows it."""
    if found := _INFLECTED.fullmatch(word):
        return _as_clock(number(found[1], stop=False))
    if found := _DOTTED.fullmatch(word):
        return Dotted(int(found[1]), int(found[2]), two_digits=len(found[2]) > 1, stop=stop)
    if found := _COLON.fullmatch(word):
        return Clock(int(found[1]), int(found[2]))
    return Bare(int(word)) if _BARE.fullmatch(word) else _date(word)


def _date(word: str) -> Date | None:
    """Dates that are nothing else: `2026-11-26`, `26.11.2026`, `26.11.26`, `26/11`."""
    if found := _ISO_DATE.fullmatch(word):
        return Date(int(found[3]), int(found[2]), int(found[1]))
    if found := _DATE.fullmatch(word):
        short = len(found[4]) == 2  # noqa: PLR2004 (a year of two digits)
        return Date(int(found[1]), int(found[3]), int(found[4]) + (_CENTURY if short else 0))
    found = _SLASHED.fullmatch(word)
    return Date(int(found[1]), int(found[2])) if found else None


def _as_clock(meaning: Meaning | None) -> Meaning | None:
    match meaning:
        case Bare(hour):
            return Clock(hour)
        case Dotted(hour, minute):
            return Clock(hour, minute)
    return meaning


def _range_start(word: str) -> Meaning | None:
    """The start of a span such as `10-10.30`, `9.00-9.30`, `9-11` or `26.11.-27.11.` in one word."""
    first, dash, second = word.partition("-")
    if not dash:
        return None
    start = number(first.rstrip("."), stop=first.endswith("."))
    end = number(second.rstrip("."), stop=second.endswith("."))
    match start, end:
        case (None, _) | (_, None):
            return None
        case (Bare(), Bare()) | (Dotted(stop=True), _):
            return start
        case (Bare() | Dotted(two_digits=True), Clock() | Dotted(two_digits=True)):
            return _as_clock(start)
    return start


_READERS = (
    _month_first,
    _day_first,
    _day_of_month,
    _week_number,
    _todays_part,
    _phrase,
    _noon_half,
    _number_read,
)


def _weekday(token: Token) -> Meaning:
    known = ABBREVIATED.get(token.exact)
    return Word() if known is None else Weekday(known, abbreviated=True)


def is_connective(item: Item) -> bool:
    """`-` between two times, and the words that may stand for it."""
    return isinstance(item.meaning, Dash) or fold(item.raw) in CONNECTIVES
