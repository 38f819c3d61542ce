"""`eahtari demo`: plays the main job through real Matrix clients, step by step, against a trial of its own.

With `--state DIR` it plays against a running trial instead; a real state's clock is never moved, so there the
reminder is named as not played.
"""

import argparse
import asyncio
import contextlib
import json
import signal
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.config.state import StateFolder
from bot.matrix.person import ANYWHERE, Heard, Person
from bot.storage.database import Database

_SERVICE = "rakennuslupa"
_UNIT = "Henkilöstö: Rakennusvalvonta"


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


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("demo", help="play booking, reminder and cancelling through real clients")
    parser.add_argument("--state", type=Path, help="play against the running trial of this state folder")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when every step went well, 1 when one failed."""
    play = Play(quiet=args.json)
    try:
        asyncio.run(_running(play, args.state) if args.state else _private(play))
        ok = True
    except Exception as error:  # noqa: BLE001 - a failed step was told; anything else is told here
        ok = False
        print(f"The demonstration failed: {type(error).__name__}: {error}", file=sys.stderr)
    if args.json:
        print(json.dumps({"ok": ok, "steps": [asdict(step) for step in play.steps]}, ensure_ascii=False, indent=2))
    return 0 if ok else 1


async def _running(play: Play, folder: Path) -> None:
    state = StateFolder.at(folder)
    running = state.read_run()
    if running is None:
        raise RuntimeError("nothing runs on that state folder: start it with eahtari up")
    number = await _book(play, state, int(running["port"]))
    play.tell(Step("the reminder comes", ok=None, seconds=0, said="the clock of a running trial is not moved"))
    await _cancel(play, state, int(running["port"]), number)


async def _private(play: Play) -> None:
    with tempfile.TemporaryDirectory(prefix="eahtari-demo-") as folder:
        state = StateFolder.at(Path(folder) / "state")
        state.create()
        state.demo_marker.touch()
        port = free_ports()
        async with play.step("homeserver and service start"), _trial(state, port, timedelta()):
            pass
        async with _trial(state, port, timedelta()):
            number = await _book(play, state, port)
        offset = _to_reminder(state, number)
        async with _trial(state, port, offset):
            await _remind(play, state, port, number)
            await _cancel(play, state, port, number)


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
async def _trial(state: StateFolder, port: int, offset: timedelta) -> AsyncIterator[None]:
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


def _person(state: StateFolder, port: int, name: str) -> Person:
    accounts = state.read_secret("trial-accounts.json") or {}
    return Person(f"http://127.0.0.1:{port}", name, str(accounts[name]))


def _service_of(person: Person) -> str:
    return f"@palvelu:{person.user_id.partition(':')[2]}"


def _first_line(heard: Heard) -> str:
    return heard.body.split("\n")[0]


async def _book(play: Play, state: StateFolder, port: int) -> str:
    async with play.step("citizen and official log in"):
        citizen, official = _person(state, port, "kuntalainen"), _person(state, port, "rakennustarkastaja")
        await citizen.__aenter__()
        await official.__aenter__()
    async with _closing(official, citizen):
        async with play.step("the citizen opens a chat and is greeted") as said:
            room = await citizen.chat_with(_service_of(citizen))
            said.append(_first_line(await citizen.hear(room)))
        async with play.step("the citizen asks for free times") as said:
            said += ["!ajat rakennuslupa", (await citizen.ask(room, f"!ajat {_SERVICE} ensi viikolla", "Vapaat")).body]
        async with play.step("the citizen chooses by number, and the time is held for five minutes") as said:
            said += ["1", (await citizen.ask(room, "1", "Varataanko")).body]
        async with play.step("the citizen confirms and has an appointment") as said:
            confirmed = await citizen.ask(room, "1", "Varausnumero")
            said += ["1", confirmed.body]
        number = confirmed.body.split("Varausnumero: ")[1].split()[0]
        async with play.step("both are in the appointment's room") as said:
            own = await citizen.room_named("Rakennusluvat")
            said.append(_first_line(await citizen.hear(own, number)))
            if official.user_id not in await citizen.members(own):
                raise RuntimeError("the official was not invited")
        async with play.step("the official sees the card in the unit's room") as said:
            wall = await official.room_named(_UNIT)
            said.append((await official.hear(wall, number)).body)
        async with play.step("the citizen moves the appointment, and the card says so") as said:
            said.append((await citizen.ask(room, f"!siirrä {number} ensi viikolla", "Vapaat")).body)
            said += ["1", (await citizen.ask(room, "1", "siirretty")).body]
            card = await official.hear(wall, lambda content: "m.new_content" in content and _holds(content, number))
            said.append(card.body)
    return number


@asynccontextmanager
async def _closing(*people: Person) -> AsyncIterator[None]:
    """Closes the clients at the end."""
    try:
        yield
    finally:
        for person in people:
            await person.__aexit__(None, None, None)


def _to_reminder(state: StateFolder, number: str) -> timedelta:
    """How far the clock has to go so that the day-before reminder is due in a few seconds."""
    with Database(state.database) as store:
        appointment = store.transact_now(lambda tx: tx.appointments.by_number(number))
    assert appointment is not None  # noqa: S101 - it was booked a moment ago
    due = appointment.start - timedelta(hours=24)
    return due + timedelta(seconds=1) - datetime.now(due.tzinfo)


async def _remind(play: Play, state: StateFolder, port: int, number: str) -> None:
    step = play.step("the reminder comes, after a restart with the clock moved")
    async with step as said, _person(state, port, "kuntalainen") as citizen:
        said.append((await citizen.hear(ANYWHERE, lambda c: _holds(c, "Muistutus", number))).body)


def _holds(content: Mapping[str, Any], *parts: str) -> bool:
    """Whether a message's words, or an edited message's new ones, hold all the parts."""
    words = str(content.get("m.new_content", content).get("body", ""))
    return all(part in words for part in parts)


async def _cancel(play: Play, state: StateFolder, port: int, number: str) -> None:
    async with (
        play.step("the citizen cancels, and the card says so") as said,
        _person(state, port, "kuntalainen") as citizen,
        _person(state, port, "rakennustarkastaja") as official,
    ):
        room = await citizen.chat_with(_service_of(citizen))
        await citizen.hear(room)
        said.append((await citizen.ask(room, f"!peru {number}", number)).body)
        card = await official.hear(ANYWHERE, lambda c: "m.new_content" in c and _holds(c, number))
        said.append(card.body)
