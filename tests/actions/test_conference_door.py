"""The door for people without an account: who waits, who is let in, and whose place a link is."""

from datetime import timedelta

import pytest

from bot.actions import booking, conference, conference_door, conference_ends, guest_links, handover, room_life
from bot.actions.calendars import digest_of
from bot.actions.conference_door import Door, DoorState, InUse, Let, Turned, Waiting
from bot.actions.due import do_due
from bot.config.entries import EntryKind
from bot.domain.booking import Party, State
from bot.domain.conference import (
    COMES_BACK,
    GONE_AFTER,
    KEEPS_PLACE,
    MOST_OPENINGS,
    OPENS_BEFORE,
    Purpose,
    Role,
    VisitorState,
    guest_identity,
    practice_room,
)
from bot.domain.jobs import JobKind, ReminderKind
from bot.domain.language import Language
from bot.text import door_words
from tests.actions.meetings import Meeting, opened
from tests.support.town import CITIZEN, INSPECTOR, NOW, PARENTS, TUESDAY, Town, local, minutes

SECOND = timedelta(seconds=1)


@pytest.fixture
def meeting(town: Town) -> Meeting:
    return opened(town)


@pytest.fixture
def link(meeting: Meeting) -> str:
    return meeting.link()


def look(meeting: Meeting, digest: str, now: object = TUESDAY) -> Door | None:
    return meeting.town.do(lambda tx: conference_door.look(tx, digest, now))  # type: ignore[arg-type]


def test_a_link_shows_what_it_leads_to(meeting: Meeting, link: str) -> None:
    door = look(meeting, link)
    assert door is not None
    assert (door.state, door.role, door.language, door.name) == (DoorState.OPEN, Role.GUEST, Language.SV, "Kutsuttu")
    assert door.waits
    assert door.title == meeting.town.do(lambda tx: tx.directory.services[meeting.visit.service].name)
    assert door.when is not None
    assert "9.00" in door.when


def test_a_confidential_units_service_is_not_named(town: Town) -> None:
    town.change(EntryKind.SERVICE, PARENTS, encrypted=False)
    meeting = opened(town, town.booked(local(12, 13, 30), service=PARENTS))
    wish = guest_links.Wish(Purpose.RELATIVE, Language.FI)
    made = town.do(lambda tx: guest_links.make(tx, CITIZEN, meeting.visit.number, wish, NOW))
    assert isinstance(made, guest_links.Linked)
    door = look(meeting, digest_of(made.address.rpartition("/")[2]))
    service = town.do(lambda tx: tx.directory.services[PARENTS])
    assert door is not None
    assert door.title == town.do(lambda tx: tx.directory.units[service.unit].name)


def test_what_is_no_link_shows_nothing(meeting: Meeting) -> None:
    assert look(meeting, "") is None
    assert meeting.enter("x", TUESDAY) == Turned(door_words.UNKNOWN)
    assert meeting.status("x", TUESDAY) == Turned(door_words.UNKNOWN)
    meeting.leave("x", TUESDAY)


def test_the_door_opens_half_an_hour_before_and_closes_with_the_room(meeting: Meeting, link: str) -> None:
    opens = TUESDAY - OPENS_BEFORE
    closes = meeting.town.do(lambda tx: room_life.open_until(tx, meeting.visit))
    assert meeting.enter(link, opens - SECOND) == Turned(door_words.TOO_EARLY)
    assert meeting.enter(link, opens) == Waiting()
    assert meeting.status(link, closes - SECOND) == Waiting()
    assert meeting.status(link, closes) == Turned(door_words.CLOSED)
    door = look(meeting, link, closes)
    assert door is not None
    assert door.state is DoorState.CLOSED


