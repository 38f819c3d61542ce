from datetime import datetime, timedelta

import pytest

from bot.actions import booking, handover, holding, moving, room_life
from bot.actions.due import Done, do_due
from bot.actions.rooms import RoomKind, RoomPlan
from bot.config.entries import EntryKind
from bot.domain.booking import Appointment, Party, State, new_appointment
from bot.domain.ids import RoomId, ServiceId, UserId
from bot.domain.jobs import JobKind, ReminderKind
from bot.domain.language import Language
from bot.matrix.power import levels
from tests.support.town import BENEFITS, CHILDREN, CITIZEN, INSPECTOR, NOW, TUESDAY, Town, local

END = local(12, 9, 30)
CLOSES = END + timedelta(days=7)
FORGETS = END + timedelta(days=90)
ROOM = RoomId("!huone")
SECOND = timedelta(seconds=1)


def make_room(town: Town, of: Appointment, id: RoomId = ROOM) -> None:
    """What the homeserver does when it makes the room that was planned."""
    room = town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(of.id)))
    assert room is not None
    town.do(lambda tx: tx.rooms.opened(room.lane, id))


def do_all(town: Town, now: datetime) -> Done:
    return town.do(lambda tx: do_due(tx, now))


def ends(town: Town) -> list[tuple[str, dict[str, object]]]:
    """The deliveries of closing and leaving."""
    last = (":closing", ":closed", ":left")
    return [(what, payload) for _, what, key, payload in town.outbox() if key.endswith(last)]


def planned(town: Town, of: Appointment) -> tuple[datetime | None, datetime | None]:
    return town.do(lambda tx: (tx.jobs.planned(JobKind.CLOSE, str(of.id)), tx.jobs.planned(JobKind.FORGET, str(of.id))))


def without_reminders(town: Town, of: Appointment) -> Appointment:
    town.do(lambda tx: tx.jobs.drop(str(of.id), *ReminderKind))
    return of


@pytest.fixture
def visit(town: Town) -> Appointment:
    found = without_reminders(town, town.booked())
    make_room(town, found)
    return found


def test_a_booking_plans_when_its_room_is_closed_and_forgotten(town: Town, visit: Appointment) -> None:
    assert planned(town, visit) == (CLOSES, FORGETS)


def test_the_municipality_says_how_long_rooms_stay(town: Town) -> None:
    town.change(EntryKind.MUNICIPALITY, "ahtari", room_closes_days=2, room_kept_days=10)
    assert planned(town, town.booked()) == (END + timedelta(days=2), END + timedelta(days=10))


def test_a_room_is_closed_once_after_a_last_word_in_the_citizens_language(town: Town, visit: Appointment) -> None:
    town.do(lambda tx: tx.people.set_language(CITIZEN, Language.SV, chosen=True))
    assert do_all(town, CLOSES - SECOND) == Done(0, 0)
    assert do_all(town, CLOSES) == Done(1, 0)
    (said, words), closed = ends(town)
    assert (said, closed) == ("say", ("close", {}))
    assert "stängs nu" in str(words["body"])
    assert "Sista dagen: sön 11.4" in str(words["body"])
    assert words["mention"] == []
    assert do_all(town, CLOSES) == Done(0, 0)
    assert visit.number not in str(words["body"])


@pytest.mark.parametrize("language", Language)
def test_the_last_word_tells_until_when_documents_can_be_saved(
    town: Town, visit: Appointment, language: Language
) -> None:
    town.do(lambda tx: tx.people.set_language(visit.citizen, language, chosen=True))
    do_all(town, CLOSES)
    body = str(ends(town)[0][1]["body"])
    assert {"fi": "su 11.4.", "sv": "sön 11.4", "en": "Sun 11 Apr"}[language] in body
    assert {"fi": "!varaa", "sv": "!boka", "en": "!book"}[language] in body


def test_a_room_is_left_and_forgotten_when_its_time_is_over(town: Town, visit: Appointment) -> None:
    do_all(town, CLOSES)
    assert do_all(town, FORGETS - SECOND) == Done(0, 0)
    assert do_all(town, FORGETS) == Done(1, 0)
    assert ends(town)[-1] == ("leave", {"room_id": ROOM})
    assert planned(town, visit) == (None, None)


def test_closing_after_a_move_uses_the_new_time(town: Town, visit: Appointment) -> None:
    moved = _moved(town, visit, local(20, 13))
    town.do(lambda tx: room_life.plan(tx, moved))
    later = local(20, 13, 30) + timedelta(days=7)
    assert planned(town, visit) == (later, local(20, 13, 30) + timedelta(days=90))
    assert do_all(town, CLOSES) == Done(0, 0)
    assert do_all(town, later) == Done(1, 0)


