import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from bot.actions.booking import Booked, Cancelled, book, cancel
from bot.actions.search import free_days, nearest
from bot.config.entries import EntryKind
from bot.domain.booking import Party, State
from bot.domain.directory import Identity
from bot.domain.ids import ServiceId, UserId
from bot.domain.language import Language
from bot.domain.refusals import (
    AlreadyCancelled,
    Closed,
    IdentityNeeded,
    NoFreeTimes,
    OutsideHours,
    Refusal,
    SlotTaken,
    TooFar,
    TooLateToCancel,
    TooManyOpen,
    TooSoon,
    UnknownAppointment,
)
from bot.storage.transaction import SqlTransaction
from tests.support.town import (
    BENEFITS,
    CITIZEN,
    INSPECTOR,
    NOW,
    PARENTS,
    PERMIT,
    STRANGER,
    TUESDAY,
    ZONE,
    Town,
    local,
    minutes,
)

INSPECTOR_ID = "rakennustarkastaja"


def ask(
    town: Town,
    *,
    citizen: UserId = CITIZEN,
    service: ServiceId = PERMIT,
    start: datetime = TUESDAY,
    now: datetime = NOW,
) -> Booked | Refusal:
    return town.do(lambda tx: book(tx, citizen, service, start, now))


def starts(refusal: Refusal) -> list[str]:
    slots = getattr(refusal, "nearest", ())
    return [f"{slot.start.astimezone(ZONE):%d %H:%M}" for slot in slots]


def test_a_free_time_is_booked(town: Town) -> None:
    answer = ask(town)
    assert isinstance(answer, Booked)
    found = answer.appointment
    assert (found.official, found.citizen, found.state) == (INSPECTOR_ID, CITIZEN, State.BOOKED)
    assert (found.start, found.end) == (TUESDAY, TUESDAY + minutes(30))
    assert town.do(lambda tx: tx.appointments.by_number(f"#{found.number.lower()}")) == found


def test_a_start_in_local_time_is_the_same_moment(town: Town) -> None:
    assert isinstance(ask(town, start=TUESDAY.astimezone(ZONE)), Booked)
    assert isinstance(ask(town, citizen=STRANGER), SlotTaken)


def test_taken_offers_the_nearest_around_it(town: Town) -> None:
    town.booked(local(12, 10))
    refusal = ask(town, citizen=STRANGER, start=local(12, 10))
    assert isinstance(refusal, SlotTaken)
    assert starts(refusal) == ["12 09:00", "12 09:30", "12 10:30", "12 11:00"]


def test_a_start_that_overlaps_a_booking_is_taken(town: Town) -> None:
    town.booked(local(12, 10))
    assert isinstance(ask(town, citizen=STRANGER, start=local(12, 10, 15)), SlotTaken)
    assert isinstance(ask(town, citizen=STRANGER, start=local(12, 9, 45)), SlotTaken)


@pytest.mark.parametrize(
    "start",
    [
        *(local(12, 12), local(12, 11, 45), local(12, 8), local(12, 15), local(16, 10)),
        *(local(12, 9, 7), TUESDAY + timedelta(seconds=1)),
    ],
)
def test_lunch_evening_weekend_and_off_the_grid_are_outside_hours(town: Town, start: datetime) -> None:
    refusal = ask(town, start=start)
    assert isinstance(refusal, OutsideHours)
    assert len(refusal.nearest) == 4


def test_a_closed_day_is_named(town: Town) -> None:
    now = local(14, 9, month=6)
    refusal = ask(town, start=local(14, 10, month=7), now=now)
    assert isinstance(refusal, Closed)
    assert refusal.name.fi == "Kesäsulku"
    assert refusal.nearest
    assert not any(12 <= slot.start.day <= 18 for slot in refusal.nearest)


