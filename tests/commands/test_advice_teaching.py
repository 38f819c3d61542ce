import pytest

from bot.actions import teaching
from bot.domain.advice import Advice
from bot.domain.teaching import TestQuestion, changed, compare
from tests.commands.advising import FI, LIBRARY, PERMIT, Town, one, several, unknown
from tests.commands.staff import ADVISER


def replayed(town: Town, before: list[Advice], after: list[Advice]) -> str:
    """What the official hears when the proposal was tried."""
    proposal = town.do(lambda tx: tx.teaching.next_new())
    assert proposal is not None
    tests = town.do(lambda tx: tx.teaching.tests())
    town.do(lambda tx: teaching.report(tx, proposal, compare(tests, before, after), town.chat.now))
    return town.new(f"direct:{ADVISER}")


def library_terms(town: Town) -> tuple[str, ...]:
    found = town.do(lambda tx: tx.catalogue.catalogue()).entries
    return next(entry for entry in found if entry.id == LIBRARY.id).terms.get(FI, ())


def test_words_are_tried_before_they_are_taken_into_use(town: Town) -> None:
    town.say("!testikysymys kirjasto mistä saan kirjoja", ADVISER)
    town.say("!testikysymys lupa saako saunan rakentaa", ADVISER)
    revision = town.do(lambda tx: tx.catalogue.revision())
    assert "noin minuutissa" in town.say("!sanat kirjasto + lainaamo, opukset", ADVISER)
    said = replayed(town, [unknown(), one(PERMIT)], [one(LIBRARY), several(LIBRARY, PERMIT)])
    assert "Paranee" in said
    assert "mistä saan kirjoja" in said
    assert "Huononee" in said
    assert "saako saunan rakentaa" in said
    assert library_terms(town) == ()
    town.say("1", ADVISER)
    assert library_terms(town) == ("lainaamo", "opukset")
    assert town.do(lambda tx: tx.catalogue.revision()) != revision


def test_a_change_may_be_left(town: Town) -> None:
    town.say("!sanat kirjasto lainaamo", ADVISER)
    replayed(town, [], [])
    assert "ei tehty" in town.say("2", ADVISER)
    assert library_terms(town) == ()
    assert "jo päätetty" in town.say("!ota-käyttöön 1", ADVISER)


def test_an_added_word_is_taken_out_again(town: Town) -> None:
    town.do(lambda tx: tx.catalogue.teach(LIBRARY.id, FI, ["lainaamo", "opukset"]))
    town.say("!sanat kirjasto - opukset", ADVISER)
    proposal = town.do(lambda tx: tx.teaching.next_new())
    assert proposal is not None
    tried = changed(town.do(lambda tx: tx.catalogue.catalogue()), proposal.change)
    assert "opukset" not in str(tried)
    replayed(town, [], [])
    town.say("1", ADVISER)
    assert library_terms(town) == ("lainaamo",)


def test_a_word_that_was_not_added_in_chat_is_left_to_its_file(town: Town) -> None:
    assert "tiedostosta" in town.say("!sanat kirjasto - kirja", ADVISER)


def test_a_synonym_is_taught_and_taken_out(town: Town) -> None:
    town.say("!synonyymi päikky* = päiväkoti, varhaiskasvatus", ADVISER)
    replayed(town, [], [])
    town.say("1", ADVISER)
    (taught,) = town.do(lambda tx: tx.catalogue.catalogue()).synonyms
    assert (taught.said, taught.meant) == ("päikky*", ("päiväkoti", "varhaiskasvatus"))
    town.say("!synonyymi päikky* =", ADVISER)
    replayed(town, [], [])
    town.say("1", ADVISER)
    assert town.do(lambda tx: tx.catalogue.catalogue()).synonyms == ()


@pytest.mark.parametrize("line", ["!synonyymi", "!synonyymi päikky", "!synonyymi = päiväkoti", "!synonyymi * ="])
def test_what_is_no_synonym_is_explained(town: Town, line: str) -> None:
    assert "!synonyymi päikky*" in town.say(line, ADVISER)


def test_an_unknown_entry_is_answered_with_those_close_to_it(town: Town) -> None:
    assert "kirjasto" in town.say("!sanat kirjsto lainaamo", ADVISER)


def test_test_questions_are_kept_masked_and_once(town: Town) -> None:
    for _ in range(2):
        town.say("!testikysymys kirjasto mistä saan kirjoja, nro 0401234567", ADVISER)
    (kept,) = town.do(lambda tx: tx.teaching.tests())
    assert kept == TestQuestion(kept.words, LIBRARY.id)
    assert "0401234567" not in kept.words


@pytest.mark.parametrize("number", ["1", "99999999999999999999999", "x", ""])
def test_a_number_without_a_proposal_is_refused(town: Town, number: str) -> None:
    assert "jo päätetty" in town.say(f"!ota-käyttöön {number}", ADVISER)


def test_citizens_teach_nothing(town: Town) -> None:
    for line in ("!sanat kirjasto lainaamo", "!synonyymi a = b", "!testikysymys kirjasto mistä", "!ota-käyttöön 1"):
        assert "henkilöstölle" in town.say(line)
