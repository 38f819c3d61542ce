from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.booking import (
    NUMBER_ALPHABET,
    Appointment,
    State,
    new_appointment,
    quanta,
    read_number,
    reminders,
)
from bot.domain.directory import Service
from bot.domain.ids import AppointmentId, OfficialId, ServiceId, UnitId, UserId
from bot.domain.jobs import Kind, ReminderKind
from bot.domain.language import Text
from bot.domain.opening import Interval

START = datetime(2027, 1, 12, 7, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SERVICE = Service(ServiceId("s"), UnitId("u"), Text.same("s"), (), buffer_before=5 * MINUTE, buffer_after=15 * MINUTE)


def kinds(start: datetime, now: datetime) -> list[Kind]:
    return [reminder.kind for reminder in reminders(AppointmentId(1), start, now)]


def test_reminders_that_lie_in_the_past_are_not_planned() -> None:
    both = [ReminderKind.DAY_BEFORE, ReminderKind.SOON]
    assert kinds(START, START - timedelta(days=3)) == both
    assert kinds(START, START - timedelta(hours=24, seconds=1)) == both
    assert kinds(START, START - timedelta(hours=24)) == [ReminderKind.SOON]
    assert kinds(START, START - 11 * MINUTE) == [ReminderKind.SOON]
    assert kinds(START, START - 10 * MINUTE) == []


def test_reminders_are_counted_in_real_hours_across_summer_time() -> None:
    start = datetime(2027, 3, 28, 9, tzinfo=UTC)
    first, second = reminders(AppointmentId(1), start, start - timedelta(days=9))
    assert first.due == datetime(2027, 3, 27, 9, tzinfo=UTC)
    assert second.due == start - 10 * MINUTE
    assert first.stale is not None
    assert second.stale is not None
    assert first.due < first.stale < start < second.stale


def test_the_citizens_time_has_no_buffers_and_the_officials_has() -> None:
    new = new_appointment(SERVICE, OfficialId("o"), UserId("@c:s"), START)
    assert new.end - new.start == 30 * MINUTE
    assert new.busy == Interval(START - 5 * MINUTE, START + 45 * MINUTE)
    assert len(list(quanta(new.busy))) == 10


@given(st.integers(0, 600), st.integers(1, 300), st.integers(0, 600), st.integers(1, 300))
def test_intervals_that_overlap_share_a_quantum(a: int, long: int, b: int, wide: int) -> None:
    one = Interval(START + a * MINUTE, START + (a + long) * MINUTE)
    two = Interval(START + b * MINUTE, START + (b + wide) * MINUTE)
    if one.overlaps(two):
        assert set(quanta(one)) & set(quanta(two))


def test_neighbours_on_the_grid_share_no_quantum() -> None:
    one, two = (Interval(START + n * 5 * MINUTE, START + (n + 1) * 5 * MINUTE) for n in (0, 1))
    assert list(quanta(one)) == [START]
    assert list(quanta(two)) == [START + 5 * MINUTE]


@pytest.mark.parametrize("typed", ["#ab2-cd3", "AB2CD3", " ab2 cd3 ", "Ab2–cD3"])
def test_a_number_is_read_as_people_type_it(typed: str) -> None:
    assert read_number(typed) == "AB2CD3"


@given(st.text(max_size=10_000))
def test_whatever_is_typed_for_a_number_stays_short(typed: str) -> None:
    assert len(read_number(typed)) <= 12


def test_numbers_have_no_letters_that_sound_or_look_alike() -> None:
    assert not set("01OIL") & set(NUMBER_ALPHABET)


def test_an_appointment_is_open_until_it_ends_or_is_cancelled() -> None:
    def one(state: State) -> Appointment:
        return Appointment(
            AppointmentId(1),
            "AB2CD3",
            ServiceId("s"),
            OfficialId("o"),
            UserId("@c:s"),
            START,
            START + 30 * MINUTE,
            state,
        )

    assert one(State.BOOKED).is_open(START + 29 * MINUTE)
    assert not one(State.BOOKED).is_open(START + 30 * MINUTE)
    assert not one(State.CANCELLED).is_open(START - MINUTE)
