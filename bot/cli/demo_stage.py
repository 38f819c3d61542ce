"""The stage of the demonstration: a trial of its own, people at their clients, and the steps as they are told."""

import asyncio
import contextlib
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from bot.config.state import StateFolder
from bot.domain.booking import Appointment
from bot.matrix.person import Person
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what was done, what was said, and seconds it took. `ok` is none where it was not played."""

    name: str
    ok: bool | None
    seconds: float
    said: str = ""


@dataclass
class Play:
    """The steps so far. A step that fails ends the play."""

    quiet: bool
    steps: list[Step] = field(default_factory=list)

    def tell(self, step: Step) -> None:
        self.steps.append(step)
        if not self.quiet:
            mark = {True: "ok", False: "FAILED", None: "not played"}[step.ok]
            print(f"[{mark} {step.seconds:6.2f} s] {step.name}", flush=True)
            for line in step.said.splitlines():
                print(f"      {line}")

    @asynccontextmanager
    async def step(self, name: str) -> AsyncIterator[list[str]]:
        begun, said = time.monotonic(), list[str]()
        try:
            yield said
        except Exception as error:
            self.tell(Step(name, ok=False, seconds=time.monotonic() - begun, said=f"{type(error).__name__}: {error}"))
            raise
        self.tell(Step(name, ok=True, seconds=time.monotonic() - begun, said="\n".join(said)))


def free_ports() -> int:
    """A port whose neighbour is free too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            port = int(first.getsockname()[1])
            with contextlib.suppress(OSError):
                second.bind(("127.0.0.1", port + 1))
                return port


@asynccontextmanager
async def trial(state: StateFolder, port: int, offset: timedelta) -> AsyncIterator[None]:
    """`eahtari up` on a state folder, its clock ahead by `offset`. Raises `RuntimeError` where it does not start."""
    command = [sys.executable, "-m", "bot", "up", "--state", str(state.root), "--port", str(port)]
    command += ["--clock-offset", str(int(offset.total_seconds()))] if offset else []
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    try:
        await asyncio.wait_for(_until_ready(process), 120)
        yield
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await process.wait()


async def _until_ready(process: asyncio.subprocess.Process) -> None:
    assert process.stdout is not None  # noqa: S101 - it was opened as a pipe
    lines = []
    while line := (await process.stdout.readline()).decode():
        lines.append(line)
        if line.startswith("Ready."):
            return
    raise RuntimeError("the trial did not start: " + "".join(lines[-5:]))


def person_of(state: StateFolder, port: int, name: str) -> Person:
    """One of the trial's ready accounts at a client of its own."""
    accounts = state.read_secret("trial-accounts.json") or {}
    return Person(f"http://127.0.0.1:{port}", name, str(accounts[name]))


def service_of(person: Person) -> str:
    return f"@palvelu:{person.user_id.partition(':')[2]}"


def appointment_of(state: StateFolder, number: str) -> Appointment:
    """As the trial's file has it now."""
    with Database(state.database) as store:
        found = store.transact_now(lambda tx: tx.appointments.by_number(number))
    if found is None:
        raise RuntimeError("the appointment is not in the file")
    return found
