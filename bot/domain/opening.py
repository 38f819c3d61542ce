"""Wall time as moments: opening spans of a local day in UTC, right on the days of a clock change.

A span that crosses a change to or from summer time is walked in UTC, so an hour that does not exist is never
offered and one that exists twice is offered twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.directory import Span, WeeklyHours


@dataclass(frozen=True, slots=True)
class Interval:
    """From `start` up to, not including, `end`; UTC."""

    start: datetime
    end: datetime

    def overlaps(self, other: "Interval") -> bool:
        return self.start < other.end and other.start < self.end


def holds(span: Interval, wanted: Interval) -> bool:
    """Whether the wanted time lies wholly in a span."""
    return span.start <= wanted.start and wanted.end <= span.end


def day_interval(day: date, zone: ZoneInfo) -> Interval:
    """A local day as UTC moments: 23, 24 or 25 hours long."""
    return Interval(_utc(day, time(), zone), _utc(day + timedelta(days=1), time(), zone))


def intervals(day: date, spans: Sequence[Span], zone: ZoneInfo) -> list[Interval]:
    """The spans of a local day as moments."""
    return [_interval(day, span, zone) for span in spans]


def within(spans: list[Interval], hours: WeeklyHours | None, day: date, zone: ZoneInfo) -> list[Interval]:
    """What of the intervals of a day lies in the week's hours; all of them where there are none."""
    if hours is None:
        return spans
    allowed = intervals(day, hours.on(day), zone)
    both = (Interval(max(a.start, b.start), min(a.end, b.end)) for a in spans for b in allowed if a.overlaps(b))
    return sorted(both, key=lambda interval: interval.start)


def _interval(day: date, span: Span, zone: ZoneInfo) -> Interval:
    last = day + timedelta(days=1) if span.end == time() else day
    return Interval(_utc(day, span.start, zone), _utc(last, span.end, zone))


def _utc(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Wall time as a moment: the first of two alike, and the clock's jump for one that summer time skips."""
    local = datetime.combine(day, at, zone)
    while local.astimezone(UTC).astimezone(zone).time() != local.time():
        local += timedelta(minutes=1)
    return local.astimezone(UTC)
