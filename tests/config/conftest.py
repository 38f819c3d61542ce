import runpy
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.config.problems import ConfigurationError, Problem
from bot.config.reading import read
from bot.config.settings import Configuration

Reader = Callable[[str], Configuration]


@pytest.fixture(scope="session")
def town() -> str:
    return str(runpy.run_path(str(Path(__file__).parent / "town.py"))["TOWN"])


@pytest.fixture
def read_text(tmp_path: Path) -> Reader:
    def read_it(text: str) -> Configuration:
        path = tmp_path / "eahtari.toml"
        path.write_text(text, encoding="utf-8")
        return read(path)

    return read_it


@pytest.fixture
def broken(town: str, read_text: Reader) -> Callable[[str, str], tuple[Problem, ...]]:
    """Reads the town with one passage replaced, and gives what was found wrong."""

    def problems(old: str, new: str) -> tuple[Problem, ...]:
        assert old in town
        with pytest.raises(ConfigurationError) as caught:
            read_text(town.replace(old, new, 1))
        return caught.value.problems

    return problems
