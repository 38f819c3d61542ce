from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.due import do_due
from bot.advice_round import AdviceRound
from bot.commands.incoming import Came, Incoming, Said
from bot.commands.reception import receive
from bot.domain.advice import Advice, Referral
from bot.domain.catalogue import Catalogue, EntryId
from bot.domain.ids import EventId, RoomId, UserId
from bot.domain.inquiry import KEPT_FOR, Inquiry
from bot.storage.database import Database
from bot.storage.outbox import Queued
from bot.storage.transaction import SqlTransaction
from tests.commands.advising import (
    CHILDREN,
    EN,
    FI,
    LIBRARY,
    PERMIT,
    SV,
    Town,
    one,
    several,
    unknown,
    with_catalogue,
)
from tests.commands.chat import CITIZEN, Chat
from tests.commands.staff import ADVISER, JOINT_ADVISER

KEYCAP_TWO = "2\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"


@pytest.fixture
def town(chat: Chat) -> Town:
    return with_catalogue(chat)


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


def asked_official(town: Town) -> str:
    """The room of the unit that the question went to."""
    town.ask("onko teillä lainattavaa kanoottia", unknown())
    assert "K1" in town.say("1")
    return next(room for room, bodies in town.heard.items() if room.startswith("unit:") and "kanoottia" in bodies[-1])


def test_a_question_goes_to_a_unit_without_its_writer(town: Town) -> None:
    asked_official(town)
    assert "onko teillä lainattavaa kanoottia" in town.walls()
    assert CITIZEN not in town.walls()


def test_a_confidential_unit_sees_the_number_only(town: Town) -> None:
    town.ask("pelkään lapseni puolesta kovasti", one(CHILDREN))
    town.say("1")
    assert "K1" in town.walls()
    assert "lapseni" not in town.walls()


def test_an_officials_answer_comes_back_and_the_card_tells(town: Town) -> None:
    room = asked_official(town)
    town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    said = town.heard[f"direct:{CITIZEN}"][-1]
    assert said.startswith("Virkailijan vastaus")
    assert "Kanootin saa nuorisotilasta." in said
    assert ADVISER not in said
    assert "Vastannut" in town.heard[room][-1]


def test_an_official_answers_in_the_units_room(town: Town) -> None:
    room = asked_official(town)
    town.receive(Said("!vastaa K1 Kanootin saa nuorisotilasta."), ADVISER, room)
    assert "Kanootin saa nuorisotilasta." in town.heard[f"direct:{CITIZEN}"][-1]


def test_a_second_answer_is_refused(town: Town) -> None:
    asked_official(town)
    town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    assert "jo vastattu" in town.say("!vastaa K1 Sen saa kirjastosta.", JOINT_ADVISER)
    assert "kirjastosta" not in town.heard[f"direct:{CITIZEN}"][-1]


def test_a_question_is_handed_over_once(town: Town) -> None:
    asked_official(town)
    assert "jo virkailijoilla" in town.say("!kysy-virkailijalta K1")
    assert town.walls().count("kanoottia") == 1


def test_an_answer_becomes_an_entry_by_another_official_only(town: Town) -> None:
    asked_official(town)
    town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    assert "!hyväksy" in town.say("!talleta K1", ADVISER)
    assert "työkaveri" in town.say("!hyväksy K1", ADVISER)
    assert "nuorisotilasta" not in summaries(town)
    assert "nyt neuvonnassa" in town.say("!hyväksy K1", JOINT_ADVISER)
    assert "nuorisotilasta" in summaries(town)


def test_an_answer_becomes_an_entry_by_reactions(town: Town) -> None:
    room = asked_official(town)
    town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    town.tap("📌", ADVISER, room)
    assert "Ehdotus" in town.heard[room][-1]
    town.tap("✅", JOINT_ADVISER, room)
    assert "nuorisotilasta" in summaries(town)


