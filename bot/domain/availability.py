"""When a service can be had: opening hours expanded as local wall time, minus what is booked.

Leaves loading the facts to `bot.actions`. All moments are aware datetimes in UTC; days are local dates.
A span that crosses a change to or from summer time is walked in UTC, so an hour that does not exist is never
offered and one that exists twice is offered twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.directory import Closure, Official, Service, Span
from bot.domain.ids import OfficialId

STEP = timedelta(minutes=15)
"""Appointments start on this grid, counted from the start of an opening span."""


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` up to, not including, `end`; UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Interval") -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Busy:
    """Time of one official that is taken, buffers included."""

    official: OfficialId
    interval: Interval


@dataclass(frozen=True, slots=True)
class Slot:
    """A free start of a service and the officials who could take it, least loaded first."""

    start: datetime
    officials: tuple[OfficialId, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """What stands against a visit: taken time, closed days; and the zone in which days are counted.

    `busy` holds at least all that touches the days that are asked about.
    """

    busy: Sequence[Busy]
    closures: Sequence[Closure]
    zone: ZoneInfo

    def closure_on(self, day: date) -> Closure | None:
        return next((closure for closure in self.closures if closure.covers(day)), None)

    def of(self, official: OfficialId) -> "Calendar":
        return Calendar([b for b in self.busy if b.official == official], self.closures, self.zone)


def day_interval(day: date, zone: ZoneInfo) -> Interval:
    """A local day as UTC moments: 23, 24 or 25 hours long."""
    return Interval(_utc(day, time(), zone), _utc(day + timedelta(days=1), time(), zone))


def open_intervals(official: Official, day: date, calendar: Calendar) -> list[Interval]:
    """The official's opening spans of a local day, none on a closed day."""
    if calendar.closure_on(day) is not None:
        return []
    return [_interval(day, span, calendar.zone) for span in official.hours.on(day)]


def occupied(service: Service, start: datetime) -> Interval:
    """What an appointment takes of the official's time: the visit and the buffers on both sides."""
    return Interval(start - service.buffer_before, start + service.duration + service.buffer_after)


def fits(service: Service, start: datetime, spans: Iterable[Interval]) -> bool:
    """Whether a visit lies on the grid of a span and ends within it, buffers included."""
    wanted = occupied(service, start)
    return any(
        span.start <= wanted.start and wanted.end <= span.end and (start - span.start) % STEP == timedelta()
        for span in spans
    )


def is_free(official: OfficialId, wanted: Interval, busy: Iterable[Busy]) -> bool:
    return not any(b.official == official and b.interval.overlaps(wanted) for b in busy)


def slots_of_day(service: Service, officials: Sequence[Official], day: date, calendar: Calendar) -> list[Slot]:
    """Every free start of a local day in order."""
    load = {o.id: sum(b.official == o.id for b in calendar.busy) for o in officials}
    free: dict[datetime, list[OfficialId]] = {}
    for official in sorted(officials, key=lambda o: load[o.id]):
        for start in _free_starts(service, official, day, calendar.of(official.id)):
            free.setdefault(start, []).append(official.id)
    return [Slot(start, tuple(free[start])) for start in sorted(free)]


def offered(service: Service, slots: Iterable[Slot]) -> Iterator[Slot]:
    """Thins slots out to starts that leave no gap shorter than the service: what a person is shown."""
    free_from: datetime | None = None
    for slot in slots:
        if free_from is None or slot.start >= free_from:
            yield slot
            free_from = slot.start + service.duration


def _free_starts(service: Service, official: Official, day: date, own: Calendar) -> Iterator[datetime]:
    for span in open_intervals(official, day, own):
        start = span.start
        while start < span.end:
            if fits(service, start, (span,)) and is_free(official.id, occupied(service, start), own.busy):
                yield start
            start += STEP


def _interval(day: date, span: Span, zone: ZoneInfo) -> Interval:
    last = day + timedelta(days=1) if span.end == time() else day
    return Interval(_utc(day, span.start, zone), _utc(last, span.end, zone))


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Wall time as a moment: the first of two alike, and the clock's jump for one that summer time skips."""
    local = datetime.combine(day, at, zone)
    while local.astimezone(UTC).astimezone(zone).time() != local.time():
        local += timedelta(minutes=1)
    return local.astimezone(UTC)
