"""What is written is read back alike by `icalendar` and by `vobject`, which share no code."""

from datetime import UTC, datetime, timedelta
from unicodedata import category

import pytest
from hypothesis import given, settings
from icalendar import Calendar, Event

from bot.calendars import safe
from bot.calendars.entry import CalendarEntry, Method, Organizer, Status, cancelled
from bot.calendars.writing import feed, invitation
from tests.calendars.strategies import HELSINKI, HOSTILE, SPRING, STAMP, at, by_vobject, entries, entry, span


def events(raw: bytes) -> list[Event]:
    return list(Calendar.from_ical(raw).events)


def times(event: Event) -> tuple[datetime, datetime]:
    start, end = event.start, event.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return start, end


@settings(deadline=None)
@given(entries())
def test_both_parsers_read_what_was_written(written: CalendarEntry) -> None:
    raw = invitation(written, Method.PUBLISH)
    (event,) = events(raw)
    other = by_vobject(raw).vevent
    assert (event["UID"], other.uid.value) == (written.uid, written.uid)
    assert span(*times(event)) == (written.start, written.end)
    assert span(other.dtstart.value, other.dtend.value) == (written.start, written.end)
    assert event["SUMMARY"] == other.summary.value == safe.line(written.summary)
    assert event.get("DESCRIPTION", "") == safe.lines(written.description)
    assert event.sequence == int(other.sequence.value) == written.sequence


@settings(deadline=None)
@given(entries())
def test_lines_are_short_whole_and_of_known_names(written: CalendarEntry) -> None:
    raw = invitation(written, Method.PUBLISH)
    assert raw.endswith(b"END:VCALENDAR\r\n")
    for line in raw[:-2].split(b"\r\n"):
        assert len(line) <= 75
        assert not [sign for sign in line.decode() if category(sign) == "Cc" and sign != "\t"]
    allowed = (
        "BEGIN END VERSION PRODID CALSCALE METHOD TZID TZNAME TZOFFSETFROM TZOFFSETTO RRULE RDATE "
        "DTSTART DTEND DTSTAMP UID SEQUENCE STATUS TRANSP SUMMARY DESCRIPTION LOCATION ORGANIZER URL ACTION TRIGGER"
    )
    unfolded = raw.decode().replace("\r\n ", "").split("\r\n")[:-1]
    assert {line.partition(":")[0].partition(";")[0] for line in unfolded} <= set(allowed.split())


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str) -> None:
    plain = entry(at(SPRING, "09:00"))
    hostile = CalendarEntry(
        uid=plain.uid + words,
        sequence=0,
        start=plain.start,
        end=plain.end,
        zone=HELSINKI,
        stamp=STAMP,
        summary=words,
        description=words,
        location=words,
        organizer=Organizer(words, "matrix:u/palvelu:example.org" + words),
        url="https://example.org/" + words,
    )
    for raw in (invitation(hostile, Method.PUBLISH), feed([hostile], words, HELSINKI, STAMP)):
        (event,) = events(raw)
        assert event.subcomponents == []
        assert "ATTENDEE" not in event
        assert len(by_vobject(raw).vevent_list) == 1
        assert not any(
            sign in raw.decode() for sign in "\x00\x07\x1b\x7f\x9b\x85\x0b\x0c\u2028\u202e\u2066\u200f\u061c"
        )


def test_a_cancellation_has_the_same_uid_and_the_next_sequence() -> None:
    booked = entry(at(SPRING, "09:00"))
    off = cancelled(booked, STAMP + timedelta(days=1))
    raw = invitation(off, Method.CANCEL)
    (event,) = events(raw)
    assert b"METHOD:CANCEL\r\n" in raw
    assert (event["UID"], event.sequence, event["STATUS"]) == (booked.uid, 1, "CANCELLED")
    assert off.stamp == event.DTSTAMP
    assert event.subcomponents == []


def test_a_method_that_contradicts_the_status_is_a_fault() -> None:
    booked = entry(at(SPRING, "09:00"))
    with pytest.raises(ValueError, match="CONFIRMED"):
        invitation(booked, Method.CANCEL)
    with pytest.raises(ValueError, match="CANCELLED"):
        invitation(cancelled(booked, STAMP), Method.PUBLISH)


def test_naive_or_backward_times_are_a_fault() -> None:
    with pytest.raises(ValueError, match="aware"):
        entry(datetime(2027, 1, 1))  # noqa: DTZ001 - the fault that is tested
    with pytest.raises(ValueError, match="ends"):
        entry(at(SPRING, "09:00"), 0)


def test_a_feed_of_a_thousand_entries_names_its_zone_once() -> None:
    first = datetime(2027, 1, 1, 7, tzinfo=UTC)
    booked = [entry(first + timedelta(hours=9 * n), number=n) for n in range(1000)]
    booked[7] = cancelled(booked[7], STAMP)
    raw = feed(booked, "Rakennusvalvonta", HELSINKI, STAMP)
    read = events(raw)
    assert [(e["UID"], e.start, e.end) for e in read] == [(e.uid, e.start, e.end) for e in booked]
    assert [e["UID"] for e in read if e["STATUS"] == Status.CANCELLED] == [booked[7].uid]
    assert len(by_vobject(raw).vevent_list) == 1000
    assert raw.count(b"BEGIN:VTIMEZONE") == 1
    assert b"METHOD" not in raw
    assert raw == feed(booked, "Rakennusvalvonta", HELSINKI, STAMP + timedelta(hours=3))


def test_an_empty_feed_is_a_calendar() -> None:
    raw = feed([], "Rakennusvalvonta", HELSINKI, STAMP)
    assert Calendar.from_ical(raw)["X-WR-CALNAME"] == "Rakennusvalvonta"
    assert events(raw) == []
