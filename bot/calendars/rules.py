"""A recurrence rule (RFC 5545, 3.3.10) and the question whether it allows a day.

Leaves reading it to `bot.calendars.rule_parts`, and walking through days, with its bounds, to
`bot.calendars.recurrence`.
"""

from calendar import isleap, monthrange
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum


class Frequency(IntEnum):
    """From the longest period to the shortest."""

    YEARLY = 0
    MONTHLY = 1
    WEEKLY = 2
    DAILY = 3
    HOURLY = 4
    MINUTELY = 5
    SECONDLY = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """The parts of a rule; an empty set limits nothing. `until` is local time of the series, inclusive."""

    frequency: Frequency
    interval: int
    count: int | None
    until: datetime | None
    week_start: int
    positions: frozenset[int]
    months: frozenset[int]
    weeks: frozenset[int]
    year_days: frozenset[int]
    month_days: frozenset[int]
    weekdays: frozenset[tuple[int, int]]  # which one of the month or year, 0 for any; and Monday is 0
    hours: frozenset[int]
    minutes: frozenset[int]
    seconds: frozenset[int]

    def allows(self, day: date) -> bool:
        """Whether the day passes every part that speaks of days."""
        return (
            (not self.months or day.month in self.months)
            and (not self.month_days or _either(day.day, monthrange(day.year, day.month)[1], self.month_days))
            and (not self.weekdays or self._allows_weekday(day))
            and (not self.year_days or _either(_day_of_year(day), _days_in(day.year), self.year_days))
            and (not self.weeks or self._allows_week(day))
        )

    def _allows_weekday(self, day: date) -> bool:
        weekday = day.weekday()
        if (0, weekday) in self.weekdays:
            return True
        at, length = day.day, monthrange(day.year, day.month)[1]
        if self.frequency is Frequency.YEARLY and not self.months:
            at, length = _day_of_year(day), _days_in(day.year)
        from_start, from_end = (at - 1) // 7 + 1, -((length - at) // 7 + 1)
        return (from_start, weekday) in self.weekdays or (from_end, weekday) in self.weekdays

    def _allows_week(self, day: date) -> bool:
        """A week belongs to the year that holds its fourth day, as in ISO 8601 but for the day it starts on."""
        fourth = day.toordinal() - (day.weekday() - self.week_start) % 7 + 3
        middle = date.fromordinal(fourth)
        number = (_day_of_year(middle) - 1) // 7 + 1
        weeks = number + (_days_in(middle.year) - _day_of_year(middle)) // 7
        return _either(number, weeks, self.weeks)


def _either(value: int, length: int, allowed: frozenset[int]) -> bool:
    """Whether a number of 1 to `length` is allowed, counted from the start or, negative, from the end."""
    return value in allowed or value - length - 1 in allowed


def _day_of_year(day: date) -> int:
    return day.timetuple().tm_yday


def _days_in(year: int) -> int:
    return 365 + isleap(year)
