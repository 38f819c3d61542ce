"""What was sent and is not yet reported on, and one report read against it.

The hottest part of the estimate: one call for every packet out, one loop for every packet reported.
"""

from collections.abc import Sequence
from typing import Final

from bot.calls.congestion.probing import Cluster

_FORGOTTEN_AFTER: Final = 3.0
"""Seconds after which a report on a packet is of no use; far below the 65,536 packets after which numbers return."""

_LONGEST_GAP: Final = 2000
"""Packets between two reports beyond which it is no lost report, but one that was overtaken."""


SentPacket = tuple[float, float, float, int]
"""One packet under way: when it left, its bits, the seconds of queue that our own traffic explains, and its probe.

A plain tuple, because one is made for every packet and the collector stops to look at those soon."""


class Batch:
    """One report: counts of packets sent after the last cut, bits that arrived, and (one-way delay, expected queue)."""

    __slots__ = ("bits", "delays", "last_arrival", "lost", "newest_sent", "total")

    def __init__(self) -> None:
        self.lost = 0
        """Negative when packets came that had been reported lost."""
        self.total = 0
        self.bits = 0.0
        self.delays: list[tuple[float, float]] = []
        self.last_arrival = float("-inf")
        self.newest_sent = float("-inf")

    @property
    def smallest(self) -> float:
        """The least one-way delay, in seconds; of a report with arrivals."""
        return min(self.delays)[0]

    def least_excess(self, base: float) -> float:
        """Seconds of queue beyond what our own traffic explains, of the packet that has least of it."""
        return min(delay - expected for delay, expected in self.delays) - base

    def most_excess(self, base: float) -> float:
        """The same of the packet that has most of it; negative when all came sooner than expected."""
        return max(delay - expected for delay, expected in self.delays) - base


class History:
    """Packets that nothing final is known of, by their 16-bit transport sequence numbers."""

    __slots__ = ("_lost", "_newest", "_packets")

    def __init__(self) -> None:
        self._packets: dict[int, SentPacket] = {}
        self._lost: set[int] = set()
        """Those that a report calls lost."""
        self._newest: int | None = None

    def add(self, sequence: int, packet: SentPacket) -> None:
        self._packets[sequence & 0xFFFF] = packet

    def forget(self, now: float) -> None:
        """Drops what is too old to be reported; the numbers were given in order, so the oldest stand first."""
        packets = self._packets
        while packets:
            sequence = next(iter(packets))
            if now - packets[sequence][0] < _FORGOTTEN_AFTER:
                return
            del packets[sequence]
            self._lost.discard(sequence)

    def span(self, now: float) -> tuple[float, float] | None:
        """Ages of the oldest and the newest packet that nothing final is known of; None without any."""
        if not self._packets:
            return None
        oldest, newest = next(iter(self._packets.values())), next(reversed(self._packets.values()))
        return now - oldest[0], now - newest[0]

    def read(self, arrivals: Sequence[tuple[int, float | None]], cut_at: float, cluster: Cluster | None) -> Batch:
        """Takes what has arrived out of the history; a lost packet stays, because it may still come."""
        batch = Batch()
        if arrivals:
            batch.bits = self._unreported(arrivals[0][0])
            self._newest = arrivals[-1][0]
        take, lost, delays = self._packets.pop, self._lost, batch.delays
        bits, newest_sent, last_arrival, fresh = batch.bits, batch.newest_sent, batch.last_arrival, 0
        for sequence, arrival in arrivals:
            if arrival is None:
                self._lose(sequence, cut_at, batch, cluster)
                continue
            packet = take(sequence, None)
            if packet is None:
                continue
            at, size, expected, probe = packet
            if lost and sequence in lost:
                lost.discard(sequence)
                batch.lost -= at > cut_at
            elif at > cut_at:
                fresh += 1
            if at > newest_sent:  # noqa: PLR1730 - a call for every packet
                newest_sent = at
            if arrival > last_arrival:  # noqa: PLR1730 - as above
                last_arrival = arrival
            bits += size
            delays.append((arrival - at, expected))
            if probe and cluster is not None and probe == cluster.number:
                cluster.arrived(at, arrival, size)
        batch.total += fresh
        batch.bits, batch.newest_sent, batch.last_arrival = bits, newest_sent, last_arrival
        return batch

    def _unreported(self, first: int) -> float:
        """Bits between two reports: the report was lost, not they, or the rate would have a hole."""
        missing = (first - self._newest - 1) & 0xFFFF if self._newest is not None else 0
        if not missing or missing > _LONGEST_GAP:
            return 0.0
        numbers = {(first - back) & 0xFFFF for back in range(1, missing + 1)} - self._lost
        return sum(self._packets[number][1] for number in numbers & self._packets.keys())

    def _lose(self, sequence: int, cut_at: float, batch: Batch, cluster: Cluster | None) -> None:
        packet = self._packets.get(sequence)
        if packet is None or sequence in self._lost:
            return
        self._lost.add(sequence)
        at, bits, _, probe = packet
        if at > cut_at:
            batch.lost += 1
            batch.total += 1
        if cluster is not None and probe == cluster.number:
            cluster.lost(bits)
