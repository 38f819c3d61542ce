"""The day that a question names: by date or weekday, or by the name of a holiday, such as "jouluaattona".

Leaves dates and weekdays to `bot.text.when`; which holidays there are is the directory's matter.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.directory import Closure
from bot.domain.folding import fold
from bot.domain.language import Language
from bot.text.when import read_when

_ENDING = "nen"
"""`loppiainen` is `loppiaisena` when it is asked for."""


def read_day(
    words: str, sent: datetime, zone: ZoneInfo, holidays: Sequence[Closure] = ()
) -> tuple[date | None, list[str]]:
    """The asked day, none where none was named, and the words that are not about it, in small letters."""
    when = read_when(words, sent, zone)
    left = re.findall(r"\w+", when.rest.lower())
    if when.day is not None:
        return when.day, left
    today = sent.astimezone(zone).date()
    coming = [one for one in holidays if one.first == one.last and one.first >= today]
    for one in sorted(coming, key=lambda holiday: holiday.first):
        for language in Language:
            if (named := _words_of(one.name.in_(language), left)) is not None:
                return one.first, [word for word in left if word not in named]
    return None, left


def _words_of(name: str, words: Sequence[str]) -> list[str] | None:
    """The words that name a holiday, whatever ending its last one has; none where they do not."""
    parts = [fold(part) for part in re.findall(r"\w+", name)]
    if not parts:
        return None
    folded = [fold(word) for word in words]
    *first, last = parts
    stem = last.removesuffix(_ENDING)
    for start in range(len(words) - len(parts) + 1):
        ahead, end = folded[start : start + len(first)], folded[start + len(first)]
        if ahead == first and end.startswith(stem):
            return list(words[start : start + len(parts)])
    return None
