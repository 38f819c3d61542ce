"""The table in README.md beside this file names tests that exist, and every test of this folder."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
_NAMED = re.compile(r"`(?:([\w/]+\.py)::)?(test_\w+)`")


def _tests_of(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


def _rows() -> list[str]:
    lines = (HERE / "README.md").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.startswith("| ") and line != "| trap | tests |"]


def _named() -> list[tuple[Path, str]]:
    """File and name of each test in the table; a name without a file is of this folder."""
    found = [pair for row in _rows() for pair in _NAMED.findall(row)]
    own = {name: file for file in HERE.glob("test_*.py") for name in _tests_of(file)}
    return [(ROOT / "tests" / file if file else own.get(name, HERE / "nowhere.py"), name) for file, name in found]


def test_every_named_test_exists() -> None:
    missing = [name for file, name in _named() if not file.exists() or name not in _tests_of(file)]
    assert missing == []


def test_every_trap_has_a_test() -> None:
    rows = _rows()
    assert len(rows) > 40
    assert [row for row in rows if not _NAMED.search(row)] == []


def test_every_test_of_this_folder_is_in_the_table() -> None:
    named = {name for _, name in _named()}
    written = {name for file in HERE.glob("test_*.py") if file != Path(__file__) for name in _tests_of(file)}
    assert written - named == set()