def test_notice_is_counted_to_the_second(town: Town) -> None:
    start = local(11, 9)
    assert isinstance(ask(town, start=start, now=start - minutes(60) + timedelta(seconds=1)), TooSoon)
    assert isinstance(ask(town, start=start - timedelta(days=3)), TooSoon)
    assert isinstance(ask(town, start=start, now=start - minutes(60)), Booked)


def test_the_horizon_is_a_whole_local_day(town: Town) -> None:
    last = (NOW + timedelta(days=60)).astimezone(ZONE).date()
    assert isinstance(ask(town, start=local(last.day, 14, month=last.month)), Booked)
    refusal = ask(town, start=local(last.day + 1, 9, month=last.month))
    assert isinstance(refusal, TooFar)
    assert refusal.last == last


def test_a_person_may_have_so_many_open_and_no_more(town: Town) -> None:
    for hour in (9, 10, 11):
        town.booked(local(12, hour))
    refusal = ask(town, start=local(13, 9))
    assert isinstance(refusal, TooManyOpen)
    assert refusal.limit == 3
    assert isinstance(ask(town, service=BENEFITS, start=local(13, 9)), Booked)
    assert isinstance(ask(town, start=local(13, 9), now=local(12, 10, 30)), Booked)


def test_nothing_free_up_to_the_horizon_says_so(town: Town) -> None:
    town.change(EntryKind.SERVICE, PERMIT, horizon_days=1, notice_minutes=0, most_open=50)
    times = town.do(
        lambda tx: [s.start for day in free_days(tx, tx.directory.services[PERMIT], NOW) for s in day.slots]
    )
    for start in times:
        town.booked(start)
    assert len(times) == 20
    for start in (TUESDAY, local(12, 12)):
        assert isinstance(ask(town, citizen=STRANGER, start=start), NoFreeTimes)


def test_nobody_who_gives_the_service_means_no_free_times(town: Town) -> None:
    town.change(EntryKind.OFFICIAL, INSPECTOR_ID, active=False)
    assert isinstance(ask(town), NoFreeTimes)


def test_the_nearest_are_found_before_the_wish_where_none_is_after(town: Town) -> None:
    town.change(EntryKind.SERVICE, PERMIT, horizon_days=4, most_open=50)
    for start in town.do(
        lambda tx: [s.start for day in free_days(tx, tx.directory.services[PERMIT], NOW, most=9) for s in day.slots]
    ):
        if start >= TUESDAY:
            town.booked(start)
    refusal = ask(town, citizen=STRANGER, start=local(15, 14))
    assert isinstance(refusal, SlotTaken)
    assert starts(refusal) == ["11 13:00", "11 13:30", "11 14:00", "11 14:30"]


def test_the_load_of_a_day_is_spread(town: Town) -> None:
    people = [town.booked(local(12, 9 + n), UserId(f"@c{n}:localhost"), BENEFITS) for n in (0, 1)]
    assert {p.official for p in people} == {"yhteispalveluneuvoja", "palveluneuvoja"}


def test_who_speaks_the_persons_language_comes_first_whatever_their_load(town: Town) -> None:
    """Of two advisers one speaks Swedish."""
    people = [UserId(f"@c{n}:localhost") for n in range(3)]
    for person in people:
        town.do(lambda tx, who=person: tx.people.set_language(who, Language.SV, chosen=True))  # type: ignore[misc]  # bound
    booked = [town.booked(local(12, 9 + n), person, BENEFITS) for n, person in enumerate(people[:2])]
    assert {one.official for one in booked} == {"palveluneuvoja"}
    assert town.booked(local(12, 9), people[2], BENEFITS).official == "yhteispalveluneuvoja"


