"""What is looked at before anything starts: the lock, the ports, the rights."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config.state import StateFolder, StateFolderError
from bot.supervision.errors import StartError
from bot.supervision.lock import held
from bot.supervision.ports import require_free
from tests.support.ports import free_port


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = StateFolder.at(tmp_path / "state")
    folder.create()
    return folder


def test_a_second_holder_is_refused_and_told_who_holds(state: StateFolder) -> None:
    with held(state):
        state.write_run({"pid": 4711})
        with pytest.raises(StartError, match=r"in use: eÄhtäri runs there as process 4711.*--state DIR"), held(state):
            pass


def test_the_lock_ends_with_the_process_that_held_it(state: StateFolder) -> None:
    program = (
        "import os, sys; from bot.config.state import StateFolder; from bot.supervision.lock import held\n"
        "with held(StateFolder.at(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    command = (sys.executable, "-c", program, str(state.root))
    assert subprocess.run(command, check=False).returncode == -9  # noqa: S603 -- our own interpreter and program
    with held(state):
        pass


def test_a_port_in_use_is_named_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StartError, match=rf"Port {port}, which the web edge needs, is in use.*--port N"):
            require_free({"the homeserver": free_port(), "the web edge": port})


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_a_number_that_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(StartError, match="is no port"):
        require_free({"the web edge": port})


def test_folders_and_secrets_are_closed_to_others(state: StateFolder) -> None:
    state.write_secret("admin.json", {"password": "x"})
    assert stat.S_IMODE(state.secrets.stat().st_mode) == 0o700
    assert stat.S_IMODE(state.secret("admin.json").stat().st_mode) == 0o600
    assert state.read_secret("admin.json") == {"password": "x"}
    assert state.read_secret("absent.json") is None


def test_a_folder_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(StateFolderError, match=r"can't be written to: Not a directory.*--state DIR"):
        StateFolder.at(in_the_way / "state").create()


def test_a_damaged_secret_is_named(state: StateFolder) -> None:
    state.secret("admin.json").write_text("{")
    with pytest.raises(StateFolderError, match=r"admin\.json can't be read: it is not valid JSON"):
        state.read_secret("admin.json")
