"""A booking in other hands or at another time: nobody is lost, and everybody who has to know is told."""

import pytest

from bot.actions.handover import Moved, claim, hand_over, offer, reschedule
from bot.actions.rooms import RoomKind
from bot.domain.booking import Appointment
from bot.domain.ids import OfficialId, RoomId, UserId
from bot.domain.language import Language
from bot.domain.refusals import OutsideHours
from bot.domain.staff_refusals import Busy, DoesNotServe, HasIt, NotFound, NotOffered, NotOpen, NotOwn
from tests.support.town import BENEFITS, CITIZEN, INSPECTOR, NOW, PARENTS, STRANGER, TUESDAY, Town, local, minutes

ADVISERS = {OfficialId("palveluneuvoja"), OfficialId("yhteispalveluneuvoja")}


def user(official: OfficialId) -> UserId:
    return UserId(f"@{official}:localhost")


def other(appointment: Appointment) -> OfficialId:
    return next(iter(ADVISERS - {appointment.official}))


def said(town: Town, kind: RoomKind) -> list[str]:
    return [str(payload["body"]) for room, _, _, payload in town.outbox() if room == kind and "body" in payload]


def card(town: Town) -> str:
    return said(town, RoomKind.UNIT)[-1]


def handed(town: Town, appointment: Appointment, to: OfficialId, by: UserId | None = None) -> object:
    actor = by or user(appointment.official)
    return town.do(lambda tx: hand_over(tx, actor, appointment.number, to, NOW))


def test_a_booking_goes_to_a_colleague_with_everything_that_hangs_on_it(town: Town) -> None:
    town.do(lambda tx: tx.people.set_language(CITIZEN, Language.SV, chosen=True))
    found = town.booked(service=BENEFITS)
    to = other(found)
    town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, user(to), RoomId("!taker"), NOW))
    town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, user(found.official), RoomId("!giver"), NOW))
    moved = handed(town, found, to)
    assert isinstance(moved, Moved)
    assert (moved.appointment.official, moved.appointment.start) == (to, found.start)
    assert moved.appointment.sequence == found.sequence + 1
    assert "Du betjänas nu av" in said(town, RoomKind.APPOINTMENT)[-1]
    assert [p["user"] for r, k, _, p in town.outbox() if (r, k) == ("appointment", "invite")][-1] == user(to)
    assert "Sinulle siirtyi varaus" in said(town, RoomKind.DIRECT)[0]
    assert "siirtyi toiselle" in said(town, RoomKind.DIRECT)[1]
    taken = town.rows("SELECT DISTINCT resource FROM quantum WHERE appointment = ?", found.id)
    assert taken == [(to,)]


def test_a_transfer_to_a_busy_colleague_loses_nobody(town: Town) -> None:
    first, second = town.booked(service=BENEFITS), town.booked(citizen=STRANGER, service=BENEFITS)
    before = town.outbox()
    assert first.official != second.official
    outcome = handed(town, first, second.official)
    assert isinstance(outcome, Busy)
    assert outcome.able == ()
    assert town.outbox() == before
    assert town.do(lambda tx: tx.appointments.get(first.id)) == first


