"""`!kutsu` as it is typed."""

from bot.commands.incoming import Said
from tests.commands.chat import CITIZEN, OFFICIAL, Chat
from tests.commands.staff import appointment_room, booked

INTERPRETER = "@tulkki:toinen.example"


def test_in_the_direct_room_and_in_the_appointments(chat: Chat) -> None:
    number = booked(chat)
    room = appointment_room(chat, number)
    assert "Kutsuttu tapaamiseen" in chat.say(f"!kutsu {number} {INTERPRETER}")
    assert "Inbjuden" in chat.receive(Said("!bjud-in @slakting:annan.example"), OFFICIAL, room)
    assert "jo mukana" in chat.receive(Said(f"!kutsu {INTERPRETER}"), CITIZEN, room)


def test_what_is_missing_or_wrong_is_said(chat: Chat) -> None:
    number = booked(chat)
    assert "Kirjoita näin" in chat.say("!kutsu")
    assert "Matrix-tunnus" in chat.say(f"!kutsu {number} tulkki")
    assert "En löydä" in chat.say(f"!kutsu ABCDEF {INTERPRETER}")
