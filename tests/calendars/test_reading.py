"""Single events: what is busy, in which zone, and what of a calendar is not looked at."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars.entry import CalendarEntry, cancelled
from bot.calendars.limits import Reading
from bot.calendars.reading import merged, read_busy
from bot.calendars.writing import feed
from bot.domain.opening import Interval
from tests.calendars.outside import PLAIN, YEAR, busy, event, reading
from tests.calendars.strategies import HELSINKI, STAMP, entries

NINE = "04.01. 09:00-10:00"


def test_an_event_is_busy_unless_it_says_otherwise() -> None:
    assert busy(event(*PLAIN)) == [NINE]
    assert busy(event(*PLAIN, "TRANSP:OPAQUE", "STATUS:TENTATIVE")) == [NINE]
    assert busy(event(*PLAIN, "TRANSP:TRANSPARENT")) == []
    assert busy(event(*PLAIN, "STATUS:CANCELLED")) == []
    assert busy() == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("DTSTART:20270104T070000Z", "DURATION:PT1H"), NINE),
        (("DTSTART:20270104T090000", "DTEND:20270104T100000"), NINE),  # floating
        (("DTSTART;TZID=FLE Standard Time:20270104T090000", "DURATION:PT1H"), NINE),
        (('DTSTART;TZID="/vendor.example/Europe/Stockholm":20270104T080000', "DURATION:PT1H"), NINE),
        (("DTSTART;TZID=Europe/London:20270104T070000", "DTEND:20270104T080000Z"), NINE),
        (("DTSTART;VALUE=DATE:20270104",), "04.01.-05.01."),
        (("DTSTART;VALUE=DATE:20270104", "DTEND;VALUE=DATE:20270104"), "04.01.-05.01."),
        (("DTSTART;VALUE=DATE:20270104", "DTEND;VALUE=DATE:20270107"), "04.01.-07.01."),
        (("DTSTART:20270104", "DURATION:P2D"), "04.01.-06.01."),
        (("dtstart;tzid=Europe/Helsinki:20270104T0900\r\n 00", "duration:PT\r\n\t1H"), NINE),  # folded
        (("DTSTART;TZID=Europe/Helsinki:20270328T033000", "DURATION:PT1H"), "28.03. 04:30-05:30"),  # in the gap
        (("DTSTART;TZID=Europe/Helsinki:20271031T033000", "DURATION:PT30M"), "31.10. 03:30-03:00"),  # the first of two
    ],
)
def test_times_of_every_kind(lines: tuple[str, ...], expected: str) -> None:
    assert busy(event(*lines)) == [expected]


@pytest.mark.parametrize(("day", "hours"), [("20270328", 23), ("20270104", 24), ("20271031", 25)])
def test_a_whole_day_is_as_long_as_it_is_here(day: str, hours: int) -> None:
    (interval,) = reading(event(f"DTSTART;VALUE=DATE:{day}")).busy
    assert interval.end - interval.start == timedelta(hours=hours)


def test_an_event_without_an_end_takes_no_time() -> None:
    assert busy(event("DTSTART:20270104T070000Z")) == []


@pytest.mark.parametrize("name", ["Customized Time Zone", "../../../etc/passwd", "Europe", "x" * 500, "/a/b/c"])
def test_a_zone_that_nobody_knows_is_taken_for_ours_and_counted(name: str) -> None:
    found = reading(event(f"DTSTART;TZID={name}:20270104T090000", "DURATION:PT1H"))
    assert found == Reading(reading(event(*PLAIN)).busy, guessed_zones=1)


def test_what_a_calendar_says_of_a_zone_is_not_believed() -> None:
    """A rule for every second in a VTIMEZONE would keep the usual libraries busy for ever."""
    rule = ("DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+1200", "RRULE:FREQ=SECONDLY")
    for name in ("Europe/Helsinki", "Nowhere"):
        zone = "\r\n".join(
            ("BEGIN:VTIMEZONE", f"TZID:{name}", "BEGIN:STANDARD", *rule, "END:STANDARD", "END:VTIMEZONE")
        )
        assert busy(zone, event(f"DTSTART;TZID={name}:20270104T090000", "DURATION:PT1H")) == [NINE]


def test_an_alarm_is_no_event() -> None:
    alarm = ("BEGIN:VALARM", "TRIGGER:-PT15M", "DURATION:PT9H", "STATUS:CANCELLED", "DTSTART:20270601", "END:VALARM")
    assert busy(event(*PLAIN, *alarm)) == [NINE]


def test_free_busy_answers() -> None:
    answer = (
        "BEGIN:VFREEBUSY",
        "DTSTART:20270101T000000Z",
        "FREEBUSY:20270104T070000Z/PT1H,20270105T070000Z/20270105T073000Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20270106T070000Z/PT1H",
        "FREEBUSY;FBTYPE=FREE:20270107T070000Z/PT1H",
        "END:VFREEBUSY",
    )
    assert busy("\r\n".join(answer)) == [NINE, "05.01. 09:00-09:30", "06.01. 09:00-10:00"]


def test_busy_times_are_joined_and_cut_to_what_was_asked() -> None:
    parts = [event(f"DTSTART:20270104T{clock}00Z", "DURATION:PT1H") for clock in ("0730", "0700", "0830", "1200")]
    assert busy(*parts) == ["04.01. 09:00-11:30", "04.01. 14:00-15:00"]
    (whole,) = reading(event("DTSTART;VALUE=DATE:20200101", "DTEND;VALUE=DATE:20400101")).busy
    assert whole == YEAR


@settings(deadline=None)
@given(st.lists(entries(), max_size=5), st.sets(st.integers(0, 4)))
def test_our_own_feed_is_read_as_it_was_meant(booked: list[CalendarEntry], off: set[int]) -> None:
    stated = [cancelled(e, STAMP) if n in off else e for n, e in enumerate(booked)]
    meant = [Interval(e.start, e.end) for n, e in enumerate(booked) if n not in off]
    everything = Interval(YEAR.start.replace(year=2020), YEAR.end.replace(year=2040))
    found = read_busy(feed(stated, "x", HELSINKI, STAMP), everything, HELSINKI)
    assert found == Reading(tuple(merged(meant)))
