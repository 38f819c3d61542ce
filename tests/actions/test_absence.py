"""Sick leave: one command closes the days, each citizen chooses, and calendars stay right."""

from datetime import date, time, timedelta

import pytest

from bot.actions import absence, substitution
from bot.actions.absence import LAST_CHOICE, Left
from bot.actions.booking import cancel
from bot.actions.due import do_due
from bot.actions.outcomes import mark
from bot.actions.rooms import RoomKind
from bot.domain.booking import Appointment, State
from bot.domain.days import Days
from bot.domain.directory import Span
from bot.domain.ids import OfficialId, PlaceId, RoomId, ServiceId, UserId
from bot.domain.jobs import JobKind, ReminderKind
from bot.domain.language import Language
from bot.domain.staff_refusals import NotHeldVisit
from bot.storage.transaction import SqlTransaction
from tests.support.town import BENEFITS, CITIZEN, NOW, PERMIT, STRANGER, TUESDAY, Town, local, minutes

ADVISERS = {OfficialId("palveluneuvoja"), OfficialId("yhteispalveluneuvoja")}
THAT_DAY = Days(date(2027, 1, 12), date(2027, 1, 12))


def user(official: OfficialId) -> UserId:
    return UserId(f"@{official}:localhost")


def other(official: OfficialId) -> OfficialId:
    return next(iter(ADVISERS - {official}))


def leave(town: Town, official: OfficialId, days: Days = THAT_DAY) -> Left:
    return town.do(lambda tx: absence.leave(tx, tx.directory.officials[official], days, NOW))


def now_is(town: Town, appointment: Appointment) -> Appointment:
    found = town.do(lambda tx: tx.appointments.get(appointment.id))
    assert found is not None
    return found


def said(town: Town, kind: RoomKind = RoomKind.APPOINTMENT) -> list[str]:
    return [str(payload["body"]) for room, _, _, payload in town.outbox() if room == kind and "body" in payload]


def question(town: Town, appointment: Appointment) -> tuple[str, ...]:
    def pending(room_id: RoomId) -> tuple[str, ...]:
        found = town.do(lambda tx: tx.questions.pending(room_id, CITIZEN, NOW))
        return () if found is None else found[0].choices

    room = town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id)))
    assert room is not None
    room_id = RoomId(f"!room-{appointment.id}")
    town.do(lambda tx: tx.rooms.opened(room.lane, room_id))
    return pending(room_id)


def take_substitute(town: Town, appointment: Appointment) -> object:
    return town.do(lambda tx: substitution.take_substitute(tx, CITIZEN, appointment.number, NOW))


