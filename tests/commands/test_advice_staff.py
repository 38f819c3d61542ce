import pytest

from bot.commands.incoming import Said
from bot.domain.ids import EventId, UserId
from bot.domain.inquiry import KEPT_FOR
from tests.commands.advising import (
    CHILDREN,
    SV,
    Town,
    asked_official,
    one,
    summaries,
    unknown,
)
from tests.commands.chat import CITIZEN
from tests.commands.staff import ADVISER, JOINT_ADVISER
from tests.support.town import STRANGER

KEYCAP_TWO = "2\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}"


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


def test_a_reply_to_the_card_is_the_answer(town: Town) -> None:
    room = asked_official(town)
    assert "K1" in town.reply("Kanootin saa nuorisotilasta.", ADVISER, room)
    said = town.heard[f"direct:{CITIZEN}"][-1]
    assert said.startswith("Virkailijan vastaus")
    assert "Kanootin saa nuorisotilasta." in said


def test_who_is_no_official_answers_nobody_by_a_reply(town: Town) -> None:
    room = asked_official(town)
    before = len(town.heard[f"direct:{CITIZEN}"])
    assert town.reply("Kanootin saa nuorisotilasta.", STRANGER, room) == ""
    assert len(town.heard[f"direct:{CITIZEN}"]) == before


def test_talk_between_officials_and_replies_to_it_reach_nobody(town: Town) -> None:
    room = asked_official(town)
    before = len(town.heard[f"direct:{CITIZEN}"])
    assert town.receive(Said("Kuka ottaa tämän?"), ADVISER, room) == ""
    assert town.receive(Said("Minä otan.", answers=EventId("$talk")), ADVISER, room) == ""
    assert len(town.heard[f"direct:{CITIZEN}"]) == before


def test_a_reply_to_an_answered_card_is_refused_aloud(town: Town) -> None:
    room = asked_official(town)
    town.reply("Kanootin saa nuorisotilasta.", ADVISER, room)
    card = town.do(lambda tx: tx.inquiries.get(1))
    assert card is not None
    assert "jo vastattu" in town.receive(
        Said("Sen saa kirjastosta.", answers=EventId(f"$sent-{card.card}")), JOINT_ADVISER, room
    )


def test_a_command_in_a_reply_is_a_command(town: Town) -> None:
    room = asked_official(town)
    assert "K1" in town.reply("!kysymykset", ADVISER, room)
    assert "Virkailijan vastaus" not in town.heard[f"direct:{CITIZEN}"][-1]


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
