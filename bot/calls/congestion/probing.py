"""Probes: padding beside the pictures for a fifth of a second, to learn whether the line takes more.

A forwarder can't turn an encoder up, so an estimate that traffic never reaches is no knowledge: it grows only by
what was tried. Theory: the dispersion of a train of packets behind a bottleneck gives its rate (Dovrolis,
Ramanathan and Moore, "What do packet dispersion techniques measure?", INFOCOM 2001).
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

_QUEUE: Final = 0.08
"""Seconds of queue that a probe may cause on a line that is as narrow as believed."""

_SHORTEST, _LONGEST = 0.08, 0.2
_BOLD, _CAREFUL = 2.0, 1.5
"""How far above the estimate: while it has only grown, and after the line was found to be narrow."""

_FIRST_WAIT, _LONGEST_WAIT, _BACKOFF = 2.0, 8.0, 1.6
_WAIT_AFTER_CUT: Final = 3.0
_VOID_WAIT: Final = 0.2
_ARRIVED: Final = 0.88
"""Share of the probe's rate that has to arrive: the line took it."""

_REPORTED: Final = 0.9
"""Share of a probe that has to be reported on: a report that was lost leaves a hole that looks like a narrow line."""

_COMMON_LOSS: Final = 0.1

_FIRST_BURST: Final = 0.005
"""Seconds within which what one tick sends has left."""

_FEWEST: Final = 5


class Outcome(Enum):
    """What a probe showed: the line takes it, the line is narrower, or nothing."""

    TAKEN = auto()
    NARROW = auto()
    VOID = auto()


@dataclass(frozen=True, slots=True)
class Result:
    """The rate in bit/s is the measured one; what it means depends on the outcome."""

    outcome: Outcome
    bps: float


_NOTHING: Final = Result(Outcome.VOID, 0.0)


class Cluster:
    """The packets of one probe, pictures and sound included."""

    __slots__ = (
        "_arrivals",
        "_lost_bits",
        "_reported",
        "_sent",
        "begun",
        "known",
        "number",
        "rate",
        "sent_bits",
        "until",
    )

    def __init__(self, number: int, rate: float, known: float, now: float, until: float) -> None:
        self.number = number
        self.rate = rate
        self.known = known
        """Bit/s that were known already; a probe for which there was no padding shows nothing."""
        self.begun = now
        self.until = until
        self.sent_bits = 0.0
        self._sent: list[tuple[float, float]] = []
        self._arrivals: list[tuple[float, float, float]] = []
        self._reported = 0
        self._lost_bits = 0.0

    def sent(self, bits: float, now: float) -> None:
        self.sent_bits += bits
        self._sent.append((now, bits))

    def arrived(self, at: float, arrival: float, bits: float) -> None:
        self._reported += 1
        self._arrivals.append((at, arrival, bits))

    def lost(self, bits: float) -> None:
        self._reported += 1
        self._lost_bits += bits

    def result(self) -> Result:
        """Rates from the end of the first burst to the end of the last: what a tick sends at once is no rate."""
        if len(self._sent) < _FEWEST or self._reported < _REPORTED * len(self._sent) or not self._arrivals:
            return _NOTHING
        sent, received = self._rate_sent(), self._rate_received()
        if not sent or not received:
            return _NOTHING
        if received < _ARRIVED * sent:
            return Result(Outcome.NARROW, received)
        taken = min(sent, received)
        return Result(Outcome.TAKEN, taken) if taken > self.known else _NOTHING

    def _rate_sent(self) -> float:
        first = self._sent[0][0] + _FIRST_BURST
        span = self._sent[-1][0] - self._sent[0][0]
        bits = sum(bits for at, bits in self._sent if at > first)
        return bits / span if span > _SHORTEST / 2 else 0.0

    def _rate_received(self) -> float:
        """A few lost ones count as arrived: chance took them, and a full queue takes more."""
        first = self._arrivals[0][0] + _FIRST_BURST
        begun = max(arrival for at, arrival, _ in self._arrivals if at <= first)
        span = max(arrival for _, arrival, _ in self._arrivals) - begun
        bits = sum(bits for at, _, bits in self._arrivals if at > first)
        bits += min(self._lost_bits, _COMMON_LOSS * bits)
        return bits / span if span > 0.0 else 0.0


class Prober:
    """When to probe and how high; one probe at a time, and longer waits while they fail."""

    __slots__ = ("_doubted", "_factor", "_next_at", "_number", "_padded_at", "_wait", "cluster", "ended_at", "growing")

    def __init__(self, now: float) -> None:
        self.cluster: Cluster | None = None
        self.ended_at = now - 10.0
        """When the last probe was to have been sent."""
        self.growing = True
        """Whether the last probe was taken, so that the next one goes on at once."""
        self._doubted: float | None = None
        self._factor = _BOLD
        self._wait = _FIRST_WAIT
        self._next_at = now
        self._number = 0
        self._padded_at = now

    def may_begin(self, now: float) -> bool:
        return self.cluster is None and now >= self._next_at

    def begin(self, estimate: float, wanted: float, now: float) -> None:
        """`wanted` above the estimate. The steeper, the shorter, so that the queue stays within its bound."""
        rate = min(wanted, self._factor * estimate)
        lasts = min(_LONGEST, max(_SHORTEST, _QUEUE / max(0.01, rate / estimate - 1.0)))
        self._number += 1
        self._padded_at = now
        self.ended_at = now + lasts
        self.cluster = Cluster(self._number, rate, estimate, now, now + lasts)

    def padding(self, now: float, tick: float) -> int:
        """Bytes with which the probe's rate is reached at the end of this tick."""
        if self.cluster is None or now >= self.cluster.until:
            return 0
        if now + tick >= self.cluster.until:  # the last burst: what trickles after it would thin the train
            self.cluster.until = now + _FIRST_BURST
        missing = self.cluster.rate * (now + tick - self.cluster.begun) - self.cluster.sent_bits
        return max(0, int(missing / 8))

    def stop(self, now: float) -> None:
        """Sends no more of it: a queue has shown itself. What was sent is still judged."""
        if self.cluster is not None:
            self.cluster.until = min(self.cluster.until, now)

    def settle(self, now: float) -> Result:
        """The result of the finished probe, and when the next may begin.

        After narrow ones a single one that was taken is doubted (trains are short, and radios jitter) and repeated.
        """
        result = self.cluster.result() if self.cluster else _NOTHING
        self.cluster = None
        doubted, self._doubted = self._doubted, None
        if result.outcome is Outcome.NARROW:
            self.retreat(now)
        elif result.outcome is Outcome.VOID:
            self._next_at = now + _VOID_WAIT
        elif not self.growing and doubted is None:
            self._doubted, self._next_at, result = result.bps, now, _NOTHING
        else:
            self.growing, self._wait, self._next_at = True, _FIRST_WAIT, now
            result = Result(Outcome.TAKEN, min(result.bps, doubted or result.bps))
        return result

    def retreat(self, now: float) -> None:
        """The line is narrower than hoped: waits, longer each time, and goes on more carefully."""
        self._leave(now + self._wait)
        self._wait = min(_LONGEST_WAIT, self._wait * _BACKOFF)

    def cut(self, now: float) -> None:
        """The line has become narrower: that may pass, so waiting starts anew."""
        self._wait = _FIRST_WAIT
        self._leave(now + _WAIT_AFTER_CUT)

    def _leave(self, next_at: float) -> None:
        self.cluster = None
        self.growing = False
        self._factor = _CAREFUL
        self._next_at = next_at