def test_nobody_accepts_their_own_answer_by_a_reaction(town: Town) -> None:
    room = asked_official(town)
    town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    town.tap("📌", JOINT_ADVISER, room)
    assert "työkaveri" in town.tap("✅", ADVISER, room)
    assert "nuorisotilasta" not in summaries(town)


def summaries(town: Town) -> str:
    return str([entry.summary for entry in town.do(lambda tx: tx.catalogue.catalogue()).entries])


def test_questions_without_an_answer_stand_in_clusters(town: Town) -> None:
    for words in ("saako kanoottia lainata", "saako kanoottia lainata teiltä", "missä asuu joulupukki"):
        town.ask(words, unknown())
    said = town.say("!kysymykset", ADVISER)
    assert "+1" in said
    assert "joulupukki" in said


def test_citizens_do_not_see_others_questions(town: Town) -> None:
    town.ask("missä asuu joulupukki", unknown())
    assert "henkilöstölle" in town.say("!kysymykset")
    other = UserId("@toinen:localhost")
    assert "joulupukki" not in town.say("!kysy-virkailijalta K1", other)
    assert "joulupukki" not in town.say("!muu-asia K1", other)


def test_an_identity_code_is_neither_kept_nor_passed_over(town: Town) -> None:
    said = town.ask("tunnukseni on 131052-308T, missä jonossa olen", unknown())
    assert "henkilötunnus" in said.lower()
    town.say("1")
    assert "131052" not in town.walls()
    assert "131052" not in str(town.do(lambda tx: tx.inquiries.unanswered(town.chat.now - KEPT_FOR)[0].masked))


@pytest.mark.parametrize(
    "words",
    [
        "<script>alert(1)</script> mikä on",
        "'; DROP TABLE inquiry; -- mitä",
        'a" OR NEAR(b) * mitä',
        "ignore all " * 300,
    ],
)
def test_hostile_words_are_questions_like_others(town: Town, words: str) -> None:
    assert "en osaa vastata" in town.ask(words, unknown())


def test_an_answered_question_is_not_asked_again(town: Town) -> None:
    town.ask("missä asuu joulupukki", unknown())
    assert town.do(lambda tx: tx.inquiries.next_new()) is None


def test_a_confidential_question_is_read_by_its_own_officials_in_private_only(town: Town) -> None:
    town.ask("pelkään lapseni puolesta kovasti", one(CHILDREN))
    town.say("1")
    assert "lapseni" not in town.say("!kysymykset", ADVISER)
    assert "lapseni" not in town.say("!vastaa K1", ADVISER)
    assert "vastattu" not in town.say("!vastaa K1 Kaikki on hyvin.", ADVISER)
    own = town.do(lambda tx: next(o for o in tx.directory.officials.values() if o.unit == CHILDREN.unit))
    official = UserId(f"@{own.account}:localhost")
    assert "lapseni" in town.say("!kysymykset", official)
    room = next(room for room in town.heard if room == f"unit:{CHILDREN.unit}")
    assert "K1" in town.receive(Said("!kysymykset"), official, room)
    assert "lapseni" not in town.walls()


def test_the_answer_of_an_official_is_headed_in_the_language_of_the_question(town: Town) -> None:
    town.ask("var kan jag hyra en kanot", unknown(language=SV))
    town.say("1")
    town.say("!vastaa K1 Från ungdomsgården.", ADVISER)
    assert "Tjänstemannens svar" in town.heard[f"direct:{CITIZEN}"][-1]


class Given:
    """Advises in the order in which it was given; trains nothing."""

    def __init__(self, *answers: Advice) -> None:
        self.answers = list(answers)

    async def advise(self, question: str) -> Advice:
        return self.answers[0] if question == "?" else self.answers.pop(0)

    async def publish(self, catalogue: Catalogue) -> None:
        """Nothing is trained."""

    async def rehearse(self, catalogue: Catalogue, questions: Sequence[str]) -> list[Advice]:
        assert catalogue.entries
        return [await self.advise(question) for question in questions]

    async def close(self) -> None:
        """Nothing is open."""


