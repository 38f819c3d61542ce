import pytest

from bot.advice.finnish import Analyser


@pytest.fixture(scope="module")
def finnish() -> Analyser:
    found = Analyser.find()
    if found is None:
        pytest.fail("Voikko is missing, which make installs: apt-get install libvoikko1 voikko-fi")
    return found


def test_an_inflected_compound_has_its_lemma_and_parts(finnish: Analyser) -> None:
    found = finnish.analyse("uimahallissa")
    assert found is not None
    assert found.lemmas == ("uimahalli",)
    assert {"uida", "halli"} <= set(found.parts) or {"uima", "halli"} <= set(found.parts)


def test_neighbouring_parts_of_a_long_compound_are_found_together(finnish: Analyser) -> None:
    found = finnish.analyse("päiväkotipaikka")
    assert found is not None
    assert "päiväkoti" in found.parts


def test_a_misspelt_word_is_guessed(finnish: Analyser) -> None:
    assert finnish.analyse("hakemuss") is None
    assert "hakemus" in finnish.suggest("hakemuss")


def test_spoken_words_are_not_known(finnish: Analyser) -> None:
    assert finnish.analyse("päikky") is None


def test_a_word_of_five_hundred_letters_is_never_asked_of_the_library() -> None:
    found = Analyser(None)
    assert found.analyse("x" * 500) is None
    assert found.suggest("x" * 500) == ()
