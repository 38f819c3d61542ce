"""Ten and twenty participants' worth of moving pictures for ten minutes: what the engine takes and everybody gets.

One minute is one row: CPU, memory, lost packets, pictures that came, and freezes (more than 200 ms between two
pictures). The load's own lateness stands beside it, because a machine that can't play the load proves nothing of
the engine. An honest number of participants is the largest with no row of freezes that the engine made.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.calls.load import Load, Told, load
from benchmarks.calls.measuring import THREE_LOUDEST
from benchmarks.calls.peers import Running, machine_address, own_engine
from benchmarks.calls.scene import RATE, record
from benchmarks.report import Report, percentile
from benchmarks.stack import cpu_seconds, pss_mb

SIZES = (10, 20)
_ROW_S = 60.0
_SETTLE_S = 30.0
_LOST, _MISSING, _FROZEN = 0.001, 0.01, 0.001
"""Shares of packets, of pictures, and of viewing time that may be missed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One stretch of the load; `memory_mb` at its end."""

    seconds: float
    cpu_s: float
    memory_mb: float
    told: Told


@dataclass(frozen=True, slots=True)
class Lasted:
    """A whole load."""

    participants: int
    settled_s: float | None
    rows: Sequence[Row]

    @property
    def seconds(self) -> float:
        return sum(row.seconds for row in self.rows)

    def total(self, name: str) -> float:
        return float(sum(row.told[name] for row in self.rows))

    @property
    def watched_s(self) -> float:
        """Seconds of pictures that were to be seen, all viewers and all whom they see together."""
        return self.seconds * self.participants * (self.participants - 1)


async def measure(folder: Path, sizes: Sequence[int], seconds: float, loudest: int) -> Report:
    report, recording = Report("conference_load"), folder / "recording"
    record().save(recording)
    for participants in sizes:
        async with own_engine(folder / str(participants), machine_address()) as peer:
            await peer.hear(loudest)
            async with load(peer, participants, recording) as everybody:
                lasted = await _last(peer, everybody, seconds)
        _tell(report, lasted)
    return report


async def _last(peer: Running, everybody: Load, seconds: float) -> Lasted:
    await everybody.join()
    settled, rows = await everybody.settled(_SETTLE_S), list[Row]()
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 1:
        rows.append(await _row(peer, everybody, min(left, _ROW_S)))
        told = rows[-1].told
        line = f"{everybody.participants}: {rows[-1].cpu_s / rows[-1].seconds:.3f} cores, "
        line += (
            f"{rows[-1].memory_mb:.0f} MiB, {told['lost']} lost, {told['freezes']} freezes, {told['late']} sent late"
        )
        print(line, file=sys.stderr, flush=True)
    return Lasted(everybody.participants, settled, rows)


async def _row(peer: Running, everybody: Load, seconds: float) -> Row:
    begun, cpu = time.monotonic(), cpu_seconds(peer.pid)
    told = await everybody.window(seconds)
    return Row(time.monotonic() - begun, cpu_seconds(peer.pid) - cpu, pss_mb(peer.pid), told)


def _tell(report: Report, lasted: Lasted) -> None:
    name, rows, minutes = f"_{lasted.participants}", lasted.rows, f"{lasted.seconds / 60:.1f} min"
    cores = [row.cpu_s / row.seconds for row in rows]
    report.add(f"settled{name}", lasted.settled_s, "s", "until everybody saw everybody")
    report.add(f"cores{name}", sum(row.cpu_s for row in rows) / lasted.seconds, "cores", f"mean of {minutes}")
    report.add(f"cores_worst{name}", max(cores), "cores", "worst row")
    report.add(f"memory_first{name}", rows[0].memory_mb, "MiB", "after the first row")
    report.add(f"memory_last{name}", rows[-1].memory_mb, "MiB", "after the last")
    latencies = [value for row in rows for value in row.told["latencies_ms"]]
    for share in (50, 95, 99):
        value = percentile(latencies, share) if latencies else None
        report.add(f"latency_p{share}{name}", value, "ms", f"{len(latencies)} pictures")
    lost = lasted.total("lost") / max(1.0, lasted.total("expected"))
    missing = 1 - lasted.total("pictures") / (RATE * lasted.watched_s)
    frozen = lasted.total("frozen_s") / lasted.watched_s
    _tell_sums(report, lasted, name)
    report.aim(f"lost_share{name}", lost, _LOST)
    report.aim(f"missing_share{name}", missing, _MISSING)
    report.aim(f"frozen_share{name}", frozen, _FROZEN)


def _tell_sums(report: Report, lasted: Lasted, name: str) -> None:
    notes = {
        "packets": "that everybody got",
        "repaired": "lost on the way and sent again",
        "lost": "lost for good",
        "sound_lost": "of these, sound",
        "pictures": "shown whole",
        "freezes": "gaps over 200 ms between two pictures of one stream",
        "late": "pictures that the load itself sent late",
        "asked": "packets that the engine asked for again",
        "losses": "whole pictures that were asked for",
        "refused": "packets that the load's sockets refused",
    }
    for figure, note in notes.items():
        report.add(f"{figure}{name}", lasted.total(figure), "", note)
    report.add(f"load_cores{name}", lasted.total("cpu_s") / lasted.seconds, "cores", "of the load's own processes")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conference_load", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--minutes", type=float, default=10.0, help="of each load")
    parser.add_argument("--participants", type=int, nargs="+", default=SIZES, help="sizes of the conference")
    parser.add_argument("--loudest", type=int, default=THREE_LOUDEST, help="voices at a time; 0: all")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="eahtari-bench-") as folder:
        report = asyncio.run(measure(Path(folder), tuple(args.participants), 60 * args.minutes, args.loudest))
    print(report.as_json() if args.json else report.as_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
