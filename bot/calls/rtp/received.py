"""One stream as it arrives: what is missing, what to ask for again, what to report, how fast it comes.

Sources: RFC 3550 appendix A.1 (sequence numbers), A.3 (loss), A.8 (jitter), RFC 4585 (NACK). Sequence numbers
are extended beyond 16 bits inside; `now` is seconds of any steady clock. Sending the requests is left to others.
"""

from bot.calls.rtp.rtcp import ReportBlock, middle

_CYCLE = 0x10000
_WINDOW = 500
"""Packets behind the newest that are still worth having."""
_SLOTS = 512
_MOST_BURST = 100
"""A longer gap is given up at once: a key frame is cheaper than what was lost."""
_MOST_DROPOUT = 3000
"""A longer jump is a restart of the numbering, believed when the next packet follows it (RFC 3550 A.1)."""
_NACK_EVERY = 0.08
_NACK_TIMES = 8
_NEW_CLOCK = 10
"""Seconds: a larger step between timestamp and arrival is no jitter but another clock."""


class Received:
    """The account of one SSRC. `last_at` is 0.0 until the first packet."""

    __slots__ = (
        "_bad", "_base", "_expected_before", "_expected_then", "_jitter", "_lost_before", "_meter", "_missing",
        "_received", "_received_then", "_seen", "_top", "_transit", "clock_rate", "given_up", "last_at",
        "reports_missing", "sender_at", "sender_ntp", "sender_rtp", "ssrc",
    )  # fmt: skip

    _base: int
    _bad: int
    _seen: list[int]
    _missing: dict[int, list[float]]
    _received: int
    _received_then: int
    _expected_then: int
    _transit: int | None
    _jitter: float

    def __init__(self, ssrc: int, clock_rate: int, *, reports_missing: bool) -> None:
        self.ssrc = ssrc
        self.clock_rate = clock_rate
        self.reports_missing = reports_missing
        self.last_at = 0.0
        self.given_up = False
        """Something was lost for good, so a picture needs a key frame. Whoever asks for one sets it back."""
        self.sender_ntp = self.sender_rtp = 0
        self.sender_at = 0.0
        """When the last sender report came; 0.0: none yet."""
        self._expected_before = self._lost_before = 0  # of numberings that a restart has ended
        self._meter = _Meter()
        self._top = 0  # the newest, extended; 0: nothing yet
        self._begin(0)

    def add(self, sequence: int, timestamp: int, now: float, size: int = 0) -> bool:
        """Counts a packet; `size` in bytes feeds `bitrate`. False: a duplicate, or too old to be of use."""
        top = self._top
        step = ((sequence - top & 0xFFFF) ^ 0x8000) - 0x8000
        if top and 0 < step <= _MOST_DROPOUT:
            if step > 1:
                self._gap(top + 1, top + step, now)
            self._top = top = top + step
            self._seen[top & _SLOTS - 1] = top
            self._measure(timestamp, now)
        elif top and -_WINDOW < step <= 0:
            if not self._late(top + step):
                return False
        elif top == 0 or sequence == self._bad:
            self._restart(sequence)
        else:
            self._bad = sequence + 1 & 0xFFFF
            return False
        self._received += 1
        self.last_at = now
        self._meter.add(size, now)
        return True

    def is_missing(self, sequence: int) -> bool:
        """Whether the packet is still waited for, as a retransmission should be."""
        return self._extended(sequence) in self._missing

    def due_nacks(self, now: float) -> list[int]:
        """Sequence numbers to ask for now, oldest first. Each is asked for every 80 ms, eight times at most."""
        if not self._missing:
            return []
        due: list[int] = []
        for sequence, wait in list(self._missing.items()):
            if sequence <= self._top - _WINDOW or (wait[0] <= now and wait[1] >= _NACK_TIMES):
                del self._missing[sequence]
                self.given_up = True
            elif wait[0] <= now:
                wait[0] = now + _NACK_EVERY
                wait[1] += 1
                due.append(sequence & 0xFFFF)
        return due

    def report(self, now: float) -> ReportBlock:
        """The report block of this moment. The fraction covers the time since the last call."""
        expected = self._top - self._base + 1 if self._top else 0
        new = expected - self._expected_then
        lost = new - (self._received - self._received_then)
        self._expected_then, self._received_then = expected, self._received
        return ReportBlock(
            ssrc=self.ssrc,
            fraction_lost=min(255, 256 * lost // new) if new > 0 and lost > 0 else 0,
            packets_lost=max(-0x800000, min(0x7FFFFF, expected - self._received)),
            highest_sequence=max(0, self._top - _CYCLE) & 0xFFFFFFFF,
            jitter=int(self._jitter),
            lsr=middle(self.sender_ntp),
            dlsr=max(0, min(0xFFFFFFFF, int((now - self.sender_at) * 65536))) if self.sender_at else 0,
        )

    def sender_report(self, ntp: int, rtp: int, now: float) -> None:
        """Remembers the sender's report: 64-bit NTP time and the timestamp of that moment."""
        self.sender_ntp, self.sender_rtp, self.sender_at = ntp, rtp, now

    def bitrate(self, now: float) -> float:
        """Bit/s over the last full second."""
        return self._meter.rate(now)

    def lost_share(self) -> float:
        """The share, 0…1, of all packets so far that never came, retransmissions counted as come."""
        expected = self._expected_before + (self._top - self._base + 1 if self._top else 0)
        lost = self._lost_before + self._lost()
        return lost / expected if expected else 0.0

    def _begin(self, sequence: int) -> None:
        """RFC 3550's init_seq; the first cycle is 1, so that late packets before the first stay positive."""
        self._base = sequence
        self._bad = -1
        self._seen = [0] * _SLOTS
        self._missing = {}  # extended sequence: [next time to ask, times asked]
        self._received = self._received_then = self._expected_then = 0
        self._transit = None
        self._jitter = 0.0

    def _restart(self, sequence: int) -> None:
        if self._top:
            self._expected_before += self._top - self._base + 1
            self._lost_before += self._lost()
            self.given_up = True
        self._begin(sequence + _CYCLE)
        self._top = sequence + _CYCLE
        self._seen[self._top & _SLOTS - 1] = self._top

    def _lost(self) -> int:
        return max(0, self._top - self._base + 1 - self._received) if self._top else 0

    def _extended(self, sequence: int) -> int:
        return self._top + (((sequence - self._top & 0xFFFF) ^ 0x8000) - 0x8000)

    def _gap(self, first: int, end: int, now: float) -> None:
        if not self.reports_missing:
            return
        if end - first > _MOST_BURST:
            self._missing.clear()
            self.given_up = True
            return
        for sequence in range(first, end):
            self._missing[sequence] = [now, 0]

    def _late(self, sequence: int) -> bool:
        """A packet that came after a newer one; false for a duplicate."""
        slot = sequence & _SLOTS - 1
        if self._seen[slot] == sequence:
            return False
        self._seen[slot] = sequence
        self._base = min(self._base, sequence)
        self._missing.pop(sequence, None)
        return True

    def _measure(self, timestamp: int, now: float) -> None:
        transit = int(now * self.clock_rate) - timestamp
        if self._transit is not None:
            step = ((transit - self._transit & 0xFFFFFFFF) ^ 0x80000000) - 0x80000000
            if abs(step) < _NEW_CLOCK * self.clock_rate:
                self._jitter += (abs(step) - self._jitter) / 16
        self._transit = transit


class _Meter:
    """Bytes in buckets of 100 ms; the rate is that of the ten full ones."""

    __slots__ = ("_buckets", "_now")

    def __init__(self) -> None:
        self._buckets = [0] * 16
        self._now = 0

    def add(self, size: int, now: float) -> None:
        index = int(now * 10)
        if index != self._now:
            self._roll(index)
        self._buckets[index & 15] += size

    def rate(self, now: float) -> float:
        index = int(now * 10)
        if index != self._now:
            self._roll(index)
        return 8.0 * sum(self._buckets[i & 15] for i in range(index - 10, index))

    def _roll(self, index: int) -> None:
        for i in range(self._now + 1, min(index, self._now + 16) + 1):
            self._buckets[i & 15] = 0
        self._now = max(index, self._now)
