"""How fast the service answers, against a bare echo bot on the same homeserver, and what the whole stack costs.

Everything runs on this machine over loopback, clients included, so the figures compare; they do not promise.
Service and echo bot take turns (A B A B), so that a machine that slows down slows both. After the plain rooms the
same is asked in encrypted ones, one after another.
"""

import argparse
import asyncio
import logging
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.encrypted import Encrypted, measure_encrypted
from benchmarks.report import Report, percentile
from benchmarks.stack import CONFIG, pss_mb, whole_stack
from benchmarks.town import fill
from benchmarks.turns import ASKED, Bench, Side, Size, book, chat, compare, running, tell
from bot.cli.demo_stage import free_ports
from bot.config.state import StateFolder
from bot.matrix.person import Person

BOOKINGS = 10_000
QUICK = Size(clients=10, rounds=4, turns=2, seconds=3.0, booked=8, starts=1)
QUICK_ENCRYPTED = replace(QUICK, clients=4, rounds=2, booked=4)


async def measure(folder: Path, size: Size, encrypted_size: Size) -> Report:
    report, state, port = Report("commands"), StateFolder.at(folder), free_ports()
    state.create()
    fill(state, CONFIG, BOOKINGS)
    tell(f"{BOOKINGS} bookings are in the file")
    async with running(state, port, size.clients) as bench:
        others = await compare(bench, size)
        booked = await book(bench, size.booked)
        loaded = pss_mb(bench.homeserver.pid, bench.service.pid)
        tell("the bookings are made")
        encrypted = await measure_encrypted(bench, state, encrypted_size)
    tell("the bookings in encrypted rooms are made")
    _tell_commands(report, bench, booked)
    _tell_encrypted(report, encrypted)
    report.add("others_cpu_share", others, "", "of the machine, taken by other programs while both were compared")
    report.add("pss_after_load_mb", loaded, "MiB", "homeserver and service, after the load above")
    await _whole(report, state, port, size.starts)
    return report


async def _whole(report: Report, state: StateFolder, port: int, starts: int) -> None:
    """`eahtari up` on the same state: once to make its accounts, then measured; memory after some use."""
    async with whole_stack(state, port):
        pass
    seconds, memory = list[float](), 0.0
    for _ in range(starts):
        async with whole_stack(state, port) as whole:
            seconds.append(whole.seconds)
            await _use(state, port)
            memory = pss_mb(*whole.pids)
            tell("the whole stack ran")
            parts = ", ".join(f"{part:.1f}" for part in whole.parts)
    report.add("warm_start_s", percentile(seconds, 50), "s", f"median of {starts}; of the last, by part: {parts} s")
    report.add("stack_pss_mb", memory, "MiB", "eahtari up and all its children, after 10 questions")
    report.aim("warm_start_s", percentile(seconds, 50), 6)
    report.aim("stack_pss_mb", memory, 400)


async def _use(state: StateFolder, port: int) -> None:
    """A little conversation through the edge, within the homeserver's own limits."""
    name, address = "kuntalainen", f"http://127.0.0.1:{port}"
    async with Person(address, name, str((state.read_secret("trial-accounts.json") or {})[name])) as person:
        room = await chat(person, f"@palvelu:{person.user_id.partition(':')[2]}")
        for _ in range(10):
            await person.ask(room, ASKED)


def _tell_commands(report: Report, bench: Bench, booked: Sequence[float]) -> None:
    for side in (bench.service, bench.echo):
        _tell_latency(report, f"{side.name}_ajat", side.latency)
    _tell_latency(report, "service_varaa", booked)
    for side in (bench.service, bench.echo):
        note = f"{len(bench.people)} clients, {side.answered} answers in {side.loaded:.1f} s"
        report.add(f"{side.name}_throughput", _rate(side), "1/s", note)
        report.add(f"{side.name}_bot_cpu_ms", 1000 * side.own_cpu / side.answered, "ms", "per command, in the load")
        cost = 1000 * side.homeserver_cpu / side.answered
        report.add(f"{side.name}_homeserver_cpu_ms", cost, "ms", "per command, in the load, clients' syncs included")
    ratio = percentile(bench.service.latency, 50) / percentile(bench.echo.latency, 50)
    report.aim("ajat_p50_ratio", ratio, 1.15)
    report.aim("throughput_ratio_inverse", _rate(bench.echo) / _rate(bench.service), 1.11)


def _tell_encrypted(report: Report, encrypted: Encrypted) -> None:
    for side in (encrypted.service, encrypted.echo):
        _tell_latency(report, f"{side.name}_ajat_encrypted", side.latency)
    _tell_latency(report, "service_varaa_encrypted", encrypted.booked)
    ratio = percentile(encrypted.service.latency, 50) / percentile(encrypted.echo.latency, 50)
    report.add("encrypted_ajat_p50_ratio", ratio, "", "service to echo bot, both in encrypted rooms")


def _tell_latency(report: Report, name: str, seconds: Sequence[float]) -> None:
    for share in (50, 99):
        report.add(f"{name}_p{share}_ms", 1000 * percentile(seconds, share), "ms", f"{len(seconds)} one after another")


def _rate(side: Side) -> float:
    return side.answered / side.loaded


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.commands", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, under a minute")
    args = parser.parse_args(arguments)
    logging.getLogger("nio").setLevel(logging.ERROR)  # it warns of each device before it claims a key of it
    with tempfile.TemporaryDirectory(prefix="eahtari-bench-") as folder:
        sizes = (QUICK, QUICK_ENCRYPTED) if args.quick else (Size(), Size())
        report = asyncio.run(measure(Path(folder) / "state", *sizes))
    print(report.as_json() if args.json else report.as_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