def test_the_citizens_move_takes_the_rooms_end_along(town: Town, visit: Appointment) -> None:
    assert isinstance(town.do(lambda tx: moving.move(tx, CITIZEN, visit.number, local(20, 13), NOW)), moving.Moved)
    assert planned(town, visit)[0] == local(20, 13, 30) + timedelta(days=7)


def test_an_officials_move_takes_the_rooms_end_along(town: Town, visit: Appointment) -> None:
    answer = town.do(lambda tx: handover.reschedule(tx, INSPECTOR, visit.number, local(20, 13), NOW))
    assert isinstance(answer, handover.Moved)
    assert planned(town, visit)[0] == local(20, 13, 30) + timedelta(days=7)


def test_a_room_of_a_visit_that_was_moved_behind_its_back_is_planned_anew(town: Town, visit: Appointment) -> None:
    _moved(town, visit, local(20, 13))
    assert do_all(town, CLOSES) == Done(0, 1)
    assert ends(town) == []
    assert planned(town, visit)[0] == local(20, 13, 30) + timedelta(days=7)


def test_a_room_of_a_visit_still_open_is_not_closed(town: Town, visit: Appointment) -> None:
    town.change(EntryKind.MUNICIPALITY, "ahtari", room_closes_days=0, room_kept_days=0)
    assert visit.is_open(END - SECOND)
    assert not town.do(lambda tx: room_life.close(tx, str(visit.id), END - SECOND))
    assert not town.do(lambda tx: room_life.forget(tx, str(visit.id), END - SECOND))
    assert ends(town) == []
    assert planned(town, visit) == (END, END)


@pytest.mark.parametrize("by", [CITIZEN, INSPECTOR])
def test_a_cancelled_visits_room_is_closed_a_day_later(town: Town, visit: Appointment, by: UserId) -> None:
    town.do(lambda tx: booking.cancel(tx, by, visit.number, NOW))
    assert planned(town, visit) == (NOW + timedelta(days=1), NOW + timedelta(days=90))
    do_all(town, NOW + timedelta(days=1))
    assert [what for what, _ in ends(town)] == ["say", "close"]


def test_planning_again_later_does_not_keep_a_cancelled_visits_room_longer(town: Town, visit: Appointment) -> None:
    gone = town.do(lambda tx: tx.appointments.cancel(visit, Party.OFFICIAL, NOW))
    for _ in range(2):
        town.do(lambda tx: room_life.plan(tx, gone))
        assert planned(town, visit) == (NOW + timedelta(days=1), NOW + timedelta(days=90))


def test_a_withdrawn_visits_room_is_closed_like_a_cancelled_ones(town: Town, visit: Appointment) -> None:
    town.do(lambda tx: booking.withdraw(tx, visit, NOW, service_stays=True))
    assert planned(town, visit)[0] == NOW + timedelta(days=1)


@pytest.mark.parametrize("state", [State.VISITED, State.NO_SHOW])
def test_a_mark_after_the_visit_changes_nothing_for_its_room(town: Town, visit: Appointment, state: State) -> None:
    marked = town.do(lambda tx: tx.appointments.mark(visit, state, Party.OFFICIAL, END))
    town.do(lambda tx: room_life.plan(tx, marked))
    assert planned(town, visit) == (CLOSES, FORGETS)


def test_planning_after_the_room_was_closed_says_and_closes_nothing_twice(town: Town, visit: Appointment) -> None:
    do_all(town, CLOSES)
    before = ends(town)
    town.do(lambda tx: room_life.plan(tx, visit))
    do_all(town, CLOSES + SECOND)
    assert ends(town) == before


def test_a_room_that_was_never_made_is_dropped_without_error(town: Town) -> None:
    without_reminders(town, town.booked())
    assert do_all(town, CLOSES) == Done(0, 1)
    assert do_all(town, FORGETS) == Done(0, 1)
    assert ends(town) == []


def test_an_appointment_that_is_not_there_is_dropped_without_error(town: Town) -> None:
    assert not town.do(lambda tx: room_life.close(tx, "4711", NOW))
    assert not town.do(lambda tx: room_life.forget(tx, "4711", NOW))


def test_a_service_that_is_gone_still_has_its_rooms_closed(town: Town, visit: Appointment) -> None:
    key = (EntryKind.SERVICE, visit.service)
    town.do(lambda tx: tx.entries.replace({k: v for k, v in tx.entries.current().items() if k != key}, {}))
    assert do_all(town, CLOSES) == Done(1, 0)


def test_a_hold_has_no_room_to_close_until_it_is_confirmed(town: Town) -> None:
    answer = town.do(lambda tx: holding.hold(tx, CITIZEN, BENEFITS, TUESDAY, NOW))
    assert isinstance(answer, holding.Held)
    held = answer.appointment
    town.do(lambda tx: room_life.plan(tx, held))
    assert planned(town, held) == (None, None)
    town.do(lambda tx: holding.confirm(tx, CITIZEN, held.number, NOW))
    assert planned(town, held) == (CLOSES, FORGETS)


