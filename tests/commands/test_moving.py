"""`!siirrä` as people type it, with number and without, in the direct chat and in the appointment's room."""

from datetime import UTC, datetime

import pytest

from bot.actions.rooms import RoomKind
from bot.commands.incoming import Said
from bot.domain.booking import Appointment, State
from bot.domain.ids import RoomId
from bot.storage.transaction import SqlTransaction
from tests.commands.chat import CITIZEN, MONDAY, OFFICIAL, Chat
from tests.commands.test_conversation import number_in


@pytest.fixture
def number(chat: Chat) -> str:
    return number_in(chat.say("!varaa rakennuslupa huomenna klo 10"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("!siirrä {n} to 3.12. klo 13", "Aika on siirretty"),
        ("!siirra {n} 3.12. 13:00", "Aika on siirretty"),
        ("!flytta {n} 3.12. kl 13", "Tiden har flyttats"),
        ("!move {n} 2026-12-03 13:00", "The appointment has been moved"),
        ("!siirrä #{n} torstaina klo 13", "Aika on siirretty"),
        ("!siirrä torstaina klo 13", "Aika on siirretty"),
    ],
)
def test_one_line_moves(chat: Chat, number: str, line: str, words: str) -> None:
    answer = chat.say(line.format(n=number.lower()))
    assert words in answer
    assert number in answer
    [(start, state)] = chat.store.transact_now(lambda tx: [(a.start, a.state) for a in _all_of(tx)])
    assert (start, state) == (datetime(2026, 12, 3, 11, tzinfo=UTC), State.BOOKED)


def _all_of(tx: SqlTransaction) -> list[Appointment]:
    return tx.appointments.open_of(CITIZEN, MONDAY)


def test_without_a_time_free_times_are_offered_and_a_number_moves(chat: Chat, number: str) -> None:
    answer = chat.say(f"!siirrä {number}")
    assert "Siirrä vastaamalla numerolla" in answer
    assert [line for line in answer.splitlines() if line[:2] in ("4.", "5.", "6.")] == [
        "4. 9.00",
        "5. 9.30",
        "6. 10.30",
    ]
    assert "Aika on siirretty" in chat.say("1")
    assert number in chat.say("!varaukset")


def test_other_words_look_for_other_times(chat: Chat, number: str) -> None:
    chat.say(f"!siirrä {number}")
    assert "to 3.12. klo 9.00" in chat.say("torstaina klo 9")


def test_without_a_number_own_ones_are_offered_and_the_time_is_kept(chat: Chat, number: str) -> None:
    chat.say("!varaa rakennuslupa huomenna klo 11")
    answer = chat.say("!siirrä to 3.12. klo 13")
    assert "Minkä ajan siirrät" in answer
    assert number in answer
    answer = chat.say("1")
    assert "Aika on siirretty" in answer
    assert number in answer


def test_without_any_booking_the_way_to_one_is_shown(chat: Chat) -> None:
    assert "!varaa" in chat.say("!siirrä")


def test_in_the_appointments_room_it_works_without_a_number(chat: Chat, number: str) -> None:
    chat.say("!varaa rakennuslupa huomenna klo 11")
    room = RoomId("!own")
    found = chat.store.transact_now(lambda tx: tx.appointments.by_number(number))
    assert found is not None
    chat.store.transact_now(lambda tx: tx.rooms.adopt(RoomKind.APPOINTMENT, str(found.id), room, chat.now))
    assert "Siirrä vastaamalla numerolla" in chat.receive(Said("!siirrä"), room=room)
    answer = chat.receive(Said("1"), room=room)
    assert "Siirretty: " in answer
    assert "Aika on siirretty" in answer


def test_a_taken_time_is_refused_with_the_nearest_and_the_old_one_stays(chat: Chat, number: str) -> None:
    chat.say("!varaa rakennuslupa to 3.12. klo 13", OFFICIAL)
    answer = chat.say(f"!siirrä {number} to 3.12. klo 13")
    assert "jo varattu" in answer
    assert "ti 1.12. klo 10.00" in chat.say("!varaukset")
    chat.say(f"!siirrä {number} to 3.12. klo 13")
    assert "Aika on siirretty" in chat.say("1")


def test_past_the_deadline_it_is_refused_with_a_way_on(chat: Chat, number: str) -> None:
    chat.later(hours=24)
    answer = chat.say(f"!siirrä {number} to 3.12. klo 13")
    assert "ei voi enää siirtää" in answer
    assert "neuvontaan" in answer


def test_an_unknown_number_leads_to_the_own_bookings(chat: Chat, number: str) -> None:
    assert number
    assert "!varaukset" in chat.say("!siirrä ZZZZZZ to 3.12. klo 13")


@pytest.mark.parametrize("typed", ["rakennuslupa", "se aika", "H7K3M"])
def test_what_is_no_number_is_asked_and_moves_nothing(chat: Chat, number: str, typed: str) -> None:
    answer = chat.say(f"!siirrä {typed} to 3.12. klo 13")
    assert "Minkä ajan siirrät" in answer
    assert number in answer
    assert "Aika on siirretty" in chat.say("1")


@pytest.mark.parametrize("day", ["sunday", "huomenna", "friday", "ensi viikolla"])
def test_a_word_about_time_is_no_number(chat: Chat, number: str, day: str) -> None:
    assert "Vapaat ajat" in chat.say(f"!siirrä {day}")
    assert number
