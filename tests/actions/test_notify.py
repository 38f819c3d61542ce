from datetime import datetime

import pytest

from bot.actions import notify
from bot.actions.booking import Booked, book, cancel
from bot.actions.rooms import RoomKind
from bot.config.entries import EntryKind
from bot.domain.ids import ServiceId, UserId
from bot.domain.language import Language
from tests.support.town import CHILDREN, CITIZEN, INSPECTOR, NOW, PERMIT, STRANGER, TUESDAY, Town, local, minutes


def in_lane(town: Town, kind: RoomKind) -> list[tuple[str, dict[str, object]]]:
    """All but files, which are `test_calendars`' matter."""
    return [(what, payload) for room, what, _, payload in town.outbox() if room == kind and what != "attach"]


def test_a_booking_makes_its_room_invites_both_and_greets(town: Town) -> None:
    found = town.booked()
    opened, *invited, said = in_lane(town, RoomKind.APPOINTMENT)
    assert opened == ("open", {})
    assert invited == [("invite", {"user": CITIZEN}), ("invite", {"user": INSPECTOR})]
    assert said[0] == "say"
    for words in ("Rakennusluvat", "Rakennustarkastaja", found.number, "9.00–9.30", f"!peru {found.number}"):
        assert words in str(said[1]["body"])


def test_the_units_room_gets_its_staff_first_and_then_the_card(town: Town) -> None:
    found = town.booked()
    lane = in_lane(town, RoomKind.UNIT)
    assert [what for what, _ in lane] == ["open", *["invite"] * (len(lane) - 2), "say"]
    assert ("invite", {"user": INSPECTOR}) in lane
    body = str(lane[-1][1]["body"])
    for words in ("Varattu", "Rakennusluvat", "Rakennustarkastaja", found.number, "ti 12.1. klo 9.00–9.30"):
        assert words in body
    assert CITIZEN not in body
    assert lane[-1][1]["mention"] == []


def test_cards_wait_behind_what_people_wait_for(town: Town) -> None:
    town.booked()
    rows = town.rows("SELECT DISTINCT r.kind, urgent FROM outbox o JOIN room r USING (lane) WHERE o.kind != 'attach'")
    assert sorted(rows) == [("appointment", 1), ("unit", 0)]


def test_the_room_is_planned_for_both_and_named_by_time(town: Town) -> None:
    found = town.booked()
    room = town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(found.id)))
    assert room is not None
    planned = town.do(lambda tx: tx.rooms.plan(room.lane))
    assert planned is not None
    assert planned[1].invitees == (CITIZEN, INSPECTOR)
    assert planned[1].name == "Rakennusluvat ti 12.1. klo 9.00"
    assert not planned[1].encrypted


def test_the_citizens_language_is_spoken_in_the_room_and_the_towns_on_the_wall(town: Town) -> None:
    town.do(lambda tx: tx.people.set_language(CITIZEN, Language.SV, chosen=True))
    town.booked()
    assert "Välkommen" in str(in_lane(town, RoomKind.APPOINTMENT)[-1][1]["body"])
    assert "Varattu" in str(in_lane(town, RoomKind.UNIT)[-1][1]["body"])


def test_a_confidential_card_shows_neither_service_nor_citizen(town: Town) -> None:
    found = town.booked(local(12, 9), STRANGER, CHILDREN)
    town.do(lambda tx: cancel(tx, STRANGER, found.number, NOW))
    service = town.do(lambda tx: tx.directory.services[CHILDREN])
    cards = [str(payload) for what, payload in in_lane(town, RoomKind.UNIT) if what in {"say", "amend"}]
    assert len(cards) == 2
    for card in cards:
        assert found.number in card
        for hidden in (*(service.name.in_(language) for language in Language), STRANGER, "vieras"):
            assert hidden.casefold() not in card.casefold()


def test_a_confidential_units_room_name_does_not_tell_the_service(town: Town) -> None:
    found = town.booked(local(12, 9), STRANGER, CHILDREN)
    room = town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(found.id)))
    assert room is not None
    planned = town.do(lambda tx: tx.rooms.plan(room.lane))
    assert planned is not None
    assert planned[1].encrypted
    assert "lastensuojelu" not in (planned[1].name + planned[1].topic).casefold()