def test_the_citizen_is_offered_a_substitute_and_new_times_and_chooses(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    assert leave(town, found.official) == Left(asked=1, taken=0, fallen=0)
    assert now_is(town, found) == found
    lines = question(town, found)
    assert lines[0] == f"!sijainen {found.number}"
    assert len(lines) == 5
    assert lines[-1] == f"!sijainen {found.number} peru"
    assert "Odottaa asiakkaan valintaa" in said(town, RoomKind.UNIT)[-1]
    assert isinstance(take_substitute(town, found), substitution.Chosen)
    moved = now_is(town, found)
    assert (moved.official, moved.start) == (other(found.official), found.start)
    assert moved.sequence == found.sequence + 1
    assert [p["user"] for r, k, _, p in town.outbox() if (r, k) == ("appointment", "invite")][-1] == user(
        moved.official
    )
    assert "Varattu" in said(town, RoomKind.UNIT)[-1]


def test_the_substitutes_time_is_kept_until_the_citizen_chose(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    with pytest.raises(AssertionError):
        town.booked(citizen=STRANGER, service=BENEFITS)
    town.do(lambda tx: substitution.take_none(tx, CITIZEN, found.number, NOW))
    assert town.booked(citizen=STRANGER, service=BENEFITS).official == other(found.official)


def test_another_time_is_chosen(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    later = TUESDAY + minutes(15)
    chosen = town.do(lambda tx: substitution.take_time(tx, CITIZEN, found.number, later, NOW))
    assert isinstance(chosen, substitution.Chosen)
    assert (chosen.appointment.start, chosen.appointment.official) == (later, other(found.official))
    assert town.rows("SELECT count(*) FROM block") == [(0,)]
    assert town.do(lambda tx: tx.jobs.planned(JobKind.CHOICE, str(found.id))) is None
    assert town.do(lambda tx: tx.jobs.planned(ReminderKind.SOON, str(found.id))) == later - minutes(10)


def test_none_suits_and_it_is_cancelled_whatever_the_deadline(town: Town) -> None:
    found = town.booked(TUESDAY + timedelta(hours=1), service=PERMIT)
    leave(town, found.official)
    late = TUESDAY - minutes(30)  # PERMIT is cancelled up to two hours before
    chosen = town.do(lambda tx: substitution.take_none(tx, CITIZEN, found.number, late))
    assert isinstance(chosen, substitution.Chosen)
    assert now_is(town, found).state is State.CANCELLED


def test_who_does_not_choose_gets_the_substitute_an_hour_before(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    due = TUESDAY - LAST_CHOICE
    assert town.do(lambda tx: do_due(tx, due - timedelta(seconds=1))).done == 0
    assert town.do(lambda tx: do_due(tx, due)).done == 1
    assert now_is(town, found).official == other(found.official)
    assert "toinen hoitaa" in said(town)[-1]


def test_where_the_substitute_is_gone_too_it_is_cancelled_with_an_apology(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    leave(town, other(found.official))
    town.do(lambda tx: do_due(tx, TUESDAY - LAST_CHOICE))
    assert now_is(town, found).state is State.CANCELLED
    assert "Pahoittelemme" in said(town)[-1]
    assert "!varaa Kelan asiointi" in said(town)[-1]


def test_no_redirect_loops(town: Town) -> None:
    """Whoever is away is no substitute, and an appointment is offered anew only when its new official goes away."""
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    before = town.outbox()
    assert leave(town, found.official) == Left(0, 0, 0)
    assert town.outbox() == before
    take_substitute(town, found)
    second = leave(town, other(found.official))
    assert second.asked == 1
    assert question(town, found)[0] != f"!sijainen {found.number}"
    assert len([words for words in said(town) if "Miten jatketaan" in words]) == 2


def test_a_chosen_time_that_has_gone_is_answered_with_new_ones(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    later = TUESDAY + minutes(60)
    town.booked(later, STRANGER, BENEFITS)
    outcome = town.do(lambda tx: substitution.take_time(tx, CITIZEN, found.number, later, NOW))
    assert isinstance(outcome, substitution.Gone)
    assert outcome.options.substitute is not None
    assert later not in outcome.options.starts
    assert now_is(town, found) == found


def test_a_substitution_never_counts_as_a_no_show(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    outcome = town.do(lambda tx: mark(tx, user(found.official), found.number, State.NO_SHOW, TUESDAY + minutes(5)))
    assert isinstance(outcome, NotHeldVisit)
    town.do(lambda tx: do_due(tx, TUESDAY + minutes(5)))
    assert now_is(town, found).state is State.CANCELLED


def test_a_day_of_downtime_ends_in_an_apology_and_never_in_a_no_show(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    late = TUESDAY + timedelta(days=1)
    town.do(lambda tx: do_due(tx, late))
    assert now_is(town, found).state is State.CANCELLED
    assert "Pahoittelemme" in said(town)[-1]
    outcome = town.do(lambda tx: mark(tx, user(found.official), found.number, State.NO_SHOW, late))
    assert isinstance(outcome, NotHeldVisit)


def test_what_begins_within_the_hour_is_settled_at_once(town: Town) -> None:
    first, second = town.booked(service=BENEFITS), town.booked(citizen=STRANGER, service=BENEFITS)
    late = TUESDAY - minutes(20)
    left = town.do(lambda tx: absence.leave(tx, tx.directory.officials[first.official], THAT_DAY, late))
    assert left == Left(asked=0, taken=0, fallen=1)
    assert now_is(town, first).state is State.CANCELLED
    assert now_is(town, second) == second


def test_the_days_are_closed_and_nothing_can_be_booked(town: Town) -> None:
    leave(town, OfficialId("rakennustarkastaja"))
    with pytest.raises(AssertionError):
        town.booked()


def test_back_after_all_and_the_times_stand_as_they_were(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    back = town.do(lambda tx: absence.come_back(tx, tx.directory.officials[found.official], None, NOW))
    assert back == absence.Back((date(2027, 1, 12),), 1)
    assert now_is(town, found) == found
    assert "voimassa" in said(town)[-1]
    assert isinstance(take_substitute(town, found), substitution.NothingAsked)
    assert town.rows("SELECT count(*) FROM block") == [(0,)]
    assert town.do(lambda tx: tx.jobs.planned(ReminderKind.SOON, str(found.id))) == TUESDAY - minutes(10)
    assert town.booked(citizen=STRANGER, service=BENEFITS).official == other(found.official)


def hours_of(town: Town, who: OfficialId, day: date) -> object:
    return town.do(lambda tx: tx.hours.on([who], day))


def test_a_day_with_hours_of_its_own_has_them_again(town: Town) -> None:
    """Away said twice, and back: the single day is as it was, and its neighbour as the week says."""
    who, own, plain = OfficialId("palveluneuvoja"), date(2027, 1, 12), date(2027, 1, 13)
    shorter = (Span(time(10), time(11)),)
    town.do(lambda tx: tx.hours.set(who, own, shorter))
    for _ in range(2):
        town.do(lambda tx: absence.leave(tx, tx.directory.officials[who], Days(own, plain), NOW))
    assert hours_of(town, who, own) == hours_of(town, who, plain) == {who: ()}
    back = town.do(lambda tx: absence.come_back(tx, tx.directory.officials[who], None, NOW))
    assert back.days == (own, plain)
    assert (hours_of(town, who, own), hours_of(town, who, plain)) == ({who: shorter}, {})
    assert town.do(lambda tx: absence.come_back(tx, tx.directory.officials[who], None, NOW)).days == ()


def test_a_citizen_who_cancels_instead_leaves_nothing_behind(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    town.do(lambda tx: cancel(tx, CITIZEN, found.number, NOW))
    assert town.rows("SELECT count(*) FROM block") == [(0,)]
    assert town.do(lambda tx: tx.jobs.planned(JobKind.CHOICE, str(found.id))) is None


def test_somebody_else_cannot_choose(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    outcome = town.do(lambda tx: substitution.take_substitute(tx, STRANGER, found.number, NOW))
    assert isinstance(outcome, substitution.NothingAsked)


def test_the_citizen_is_asked_in_their_language_and_never_why(town: Town) -> None:
    town.do(lambda tx: tx.people.set_language(CITIZEN, Language.SV, chosen=True))
    found = town.booked(service=BENEFITS)
    leave(town, found.official)
    assert "Svara med siffra" in said(town)[-1]
    assert question(town, found)[-1] == f"!ersättare {found.number} avboka"


def test_who_is_away_is_left_in_peace(town: Town) -> None:
    found = town.booked(service=BENEFITS)

    def chat_with(tx: SqlTransaction) -> None:
        for official in ADVISERS:
            tx.rooms.adopt(RoomKind.DIRECT, user(official), RoomId(f"!{official}"), NOW)

    town.do(chat_with)
    leave(town, found.official)
    take_substitute(town, found)
    told = [payload["mention"] for room, _, _, payload in town.outbox() if room == "direct"]
    assert told == [[user(other(found.official))]]


def test_nobody_is_reminded_while_the_choice_is_open(town: Town) -> None:
    found = town.booked(local(13, 9), service=BENEFITS)
    leave(town, found.official, Days(date(2027, 1, 13), date(2027, 1, 13)))
    assert town.do(lambda tx: do_due(tx, local(12, 9))).done == 0


def test_three_days_touch_what_lies_in_them_and_no_more(town: Town) -> None:
    inside, outside = town.booked(service=PERMIT), town.booked(local(15, 9), STRANGER)
    assert leave(town, inside.official, Days(date(2027, 1, 12), date(2027, 1, 14))).asked == 1
    assert now_is(town, outside) == outside


PLAN = ServiceId("aktivointisuunnitelma")
"""A confidential unit's: two officials, 60 minutes, in the one quiet room."""


def taken_by(town: Town, appointment: Appointment) -> set[object]:
    return {row[0] for row in town.rows("SELECT resource FROM quantum WHERE appointment = ?", appointment.id)}


def test_the_place_stays_taken_when_a_substitute_comes(town: Town) -> None:
    found = town.booked(service=PLAN)
    leave(town, found.official)
    take_substitute(town, found)
    moved = now_is(town, found)
    assert moved.official != found.official
    assert moved.place == found.place == PlaceId("hiljainen-huone")
    assert taken_by(town, moved) == {moved.official, "place:hiljainen-huone"}


def test_another_time_takes_the_place_along(town: Town) -> None:
    found = town.booked(service=PLAN)
    leave(town, found.official)
    later = TUESDAY + minutes(30)
    chosen = town.do(lambda tx: substitution.take_time(tx, CITIZEN, found.number, later, NOW))
    assert isinstance(chosen, substitution.Chosen)
    assert taken_by(town, chosen.appointment) == {chosen.appointment.official, "place:hiljainen-huone"}
    assert chosen.appointment.start == later
