"""An official books for a citizen, once and in a series."""

from datetime import datetime, timedelta

from bot.actions.booking import book
from bot.actions.due import do_due
from bot.actions.rooms import RoomKind
from bot.actions.series import Doubtful, Made, Wanted, book_for
from bot.config.entries import EntryKind
from bot.domain.booking import Appointment
from bot.domain.directory import Identity
from bot.domain.ids import OfficialId, RoomId
from bot.domain.refusals import IdentityNeeded, TooManyOpen
from bot.domain.series import read_rule
from tests.support.town import CITIZEN, NOW, PERMIT, STRANGER, TUESDAY, ZONE, Town, local

WEEKLY = read_rule("FREQ=WEEKLY;COUNT=6")
OFFICIAL = OfficialId("rakennustarkastaja")
START = datetime(2027, 1, 12, 9)  # noqa: DTZ001 - local wall time


def made(town: Town, wanted: Wanted, *, anyway: bool = False) -> object:
    return town.do(lambda tx: book_for(tx, tx.directory.officials[OFFICIAL], wanted, NOW, anyway=anyway))


def starts(appointments: tuple[Appointment, ...]) -> list[datetime]:
    return [appointment.start for appointment in appointments]


def test_a_series_is_appointments_of_their_own_with_one_rule(town: Town) -> None:
    outcome = made(town, Wanted(CITIZEN, PERMIT, START, WEEKLY))
    assert isinstance(outcome, Made)
    assert starts(outcome.appointments) == [TUESDAY + timedelta(weeks=n) for n in range(6)]
    series = outcome.appointments[0].series
    assert series is not None
    assert town.do(lambda tx: tx.appointments.of_series(series)) == list(outcome.appointments)
    assert town.rows("SELECT rule FROM series") == [("FREQ=WEEKLY;COUNT=6",)]
    assert town.rows("SELECT DISTINCT party FROM history") == [("official",)]


def test_a_series_keeps_its_wall_time_over_a_clock_change(town: Town) -> None:
    late = local(22, 9, month=3)
    wanted = Wanted(CITIZEN, PERMIT, datetime(2027, 3, 24, 9), read_rule("FREQ=WEEKLY;COUNT=2"))  # noqa: DTZ001 - as above
    outcome = town.do(lambda tx: book_for(tx, tx.directory.officials[OFFICIAL], wanted, late))
    assert isinstance(outcome, Made)
    assert [f"{a.start.astimezone(ZONE):%H:%M}" for a in outcome.appointments] == ["09:00", "09:00"]
    assert outcome.appointments[1].start - outcome.appointments[0].start == timedelta(days=7, hours=-1)


def test_conflicts_are_listed_with_the_nearest_free_times_and_nothing_is_booked(town: Town) -> None:
    town.booked(TUESDAY + timedelta(weeks=1), STRANGER)
    outcome = made(town, Wanted(CITIZEN, PERMIT, START, WEEKLY))
    assert isinstance(outcome, Doubtful)
    assert outcome.free == 5
    assert [c.start for c in outcome.conflicts] == [TUESDAY + timedelta(weeks=1)]
    assert outcome.conflicts[0].nearest is not None
    assert town.rows("SELECT count(*) FROM appointment") == [(1,)]
    assert town.rows("SELECT count(*) FROM series") == [(0,)]


def test_the_rest_is_booked_when_the_official_says_so(town: Town) -> None:
    town.booked(TUESDAY + timedelta(weeks=1), STRANGER)
    outcome = made(town, Wanted(CITIZEN, PERMIT, START, WEEKLY), anyway=True)
    assert isinstance(outcome, Made)
    assert (len(outcome.appointments), len(outcome.conflicts)) == (5, 1)


def test_what_lies_past_the_horizon_is_a_conflict_and_never_left_out_in_silence(town: Town) -> None:
    outcome = made(town, Wanted(CITIZEN, PERMIT, START, read_rule("FREQ=WEEKLY;COUNT=20")))
    assert isinstance(outcome, Doubtful)
    assert outcome.free + len(outcome.conflicts) == 20


def test_a_citizen_is_not_flooded_with_invitations(town: Town) -> None:
    outcome = made(town, Wanted(CITIZEN, PERMIT, START, WEEKLY))
    assert isinstance(outcome, Made)
    assert town.rows("SELECT count(*) FROM room WHERE kind = 'appointment'") == [(2,)]
    assert town.rows("SELECT count(*) FROM appointment WHERE card IS NOT NULL") == [(2,)]
    third = outcome.appointments[2]
    town.do(lambda tx: do_due(tx, third.start - timedelta(hours=24)))
    assert town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(third.id))) is not None
    assert town.do(lambda tx: tx.appointments.card(third.id)) is not None


def test_the_citizen_is_told_of_all_times_at_once(town: Town) -> None:
    town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, RoomId("!direct"), NOW))
    outcome = made(town, Wanted(CITIZEN, PERMIT, START, WEEKLY))
    assert isinstance(outcome, Made)
    words = [str(p["body"]) for room, kind, _, p in town.outbox() if (room, kind) == ("direct", "say")]
    assert len(words) == 1
    assert all(appointment.number in words[0] for appointment in outcome.appointments)


def test_an_official_books_past_the_number_that_a_citizen_may_have(town: Town) -> None:
    town.change(EntryKind.SERVICE, PERMIT, most_open=1)
    outcome = made(town, Wanted(CITIZEN, PERMIT, START, WEEKLY))
    assert isinstance(outcome, Made)
    refused = town.do(lambda tx: book(tx, CITIZEN, PERMIT, local(14, 9), NOW))
    assert isinstance(refused, TooManyOpen)


def test_who_the_citizen_is_must_be_known_and_the_official_may_say_so(town: Town) -> None:
    town.change(EntryKind.SERVICE, PERMIT, identity="strong")
    assert isinstance(made(town, Wanted(CITIZEN, PERMIT, START)), IdentityNeeded)
    assert isinstance(made(town, Wanted(CITIZEN, PERMIT, START, identified=True)), Made)
    assert town.do(lambda tx: tx.people.identity(CITIZEN)) is Identity.STRONG


def test_the_card_shows_how_surely_the_citizen_is_known_where_the_service_asks(town: Town) -> None:
    made(town, Wanted(STRANGER, PERMIT, START))
    town.change(EntryKind.SERVICE, PERMIT, identity="strong")
    made(town, Wanted(CITIZEN, PERMIT, START + timedelta(hours=1), identified=True))
    cards = [str(p["body"]) for room, kind, _, p in town.outbox() if (room, kind) == ("unit", "say")]
    assert ["tunnistettu" in words for words in cards] == [False, True]
