"""The one form in which every benchmark reports, and the figures that all of them need.

Leaves measuring to the benchmarks. A target that is missed is told, not failed: the exit code says only whether
it could be measured.
"""

import json
import math
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version

import psutil

_MIB = 2**20


@dataclass(frozen=True, slots=True)
class Result:
    """One figure. `value` is none where it was not measured, and `note` then says why."""

    name: str
    value: float | None
    unit: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must not exceed."""

    name: str
    value: float
    limit: float

    @property
    def ok(self) -> bool:
        return self.value <= self.limit


def environment() -> dict[str, str | int | float]:
    """The machine and the versions, without its name or any path."""
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count() or 0,
        "memory_mb": psutil.virtual_memory().total // _MIB,
        "load_before": round(os.getloadavg()[0], 2),
        "eahtari": version("eahtari"),
        "synapse": version("matrix-synapse"),
        "matrix_nio": version("matrix-nio"),
    }


@dataclass
class Report:
    """What one benchmark found, and on what machine."""

    benchmark: str
    environment: dict[str, str | int | float] = field(default_factory=environment)
    results: list[Result] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)

    def add(self, name: str, value: float | None, unit: str, note: str = "") -> None:
        self.results.append(Result(name, None if value is None else round(value, 3), unit, note))

    def aim(self, name: str, value: float, limit: float) -> None:
        self.targets.append(Target(name, round(value, 3), limit))

    def as_json(self) -> str:
        return json.dumps(
            {
                "benchmark": self.benchmark,
                "environment": self.environment,
                "results": [asdict(result) for result in self.results],
                "targets": [{**asdict(target), "ok": target.ok} for target in self.targets],
            },
            ensure_ascii=False,
            indent=2,
        )

    def as_table(self) -> str:
        rows = [(r.name, _figure(r.value), r.unit, r.note) for r in self.results]
        goals = [(t.name, _figure(t.value), f"<= {t.limit:g}", "ok" if t.ok else "MISSED") for t in self.targets]
        surroundings = ", ".join(f"{name} {value}" for name, value in self.environment.items())
        return "\n".join([f"{self.benchmark}: {surroundings}", *_lines(rows), "targets", *_lines(goals)])


def percentile(values: Sequence[float], share: int) -> float:
    """The nearest-rank percentile: the smallest value that `share` per cent of all do not exceed."""
    if not values:
        raise ValueError("a percentile of nothing")
    return sorted(values)[max(0, math.ceil(share * len(values) / 100) - 1)]


def _figure(value: float | None) -> str:
    return "not measured" if value is None else f"{value:g}"


def _lines(rows: Sequence[tuple[str, str, str, str]]) -> list[str]:
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(4)]
    return [f"  {a:<{widths[0]}}  {b:>{widths[1]}}  {c:<{widths[2]}}  {d}".rstrip() for a, b, c, d in rows]
