"""`!työaika` and `!viikko` as they are typed."""

import pytest

from bot.commands.incoming import Said
from bot.domain.ids import OfficialId
from tests.commands.chat import OFFICIAL, Chat
from tests.commands.staff import booked, unit_room


def test_own_hours_are_shown_with_the_days_that_differ(chat: Chat) -> None:
    assert "ma 9.00–12.00" in chat.say("!työaika", OFFICIAL)
    chat.say("!työaika 24.12. 9-11", OFFICIAL)
    assert "to 24.12. 9.00–11.00" in chat.say("!työaika", OFFICIAL)


def test_a_weekday_is_changed_for_every_week_and_kept_in_the_directory(chat: Chat) -> None:
    assert "ti 12.00–16.30" in chat.say("!työaika ti 12-16.30", OFFICIAL)
    entry = chat.store.transact_now(lambda tx: tx.directory.officials[OfficialId("rakennustarkastaja")])
    assert len(entry.hours.days[1]) == 1
    assert "12.00" in chat.say("!ajat rakennuslupa 8.12.")
    assert "Vapaat" in chat.say("!ajat rakennuslupa 9.12.")


def test_one_day_and_back(chat: Chat) -> None:
    assert "ke 2.12.: 9.00–10.00" in chat.say("!työaika 2.12. 9-10", OFFICIAL)
    assert "on 2.12: borta" in chat.say("!arbetstid 2.12 stängt", OFFICIAL).replace("ons", "on")
    assert "as usual again" in chat.say("!hours 2.12. normal", OFFICIAL)


def test_appointments_that_then_lie_outside_the_hours_are_named_and_not_touched(chat: Chat) -> None:
    number = booked(chat, "!varaa rakennuslupa to 3.12. klo 10")
    answer = chat.say("!työaika to 13-15", OFFICIAL)
    assert "jäävät työajan ulkopuolelle" in answer
    assert number in answer
    assert number in chat.say("!päivä 3.12.", OFFICIAL)
    assert "ulkopuolelle" not in chat.say("!työaika to 9-15", OFFICIAL)
    assert number in chat.say("!työaika 3.12. poissa", OFFICIAL)


@pytest.mark.parametrize(
    "line", ["!työaika ma 15-9", "!työaika ma 9-15 14-16", "!työaika ma 25-26", "!työaika ma 9:02-10"]
)
def test_hours_that_cannot_be_are_refused_and_nothing_changes(chat: Chat, line: str) -> None:
    before = chat.say("!työaika", OFFICIAL)
    assert "En saanut selvää" in chat.say(line, OFFICIAL)
    assert chat.say("!työaika", OFFICIAL) == before


def test_a_past_day_is_not_changed(chat: Chat) -> None:
    assert "jo mennyt" in chat.say("!työaika 2026-11-01 9-12", OFFICIAL)


def test_hours_of_a_day_back_to_normal_keep_times_that_waited_for_a_choice(chat: Chat) -> None:
    number = booked(chat, "!varaa rakennuslupa to 3.12. klo 10")
    chat.say("!poissa 3.12. kyllä", OFFICIAL)
    chat.say("!työaika 3.12. normaali", OFFICIAL)
    assert "ei ole valittavaa" in chat.say(f"!sijainen {number}")


def test_a_week_of_ones_own(chat: Chat) -> None:
    number = booked(chat, "!varaa rakennuslupa to 3.12. klo 10")
    week = chat.say("!viikko", OFFICIAL)
    assert number in week
    assert "ei varauksia" in week
    assert "Tänään ma 30.11. · 9.00–12.00" in week
    assert number not in chat.say("!viikko ensi viikolla", OFFICIAL)
    assert "Thu 3 Dec" in chat.say("!week", OFFICIAL)


def test_a_week_of_the_unit_in_its_room_names_nobody(chat: Chat) -> None:
    number = booked(chat, "!varaa rakennuslupa to 3.12. klo 10")
    room = unit_room(chat, "rakennusvalvonta")
    chat.say("!poissa 4.12.", OFFICIAL)
    week = chat.receive(Said("!viikko"), OFFICIAL, room)
    assert number in week
    assert "poissa: Rakennustarkastaja" in week
    assert "@kuntalainen" not in week


def test_holidays_are_named(chat: Chat) -> None:
    assert "suljettu" in chat.say("!viikko 28.12.", OFFICIAL)
