"""Who waits for an earlier time is told of those that come free, one person after the other."""

from datetime import datetime, timedelta

import pytest

from bot.actions.booking import Booked, book, cancel
from bot.actions.deliveries import Say
from bot.actions.due import do_due
from bot.actions.moving import move
from bot.actions.rooms import RoomKind
from bot.actions.waitinglist import TURN, hours_came_free, wait
from bot.commands.question import PATIENCE, Question
from bot.config.entries import EntryKind
from bot.domain.booking import Appointment
from bot.domain.ids import OfficialId, RoomId, UserId
from bot.domain.language import Language
from bot.domain.opening import Interval
from bot.domain.refusals import SlotTaken
from bot.storage.transaction import SqlTransaction
from bot.text.reply import say
from tests.support.town import BENEFITS, CITIZEN, INSPECTOR, NOW, PERMIT, STRANGER, TUESDAY, Town, local, minutes

FIRST, SECOND = UserId("@eka:localhost"), UserId("@toka:localhost")
LATER = local(21, 9)


def waits(town: Town, person: UserId, *, booked: datetime | None = None) -> Appointment | None:
    """Somebody with a direct room who wants an earlier time, with or without an appointment."""
    appointment = town.booked(booked, person) if booked else None

    def work(tx: SqlTransaction) -> None:
        tx.rooms.adopt(RoomKind.DIRECT, person, RoomId(f"!{person}"), NOW)
        wait(tx, person, tx.directory.services[PERMIT], NOW, LATER)

    town.do(work)
    return appointment


def frees(town: Town, now: datetime = NOW) -> None:
    """A time that was taken comes free."""
    found = town.booked(citizen=STRANGER)
    town.do(lambda tx: cancel(tx, STRANGER, found.number, now))


def told(town: Town) -> list[tuple[object, str]]:
    said = [p for room, what, _, p in town.outbox() if room == RoomKind.DIRECT and what == "say"]
    return [(p["mention"], str(p["body"])) for p in said]


def due(town: Town, now: datetime) -> None:
    town.do(lambda tx: do_due(tx, now))


def pending(town: Town, person: UserId, now: datetime) -> tuple[str, ...]:
    found = town.do(lambda tx: tx.questions.pending(RoomId(f"!{person}"), person, now))
    return found[0].choices if found else ()


def test_who_has_waited_longest_is_told_first_and_the_next_one_after_a_quarter_of_an_hour(town: Town) -> None:
    waits(town, FIRST)
    waits(town, SECOND)
    frees(town)
    due(town, NOW)
    assert [who for who, _ in told(town)] == [[FIRST]]
    assert "ti 12.1. klo 9.00" in told(town)[0][1]
    due(town, NOW + TURN - timedelta(seconds=1))
    assert len(told(town)) == 1
    due(town, NOW + TURN)
    assert [who for who, _ in told(town)] == [[FIRST], [SECOND]]
    due(town, NOW + 9 * TURN)
    assert len(told(town)) == 2


def test_a_time_that_is_taken_meanwhile_is_told_to_nobody_else(town: Town) -> None:
    waits(town, FIRST)
    waits(town, SECOND)
    frees(town)
    due(town, NOW)
    assert isinstance(town.do(lambda tx: book(tx, FIRST, PERMIT, TUESDAY, NOW)), Booked)
    due(town, NOW + TURN)
    assert [who for who, _ in told(town)] == [[FIRST]]


def test_the_first_choice_books_or_moves_and_the_second_stops(town: Town) -> None:
    waits(town, FIRST)
    moving = waits(town, SECOND, booked=LATER)
    assert moving is not None
    frees(town)
    due(town, NOW)
    due(town, NOW + TURN)
    assert pending(town, FIRST, NOW) == ("!varaa rakennuslupa 2027-01-12 09:00", "!ilmoita rakennuslupa lopeta")
    assert pending(town, SECOND, NOW)[0] == f"!siirrä {moving.number} 2027-01-12 09:00"
    assert moving.number in told(town)[1][1]


def test_a_wish_ends_when_the_person_books_or_moves(town: Town) -> None:
    waits(town, FIRST)
    appointment = waits(town, SECOND, booked=LATER)
    assert appointment is not None
    assert town.rows("SELECT count(*) FROM waiting WHERE ended IS NULL") == [(2,)]
    town.booked(TUESDAY, FIRST)
    town.do(lambda tx: move(tx, SECOND, appointment.number, local(13, 9), NOW))
    assert town.rows("SELECT count(*) FROM waiting WHERE ended IS NULL") == [(0,)]


