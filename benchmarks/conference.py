"""What a conference costs the engine's process, beside Janus's VideoRoom and, where installed, LiveKit.

Everybody sends moving pictures (360p, 15 a second, 392 kbit/s, VP8) and Opus, and is sent everybody else's; nobody
decodes but the one who joins late. The load runs in processes of its own, and only the server's process is measured.
The servers take turns at each size, so that a machine that slows down slows all. CPU is compared as ratios; latency on
a shared machine says little and has no target. Janus: apt-get install janus.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks.calls import janus_server, livekit_server
from benchmarks.calls.measuring import ALL_VOICES, THREE_LOUDEST, Contender, Found, Length, measured
from benchmarks.calls.peers import machine_address, own_engine
from benchmarks.calls.process import FIRST_PICTURE_LIMIT_S
from benchmarks.calls.scene import record
from benchmarks.report import Report, percentile

SIZES = (2, 4, 6, 10, 20)
JOINED_LATE = 10
"""The size of the conference that somebody joins late."""
_VOICES = {ALL_VOICES: "all_voices", THREE_LOUDEST: "three_loudest"}
_CORES = {10: 0.15, 20: 0.40}
_MEMORY_MB = 10.0
_JOIN_S = 1.0
_RATIOS = {"janus": 1.0, "janus_2_loops": 1.25}
_MOST_MISSING = 0.01
"""The share of pictures that may not have come whole."""

Key = tuple[str, int, int]
Runs = dict[Key, list[Found]]


@dataclass(frozen=True, slots=True)
class Plan:
    sizes: Sequence[int] = SIZES
    seconds: float = 20.0
    rounds: int = 2
    late_joins: int = 5


def contenders(address: str) -> tuple[list[Contender], list[str]]:
    """Who can be measured here, and why others can't."""
    found, missing = (
        [Contender("engine", partial(own_engine, address=address), (ALL_VOICES, THREE_LOUDEST))],
        list[str](),
    )
    libraries = janus_server.libraries()
    if libraries is None:
        missing.append("Janus is not installed: apt-get install janus")
    elif address.startswith("127."):
        missing.append("Janus can't be measured: it ignores loopback, and the machine has no other address")
    else:
        start = partial(janus_server.janus, found=libraries, address=address)
        found += [Contender("janus", partial(start, loops=0)), Contender("janus_2_loops", partial(start, loops=2))]
    program = livekit_server.program()
    if program is None:
        missing.append("livekit-server is not on the PATH")
    else:
        found.append(Contender("livekit", partial(livekit_server.livekit, found=program, address=address)))
    return found, missing


async def measure(folder: Path, plan: Plan, only: Sequence[str] = ()) -> Report:
    report, address = Report("conference"), machine_address()
    everybody, missing = contenders(address)
    recording = folder / "recording"
    recorded = record()
    recorded.save(recording)
    runs: Runs = defaultdict(list)
    for participants in plan.sizes:
        late = plan.late_joins if participants == JOINED_LATE else 0
        for turn in range(plan.rounds):
            for contender in everybody:
                if not only or contender.name in only:
                    place = folder / f"{contender.name}-{participants}-{turn}"
                    found = await measured(contender, place, recording, participants, Length(plan.seconds, late))
                    _note(runs, contender, found)
    report.add("picture_bitrate", recorded.bitrate, "bit/s", "of one participant's pictures, without headers")
    for key in sorted(runs, key=lambda key: (key[2], key[0], key[1])):
        _tell(report, key, runs[key])
    for reason in missing:
        report.add("not_measured", None, "", reason)
    _aim(report, runs)
    return report


def _note(runs: Runs, contender: Contender, found: Mapping[int, Found]) -> None:
    """Keeps a run, and tells who waits how far it is."""
    for voices, one in found.items():
        runs[contender.name, voices, one.participants].append(one)
        costs = f"{contender.name} with {one.participants}, {_VOICES[voices]}: {one.cores:.3f} cores"
        print(costs, file=sys.stderr, flush=True)


def _name(key: Key) -> str:
    server, voices, _ = key
    return f"{server}_{_VOICES[voices]}" if server == "engine" else server


def _cores(runs: Sequence[Found]) -> float | None:
    """The median of the runs that delivered the load; none where none did."""
    delivered = [run.cores for run in runs if run.delivered]
    return statistics.median(delivered) if delivered else None


