"""The documentation is held to the program: what it names exists, and what the operator can set is named."""

import argparse
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.commands.page import page

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CHANGELOG.md", *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))

_FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
_INDENTED = re.compile(r"^ {4,}(\S.*)$", re.MULTILINE)
_SPAN = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


def pages() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def prose(path: Path) -> str:
    return _FENCE.sub("", path.read_text(encoding="utf-8"))


def code(path: Path) -> Iterator[str]:
    """Everything that a reader could type: spans, fenced lines, indented lines; comments cut off."""
    text = path.read_text(encoding="utf-8")
    for fence in _FENCE.findall(text):
        yield from (line.partition("  #")[0].strip() for line in fence.splitlines()[1:-1])
    outside = _FENCE.sub("", text)
    yield from (line.partition("  #")[0].strip() for line in _INDENTED.findall(outside))
    yield from _SPAN.findall(outside)


def anchors(path: Path) -> set[str]:
    """The anchors that a heading gets: lower case, spaces to hyphens, other marks dropped."""
    titles = (re.sub(r"[^\w\- ]", "", title.lower()) for title in _HEADING.findall(prose(path)))
    return {title.strip().replace(" ", "-") for title in titles}


@pages()
def test_every_relative_link_resolves(path: Path) -> None:
    for link in _LINK.findall(prose(path)):
        if re.match(r"[a-z]+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pages()
def test_every_make_target_and_variable_exists(path: Path) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    variables = set(re.findall(r"^([A-Z]+) \?=", makefile, re.MULTILINE))
    for line in code(path):
        if line.startswith("make "):
            for word in line.split()[1:]:
                name, is_variable, _ = word.partition("=")
                assert name in (variables if is_variable else targets), line


@pages()
def test_every_eahtari_command_line_is_understood(path: Path) -> None:
    for line in code(path):
        command = re.match(r"(?:\.venv/bin/)?eahtari ([a-z].*)", line)
        if command:
            check(parser(), shlex.split(command[1]), line)


def parser() -> argparse.ArgumentParser:
    from bot.__main__ import parser as build  # noqa: PLC0415 - a command line that can't be imported fails one test only

    return build()


def check(known: argparse.ArgumentParser, words: list[str], line: str) -> None:
    """Follows words through subcommands; behind them, every option must be one of the last one's."""
    below = subcommands(known)
    if below and words:
        assert words[0] in below, line
        check(below[words[0]], words[1:], line)
        return
    options = {option for action in known._actions for option in action.option_strings}
    assert {word for word in words if word.startswith("-")} <= options, line


def subcommands(known: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found = (action for action in known._actions if isinstance(action, argparse._SubParsersAction))
    return {name: below for action in found for name, below in action.choices.items()}


def test_every_subcommand_is_documented() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8") + (ROOT / "docs/operators.md").read_text(encoding="utf-8")
    missing = {name for name in subcommands(parser()) if f"eahtari {name}" not in text} - {"serve"}
    assert not missing


def test_every_table_of_the_example_is_explained_to_operators() -> None:
    example = tomllib.loads((ROOT / "examples" / "ahtari.toml").read_text(encoding="utf-8"))
    text = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    missing = {name for name in example if not re.search(rf"`\[*{name}[.\]`]", text)}
    assert not missing


def test_the_page_of_commands_is_what_the_declarations_say() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == page(), "write it anew: python -m bot.commands.page > docs/commands.md"


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    listed = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert all(f"({path.name})" in listed for path in DECISIONS)


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_context_decision_and_consequences(path: Path) -> None:
    headings = _HEADING.findall(path.read_text(encoding="utf-8"))
    assert headings[1:] == ["Context", "Decision", "Consequences"]