def test_who_does_not_give_the_service_gets_nothing(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    assert isinstance(handed(town, found, OfficialId("kirjastonhoitaja")), DoesNotServe)
    assert isinstance(handed(town, found, found.official), HasIt)
    assert isinstance(handed(town, found, other(found), INSPECTOR), NotFound)


def test_what_is_over_is_not_moved(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    late = TUESDAY + minutes(1)
    outcome = town.do(lambda tx: hand_over(tx, user(found.official), found.number, other(found), late))
    assert outcome == NotOpen(found.number)


def test_an_official_moves_a_booking_to_another_time(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    later = TUESDAY + minutes(60)
    outcome = town.do(lambda tx: reschedule(tx, user(found.official), found.number, later, NOW))
    assert isinstance(outcome, Moved)
    assert (outcome.appointment.start, outcome.appointment.official) == (later, found.official)
    assert "Aika on siirretty" in said(town, RoomKind.APPOINTMENT)[-1]
    assert town.rows("SELECT due FROM job WHERE kind = 'soon'") == [(int((later - minutes(10)).timestamp()),)]
    evening = local(12, 22)
    refused = town.do(lambda tx: reschedule(tx, user(found.official), found.number, evening, NOW))
    assert isinstance(refused, OutsideHours)


def test_claim_and_hand_over_on_the_card(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    owner, taker = user(found.official), user(other(found))
    assert town.do(lambda tx: claim(tx, taker, found, NOW)) == NotOffered(found.number)
    assert town.do(lambda tx: offer(tx, taker, found, NOW)) == NotOwn(found.number)
    town.do(lambda tx: offer(tx, owner, found, NOW))
    assert "Tarjolla" in card(town)
    assert "✋" in card(town)
    moved = town.do(lambda tx: claim(tx, taker, found, NOW))
    assert isinstance(moved, Moved)
    assert not moved.appointment.offered
    assert "Varattu" in card(town)


def test_who_offered_it_may_keep_it_after_all(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    for _ in range(2):
        town.do(lambda tx: offer(tx, user(found.official), found, NOW))
    assert "Varattu" in card(town)
    assert town.do(lambda tx: claim(tx, user(other(found)), found, NOW)) == NotOffered(found.number)


@pytest.mark.parametrize("times", [1, 2])
def test_the_reactions_are_put_under_a_card_once(town: Town, times: int) -> None:
    found = town.booked(service=BENEFITS)
    for _ in range(times):
        town.do(lambda tx: offer(tx, user(found.official), found, NOW))
    reactions = [p["key"] for r, k, _, p in town.outbox() if (r, k) == ("unit", "react")]
    assert reactions == ["🔁", "✋"]


def test_a_confidential_card_shows_neither_subject_nor_name_whatever_happens(town: Town) -> None:
    found = town.booked(local(12, 14), service=PARENTS)
    town.do(lambda tx: offer(tx, user(found.official), found, NOW))
    for words in said(town, RoomKind.UNIT):
        assert "Vanhempainvartti" not in words
        assert CITIZEN not in words


def test_back_and_forth_keeps_one_room_and_one_number(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    there = handed(town, found, other(found))
    assert isinstance(there, Moved)
    back = handed(town, there.appointment, found.official)
    assert isinstance(back, Moved)
    assert back.appointment.number == found.number
    assert town.rows("SELECT count(*) FROM room WHERE kind = 'appointment'") == [(1,)]
    assert len(said(town, RoomKind.APPOINTMENT)) == 3


def moves_of(town: Town, kind: str) -> list[object]:
    return [p["user"] for r, k, _, p in town.outbox() if (r, k) == ("appointment", kind)]


def test_the_former_official_leaves_the_room_and_can_come_back(town: Town) -> None:
    """A booking that goes to and fro: who has it is invited each time, who had it is taken out each time."""
    found = town.booked(service=BENEFITS)
    to = other(found)
    assert isinstance(handed(town, found, to), Moved)
    assert isinstance(handed(town, found, found.official, user(to)), Moved)
    assert moves_of(town, "invite")[-2:] == [user(to), user(found.official)]
    assert moves_of(town, "remove") == [user(found.official), user(to)]


def test_a_moved_appointments_room_is_named_anew(town: Town) -> None:
    found = town.booked(service=BENEFITS)
    start = found.start + minutes(60)
    assert isinstance(town.do(lambda tx: reschedule(tx, user(found.official), found.number, start, NOW)), Moved)
    names = [str(p["name"]) for r, k, _, p in town.outbox() if (r, k) == ("appointment", "rename")]
    assert [name.partition(" ti ")[2] for name in names] == ["12.1. klo 10.00"]
