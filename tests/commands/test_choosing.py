"""From proposed times to a booked appointment: a choice is held, summed up and confirmed."""

import re
from datetime import timedelta

import pytest

from bot.domain.ids import UserId
from tests.commands.chat import OFFICIAL, Chat
from tests.commands.test_conversation import KEYCAP_TWO, number_in

KEYCAP_ONE = KEYCAP_TWO.replace("2", "1")
OTHER = UserId("@toinen:localhost")


@pytest.mark.parametrize(
    ("line", "summed", "booked"),
    [
        ("!varaa rakennuslupa ensi viikolla", "Kyllä, varaa", "Aika on varattu"),
        ("!boka bygglov nästa vecka", "Ja, boka", "Tiden är bokad"),
        ("!book building permit next week", "Yes, book it", "Your time is booked"),
    ],
)
def test_a_number_holds_and_a_second_one_books(chat: Chat, line: str, summed: str, booked: str) -> None:
    chat.say(line)
    answer = chat.say("2")
    assert summed in answer
    for part in ("9", "30", "1. ", "2. "):
        assert part in answer
    assert not re.search(r"Varausnumero|Bokningsnummer|Booking number", answer)
    assert booked in chat.say("1")


def test_taps_hold_and_book(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa ensi viikolla")
    assert "Kyllä, varaa" in chat.tap(KEYCAP_TWO)
    assert "klo 9.30" in chat.tap(KEYCAP_ONE)
    assert "Rakennusluvat" in chat.say("!varaukset")


def test_the_summary_tells_service_time_official_and_what_to_bring(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa ensi viikolla")
    answer = chat.say("1")
    for part in ("Rakennusluvat", "ma 7.12. klo 9.00–9.30", "Rakennustarkastaja", "Ota esille", "viisi minuuttia"):
        assert part in answer


@pytest.mark.parametrize("word", ["kyllä", "Joo!", "ok", "vahvista", "varaa"])
def test_a_yes_in_words_books(chat: Chat, word: str) -> None:
    chat.say("!varaa rakennuslupa ensi viikolla")
    chat.say("1")
    assert "Aika on varattu" in chat.say(word)


@pytest.mark.parametrize("word", ["2", "ei", "ei kiitos"])
def test_a_no_lets_the_time_go_and_shows_others(chat: Chat, word: str) -> None:
    chat.say("!varaa rakennuslupa ensi viikolla")
    chat.say("1")
    answer = chat.say(word)
    assert "taas vapaa" in answer
    assert "Vapaat ajat" in answer
    assert "ei ole varauksia" in chat.say("!varaukset")
    assert "Varausnumero" in chat.say("!varaa rakennuslupa ma 7.12. klo 9", OTHER)


def test_other_words_go_on_with_the_service(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa")
    chat.say("1")
    assert "to 3.12. klo 10.00" in chat.say("torstaina klo 10")


def test_a_hold_that_ran_out_is_said_with_the_next_times_to_choose(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa ensi viikolla")
    chat.say("1")
    chat.later(minutes=5)
    answer = chat.say("1")
    assert "enää pidä" in answer
    assert "1. ma 7.12. klo 9.00" in answer
    assert "Kyllä, varaa" in chat.say("1")
    assert "Aika on varattu" in chat.say("1")


def test_a_held_time_is_taken_for_others_with_the_nearest_at_once(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa ensi viikolla")
    chat.say("1")
    assert "9.00" not in chat.say("!ajat rakennuslupa ma 7.12.", OTHER)
    answer = chat.say("!varaa rakennuslupa ma 7.12. klo 9", OTHER)
    assert "jo varattu" in answer
    assert "1. ma 7.12. klo 9.30" in answer


def test_a_fully_typed_time_books_at_once(chat: Chat) -> None:
    assert "Varausnumero" in chat.say("!varaa rakennuslupa huomenna klo 10")


def test_the_lines_behind_the_choices_are_neither_listed_nor_suggested(chat: Chat) -> None:
    for line in ("!apua", "!hjälp", "!help"):
        assert not re.search(r"!(pidä|vahvista|vapauta|håll|hold|confirm|release)\b", chat.say(line))
    assert "!vahvista" not in chat.say("!vahvist")


@pytest.mark.parametrize("line", ["!vahvista", "!vapauta", "!confirm", "!vahvista ZZZZZZ", "!vapauta ZZZZZZ"])
def test_nothing_to_confirm_gets_a_way_on(chat: Chat, line: str) -> None:
    answer = chat.say(line)
    assert "!varaa" in answer or "!book" in answer or "!varaukset" in answer


def test_a_third_hold_asks_which_to_book_or_let_go_first(chat: Chat) -> None:
    for service in ("rakennuslupa", "kela"):
        chat.say(f"!varaa {service} ensi viikolla")
        chat.say("1")
    chat.say("!varaa maankaytto ensi viikolla")
    answer = chat.say("1")
    assert "vahvistamatta" in answer
    assert answer.count("Varaa: ") == answer.count("Vapauta: ") == 2
    assert "Rakennusluvat" in chat.say("1")
    assert "Odottaa vahvistustasi" in chat.say("!varaukset")
    assert "Kelan asiointi" in chat.say("1")


def test_the_same_as_last_time_can_be_asked(chat: Chat) -> None:
    """Two officials give the service; the one of the last visit is looked for alone."""
    chat.say("!varaa kela ma 7.12. klo 9")
    first = chat.say("!päivä ma 7.12.", UserId("@palveluneuvoja:localhost"))
    who = "palveluneuvoja" if "Kela" in first else "yhteispalveluneuvoja"
    assert "jo varattu" in chat.say("!varaa kela ma 7.12. klo 9 sama")
    assert "Vapaat ajat" in chat.say("!varaa kela samalla virkailijalla ti 8.12.")
    assert "Kyllä, varaa" in chat.say("1")
    assert "Aika on varattu" in chat.say("1")
    assert "Kela" in chat.say("!päivä ti 8.12.", UserId(f"@{who}:localhost"))


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("!varaa kela sama", "ei ole aiempaa käyntiä"),
        ("!boka fpa samma", "inget tidigare besök"),
        ("!book kela same", "no earlier visit"),
    ],
)
def test_the_same_without_a_last_time_is_said_and_everybodys_times_are_shown(chat: Chat, line: str, words: str) -> None:
    answer = chat.say(line)
    assert words in answer
    assert "1. " in answer


def test_free_times_are_one_line_a_day(chat: Chat) -> None:
    answer = chat.say("!ajat rakennuslupa ensi viikolla")
    assert "• ke 9.12.: 9) 9.00" in answer
    assert "• ma 7.12.: 1) 9.00 · 2) 9.30 · 3) 10.00 · 4) 10.30 …" in answer
    assert "klo 9.30" in chat.say("2")


def test_bookings_are_listed_with_how_to_move_and_cancel(chat: Chat) -> None:
    number = number_in(chat.say("!varaa rakennuslupa huomenna klo 10"))
    answer = chat.say("!varaukset")
    for part in (f"!siirrä {number}", f"!peru {number}", "ti 1.12. klo 10.00–10.30 · Rakennusluvat"):
        assert part in answer


def test_two_tabs_of_one_person_end_in_one_appointment(chat: Chat) -> None:
    """The newest question counts: whichever tab asked last, its choice is held, and the other one lapses."""
    chat.say("!varaa rakennuslupa ensi viikolla")
    chat.say("1")
    chat.say("!varaa rakennuslupa to 10.12.")
    assert "to 10.12. klo 9.00" in chat.say("1")
    assert "Aika on varattu" in chat.say("1")
    assert chat.say("!varaukset").count("Rakennusluvat") == 1


def test_two_people_want_the_same_time_and_one_has_it(chat: Chat) -> None:
    for person in (OTHER, OFFICIAL):
        chat.say("!varaa rakennuslupa ensi viikolla", person)
    assert "Kyllä, varaa" in chat.say("1", OTHER)
    assert "jo varattu" in chat.say("1", OFFICIAL)
    chat.now += timedelta(minutes=5)
    assert "enää pidä" in chat.say("1", OTHER)


@pytest.mark.parametrize(
    ("wish", "why", "next_day"),
    [
        ("su 13.12.", "ei ole vapaata", "ma 14.12."),
        ("29.12.", "Silloin on suljettu: Vuodenvaihteen sulku", "pe 1.1.2027"),
        ("31.2.", "Sellaista päivää ei ole", "Tänään ma 30.11."),
        ("to 3.12. klo 20 jälkeen", "ei ole vapaata", "to 3.12."),
    ],
)
def test_where_nothing_is_free_the_reason_and_the_next_times_follow(
    chat: Chat, wish: str, why: str, next_day: str
) -> None:
    answer = chat.say(f"!varaa rakennuslupa {wish}")
    assert why in answer
    assert next_day in answer.split("Vapaat ajat")[1].split("1. ")[0]
