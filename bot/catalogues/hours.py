"""Opening hours as they are written in a catalogue, and written back. Leaves weekly office hours to `bot.config`."""

import re
from collections.abc import Mapping
from datetime import time
from functools import partial
from itertools import pairwise
from typing import Any

from bot.catalogues import fields
from bot.catalogues.problems import BadEntryError
from bot.domain.catalogue import Exceptional, OpeningHours, Season
from bot.domain.directory import Span, WeeklyHours

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""Keys of a week, in the order of `date.weekday()`."""

_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*[-–]\s*(\d{1,2})(?:[:.](\d{2}))?")
_LAST_HOUR, _LAST_MINUTE = 24, 59


def opening_hours(value: object) -> OpeningHours:
    parts = fields.mapping(value, "hours")
    unknown = set(parts) - {"week", "seasons", "exceptions"}
    if unknown:
        raise BadEntryError(f"hours have week, seasons and exceptions, not {min(unknown)[:20]!r}.")
    seasons = [_season(one) for one in fields.listed(parts.get("seasons"), "seasons")]
    if "week" in parts:
        seasons.append(Season(_week(parts["week"])))
    exceptions = [_exceptional(one) for one in fields.listed(parts.get("exceptions"), "exceptions")]
    return OpeningHours(tuple(seasons), tuple(exceptions))


def _season(value: object) -> Season:
    parts = fields.mapping(value, "a season")
    first = fields.if_there(parts.get("from"), partial(fields.day, what="from"))
    last = fields.if_there(parts.get("to"), partial(fields.day, what="to"))
    if first is None and last is None:
        raise BadEntryError("A season has a first day (from) or a last one (to).")
    if first and last and first > last:
        raise BadEntryError("A season ends before it begins.")
    return Season(_week(parts.get("week")), first, last)


def _week(value: object) -> WeeklyHours:
    parts = fields.mapping(value, "week")
    unknown = set(parts) - set(WEEKDAYS)
    if unknown:
        raise BadEntryError(f"A week has the days {', '.join(WEEKDAYS)}, not {min(unknown)[:20]!r}.")
    return WeeklyHours(tuple(spans(parts.get(day)) for day in WEEKDAYS))


def _exceptional(value: object) -> Exceptional:
    parts = fields.mapping(value, "an exception")
    first = fields.day(parts.get("date", parts.get("from")), "date")
    last = fields.if_there(parts.get("to"), partial(fields.day, what="to")) or first
    if first > last:
        raise BadEntryError("An exception ends before it begins.")
    opened = () if parts.get("closed") else spans(parts.get("open"))
    if not opened and not parts.get("closed"):
        raise BadEntryError("An exception says closed: true, or open: with its hours.")
    return Exceptional(first, last, opened, fields.words(parts.get("name"), "name"))


def spans(value: object) -> tuple[Span, ...]:
    """Spans of one day, in order; an empty tuple where nothing is written."""
    found = tuple(sorted((_span(one) for one in fields.listed(value, "hours")), key=lambda span: span.start))
    for before, after in pairwise(found):
        if before.end == time() or after.start < before.end:
            raise BadEntryError("Hours of one day overlap.")
    return found


def _span(value: object) -> Span:
    match = _SPAN.fullmatch(fields.text(value, "hours"))
    if match is None:
        raise BadEntryError('Hours are written as "9-15" or "9:00-15:30".')
    start, end = _clock(match[1], match[2]), _clock(match[3], match[4])
    if int(match[1]) == _LAST_HOUR or (start >= end and end != time()):
        raise BadEntryError("Hours end before they begin.")
    return Span(start, end)


def _clock(hour: str, minute: str | None) -> time:
    hours, minutes = int(hour), int(minute or 0)
    if hours > _LAST_HOUR or minutes > _LAST_MINUTE or (hours == _LAST_HOUR and minutes):
        raise BadEntryError("Times run from 0:00 to 24:00.")
    return time(hours % _LAST_HOUR, minutes)


def plain_hours(hours: OpeningHours) -> dict[str, Any]:
    """The form that `opening_hours` reads."""
    bounded = [one for one in hours.seasons if one.first or one.last]
    kept: dict[str, Any] = {
        "seasons": [_plain_season(one) for one in bounded],
        "exceptions": [_plain_exception(one) for one in hours.exceptions],
    }
    for always in (one for one in hours.seasons if one not in bounded):
        kept["week"] = _plain_week(always.hours)
    return kept


def _plain_season(season: Season) -> dict[str, Any]:
    bounds = {"from": season.first and season.first.isoformat(), "to": season.last and season.last.isoformat()}
    return bounds | {"week": _plain_week(season.hours)}


def _plain_exception(exception: Exceptional) -> dict[str, Any]:
    told = {"from": exception.first.isoformat(), "to": exception.last.isoformat(), "name": dict(exception.name)}
    return told | ({"open": _plain_spans(exception.spans)} if exception.spans else {"closed": True})


def _plain_week(week: WeeklyHours) -> Mapping[str, list[str]]:
    return {day: _plain_spans(spans) for day, spans in zip(WEEKDAYS, week.days, strict=True) if spans}


def _plain_spans(found: tuple[Span, ...]) -> list[str]:
    return [f"{one.start:%H:%M}-{'24:00' if one.end == time() else f'{one.end:%H:%M}'}" for one in found]
