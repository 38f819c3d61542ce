"""Reads the parts of a recurrence rule (RFC 5545, 3.3.10), and fills in what the start of the series says."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any

from icalendar.prop import vRecur

from bot.calendars.components import MalformedError
from bot.calendars.rules import Frequency, Rule

_KNOWN = frozenset(
    {
        *("FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYSETPOS"),
        *("BYSECOND", "BYMINUTE", "BYHOUR", "BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYMONTH"),
    }
)
_MOST_VALUES = 800
"""No part has more values that differ: BYYEARDAY and BYSETPOS have 732."""

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY_PARTS = frozenset({"BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYDAY"})

Parts = Mapping[str, list[Any]]


def parse_rule(value: str, start: datetime, zone: tzinfo) -> Rule:
    """The rule of a series that begins at local time `start` of `zone`.

    Raises ValueError, of which MalformedError is one, or KeyError.
    """
    parts: Parts = {name.upper(): values for name, values in vRecur.from_ical(value.strip()).items()}
    if parts.keys() - _KNOWN:
        raise MalformedError("an unknown part of a rule")  # RSCALE, for one, would change what the others mean
    frequency = Frequency[str(parts["FREQ"][0]).upper()]
    positions = _numbers(parts, "BYSETPOS")
    if positions and frequency > Frequency.DAILY:
        raise MalformedError("positions within an hour or less are not supported")
    implied = _implied(frequency, start) if not parts.keys() & _DAY_PARTS else {}
    return Rule(
        frequency=frequency,
        interval=_positive(parts, "INTERVAL") or 1,
        count=_positive(parts, "COUNT"),
        until=_until(parts, zone),
        week_start=_WEEKDAYS.index(str(parts.get("WKST", ["MO"])[0]).upper()),
        positions=positions,
        months=_numbers(parts, "BYMONTH") or implied.get("BYMONTH", frozenset()),
        weeks=_numbers(parts, "BYWEEKNO"),
        year_days=_numbers(parts, "BYYEARDAY"),
        month_days=_numbers(parts, "BYMONTHDAY") or implied.get("BYMONTHDAY", frozenset()),
        weekdays=_weekdays(parts, frequency, start),
        hours=_numbers(parts, "BYHOUR"),
        minutes=_numbers(parts, "BYMINUTE"),
        seconds=_numbers(parts, "BYSECOND"),
    )


def _implied(frequency: Frequency, start: datetime) -> dict[str, frozenset[int]]:
    """What a rule without any part about days takes from its start."""
    day = {"BYMONTHDAY": frozenset({start.day})}
    match frequency:
        case Frequency.YEARLY:
            return day | {"BYMONTH": frozenset({start.month})}
        case Frequency.MONTHLY:
            return day
        case _:
            return {}


def _weekdays(parts: Parts, frequency: Frequency, start: datetime) -> frozenset[tuple[int, int]]:
    """BYDAY; a number before a weekday means something in months and years only."""
    if frequency is Frequency.WEEKLY and not parts.keys() & _DAY_PARTS:
        return frozenset({(0, start.weekday())})
    numbered = frequency <= Frequency.MONTHLY
    found = [str(day).upper() for day in _limited(parts, "BYDAY")]
    return frozenset((int(day[:-2] or 0) * numbered, _WEEKDAYS.index(day[-2:])) for day in found)


def _numbers(parts: Parts, name: str) -> frozenset[int]:
    return frozenset(int(value) for value in _limited(parts, name))


def _limited(parts: Parts, name: str) -> list[Any]:
    values = parts.get(name, [])
    if len(values) > _MOST_VALUES:
        raise MalformedError(name)
    return values


def _positive(parts: Parts, name: str) -> int | None:
    value = int(parts[name][0]) if name in parts else None
    if value is not None and value < 1:
        raise MalformedError(name)
    return value


def _until(parts: Parts, zone: tzinfo) -> datetime | None:
    """The last moment as local time; a date means the whole of that day."""
    match parts.get("UNTIL", [None])[0]:
        case None:
            return None
        case datetime() as moment:
            return moment.replace(tzinfo=moment.tzinfo or zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        case date() as day:
            return datetime.combine(day, time.max)
        case _:
            raise MalformedError("UNTIL")
