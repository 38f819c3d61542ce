"""Opening hours of the Finnish Service Catalogue's channels as ours.

PTV tells hours in blocks: a week, nights, an exception. A block that can't be read is left out whole and named, and the
others stay: to leave out one weekday of it would say that this day is closed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import pairwise
from typing import Any

from bot.catalogues.hours import spans
from bot.catalogues.problems import BadEntryError
from bot.catalogues.ptv_parts import day_of, localised, objects
from bot.domain.catalogue import Exceptional, OpeningHours, Season
from bot.domain.directory import Span, WeeklyHours

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_WHOLE = Span(time(), time())
_EXCEPTIONAL = {"Exceptional", "Exception"}
_OVER_MIDNIGHT = {"OverMidnight", "Special"}
"""Each with its name of version 7 and older."""

Bounds = tuple[date | None, date | None]
Week = tuple[list[Span], ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """What was read, and a reason for each block that was left out; `found` is none where nothing is told."""

    found: OpeningHours | None
    bad: tuple[str, ...] = ()


def hours_of(value: object) -> Hours:
    """Exceptions and seasons; hours by appointment only are not opening hours.

    Hours without an end are without bounds: PTV's beginning is then the day on which they were written. What is told
    in parts of the same bounds, such as nights beside days, becomes one week.
    """
    weeks: dict[Bounds, Week] = {}
    exceptions: list[Exceptional] = []
    bad: list[str] = []
    for number, one in enumerate(objects(value), 1):
        try:
            _read(one, weeks, exceptions)
        except (BadEntryError, AttributeError, TypeError, ValueError, LookupError, OverflowError) as fault:
            bad.append(f"Opening hours, part {number}: {_reason(fault)}")
    order = sorted(weeks, key=lambda bounds: bounds == (None, None))
    seasons = tuple(Season(WeeklyHours(tuple(map(united, weeks[bounds]))), *bounds) for bounds in order)
    return Hours(OpeningHours(seasons, tuple(exceptions)) if seasons or exceptions else None, tuple(bad))


def _reason(fault: Exception) -> str:
    return str(fault) if isinstance(fault, BadEntryError) else "it does not have the form of PTV's version 11."


def _read(one: Mapping[str, Any], weeks: dict[Bounds, Week], exceptions: list[Exceptional]) -> None:
    """Adds one block, or nothing of it."""
    first, last = day_of(one.get("validFrom")), day_of(one.get("validTo"))
    if one.get("isReservation"):
        return
    if str(one.get("serviceHourType")) in _EXCEPTIONAL:
        exceptions += [] if first is None else [_exceptional(one, first, last)]
    elif (told := _week(one)) is not None:
        if first and last and first > last:
            raise BadEntryError("A season ends before it begins.")
        week = weeks.setdefault((None, None) if last is None else (first, last), tuple([] for _ in _DAYS))
        for day, more in zip(week, told, strict=True):
            day.extend(more)


def _exceptional(one: Mapping[str, Any], first: date, last: date | None) -> Exceptional:
    opened = [_span(part) for part in objects(one.get("openingHour"))]
    if one.get("isClosed"):
        opened = []
    elif one.get("isAlwaysOpen"):
        opened = [_WHOLE]
    return Exceptional(first, max(first, last or first), united(opened), localised(one.get("additionalInformation")))


def _week(one: Mapping[str, Any]) -> Week | None:
    """None where nothing is told."""
    if one.get("isAlwaysOpen"):
        return tuple([_WHOLE] for _ in _DAYS)
    days: Week = tuple([] for _ in _DAYS)
    if one.get("isClosed"):
        return days
    read = _overnight if str(one.get("serviceHourType")) in _OVER_MIDNIGHT else _daily
    for part in objects(one.get("openingHour")):
        if part.get("dayFrom") in _DAYS:
            for number, span in read(part):
                days[number % 7].append(span)
    return days if any(days) else None


def _daily(part: Mapping[str, Any]) -> Iterable[tuple[int, Span]]:
    """`dayFrom` to `dayTo`, each with these hours; an empty `dayTo` is `dayFrom` alone."""
    first, last = _day_numbers(part)
    return [(number, _span(part)) for number in range(first, last + 1)]


def _overnight(part: Mapping[str, Any]) -> Iterable[tuple[int, Span]]:
    """One span from a time of `dayFrom` to a time of `dayTo`; an empty `dayTo` is the next day."""
    first, last = _day_numbers(part)
    start, end = _clocks(part)
    if last == first and end <= start:
        last += 1
    if last == first:
        return [(first, _span(part))]
    told = [(first, f"{start}-24:00"), *((number, "0:00-24:00") for number in range(first + 1, last))]
    told += [] if end == "00:00" else [(last, f"00:00-{end}")]
    return [(number, spans(written)[0]) for number, written in told]


def _day_numbers(part: Mapping[str, Any]) -> tuple[int, int]:
    first = _DAYS.index(str(part["dayFrom"]))
    last = _DAYS.index(str(part["dayTo"])) if part.get("dayTo") in _DAYS else first
    return first, first + (last - first) % 7


def _clocks(part: Mapping[str, Any]) -> tuple[str, str]:
    return str(part.get("from") or "00:00")[:5], str(part.get("to") or "24:00")[:5]


def _span(part: Mapping[str, Any]) -> Span:
    """What goes past midnight without being said to end with its day."""
    start, end = _clocks(part)
    closes = "24:00" if end == "00:00" or end < start else end
    try:
        return spans(f"{start}-{closes}")[0]
    except IndexError:
        raise BadEntryError("An opening hour has no times.") from None


def united(told: Iterable[Span]) -> tuple[Span, ...]:
    """In order; spans that overlap become one."""
    found = sorted(set(told), key=lambda span: span.start)
    for before, after in pairwise(found):
        if before.end == time() or after.start < before.end:
            end = time() if time() in {before.end, after.end} else max(before.end, after.end)
            return united([*(one for one in found if one not in (before, after)), Span(before.start, end)])
    return tuple(found)
