"""The processes that are measured: service and echo bot beside one homeserver, and the whole of `eahtari up`.

All die with the benchmark.
"""

import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import echo
from bot.config.state import StateFolder
from bot.supervision.health import answers_ok
from bot.supervision.process import Child, Process
from tests.support.homeserver import Registered, TrialHomeserver

ROOT = Path(__file__).parents[1]
CONFIG = ROOT / "examples" / "ahtari.toml"
_START_LIMIT = 90
_MIB = 2**20


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has spent so far."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def pss_mb(*pids: int) -> float:
    """Memory of processes in MiB, shared pages counted by their share."""
    return sum(psutil.Process(pid).memory_full_info().pss for pid in pids) / _MIB


@asynccontextmanager
async def service(state: StateFolder, homeserver: TrialHomeserver, port: int) -> AsyncIterator[int]:
    """The service's process alone; its pid once it is ready."""
    command = [sys.executable, "-m", "bot", "serve", "--config", str(CONFIG), "--state", str(state.root)]
    command += ["--port", str(port), "--homeserver", homeserver.url, "--no-limits"]

    async def ready() -> bool:
        return await answers_ok(f"http://127.0.0.1:{port}/healthz")

    async with _running(Child("the service", tuple(command), ready, state.log / "service.log", ROOT)) as pid:
        yield pid


@asynccontextmanager
async def echo_bot(
    state: StateFolder, homeserver: TrialHomeserver, account: Registered, *, encrypted: bool = False
) -> AsyncIterator[int]:
    """The floor's process; ready is when it has joined the first room, which the caller sees."""
    settings = {echo.ADDRESS: homeserver.url, echo.USER: account.user_id, echo.TOKEN: account.access_token}
    settings |= {echo.ENCRYPTED: echo.YES} if encrypted else {}
    log = state.log / ("encrypted-echo.log" if encrypted else "echo.log")
    command = (sys.executable, "-c", "from benchmarks.echo import main; main()")

    async def ready() -> bool:
        return True

    child = Child("the echo bot", command, ready, log, ROOT, {**os.environ, **settings})
    async with _running(child) as pid:
        yield pid


@asynccontextmanager
async def _running(child: Child) -> AsyncIterator[int]:
    process = Process(child)
    try:
        await process.start()
        assert process.pid is not None  # noqa: S101 - it was started a moment ago
        yield process.pid
    finally:
        await process.stop()


@dataclass(frozen=True, slots=True)
class Whole:
    """A running `eahtari up`: seconds from start to its ready line, and what it said of its parts."""

    pid: int
    seconds: float
    parts: tuple[float, ...]

    @property
    def pids(self) -> tuple[int, ...]:
        return (self.pid, *(child.pid for child in psutil.Process(self.pid).children(recursive=True)))


@asynccontextmanager
async def whole_stack(state: StateFolder, port: int) -> AsyncIterator[Whole]:
    """`eahtari up` as an operator starts it, but for the service's limits."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "bot", "up", "--state", str(state.root), "--port", str(port), "--no-limits"]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        lines = await asyncio.wait_for(_until_ready(process), _START_LIMIT)
        seconds = time.monotonic() - begun
        yield Whole(process.pid, seconds, tuple(float(line.split()[2]) for line in lines if "ready in" in line))
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _until_ready(process: asyncio.subprocess.Process) -> list[str]:
    assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
    lines = list[str]()
    while line := (await process.stdout.readline()).decode():
        lines.append(line)
        if line.startswith("Ready."):
            return lines
    raise RuntimeError("eahtari up did not start: " + "".join(lines[-5:]))
