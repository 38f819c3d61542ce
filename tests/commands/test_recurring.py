"""`!varaa-asiakkaalle` as it is typed."""

import pytest

from bot.commands.recurring import Words, read_last_words, read_person
from bot.commands.repetition import UNCLEAR, read_repetition
from bot.commands.spec import Facts
from bot.domain.series import Rule
from tests.commands.chat import CITIZEN, OFFICIAL, Chat

FACTS: Facts = None  # type: ignore[assignment]  # these readers look at the line alone


@pytest.mark.parametrize(
    ("line", "rule", "rest"),
    [
        ("a joka viikko 6 kertaa", Rule("FREQ=WEEKLY", count=6), "a"),
        ("joka toinen viikko 4 kertaa", Rule("FREQ=WEEKLY;INTERVAL=2", count=4), ""),
        ("varje vecka 6 gånger", Rule("FREQ=WEEKLY", count=6), ""),
        ("varannan vecka 6 gånger", Rule("FREQ=WEEKLY;INTERVAL=2", count=6), ""),
        ("every other week 3 times b", Rule("FREQ=WEEKLY;INTERVAL=2", count=3), "b"),
        ("joka päivä 3 krt", Rule("FREQ=DAILY", count=3), ""),
        ("RRULE:FREQ=WEEKLY;COUNT=6", Rule("FREQ=WEEKLY", count=6), ""),
        ("joka viikko", UNCLEAR, ""),
        ("joka viikko 0 kertaa", UNCLEAR, ""),
        ("RRULE:FREQ=SECONDLY", UNCLEAR, ""),
        ("joka tapauksessa", None, "joka tapauksessa"),
    ],
)
def test_repetition(line: str, rule: object, rest: str) -> None:
    assert read_repetition(line, FACTS) == (rule, rest)


@pytest.mark.parametrize(
    ("line", "person", "rest"),
    [
        ("@a:localhost kela", "@a:localhost", "kela"),
        ("kela @a:kunta.fi:8448", "@a:kunta.fi:8448", "kela"),
        ("a@b.fi kela", None, "a@b.fi kela"),
        ("@a kela", None, "@a kela"),
    ],
)
def test_a_person(line: str, person: str | None, rest: str) -> None:
    assert read_person(line, FACTS) == (person, rest)


def test_last_words() -> None:
    assert read_last_words("kela Tunnistettu silti", FACTS) == (Words(identified=True, anyway=True), "kela")


LINE = f"!varaa-asiakkaalle {CITIZEN} rakennuslupa to 3.12. klo 10"


def test_one_time(chat: Chat) -> None:
    assert "to 3.12. klo 10.00–10.30" in chat.say(LINE, OFFICIAL)
    assert "to 3.12." in chat.say("!varaukset")


def test_a_series(chat: Chat) -> None:
    answer = chat.say(f"{LINE} joka viikko 3 kertaa", OFFICIAL)
    assert "3 aikaa" in answer
    assert "päivää ennen" in answer
    assert chat.say("!varaukset").count("10.00") == 3


def test_conflicts_are_said_first_and_the_rest_is_booked_by_number(chat: Chat) -> None:
    answer = chat.say(f"{LINE} RRULE:FREQ=WEEKLY;COUNT=5", OFFICIAL)  # the last one falls into a closure
    assert "to 31.12." in answer
    assert "Mitään ei ole vielä varattu" in answer
    assert "4 aikaa" in chat.say("1", OFFICIAL)


def test_or_nothing(chat: Chat) -> None:
    chat.say(f"{LINE} RRULE:FREQ=WEEKLY;COUNT=5", OFFICIAL)
    assert "Mitään ei varattu" in chat.say("2", OFFICIAL)
    assert "10.00" not in chat.say("!varaukset")


def test_what_is_missing_is_asked(chat: Chat) -> None:
    assert "Kenelle" in chat.say("!varaa-asiakkaalle rakennuslupa", OFFICIAL)
    assert "Mihin palveluun" in chat.say(f"!varaa-asiakkaalle {CITIZEN}", OFFICIAL)
    assert "Mille ajalle" in chat.say(f"!varaa-asiakkaalle {CITIZEN} rakennuslupa", OFFICIAL)
    assert "Varattu asiakkaalle" in chat.say("1", OFFICIAL)
    assert "En ymmärtänyt toistoa" in chat.say(f"{LINE} joka viikko", OFFICIAL)


def test_in_swedish(chat: Chat) -> None:
    answer = chat.say(f"!boka-åt {CITIZEN} bygglov tors 3.12 kl. 10 varje vecka 2 gånger", OFFICIAL)
    assert "2 tider" in answer


def test_a_citizen_books_for_nobody_else(chat: Chat) -> None:
    assert "henkilöstölle" in chat.say(LINE)
