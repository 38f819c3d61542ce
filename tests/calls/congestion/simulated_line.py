"""A line in simulation: capacity that changes, propagation, a drop-tail queue, random loss, reports that come late.

Time is simulated and chance is seeded, so every run is the same. Nothing here knows the estimator.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

Report = list[tuple[int, float | None]]


@dataclass(frozen=True)
class LineFacts:
    """`capacity` and `delay_s`: (from second, bit/s or seconds one way), the first from 0; `drift` in parts."""

    capacity: Sequence[tuple[float, float]] = ((0.0, 50e6),)
    delay_s: Sequence[tuple[float, float]] = ((0.0, 0.04),)
    loss: float = 0.0
    loss_back: float = 0.0
    jitter_s: float = 0.0
    queue_s: float = 0.4
    drift: float = 0.0
    clock_offset: float = 7000.0


def _at(steps: Sequence[tuple[float, float]], time: float) -> float:
    return steps[max(0, bisect_right(steps, (time, float("inf"))) - 1)][1]


@dataclass
class SimulatedLine:
    """From one sender to one receiver. `send` gives the arrival or None, `report` what the receiver would tell."""

    facts: LineFacts
    chance: random.Random
    queues: list[tuple[float, float]] = field(default_factory=list)
    dropped: int = 0
    _free_at: float = 0.0
    _last_arrival: float = 0.0
    _under_way: dict[int, float] = field(default_factory=dict)
    _reported: int = -1
    _turn: int = -1
    _wait: float = 0.0

    def send(self, sequence: int, bits: float, now: float) -> float | None:
        """Arrival in true time, None when the queue was full or chance took it. `sequence` counts without wrapping."""
        departure = self._served(max(now, self._free_at), bits)
        if departure - now > self.facts.queue_s:
            self.dropped += 1
            return None
        self._free_at = departure
        self.queues.append((now, departure - now))
        if self.chance.random() < self.facts.loss:
            return None
        arrival = departure + _at(self.facts.delay_s, departure) + self._jitter(departure)
        self._last_arrival = max(self._last_arrival, arrival)
        self._under_way[sequence] = self._last_arrival
        return self._last_arrival

    def _jitter(self, now: float) -> float:
        """A radio gives the air in turns: what leaves within 10 ms waits alike."""
        if not self.facts.jitter_s:
            return 0.0
        if int(now * 100) != self._turn:
            self._turn, self._wait = int(now * 100), self.chance.expovariate(1 / self.facts.jitter_s)
        return self._wait

    def _served(self, start: float, bits: float) -> float:
        """When the last bit leaves, across changes of capacity."""
        times = [time for time, _ in self.facts.capacity]
        while True:
            index = max(0, bisect_right(times, start) - 1)
            capacity = self.facts.capacity[index][1]
            end = times[index + 1] if index + 1 < len(times) else float("inf")
            if start + bits / capacity <= end:
                return start + bits / capacity
            bits -= (end - start) * capacity
            start = end

    def report(self, now: float) -> Report | None:
        """What has arrived since the last report, with gaps; arrival on the receiver's clock in steps of 250 µs."""
        arrived = {sequence: at for sequence, at in self._under_way.items() if at <= now}
        if not arrived:
            return None
        newest = max(arrived)
        rows: Report = [
            (sequence & 0xFFFF, self._clock(arrived.get(sequence)))
            for sequence in range(self._reported + 1, newest + 1)
        ]
        self._reported = newest
        for sequence in arrived:
            del self._under_way[sequence]
        return rows

    def _clock(self, at: float | None) -> float | None:
        if at is None:
            return None
        return round((at * (1 + self.facts.drift) + self.facts.clock_offset) * 4000) / 4000

    def back(self, now: float) -> float | None:
        """When a report sent now reaches the sender, None when it is lost."""
        return None if self.chance.random() < self.facts.loss_back else now + _at(self.facts.delay_s, now)
