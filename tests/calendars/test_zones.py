"""Local times and the VTIMEZONE that explains them, on the days when the clock changes and for years after."""

from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical

from bot.calendars.entry import Method
from bot.calendars.writing import feed, invitation
from tests.calendars.strategies import AUTUMN, HELSINKI, SPRING, STAMP, at, by_vobject, entry, span


@pytest.mark.parametrize(
    ("start", "minutes", "local"),
    [
        (at(SPRING, "00:30"), 60, "20270328T023000"),  # ends after the gap
        (at(SPRING, "01:00"), 30, "20270328T040000"),  # the first moment of summer time
        (at(SPRING, "01:30"), 30, "20270328T043000"),
        (at(AUTUMN, "00:15"), 30, "20271031T031500"),  # the first of two alike
        (at(AUTUMN, "02:00"), 30, "20271031T040000"),
    ],
)
def test_local_times_around_both_changes(start: datetime, minutes: int, local: str) -> None:
    raw = invitation(entry(start, minutes), Method.PUBLISH)
    assert f"DTSTART;TZID=Europe/Helsinki:{local}\r\n".encode() in raw
    read = by_vobject(raw).vevent
    assert span(read.dtstart.value, read.dtend.value) == (start, start + timedelta(minutes=minutes))


def test_the_second_of_two_alike_is_written_in_utc() -> None:
    raw = invitation(entry(at(AUTUMN, "00:45")), Method.PUBLISH)  # 03:45 summer time until 03:15 winter time
    assert b"DTSTART:20271031T004500Z\r\n" in raw
    assert b"DTEND:20271031T011500Z\r\n" in raw


def test_the_zone_changes_when_the_law_says_so() -> None:
    """Directive 2000/84/EC: at 01:00 UTC on the last Sundays of March and October. Read by `dateutil` alone."""
    raw = invitation(entry(at(SPRING, "09:00")), Method.PUBLISH).decode()
    block = raw[raw.index("BEGIN:VTIMEZONE") : raw.index("BEGIN:VEVENT")]
    zone = tzical(StringIO(block)).get("Europe/Helsinki")
    for year in range(2027, 2037):
        for moment in _around(year):
            assert moment.replace(tzinfo=zone).utcoffset() == moment.replace(tzinfo=HELSINKI).utcoffset(), moment


@pytest.mark.parametrize("key", ["America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "Africa/Casablanca"])
def test_other_zones_are_right_for_the_year_in_question(key: str) -> None:
    zone = ZoneInfo(key)
    raw = feed([], "x", zone, STAMP).decode()
    block = raw[raw.index("BEGIN:VTIMEZONE") : raw.index("END:VCALENDAR")]
    read = tzical(StringIO(block)).get(key)
    first = datetime(2026, 11, 24)  # noqa: DTZ001 - wall time is compared
    for hours in range(0, 365 * 24, 5):
        moment = first + timedelta(hours=hours)
        assert moment.replace(tzinfo=read).utcoffset() == moment.replace(tzinfo=zone).utcoffset(), moment


def _around(year: int) -> list[datetime]:
    """Every quarter of an hour of the days of both changes, where wall time exists once."""
    days = [
        max(date(year, month, day) for day in range(25, 32) if date(year, month, day).weekday() == 6)
        for month in (3, 10)
    ]
    starts = [datetime.combine(day, datetime.min.time()) for day in days]
    every = [start + timedelta(minutes=15 * n) for start in starts for n in range(96)]
    return [moment for moment in every if moment.hour != 3]
