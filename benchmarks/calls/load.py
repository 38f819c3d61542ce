"""The load as the benchmark holds it: several processes, each with some participants, none of them the engine's."""

import asyncio
import contextlib
import json
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.calls.peers import Running
from benchmarks.calls.scene import RATE
from benchmarks.stack import ROOT

PER_PROCESS = 10
_LIMIT_S = 180
_LINE = 1 << 24
_APART_S = 1.0
_LOOK_S = 1.0
_ENOUGH = 0.9
"""The share of all pictures at which a conference counts as settled: a second holds one more or less of each."""

SINCE_START = ("late", "asked", "losses", "refused", "reports", "feedbacks", "cpu_s")
"""Figures that the processes count from their start, and not from the window's."""

Told = dict[str, Any]


@dataclass(slots=True)
class _Process:
    process: asyncio.subprocess.Process

    async def do(self, **order: object) -> Told:
        """Raises RuntimeError where the process could not."""
        assert self.process.stdin is not None  # noqa: S101 - opened as pipes
        assert self.process.stdout is not None  # noqa: S101
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(_LIMIT_S):
            line = await self.process.stdout.readline()
        if not line:
            raise RuntimeError("a process of the load ended")
        told: Told = json.loads(line)
        if not told["ok"]:
            raise RuntimeError(str(told["error"]))
        return told

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()


class Load:
    """`participants` of one conference on one peer, and one process more for those who join late."""

    def __init__(self, peer: Running, participants: int, processes: Sequence[_Process]) -> None:
        self._peer, self.participants = peer, participants
        *self._processes, self._late = processes

    async def join(self) -> list[float]:
        """Everybody comes in, one after another in each process; seconds that each took."""
        shares = [
            list(range(self.participants))[number :: len(self._processes)] for number in range(len(self._processes))
        ]
        told = await self._all(("join", {"indexes": share}) for share in shares)
        await self._all(("meet", {"others": list(range(self.participants))}) for _ in self._processes)
        return [seconds for one in told for seconds in one["joined_s"]]

    async def first_picture(self, times: int) -> list[Told]:
        """`times` participants more, one after another; `first_picture_s` of each."""
        others = list(range(self.participants))
        indexes = range(self.participants, self.participants + times)
        return [
            await self._late.do(**self._order("first", {"indexes": [index], "others": others})) for index in indexes
        ]

    async def window(self, seconds: float) -> Told:
        """What all count in the next `seconds`, added up; of `seen` and `heard` one figure for each participant."""
        await self._all(("mark", {}) for _ in self._processes)
        before = await self._all(("figures", {}) for _ in self._processes)
        await self._all(("mark", {}) for _ in self._processes)
        await asyncio.sleep(seconds)
        after = await self._all(("figures", {}) for _ in self._processes)
        total = {name: _sum([one[name] for one in after]) for name in after[0] if name != "ok"}
        for name in SINCE_START:
            total[name] -= _sum([one[name] for one in before])
        return total

    async def settled(self, within: float) -> float | None:
        """Seconds until everybody sees everybody, or None: not within so many."""
        begun, streams = time.monotonic(), self.participants * (self.participants - 1)
        while time.monotonic() - begun < within:
            told = await self.window(_LOOK_S)
            if told["pictures"] >= _ENOUGH * RATE * _LOOK_S * streams:
                return time.monotonic() - begun - _LOOK_S
        return None

    async def leave(self) -> None:
        await self._all(("leave", {}) for _ in self._processes)

    async def _all(self, orders: Any) -> list[Told]:
        pairs = zip(self._processes, orders, strict=True)
        return list(await asyncio.gather(*(one.do(**self._order(op, rest)) for one, (op, rest) in pairs)))

    def _order(self, op: str, rest: Mapping[str, Any]) -> dict[str, object]:
        peer = self._peer
        tokens = {str(index): peer.token(index) for index in rest.get("indexes", ())}
        return {"op": op, "of": self.participants, "door": peer.door, "url": peer.url, "tokens": tokens, **rest}


def _sum(values: Sequence[Any]) -> Any:
    """Of figures the sum, of lists all of them."""
    first, *others = values
    for other in others:
        first = first + other
    return first


@asynccontextmanager
async def load(peer: Running, participants: int, recording: Path) -> AsyncIterator[Load]:
    """Processes that die with the benchmark; nobody is in yet."""
    number = -(-participants // PER_PROCESS) + 1
    command = [sys.executable, "-m", "benchmarks.calls.process", str(recording), peer.address]
    processes = [
        _Process(
            await asyncio.create_subprocess_exec(
                *command, cwd=ROOT, limit=_LINE, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
            )
        )
        for _ in range(number)
    ]
    try:
        yield Load(peer, participants, processes)
    finally:
        await asyncio.gather(*(process.end() for process in processes))
