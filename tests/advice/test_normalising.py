import pytest

from bot.advice.normalising import LONGEST, core, fold, telling, words


def test_composed_and_decomposed_letters_are_the_same() -> None:
    assert fold("Pa\u0308iva\u0308koti") == fold("Päiväkoti") == "päiväkoti"


def test_nul_and_other_control_characters_part_words() -> None:
    assert words("kirja\x00sto\x1b[31m\u200b auki") == ["kirja", "sto", "31m", "auki"]


def test_lone_surrogates_are_gone() -> None:
    assert fold("\ud800 kirjasto\udfff") == "kirjasto"


def test_long_texts_are_cut() -> None:
    assert len(fold("a" * 10_000)) == LONGEST


def test_spoken_stop_words_are_left_out() -> None:
    assert telling("mist mä saan uimahallin liput") == ("saan", "uimahallin", "liput")


@pytest.mark.parametrize("text", ["", "   ", "\x00", "?!"])
def test_nothing_stays_nothing(text: str) -> None:
    assert core(text) == ""


def test_stop_words_alone_are_kept() -> None:
    assert telling("mitä se on") == ("mitä", "se", "on")