def _tell(report: Report, key: Key, runs: Sequence[Found]) -> None:
    name, participants = _name(key), key[2]
    latencies = [value for run in runs for value in run.told["latencies_ms"]]
    cpu, seconds = sum(run.cpu_s for run in runs), sum(run.seconds for run in runs)
    note = f"median; {cpu:.2f} CPU-seconds in {seconds:.0f} s of all runs"
    cores, delivered = _cores(runs), [run for run in runs if run.delivered]
    report.add(f"{name}_cores_{participants}", cores, "cores", note)
    report.add(f"{name}_runs_{participants}", len(delivered), "", f"of {len(runs)} that delivered the whole load")
    each = statistics.median(run.cpu_us_per_packet for run in runs)
    report.add(f"{name}_cpu_per_packet_{participants}", each, "µs", "for each packet that somebody got")
    for share in (50, 95):
        value = percentile(latencies, share) if latencies else None
        report.add(f"{name}_latency_p{share}_ms_{participants}", value, "ms", f"{len(latencies)} pictures")
    memory = statistics.median(run.memory_mb for run in runs)
    report.add(f"{name}_memory_{participants}", memory, "MiB", "for each participant")
    report.add(f"{name}_join_{participants}", statistics.median(runs[0].joined_s), "s", "median until connected")
    settled = [run.settled_s for run in runs if run.settled_s is not None]
    report.add(f"{name}_settled_{participants}", max(settled, default=None), "s", "until everybody saw everybody")
    _tell_quality(report, f"{name}_{{}}_{participants}", runs)
    firsts = [value for run in runs for value in run.first_picture_s if value is not None]
    if firsts:
        report.add(f"{name}_first_picture_p50", statistics.median(firsts), "s", f"{len(firsts)} who joined late")
        report.add(f"{name}_first_picture_worst", max(firsts), "s", "from the first byte to a decoded picture")


def _tell_quality(report: Report, name: str, runs: Sequence[Found]) -> None:
    """That the work was done: what came, what was lost, and the RTCP that a server owes its publishers."""
    seconds = sum(run.seconds * run.participants for run in runs)
    report.add(name.format("pictures_share"), min(run.pictures_share for run in runs), "", "shown whole, worst run")
    report.add(name.format("lost_share"), max(run.lost_share for run in runs), "", "worst run")
    report.add(name.format("freezes"), sum(run.told["freezes"] for run in runs), "", "gaps over 200 ms, all viewers")
    late = sum(run.told["late"] for run in runs)
    report.add(name.format("late"), late, "", "pictures that the load itself sent late")
    feedback = sum(run.told["feedbacks"] for run in runs) / seconds
    report.add(name.format("feedback"), feedback, "1/s", "transport-wide feedback to each publisher")
    reports = sum(run.told["reports"] for run in runs) / seconds
    report.add(name.format("reports"), reports, "1/s", "receiver reports to each publisher")


def _aim(report: Report, runs: Runs) -> None:
    for participants, limit in _CORES.items():
        for voices, what in _VOICES.items():
            ours = runs.get(("engine", voices, participants), [])
            if ours:
                report.aim(f"engine_{what}_memory_{participants}", max(run.memory_mb for run in ours), _MEMORY_MB)
                missing = 1 - min(run.pictures_share for run in ours)
                report.aim(f"engine_{what}_missing_share_{participants}", missing, _MOST_MISSING)
                _aim_cores(report, f"engine_{what}_cores_{participants}", _cores(ours), limit)
        _aim_ratios(report, runs, participants)
    late = [value for run in runs.get(("engine", ALL_VOICES, JOINED_LATE), []) for value in run.first_picture_s]
    if late:
        worst = max(FIRST_PICTURE_LIMIT_S if value is None else value for value in late)
        report.aim("engine_first_picture_worst", worst, _JOIN_S)


def _aim_cores(report: Report, name: str, cores: float | None, limit: float) -> None:
    """Without a run that delivered the load there is no figure, and the missing share is the target that fails."""
    if cores is not None:
        report.aim(name, cores, limit)


def _aim_ratios(report: Report, runs: Runs, participants: int) -> None:
    """All voices on both sides is the same work; with three loudest the engine has less of it, which is only told."""
    ours, fewer = (_cores(runs.get(("engine", voices, participants), [])) for voices in _VOICES)
    for peer, limit in _RATIOS.items():
        theirs = _cores(runs.get((peer, ALL_VOICES, participants), []))
        if ours is not None and theirs is not None:
            report.aim(f"engine_to_{peer}_{participants}", ours / theirs, limit)
        if fewer is not None and theirs is not None:
            note = "fewer voices than the peer forwards"
            report.add(f"engine_three_loudest_to_{peer}_{participants}", fewer / theirs, "", note)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.conference", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=2, help="of all servers at each size")
    parser.add_argument("--participants", type=int, nargs="+", default=SIZES, help="sizes of the conference")
    parser.add_argument("--only", nargs="+", default=(), help="names of servers: engine janus janus_2_loops livekit")
    args = parser.parse_args(arguments)
    plan = Plan(tuple(args.participants), args.seconds, args.rounds)
    with tempfile.TemporaryDirectory(prefix="eahtari-bench-") as folder:
        report = asyncio.run(measure(Path(folder), plan, tuple(args.only)))
    print(report.as_json() if args.json else report.as_table())
    return 0


if __name__ == "__main__":
    sys.exit(main())
