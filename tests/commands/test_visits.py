"""`!valmis` and `!ei-saapunut` as they are typed."""

from bot.domain.ids import UserId
from tests.commands.chat import OFFICIAL, Chat
from tests.commands.staff import booked

LIBRARIAN = UserId("@kirjastonhoitaja:localhost")


def test_a_mark_and_its_correction(chat: Chat) -> None:
    number = booked(chat)
    assert "ei ole vielä alkanut" in chat.say(f"!ei-saapunut {number}", OFFICIAL)
    chat.later(days=1, hours=2)
    answer = chat.say(f"!ei-saapunut {number}", OFFICIAL)
    assert "ettei asiakas saapunut" in answer
    assert f"!valmis {number}" in answer
    assert "Korjattu hoidetuksi" in chat.say(f"!valmis {number}", OFFICIAL)
    assert "oli jo tehty" in chat.say(f"!valmis {number}", OFFICIAL)


def test_names_in_swedish_and_english(chat: Chat) -> None:
    number = booked(chat)
    chat.later(days=1, hours=2)
    assert "kunden inte kom" in chat.say(f"!uteblev {number}", OFFICIAL)
    assert "Corrected to done" in chat.say(f"!done {number}", OFFICIAL)


def test_without_a_number_todays_visits_are_asked(chat: Chat) -> None:
    number = booked(chat)
    assert "ei ole tänään" in chat.say("!valmis", OFFICIAL)
    chat.later(days=1, hours=2)
    assert number in chat.say("!valmis", OFFICIAL)
    assert "hoidetuksi" in chat.say("1", OFFICIAL)


def test_a_stranger_official_finds_nothing(chat: Chat) -> None:
    number = booked(chat)
    chat.later(days=1, hours=2)
    assert "En löydä" in chat.say(f"!valmis {number}", LIBRARIAN)
