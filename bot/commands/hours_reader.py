"""Reads hours of a day, or of a weekday, out of what an official typed. Never raises."""

import re
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise

from bot.commands.spec import Facts
from bot.commands.staff_readers import read_day
from bot.domain.directory import Span
from bot.domain.matching import fold
from bot.text.when_items import items
from bot.text.when_meanings import Date, Dotted, Relative, Weekday


@dataclass(frozen=True, slots=True)
class HoursWish:
    """Hours that were named. `spans` none: nothing was said of them; empty: away that day.

    `weekday` for every week, else `day`. `normal`: as the week says again. `problem`: spans that can't be.
    """

    day: date | None = None
    weekday: int | None = None
    spans: tuple[Span, ...] | None = None
    normal: bool = False
    problem: bool = False


_SPAN = re.compile(r"(?<![\d.\-/])(\d{1,2})(?:[.:](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[.:](\d{2}))?(?![\d.]|-)")
_NORMAL = {"normaali", "normaalisti", "normal", "vanligt", "vanlig", "usual", "usually", "tavallinen", "tavallisesti"}
_CLOSED = {"poissa", "kiinni", "vapaa", "stangt", "ledig", "borta", "closed", "off", "away", "ei"}
_QUARTER = 5


def read_hours(line: str, facts: Facts) -> tuple[HoursWish, str]:
    """`ma 9-12 13-15`, `24.12. 9-12`, `24.12. normaali`, `pe kiinni`."""
    found = list(_SPAN.finditer(line))
    spans = [_span(*match.groups()) for match in found]
    words = _SPAN.sub(" ", line)
    folded = set(fold(words).replace(",", " ").split())
    day, _ = read_day(words, facts)
    weekday = _weekly(words)
    closed = bool(folded & _CLOSED)
    good = tuple(span for span in spans if span is not None)
    return HoursWish(
        day=None if weekday is not None else day,
        weekday=weekday,
        spans=good if found else () if closed else None,
        normal=bool(folded & _NORMAL),
        problem=len(good) < len(spans) or not _in_order(good),
    ), ""


def _weekly(words: str) -> int | None:
    """A weekday and no date: every week."""
    meanings = [item.meaning for item in items(words)]
    if any(isinstance(meaning, Date | Dotted | Relative) for meaning in meanings):
        return None
    return next((meaning.number for meaning in meanings if isinstance(meaning, Weekday)), None)


def _span(first: str, minute: str | None, last: str, last_minute: str | None) -> Span | None:
    start, end = _clock(first, minute), _clock(last, last_minute)
    if start is None or end is None or not (start < end or end == time()):
        return None
    return Span(start, end)


def _clock(hour: str, minute: str | None) -> time | None:
    """24 is the end of the day; minutes stand on the grid of five that everything is booked on."""
    minutes = int(minute or 0)
    if int(hour) == 24 and not minutes:  # noqa: PLR2004 - midnight's end of day
        return time()
    good = int(hour) < 24 and minutes < 60 and minutes % _QUARTER == 0  # noqa: PLR2004 - a clock's limits
    return time(int(hour), minutes) if good else None


def _in_order(spans: tuple[Span, ...]) -> bool:
    return all(a.end <= b.start and a.end != time() for a, b in pairwise(spans))