def test_a_freed_slot_may_come_back_with_a_delay_so_that_slots_are_not_traded(town: Town) -> None:
    town.change(EntryKind.SERVICE, PERMIT, release_minutes=60)
    waits(town, FIRST)
    frees(town)
    rested = NOW + minutes(60)
    before = town.do(lambda tx: book(tx, STRANGER, PERMIT, TUESDAY, rested - timedelta(seconds=1)))
    assert isinstance(before, SlotTaken)
    due(town, rested - timedelta(seconds=1))
    assert told(town) == []
    due(town, rested)
    assert [who for who, _ in told(town)] == [[FIRST]]
    assert isinstance(town.do(lambda tx: book(tx, STRANGER, PERMIT, TUESDAY, rested)), Booked)


def test_a_moved_time_rests_too(town: Town) -> None:
    town.change(EntryKind.SERVICE, PERMIT, release_minutes=60)
    found = town.booked(citizen=STRANGER)
    town.do(lambda tx: move(tx, STRANGER, found.number, local(13, 9), NOW))
    assert isinstance(town.do(lambda tx: book(tx, CITIZEN, PERMIT, TUESDAY, NOW)), SlotTaken)


@pytest.mark.parametrize("before", [TUESDAY, local(11, 9)])
def test_a_time_that_is_no_earlier_is_not_told(town: Town, before: datetime) -> None:
    waits(town, FIRST)
    town.do(lambda tx: wait(tx, FIRST, tx.directory.services[PERMIT], NOW, before))
    frees(town)
    due(town, NOW)
    assert told(town) == []


def test_without_anybody_who_waits_nothing_is_planned(town: Town) -> None:
    frees(town)
    assert town.rows("SELECT count(*) FROM job WHERE kind = 'freed'") == [(0,)]


def test_who_is_about_to_answer_another_question_is_told_what_to_type(town: Town) -> None:
    """A number must not mean two things."""
    waits(town, FIRST)
    frees(town)
    other = Question(Language.FI, "", ("!ajat kela",), NOW + PATIENCE)

    def ask(tx: SqlTransaction) -> None:
        room = tx.rooms.find(RoomKind.DIRECT, FIRST)
        assert room is not None
        item = tx.outbox.put(room.lane, Say(say("?")), key="asked", now=NOW)
        tx.questions.put(room.lane, FIRST, other, item)

    town.do(ask)
    due(town, NOW)
    assert "Ota aika näin: !varaa rakennuslupa 2027-01-12 09:00" in told(town)[-1][1]
    assert pending(town, FIRST, NOW) == other.choices


def test_who_cannot_move_any_more_is_not_told(town: Town) -> None:
    """Past the deadline the offer would only be refused."""
    waits(town, FIRST, booked=local(12, 14))
    waits(town, SECOND, booked=local(13, 14))
    found = town.booked(citizen=STRANGER)
    town.change(EntryKind.SERVICE, PERMIT, cancel_hours=40)
    town.do(lambda tx: cancel(tx, INSPECTOR, found.number, NOW))
    due(town, NOW)
    assert [who for who, _ in told(town)] == [[SECOND]]


def test_opened_hours_are_told_of_like_freed_time(town: Town) -> None:
    waits(town, FIRST)
    inspector = OfficialId("rakennustarkastaja")
    freed = Interval(TUESDAY, TUESDAY + minutes(60))
    town.do(lambda tx: hours_came_free(tx, inspector, freed, NOW))
    due(town, NOW)
    assert [who for who, _ in told(town)] == [[FIRST]]


def test_without_a_wish_of_their_own_people_wait_for_what_is_earlier_than_they_have(town: Town) -> None:
    services = town.do(lambda tx: tx.directory.services)
    booked = town.booked(LATER, FIRST)
    assert town.do(lambda tx: wait(tx, FIRST, services[PERMIT], NOW)).before == booked.start
    assert town.do(lambda tx: wait(tx, FIRST, services[BENEFITS], NOW)).before == local(11, 9)
    town.change(EntryKind.OFFICIAL, "rakennustarkastaja", active=False)
    assert town.do(lambda tx: wait(tx, SECOND, services[PERMIT], NOW)).before > LATER
