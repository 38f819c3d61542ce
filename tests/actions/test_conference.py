"""Links that are made, the chair's orders, who was there, and what is forgotten when."""

import pytest

from bot.actions import booking, conference, guest_links, room_life
from bot.actions.calendars import PUBLIC_ADDRESS, digest_of
from bot.actions.conference_ends import NAMES_KEPT, may_come_in
from bot.actions.conference_evidence import take
from bot.actions.due import do_due
from bot.actions.guest_links import Encrypted, Linked, NoAddress, TooManyLinks
from bot.config.entries import EntryKind
from bot.domain.conference import Evidence, Role, VisitorState, guest_identity, media_room
from bot.domain.ids import RoomId, UserId
from bot.domain.jobs import JobKind
from bot.domain.language import Language
from bot.domain.refusals import UnknownAppointment
from bot.domain.staff_refusals import NotOpen
from tests.actions.meetings import ADDRESS, ROOM, Meeting, opened
from tests.support.town import CHILDREN, CITIZEN, INSPECTOR, NOW, PERMIT, STRANGER, TUESDAY, Town, minutes

GUEST = guest_identity(1, "localhost")


@pytest.fixture
def meeting(town: Town) -> Meeting:
    return opened(town)


def test_a_link_is_random_and_only_its_digest_is_kept(meeting: Meeting) -> None:
    made = [meeting.make(), meeting.make()]
    tokens = [one.address.removeprefix(f"{ADDRESS}/k/") for one in made if isinstance(one, Linked)]
    assert len(set(tokens)) == 2
    assert all(len(token) == 43 for token in tokens)
    stored = meeting.town.rows("SELECT digest FROM conference_link ORDER BY id")
    assert stored == [(digest_of(token),) for token in tokens]
    for table in ("conference_link", "history", "outbox", "fact"):
        assert tokens[0] not in str(meeting.town.rows(f"SELECT * FROM {table}"))  # noqa: S608 - our own tables


@pytest.mark.parametrize(("by", "rings", "who"), [(INSPECTOR, CITIZEN, "Palvelija"), (CITIZEN, INSPECTOR, "Asiakas")])
def test_the_other_side_is_told_that_a_guest_is_invited(meeting: Meeting, by: UserId, rings: UserId, who: str) -> None:
    meeting.make(by)
    (told,) = [payload for _, _, key, payload in meeting.town.outbox() if "guest-link" in key]
    assert told["mention"] == [rings]
    assert f"{who} kutsui tapaamiseen mukaan: Kutsuttu (tulkki)" in str(told["body"])
    assert "eikä näe huoneen viestejä" in str(told["body"])


def test_the_card_on_the_units_wall_counts_and_names_nobody(meeting: Meeting) -> None:
    meeting.make()
    cards = [
        str(payload["body"]) for room, _, _, payload in meeting.town.outbox() if room == "unit" and "body" in payload
    ]
    assert "+1" in cards[-1]
    assert "Kutsuttu" not in cards[-1]


def test_a_colleague_of_the_unit_may_make_a_link_and_a_stranger_not(meeting: Meeting) -> None:
    assert isinstance(meeting.make(UserId("@lupasihteeri:localhost")), Linked)
    for somebody in (STRANGER, UserId("@palveluneuvoja:localhost")):
        assert meeting.make(somebody) == UnknownAppointment(meeting.visit.number)


def test_no_link_is_made_into_what_is_over_or_cancelled(meeting: Meeting) -> None:
    assert meeting.make(now=meeting.visit.end) == NotOpen(meeting.visit.number)
    meeting.town.do(lambda tx: booking.cancel(tx, CITIZEN, meeting.visit.number, NOW))
    assert meeting.make() == NotOpen(meeting.visit.number)


def test_links_are_capped(meeting: Meeting) -> None:
    for _ in range(guest_links.MOST):
        assert isinstance(meeting.make(), Linked)
    assert meeting.make() == TooManyLinks(guest_links.MOST)


