"""Tables of Markdown that name tests: `folder/test_file.py::test_name`, or the name alone for one folder's own."""

import ast
import re
from itertools import pairwise
from pathlib import Path

TESTS = Path(__file__).parents[1]
_NAMED = re.compile(r"`(?:([\w/]+\.py)::)?(test_\w+)`")


def tests_of(file: Path) -> set[str]:
    """The names of a file's test functions."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return {node.name for node in functions if node.name.startswith("test_")}


def rows(page: Path) -> list[str]:
    """The rows of all tables, without their heads."""
    lines = page.read_text(encoding="utf-8").splitlines()
    heads = {before for before, line in pairwise(lines) if line.startswith("|---")}
    return [line for line in lines if line.startswith("| ") and line not in heads]


def without_test(page: Path) -> list[str]:
    return [row for row in rows(page) if not _NAMED.search(row)]


def named(page: Path, own: Path) -> list[tuple[Path, str]]:
    """File and name of each test that the page names; a name without a file is of the folder `own`."""
    found = [pair for row in rows(page) for pair in _NAMED.findall(row)]
    here = {name: file for file in own.glob("test_*.py") for name in tests_of(file)}
    return [(TESTS / file if file else here.get(name, own / "nowhere.py"), name) for file, name in found]


def missing(page: Path, own: Path) -> list[str]:
    """Tests that are named and do not exist."""
    return [name for file, name in named(page, own) if not file.exists() or name not in tests_of(file)]
