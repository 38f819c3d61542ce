"""kill -9 of the parent at any moment leaves nobody behind: the kernel is asked, not the parent."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.supervision import child
from tests.support.processes import alive, family, until

PARENT = """
import asyncio, sys
from pathlib import Path
from bot.supervision.process import Child
from bot.supervision.supervisor import Supervisor

folder = Path(sys.argv[1])
async def yes(): return True
def sleeper(name):
    return Child(name, ("sleep", "1000"), yes, folder / name)

async def main():
    async with Supervisor(print) as supervisor:
        await supervisor.start(sleeper("one"))
        await supervisor.start(sleeper("two"))
        print("ready", flush=True)
        await supervisor.watch()

asyncio.run(main())
"""


def is_sleeping(pid: int) -> bool:
    """Whether the launcher has become the program it was to start."""
    return Path(f"/proc/{pid}/cmdline").read_bytes().startswith(b"sleep")


@pytest.mark.parametrize("settled", [True, False], ids=["children run", "children are being launched"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV])
async def test_a_killed_parent_leaves_no_orphan(tmp_path: Path, number: signal.Signals, *, settled: bool) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PARENT, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout is not None
    assert await parent.stdout.readline() == b"ready\n"
    everyone = family(parent.pid)
    assert len(everyone) == 3
    if settled:
        await until(lambda: all(is_sleeping(pid) for pid in everyone[1:]))
    os.kill(parent.pid, number)
    await parent.wait()
    await until(lambda: not any(alive(pid) for pid in everyone))


def test_a_child_whose_parent_died_before_it_asked_does_not_run(tmp_path: Path) -> None:
    marker = tmp_path / "ran"
    not_the_parent = "1"
    command = (sys.executable, "-I", "-S", child.__file__, not_the_parent, "touch", str(marker))
    assert subprocess.run(command, check=False).returncode == 1  # noqa: S603 -- our own interpreter and program
    assert not marker.exists()