def test_an_encrypted_room_takes_no_guests_by_link(town: Town) -> None:
    meeting = opened(town, town.booked(service=CHILDREN))
    assert meeting.make(CITIZEN) == Encrypted(meeting.visit.number)


def test_a_room_stays_as_it_was_made_whatever_the_service_says_later(meeting: Meeting) -> None:
    meeting.town.change(EntryKind.SERVICE, PERMIT, encrypted=True)
    assert isinstance(meeting.make(), Linked)


def test_both_sides_are_told_how_private_their_room_is(town: Town) -> None:
    assert "kutsua vieraan linkillä" in opened(town).said()[0]
    encrypted = opened_second(town)
    assert "salattu päästä päähän" in encrypted[-1]
    assert "!kutsu" not in encrypted[-1]


def opened_second(town: Town) -> list[str]:
    visit = town.booked(service=CHILDREN)
    key = f"appointment:{visit.id}:welcome"
    return [str(payload["body"]) for _, _, found, payload in town.outbox() if found == key]


def test_without_its_own_address_the_service_makes_no_link(town: Town) -> None:
    meeting = opened(town)
    town.do(lambda tx: tx.facts._db.execute("DELETE FROM fact WHERE name = ?", (PUBLIC_ADDRESS,)))
    assert meeting.make() == NoAddress()
    assert town.do(lambda tx: guest_links.trial_link(tx, NOW)).startswith("/k/")


def come_in(meeting: Meeting) -> None:
    digest = meeting.link()
    meeting.enter(digest, TUESDAY)
    meeting.let_in(TUESDAY)
    meeting.witness("joined", TUESDAY, "PA_1", GUEST, name="Nimi", role="guest")
    meeting.witness("joined", TUESDAY, "PA_2", f"{CITIZEN}:LAITE", name="", role="citizen")


def test_who_is_in_it_is_known_by_the_engines_evidence(meeting: Meeting) -> None:
    come_in(meeting)
    meeting.witness("left", TUESDAY + minutes(5), "PA_2", f"{CITIZEN}:LAITE", reason="left")
    found = meeting.town.do(lambda tx: conference.attendance(tx, meeting.visit))
    assert [one.identity for one in found.present] == [GUEST]
    assert [one.role for one in found.former] == [Role.CITIZEN]
    names = meeting.town.do(
        lambda tx: [conference.name_of(tx, one, Language.FI) for one in (*found.present, *found.former)]
    )
    assert names == ["Nimi (tulkki)", CITIZEN]


def test_the_chairs_orders_are_written_down_once_for_each_message(meeting: Meeting) -> None:
    come_in(meeting)
    guest, citizen = meeting.town.do(lambda tx: conference.attendance(tx, meeting.visit)).present
    given = meeting.given()
    for _ in range(2):
        meeting.town.do(lambda tx: conference.mute(tx, citizen, given, TUESDAY))
        meeting.town.do(lambda tx: conference.remove(tx, guest, given, TUESDAY))
        meeting.town.do(lambda tx: conference.lock(tx, meeting.visit, given, TUESDAY, locked=True))
    assert meeting.orders() == [("mute", f"{CITIZEN}:LAITE"), ("remove", GUEST), ("lock", "")]
    assert meeting.town.do(lambda tx: tx.orders.is_locked(meeting.media))


def test_a_guest_who_was_removed_does_not_come_back_by_the_same_browser(meeting: Meeting) -> None:
    come_in(meeting)
    guest = meeting.town.do(lambda tx: conference.attendance(tx, meeting.visit)).present[0]
    given = meeting.given()
    meeting.town.do(lambda tx: conference.remove(tx, guest, given, TUESDAY))
    visitor = meeting.town.do(lambda tx: tx.conferences.visitor(1))
    assert visitor is not None
    assert visitor.state is VisitorState.TURNED_AWAY


def test_a_lock_ends_when_everybody_has_left(meeting: Meeting) -> None:
    come_in(meeting)
    given = meeting.given()
    meeting.town.do(lambda tx: conference.lock(tx, meeting.visit, given, TUESDAY, locked=True))
    assert not meeting.town.do(lambda tx: may_come_in(tx, meeting.media, "@new:localhost:X"))
    assert meeting.town.do(lambda tx: may_come_in(tx, meeting.media, GUEST))
    meeting.witness("closed", TUESDAY)
    assert meeting.town.do(lambda tx: may_come_in(tx, meeting.media, "@new:localhost:X"))


