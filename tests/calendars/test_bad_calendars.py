"""What of a calendar is left out and counted, and when nothing of it is believed at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars.limits import Limits, Reading, Unreadable
from bot.calendars.reading import read_busy
from tests.calendars.outside import PLAIN, YEAR, calendar, event, reading
from tests.calendars.strategies import HELSINKI

BAD = [
    "DTSTART:yesterday",
    "DTSTART:20271332T999999",
    "DTSTART:00010101T000000Z",
    "DTSTART:20270104T070000Z/PT1H",
    "DTSTART",
    "SUMMARY:no start",
    "DTSTART;VALUE=DATE:20270104\r\nDTEND:20270104T100000Z",
    "DTSTART:20270104T100000Z\r\nDTEND:20270104T090000Z",
    "DTSTART:20270104T100000Z\r\nDURATION:PT-1H",
    "DTSTART:20270104T100000Z\r\nDURATION:P99999999999D",
    "DTSTART:20270104T100000Z\r\nDURATION:-PT1H",
    "DTSTART:20270104T100000Z\r\nDTSTART:20270104T100000Z",
    "DTSTART:20270104T100000Z\r\nRRULE:FREQ=DAILY;RSCALE=CHINESE",
    "DTSTART:20270104T100000Z\r\nEXDATE:never",
    "DTSTART:20270104T100000Z\r\nRDATE:" + "20270104T100000Z," * 5000,
    "DTSTART:20270104T100000Z\r\nRECURRENCE-ID;RANGE=THISANDFUTURE:20270104T100000Z",
    "DTSTART;TZID=\x00:20270104T100000",
    "BEGIN:VALARM\r\nDTSTART:20270104T100000Z",
]


@pytest.mark.parametrize("lines", BAD)
def test_a_bad_event_harms_no_other(lines: str) -> None:
    found = reading(event(lines, uid="2"), event(*PLAIN), event(lines, uid="3"))
    assert found.busy == reading(event(*PLAIN)).busy
    assert found.skipped == 2 or lines.startswith("DTSTART:0001")


def test_an_event_that_never_ends_is_counted() -> None:
    cut = "\r\n".join(("BEGIN:VEVENT", *PLAIN))
    assert reading(cut, event(*PLAIN)).skipped == 1
    assert reading(event(*PLAIN), cut).skipped == 1


def test_what_is_no_whole_calendar_is_refused() -> None:
    whole = calendar(event(*PLAIN))
    for raw in (b"", b"<html>", b"BEGIN:VCARD\r\nEND:VCARD", b"\xff\xfe" + whole):
        assert read_busy(raw, YEAR, HELSINKI) is Unreadable.NOT_A_CALENDAR
    assert read_busy(whole[:-20], YEAR, HELSINKI) is Unreadable.CUT_OFF


def test_limits_of_size_and_number() -> None:
    raw = calendar(event(*PLAIN), event(*PLAIN))
    assert isinstance(read_busy(raw, YEAR, HELSINKI, Limits(size=len(raw), components=2)), Reading)
    assert read_busy(raw, YEAR, HELSINKI, Limits(size=len(raw) - 1)) is Unreadable.TOO_LARGE
    assert read_busy(raw, YEAR, HELSINKI, Limits(components=1)) is Unreadable.TOO_MANY_COMPONENTS


def test_bare_line_feeds_a_byte_order_mark_and_small_letters() -> None:
    raw = calendar(event(*PLAIN))
    expected = read_busy(raw, YEAR, HELSINKI)
    assert isinstance(expected, Reading)
    assert expected.busy
    for same in (raw.replace(b"\r\n", b"\n"), b"\xef\xbb\xbf" + raw, raw.replace(b"BEGIN", b"begin")):
        assert read_busy(same, YEAR, HELSINKI) == expected


@settings(deadline=None)
@given(
    st.lists(st.sampled_from([*calendar(event(*PLAIN)).split(b"\r\n"), b"\x00", b":;", b" "]) | st.binary(max_size=9))
)
def test_no_bytes_are_a_fault(lines: list[bytes]) -> None:
    raw = b"\r\n".join((b"BEGIN:VCALENDAR", *lines, b"END:VCALENDAR"))
    assert isinstance(read_busy(raw, YEAR, HELSINKI), Reading)
