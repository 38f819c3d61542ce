"""A person moves their own appointment: the same number and room, in one transaction or not at all."""

from datetime import datetime, timedelta

import pytest

from bot.actions.booking import cancel
from bot.actions.due import do_due
from bot.actions.moving import Moved, move
from bot.actions.rooms import RoomKind
from bot.actions.search import nearest
from bot.config.entries import EntryKind
from bot.domain.booking import State
from bot.domain.ids import UserId
from bot.domain.refusals import (
    AlreadyCancelled,
    AlreadyThen,
    OutsideHours,
    Refusal,
    SlotTaken,
    TooFar,
    TooLateToMove,
    TooSoon,
    UnknownAppointment,
)
from tests.support.town import (
    BENEFITS,
    CITIZEN,
    INSPECTOR,
    NOW,
    PERMIT,
    STRANGER,
    TUESDAY,
    ZONE,
    Town,
    local,
    minutes,
)

WEDNESDAY = local(13, 10)


def moved(town: Town, number: str, start: datetime, now: datetime = NOW, user: UserId = CITIZEN) -> Moved | Refusal:
    return town.do(lambda tx: move(tx, user, number, start, now))


def times(town: Town) -> list[tuple[object, ...]]:
    return town.rows("SELECT start, sequence, state FROM appointment ORDER BY id")


def test_moving_keeps_number_and_room_and_raises_the_sequence(town: Town) -> None:
    before = town.booked()
    outcome = moved(town, before.number, WEDNESDAY)
    assert isinstance(outcome, Moved)
    after = outcome.appointment
    assert (after.id, after.number, after.official) == (before.id, before.number, before.official)
    assert (after.start, after.end, after.sequence) == (WEDNESDAY, WEDNESDAY + minutes(30), before.sequence + 1)
    assert town.rows("SELECT count(*) FROM room WHERE kind = 'appointment'") == [(1,)]
    assert town.rows("SELECT what, party FROM history") == [("booked", "citizen"), ("moved", "citizen")]
    town.booked(TUESDAY, STRANGER)


def test_the_reminders_follow_the_new_time(town: Town) -> None:
    found = town.booked()
    moved(town, found.number, WEDNESDAY)
    due = town.rows("SELECT kind, due FROM job WHERE kind IN ('day-before', 'soon') ORDER BY due")
    planned = (("day-before", timedelta(hours=24)), ("soon", minutes(10)))
    assert due == [(kind, int((WEDNESDAY - ahead).timestamp())) for kind, ahead in planned]
    town.do(lambda tx: do_due(tx, TUESDAY))
    assert not [key for _, _, key, _ in town.outbox() if ":reminder:soon" in key]


def test_both_are_told_in_the_appointments_room_and_the_card_is_edited(town: Town) -> None:
    found = town.booked()
    before = len(town.outbox())
    moved(town, found.number, WEDNESDAY)
    told = town.outbox()[before:]
    [(words, ringing)] = [
        (str(p["body"]), p["mention"]) for room, what, _, p in told if (room, what) == (RoomKind.APPOINTMENT, "say")
    ]
    for part in ("Aika on siirretty", "ke 13.1. klo 10.00", "ti 12.1. klo 9.00", found.number):
        assert part in words
    assert ringing == [INSPECTOR]
    [(what, card)] = [(what, str(p["body"])) for room, what, _, p in told if room == RoomKind.UNIT]
    assert what == "amend"
    assert "ke 13.1. klo 10.00" in card


def test_a_lost_slot_leaves_the_old_appointment_untouched_and_offers_the_nearest(town: Town) -> None:
    found = town.booked()
    town.booked(WEDNESDAY, STRANGER)
    before, outbox = times(town), town.outbox()
    no = moved(town, found.number, WEDNESDAY)
    assert isinstance(no, SlotTaken)
    assert next(f"{slot.start.astimezone(ZONE):%d %H:%M}" for slot in no.nearest) == "13 09:00"
    assert (times(town), town.outbox()) == (before, outbox)


def test_the_last_guard_refuses_a_move_that_the_rules_let_through(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    found = town.booked()
    town.booked(WEDNESDAY, STRANGER)
    before, outbox = times(town), town.outbox()
    with monkeypatch.context() as blind:
        blind.setattr("bot.storage.appointments.SqlAppointments.busy", lambda *_: [])
        assert isinstance(moved(town, found.number, WEDNESDAY), SlotTaken)
    assert (times(town), town.outbox()) == (before, outbox)
    assert town.rows("SELECT count(*) FROM quantum") == [(12,)]


def test_an_appointment_may_move_into_its_own_time(town: Town) -> None:
    found = town.booked()
    outcome = moved(town, found.number, TUESDAY + minutes(15))
    assert isinstance(outcome, Moved)
    assert town.rows("SELECT count(*) FROM quantum") == [(6,)]


def test_moving_does_not_count_as_one_more(town: Town) -> None:
    numbers = [town.booked(local(12, hour)).number for hour in (9, 10, 11)]
    assert isinstance(moved(town, numbers[0], WEDNESDAY), Moved)


def test_the_cancellation_deadline_applies_to_moving_too(town: Town) -> None:
    found = town.booked()
    at = TUESDAY - timedelta(hours=2)
    assert isinstance(moved(town, found.number, WEDNESDAY, at), TooLateToMove)
    assert isinstance(moved(town, found.number, WEDNESDAY, at, INSPECTOR), Moved)


def test_what_cannot_be_moved_says_why(town: Town) -> None:
    number = town.booked().number
    assert isinstance(moved(town, number, local(12, 12)), OutsideHours)
    assert isinstance(moved(town, number, NOW), TooSoon)
    assert isinstance(moved(town, number, local(12, 9, year=2028)), TooFar)
    assert moved(town, number, TUESDAY) == AlreadyThen(number, TUESDAY)
    assert moved(town, number, WEDNESDAY, user=STRANGER) == UnknownAppointment(number)
    assert isinstance(moved(town, number, WEDNESDAY, TUESDAY + minutes(60)), TooLateToMove)
    town.do(lambda tx: cancel(tx, CITIZEN, number, NOW))
    assert moved(town, number, WEDNESDAY) == AlreadyCancelled(number)


def test_moving_keeps_the_official_where_they_can_and_else_hands_over(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    outcome = moved(town, found.number, WEDNESDAY)
    assert isinstance(outcome, Moved)
    assert outcome.appointment.official == found.official
    town.change(EntryKind.OFFICIAL, found.official, active=False)
    again = moved(town, found.number, WEDNESDAY + minutes(60))
    assert isinstance(again, Moved)
    assert again.appointment.official != found.official
    invited = [payload["user"] for _, what, _, payload in town.outbox() if what == "invite"]
    assert f"@{again.appointment.official}:localhost" in invited


def test_the_old_time_is_free_again_and_found_by_others(town: Town) -> None:
    found = town.booked()
    moved(town, found.number, WEDNESDAY)
    free = town.do(lambda tx: nearest(tx, tx.directory.services[PERMIT], TUESDAY, NOW))
    assert TUESDAY in [slot.start for slot in free]
    assert town.do(lambda tx: tx.appointments.get(found.id)).state is State.BOOKED  # type: ignore[union-attr]  # it was booked above
