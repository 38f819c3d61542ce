"""When one event is busy.

Leaves reading it to `bot.calendars.event_parts`; the replacement of single occurrences (RECURRENCE-ID) and the
joining of all to `bot.calendars.reading`.
"""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.calendars.limits import Budget
from bot.calendars.moments import Moment, Period, utc
from bot.calendars.recurrence import Series
from bot.domain.opening import Interval

_MARGIN = timedelta(hours=3)
"""More than the clock is ever moved by: local times are reckoned apart from moments by that much at most."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event or series. `length` is days for all-day events and exact time for others (RFC 5545, 3.8.5.3).

    `replaces` is the occurrence that a changed one stands for; `excluded` are occurrences that don't take place.
    """

    uid: str
    start: Moment
    length: timedelta
    is_busy: bool
    zone: ZoneInfo
    series: tuple[Series, ...]
    added: tuple[Moment | Period, ...]
    excluded: frozenset[Moment]
    replaces: Moment | None

    def during(self, window: Interval, replaced: AbstractSet[Moment], budget: Budget) -> Iterator[Interval]:
        """Busy times that touch the window; `replaced` are occurrences that other components tell of."""
        for moment in self._moments(window, budget):
            begin = moment.start if isinstance(moment, Period) else moment
            names = self._names(begin)
            if names.isdisjoint(self.excluded) and names.isdisjoint(replaced):
                yield self._interval(moment)

    def _moments(self, window: Interval, budget: Budget) -> Iterator[Moment | Period]:
        """The first occurrence, which always takes place, those of the rules, and those that are listed."""
        yield self.start
        yield from self.added
        own = self.start.tzinfo if isinstance(self.start, datetime) else None
        low = (window.start - self.length).astimezone(own or self.zone).replace(tzinfo=None) - _MARGIN
        high = window.end.astimezone(own or self.zone).replace(tzinfo=None)
        for series in self.series:
            budget.begin_series()
            for local in series.between(low, high, budget):
                yield local.replace(tzinfo=own) if own else local.date()

    def _interval(self, moment: Moment | Period) -> Interval:
        if isinstance(moment, Period):
            start = utc(moment.start, self.zone)
            return Interval(start, start + moment.duration)
        if isinstance(moment, datetime):
            start = utc(moment, self.zone)
            return Interval(start, start + self.length)
        return Interval(utc(moment, self.zone), utc(moment + self.length, self.zone))

    def _names(self, moment: Moment) -> frozenset[Moment]:
        """What EXDATE and RECURRENCE-ID may call an occurrence: its moment, or its day, which some writers use."""
        if isinstance(moment, datetime):
            return frozenset({utc(moment, self.zone), moment.date()})
        return frozenset({moment})
