"""Officials in conversations: the words of a booking's number, and the unit's room."""

import re

from bot.actions.notify import open_unit_room
from bot.actions.rooms import RoomKind
from bot.domain.ids import EventId, RoomId, UnitId, UserId
from tests.commands.chat import CITIZEN, Chat

ADVISER = UserId("@palveluneuvoja:localhost")
JOINT_ADVISER = UserId("@yhteispalveluneuvoja:localhost")
UNIT_ROOM = "!unit"


def booked(chat: Chat, line: str = "!varaa rakennuslupa huomenna klo 10", person: UserId = CITIZEN) -> str:
    """Books and confirms where that is asked; the number."""
    answer = chat.say(line, person)
    if "Varausnumero" not in answer:
        answer = chat.say("1", person)
    found = re.search(r"Varausnumero: (\w{6})", answer)
    assert found is not None, answer
    return found[1]


def owner_of(chat: Chat, number: str) -> UserId:
    found = chat.store.transact_now(lambda tx: tx.appointments.by_number(number))
    assert found is not None
    return UserId(f"@{found.official}:localhost")


def other_than(person: UserId) -> UserId:
    return JOINT_ADVISER if person == ADVISER else ADVISER


def unit_room(chat: Chat, unit: str = "yhteispalvelu") -> str:
    """The unit's room as the homeserver has made it."""
    room_id = f"{UNIT_ROOM}-{unit}"

    chat.store.transact_now(
        lambda tx: tx.rooms.opened(open_unit_room(tx, tx.directory.units[UnitId(unit)], chat.now).lane, RoomId(room_id))
    )
    return room_id


def card_event(chat: Chat, number: str) -> EventId:
    found = chat.store.transact_now(lambda tx: tx.appointments.by_number(number))
    assert found is not None
    item = chat.store.transact_now(lambda tx: tx.appointments.card(found.id))
    assert item is not None
    return EventId(f"$sent-{item}")


def appointment_room(chat: Chat, number: str) -> str:
    found = chat.store.transact_now(lambda tx: tx.appointments.by_number(number))
    assert found is not None
    room = chat.store.transact_now(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(found.id)))
    assert room is not None
    chat.store.transact_now(lambda tx: tx.rooms.opened(room.lane, RoomId(f"!visit-{found.id}")))
    return f"!visit-{found.id}"
