"""`eahtari demo`: plays the main job through real Matrix clients, step by step, against a trial of its own.

With `--state DIR` it plays against a running trial instead; a running trial's clock is never moved, so there the
reminder and the missed visit are named as not played.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cli import demo_scenes as scenes
from bot.cli.demo_scenes import Stage
from bot.cli.demo_stage import Play, Step, appointment_of, free_ports, trial
from bot.config.state import StateFolder

_NOT_MOVED = "the clock of a running trial is not moved"


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("demo", help="play booking, moving, sick leave and no-show through real clients")
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
    stage = Stage(play, state, int(running["port"]))
    number = await scenes.book(stage)
    await scenes.move(stage, number)
    await scenes.fall_ill(stage, number)
    await scenes.cancel(stage)
    for name in ("the reminder comes", "the citizen does not come"):
        play.tell(Step(name, ok=None, seconds=0, said=_NOT_MOVED))


async def _private(play: Play) -> None:
    with tempfile.TemporaryDirectory(prefix="eahtari-demo-") as folder:
        state = StateFolder.at(Path(folder) / "state")
        state.create()
        state.demo_marker.touch()
        stage = Stage(play, state, free_ports())
        async with play.step("homeserver and service start"), trial(state, stage.port, timedelta()):
            pass
        async with trial(state, stage.port, timedelta()):
            number = await scenes.book(stage)
            await scenes.move(stage, number)
            await scenes.fall_ill(stage, number)
            await scenes.cancel(stage)
        async with trial(state, stage.port, _until(state, number, timedelta(hours=-24, seconds=1))):
            await scenes.remind(stage, number)
        async with trial(state, stage.port, _until(state, number, timedelta(minutes=1))):
            await scenes.miss(stage, number)


def _until(state: StateFolder, number: str, distance: timedelta) -> timedelta:
    """How far the clock has to go until `distance` from the appointment's start."""
    start = appointment_of(state, number).start
    return start + distance - datetime.now(start.tzinfo)
