"""Series: rules, exceptions and changed occurrences, on the days of clock changes too."""

from datetime import UTC, date, datetime

import pytest

from bot.calendars.limits import Limits
from bot.domain.opening import Interval
from tests.calendars.outside import busy, event, local, reading, series, week

JANUARY = week(date(2027, 1, 4))
SECOND = week(date(2027, 1, 11))


def starts(*components: str) -> list[str]:
    return [time.partition("-")[0] for time in busy(*components)]


def test_a_rule_exceptions_and_additions() -> None:
    rule = "RRULE:FREQ=WEEKLY;COUNT=4"
    assert starts(series(rule)) == ["04.01. 09:00", "11.01. 09:00", "18.01. 09:00", "25.01. 09:00"]
    excepted = "EXDATE;TZID=Europe/Helsinki:20270111T090000,20270118T090000"
    assert starts(series(rule, excepted)) == ["04.01. 09:00", "25.01. 09:00"]
    assert starts(series(rule, "EXDATE:20270111T070000Z", "EXDATE;VALUE=DATE:20270118", "EXDATE:20270125T090000")) == [
        "04.01. 09:00"
    ]
    added = "RDATE;TZID=Europe/Helsinki:20270105T120000"
    period = "RDATE;VALUE=PERIOD:20270106T070000Z/PT3H"
    assert busy(series(added, period)) == ["04.01. 09:00-10:00", "05.01. 12:00-13:00", "06.01. 09:00-12:00"]


def test_a_weekly_hour_stays_on_the_wall_clock_through_both_changes() -> None:
    rule = series("RRULE:FREQ=DAILY;UNTIL=20271231")
    for monday in (date(2027, 3, 25), date(2027, 10, 28)):
        assert {time[7:] for time in busy(rule, during=week(monday))} == {"09:00-10:00"}


def test_a_rule_in_the_hour_that_is_missing_or_comes_twice() -> None:
    nightly = event("DTSTART;TZID=Europe/Helsinki:20270301T033000", "DURATION:PT15M", "RRULE:FREQ=DAILY")
    assert "28.03. 04:30-04:45" in busy(nightly, during=week(date(2027, 3, 25)))
    autumn = busy(nightly, during=week(date(2027, 10, 28)))
    assert autumn.count("31.10. 03:30-03:45") == 1


@pytest.mark.parametrize(
    ("until", "last"),
    [("20270118", "18"), ("20270118T090000", "18"), ("20270118T065959Z", "11"), ("20270118T070000Z", "18")],
)
def test_until_is_inclusive(until: str, last: str) -> None:
    assert starts(series(f"RRULE:FREQ=WEEKLY;UNTIL={until}"))[-1] == f"{last}.01. 09:00"


def test_days_of_a_series_are_whole_days() -> None:
    days = event(
        *("DTSTART;VALUE=DATE:20270104", "RRULE:FREQ=WEEKLY;UNTIL=20270125", "EXDATE;VALUE=DATE:20270111"),
        "EXDATE:20270118T000000",
    )
    assert busy(days) == ["04.01.-05.01.", "25.01.-26.01."]


def changed(*lines: str, occurrence: str = "RECURRENCE-ID;TZID=Europe/Helsinki:20270111T090000") -> str:
    return event(occurrence, *lines)


def test_a_changed_occurrence_takes_the_place_of_the_first_plan() -> None:
    rule = series("RRULE:FREQ=WEEKLY;COUNT=3")
    moved = changed("DTSTART;TZID=Europe/Helsinki:20270112T140000", "DURATION:PT30M")
    assert busy(rule, moved) == busy(moved, rule)
    assert busy(rule, moved) == ["04.01. 09:00-10:00", "12.01. 14:00-14:30", "18.01. 09:00-10:00"]
    same = changed("DTSTART;TZID=Europe/Helsinki:20270111T090000", "DURATION:PT15M")
    assert busy(rule, same)[1] == "11.01. 09:00-09:15"


def test_an_occurrence_that_was_cancelled_or_made_free() -> None:
    rule = series("RRULE:FREQ=WEEKLY;COUNT=3")
    start = "DTSTART;TZID=Europe/Helsinki:20270111T090000"
    for word in ("STATUS:CANCELLED", "TRANSP:TRANSPARENT"):
        off = changed(start, "DURATION:PT1H", word, occurrence="RECURRENCE-ID:20270111T070000Z")
        assert starts(rule, off) == ["04.01. 09:00", "18.01. 09:00"]


def test_a_change_of_another_series_changes_nothing() -> None:
    rule = series("RRULE:FREQ=WEEKLY;COUNT=2")
    other = event("RECURRENCE-ID:20270111T070000Z", "DTSTART:20270111T070000Z", "STATUS:CANCELLED", uid="2")
    assert len(busy(rule, other)) == 2


def test_a_change_of_all_that_follows_is_counted_and_the_first_plan_stands() -> None:
    rule = series("RRULE:FREQ=WEEKLY;COUNT=2")
    future = changed(
        "DTSTART:20270112T120000Z", "DURATION:PT1H", occurrence="RECURRENCE-ID;RANGE=THISANDFUTURE:20270111T070000Z"
    )
    found = reading(rule, future)
    assert [local(time) for time in found.busy] == ["04.01. 09:00-10:00", "11.01. 09:00-10:00"]
    assert found.skipped == 1


def test_a_day_of_25_hours_reaches_into_its_last_hour() -> None:
    days = event("DTSTART;VALUE=DATE:20271017", "RRULE:FREQ=WEEKLY")
    last = Interval(datetime(2027, 10, 31, 21, 30, tzinfo=UTC), datetime(2027, 10, 31, 22, 30, tzinfo=UTC))
    assert busy(days, during=last) == ["31.10. 23:30-00:00"]


def test_an_occurrence_that_began_before_the_window_reaches_into_it() -> None:
    long = event("DTSTART;VALUE=DATE:20270108", "DURATION:P5D", "RRULE:FREQ=YEARLY")
    assert busy(long, during=SECOND) == ["11.01.-13.01."]
    night = event("DTSTART;TZID=Europe/Helsinki:20261201T230000", "DURATION:PT2H", "RRULE:FREQ=DAILY;COUNT=41")
    assert busy(night, during=SECOND) == ["11.01. 00:00-01:00"]


def test_a_series_for_every_second_is_cut_short_and_said_to_be() -> None:
    rule = event("DTSTART:20000101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;INTERVAL=2", uid="2")
    found = reading(rule, series(), during=JANUARY, limits=Limits(series_steps=20_000))
    assert found.cut_short == 1
    assert 1_000 < len(found.busy) < 10_000
    assert "04.01. 09:00-10:00" in [local(time) for time in found.busy]


def test_many_hostile_series_share_one_budget() -> None:
    hostile = [
        event("DTSTART:20000101T000000Z", "DURATION:PT1S", "RRULE:FREQ=SECONDLY;INTERVAL=2", uid=str(n))
        for n in range(50)
    ]
    found = reading(*hostile, series(), during=JANUARY, limits=Limits(series_steps=1_000, total_steps=3_000))
    assert found.cut_short == 50
    assert len(found.busy) < 3_000
    assert found.skipped == 0


def test_a_rule_does_not_lose_what_its_start_says() -> None:
    """RFC 5545, 3.8.5.3: the start is the first occurrence, also where the rule would not have chosen it."""
    assert starts(series("RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20270110")) == ["04.01. 09:00", "05.01. 09:00"]
