"""Calendars as others write them, in Helsinki in 2027 unless they say otherwise."""

from datetime import UTC, date, datetime, timedelta

from bot.calendars.limits import Limits, Reading
from bot.calendars.reading import read_busy
from bot.domain.opening import Interval
from tests.calendars.strategies import HELSINKI

YEAR = Interval(datetime(2026, 12, 31, 22, tzinfo=UTC), datetime(2027, 12, 31, 22, tzinfo=UTC))
PLAIN = ("DTSTART;TZID=Europe/Helsinki:20270104T090000", "DTEND;TZID=Europe/Helsinki:20270104T100000")
"""A Monday, from nine to ten."""


def event(*lines: str, uid: str = "1") -> str:
    return "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"))


def series(*lines: str) -> str:
    """A series that begins with the plain event."""
    return event(*PLAIN, *lines)


def calendar(*components: str) -> bytes:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", *components, "END:VCALENDAR", "")).encode()


def reading(*components: str, during: Interval = YEAR, limits: Limits | None = None) -> Reading:
    found = read_busy(calendar(*components), during, HELSINKI, limits or Limits())
    assert isinstance(found, Reading)
    return found


def busy(*components: str, during: Interval = YEAR) -> list[str]:
    """Local busy times, such as `04.01. 09:00-10:00`, of a calendar in which all is understood."""
    found = reading(*components, during=during)
    assert (found.skipped, found.cut_short) == (0, 0)
    return [local(interval) for interval in found.busy]


def local(interval: Interval) -> str:
    start, end = interval.start.astimezone(HELSINKI), interval.end.astimezone(HELSINKI)
    return f"{start:%d.%m. %H:%M}-{end:%H:%M}" if end - start < timedelta(days=1) else f"{start:%d.%m.}-{end:%d.%m.}"


def week(monday: date) -> Interval:
    """Seven local days."""
    first = datetime(monday.year, monday.month, monday.day, tzinfo=HELSINKI)
    return Interval(first.astimezone(UTC), (first + timedelta(days=7)).astimezone(UTC))
