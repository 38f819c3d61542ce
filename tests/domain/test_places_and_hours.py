"""Places, hours of services, and single days: each edge case under its own name.

What of it only the real storage can show is in `tests/actions/test_shared_places.py`.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.closures import holiday_closures
from bot.domain.availability import Busy, Calendar, Slot, occupied, slots_of_day
from bot.domain.booking import quanta
from bot.domain.directory import Closure, Official, Place, Service, Span, WeeklyHours
from bot.domain.ids import OfficialId, PlaceId, ResourceId, ServiceId, UnitId, place_resource, resource
from bot.domain.language import Language, Text
from bot.domain.opening import Interval

ZONE = ZoneInfo("Europe/Helsinki")
MONDAY = date(2027, 1, 11)
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
UNIT, NAME = UnitId("unit"), Text.same("name")


def spans(*written: str) -> tuple[Span, ...]:
    return tuple(Span(*(time.fromisoformat(end) for end in span.split("-"))) for span in written)


def week(*written: str) -> WeeklyHours:
    return WeeklyHours((spans(*written),) * 7)


def official(
    *hours: str, id: str = "one", languages: tuple[Language, ...] = (Language.FI,), **days: tuple[str, ...]
) -> Official:
    """`days` are exceptions: `d0111=("10:00-11:00",)` for 11 January."""
    exceptions = {date(2027, int(day[1:3]), int(day[3:])): spans(*on) for day, on in days.items()}
    return Official(OfficialId(id), UNIT, NAME, id, week(*hours), languages, exceptions=exceptions)


def service(minutes: int = 30, before: int = 0, after: int = 0, hours: WeeklyHours | None = None) -> Service:
    return Service(
        id=ServiceId("s"),
        unit=UNIT,
        name=NAME,
        officials=(),
        duration=timedelta(minutes=minutes),
        buffer_before=timedelta(minutes=before),
        buffer_after=timedelta(minutes=after),
        hours=hours,
    )


def place(id: str = "room", *hours: str) -> Place:
    return Place(PlaceId(id), NAME, hours=week(*hours) if hours else None)


def at(clock: str, day: date = MONDAY) -> datetime:
    return datetime.combine(day, time.fromisoformat(clock), ZONE).astimezone(UTC)


def busy(start: str, end: str, of: ResourceId) -> Busy:
    return Busy(of, Interval(at(start), at(end)))


ROOM = place_resource(PlaceId("room"))
ONE = resource(OfficialId("one"))


def free(
    what: Service,
    who: Official,
    *taken: Busy,
    places: tuple[Place, ...] = (),
    day: date = MONDAY,
    closures: tuple[Closure, ...] = (),
) -> list[Slot]:
    return slots_of_day(what, [who], day, Calendar(taken, closures, ZONE), places)


def starts(slots: list[Slot]) -> list[str]:
    return [f"{slot.start.astimezone(ZONE):%H:%M}" for slot in slots]


# An appointment must end within opening hours, buffers before and after included.


@pytest.mark.parametrize("whose", ["official", "service", "place"])
def test_an_appointment_ends_within_the_opening_hours_buffers_before_and_after_included(whose: str) -> None:
    short, long = "09:00-10:00", "08:00-16:00"
    hours = {name: short if name == whose else long for name in ("official", "service", "place")}
    for before, after, expected in ((0, 0, ["09:00", "09:15", "09:30"]), (15, 15, ["09:15"]), (15, 20, [])):
        wanted = service(30, before, after, week(hours["service"]))
        found = free(wanted, official(hours["official"]), places=(place("room", hours["place"]),))
        assert starts(found) == expected, (whose, before, after)


def test_a_lunch_gap_of_the_official_stays_a_gap_in_the_services_hours() -> None:
    wanted = service(60, hours=week("09:00-15:00"))
    assert starts(free(wanted, official("10:00-11:30", "12:30-14:00"))) == [
        *("10:00", "10:15", "10:30"),
        *("12:30", "12:45", "13:00"),
    ]


def test_a_lunch_gap_of_the_service_is_kept_by_an_official_who_has_none() -> None:
    wanted = service(60, hours=week("09:00-10:30", "12:00-13:00"))
    assert starts(free(wanted, official("08:00-16:00"))) == ["09:00", "09:15", "09:30", "12:00"]


def test_a_lunch_gap_of_a_place_is_kept_by_everybody() -> None:
    room = place("room", "09:00-10:00", "11:00-12:00")
    assert starts(free(service(60), official("08:00-16:00"), places=(room,))) == ["09:00", "11:00"]


def test_a_service_is_given_in_its_own_hours_within_its_officials() -> None:
    wanted = service(30, hours=week("08:00-09:30", "11:00-17:00"))
    assert starts(free(wanted, official("09:00-12:00"))) == ["09:00", "11:00", "11:15", "11:30"]


def test_a_service_that_has_no_hours_on_a_day_is_not_given_then() -> None:
    tuesdays = WeeklyHours(((), spans("09:00-10:00"), (), (), (), (), ()))
    days = [MONDAY + timedelta(days=n) for n in range(7)]
    given_on = [day for day in days if free(service(hours=tuesdays), official("08:00-16:00"), day=day)]
    assert given_on == [date(2027, 1, 12)]


_clocks = st.lists(st.integers(0, 95), min_size=2, max_size=6, unique=True).filter(lambda found: not len(found) % 2)


@st.composite
def _day(draw: st.DrawFn) -> tuple[Span, ...]:
    ends = [time(n // 4, n % 4 * 15) for n in sorted(draw(_clocks))]
    return tuple(Span(*pair) for pair in zip(ends[::2], ends[1::2], strict=True))


@given(st.tuples(_day(), _day(), _day()), st.sampled_from([MONDAY, SPRING]), st.integers(0, 3), st.integers(0, 3))
def test_no_slot_leaves_the_hours_of_official_service_or_place(
    hours: tuple[tuple[Span, ...], ...], day: date, before: int, after: int
) -> None:
    own, given_, had = (WeeklyHours((spans,) * 7) for spans in hours)
    who = Official(OfficialId("one"), UNIT, NAME, "one", own)
    wanted = service(30, 5 * before, 5 * after, given_)
    for slot in free(wanted, who, places=(Place(PlaceId("room"), NAME, hours=had),), day=day):
        taken = occupied(wanted, slot.start)
        for moment in quanta(taken):
            assert all(_holds(spans, moment) for spans in hours)


def _holds(hours: tuple[Span, ...], moment: datetime) -> bool:
    clock = moment.astimezone(ZONE).time()
    return any(span.start <= clock < span.end for span in hours)


# Exceptions by date, closures, holidays and eves.


def test_a_single_days_hours_take_the_place_of_the_weeks() -> None:
    who = official("09:00-16:00", d0111=("18:00-19:00",), d0112=())
    assert starts(free(service(60), who)) == ["18:00"]
    assert free(service(), who, day=date(2027, 1, 12)) == []
    assert len(free(service(60), who, day=date(2027, 1, 13))) > 5


def test_a_day_changed_by_the_official_counts_before_the_configurations() -> None:
    who = official("09:00-16:00", d0111=("18:00-19:00",))
    changed = Calendar((), (), ZONE, {who.id: spans("07:00-08:00")})
    assert starts(slots_of_day(service(60), [who], MONDAY, changed)) == ["07:00"]
    away = Calendar((), (), ZONE, {who.id: ()})
    assert slots_of_day(service(), [who], MONDAY, away) == []


def test_a_single_days_hours_open_no_service_outside_its_own() -> None:
    who = official("09:00-16:00", d0111=("15:00-19:00",))
    assert starts(free(service(60, hours=week("09:00-16:30")), who)) == ["15:00", "15:15", "15:30"]


def test_a_closed_day_stays_closed_whatever_a_single_days_hours_say() -> None:
    closed = Closure(MONDAY, MONDAY, NAME)
    assert free(service(), official("09:00-16:00", d0111=("09:00-12:00",)), closures=(closed,)) == []


@pytest.mark.parametrize(
    ("day", "open_"),
    [
        (date(2027, 6, 24), True),
        (date(2027, 6, 25), False),  # juhannusaatto
        (date(2027, 6, 26), False),  # juhannuspäivä
        (date(2027, 12, 23), True),
        (date(2027, 12, 24), False),  # jouluaatto
        (date(2027, 12, 6), False),  # itsenäisyyspäivä
        (date(2027, 1, 6), False),  # loppiainen
        (date(2027, 3, 26), False),  # pitkäperjantai
        (date(2027, 5, 6), False),  # helatorstai
        (date(2027, 12, 28), False),  # the municipality's own closure
        (date(2027, 12, 31), True),
    ],
)
def test_holidays_and_eves_and_the_municipalitys_own_closures_are_closed(day: date, *, open_: bool) -> None:
    own = Closure(date(2027, 12, 27), date(2027, 12, 30), NAME)
    closures = (*holiday_closures([2027]), own)
    assert bool(free(service(), official("09:00-16:00"), day=day, closures=closures)) is open_


# Both days of a clock change.


def test_the_hour_that_28_march_lacks_is_offered_in_no_place_and_by_no_service() -> None:
    wanted, room = service(30, hours=week("02:00-05:00")), place("room", "02:00-05:00")
    found = free(wanted, official("00:00-08:00"), places=(room,), day=SPRING)
    assert starts(found) == ["02:00", "02:15", "02:30", "02:45", "04:00", "04:15", "04:30"]
    assert found[4].start - found[3].start == timedelta(minutes=15)


def test_the_hour_that_31_october_has_twice_is_offered_twice_in_a_place_too() -> None:
    wanted, room = service(60, hours=week("02:00-05:00")), place("room", "02:00-05:00")
    whole = [
        slot for slot in free(wanted, official("00:00-08:00"), places=(room,), day=AUTUMN) if not slot.start.minute
    ]
    assert starts(whole) == ["02:00", "03:00", "03:00", "04:00"]
    assert {slot.places for slot in whole} == {("room",)}


def test_a_place_taken_in_the_first_of_two_like_hours_is_free_in_the_second() -> None:
    first = datetime(2027, 10, 31, 0, 0, tzinfo=UTC)  # 3.00 by summer time
    taken = Busy(ROOM, Interval(first, first + timedelta(hours=1)))
    found = free(service(60), official("03:00-04:00"), taken, places=(place("room"),), day=AUTUMN)
    assert [slot.start for slot in found] == [first + timedelta(hours=1)]


@pytest.mark.parametrize(("day", "utc"), [(SPRING, 6), (AUTUMN, 7), (MONDAY, 7)])
def test_hours_of_service_and_place_are_wall_time_on_days_of_change(day: date, utc: int) -> None:
    room = place("room", "09:00-10:00")
    found = free(service(60, hours=week("08:00-12:00")), official("07:00-16:00"), places=(room,), day=day)
    assert [slot.start.hour for slot in found] == [utc]


# "Any official": who speaks the language, then who has less to do.


def _order(*who: Official, taken: tuple[Busy, ...] = (), speaking: Language | None = None) -> tuple[OfficialId, ...]:
    return slots_of_day(service(), who, MONDAY, Calendar(taken, (), ZONE), speaking=speaking)[0].officials


def test_any_official_spreads_by_load_among_those_who_speak_the_language() -> None:
    finnish = official("09:00-16:00", id="finnish")
    both = official("09:00-16:00", id="both", languages=(Language.FI, Language.SV))
    swedish = official("09:00-16:00", id="swedish", languages=(Language.SV,))
    loaded = (busy("13:00", "14:00", resource(both.id)),)
    assert _order(finnish, both, swedish) == ("finnish", "both", "swedish")
    assert _order(finnish, both, swedish, speaking=Language.SV) == ("both", "swedish", "finnish")
    assert _order(finnish, both, swedish, taken=loaded, speaking=Language.SV) == ("swedish", "both", "finnish")
    assert _order(finnish, both, swedish, taken=loaded) == ("finnish", "swedish", "both")


def test_whoever_does_not_speak_the_language_is_better_than_nobody() -> None:
    assert _order(official("09:00-16:00", id="finnish"), speaking=Language.EN) == ("finnish",)


def test_the_load_of_a_place_is_nobodys_load() -> None:
    one, two = official("09:00-16:00", id="one"), official("09:00-16:00", id="two")
    assert _order(one, two, taken=(busy("13:00", "14:00", ROOM),)) == ("one", "two")


# A service may need a place as well as an official: both are booked, both are guarded.


def test_a_time_needs_a_free_place_and_a_free_official() -> None:
    who, room = official("09:00-10:30"), place("room")
    assert starts(free(service(30), who, busy("09:00", "09:30", ROOM), places=(room,))) == ["09:30", "09:45", "10:00"]
    assert starts(free(service(30), who, busy("09:00", "09:30", ONE), places=(room,))) == ["09:30", "09:45", "10:00"]
    both = (busy("09:00", "09:30", ROOM), busy("10:00", "10:30", ONE))
    assert starts(free(service(30), who, *both, places=(room,))) == ["09:30"]


def test_a_service_without_places_does_not_ask_whether_one_is_free() -> None:
    assert starts(free(service(30), official("09:00-09:30"), busy("09:00", "09:30", ROOM))) == ["09:00"]


def test_of_two_places_the_free_ones_are_named_in_the_configured_order() -> None:
    places = (place("room"), place("other", "09:00-10:00"))
    found = free(service(60), official("09:00-11:00"), busy("10:30", "11:00", ROOM), places=places)
    assert {start: slot.places for start, slot in zip(starts(found), found, strict=True)} == {
        "09:00": ("room", "other"),
        "09:15": ("room",),
        "09:30": ("room",),
    }
    [last] = free(service(60), official("09:00-10:00"), busy("09:00", "10:00", ROOM), places=places)
    assert last.places == ("other",)


def test_buffers_keep_their_distance_in_a_place_too() -> None:
    wanted = service(30, before=5, after=10)
    found = free(wanted, official("08:00-12:00"), busy("10:00", "10:30", ROOM), places=(place("room"),))
    assert not any(at("09:15") < slot.start < at("10:35") for slot in found)
    assert {"09:15", "10:45"} <= set(starts(found))


def test_a_place_is_never_taken_for_an_official_of_the_same_id() -> None:
    who = official("09:00-09:30", id="room")
    assert len(free(service(30), who, busy("09:00", "09:30", ROOM))) == 1
    assert free(service(30), who, busy("09:00", "09:30", resource(who.id)), places=(place("room"),)) == []
