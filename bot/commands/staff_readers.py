"""How arguments of officials' commands are read: one word after the other, and days. Never raises."""

import re
from datetime import date, timedelta

from bot.commands.spec import Facts
from bot.domain.days import MOST_DAYS, Days
from bot.text.when import read_when


def read_first(line: str, facts: Facts) -> tuple[str, str]:  # noqa: ARG001 - a reader's signature
    """The first word of what is left."""
    first, _, rest = line.strip().partition(" ")
    return first, rest


def read_second(line: str, facts: Facts) -> tuple[str, str]:  # noqa: ARG001 - a reader's signature
    """All but the first word, which is left for `read_first`."""
    first, _, rest = line.strip().partition(" ")
    return rest.strip(), first


_COUNTED = re.compile(
    r"(?<![\w.])(\d{1,3})\s*(?:pv|pvä|p|päivä|päivää|paivaa|paiva|vrk|d|dag|dagar|dygn|day|days)\b\.?", re.IGNORECASE
)
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})\s*\.\.\s*(\d{4}-\d{2}-\d{2})")
_SHORT = re.compile(r"(?<![\d.])(\d{1,2})\.?\s*[-–]\s*(\d{1,2})\.(\d{1,2})\.?(\d{4})?(?![\d:])")
_UNSTOPPED = re.compile(r"(?<![\d.:-])\d{1,2}\.\d{1,2}(?![\d.:])")
_SPAN_OF_DAYS = re.compile(
    r"\s(?:-|–|asti|till|to|until|tills)\s|(?<=[.\w])\s*[–]\s*|(?<=\.)-(?=\d)|(?<=\.\d)-(?=\d)|(?<=\.\d\d)-(?=\d)|\.\."
)


def read_days(line: str, facts: Facts) -> tuple[Days | None, str]:
    """`3 pv` from today on, `huomenna`, `1.12.-3.12.`, `1.-3.12.`, `to - pe`; none where no day was named."""
    zone = facts.directory.municipality.time_zone
    today = facts.sent.astimezone(zone).date()
    if found := _COUNTED.search(line):
        count = min(max(int(found[1]), 1), MOST_DAYS)
        rest = _cut(line, found)
        start, rest = read_day(rest, facts)
        first = start or today
        return Days(first, first + timedelta(days=count - 1)), rest
    for read in (_iso_days, _short_days, _two_days):
        if (days := read(line, facts)) is not None:
            return days
    day, rest = read_day(line, facts)
    return (None if day is None else Days(day, day)), rest


def _cut(line: str, found: re.Match[str]) -> str:
    return f"{line[: found.start()]} {line[found.end() :]}".strip()


def read_day(line: str, facts: Facts) -> tuple[date | None, str]:
    """Where only days can be meant: `2.12` is one, also without its last full stop."""
    dated = _UNSTOPPED.sub(r"\g<0>.", line)
    when = read_when(dated, facts.sent, facts.directory.municipality.time_zone)
    return when.day, when.rest


def _bounded(first: date, last: date) -> Days | None:
    return Days(first, last) if timedelta() <= last - first < timedelta(days=MOST_DAYS) else None


def _iso_days(line: str, _: Facts) -> tuple[Days | None, str] | None:
    found = _ISO.search(line)
    try:
        return None if found is None else (_bounded(*map(date.fromisoformat, found.groups())), _cut(line, found))
    except ValueError:
        return None, _cut(line, found) if found else ""


def _short_days(line: str, facts: Facts) -> tuple[Days | None, str] | None:
    """`1.-3.12.`: the month stands once."""
    found = _SHORT.search(line)
    if found is None:
        return None
    first, last, month, year = found.groups()
    ends = [read_day(f"{day}.{month}.{year or ''}", facts)[0] for day in (first, last)]
    days = None if ends[0] is None or ends[1] is None else _bounded(ends[0], ends[1])
    return days, _cut(line, found)


def _two_days(line: str, facts: Facts) -> tuple[Days | None, str] | None:
    parts = _SPAN_OF_DAYS.split(line, maxsplit=1)
    if len(parts) != 2:  # noqa: PLR2004 - a span has two ends
        return None
    first, before = read_day(parts[0], facts)
    last, after = read_day(parts[1], facts)
    if first is None or last is None:
        return None
    return _bounded(first, last), f"{before} {after}".strip()