def test_the_roles_of_members_are_the_visits(meeting: Meeting) -> None:
    roles = {
        user: meeting.town.do(lambda tx, user=user: conference.role_of(tx, ROOM, user))  # type: ignore[misc]
        for user in (CITIZEN, INSPECTOR, STRANGER, UserId("@lupasihteeri:localhost"))
    }
    assert list(roles.values()) == [Role.CITIZEN, Role.OFFICIAL, Role.MEMBER, Role.OFFICIAL]
    assert meeting.town.do(lambda tx: conference.role_of(tx, RoomId("!unknown"), CITIZEN)) is Role.MEMBER


def test_names_are_forgotten_with_the_visits_room_and_the_times_stay(meeting: Meeting) -> None:
    come_in(meeting)
    meeting.witness("left", TUESDAY + minutes(5), "PA_1", GUEST, reason="left")
    forgets = meeting.town.do(lambda tx: tx.jobs.planned(JobKind.FORGET, str(meeting.visit.id)))
    assert forgets is not None
    meeting.town.do(lambda tx: room_life.forget(tx, str(meeting.visit.id), forgets))
    stored = str(
        meeting.town.rows("SELECT * FROM conference_visitor")
        + meeting.town.rows("SELECT * FROM conference_link")
        + meeting.town.rows("SELECT * FROM conference_presence")
    )
    for name in ("Nimi", "Kutsuttu", CITIZEN, GUEST):
        assert name not in stored
    rows = meeting.town.rows("SELECT role, joined, ended FROM conference_presence WHERE sid = 'PA_1'")
    assert rows == [("guest", int(TUESDAY.timestamp()), int((TUESDAY + minutes(5)).timestamp()))]


def test_who_is_inside_goes_when_the_room_is_closed(meeting: Meeting) -> None:
    come_in(meeting)
    closes = meeting.town.do(lambda tx: room_life.open_until(tx, meeting.visit))
    meeting.town.do(lambda tx: room_life.close(tx, str(meeting.visit.id), closes))
    assert meeting.orders()[-1] == ("close", "")


def test_a_visit_without_a_conference_closes_without_an_order(meeting: Meeting) -> None:
    closes = meeting.town.do(lambda tx: room_life.open_until(tx, meeting.visit))
    meeting.town.do(lambda tx: room_life.close(tx, str(meeting.visit.id), closes))
    assert meeting.orders() == []


def test_a_visits_names_are_not_forgotten_after_a_day(meeting: Meeting) -> None:
    come_in(meeting)
    assert meeting.town.do(lambda tx: tx.jobs.planned(JobKind.NAMES, meeting.media)) is None


def test_names_of_a_conference_without_a_visit_are_forgotten_after_a_day(meeting: Meeting) -> None:
    elsewhere = media_room(RoomId("!muu"))

    def witness(number: int, kind: str, sid: str, seconds: float) -> None:
        moment = TUESDAY.timestamp() + seconds
        one = Evidence(number, moment, elsewhere, "@a:b:c", sid, kind, {"name": "Nimi", "role": "member"})
        meeting.town.do(lambda tx: take(tx, [one], TUESDAY))

    witness(1, "joined", "PA_1", 0)
    witness(2, "joined", "PA_2", 0)
    witness(3, "left", "PA_1", 60)
    due = meeting.town.do(lambda tx: tx.jobs.planned(JobKind.NAMES, elsewhere))
    assert due == TUESDAY + NAMES_KEPT
    meeting.town.do(lambda tx: do_due(tx, due + minutes(2)))
    assert meeting.town.rows("SELECT identity FROM conference_presence ORDER BY sid") == [("",), ("@a:b:c",)]
    assert meeting.town.do(lambda tx: tx.jobs.planned(JobKind.NAMES, elsewhere)) is not None