def test_a_month_of_downtime_ends_in_one_last_word_and_no_ringing(town: Town, visit: Appointment) -> None:
    assert do_all(town, CLOSES + timedelta(days=30)) == Done(1, 0)
    assert [what for what, _ in ends(town)] == ["say", "close"]
    assert not town.rows("SELECT 1 FROM outbox WHERE urgent = 1 AND (kind = 'close' OR key LIKE '%:closing')")
    assert visit.citizen not in str(ends(town))


def test_a_room_whose_time_was_over_long_ago_is_only_left(town: Town, visit: Appointment) -> None:
    assert do_all(town, FORGETS) == Done(1, 1)
    assert ends(town) == [("leave", {"room_id": ROOM})]
    assert planned(town, visit) == (None, None)


def _moved(town: Town, visit: Appointment, start: datetime) -> Appointment:
    service = town.do(lambda tx: tx.directory.services[visit.service])
    to = new_appointment(service, visit.official, visit.citizen, start)
    return town.do(lambda tx: tx.appointments.move(visit, to, Party.CITIZEN, NOW))


# Appointments that were booked before rooms had an end.


def forget_plans(town: Town) -> None:
    town.do(lambda tx: tx.jobs._db.execute("DELETE FROM job"))


def test_appointments_of_an_earlier_release_are_planned_once(town: Town, visit: Appointment) -> None:
    gone = town.booked(local(13, 9))
    town.do(lambda tx: booking.cancel(tx, CITIZEN, gone.number, NOW))
    forget_plans(town)
    assert town.do(lambda tx: room_life.plan_missing(tx, NOW)) == 2
    assert planned(town, visit) == (CLOSES, FORGETS)
    assert planned(town, gone) == (NOW + timedelta(days=1), NOW + timedelta(days=90))
    assert town.do(lambda tx: room_life.plan_missing(tx, NOW)) == 0


def test_an_end_that_has_come_is_not_planned_anew(town: Town, visit: Appointment) -> None:
    do_all(town, CLOSES)
    do_all(town, FORGETS)
    assert town.do(lambda tx: room_life.plan_missing(tx, FORGETS)) == 0
    assert planned(town, visit) == (None, None)


def test_missing_plans_are_made_in_batches(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room_life, "BATCH", 2)
    for hour in (9, 10, 11):
        town.booked(local(12, hour))
    forget_plans(town)
    assert [town.do(lambda tx: room_life.plan_missing(tx, NOW)) for _ in range(3)] == [2, 1, 0]


def test_an_old_room_is_closed_with_a_word_and_stays_readable_for_a_while(town: Town, visit: Appointment) -> None:
    forget_plans(town)
    upgrade = FORGETS + timedelta(days=300)
    town.do(lambda tx: room_life.plan_missing(tx, upgrade))
    assert planned(town, visit)[1] == upgrade + timedelta(days=7)
    assert do_all(town, upgrade) == Done(1, 0)
    assert [what for what, _ in ends(town)] == ["say", "close"]
    assert do_all(town, upgrade + timedelta(days=7)) == Done(1, 0)
    assert ends(town)[-1] == ("leave", {"room_id": ROOM})


# The beginning of a room.


@pytest.mark.parametrize(("service", "encrypted"), [(BENEFITS, False), (CHILDREN, True)])
def test_citizen_and_official_can_write_and_upload_and_only_the_service_rules(
    town: Town, service: ServiceId, *, encrypted: bool
) -> None:
    found = town.booked(TUESDAY, service=service)
    made = _plan_of(town, found)
    official = town.do(lambda tx: tx.directory.user_of(tx.directory.officials[found.official]))
    assert made.encrypted is encrypted
    assert set(made.invitees) == {CITIZEN, official}
    power = levels(made)
    assert power["events"].get("m.room.encrypted" if encrypted else "m.room.message", 0) == 0
    assert power.get("users", {}) == {}
    assert min(power["invite"], power["kick"], power["ban"], power["events"]["m.room.power_levels"]) > 50


@pytest.mark.parametrize(("language", "name"), [("fi", "Rakennusluvat"), ("sv", "Bygglov"), ("en", "Building permits")])
def test_the_room_is_named_in_the_citizens_language(town: Town, language: str, name: str) -> None:
    town.do(lambda tx: tx.people.set_language(CITIZEN, Language(language), chosen=True))
    assert _plan_of(town, town.booked()).name.startswith(name)


def _plan_of(town: Town, of: Appointment) -> RoomPlan:
    room = town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(of.id)))
    assert room is not None
    made = town.do(lambda tx: tx.rooms.plan(room.lane))
    assert made is not None
    return made[1]
