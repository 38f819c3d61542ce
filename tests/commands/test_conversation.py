import re

import pytest

from bot.commands.incoming import Invited, Locked, Reacted, Said, Sent
from bot.domain.allowance import Limits
from bot.domain.ids import EventId
from tests.commands.chat import OFFICIAL, Chat

KEYCAP_TWO = "2\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"


def number_in(words: str) -> str:
    found = re.search(r"(?:Varausnumero|Bokningsnummer|Booking number): (\w{6})", words)
    assert found is not None, words
    return found[1]


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("!varaa rakennuslupa huomenna klo 10", "ti 1.12. klo 10.00–10.30"),
        ("!varaa rakennuslupa to 3.12. 10:00", "to 3.12. klo 10.00–10.30"),
        ("!boka bygglov i morgon 10", "tis 1.12 kl. 10.00–10.30"),
        ("!book building permit tomorrow at 10", "Tue 1 Dec at 10:00–10:30"),
    ],
)
def test_one_line_books(chat: Chat, line: str, answer: str) -> None:
    assert answer in chat.say(line)


def test_a_number_answers_the_question(chat: Chat) -> None:
    assert "1. 9.00" in chat.say("!varaa rakennuslupa ensi viikolla")
    assert "klo 9.30" in chat.say("2")


def test_a_tap_answers_the_question(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa ensi viikolla")
    assert "klo 9.30" in chat.tap(KEYCAP_TWO)


def test_a_tap_on_something_else_says_nothing(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa")
    assert chat.receive(Reacted(EventId("$another"), KEYCAP_TWO)) == ""


def test_words_go_on_from_the_question(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa")
    assert "to 3.12. klo 10.00" in chat.say("torstaina klo 10")


def test_an_old_question_is_no_longer_answered_by_number(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa")
    chat.later(hours=1)
    assert "Varausnumero" not in chat.say("1")


def test_a_missing_service_is_asked(chat: Chat) -> None:
    assert "Mihin palveluun" in chat.say("!varaa")
    assert "Vapaat ajat" in chat.say("rakennuslupa")


def test_a_mistyped_command_is_suggested_and_never_run(chat: Chat) -> None:
    answer = chat.say("!vara rakennuslupa huomenna klo 10")
    assert "!varaa" in answer
    assert "Varausnumero" not in answer


def test_the_alias_chooses_the_language_until_one_is_set(chat: Chat) -> None:
    assert "Lediga tider" in chat.say("!tider bygglov")
    assert "suomeksi" in chat.say("!kieli suomi")
    assert "Vapaat ajat" in chat.say("!tider bygglov")


def test_a_taken_time_is_refused_with_other_times(chat: Chat) -> None:
    chat.say("!varaa rakennuslupa huomenna klo 10")
    answer = chat.say("!varaa rakennuslupa huomenna klo 10", OFFICIAL)
    assert "jo varattu" in answer
    assert "Kyllä, varaa" in chat.say("1", OFFICIAL)
    assert "Varausnumero" in chat.say("1", OFFICIAL)


def test_both_parties_see_and_cancel_and_a_stranger_does_not(chat: Chat) -> None:
    number = number_in(chat.say("!varaa rakennuslupa huomenna klo 10"))
    assert number in chat.say("!varaukset")
    assert number in chat.say("!päivä huomenna", OFFICIAL)
    assert "En löydä" in chat.say(f"!peru {number}", person=type(OFFICIAL)("@toinen:localhost"))
    assert "peruttu" in chat.say(f"!peru {number.lower()}", OFFICIAL)
    assert "jo peruttu" in chat.say(f"!peru {number}")


def test_cancelling_without_a_number_asks_first(chat: Chat) -> None:
    number = number_in(chat.say("!varaa rakennuslupa huomenna klo 10"))
    assert number in chat.say("!peru")
    assert "Aika on peruttu" in chat.say("1")


def test_an_officials_command_is_refused_to_a_citizen(chat: Chat) -> None:
    assert "henkilöstölle" in chat.say("!päivä")


@pytest.mark.parametrize("line", ["!apua", "!hjälp", "!help", "apua", "!APUA", "! apua"])
def test_help_lists_what_can_be_typed(chat: Chat, line: str) -> None:
    answer = chat.say(line)
    assert any(word in answer for word in ("!varaa", "!boka", "!book"))
    assert "!päivä" not in answer


def test_services_are_numbered_through_and_lead_to_times(chat: Chat) -> None:
    listed = chat.say("!palvelut rakennus")
    assert "1. " in listed
    assert "Vapaat ajat" in chat.say("1")


def test_what_cannot_be_read_gets_a_way_on(chat: Chat) -> None:
    assert "uudelleen" in chat.receive(Locked())
    assert "liitteet" in chat.receive(Sent("m.image"))
    assert "liian pitkä" in chat.receive(Said("a" * 4000, cut=True))


def test_a_burst_gets_one_kind_word_and_then_silence(chat: Chat) -> None:
    chat.limits = Limits(burst=3, per_minute=30)
    answers = [chat.say("!kieli") for _ in range(10)]
    assert sum("kerralla" in answer for answer in answers) == 1
    assert [bool(answer) for answer in answers] == [True] * 4 + [False] * 6
    chat.later(minutes=1)
    assert "kielellä" in chat.say("!kieli")


@pytest.mark.parametrize("line", ["31.2.", "huomenna klo 25", "eilen klo 10", "su 6.12. klo 10", "2099-01-01 10:00"])
def test_an_impossible_time_never_books(chat: Chat, line: str) -> None:
    answer = chat.say(f"!varaa rakennuslupa {line}")
    assert answer
    assert "Varausnumero" not in answer


def test_a_declined_invitation_leaves_the_direct_room_as_it_is(chat: Chat) -> None:
    chat.say("!apua")
    chat.receive(Invited(direct=False), room="!group")
    assert "Vapaat ajat" in chat.say("!ajat rakennuslupa")
