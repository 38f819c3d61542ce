"""The table in README.md beside this file names tests that exist, and every test of this folder."""

from pathlib import Path

from tests.support import tables

HERE = Path(__file__).parent
PAGE = HERE / "README.md"


def test_every_named_test_exists() -> None:
    assert tables.missing(PAGE, HERE) == []


def test_every_trap_has_a_test() -> None:
    assert len(tables.rows(PAGE)) > 40
    assert tables.without_test(PAGE) == []


def test_every_test_of_this_folder_is_in_the_table() -> None:
    named = {name for _, name in tables.named(PAGE, HERE)}
    written = {name for file in HERE.glob("test_*.py") if file != Path(__file__) for name in tables.tests_of(file)}
    assert written - named == set()
