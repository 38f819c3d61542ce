from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.availability import Busy, Calendar, fits, is_free, occupied, offered, open_intervals, slots_of_day
from bot.domain.directory import Closure, Official, Service, Span, WeeklyHours
from bot.domain.ids import OfficialId, ServiceId, UnitId, resource
from bot.domain.language import Text
from bot.domain.opening import Interval, day_interval

ZONE = ZoneInfo("Europe/Helsinki")
MONDAY = date(2027, 1, 11)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
UNIT = UnitId("unit")
NAME = Text.same("name")


def official(*spans: str, id: str = "one") -> Official:
    parsed = tuple(Span(*(time.fromisoformat(end) for end in span.split("-"))) for span in spans)
    return Official(OfficialId(id), UNIT, NAME, id, WeeklyHours((parsed,) * 7))


def service(minutes: int = 30, before: int = 0, after: int = 0) -> Service:
    length = timedelta(minutes=minutes)
    buffers = timedelta(minutes=before), timedelta(minutes=after)
    return Service(ServiceId("s"), UNIT, NAME, (), length, buffer_before=buffers[0], buffer_after=buffers[1])


def at(clock: str, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC)


def busy(start: str, end: str, id: str = "one") -> Busy:
    return Busy(resource(OfficialId(id)), Interval(at(start), at(end)))


def calendar(*taken: Busy, closures: tuple[Closure, ...] = ()) -> Calendar:
    return Calendar(taken, closures, ZONE)


def starts(what: Service, who: Official, *taken: Busy, day: date = MONDAY) -> list[str]:
    return [f"{s.start.astimezone(ZONE):%H:%M}" for s in slots_of_day(what, [who], day, calendar(*taken))]


def test_lunch_is_a_gap_and_visits_end_within_the_hours() -> None:
    assert starts(service(30), official("11:00-12:00", "13:00-14:00")) == [
        *("11:00", "11:15", "11:30"),
        *("13:00", "13:15", "13:30"),
    ]
    assert starts(service(60), official("11:00-12:00", "13:00-14:00")) == ["11:00", "13:00"]
    assert starts(service(75), official("11:00-12:00", "13:00-14:00")) == []


def test_two_spans_that_touch_are_not_one_visit() -> None:
    assert starts(service(60), official("09:00-09:30", "09:30-10:00")) == []


def test_buffers_lie_within_the_hours_at_both_ends() -> None:
    assert starts(service(30, before=10, after=10), official("09:00-10:30")) == ["09:15", "09:30", "09:45"]
    assert starts(service(30, before=15, after=15), official("09:00-10:00")) == ["09:15"]
    assert starts(service(30, before=15, after=20), official("09:00-10:00")) == []


def test_buffers_keep_a_distance_to_what_is_booked() -> None:
    taken = busy("10:00", "10:30")
    assert starts(service(30), official("09:00-11:30"), taken) == ["09:00", "09:15", "09:30", "10:30", "10:45", "11:00"]
    assert starts(service(30, before=5, after=5), official("09:00-11:30"), taken) == ["09:15", "10:45"]


def test_a_booking_of_another_official_is_no_hindrance() -> None:
    assert starts(service(30), official("09:00-09:30"), busy("09:00", "09:30", "two")) == ["09:00"]


def test_nothing_is_free_on_closed_days_and_all_days_between() -> None:
    closed = Closure(MONDAY, MONDAY + timedelta(days=2), NAME)
    shut = calendar(closures=(closed,))
    for days, free in ((-1, True), (0, False), (1, False), (2, False), (3, True)):
        day = MONDAY + timedelta(days=days)
        assert bool(slots_of_day(service(), [official("09:00-10:00")], day, shut)) is free
        assert bool(open_intervals(official("09:00-10:00"), day, shut)) is free
        assert (shut.closure_on(day) is None) is free


def test_a_day_has_23_24_or_25_hours() -> None:
    for day, hours in ((SPRING, 23), (MONDAY, 24), (AUTUMN, 25)):
        interval = day_interval(day, ZONE)
        assert interval.end - interval.start == timedelta(hours=hours)
        assert interval.start.tzinfo is UTC


def test_an_hour_that_does_not_exist_is_not_offered() -> None:
    assert starts(service(30), official("02:00-05:00"), day=SPRING) == [
        *("02:00", "02:15", "02:30", "02:45"),
        *("04:00", "04:15", "04:30"),
    ]


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        ("03:00-04:00", []),
        ("03:15-03:45", []),
        ("03:30-04:30", ["04:00"]),
        ("02:30-03:30", ["02:30"]),
    ],
)
def test_hours_that_begin_or_end_in_the_skipped_hour_lose_just_that(span: str, expected: list[str]) -> None:
    assert starts(service(30), official(span), day=SPRING) == expected


def test_an_hour_that_exists_twice_is_offered_twice() -> None:
    free = slots_of_day(service(60), [official("02:00-05:00")], AUTUMN, calendar())
    assert [f"{s.start:%H:%M}" for s in free if s.start.minute == 0] == ["23:00", "00:00", "01:00", "02:00"]
    assert [f"{s.start.astimezone(ZONE):%H:%M}" for s in free if s.start.minute == 0] == [
        *("02:00", "03:00", "03:00", "04:00"),
    ]


@pytest.mark.parametrize(("day", "utc"), [(SPRING, "06:00"), (AUTUMN, "07:00"), (MONDAY, "07:00")])
def test_office_hours_are_wall_time_on_days_of_change(day: date, utc: str) -> None:
    free = slots_of_day(service(), [official("09:00-10:00")], day, calendar())
    assert f"{free[0].start:%H:%M}" == utc
    assert len(free) == 3


def test_hours_may_last_to_midnight() -> None:
    assert starts(service(30), official("23:00-00:00")) == ["23:00", "23:15", "23:30"]


def test_any_official_is_the_least_loaded_of_the_day_then_the_first_configured() -> None:
    both = [official("09:00-12:00", id="one"), official("09:00-12:00", id="two")]
    [quiet, *_] = slots_of_day(service(), both, MONDAY, calendar())
    assert quiet.officials == ("one", "two")
    free = slots_of_day(service(), both, MONDAY, calendar(busy("11:00", "11:30", "one")))
    assert free[0].officials == ("two", "one")
    assert {slot.start: slot.officials for slot in free}[at("11:00")] == ("two",)


def test_fits_counts_the_grid_from_each_span() -> None:
    spans = open_intervals(official("09:10-10:10"), MONDAY, calendar())
    assert fits(service(30), at("09:10"), spans)
    assert not fits(service(30), at("09:15"), spans)
    assert fits(service(30), at("09:40"), spans)
    assert not fits(service(30), at("09:55"), spans)
    assert not fits(service(30), at("08:55"), spans)


def test_touching_is_not_overlapping() -> None:
    wanted = occupied(service(30, before=5, after=10), at("10:00"))
    assert wanted == Interval(at("09:55"), at("10:40"))
    assert is_free(wanted, [busy("09:00", "09:55").interval, busy("10:40", "11:00").interval])
    assert not is_free(wanted, [busy("09:00", "09:56").interval])
    assert not is_free(wanted, [busy("10:39", "11:00").interval])


def test_what_is_shown_does_not_overlap() -> None:
    free = slots_of_day(service(45), [official("09:00-12:00")], MONDAY, calendar())
    shown = [slot.start for slot in offered(service(45), free)]
    assert shown == [at("09:00"), at("09:45"), at("10:30"), at("11:15")]
