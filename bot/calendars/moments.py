"""Dates, times, periods and zones of a calendar from outside, read without trust.

Zones are known by their names: IANA's, Windows' and those that end in IANA's (RFC 5545, 3.2.19). What a VTIMEZONE
says is not followed, see `bot.calendars.components`.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar.prop import vDDDTypes
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from bot.calendars.components import MalformedError, Property
from bot.domain.opening import day_interval

Moment = date | datetime
"""A whole day, or an aware time."""


@dataclass(frozen=True, slots=True)
class Period:
    """RFC 5545, 3.3.9, with its duration worked out."""

    start: datetime
    duration: timedelta


@dataclass(slots=True)
class Clock:
    """Reads the times of one component; `has_guessed` if it named a zone that nobody knows."""

    zone: ZoneInfo
    has_guessed: bool = False

    def moment(self, found: Property) -> Moment:
        """The one day or time of a property. Raises MalformedError or ValueError."""
        value = self.values(found)
        if len(value) != 1 or isinstance(value[0], Period):
            raise MalformedError("one time is expected")
        return value[0]

    def values(self, found: Property) -> list[Moment | Period]:
        """All that a property lists, separated by commas."""
        zone = self._named(found.parameter("TZID"))
        return [_value(part.strip(), zone) for part in found.value.split(",")]

    def _named(self, name: str) -> ZoneInfo:
        if not name:
            return self.zone  # floating time is the reader's own (RFC 5545, 3.3.5)
        known = zone_named(name)
        self.has_guessed |= known is None
        return known or self.zone


def duration(found: Property) -> timedelta:
    value = vDDDTypes.from_ical(found.value.strip())
    if not isinstance(value, timedelta):
        raise MalformedError("a duration is expected")
    return value


def utc(moment: Moment, zone: ZoneInfo) -> datetime:
    """When a moment begins; a day begins at midnight of `zone`."""
    if isinstance(moment, datetime):
        return moment.astimezone(UTC)
    return day_interval(moment, zone).start


@lru_cache(maxsize=256)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of a TZID, or None."""
    parts = name.strip("/ ").split("/")
    candidates = [WINDOWS_TO_OLSON.get(name, "")] + ["/".join(parts[first:]) for first in range(min(len(parts), 8))]
    return next((zone for candidate in candidates if (zone := _zone(candidate))), None)


def _zone(key: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(key) if key else None
    except (KeyError, ValueError, OSError):  # unknown, a path out of the data, the name of a folder
        return None


def _value(text: str, zone: ZoneInfo) -> Moment | Period:
    match vDDDTypes.from_ical(text):
        case datetime() as moment:
            return _aware(moment, zone)
        case date() as day:
            return day
        case (datetime() as start, timedelta() as length):
            return Period(_aware(start, zone), length)
        case (datetime() as start, datetime() as end):
            return Period(_aware(start, zone), _aware(end, zone).astimezone(UTC) - _aware(start, zone).astimezone(UTC))
        case _:
            raise MalformedError("a date or a time is expected")


def _aware(moment: datetime, zone: ZoneInfo) -> datetime:
    """In a gap the offset before it holds, and of two alike the first is meant (RFC 5545, 3.3.5): that is fold 0."""
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