async def answered(town: Town, *answers: Advice) -> list[str]:
    """All that the citizen hears when a round that was started just now has answered what waits."""
    going = AdviceRound(town.chat.store, Given(*answers), lambda: town.chat.now, queued=lambda: None)
    await going.publish()
    while await going.once():
        pass
    before = len(town.heard.get(f"direct:{CITIZEN}", []))
    town.new(f"direct:{CITIZEN}")
    return town.heard[f"direct:{CITIZEN}"][before:]


async def test_questions_of_a_room_are_answered_in_their_order(town: Town) -> None:
    town.say("mistä saan lainata kirjoja")
    town.say("tarvitsenko luvan saunaan")
    first, second = await answered(town, one(LIBRARY), one(PERMIT))
    assert "Kirjastosta saa lainata" in first
    assert "Rakentamiseen" in second


async def test_what_was_asked_before_a_kill_is_answered_once_after_it(town: Town, tmp_path: Path) -> None:
    town.say("mistä saan lainata kirjoja")
    with Database(tmp_path / "eahtari.db") as store:
        again = Town(replace(town.chat, store=store), town.heard)
        (said,) = await answered(again, one(LIBRARY))
        assert "Kirjastosta saa lainata" in said
    assert town.do(lambda tx: tx.inquiries.next_new()) is None


def inquiry(town: Town, id: int = 1) -> Inquiry:
    found = town.do(lambda tx: tx.inquiries.get(id))
    assert found is not None
    return found


def later(town: Town, **distance: float) -> None:
    town.chat.later(**distance)
    town.do(lambda tx: do_due(tx, town.chat.now))


def test_nothing_is_kept_of_what_was_answered(town: Town) -> None:
    town.ask("mistä saan lainata kirjoja", one(LIBRARY))
    later(town, minutes=31)
    assert town.do(lambda tx: tx.inquiries.get(1)) is None


def test_words_are_kept_for_half_an_hour_and_the_writer_for_a_day(town: Town) -> None:
    town.ask("missä asuu joulupukki", unknown())
    later(town, minutes=31)
    assert (inquiry(town).words, inquiry(town).person) == (None, CITIZEN)
    later(town, days=1)
    assert (inquiry(town).person, inquiry(town).masked) == (None, "missä asuu joulupukki")
    assert "ei odota enää" in town.say("!vastaa K1 Korvatunturilla.", ADVISER)
    later(town, days=KEPT_FOR.days)
    assert town.do(lambda tx: tx.inquiries.get(1)) is None


def test_an_official_who_was_asked_can_answer_after_days(town: Town) -> None:
    asked_official(town)
    later(town, minutes=31)
    later(town, days=5)
    assert inquiry(town).words is None
    town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    assert "nuorisotilasta" in town.heard[f"direct:{CITIZEN}"][-1]
    assert (inquiry(town).person, inquiry(town).words) == (None, None)


def test_an_identity_code_is_not_even_kept_until_the_answer(town: Town) -> None:
    town.say("tunnukseni on 131052\N{EN DASH}308T, missä jonossa olen")
    assert "131052" not in str(inquiry(town))
    assert "henkilötunnusta" in town.settle(unknown())


def test_a_choice_of_a_confidential_unit_takes_the_question_there(town: Town) -> None:
    town.ask("tarvitsen apua kotona kovasti", several(PERMIT, CHILDREN))
    assert "kotona" not in town.say("!kysymykset", ADVISER)
    town.say("2")
    town.say("1")
    assert f"unit:{CHILDREN.unit}" in town.heard
    assert "kotona" not in town.walls()


def test_a_choice_of_an_open_unit_takes_the_question_there(town: Town) -> None:
    town.ask("haluan rakentaa saunan pihalle", several(CHILDREN, PERMIT))
    town.say("2")
    town.say("2")
    assert "saunan" in "".join(town.heard[f"unit:{PERMIT.unit}"])


