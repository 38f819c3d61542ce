"""A third person in an appointment."""

from bot.actions import guests
from bot.actions.booking import cancel
from bot.actions.guests import Invited
from bot.actions.rooms import RoomKind
from bot.domain.ids import UserId
from bot.domain.refusals import UnknownAppointment
from bot.domain.staff_refusals import NotOpen, TakesPart, TooManyGuests
from tests.support.town import CITIZEN, INSPECTOR, NOW, STRANGER, TUESDAY, Town, minutes

INTERPRETER = UserId("@tulkki:toinen.example")


def invite(town: Town, number: str, by: UserId = CITIZEN, guest: UserId = INTERPRETER) -> object:
    return town.do(lambda tx: guests.invite(tx, by, number, guest, NOW))


def said(town: Town, kind: RoomKind) -> list[str]:
    return [str(payload["body"]) for room, _, _, payload in town.outbox() if room == kind and "body" in payload]


def test_a_third_person_is_invited_and_both_parties_are_told(town: Town) -> None:
    found = town.booked()
    assert isinstance(invite(town, found.number, INSPECTOR), Invited)
    invited = [p["user"] for r, k, _, p in town.outbox() if (r, k) == ("appointment", "invite")]
    assert invited[-1] == INTERPRETER
    _, _, _, last = next(entry for entry in reversed(town.outbox()) if entry[0] == "appointment")
    assert INTERPRETER in str(last["body"])
    assert last["mention"] == [CITIZEN, INSPECTOR]
    assert "+1" in said(town, RoomKind.UNIT)[-1]
    assert INTERPRETER not in said(town, RoomKind.UNIT)[-1]


def test_only_the_appointments_own_parties_may_invite(town: Town) -> None:
    found = town.booked()
    for somebody in (STRANGER, INTERPRETER, UserId("@lupasihteeri:localhost")):
        assert isinstance(invite(town, found.number, somebody), UnknownAppointment)


def test_who_takes_part_already_is_not_invited_again(town: Town) -> None:
    found = town.booked()
    invite(town, found.number)
    before = town.outbox()
    for guest in (INTERPRETER, CITIZEN, INSPECTOR):
        assert invite(town, found.number, guest=guest) == TakesPart()
    assert town.outbox() == before


def test_the_number_of_guests_is_capped(town: Town) -> None:
    found = town.booked()
    for number in range(guests.MOST):
        assert isinstance(invite(town, found.number, guest=UserId(f"@g{number}:localhost")), Invited)
    assert invite(town, found.number) == TooManyGuests(guests.MOST)


def test_nobody_is_invited_to_what_is_over_or_cancelled(town: Town) -> None:
    found = town.booked()
    late = found.end + minutes(1)
    assert town.do(lambda tx: guests.invite(tx, CITIZEN, found.number, INTERPRETER, late)) == NotOpen(found.number)
    town.do(lambda tx: cancel(tx, CITIZEN, found.number, NOW))
    assert invite(town, found.number) == NotOpen(found.number)
    assert found.start == TUESDAY
