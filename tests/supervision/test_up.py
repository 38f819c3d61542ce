"""`eahtari up` as a person runs it: real homeserver, real service, real signals."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
import pytest

from tests.support.ports import free_port
from tests.support.processes import alive, family, until

pytestmark = pytest.mark.live

READY = "Ready."
PASSWORD = re.compile(r"password ([a-z0-9-]+)")


def port_pair() -> int:
    """A free port whose neighbour is free too."""
    while True:
        port = free_port()
        with socket.socket() as neighbour:
            try:
                neighbour.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


async def begun(state: Path, port: int, *more: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "up",
        "--state",
        str(state),
        "--port",
        str(port),
        *more,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip -- the command stands on one line as it is typed


async def said_until_ready(process: asyncio.subprocess.Process) -> str:
    assert process.stdout is not None
    said = ""
    async with asyncio.timeout(60):
        while not said.splitlines()[-1:] or not said.splitlines()[-1].startswith(READY):
            line = (await process.stdout.readline()).decode()
            assert line, f"it ended before it was ready:\n{said}"
            said += line
    return said


@asynccontextmanager
async def running(state: Path, port: int) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    process = await begun(state, port)
    try:
        yield process, await said_until_ready(process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def refused(state: Path, port: int, *more: str) -> tuple[int, str]:
    process = await begun(state, port, *more)
    said, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, said.decode()


def children_of_state(state: Path) -> list[int]:
    """Everybody whose command line names the state folder."""
    return [one.pid for one in psutil.process_iter(["cmdline"]) if str(state) in " ".join(one.info["cmdline"] or ())]


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
async def test_no_signal_leaves_an_orphan(tmp_path: Path, number: signal.Signals) -> None:
    state = tmp_path / "state"
    async with running(state, port_pair()) as (process, _):
        everyone = family(process.pid)
        assert len(everyone) >= 3
        os.kill(process.pid, number)
        code = await asyncio.wait_for(process.wait(), 30)
        await until(lambda: not any(alive(pid) for pid in everyone))
    assert code == (-9 if number is signal.SIGKILL else 0)
    assert children_of_state(state) == []


async def test_a_second_ctrl_c_ends_an_orderly_stop_at_once(tmp_path: Path) -> None:
    """The service can't hear SIGTERM, so the orderly stop would take its whole deadline."""
    state = tmp_path / "state"
    async with running(state, port_pair()) as (process, _):
        assert process.stdout is not None
        everyone = family(process.pid)
        service = next(one for one in psutil.Process(process.pid).children() if "serve" in one.cmdline())
        service.suspend()
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(5):
            while "Ctrl-C again" not in (await process.stdout.readline()).decode():
                assert process.returncode is None
        assert all(alive(pid) for pid in everyone)
        for number in (signal.SIGTERM, signal.SIGHUP):  # these do not hurry it
            process.send_signal(number)
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 3) == 0
        await until(lambda: not any(alive(pid) for pid in everyone))
    assert children_of_state(state) == []
    assert not (state / "run.json").exists()


async def test_other_signals_do_not_hurry_an_orderly_stop(tmp_path: Path) -> None:
    async with running(tmp_path / "state", port_pair()) as (process, _):
        everyone = family(process.pid)
        service = next(one for one in psutil.Process(process.pid).children() if "serve" in one.cmdline())
        service.suspend()
        process.send_signal(signal.SIGTERM)
        await until(lambda: not (tmp_path / "state" / "run.json").exists())
        process.send_signal(signal.SIGHUP)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.shield(process.wait()), 1)
        service.resume()
        assert await asyncio.wait_for(process.wait(), 15) == 0
        await until(lambda: not any(alive(pid) for pid in everyone))


async def test_a_killed_start_leaves_no_orphan(tmp_path: Path) -> None:
    """Before anything is ready, when only some of the children exist."""
    state = tmp_path / "state"
    process = await begun(state, port_pair())
    await until(lambda: len(children_of_state(state)) > 1, within=30)
    everyone = children_of_state(state)
    process.kill()
    await process.wait()
    await until(lambda: not any(alive(pid) for pid in everyone))
    assert children_of_state(state) == []


async def test_a_second_start_finds_its_state_and_beside_it_there_is_room_for_another(tmp_path: Path) -> None:
    state, port = tmp_path / "state", port_pair()
    async with running(state, port) as (_, first):
        code, said = await refused(state, port_pair())
        assert code == 2
        assert "--state" in said
        async with running(tmp_path / "other", port_pair()) as (_, other):
            assert PASSWORD.findall(other) != PASSWORD.findall(first)
    async with running(state, port) as (_, again):
        assert PASSWORD.findall(again) == PASSWORD.findall(first)
        assert len(PASSWORD.findall(again)) == 2


async def test_a_killed_homeserver_or_service_is_started_again(tmp_path: Path) -> None:
    async with running(tmp_path / "state", port_pair()) as (process, _):
        assert process.stdout is not None
        for name in ("homeserver", "service"):
            part = "synapse.app.homeserver" if name == "homeserver" else "serve"
            victim = next(one for one in psutil.Process(process.pid).children() if part in one.cmdline())
            victim.kill()
            async with asyncio.timeout(60):
                while f"The {name} is ready again" not in (await process.stdout.readline()).decode():
                    assert process.returncode is None


async def test_a_port_in_use_is_a_sentence_and_nothing_starts(tmp_path: Path) -> None:
    state, port = tmp_path / "state", port_pair()
    with socket.create_server(("127.0.0.1", port + 1)):
        code, said = await refused(state, port)
    assert code == 2
    assert f"Port {port + 1}, which the homeserver needs, is in use" in said
    assert "--port" in said
    assert "Traceback" not in said
    assert children_of_state(state) == []


async def test_a_broken_configuration_is_a_sentence_and_nothing_starts(tmp_path: Path) -> None:
    config = tmp_path / "broken.toml"
    config.write_text("[municipality]\nname = 3\n")
    code, said = await refused(tmp_path / "state", port_pair(), "--config", str(config))
    assert code == 2
    assert "broken.toml" in said
    assert "Traceback" not in said
    assert not (tmp_path / "state" / "homeserver" / "homeserver.db").exists()


async def test_a_missing_configuration_is_a_sentence(tmp_path: Path) -> None:
    code, said = await refused(tmp_path / "state", port_pair(), "--config", str(tmp_path / "absent.toml"))
    assert code == 2
    assert "absent.toml" in said
    assert "Traceback" not in said


async def test_a_folder_without_rights_is_a_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    code, said = await refused(in_the_way / "state", port_pair())
    assert code == 2
    assert "can't be written to" in said


async def test_the_clock_of_a_real_state_is_not_moved(tmp_path: Path) -> None:
    code, said = await refused(tmp_path / "state", port_pair(), "--clock-offset", "3600")
    assert code == 2
    assert "--clock-offset" in said


async def test_a_folder_that_is_no_element_release_is_a_sentence(tmp_path: Path) -> None:
    code, said = await refused(tmp_path / "state", port_pair(), "--element", str(tmp_path))
    assert code == 2
    assert "holds no Element Web release" in said
