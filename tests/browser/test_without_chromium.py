"""Where Chromium can't be had, the tests of the pages fail, and the last words say why and what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
INSTALL = "apt-get install chromium"


@pytest.fixture
def without_chromium(tmp_path: Path) -> dict[str, str]:
    """An environment in which the shell's own tools are found, and no browser."""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("sh", "make"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    return {**os.environ, "PATH": str(tools)}


def ending_with(folder: Path, code: int) -> Path:
    """A folder in whose `pytest` all that happens is that it ends."""
    folder.mkdir()
    program = folder / "pytest"
    program.write_text(f"#!{shutil.which('sh')}\necho 'the tests ran'\nexit {code}\n")
    program.chmod(0o755)
    return folder


def made(folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`make test` where everything is installed already."""
    command = ("make", "--no-print-directory", "-o", "install-dev", "test", f"BIN={folder}")
    return subprocess.run(  # noqa: S603 -- our own Makefile
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("code", [0, 1])
def test_the_last_words_of_make_test_say_what_is_missing(
    tmp_path: Path, without_chromium: dict[str, str], code: int
) -> None:
    done = made(ending_with(tmp_path / "bin", code), without_chromium)
    first, last = done.stdout.splitlines()
    assert first == "the tests ran"
    assert "Chromium is missing" in last
    assert last.endswith(INSTALL)
    assert done.returncode == 2, "make's own code for a recipe that failed"


@pytest.mark.parametrize("code", [0, 1])
def test_with_chromium_make_test_ends_as_the_tests_end(
    tmp_path: Path, without_chromium: dict[str, str], code: int
) -> None:
    (Path(without_chromium["PATH"]) / "chromium").symlink_to(sys.executable)
    done = made(ending_with(tmp_path / "bin", code), without_chromium)
    assert done.stdout.splitlines() == ["the tests ran"]
    assert done.returncode == 2 * code


def test_each_page_fails_with_what_to_install(tmp_path: Path, without_chromium: dict[str, str]) -> None:
    command = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/browser/test_pages.py")
    done = subprocess.run(  # noqa: S603 -- our own interpreter and tests
        (*command, f"--basetemp={tmp_path / 'inner'}"),
        cwd=ROOT,
        env=without_chromium,
        capture_output=True,
        text=True,
        check=False,
    )
    reasons = [line for line in done.stdout.splitlines() if line.startswith("Chromium is missing")]
    assert len(reasons) == 3
    assert all(reason.endswith(INSTALL) for reason in reasons)
    assert done.returncode == 1