def test_an_entry_that_is_looked_at_later_does_not_take_the_question_from_the_official(town: Town) -> None:
    town.ask("haluan lainata kanootin jostain", several(LIBRARY, PERMIT))
    town.say("3")
    town.say("1")
    town.say("!neuvo kirjasto K1")
    town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    assert "nuorisotilasta" in town.heard[f"direct:{CITIZEN}"][-1]


def test_the_second_best_is_no_answer_where_the_best_is_gone(town: Town) -> None:
    found = replace(one(LIBRARY), found=(*one(replace(LIBRARY, id=EntryId("poissa"))).found, *one(PERMIT).found))
    assert "Mitä näistä tarkoitat?" in town.ask("mistä saan lainata kirjoja", found)


def test_a_confidential_answer_does_not_become_an_entry(town: Town) -> None:
    town.ask("pelkään lapseni puolesta kovasti", one(CHILDREN))
    town.say("1")
    own = town.do(lambda tx: next(o for o in tx.directory.officials.values() if o.unit == CHILDREN.unit))
    official, room = UserId(f"@{own.account}:localhost"), f"unit:{CHILDREN.unit}"
    assert "!talleta" not in town.say("!vastaa K1 Soitan sinulle tänään.", official)
    assert inquiry(town).draft is None
    assert "Luottamuksellista" in town.say("!talleta K1", official)
    town.tap("📌", official, room)
    assert town.tap("✅", official, room) == ""
    assert "Soitan" not in summaries(town)


def test_confidential_questions_stand_apart_where_they_are_not_shown(town: Town) -> None:
    for words in ("pelkään lapseni puolesta kovasti", "pelkään lapseni puolesta nyt"):
        town.ask(words, one(CHILDREN))
        town.say("1")
    own = town.do(lambda tx: next(o for o in tx.directory.officials.values() if o.unit == CHILDREN.unit))
    said = town.receive(Said("!kysymykset"), UserId(f"@{own.account}:localhost"), f"unit:{CHILDREN.unit}")
    assert "K1" in said
    assert "K2" in said


def test_a_room_that_others_came_into_gets_no_answer_of_an_official(town: Town) -> None:
    asked_official(town)
    third = UserId("@kolmas:localhost")
    came = Incoming(EventId("$came"), RoomId(f"!direct-{CITIZEN}"), third, town.chat.now, Came(third))
    town.do(lambda tx: receive(tx, came, town.chat.limits, town.chat.now))
    assert "ei odota enää" in town.say("!vastaa K1 Kanootin saa nuorisotilasta.", ADVISER)
    assert "nuorisotilasta" not in str(town.heard)


class Written(Town):
    """Keeps the formatted bodies of what was sent."""

    def _sent(self, tx: SqlTransaction, queued: Queued) -> None:
        self.html += str(queued.payload.get("html", ""))
        super()._sent(tx, queued)

    html: str = ""


def test_markup_of_people_is_nowhere_markup(chat: Chat) -> None:
    with_catalogue(chat)
    town = Written(chat)
    town.ask("saako <img src=x onerror=alert(1)> ja <b>kanoottia</b> lainata", unknown())
    town.say("1")
    town.say("!kysymykset", ADVISER)
    town.say("!vastaa K1 <a href='https://paha.example'>tästä</a>", ADVISER)
    assert "&lt;b&gt;kanoottia" in town.html
    assert "&lt;a href" in town.html
    assert not any(mark in town.html for mark in ("<img", "<b>", "<a href='https://paha"))


def test_tomorrow_is_counted_from_when_it_was_written(town: Town) -> None:
    town.ask("mistä saan lainata kirjoja", one(LIBRARY))

    def work(tx: SqlTransaction) -> None:
        sent = town.chat.now - timedelta(days=1)
        said = Incoming(EventId("$late"), RoomId(f"!direct-{CITIZEN}"), CITIZEN, sent, Said("entä huomenna"))
        receive(tx, said, town.chat.limits, town.chat.now)

    town.do(work)
    assert "ma 30.11.: avoinna" in town.new(f"direct:{CITIZEN}")
