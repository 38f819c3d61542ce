"""Reads what one VEVENT or VFREEBUSY says about busy time (RFC 5545, 3.6.1 and 3.6.4)."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from bot.calendars.components import Component, MalformedError, Property
from bot.calendars.events import Event
from bot.calendars.moments import Clock, Moment, Period, duration, utc
from bot.calendars.recurrence import Series
from bot.calendars.rule_parts import parse_rule
from bot.domain.opening import Interval

_DAY = timedelta(days=1)


def read_event(component: Component, clock: Clock) -> Event:
    """One VEVENT. Raises whatever its contents provoke: MalformedError, ValueError, OverflowError and others."""
    start = clock.moment(_required(component, "DTSTART"))
    replaces = component.only("RECURRENCE-ID")
    if replaces and replaces.parameter("RANGE"):
        raise MalformedError("a change of all later occurrences is not supported")
    is_alone = replaces is not None
    return Event(
        uid=component.word("UID"),
        start=start,
        length=_length(component, start, clock),
        is_busy=(
            component.word("STATUS").upper() != "CANCELLED" and component.word("TRANSP", "OPAQUE").upper() == "OPAQUE"
        ),
        zone=clock.zone,
        series=() if is_alone else tuple(_series(component, start, clock)),
        added=() if is_alone else tuple(_listed(component, "RDATE", clock)),
        excluded=frozenset(_name(moment, start, clock) for moment in _listed(component, "EXDATE", clock)),
        replaces=_name(clock.moment(replaces), start, clock) if replaces else None,
    )


def read_free_busy(component: Component, clock: Clock) -> Iterator[Interval]:
    """The busy periods of one VFREEBUSY (RFC 5545, 3.2.9: what is not free is busy, in one way or another)."""
    for found in component.every("FREEBUSY"):
        for period in clock.values(found):
            if not isinstance(period, Period):
                raise MalformedError("a period is expected")
            start = utc(period.start, clock.zone)
            if found.parameter("FBTYPE", "BUSY").upper() != "FREE":
                yield Interval(start, start + period.duration)


def _required(component: Component, name: str) -> Property:
    found = component.only(name)
    if found is None:
        raise MalformedError(name)
    return found


def _length(component: Component, start: Moment, clock: Clock) -> timedelta:
    """From DTEND or DURATION; else a whole day, or no time at all for an event with a time (RFC 5545, 3.6.1)."""
    is_day = not isinstance(start, datetime)
    length = _DAY if is_day else timedelta()
    if ends := component.only("DTEND"):
        end = clock.moment(ends)
        if isinstance(end, datetime) is is_day:
            raise MalformedError("the end is of another kind than the start")
        length = utc(end, clock.zone) - utc(start, clock.zone) if not is_day else _days(end, start)
    elif lasts := component.only("DURATION"):
        length = duration(lasts)
    if length < timedelta():
        raise MalformedError("the end is before the start")
    return max(length, _DAY) if is_day else length


def _days(end: Moment, start: Moment) -> timedelta:
    return timedelta(days=end.toordinal() - start.toordinal())


def _series(component: Component, start: Moment, clock: Clock) -> Iterator[Series]:
    local = start.replace(tzinfo=None) if isinstance(start, datetime) else datetime.combine(start, time())
    zone = (start.tzinfo if isinstance(start, datetime) else None) or clock.zone
    for found in component.every("RRULE"):
        yield Series(parse_rule(found.value, local, zone), local)


def _listed(component: Component, name: str, clock: Clock) -> Iterator[Moment | Period]:
    for found in component.every(name):
        yield from clock.values(found)


def _name(moment: Moment | Period, start: Moment, clock: Clock) -> Moment:
    """How an occurrence is called for comparison: its moment in UTC, or its day in a series of days."""
    if isinstance(moment, Period):
        raise MalformedError("a period names no occurrence")
    if not isinstance(moment, datetime):
        return moment
    return utc(moment, clock.zone) if isinstance(start, datetime) else moment.date()