def test_the_same_official_as_last_time_can_be_asked(town: Town) -> None:
    first = town.booked(local(12, 9), CITIZEN, BENEFITS)

    def again(tx: SqlTransaction, start: datetime) -> Booked | Refusal:
        last = tx.appointments.last_of(CITIZEN, BENEFITS)
        assert last is not None
        return book(tx, CITIZEN, BENEFITS, start, NOW, officials=[tx.directory.officials[last.official]])

    taken = town.do(lambda tx: again(tx, local(12, 9)))
    assert isinstance(taken, SlotTaken)
    second = town.do(lambda tx: again(tx, local(12, 10)))
    assert isinstance(second, Booked)
    assert second.appointment.official == first.official


@pytest.mark.parametrize(
    ("needed", "reached", "person", "enough"),
    [
        ("none", Identity.NONE, UserId("@c:elsewhere.example"), True),
        ("contact", Identity.NONE, UserId("@c:elsewhere.example"), False),
        ("contact", Identity.CONTACT, UserId("@c:elsewhere.example"), True),
        ("contact", Identity.NONE, CITIZEN, True),
        ("strong", Identity.NONE, CITIZEN, False),
        ("strong", Identity.STRONG, CITIZEN, True),
    ],
)
def test_each_service_says_how_surely_the_citizen_must_be_known(
    town: Town, needed: str, reached: Identity, person: UserId, *, enough: bool
) -> None:
    town.change(EntryKind.SERVICE, PERMIT, identity=needed)
    town.do(lambda tx: tx.people.set_identity(person, reached))
    answer = ask(town, citizen=person)
    assert isinstance(answer, Booked if enough else IdentityNeeded)


def test_the_same_time_is_given_by_every_official_once(town: Town) -> None:
    town.booked(TUESDAY, CITIZEN, BENEFITS)
    town.booked(TUESDAY, STRANGER, BENEFITS)
    assert isinstance(ask(town, citizen=INSPECTOR, service=BENEFITS), SlotTaken)


async def test_of_200_bookings_of_one_slot_exactly_one_wins(town: Town) -> None:
    def one(n: int) -> Callable[[SqlTransaction], Booked | Refusal]:
        return lambda tx: book(tx, UserId(f"@c{n}:localhost"), PERMIT, TUESDAY, NOW)

    answers = await asyncio.gather(*(town.store.transact(one(n)) for n in range(200)))
    losers = [answer for answer in answers if not isinstance(answer, Booked)]
    assert len(losers) == 199
    for loser in losers:
        assert isinstance(loser, SlotTaken)
        assert starts(loser) == ["12 09:30", "12 10:00", "12 10:30", "12 11:00"]
    assert town.rows("SELECT count(*) FROM appointment") == [(1,)]
    assert town.rows("SELECT count(*) FROM quantum") == [(6,)]
    assert town.rows("SELECT count(*) FROM room WHERE kind = 'appointment'") == [(1,)]


