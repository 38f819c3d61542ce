"""The occurrences of a rule within a window, for a bounded number of steps.

The usual library (`dateutil.rrule`) walks from the start of a series and only looks up when it has found something:
a rule for each second since a year ago takes minutes, one for 30 February seconds, and neither can be stopped. Here
a rule is asked about each day of the window, so the age of a series costs nothing unless its occurrences are counted.
`dateutil` remains the tests' second opinion.

All times are local and without a zone, as RFC 5545, 3.3.10 reckons them.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby, product, starmap

from bot.calendars.limits import Budget
from bot.calendars.rules import Frequency, Rule

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_UNIT = {Frequency.HOURLY: 3600, Frequency.MINUTELY: 60, Frequency.SECONDLY: 1}
"""Seconds of a period that is shorter than a day."""


@dataclass(frozen=True, slots=True)
class Series:
    """A rule and the local time of the first occurrence."""

    rule: Rule
    start: datetime

    def between(self, low: datetime, high: datetime, budget: Budget) -> Iterator[datetime]:
        """Occurrences of `low` up to and including `high`, in order, until the budget ends."""
        last = min(high, self.rule.until) if self.rule.until else high
        found = self._times(self._days(low.date(), last.date(), budget), low, budget)
        if self.rule.positions:
            found = self._positioned(found)
        for number, moment in enumerate((m for m in found if m >= self.start), start=1):
            if moment > last or (self.rule.count and number > self.rule.count):
                return
            if moment >= low:
                yield moment

    def _days(self, low: date, high: date, budget: Budget) -> Iterator[date]:
        """Days that the rule allows; also those before the window where occurrences are counted from the start."""
        day = self.start.date() if self.rule.count else max(low, self.start.date())
        if self.rule.positions:
            day, high = self._period(day)[0], self._period(high)[1]
        while day <= high and budget.spend():
            if self._is_in_step(day) and self.rule.allows(day):
                yield day
            day += _DAY

    def _is_in_step(self, day: date) -> bool:
        """Whether the day's period is a whole number of intervals after the first one."""
        first, interval = self.start.date(), self.rule.interval
        match self.rule.frequency:
            case Frequency.YEARLY:
                return (day.year - first.year) % interval == 0
            case Frequency.MONTHLY:
                return (day.year * 12 + day.month - first.year * 12 - first.month) % interval == 0
            case Frequency.WEEKLY:
                return (self._period(day)[0] - self._period(first)[0]).days // 7 % interval == 0
            case Frequency.DAILY:
                return (day - first).days % interval == 0
            case _:
                return True

    def _period(self, day: date) -> tuple[date, date]:
        """The first and the last day of the year, month, week or day that the rule repeats by."""
        match self.rule.frequency:
            case Frequency.YEARLY:
                return day.replace(month=1, day=1), day.replace(month=12, day=31)
            case Frequency.MONTHLY:
                return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
            case Frequency.WEEKLY:
                first = day - (day.weekday() - self.rule.week_start) % 7 * _DAY
                return first, first + 6 * _DAY
            case _:
                return day, day

    def _times(self, days: Iterable[date], low: datetime, budget: Budget) -> Iterator[datetime]:
        for day in days:
            for at in self._clock(day, low):
                if not budget.spend():
                    return
                if at is not None:
                    yield datetime.combine(day, at)

    def _clock(self, day: date, low: datetime) -> Iterator[time | None]:
        """The times of an allowed day in order, and None for each period passed, which may hold none: a step too."""
        rule, start = self.rule, self.start
        for passed in self._periods(day, low):
            yield None
            hour, minute, second = passed // 3600, passed // 60 % 60, passed % 60
            yield from starmap(
                time,
                product(
                    self._choice(Frequency.HOURLY, rule.hours, hour, start.hour),
                    self._choice(Frequency.MINUTELY, rule.minutes, minute, start.minute),
                    self._choice(Frequency.SECONDLY, rule.seconds, second, start.second),
                ),
            )

    def _choice(self, level: Frequency, allowed: frozenset[int], now: int, first: int) -> list[int]:
        """An hour, minute or second: set by a period that short and limited by the rule; else set by rule or start."""
        if self.rule.frequency >= level:
            return [now] if not allowed or now in allowed else []
        return sorted(allowed or {first})

    def _periods(self, day: date, low: datetime) -> Iterable[int]:
        """Seconds since midnight at which the rule's periods of this day begin; a day or more is one.

        Those that are over before `low` are left out, unless occurrences are counted.
        """
        unit = _UNIT.get(self.rule.frequency)
        if unit is None:
            return (0,)
        midnight = datetime.combine(day, time())
        first = (self.start - midnight) // timedelta(seconds=unit) % self.rule.interval
        periods = range(first * unit, _DAY // _SECOND, self.rule.interval * unit)
        over = 0 if self.rule.count else ((low - midnight) // _SECOND - periods.start) // periods.step
        return periods[max(0, over) :]

    def _positioned(self, found: Iterable[datetime]) -> Iterator[datetime]:
        """BYSETPOS: the n-th of each period's occurrences, from the end where n is negative."""
        for _, group in groupby(found, key=lambda moment: self._period(moment.date())[0]):
            alike = list(group)
            places = {n - 1 if n > 0 else len(alike) + n for n in self.rule.positions}
            yield from (moment for place, moment in enumerate(alike) if place in places)
