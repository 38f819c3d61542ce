"""What items mean beside their neighbours: whether `9.10` is a date, `10` an hour, `to` a Thursday.

The rules are in the docstring of `bot.text.when`; each pass goes over the items once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from bot.text.when_items import Item, is_connective
from bot.text.when_meanings import (
    Bare,
    Clock,
    Dash,
    Date,
    DayPart,
    Dotted,
    HourWord,
    Limit,
    Link,
    Mark,
    Meaning,
    Or,
    Relative,
    Soonest,
    Week,
    Weekday,
    WeekNumber,
    Word,
)

_Kind = TypeVar("_Kind")
_DAYS = (Date, Relative, Weekday, Week, WeekNumber)
_CERTAIN = (*_DAYS, Clock, DayPart, Soonest)
_CLOCKLIKE = (Clock, Dotted, Bare, HourWord)
_LEANING = (Link, Mark, Limit, Or)


@dataclass(frozen=True, slots=True)
class Sense:
    """Certain meanings in their order, and the words that are left."""

    meanings: tuple[Meaning, ...]
    rest: str

    def of(self, kind: type[_Kind]) -> tuple[_Kind, ...]:
        return tuple(meaning for meaning in self.meanings if isinstance(meaning, kind))


def make_sense(items: Sequence[Item]) -> Sense:
    found = list(items)
    for step in (_spans, _marked, _dotted, _abbreviated, _bare, _leaning):
        found = step(found)
    left = " ".join(item.raw for item in found if isinstance(item.meaning, Word))
    return Sense(tuple(item.meaning for item in found if isinstance(item.meaning, (*_CERTAIN, Limit))), left)


def _spans(items: list[Item]) -> list[Item]:
    """Of the two ends of a span the start is kept: that of `9.00 – 9.30`, `klo 9 - 11`, `26.11. - 27.11.`."""
    kept: list[Item] = []
    at = 0
    while at < len(items):
        if kept and at + 1 < len(items) and _joins(kept[-1], items[at], items[at + 1]):
            kept[-1] = _start(kept[-1], items[at + 1])
            at += 2
        else:
            kept.append(items[at])
            at += 1
    return kept


def _joins(start: Item, between: Item, end: Item) -> bool:
    if not is_connective(between):
        return False
    a, b = start.meaning, end.meaning
    alike = type(a) is type(b) and isinstance(a, (*_CLOCKLIKE, Date))
    return alike or (isinstance(a, _CLOCKLIKE) and isinstance(b, Clock)) or _hour_to_time(between, a, b)


def _hour_to_time(between: Item, start: Meaning, end: Meaning) -> bool:
    """`10 - 10.30`; but `klo 9 to 26.11.` is a Thursday."""
    return isinstance(between.meaning, Dash) and isinstance(start, Bare) and isinstance(end, Dotted)


def _start(start: Item, end: Item) -> Item:
    match start.meaning, end.meaning:
        case Bare(hour), Clock() | Dotted():
            return replace(start, meaning=Clock(hour))
        case Dotted(hour, minute, two_digits=True, stop=False), Clock() | Dotted(two_digits=True):
            return replace(start, meaning=Clock(hour, minute))
    return start


def _marked(items: list[Item]) -> list[Item]:
    """After `klo` (and `noin`, `the` between) stands a time of day; so it does before `jälkeen` and `maissa`."""
    marked = False
    found: list[Item] = []
    for at, item in enumerate(items):
        following = items[at + 1].meaning if at + 1 < len(items) else None
        limited = isinstance(following, (Limit, Link)) and following.after
        found.append(_timed(item) if marked or limited else item)
        match item.meaning:
            case Mark() | Limit(after=False):
                marked = True
            case Link(after=False):
                pass
            case Or():
                marked = at > 0 and isinstance(found[at - 1].meaning, Clock)
            case _:
                marked = False
    return found


def _timed(item: Item) -> Item:
    match item.meaning:
        case Bare(hour):
            return replace(item, meaning=Clock(hour))
        case HourWord(hour):
            return replace(item, meaning=Clock(hour, spoken=True))
        case Dotted(hour, minute, two_digits=True):
            return replace(item, meaning=Clock(hour, minute))
    return item


def _dotted(items: list[Item]) -> list[Item]:
    """First the numbers that can be one thing only, then the doubtful ones by what is there already."""
    certain = [_settled(item) for item in items]
    doubtful = sum(isinstance(item.meaning, Dotted) for item in certain)
    has_date = any(isinstance(item.meaning, Date) for item in certain)
    has_day = has_date or any(isinstance(item.meaning, Relative) for item in certain)
    has_time = any(isinstance(item.meaning, Clock) for item in certain)
    found: list[Item] = []
    for item in certain:
        if isinstance(item.meaning, Dotted):
            lone = not has_day and (doubtful > 1 or item.meaning.stop)
            as_date = lone or (has_time and not has_date)
            has_date, has_day, has_time = has_date or as_date, has_day or as_date, has_time or not as_date
            found.append(_as_date(item, item.meaning) if as_date else _timed(item))
        else:
            found.append(item)
    return found


def _settled(item: Item) -> Item:
    """`26.11` has no minute 11 of an hour 26; `9.30` no month 30; `12.75` is neither, perhaps a price."""
    if not isinstance(item.meaning, Dotted):
        return item
    number = item.meaning
    date_like = 1 <= number.second <= 12 and number.first >= 1  # noqa: PLR2004 (months of the year)
    time_like = number.two_digits and number.first < 24 and number.second < 60  # noqa: PLR2004 (a clock's limits)
    match date_like, time_like:
        case True, True:
            return item
        case True, False:
            return _as_date(item, number)
        case False, True:
            return _timed(item)
    if number.stop:
        return _as_date(item, number)
    return _timed(item) if number.second == 0 and number.two_digits else replace(item, meaning=Word())


def _as_date(item: Item, number: Dotted) -> Item:
    return replace(item, meaning=Date(number.first, number.second))


def _abbreviated(items: list[Item]) -> list[Item]:
    """`to` is a Thursday beside another word of time, or at either end of a line that names no other day."""
    named = any(isinstance(item.meaning, (Date, Relative)) for item in items)

    def change(at: int) -> Item:
        item = items[at]
        if not (isinstance(item.meaning, Weekday) and item.meaning.abbreviated):
            return item
        ends = not named and at in (0, len(items) - 1)
        beside = any(not isinstance(n.meaning, (Word, Link, Dash)) for n in _neighbours(items, at))
        return replace(item, meaning=Weekday(item.meaning.number) if ends or beside else Word())

    return [change(at) for at in range(len(items))]


def _bare(items: list[Item]) -> list[Item]:
    """Without `klo` a number is an hour if a day is named, no time is, and it stands beside the day or last."""
    named = any(isinstance(item.meaning, _DAYS) for item in items)
    timed = any(isinstance(item.meaning, Clock) for item in items)

    def change(at: int) -> Item:
        item = items[at]
        last = at == len(items) - 1
        match item.meaning:
            case Bare(number):
                beside = last or any(isinstance(n.meaning, (*_DAYS, DayPart)) for n in _neighbours(items, at))
                hour = named and not timed and beside and number < 24  # noqa: PLR2004 (hours of a day)
                return _timed(item) if hour else replace(item, meaning=Word())
            case HourWord():
                follows = last and at > 0 and isinstance(items[at - 1].meaning, (*_DAYS, DayPart))
                return _timed(item) if follows and not timed else replace(item, meaning=Word())
        return item

    return [change(at) for at in range(len(items))]


def _neighbours(items: Sequence[Item], at: int) -> tuple[Item, ...]:
    return (*items[max(0, at - 1) : at], *items[at + 1 : at + 2])


def _leaning(items: list[Item]) -> list[Item]:
    """Little words go with the time that they lean on, and else stay among the other words."""
    before, behind = _before_time(items), _behind_time(items)
    kept = [
        (a and b) if isinstance(item.meaning, Or) else (a or b)
        for item, a, b in zip(items, before, behind, strict=True)
    ]
    return [item if keep else replace(item, meaning=Word()) for item, keep in zip(items, kept, strict=True)]


def _before_time(items: list[Item]) -> list[bool]:
    """Whether an item is a time, or a preposition (or several) before one."""
    kept: list[bool] = []
    for item in reversed(items):
        leans = isinstance(item.meaning, _LEANING) and not getattr(item.meaning, "after", False)
        kept.append(isinstance(item.meaning, _CERTAIN) or (leans and bool(kept) and kept[-1]))
    return kept[::-1]


def _behind_time(items: list[Item]) -> list[bool]:
    """Whether an item is a time, or a postposition after one; `tasan` is one at the end of a line only."""
    kept: list[bool] = []
    for at, item in enumerate(items):
        last = at == len(items) - 1
        leans = getattr(item.meaning, "after", False) or isinstance(item.meaning, (Dash, Or))
        leans = leans or (isinstance(item.meaning, Mark) and last)
        kept.append(isinstance(item.meaning, _CERTAIN) or (leans and bool(kept) and kept[-1]))
    return kept