def test_who_comes_waits_and_the_room_is_told_once(meeting: Meeting, link: str) -> None:
    before = len(meeting.said())
    for _ in range(3):
        assert meeting.enter(link, TUESDAY) == Waiting()
        assert meeting.status(link, TUESDAY) == Waiting()
    (card,) = meeting.said()[before:]
    assert "Ovella odottaa: Nimi (tulkki)" in card
    (said,) = [payload for _, kind, key, payload in meeting.town.outbox() if key == "visitor:1:card"]
    assert said["mention"] == [INSPECTOR]
    assert [p["key"] for _, k, key, p in meeting.town.outbox() if k == "react" and key.startswith("visitor")] == [
        "1️⃣",
        "2️⃣",
    ]


def test_who_is_let_in_gets_a_name_in_the_conference(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    closes = meeting.town.do(lambda tx: room_life.open_until(tx, meeting.visit))
    expected = Let(meeting.media, guest_identity(1, "localhost"), "Nimi", Role.GUEST, closes)
    assert meeting.status(link, TUESDAY) == expected
    assert meeting.enter(link, TUESDAY) == expected
    assert meeting.said()[-1] == "Päästettiin sisään: Nimi (tulkki)"


def test_who_is_let_in_before_the_room_is_made_waits_for_it(town: Town) -> None:
    meeting = opened(town)
    link = meeting.link()
    town.do(lambda tx: tx.rooms._db.execute("UPDATE room SET room_id = NULL, media = NULL"))
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    assert meeting.status(link, TUESDAY) == Waiting()


def test_who_is_turned_away_does_not_come_in_by_this_browser(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    (visitor,) = meeting.waiting()
    assert meeting.town.do(lambda tx: conference.turn_away(tx, visitor, TUESDAY))
    for entrance in (meeting.status(link, TUESDAY), meeting.enter(link, TUESDAY, take_over=True)):
        assert entrance == Turned(door_words.TURNED_AWAY)
    assert meeting.enter(link, TUESDAY, "b") == Waiting()
    assert not meeting.town.do(lambda tx: conference.let_in(tx, visitor, TUESDAY))
    assert meeting.said()[-2] == "Ei päästetty sisään: Nimi (tulkki)"


def test_a_second_browser_asks_before_it_takes_the_place_and_waits_anew(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    assert meeting.enter(link, TUESDAY, "b") == InUse()
    assert isinstance(meeting.status(link, TUESDAY), Let)
    assert meeting.enter(link, TUESDAY, "b", take_over=True) == Waiting()
    assert meeting.status(link, TUESDAY) == Turned(door_words.LEFT)
    assert meeting.orders() == [("remove", guest_identity(1, "localhost"))]
    assert meeting.enter(link, TUESDAY) == InUse()


def test_a_place_that_nobody_holds_any_more_is_free(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    assert meeting.enter(link, TUESDAY + GONE_AFTER - SECOND, "b") == InUse()
    assert meeting.enter(link, TUESDAY + GONE_AFTER, "b") == Waiting()
    meeting.let_in(TUESDAY + GONE_AFTER)
    later = TUESDAY + GONE_AFTER + KEEPS_PLACE
    assert meeting.enter(link, later - SECOND, "a") == InUse()
    assert meeting.enter(link, later, "a") == Waiting()


def test_each_link_is_a_place_of_its_own(meeting: Meeting, link: str) -> None:
    other = meeting.link()
    assert meeting.enter(link, TUESDAY, "a") == Waiting()
    assert meeting.enter(other, TUESDAY, "b") == Waiting()
    assert len(meeting.waiting()) == 2


def test_who_left_is_gone_and_comes_back_without_waiting_for_a_while(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    meeting.leave(link, TUESDAY)
    assert meeting.status(link, TUESDAY) == Turned(door_words.LEFT)
    assert isinstance(meeting.enter(link, TUESDAY + COMES_BACK - SECOND), Let)
    meeting.leave(link, TUESDAY + COMES_BACK)
    assert meeting.enter(link, TUESDAY + 2 * COMES_BACK) == Waiting()


def test_who_left_the_waiting_room_waits_anew_with_a_card_of_its_own(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    meeting.leave(link, TUESDAY)
    assert meeting.said()[-1] == "Lähti ovelta: Nimi (tulkki)"
    assert meeting.enter(link, TUESDAY) == Waiting()
    assert "Ovella odottaa" in meeting.said()[-1]
    assert [one.number for one in meeting.waiting()] == ["V2"]


def test_who_was_let_in_once_is_decided_about_anew_another_day(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    next_day = TUESDAY + timedelta(days=1)
    assert meeting.status(link, next_day) == Turned(door_words.LEFT)
    assert meeting.enter(link, next_day) == Waiting()


def test_a_closed_page_leaves_the_waiting_room_by_itself(meeting: Meeting, link: str) -> None:
    meeting.town.do(lambda tx: tx.jobs.drop(str(meeting.visit.id), *ReminderKind))
    meeting.enter(link, TUESDAY)
    meeting.status(link, TUESDAY + timedelta(seconds=60))
    meeting.town.do(lambda tx: do_due(tx, TUESDAY + GONE_AFTER))
    assert len(meeting.waiting()) == 1
    due = meeting.town.do(lambda tx: tx.jobs.planned(JobKind.VISITOR, "1"))
    assert due == TUESDAY + timedelta(seconds=60) + GONE_AFTER
    meeting.town.do(lambda tx: do_due(tx, due))
    assert meeting.waiting() == []
    assert meeting.said()[-1] == "Lähti ovelta: Nimi (tulkki)"


def test_a_page_that_is_heard_of_is_not_written_down_each_time(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    meeting.status(link, TUESDAY + timedelta(seconds=9))
    assert meeting.waiting()[0].seen == TUESDAY
    meeting.status(link, TUESDAY + timedelta(seconds=10))
    assert meeting.waiting()[0].seen == TUESDAY + timedelta(seconds=10)


def test_a_link_moves_with_its_visit(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    later = local(20, 13)
    moved = meeting.town.do(lambda tx: handover.reschedule(tx, INSPECTOR, meeting.visit.number, later, NOW))
    assert isinstance(moved, handover.Moved)
    assert meeting.status(link, TUESDAY) == Turned(door_words.TOO_EARLY)
    assert meeting.status(link, later) == Waiting()
    door = look(meeting, link, later)
    assert door is not None
    assert door.when is not None
    assert "13.00" in door.when


def test_a_link_ends_with_its_visit_and_whoever_is_there_goes(meeting: Meeting, link: str) -> None:
    early = TUESDAY - minutes(20)
    meeting.enter(link, early)
    meeting.let_in(early)
    other = meeting.link()
    meeting.enter(other, early, "b")
    meeting.town.do(lambda tx: booking.cancel(tx, INSPECTOR, meeting.visit.number, early))
    for digest, browser in ((link, "a"), (other, "b")):
        assert meeting.status(digest, early, browser) == Turned(door_words.CLOSED)
        assert meeting.enter(digest, early, browser, take_over=True) == Turned(door_words.CLOSED)
    assert meeting.waiting() == []
    assert "Lähti ovelta: Nimi (tulkki)" in meeting.said()
    assert meeting.orders() == [("close", "")]


def test_a_visit_that_is_marked_as_done_keeps_its_door_open(meeting: Meeting, link: str) -> None:
    meeting.town.do(lambda tx: tx.appointments.mark(meeting.visit, State.VISITED, Party.OFFICIAL, NOW))
    assert meeting.enter(link, TUESDAY) == Waiting()


def test_a_visit_whose_service_is_gone_has_a_closed_door(meeting: Meeting, link: str) -> None:
    def without(tx: object) -> None:
        entries = {k: v for k, v in tx.entries.current().items() if k[1] != meeting.visit.service}  # type: ignore[attr-defined]
        tx.entries.replace(entries, entries)  # type: ignore[attr-defined]

    meeting.town.do(without)
    assert meeting.enter(link, TUESDAY) == Turned(door_words.CLOSED)
    door = look(meeting, link)
    assert door is not None
    assert (door.state, door.title) == (DoorState.CLOSED, door_words.MEETING)


def test_one_link_brings_nobody_to_the_door_for_ever(meeting: Meeting, link: str) -> None:
    for _ in range(MOST_OPENINGS):
        assert meeting.enter(link, TUESDAY) == Waiting()
        meeting.leave(link, TUESDAY)
    assert meeting.enter(link, TUESDAY) == Turned(door_words.TOO_OFTEN)


def test_a_locked_conference_lets_only_those_in_who_were_there(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY)
    meeting.let_in(TUESDAY)
    given = meeting.given()
    meeting.town.do(lambda tx: conference.lock(tx, meeting.visit, given, TUESDAY, locked=True))
    assert meeting.status(link, TUESDAY) == Waiting()
    meeting.witness("joined", TUESDAY, "PA_1", guest_identity(1, "localhost"), role="guest", name="Nimi")
    assert isinstance(meeting.status(link, TUESDAY), Let)


def test_a_name_is_cleaned_and_never_empty(meeting: Meeting, link: str) -> None:
    def come(tx: object) -> object:
        return conference_door.enter(
            tx,  # type: ignore[arg-type]
            link,
            visitor="a",
            name="\n\u202e ",
            language=Language.FI,
            take_over=False,
            now=TUESDAY,
        )

    meeting.town.do(come)
    assert meeting.waiting()[0].name == "Kutsuttu"


def test_a_browsers_own_name_is_stored_nowhere(meeting: Meeting, link: str) -> None:
    meeting.enter(link, TUESDAY, "secret-browser-name")
    assert "secret-browser-name" not in str(meeting.town.rows("SELECT * FROM conference_visitor"))


def trial(town: Town) -> str:
    address = town.do(lambda tx: guest_links.trial_link(tx, NOW))
    return digest_of(address.rpartition("/")[2])


def test_the_practice_link_works_at_once_for_everybody(meeting: Meeting) -> None:
    digest = trial(meeting.town)
    door = look(meeting, digest, NOW)
    assert door is not None
    assert (door.state, door.when, door.waits, door.title) == (DoorState.OPEN, None, False, door_words.PRACTICE)
    first, second = meeting.enter(digest, NOW, "a"), meeting.enter(digest, NOW, "b")
    assert isinstance(first, Let)
    assert isinstance(second, Let)
    assert first.room == second.room == practice_room("localhost")
    assert first.identity != second.identity


def test_two_windows_of_one_browser_practise_with_each_other(meeting: Meeting) -> None:
    digest = trial(meeting.town)
    first, second = meeting.enter(digest, NOW), meeting.enter(digest, NOW)
    assert isinstance(first, Let)
    assert isinstance(second, Let)
    assert first.identity != second.identity
    meeting.leave(digest, NOW)
    assert meeting.status(digest, NOW) == second


def test_a_new_practice_link_ends_the_one_before(meeting: Meeting) -> None:
    old = trial(meeting.town)
    new = trial(meeting.town)
    assert meeting.enter(old, NOW) == Turned(door_words.CLOSED)
    assert isinstance(meeting.enter(new, NOW), Let)


def test_whoever_practised_is_forgotten_after_a_day(meeting: Meeting) -> None:
    meeting.enter(trial(meeting.town), NOW)
    room = practice_room("localhost")
    due = meeting.town.do(lambda tx: tx.jobs.planned(JobKind.NAMES, room))
    assert due == NOW + conference_ends.NAMES_KEPT
    meeting.town.do(lambda tx: conference_ends.forget_names(tx, room, due))
    assert meeting.town.rows("SELECT name FROM conference_visitor") == [("Nimi",)]
    meeting.town.do(lambda tx: conference_ends.forget_names(tx, room, due + SECOND))
    assert meeting.town.rows("SELECT name FROM conference_visitor") == []


def test_state_names_are_what_the_database_holds() -> None:
    assert {state.value for state in VisitorState} == {"waiting", "let-in", "turned-away", "left"}
