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


class SentPacket:
    """One packet under way. `expected` is the queueing our own traffic explains, `cluster` the probe it belongs to."""

    __slots__ = ("at", "bits", "cluster", "expected", "lost")

    def __init__(self, at: float, bits: float, expected: float, cluster: int) -> None:
        self.at = at
        self.bits = bits
        self.expected = expected
        self.cluster = cluster
        self.lost = False


class Batch:
    """One report: counts of packets sent after the last cut, bits that arrived, and (one-way delay, expected queue)."""

    __slots__ = ("bits", "delays", "last_arrival", "lost", "newest_sent", "smallest", "total")

    def __init__(self) -> None:
        self.lost = 0
        """Negative when packets came that had been reported lost."""
        self.total = 0
        self.bits = 0.0
        self.delays: list[tuple[float, float]] = []
        self.smallest = float("inf")
        self.last_arrival = float("-inf")
        self.newest_sent = float("-inf")

    def least_excess(self, base: float) -> float:
        """Seconds of queue beyond what our own traffic explains, of the packet that has least of it."""
        return min(delay - expected for delay, expected in self.delays) - base

    def most_excess(self, base: float) -> float:
        """The same of the packet that has most of it; negative when all came sooner than expected."""
        return max(delay - expected for delay, expected in self.delays) - base


class History:
    """Packets that nothing final is known of, by their 16-bit transport sequence numbers."""

    __slots__ = ("_newest", "_packets")

    def __init__(self) -> None:
        self._packets: dict[int, SentPacket] = {}
        self._newest: int | None = None

    def add(self, sequence: int, packet: SentPacket) -> None:
        self._packets[sequence & 0xFFFF] = packet

    def forget(self, now: float) -> None:
        """Drops what is too old to be reported; the numbers were given in order, so the oldest stand first."""
        packets = self._packets
        while packets:
            sequence = next(iter(packets))
            if now - packets[sequence].at < _FORGOTTEN_AFTER:
                return
            del packets[sequence]

    def span(self, now: float) -> tuple[float, float] | None:
        """Ages of the oldest and the newest packet that nothing final is known of; None without any."""
        if not self._packets:
            return None
        oldest, newest = next(iter(self._packets.values())), next(reversed(self._packets.values()))
        return now - oldest.at, now - newest.at

    def read(self, arrivals: Sequence[tuple[int, float | None]], cut_at: float, cluster: Cluster | None) -> Batch:
        """Takes what has arrived out of the history; a lost packet stays, because it may still come."""
        batch = Batch()
        if arrivals:
            batch.bits = self._unreported(arrivals[0][0])
            self._newest = arrivals[-1][0]
        for sequence, arrival in arrivals:
            if arrival is None:
                self._lose(sequence, cut_at, batch, cluster)
                continue
            packet = self._packets.pop(sequence & 0xFFFF, None)
            if packet is not None:
                _arrive(packet, arrival, cut_at, batch)
                if cluster is not None and packet.cluster == cluster.number:
                    cluster.arrived(packet.at, arrival, packet.bits)
        return batch

    def _unreported(self, first: int) -> float:
        """Bits between two reports: the report was lost, not they, or the rate would have a hole."""
        missing = (first - self._newest - 1) & 0xFFFF if self._newest is not None else 0
        if not missing or missing > _LONGEST_GAP:
            return 0.0
        packets = (self._packets.get((first - back) & 0xFFFF) for back in range(1, missing + 1))
        return sum(packet.bits for packet in packets if packet is not None and not packet.lost)

    def _lose(self, sequence: int, cut_at: float, batch: Batch, cluster: Cluster | None) -> None:
        packet = self._packets.get(sequence & 0xFFFF)
        if packet is None or packet.lost:
            return
        packet.lost = True
        if packet.at > cut_at:
            batch.lost += 1
            batch.total += 1
        if cluster is not None and packet.cluster == cluster.number:
            cluster.lost(packet.bits)


def _arrive(packet: SentPacket, arrival: float, cut_at: float, batch: Batch) -> None:
    if packet.at > cut_at:
        if packet.lost:
            batch.lost -= 1
        else:
            batch.total += 1
    delay = arrival - packet.at
    batch.bits += packet.bits
    batch.delays.append((delay, packet.expected))
    batch.smallest = min(delay, batch.smallest)
    batch.last_arrival = max(arrival, batch.last_arrival)
    batch.newest_sent = max(packet.at, batch.newest_sent)
