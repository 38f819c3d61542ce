from pathlib import Path

import pytest

from bot.commands.page import page
from bot.commands.registry import COMMANDS, find, nearest
from bot.domain.language import Language
from bot.domain.matching import fold


@pytest.mark.parametrize("language", list(Language))
def test_every_command_is_found_by_its_name_in_every_language(language: Language) -> None:
    for command in COMMANDS:
        typed = find(f"!{command.names.in_(language)} jotain")
        assert typed is not None
        assert (typed.command, typed.language, typed.line) == (command, language, "jotain")


@pytest.mark.parametrize("language", list(Language))
def test_every_example_begins_with_its_own_command(language: Language) -> None:
    for command in COMMANDS:
        for example in command.examples.in_(language).split("\n"):
            typed = find(example)
            assert typed is not None
            assert typed.command is command


def test_names_are_understood_without_dots() -> None:
    for command in COMMANDS:
        assert find(fold(command.names.fi)) is not None


def test_a_slip_is_suggested_in_the_persons_language() -> None:
    assert nearest("!vara", Language.FI) == "varaa"
    assert nearest("!zzzzzz", Language.FI) is None


def test_the_documentation_page_is_up_to_date() -> None:
    path = Path(__file__).parents[2] / "docs" / "commands.md"
    assert path.read_text(encoding="utf-8") == page()
