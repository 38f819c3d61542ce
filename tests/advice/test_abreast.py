import os
from collections.abc import Callable

import pytest

from bot.advice import abreast
from bot.advice.abreast import both


@pytest.fixture(autouse=True)
def _two_processors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abreast, "processors", lambda: 2)


def test_the_second_piece_runs_in_a_process_of_its_own() -> None:
    first, second = both(os.getpid, os.getpid, abreast=True)
    assert first == os.getpid()
    assert second != os.getpid()


def test_a_result_larger_than_a_pipe_comes_whole() -> None:
    _, second = both(lambda: 0, lambda: b"x" * 2_000_000, abreast=True)
    assert len(second) == 2_000_000


def test_one_after_the_other_stays_in_this_process() -> None:
    assert both(os.getpid, os.getpid, abreast=False) == (os.getpid(), os.getpid())


def test_one_processor_stays_in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(abreast, "processors", lambda: 1)
    assert both(os.getpid, os.getpid, abreast=True) == (os.getpid(), os.getpid())


def _dies_elsewhere(here: int) -> Callable[[], str]:
    def made() -> str:
        if os.getpid() != here:
            os._exit(9)
        return "made here"

    return made


def test_what_a_killed_process_owes_is_made_here() -> None:
    assert both(lambda: 1, _dies_elsewhere(os.getpid()), abreast=True) == (1, "made here")


def test_an_error_of_the_second_piece_is_raised_here(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError):
        both(lambda: 1, lambda: 1 // 0, abreast=True)
    capfd.readouterr()
