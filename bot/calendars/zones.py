"""Time zones as calendars carry them: VTIMEZONE (RFC 5545, 3.6.5), made from the zone's own data.

Written here since `icalendar` 7.3 begins summer time an hour late: an onset is local time by the offset *before* it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_DAY = timedelta(days=1)
_MARGIN = timedelta(days=400)
"""Before and after what is asked, so that each change is seen at least twice and its rule with it."""


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of the clock: its local time by the old offset, and both offsets."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    is_summer: bool

    @property
    def kind(self) -> tuple[timedelta, timedelta, str]:
        return self.before, self.after, self.name

    @property
    def is_of_last_week(self) -> bool:
        return (self.onset + 7 * _DAY).month != self.onset.month

    @property
    def rule(self) -> tuple[int, int, object]:
        return self.onset.month, self.onset.weekday(), self.onset.time()


def timezone_of(zone: ZoneInfo, first: datetime, last: datetime) -> Timezone:
    """The zone's VTIMEZONE, right from `first` to `last`, and beyond where its changes follow a yearly rule."""
    component = Timezone()
    component.add("tzid", zone.key)
    changes = list(_changes(zone, first - _MARGIN, last + _MARGIN))
    if not changes:
        component.add_component(_observance(_standing(zone, first)))
    for kind in dict.fromkeys(change.kind for change in changes):
        alike = [change for change in changes if change.kind == kind]
        component.add_component(_recurring(alike))
    return component


def _recurring(alike: list[_Change]) -> TimezoneStandard | TimezoneDaylight:
    """One observance: by rule where every change falls on one weekday of a month's last week, else by list."""
    component = _observance(alike[0])
    if len(alike) == 1:
        return component
    if all(change.is_of_last_week for change in alike) and len({change.rule for change in alike}) == 1:
        onset = alike[0].onset
        weekday = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[onset.weekday()]
        component.add("rrule", {"freq": "yearly", "bymonth": onset.month, "byday": f"-1{weekday}"})
    else:
        component.add("rdate", [change.onset for change in alike[1:]])
    return component


def _observance(change: _Change) -> TimezoneStandard | TimezoneDaylight:
    component = TimezoneDaylight() if change.is_summer else TimezoneStandard()
    component.add("dtstart", change.onset)
    component.add("tzoffsetfrom", change.before)
    component.add("tzoffsetto", change.after)
    component.add("tzname", change.name)
    return component


def _standing(zone: ZoneInfo, moment: datetime) -> _Change:
    """A zone that knows no changes, since the beginning of Unix time."""
    offset = _offset(zone, moment)
    name = moment.astimezone(zone).tzname() or zone.key
    return _Change(datetime(1970, 1, 1), offset, offset, name, is_summer=False)  # noqa: DTZ001 - local by definition


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[_Change]:
    moment = first.astimezone(UTC).replace(microsecond=0)
    while moment < last:
        if _offset(zone, moment) != _offset(zone, moment + _DAY):
            yield _change(zone, moment, moment + _DAY)
        moment += _DAY


def _change(zone: ZoneInfo, low: datetime, high: datetime) -> _Change:
    """The one change between two moments, found to the second by halving."""
    before = _offset(zone, low)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    local = high.astimezone(zone)
    onset = (high + before).replace(tzinfo=None)
    return _Change(onset, before, _offset(zone, high), local.tzname() or zone.key, is_summer=bool(local.dst()))


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
