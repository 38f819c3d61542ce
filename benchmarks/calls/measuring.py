"""One conference on one server: joined, warmed up, and measured for some seconds."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.calls.load import Load, Told, load
from benchmarks.calls.peers import Running
from benchmarks.calls.scene import RATE
from benchmarks.stack import cpu_seconds, pss_mb

ALL_VOICES, THREE_LOUDEST = 0, 3
_WARM_S, _LONGEST_S, _CHANGE_S = 2.0, 30.0, 2.0
"""Seconds of load before a measurement, at most until everybody sees everybody, and after a change of policy."""
_WHOLE = 0.98

Start = Callable[[Path], AbstractAsyncContextManager[Running]]


@dataclass(frozen=True, slots=True)
class Contender:
    """A server that can be started in a folder of its own; `voices`: the policies that it is measured with."""

    name: str
    start: Start
    voices: Sequence[int] = (ALL_VOICES,)


@dataclass(frozen=True, slots=True)
class Length:
    """Seconds of a measurement, and how many join late after it."""

    seconds: float = 20.0
    late_joins: int = 0


@dataclass(slots=True)
class Found:
    """What one run shows. `cores`: CPU-seconds of the server's process for each second."""

    participants: int
    seconds: float
    cpu_s: float
    told: Told
    memory_mb: float
    """For each participant, above what the server had before the first came."""
    joined_s: list[float] = field(default_factory=list)
    settled_s: float | None = None
    """Seconds from the last one's coming in until everybody saw everybody."""
    first_picture_s: list[float | None] = field(default_factory=list)

    @property
    def cores(self) -> float:
        return self.cpu_s / self.seconds

    @property
    def lost_share(self) -> float:
        return float(self.told["lost"]) / max(1, self.told["expected"])

    @property
    def pictures_share(self) -> float:
        """Of the pictures that everybody should have seen, those that were shown whole."""
        streams = self.participants * (self.participants - 1)
        return float(self.told["pictures"]) / max(1.0, RATE * self.seconds * streams)

    @property
    def delivered(self) -> bool:
        """Whether the whole load went through: without it the figures are of less work, and compare with nothing."""
        return self.pictures_share >= _WHOLE

    @property
    def cpu_us_per_packet(self) -> float:
        """Microseconds of CPU for each packet that somebody got."""
        return 1e6 * self.cpu_s / max(1, self.told["packets"])


async def measured(
    contender: Contender, folder: Path, recording: Path, participants: int, length: Length
) -> dict[int, Found]:
    """By policy of voices. Raises RuntimeError, ConnectionError or TimeoutError where nothing could be measured."""
    found = dict[int, Found]()
    async with contender.start(folder) as peer:
        before = pss_mb(peer.pid)
        await peer.hear(contender.voices[0])
        async with load(peer, participants, recording) as everybody:
            joined = await everybody.join()
            settled = await everybody.settled(_LONGEST_S)
            await asyncio.sleep(_WARM_S)
            for turn, voices in enumerate(contender.voices):
                if turn:
                    await peer.hear(voices)
                    await asyncio.sleep(_CHANGE_S)
                found[voices] = await _window(peer, everybody, length.seconds, before)
            late = await everybody.first_picture(length.late_joins)
            for one in found.values():
                one.joined_s, one.settled_s = joined, settled
                one.first_picture_s = [told["first_picture_s"] for told in late]
            await everybody.leave()
    return found


async def _window(peer: Running, everybody: Load, seconds: float, before: float) -> Found:
    begun, cpu = time.monotonic(), cpu_seconds(peer.pid)
    told = await everybody.window(seconds)
    cpu, took = cpu_seconds(peer.pid) - cpu, time.monotonic() - begun
    memory = (pss_mb(peer.pid) - before) / everybody.participants
    return Found(everybody.participants, took, cpu, told, memory)