def test_the_last_guard_refuses_what_the_rules_let_through(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    town.booked()
    before = town.outbox()
    with monkeypatch.context() as blind:
        blind.setattr("bot.storage.appointments.SqlAppointments.busy", lambda *_: [])
        assert isinstance(ask(town, citizen=STRANGER), SlotTaken)
    assert town.outbox() == before
    assert town.rows("SELECT count(*) FROM appointment") == town.rows("SELECT count(*) FROM history") == [(1,)]


def test_a_failure_after_the_booking_leaves_nothing(town: Town) -> None:
    def fails(tx: SqlTransaction) -> None:
        assert isinstance(book(tx, CITIZEN, PERMIT, TUESDAY, NOW), Booked)
        raise ConnectionError

    with pytest.raises(ConnectionError):
        town.do(fails)
    for table in ("appointment", "quantum", "job", "history", "room", "outbox"):
        assert town.rows(f"SELECT count(*) FROM {table}") == [(0,)]  # noqa: S608 - the tables above


@pytest.fixture
def appointment_number(town: Town) -> str:
    return town.booked().number


@pytest.mark.parametrize(("user", "party"), [(CITIZEN, Party.CITIZEN), (INSPECTOR, Party.OFFICIAL)])
def test_either_side_cancels_and_the_slot_is_free_again(
    town: Town, appointment_number: str, user: UserId, party: Party
) -> None:
    answer = town.do(lambda tx: cancel(tx, user, appointment_number, NOW))
    assert isinstance(answer, Cancelled)
    assert answer.by is party
    assert town.rows("SELECT what, party FROM history ORDER BY id") == [("booked", "citizen"), ("cancelled", party)]
    assert town.rows("SELECT count(*) FROM quantum") == [(0,)]
    again = town.booked(citizen=STRANGER)
    assert again.number != appointment_number
    assert town.rows("SELECT state FROM appointment ORDER BY id") == [("cancelled",), ("booked",)]


@pytest.mark.parametrize("user", [STRANGER, UserId("@rakennustarkastaja:evil.example"), UserId("@kirjaaja:localhost")])
def test_strangers_learn_nothing_about_an_appointment(town: Town, appointment_number: str, user: UserId) -> None:
    answer = town.do(lambda tx: cancel(tx, user, appointment_number, NOW))
    assert answer == UnknownAppointment(appointment_number)
    assert type(answer) is type(town.do(lambda tx: cancel(tx, user, "ZZZZZZ", NOW)))
    assert town.rows("SELECT state FROM appointment") == [("booked",)]


def test_a_deactivated_official_cancels_nothing(town: Town, appointment_number: str) -> None:
    town.change(EntryKind.OFFICIAL, INSPECTOR_ID, active=False)
    assert isinstance(town.do(lambda tx: cancel(tx, INSPECTOR, appointment_number, NOW)), UnknownAppointment)


def test_cancelling_twice_changes_nothing(town: Town, appointment_number: str) -> None:
    town.do(lambda tx: cancel(tx, CITIZEN, appointment_number, NOW))
    before = town.outbox()
    answer = town.do(lambda tx: cancel(tx, INSPECTOR, appointment_number, NOW))
    assert answer == AlreadyCancelled(appointment_number)
    assert town.outbox() == before


def test_the_deadline_binds_the_citizen_and_the_start_binds_the_official(town: Town, appointment_number: str) -> None:
    def at(user: UserId, before: timedelta) -> Cancelled | Refusal:
        return town.do(lambda tx: cancel(tx, user, appointment_number, TUESDAY - before))

    assert isinstance(at(CITIZEN, timedelta(hours=2)), TooLateToCancel)
    assert isinstance(at(INSPECTOR, timedelta()), TooLateToCancel)
    assert isinstance(at(INSPECTOR, timedelta(seconds=1)), Cancelled)


def test_a_citizen_cancels_just_before_the_deadline(town: Town, appointment_number: str) -> None:
    just_before = TUESDAY - timedelta(hours=2, seconds=1)
    assert isinstance(town.do(lambda tx: cancel(tx, CITIZEN, appointment_number, just_before)), Cancelled)


def test_a_cancelled_one_does_not_count_as_open(town: Town) -> None:
    numbers = [town.booked(local(12, hour)).number for hour in (9, 10, 11)]
    town.do(lambda tx: cancel(tx, CITIZEN, numbers[0], NOW))
    assert isinstance(ask(town, start=local(13, 9)), Booked)


def test_shown_days_respect_notice_and_horizon(town: Town) -> None:
    days = town.do(lambda tx: free_days(tx, tx.directory.services[PERMIT], local(11, 13, 20), most=99))
    assert f"{days[0].slots[0].start.astimezone(ZONE):%d %H:%M}" == "11 14:30"
    assert days[-1].day <= (NOW + timedelta(days=60)).astimezone(ZONE).date()
    assert all(day.day.weekday() < 5 for day in days)


def test_the_nearest_of_a_free_wish_hold_the_wish(town: Town) -> None:
    slots = town.do(lambda tx: nearest(tx, tx.directory.services[PARENTS], local(12, 14), NOW))
    assert local(12, 14) in [slot.start for slot in slots]
