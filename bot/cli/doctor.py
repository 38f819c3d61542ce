"""`eahtari doctor`: what is wrong, and what to do about it. Asks and looks; changes nothing.

The checks are in `bot.cli.doctor_local` and `bot.cli.doctor_live`; those of the calls in `doctor_calls`, `doctor_relay`
and `doctor_livekit`.
"""

import argparse
import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import aiohttp

from bot.cli import doctor_calls, doctor_live, doctor_livekit, doctor_local, doctor_relay
from bot.cli.doctor_calls import CallPlace, running_config
from bot.cli.findings import Finding, Live, LocalCheck, Place, Status, fail, ok
from bot.cli.running import Running, find_running
from bot.config.problems import ConfigurationError
from bot.config.reading import read
from bot.config.state import StateFolder, StateFolderError
from bot.storage.checkup import kept_time_zone

T = TypeVar("T")

CALLS = (*doctor_calls.CHECKS, *doctor_relay.CHECKS, *doctor_livekit.CHECKS)


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("doctor", help="say what is wrong and what to do")
    parser.add_argument("--state", type=Path, default=Path("state"), help="where everything is kept")
    parser.add_argument("--config", type=Path, help="the municipality's file; none: the one that the service runs with")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when nothing fails, 1 when something does; warnings do not count."""
    findings = examine(StateFolder.at(args.state), args.config)
    sound = all(finding.status is not Status.FAIL for finding in findings)
    if args.json:
        print(json.dumps({"ok": sound, "checks": [asdict(one) for one in findings]}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(lines(findings)))
    return 0 if sound else 1


def examine(state: StateFolder, config: Path | None = None) -> list[Finding]:
    """All checks that can be made; calls are judged by the configuration in `config`."""
    if not state.root.is_dir():
        remedy = "Start with eahtari up, or name the right folder with --state DIR."
        return [fail("running", f"nothing runs: there is no state folder {state.root}", remedy)]
    try:
        running = find_running(state)
    except StateFolderError as error:
        return [fail("running", str(error), "Stop the service and remove the file.")]
    return [
        _running(state, running),
        *_local(state),
        *asyncio.run(_asked(state, running, config or running_config(state))),
    ]


def _running(state: StateFolder, running: Running | None) -> Finding:
    if running is None:
        remedy = f"Start it with eahtari up --state {state.root}, then run this again: most checks need it running."
        return fail("running", f"nothing runs on {state.root}", remedy)
    return ok("running", f"eÄhtäri runs on port {running.port}")


def _local(state: StateFolder) -> list[Finding]:
    place = Place(state, _zone(state))
    return [finding for check in doctor_local.CHECKS for finding in _safely(check, place)]


def _zone(state: StateFolder) -> ZoneInfo | None:
    try:
        return kept_time_zone(state.database)
    except (sqlite3.Error, ValueError, KeyError, OSError):
        return None


def _safely(check: LocalCheck, place: Place) -> list[Finding]:
    try:
        return check(place)
    except Exception as error:  # noqa: BLE001 - one check that breaks must not hide the others
        return [_broken(check, error)]


def _broken(check: Callable[..., object], error: Exception) -> Finding:
    id = getattr(check, "__name__", "check")
    return fail(id, f"could not be checked ({type(error).__name__})", "Please report this with eahtari's version.")


async def _asked(state: StateFolder, running: Running | None, config: Path) -> list[Finding]:
    return [*(await _live(state, running) if running else ()), *await _calls(state, running, config)]


async def _live(state: StateFolder, running: Running) -> list[Finding]:
    limit = aiohttp.ClientTimeout(total=doctor_live.PATIENCE)
    async with aiohttp.ClientSession(timeout=limit) as http:
        return await _each(doctor_live.CHECKS, Live(state, running, http))


async def _calls(state: StateFolder, running: Running | None, config: Path) -> list[Finding]:
    try:
        place = CallPlace(state, running, read(config))
    except ConfigurationError as error:
        remedy = "Mend it, or name the right file with --config FILE: calls could not be looked at."
        return [fail("configuration", str(error), remedy)]
    return [ok("configuration", f"calls are judged by {config}"), *await _each(CALLS, place)]


async def _each(checks: Sequence[Callable[[T], Awaitable[list[Finding]]]], subject: T) -> list[Finding]:
    """One check after another: they are cheap, and each meets the service as the last one left it."""
    findings: list[Finding] = []
    for check in checks:
        try:
            findings += await check(subject)
        except Exception as error:  # noqa: BLE001 - one check that breaks must not hide the others
            findings.append(_broken(check, error))
    return findings


def lines(findings: list[Finding]) -> list[str]:
    """The findings for people: one line each, its remedy below, a sum at the end."""
    width = max(len(finding.id) for finding in findings)
    told = []
    for finding in findings:
        told.append(f"{finding.status.upper():4}  {finding.id:{width}}  {finding.found}")
        told += [f"{'':{width + 8}}→ {finding.remedy}"] if finding.remedy else []
    return [*told, "", _sum(findings)]


def _sum(findings: list[Finding]) -> str:
    wrong = sum(finding.status is Status.FAIL for finding in findings)
    doubtful = sum(finding.status is Status.WARN for finding in findings)
    return "All is well." if not wrong + doubtful else f"{wrong} failed, {doubtful} to be looked at."
