"""A chosen time is held for five minutes while the person confirms it."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from bot.actions.booking import Booked, book
from bot.actions.due import Done, do_due
from bot.actions.holding import Held, LetGo, confirm, hold, let_go
from bot.config.entries import EntryKind
from bot.domain.booking import HOLD, Party, State
from bot.domain.ids import ServiceId, UserId
from bot.domain.refusals import (
    AlreadyBooked,
    HoldRanOut,
    Refusal,
    SlotTaken,
    TooManyHeld,
    TooManyOpen,
    TooSoon,
    UnknownAppointment,
)
from bot.storage.transaction import SqlTransaction
from tests.support.town import BENEFITS, CITIZEN, LESSON, NOW, PERMIT, STRANGER, TUESDAY, ZONE, Town, local, minutes

SECOND = timedelta(seconds=1)


def held(town: Town, start: datetime = TUESDAY, service: ServiceId = PERMIT, citizen: UserId = CITIZEN) -> Held:
    outcome = town.do(lambda tx: hold(tx, citizen, service, start, NOW))
    assert isinstance(outcome, Held), outcome
    return outcome


def confirmed(town: Town, number: str, now: datetime = NOW, citizen: UserId = CITIZEN) -> Booked | Refusal:
    return town.do(lambda tx: confirm(tx, citizen, number, now))


def asked(town: Town, start: datetime = TUESDAY, now: datetime = NOW) -> Booked | Refusal:
    return town.do(lambda tx: book(tx, STRANGER, PERMIT, start, now))


def states(town: Town) -> list[object]:
    return [state for (state,) in town.rows("SELECT state FROM appointment ORDER BY id")]


def test_a_chosen_slot_is_held_for_five_minutes_while_the_person_confirms(town: Town) -> None:
    found = held(town).appointment
    assert (found.state, found.until) == (State.HELD, NOW + HOLD)
    assert town.outbox() == []
    assert isinstance(confirmed(town, found.number, NOW + HOLD - SECOND), Booked)
    assert states(town) == ["booked"]
    assert town.rows("SELECT count(*) FROM job WHERE kind = 'lapse'") == [(0,)]
    assert {room for room, *_ in town.outbox()} == {"appointment", "unit"}


def test_a_held_time_is_invisible_to_others_who_get_the_nearest_free_times(town: Town) -> None:
    held(town)
    no = asked(town)
    assert isinstance(no, SlotTaken)
    assert [f"{slot.start.astimezone(ZONE):%H:%M}" for slot in no.nearest] == ["09:30", "10:00", "10:30", "11:00"]


def test_a_hold_that_runs_out_during_the_confirmation_gives_a_clear_answer_and_the_next_times(town: Town) -> None:
    number = held(town).appointment.number
    no = confirmed(town, number, NOW + HOLD)
    assert isinstance(no, HoldRanOut)
    assert TUESDAY in [slot.start for slot in no.nearest]
    assert states(town) == ["lapsed"]
    assert isinstance(asked(town, now=NOW + HOLD), Booked)
    again = confirmed(town, number, NOW + HOLD)
    assert isinstance(again, HoldRanOut)
    assert TUESDAY not in [slot.start for slot in again.nearest]


@pytest.mark.parametrize("noticed", [True, False])
def test_a_hold_never_outlives_five_minutes_whether_anybody_noticed_or_not(town: Town, *, noticed: bool) -> None:
    held(town)
    if noticed:
        assert town.do(lambda tx: do_due(tx, NOW + HOLD)) == Done(1, 0)
        assert states(town) == ["lapsed"]
    assert isinstance(asked(town, now=NOW + HOLD), Booked)
    assert states(town) == ["lapsed", "booked"]


def test_a_hold_does_not_lapse_before_its_time_nor_after_it_was_confirmed(town: Town) -> None:
    number = held(town).appointment.number
    assert town.do(lambda tx: do_due(tx, NOW + HOLD - SECOND)) == Done(0, 0)
    confirmed(town, number)
    assert town.do(lambda tx: do_due(tx, NOW + HOLD)) == Done(0, 0)
    assert states(town) == ["booked"]


def test_a_time_chosen_twice_is_held_once_and_no_longer(town: Town) -> None:
    first = held(town).appointment
    second = town.do(lambda tx: hold(tx, CITIZEN, PERMIT, TUESDAY, NOW + minutes(4)))
    assert isinstance(second, Held)
    assert second.appointment == first


def test_confirmed_twice_is_booked_once(town: Town) -> None:
    number = held(town).appointment.number
    first, outbox = confirmed(town, number), town.outbox()
    assert confirmed(town, number, NOW + HOLD) == first
    assert town.outbox() == outbox
    assert town.rows("SELECT what FROM history") == [("held",), ("booked",)]


def test_a_new_choice_for_the_same_service_replaces_the_older_hold(town: Town) -> None:
    held(town)
    held(town, TUESDAY + minutes(15))
    assert states(town) == ["lapsed", "held"]
    assert town.rows("SELECT count(*) FROM job WHERE kind = 'lapse'") == [(1,)]
    assert isinstance(asked(town), SlotTaken)
    assert isinstance(asked(town, TUESDAY + minutes(45)), Booked)


def test_a_choice_that_fails_leaves_the_older_hold(town: Town) -> None:
    held(town)
    taken = local(12, 10)
    assert isinstance(asked(town, taken), Booked)
    assert isinstance(town.do(lambda tx: hold(tx, CITIZEN, PERMIT, taken, NOW)), SlotTaken)
    assert states(town)[0] == "held"


def test_holds_are_capped_per_person(town: Town) -> None:
    held(town)
    held(town, service=BENEFITS)
    no = town.do(lambda tx: hold(tx, CITIZEN, LESSON, local(12, 13, 30), NOW))
    assert isinstance(no, TooManyHeld)
    assert len(no.held) == 2
    held(town, local(12, 10), service=BENEFITS)
    held(town, local(12, 11), citizen=STRANGER)
    later = NOW + HOLD
    assert isinstance(town.do(lambda tx: hold(tx, CITIZEN, LESSON, local(12, 13, 30), later)), Held)


def test_confirming_asks_again_how_many_the_person_has(town: Town) -> None:
    number = held(town).appointment.number
    for hour in (9, 10, 11):
        by_phone = partial(book, citizen=CITIZEN, service_id=PERMIT, start=local(13, hour), now=NOW, by=Party.OFFICIAL)
        assert isinstance(town.do(by_phone), Booked)
    assert isinstance(confirmed(town, number), TooManyOpen)
    assert states(town) == ["lapsed", "booked", "booked", "booked"]


def test_an_official_who_fell_ill_during_the_confirmation_is_not_booked(town: Town) -> None:
    found = held(town).appointment
    town.do(lambda tx: tx.hours.set(found.official, TUESDAY.astimezone(ZONE).date(), ()))
    no = confirmed(town, found.number)
    assert isinstance(no, SlotTaken)
    assert no.nearest
    assert 12 not in {slot.start.astimezone(ZONE).day for slot in no.nearest}
    assert states(town) == ["lapsed"]


def test_letting_go_frees_the_time_at_once(town: Town) -> None:
    number = held(town).appointment.number
    for _ in range(2):
        assert isinstance(town.do(lambda tx: let_go(tx, CITIZEN, number, NOW)), LetGo)
    assert isinstance(asked(town), Booked)
    assert town.rows("SELECT count(*) FROM history WHERE what = 'lapsed'") == [(1,)]


def test_what_is_booked_is_not_let_go_by_an_old_choice(town: Town) -> None:
    number = held(town).appointment.number
    confirmed(town, number)
    assert town.do(lambda tx: let_go(tx, CITIZEN, number, NOW)) == AlreadyBooked(number)
    assert states(town) == ["booked"]


def test_typing_the_held_time_in_full_books_it(town: Town) -> None:
    number = held(town).appointment.number
    booked = town.do(lambda tx: book(tx, CITIZEN, PERMIT, TUESDAY, NOW))
    assert isinstance(booked, Booked)
    assert booked.appointment.number == number
    assert states(town) == ["booked"]


def test_typing_another_time_in_full_books_it_and_lets_the_held_one_go(town: Town) -> None:
    held(town)
    assert isinstance(town.do(lambda tx: book(tx, CITIZEN, PERMIT, TUESDAY + minutes(15), NOW)), Booked)
    assert states(town) == ["lapsed", "booked"]


def test_a_strangers_hold_is_nobody_elses_to_confirm_or_let_go(town: Town) -> None:
    number = held(town).appointment.number
    assert confirmed(town, number, citizen=STRANGER) == UnknownAppointment(number)
    assert town.do(lambda tx: let_go(tx, STRANGER, number, NOW)) == UnknownAppointment(number)
    assert states(town) == ["held"]


def test_a_hold_obeys_the_rules_of_booking(town: Town) -> None:
    assert isinstance(town.do(lambda tx: hold(tx, CITIZEN, PERMIT, local(11, 7, 30), NOW)), TooSoon)
    assert states(town) == []


def test_a_hold_whose_service_is_gone_is_unknown(town: Town) -> None:
    number = held(town).appointment.number
    gone = (EntryKind.SERVICE, PERMIT)
    town.do(lambda tx: tx.entries.replace({k: v for k, v in tx.entries.current().items() if k != gone}, {}))
    assert confirmed(town, number) == UnknownAppointment(number)


def test_a_hold_is_in_no_list_of_appointments(town: Town) -> None:
    found = held(town).appointment
    assert town.do(lambda tx: tx.appointments.open_of(CITIZEN, NOW)) == []
    assert town.do(lambda tx: tx.appointments.open_of_official(found.official, NOW)) == []
    assert town.do(lambda tx: tx.appointments.open_count(CITIZEN, PERMIT, NOW)) == 0


async def test_of_200_who_choose_one_slot_exactly_one_holds_it_and_every_loser_is_offered_the_nearest(
    town: Town,
) -> None:
    def one(n: int) -> Callable[[SqlTransaction], Held | Refusal]:
        return lambda tx: hold(tx, UserId(f"@c{n}:localhost"), PERMIT, TUESDAY, NOW)

    answers = await asyncio.gather(*(town.store.transact(one(n)) for n in range(200)))
    losers = [answer for answer in answers if not isinstance(answer, Held)]
    assert len(losers) == 199
    assert all(isinstance(loser, SlotTaken) and len(loser.nearest) == 4 for loser in losers)
    assert town.rows("SELECT count(*) FROM quantum") == [(6,)]
