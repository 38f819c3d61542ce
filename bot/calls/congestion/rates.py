"""Rates and losses over sliding windows, from one entry for each feedback."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from math import exp, sqrt
from typing import Final

from bot.calls.congestion.allocation import Wanted

_KEPT: Final = 2.0
_FEWEST: Final = 80
"""Packets below which a share of lost ones means nothing."""
_SETTLING: Final = 8.0
"""Seconds over which the bitrate of a layer is levelled: one key frame of a second's measurement is no change."""


class Delivered:
    """What arrived, on the receiver's clock: bits by the arrival of the last packet of each feedback."""

    __slots__ = ("_batches",)

    def __init__(self) -> None:
        self._batches: deque[tuple[float, float]] = deque()

    def add(self, last_arrival: float, bits: float) -> None:
        batches = self._batches
        if batches and not 0.0 < last_arrival - batches[-1][0] < _KEPT:
            if abs(last_arrival - batches[-1][0]) < _KEPT:  # overtaken on its way: counts with the newer one
                batches[-1] = (batches[-1][0], batches[-1][1] + bits)
                return
            batches.clear()
        batches.append((last_arrival, bits))
        while last_arrival - batches[0][0] > _KEPT:
            batches.popleft()

    def rate(self, window: float) -> float:
        """Bit/s over the last `window` seconds of arrivals; from arrival to arrival, so that a burst is not a rate."""
        bits, last = 0.0, 0.0
        for arrival, amount in reversed(self._batches):
            last = last or arrival
            if last - arrival >= window:
                break
            bits += amount
        else:
            if len(self._batches) < 2:  # noqa: PLR2004 -- a span has two ends
                return 0.0
            arrival, amount = self._batches[0]
            bits -= amount
        return bits / (last - arrival) if last > arrival else 0.0


class Losses:
    """The share of lost packets over two seconds, or over as many as make the share mean something."""

    __slots__ = ("_batches", "_lost", "_total")

    def __init__(self) -> None:
        self._batches: deque[tuple[float, int, int]] = deque()
        self._lost = 0
        self._total = 0

    def add(self, lost: int, total: int, now: float) -> None:
        """`lost` may be negative: a packet that was reported lost came after all."""
        self._batches.append((now, lost, total))
        self._lost += lost
        self._total += total
        while now - self._batches[0][0] > _KEPT:
            _, lost, total = self._batches.popleft()
            self._lost -= lost
            self._total -= total

    def clear(self) -> None:
        self._batches.clear()
        self._lost = self._total = 0

    @property
    def share(self) -> float:
        return max(0.0, self._lost / self._total) if self._total >= _FEWEST else 0.0

    @property
    def raw_share(self) -> float:
        """The share whatever the count: a first suspicion."""
        return self._lost / self._total if self._total else 0.0

    @property
    def at_least(self) -> float:
        """The share less its standard error (binomial): what chance alone does not explain."""
        share = self.share
        return share - sqrt(share * (1.0 - min(1.0, share)) / self._total) if share else 0.0


class Sending:
    """Bit/s sent over the last half second."""

    __slots__ = ("_bits", "_since", "bps")

    def __init__(self, now: float) -> None:
        self.bps = 0.0
        self._bits = 0.0
        self._since = now

    def add(self, bits: float, now: float) -> None:
        self._bits += bits
        span = now - self._since
        if span >= 0.25:  # noqa: PLR2004 -- half of the window
            fresh = self._bits / span
            self.bps = fresh if self.bps == 0.0 or span > 1.0 else (self.bps + fresh) / 2
            self._bits = 0.0
            self._since = now


class SteadyBitrates:
    """Measured bitrates of layers, levelled (exponential smoothing), so that a key frame does not move allocation."""

    __slots__ = ("_at", "_levelled")

    def __init__(self, now: float) -> None:
        self._at = now
        self._levelled: dict[tuple[str, int], float] = {}

    def of(self, tracks: Sequence[Wanted], now: float) -> list[Wanted]:
        """The same tracks with levelled bitrates; what is no longer among them is forgotten."""
        share = 1.0 - exp(-max(0.0, now - self._at) / _SETTLING)
        self._at = now
        fresh = {(wanted.track, quality): bitrate for wanted in tracks for quality, bitrate in wanted.layers}
        self._levelled = {key: self._level(key, bitrate, share) for key, bitrate in fresh.items()}
        return [
            replace(
                wanted, layers=tuple((quality, self._levelled[wanted.track, quality]) for quality, _ in wanted.layers)
            )
            for wanted in tracks
        ]

    def _level(self, key: tuple[str, int], bitrate: float, share: float) -> float:
        before = self._levelled.get(key, bitrate)
        return before + share * (bitrate - before)
