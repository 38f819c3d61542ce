import pytest

from bot.domain.advice import Referral
from tests.commands.advising import (
    EN,
    FI,
    LIBRARY,
    PERMIT,
    SV,
    Town,
    one,
    several,
    unknown,
)
from tests.commands.chat import Chat

KEYCAP_TWO = "2\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"


def test_without_a_catalogue_words_are_greeted(chat: Chat) -> None:
    assert "ymmärrän komentoja" in chat.say("onko kirjasto auki lauantaina")


@pytest.mark.parametrize("words", ["hei", "Moi!", "hej", "hello", "Hyvää päivää", "ok?", "👍", "1", "???"])
def test_a_bare_greeting_is_greeted(town: Town, words: str) -> None:
    assert "!apua" in town.say(words)


def test_a_service_by_its_name_is_still_offered(town: Town) -> None:
    assert "Onko asiasi tämä?" in town.say("rakennuslupa")


def test_an_answer_quotes_the_entry_with_its_source(town: Town) -> None:
    said = town.ask("mistä saan lainata kirjoja", one(LIBRARY))
    assert "Kirjastosta saa lainata kirjoja." in said
    assert "Lähde: https://malli.example/kirjasto, päivitetty 1.10.2026" in said
    assert "+358 6 000 0001" in said
    assert said.count("https://") - 1 <= 3


def test_an_answer_tells_the_hours_of_the_asked_day(town: Town) -> None:
    assert "la 12.12.: avoinna 10.00–14.00" in town.ask("onko kirjasto auki lauantaina 12.12.", one(LIBRARY))


def test_an_exception_goes_before_the_week(town: Town) -> None:
    assert "la 5.12.: suljettu" in town.ask("onko kirjasto auki lauantaina", one(LIBRARY))


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("entä sunnuntaina?", "su 6.12.: suljettu"),
        ("entä huomenna", "ti 1.12.: avoinna 10.00–19.00"),
        ("mitä se maksaa", "Lainaaminen on maksutonta."),
        ("missä se on?", "Kirjastokatu 1"),
        ("puhelinnumero?", "+358 6 000 0001"),
    ],
)
def test_a_follow_up_is_about_the_same_entry(town: Town, words: str, answer: str) -> None:
    town.ask("mistä saan lainata kirjoja", one(LIBRARY))
    assert answer in town.say(words)


def test_a_follow_up_in_swedish_and_english(town: Town) -> None:
    town.ask("var kan jag låna böcker", one(LIBRARY, SV))
    assert "öppet" in town.say("och på torsdag?")
    town.ask("where can I borrow books", one(LIBRARY, EN))
    assert "closed" in town.say("what about sunday")


def test_a_follow_up_goes_on_after_another(town: Town) -> None:
    town.ask("mistä saan lainata kirjoja", one(LIBRARY))
    town.say("entä huomenna")
    assert "suljettu" in town.say("entä sunnuntaina")


def test_after_ten_minutes_it_is_a_question_of_its_own(town: Town) -> None:
    town.ask("mistä saan lainata kirjoja", one(LIBRARY))
    town.chat.later(minutes=11)
    assert "en osaa vastata" in town.ask("entä sunnuntaina", unknown())


def test_what_is_not_told_is_said_to_be_unknown(town: Town) -> None:
    town.ask("tarvitsenko luvan saunaan", one(PERMIT))
    assert "ei tiedossa" in town.say("mitä se maksaa")


def test_a_public_holiday_without_an_exception_is_said_to_be_unsure(town: Town) -> None:
    town.chat.later(days=8)
    closures = town.do(lambda tx: tx.directory.closures)
    day = next(one.first for one in closures if one.first > town.chat.now.date())
    said = town.ask(f"onko kirjasto auki {day.day}.{day.month}.{day.year}", one(LIBRARY))
    assert "Varmista" in said


def test_finnish_only_comes_with_a_word_of_regret(town: Town) -> None:
    said = town.ask("do I need a permit for a sauna", one(PERMIT, EN))
    assert said.startswith("Unfortunately")
    assert town.ask("behöver jag lov för en bastu", one(PERMIT, SV)).startswith("Tyvärr")
    assert "Rakentamiseen tarvitaan lupa." in said


def test_a_choice_by_number_shows_the_entry(town: Town) -> None:
    said = town.ask("haluan luvan", several(LIBRARY, PERMIT))
    assert "1. Kirjasto" in said
    assert "3. Ei mikään näistä" in said
    assert "Rakentamiseen tarvitaan lupa." in town.say("2")


def test_a_choice_by_reaction_shows_the_entry(town: Town) -> None:
    town.ask("haluan luvan", several(LIBRARY, PERMIT))
    assert "Rakentamiseen tarvitaan lupa." in town.tap(KEYCAP_TWO)


def test_a_chosen_entry_is_the_subject(town: Town) -> None:
    town.ask("haluan lainata kirjan kotiin", several(PERMIT, LIBRARY))
    town.say("2")
    assert "suljettu" in town.say("entä sunnuntaina")


def test_none_of_these_leads_to_a_person_and_to_booking(town: Town) -> None:
    town.ask("haluan luvan", several(LIBRARY, PERMIT))
    said = town.say("3")
    assert "Kysy virkailijalta" in said
    assert "Varaa aika" in said


def test_an_entry_that_can_be_booked_leads_to_its_times(town: Town) -> None:
    assert "1. Varaa aika" in town.ask("tarvitsenko luvan saunaan", one(PERMIT))
    assert "Vapaat ajat" in town.say("1")


def test_what_others_do_is_referred_to_them(town: Town) -> None:
    kela = Referral({SV: "FPA", EN: "Kela", FI: "Kela"}, {FI: "Hae sitä Kelasta."}, "https://kela.example")
    said = town.ask("mistä saan asumistukea", unknown(kela))
    assert "Hae sitä Kelasta." in said
    assert "https://kela.example" in said


def test_what_is_not_known_is_said_with_ways_on(town: Town) -> None:
    said = town.ask("missä asuu joulupukki", unknown())
    assert "en osaa vastata" in said
    assert "1. Kysy virkailijalta" in said


def test_without_the_engine_a_person_can_be_asked(town: Town) -> None:
    said = town.ask("missä asuu joulupukki", None)
    assert "Kysy virkailijalta" in said
