"""`!kutsu` as it is typed."""

import re

import pytest

from bot.actions.calendars import digest_of
from bot.actions.conference_door import look
from bot.commands.guest_readers import Guest, read_guest
from bot.commands.incoming import Said
from bot.commands.spec import Facts
from bot.domain.conference import Purpose
from bot.domain.language import Language
from tests.commands.chat import CITIZEN, MONDAY, OFFICIAL, Chat
from tests.commands.meeting import ADDRESS, begun
from tests.commands.staff import appointment_room, booked, unit_room

INTERPRETER = "@tulkki:toinen.example"


def test_in_the_direct_room_and_in_the_appointments(chat: Chat) -> None:
    number = booked(chat)
    room = appointment_room(chat, number)
    assert "Kutsuttu tapaamiseen" in chat.say(f"!kutsu {number} {INTERPRETER}")
    assert "Inbjuden" in chat.receive(Said("!bjud-in @slakting:annan.example"), OFFICIAL, room)
    assert "jo mukana" in chat.receive(Said(f"!kutsu {INTERPRETER}"), CITIZEN, room)


def test_what_is_missing_or_wrong_is_said(chat: Chat) -> None:
    booked(chat)
    assert "Mihin tapaamiseen kutsut?" in chat.say("!kutsu")
    assert "Kenelle teen linkin" in chat.say("1")
    assert "palvelun osoite puuttuu" in chat.say("1")
    assert "Kirjoita näin" in chat.say(f"!kutsu {INTERPRETER}")
    assert "En löydä" in chat.say(f"!kutsu ABCDEF {INTERPRETER}")


def test_who_has_no_booking_is_told_how_it_is_typed(chat: Chat) -> None:
    assert "Kirjoita näin: !kutsu H7K3MP tulkki" in chat.say("!kutsu")
    assert "En löydä" in chat.say("!kutsu ABCDEF")
    assert "En löydä" in chat.say("!kutsu ABCDEF tulkki")


def test_a_link_comes_with_how_to_pass_it_on(chat: Chat) -> None:
    meeting = begun(chat)
    answer = meeting.say("!kutsu tulkki ruotsiksi")
    assert "Linkki videotapaamiseen: tulkki" in answer
    assert re.search(rf"{ADDRESS}/k/[\w-]{{43}}\b", answer)
    assert "Lähetä se vain hänelle" in answer
    assert "Sivun kieli: ruotsi." in answer
    assert "Palvelija kutsui tapaamiseen mukaan: tulkki" in answer


def test_the_purpose_is_asked_and_what_was_said_is_kept(chat: Chat) -> None:
    meeting = begun(chat)
    assert "3. toinen viranomainen" in meeting.say("!kutsu svenska Kutsuttu Vieras-Nimi")
    answer = meeting.say("3")
    assert "Kutsuttu Vieras-Nimi (toinen viranomainen)" in answer
    found = re.search(rf"{ADDRESS}/k/(\S+)", answer)
    assert found is not None
    digest = digest_of(found[1])
    door = chat.store.transact_now(lambda tx: look(tx, digest, chat.now))
    assert door is not None
    assert (door.language, door.name) == (Language.SV, "Kutsuttu Vieras-Nimi")


def test_the_citizen_makes_a_link_in_the_direct_chat(chat: Chat) -> None:
    meeting = begun(chat)
    chat.later(minutes=-30)
    assert f"{ADDRESS}/k/" in chat.say(f"!kutsu {meeting.number} läheinen")
    assert "Mihin tapaamiseen" in chat.say("!kutsu tulkki suomeksi")
    assert "Linkki videotapaamiseen: tulkki" in chat.say("1")


def test_an_official_makes_a_link_in_the_staff_room(chat: Chat) -> None:
    meeting = begun(chat)
    room = unit_room(chat, "rakennusvalvonta")
    assert "Mihin tapaamiseen" in chat.receive(Said("!kutsu tulkki"), OFFICIAL, room)
    assert f"{ADDRESS}/k/" in chat.receive(Said("1"), OFFICIAL, room)
    assert f"{ADDRESS}/k/" in chat.receive(Said(f"!bjud-in {meeting.number} tolk"), OFFICIAL, room)


@pytest.mark.parametrize("typed", ["!kutsu {n}", "!kutsu {n} tulkki"])
def test_where_calls_are_encrypted_it_is_said_why_not_and_what_to_do(chat: Chat, typed: str) -> None:
    number = booked(chat, "!varaa lastensuojelu huomenna klo 10")
    answer = chat.say(typed.format(n=number))
    assert "salattu päästä päähän" in answer
    assert f"!kutsu {number} @tulkki:esimerkki.fi" in answer
    assert "/k/" not in answer


@pytest.mark.parametrize(
    ("line", "guest", "number"),
    [
        ("tulkki", Guest(Purpose.INTERPRETER), ""),
        ("H7K3MP tulkille ruotsiksi", Guest(Purpose.INTERPRETER, Language.SV), "H7K3MP"),
        ("H7K3MP annan myndighet på finska", Guest(Purpose.AUTHORITY, Language.FI), "H7K3MP"),
        ("another authority in English", Guest(Purpose.AUTHORITY, Language.EN), ""),
        ("#h7k3mp", Guest(), "#h7k3mp"),
        ("Sukunimi Etunimi", Guest(name="Sukunimi Etunimi"), ""),
        ("läheinen, Etunimi", Guest(Purpose.RELATIVE, name="Etunimi"), ""),
        ("", Guest(), ""),
    ],
)
def test_for_whom_is_read_in_any_order(chat: Chat, line: str, guest: Guest, number: str) -> None:
    facts = chat.store.transact_now(lambda tx: Facts(tx.directory, Language.FI, MONDAY))
    assert read_guest(line, facts) == (guest, number)


def test_a_name_that_looks_like_a_number_is_a_name_in_the_appointments_room(chat: Chat) -> None:
    meeting = begun(chat)
    assert "Tapper (tulkki)" in meeting.say("!kutsu Tapper tulkki")
