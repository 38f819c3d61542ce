"""Entries with all that people, and those who mean harm, write into them; and a second reader of what is written."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import vobject
from hypothesis import strategies as st

from bot.calendars.entry import CalendarEntry, Organizer

HELSINKI = ZoneInfo("Europe/Helsinki")
ZONES = [HELSINKI, *map(ZoneInfo, ("UTC", "Europe/London", "America/New_York", "Asia/Tokyo", "Asia/Kathmandu"))]
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
"""The days of both changes of the clock in 2027."""

STAMP = datetime(2026, 11, 24, 8, tzinfo=UTC)

HOSTILE = [
    "\r\nBEGIN:VEVENT\r\nUID:x\r\nEND:VEVENT",
    "\nEND:VCALENDAR\n",
    "\r\n folded",
    "\rATTENDEE:mailto:x@example.org",
    "\u2028X-A:1\u2029X-B:2\x85X-C:3\x0bX-D:4\x0cX-E:5",
    "\x00\x07\x1b[31m\x7f\x9b",
    "\u202eevil\u2066\u200f\u061c",
    '"; CN="x":mailto:x;^n^\'',
    "\\n\\;\\,\\\\",
    ";X=1:,",
    "\ud800",
    "ä" * 80,
    "👩‍👩‍👧‍👦" * 40,
    "\U000e0041",
]

texts = st.one_of(st.text(max_size=90), st.lists(st.sampled_from(HOSTILE), max_size=4).map("".join))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)).map(  # noqa: DTZ001 - made aware here
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


@st.composite
def entries(draw: st.DrawFn) -> CalendarEntry:
    start = draw(moments)
    return CalendarEntry(
        uid=f"appointment-{draw(st.integers(1, 10**9))}@example.org",
        sequence=draw(st.integers(0, 99)),
        start=start,
        end=start + timedelta(minutes=draw(st.integers(1, 6000))),
        zone=draw(st.sampled_from(ZONES)),
        stamp=STAMP,
        summary=draw(texts),
        description=draw(texts),
        location=draw(texts),
        organizer=draw(st.none() | st.builds(Organizer, texts, st.just("matrix:u/palvelu:example.org"))),
        url=draw(st.just("") | texts.map("https://example.org/k/".__add__)),
        reminder=draw(st.none() | st.integers(1, 1440).map(lambda minutes: timedelta(minutes=minutes))),
    )


def entry(start: datetime, minutes: int = 30, number: int = 1) -> CalendarEntry:
    """A plain one in Helsinki."""
    return CalendarEntry(
        uid=f"appointment-{number}@example.org",
        sequence=0,
        start=start,
        end=start + timedelta(minutes=minutes),
        zone=HELSINKI,
        stamp=STAMP,
        summary="Rakennuslupaneuvonta",
    )


def span(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """In UTC: Python holds no two times of different zones for equal when one of them is ambiguous (PEP 495)."""
    return start.astimezone(UTC), end.astimezone(UTC)


def at(day: date, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}:00+00:00")


def by_vobject(raw: bytes) -> Any:
    """A calendar as `vobject` reads it, with the zones of this calendar: it keeps those of the first it ever read."""
    for zone in ZONES:
        if zone.key != "UTC":
            vobject.icalendar.registerTzid(zone.key, None)
    return vobject.readOne(raw.decode())
