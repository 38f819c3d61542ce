"""Appointments written as iCalendar: one for a confirmation or a cancellation, or many as a feed.

Leaves addresses, tokens and delivery to others. Bytes are UTF-8, lines end in CRLF and are folded at 75 octets
(RFC 5545, 3.1).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vUri

from bot.calendars import safe
from bot.calendars.entry import CalendarEntry, Method, Organizer, Status
from bot.calendars.zones import timezone_of

PRODUCT = "-//eAhtari//Appointments//EN"
FEED_PERIOD = timedelta(minutes=30)
"""How often a subscriber should ask again (RFC 7986, 5.7)."""

MEDIA_TYPE = "text/calendar"


def invitation(entry: CalendarEntry, method: Method) -> bytes:
    """The file that goes with a confirmation or a cancellation.

    Raises ValueError where the method and the entry's status contradict each other: see `cancelled`.
    """
    if (method is Method.CANCEL) != (entry.status is Status.CANCELLED):
        raise ValueError(f"an entry that is {entry.status} is not sent with method {method}")
    calendar = _calendar(_spans([entry]))
    calendar.add("method", method.value)
    calendar.add_component(_event(entry))
    return _bytes(calendar)


def feed(entries: Sequence[CalendarEntry], name: str, zone: ZoneInfo, now: datetime) -> bytes:
    """A calendar to subscribe to (RFC 7986); cancelled entries stay in it so that subscribers drop them.

    The same entries give the same bytes on the same day of `now`, so a hash of them serves as an ETag.
    """
    midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    calendar = _calendar([*_spans(entries), (zone, midnight)])
    calendar.add("name", safe.line(name))
    calendar.add("x-wr-calname", safe.line(name))
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", FEED_PERIOD, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT30M")
    for entry in entries:
        calendar.add_component(_event(entry))
    return _bytes(calendar)


def _calendar(spans: Iterable[tuple[ZoneInfo, datetime]]) -> Calendar:
    """An empty calendar with the zones that its entries will name, each for the moments that it is used for."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    used: dict[str, list[datetime]] = {}
    for zone, moment in spans:
        used.setdefault(zone.key, []).append(moment)
    for key in sorted(used.keys() - {"UTC"}):
        calendar.add_component(_timezone(key, min(used[key]).year, max(used[key]).year))
    return calendar


@lru_cache(maxsize=16)
def _timezone(key: str, first: int, last: int) -> Timezone:
    """Whole years, since nearly all appointments lie in the same; nobody changes the component afterwards."""
    return timezone_of(ZoneInfo(key), datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC))


def _spans(entries: Iterable[CalendarEntry]) -> list[tuple[ZoneInfo, datetime]]:
    return [(entry.zone, moment) for entry in entries for moment in (entry.start, entry.end)]


def _bytes(calendar: Calendar) -> bytes:
    content: bytes = calendar.to_ical()
    return content


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", safe.line(entry.uid))
    event.add("dtstamp", entry.stamp.astimezone(UTC))
    event.add("sequence", entry.sequence)
    start, end = _shown(entry)
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("status", entry.status.value)
    event.add("transp", "TRANSPARENT" if entry.status is Status.CANCELLED else "OPAQUE")
    _describe(event, entry)
    if entry.reminder is not None and entry.status is Status.CONFIRMED:
        event.add_component(_alarm(entry, entry.reminder))
    return event


def _describe(event: Event, entry: CalendarEntry) -> None:
    event.add("summary", safe.line(entry.summary))
    if description := safe.lines(entry.description):
        event.add("description", description)
    if location := safe.line(entry.location):
        event.add("location", location)
    if entry.organizer is not None:
        event.add("organizer", _organizer(entry.organizer))
    if url := safe.uri(entry.url):
        event.add("url", vUri(url))


def _shown(entry: CalendarEntry) -> tuple[datetime, datetime]:
    """Local times; in UTC where one is the second of two alike, which local time can't say (RFC 5545, 3.3.5)."""
    local = entry.start.astimezone(entry.zone), entry.end.astimezone(entry.zone)
    if any(moment.fold for moment in local):
        return entry.start.astimezone(UTC), entry.end.astimezone(UTC)
    return local


def _organizer(organizer: Organizer) -> vCalAddress:
    address = vCalAddress(safe.uri(organizer.uri))
    if name := safe.parameter(organizer.name):
        address.params["CN"] = name
    return address


def _alarm(entry: CalendarEntry, before: timedelta) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", safe.line(entry.summary))
    alarm.add("trigger", -before)
    return alarm