def test_the_other_side_is_told_of_a_cancellation_and_the_card_changes(town: Town) -> None:
    found = town.booked()
    card = town.do(lambda tx: tx.appointments.card(found.id))
    town.do(lambda tx: cancel(tx, CITIZEN, found.number, NOW))
    what, payload = in_lane(town, RoomKind.APPOINTMENT)[-1]
    assert (what, payload["mention"]) == ("say", [INSPECTOR])
    assert "perui" in str(payload["body"])
    what, payload = in_lane(town, RoomKind.UNIT)[-1]
    assert (what, payload["item"]) == ("amend", card)
    assert "Asiakas perui" in str(payload["body"])


def test_an_officials_cancellation_offers_the_citizen_a_new_time_in_their_language(town: Town) -> None:
    town.do(lambda tx: tx.people.set_language(CITIZEN, Language.EN, chosen=True))
    found = town.booked()
    town.do(lambda tx: cancel(tx, INSPECTOR, found.number, NOW))
    _, payload = in_lane(town, RoomKind.APPOINTMENT)[-1]
    assert payload["mention"] == [CITIZEN]
    assert "!book Building permits" in str(payload["body"])


def test_saying_the_same_again_queues_nothing(town: Town) -> None:
    found = town.booked()
    before = town.outbox()
    town.do(lambda tx: notify.booked(tx, found, NOW))
    assert town.outbox() == before
    assert len({key for _, _, key, _ in before}) == len(before)


def test_the_units_room_is_made_once(town: Town) -> None:
    town.booked()
    before = len(in_lane(town, RoomKind.UNIT))
    town.booked(local(12, 10))
    assert [what for what, _ in in_lane(town, RoomKind.UNIT)[before:]] == ["say"]


def test_inactive_staff_is_not_invited(town: Town) -> None:
    town.change(EntryKind.OFFICIAL, "palveluneuvoja", active=False)
    town.booked(service=ServiceId("kela"))
    invited = [payload["user"] for what, payload in in_lane(town, RoomKind.UNIT) if what == "invite"]
    assert "@palveluneuvoja:localhost" not in invited
    assert "@yhteispalveluneuvoja:localhost" in invited


def test_an_official_who_books_is_invited_once(town: Town) -> None:
    town.booked(citizen=INSPECTOR, service=PERMIT)
    assert [what for what, _ in in_lane(town, RoomKind.APPOINTMENT)] == ["open", "invite", "say"]


@pytest.mark.parametrize(("notice", "ringing"), [(10, [CITIZEN, INSPECTOR]), (11, [])])
def test_a_booking_of_the_last_minutes_rings_and_calls_at_once(town: Town, notice: int, ringing: list[str]) -> None:
    town.change(EntryKind.SERVICE, PERMIT, notice_minutes=0)
    assert isinstance(town.do(lambda tx: book(tx, CITIZEN, PERMIT, TUESDAY, TUESDAY - minutes(notice))), Booked)
    welcome = in_lane(town, RoomKind.APPOINTMENT)[-1][1]
    assert welcome["mention"] == ringing
    assert ("Tulkaa huoneeseen heti" in str(welcome["body"])) is bool(ringing)
    reminders = town.rows("SELECT count(*) FROM job WHERE kind IN ('day-before', 'soon')")
    assert reminders == [(0 if ringing else 1,)]


def test_who_comes_back_is_invited_again_into_the_rooms_they_had(town: Town) -> None:
    """The staff room, and those of the appointments that are still theirs."""
    mine = town.booked()
    town.booked(local(12, 10), STRANGER)

    def again(user: UserId, now: datetime) -> tuple[int, list[tuple[str, object]]]:
        before = len(town.outbox())
        count = town.do(lambda tx: notify.invite_again(tx, user, [mine], now))
        return count, sorted((room, payload["user"]) for room, _, _, payload in town.outbox()[before:])

    assert again(INSPECTOR, NOW) == (2, [("appointment", INSPECTOR), ("unit", INSPECTOR)])
    assert again(INSPECTOR, NOW + minutes(1))[0] == 2
    assert again(CITIZEN, NOW) == (1, [("appointment", CITIZEN)])
