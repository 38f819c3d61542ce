"""Opening hours as people write them, `9:00-12:00`, and as the domain reckons with them.

Leaves holidays and closures to `bot.config.closures`.
"""

import re
from datetime import time
from itertools import pairwise
from typing import Annotated

from pydantic import AfterValidator

from bot.config.fields import QUANTUM_MINUTES, refuse
from bot.config.problems import shown
from bot.domain.directory import Span, WeeklyHours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""The keys of a week, in the order of `date.weekday()`."""

_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*")
_DAY = 24 * 60


def _minutes(hour: str, minute: str, whole: str) -> int:
    total = int(hour) * 60 + int(minute)
    if int(minute) > 59 or total > _DAY:  # noqa: PLR2004  # 59 is the last minute of an hour
        refuse(f"{shown(whole)} names a time that does not exist", "Times run from 0:00 to 24:00.")
    if total % QUANTUM_MINUTES:
        refuse(f"{shown(whole)} is not in steps of {QUANTUM_MINUTES} minutes", "Round the times to five minutes.")
    return total


def _bounds(written: str) -> tuple[int, int]:
    """Minutes from midnight, 0 to 1440, of a span as it is written."""
    match = _SPAN.fullmatch(written)
    if match is None:
        refuse(f"{shown(written)} is not a span of time", 'Write it as "9:00-12:00".')
    start = _minutes(match[1], match[2], written)
    end = _minutes(match[3], match[4], written) or _DAY
    if start >= end:
        refuse(f"{shown(written)} ends before it begins", "Write the earlier time first.")
    return start, end


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02}"


def _canonical(written: str) -> str:
    start, end = _bounds(written)
    return f"{_clock(start)}-{_clock(end)}"


def _ordered(spans: tuple[str, ...]) -> tuple[str, ...]:
    for before, after in pairwise(spans):
        if _bounds(after)[0] < _bounds(before)[1]:
            refuse(
                f"{shown(after)} begins before {shown(before)} has ended",
                "List the day's spans from morning to evening, without overlaps.",
            )
    return spans


SpanText = Annotated[str, AfterValidator(_canonical)]
DayHours = Annotated[tuple[SpanText, ...], AfterValidator(_ordered)]


def _time(minutes: int) -> time:
    return time(minutes // 60 % 24, minutes % 60)


def read_span(written: str) -> Span:
    """`9:00-12:00` as a `Span`; `24:00` becomes 00:00. A `PydanticCustomError` where it can't be one."""
    start, end = _bounds(written)
    return Span(_time(start), _time(end))


def write_span(span: Span) -> str:
    end = span.end.hour * 60 + span.end.minute or _DAY
    return f"{_clock(span.start.hour * 60 + span.start.minute)}-{_clock(end)}"


def write_week(hours: WeeklyHours) -> dict[str, list[str]]:
    """The week in its entry's form, every weekday named: what `!työaika` stores as an official's `hours`."""
    return {name: [write_span(span) for span in day] for name, day in zip(WEEKDAYS, hours.days, strict=True)}
