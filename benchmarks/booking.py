"""How fast free times are found and booked in a calendar of a thousand, a hundred thousand, a million appointments.

Everything is asked of the real storage on this machine's disk, one after another; no homeserver takes part. In the
same run a rush of people books the same times here and in a calendar of the usual kind.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from benchmarks.calendar_use import Use, use
from benchmarks.grown import FULL_DAYS, grow
from benchmarks.report import Report, percentile
from benchmarks.turns import tell
from benchmarks.web_calendar import PEOPLE, PROCESSES, Outcome, ours, times_wanted, usual
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class Size:
    """How many appointments the files have, the fewest first; how often each is asked; how many times are rushed."""

    files: tuple[int, ...] = (1_000, 100_000, 1_000_000)
    searches: int = 1000
    bookings: int = 400
    rushed: int = 3


QUICK = Size(files=(1_000, 50_000), searches=300, bookings=200, rushed=1)


@dataclass(frozen=True, slots=True)
class _CpuTimes:
    """Seconds of CPU so far: all there was, what was used, and what this process used of it."""

    all: float
    used: float
    ours: float

    @classmethod
    def now(cls) -> Self:
        times, own = psutil.cpu_times(), psutil.Process().cpu_times()
        whole = sum(times) - times.guest - times.guest_nice
        return cls(whole, whole - times.idle - times.iowait, own.user + own.system)

    def others_since(self, before: Self) -> float:
        return max(0.0, (self.used - before.used) - (self.ours - before.ours)) / (self.all - before.all)


_SEARCH_MS, _BOOKING_MS, _GROWTH = 10, 15, 2.4
_MIB = 2**20


def measure(folder: Path, size: Size) -> Report:
    report = Report("booking")
    paths = [_made(report, folder, number) for number in size.files]
    with ExitStack() as stack:
        before = _CpuTimes.now()
        used = use([stack.enter_context(Database(path)) for path in paths], size.searches, size.bookings)
        others = _CpuTimes.now().others_since(before)
    tell("all were searched, and booked in")
    for number, found in zip(size.files, used, strict=True):
        _tell_use(report, number, found)
    report.add("others_cpu_share", others, "", "of the machine, taken by other programs meanwhile")
    _aim(report, used[0], used[-1])
    _rush(report, paths[0], folder / "usual.db", size.rushed)
    return report


def _made(report: Report, folder: Path, number: int) -> Path:
    path, begun = folder / f"{number}.db", time.perf_counter()
    grow(path, number)
    tell(f"a file of {number} appointments is made")
    note = f"written in bulk in {time.perf_counter() - begun:.0f} s, with rooms, jobs, history and what was sent"
    report.add(f"file_{number}_mb", path.stat().st_size / _MIB, "MiB", note)
    return path


def _tell_use(report: Report, number: int, found: Use) -> None:
    shown = f"{len(found.searched)} one after another, {found.shown / len(found.searched):.0f} free times each"
    ahead = (
        f"{found.ahead} ahead; the measured officials' weeks are alike in every file, the first {FULL_DAYS} days full"
    )
    report.add(f"search_{number}_p50_ms", _ms(found.searched, 50), "ms", ahead)
    report.add(f"search_{number}_p99_ms", _ms(found.searched, 99), "ms", shown)
    for share in (50, 99):
        note = f"{len(found.booked)} one after another, each on the disk when it counts"
        report.add(f"booking_{number}_p{share}_ms", _ms(found.booked, share), "ms", note)


def _aim(report: Report, fewest: Use, most: Use) -> None:
    report.aim("search_p99_ms", _ms(most.searched, 99), _SEARCH_MS)
    report.aim("booking_p99_ms", _ms(most.booked, 99), _BOOKING_MS)
    report.aim("search_p50_growth", _ms(most.searched, 50) / _ms(fewest.searched, 50), _GROWTH)
    report.aim("booking_p50_growth", _ms(most.booked, 50) / _ms(fewest.booked, 50), _GROWTH)


def _rush(report: Report, path: Path, other: Path, number: int) -> None:
    """Both for the same times."""
    times = times_wanted(path, number)
    here, there = ours(path, times), usual(other, times)
    tell("both calendars had their rush")
    report.add("rush_double_bookings", here.double, "", _crowd(here))
    report.add("usual_calendar_double_bookings", there.double, "", f"{_crowd(there)}; check, then insert")


def _crowd(outcome: Outcome) -> str:
    return f"{outcome.bookings} bookings of {outcome.times} times, {PEOPLE} people for each, {PROCESSES} processes"


def _ms(seconds: Sequence[float], share: int) -> float:
    return 1000 * percentile(seconds, share)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.booking", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quick", action="store_true", help="a thousand and fifty thousand only, under a minute")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="eahtari-bench-") as folder:
        report = measure(Path(folder), QUICK if args.quick else Size())
    print(report.as_json() if args.json else report.as_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
