"""The estimate of what one receiver's line takes, made at the sender from transport-cc feedback.

Theory. draft-ietf-rmcat-gcc-02: a delay-based and a loss-based bound, cut to a share of the rate that arrives,
transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01). What differs: overuse is delay beyond
what our own bursts explain (see `Backlog`), not a gradient; growth comes from probes alone, because a forwarder has no
encoder to turn up. A receiver that lies about its arrivals changes only what it gets itself.
"""

from collections.abc import Sequence
from typing import Final

from bot.calls.congestion.delay import QueueDelay
from bot.calls.congestion.history import Batch, History, SentPacket
from bot.calls.congestion.line import OVERHEAD_BYTES, Backlog, Resending
from bot.calls.congestion.probing import Outcome, Prober
from bot.calls.congestion.rates import Delivered, Losses, Sending

_START: Final = 300e3
_SMALLEST: Final = 60e3
_LARGEST: Final = 20e6

_EXCESS: Final = 0.04
"""Seconds of unexplained queue that count as overuse when they stay for `_PATIENCE`."""
_LARGE_EXCESS: Final = 0.12
"""Seconds of unexplained queue that need no second look."""
_STANDING: Final = 0.2
"""Seconds of queue, explained or not, that may not stand for half a second."""
_PATIENCE: Final = 0.09
_BETA: Final = 0.9
"""Share of the arriving rate that is kept after overuse (the draft's section 5.5 has 0.85)."""

_PROBE_QUEUE: Final = 0.03
"""Seconds of queue above which no probe begins."""
_PROBE_STOP: Final = 0.06
"""Seconds of queue at which a running probe sends no more."""

_PROVEN: Final = 0.95
"""Share of a probe's rate that is believed, and of the estimate that one probe leaves of it: trains are short."""

_BEYOND: Final = 1.12
"""Times what is wanted: so much has to arrive that the believed share of it suffices."""

_HEAVY_LOSS: Final = 0.10
"""Share of lost packets above which the draft's section 6 decreases."""

_MOSTLY_LOST: Final = 0.25

_SILENCE: Final = 2.0
"""Seconds without feedback after which the line is taken for half as wide (RFC 8083 has circuit breakers for it)."""

_FRESH: Final = 1.0
"""Seconds for which feedback says something about the present."""

_SHORTEST_BUSY, _LONGEST_BUSY = 0.12, 0.4
"""Bounds of the window for the arriving rate: packets enough to count, few enough to be of the present."""

_RESTORE_WINDOW, _RESTORE_WITHIN, _RESTORE_FROM = 0.2, 2.0, 1.3
"""Seconds over which what arrives is counted, seconds after a cut, and times the estimate: the cut is taken back."""

_FLAT: Final = 0.02
"""Seconds by which the smallest delays of a second may differ while nothing drains."""

_TICK: Final = 0.02


class SendSide:
    """One receiver's line. Sizes are bytes of the RTP packet before SRTP; what a line adds is counted here."""

    __slots__ = (
        "_backlog",
        "_before_cut",
        "_cut_at",
        "_cut_queue",
        "_delay",
        "_delivered",
        "_heard_at",
        "_history",
        "_losses",
        "_over_since",
        "_probing",
        "_resending",
        "_sending",
        "_standing_since",
        "estimate",
        "round_trip_s",
    )

    def __init__(self, now: float) -> None:
        self.estimate = _START
        """Bit/s on the line, headers of IP, UDP and SRTP included."""
        self.round_trip_s = 0.1
        self._backlog = Backlog(_START, now)
        self._history = History()
        self._delay = QueueDelay()
        self._delivered = Delivered()
        self._losses = Losses()
        self._sending = Sending(now)
        self._probing = Prober(now)
        self._resending = Resending(now)
        self._heard_at: float | None = None
        self._cut_at = now - 10.0
        self._cut_queue = 0.0
        self._before_cut = 0.0
        self._over_since: float | None = None
        self._standing_since: float | None = None

    @property
    def queue_s(self) -> float:
        """Seconds that the newest feedback's packets stood on the line, at least."""
        return self._delay.standing

    @property
    def loss(self) -> float:
        """The share of lost packets of the last two seconds."""
        return self._losses.share

    @property
    def growing(self) -> bool:
        """Whether probes have been taken and go on at once; false after a cut or a failed one."""
        return self._probing.growing

    @property
    def sending_bps(self) -> float:
        """Bit/s that leave, padding included."""
        return self._sending.bps

    def sent(self, sequence: int, size: int, now: float, *, probe: bool = False) -> None:
        """A packet leaves, with its 16-bit transport sequence number. `probe`: it is padding."""
        bits = (size + OVERHEAD_BYTES) * 8.0
        number = self._probing.number(now)
        if number and self._probing.cluster is not None:
            self._probing.cluster.sent(bits, now)
        self._history.add(sequence, SentPacket(now, bits, self._backlog.add(bits, now), number))
        if not probe:
            self._sending.add(bits, now)

    def probe(self, now: float, wanted_bps: float, sending_bps: float = 0.0) -> int:
        """Bytes of padding for the next tick of 20 ms, mostly 0. `wanted_bps`: what the next layers would need."""
        self._notice_silence(now)
        cluster = self._probing.cluster
        if cluster is not None and now > cluster.until + self.round_trip_s + 0.4:
            self._settle(now)
        if self._probing.may_begin(now) and self._is_calm(now) and wanted_bps > max(self.estimate, sending_bps) * 1.02:
            self._probing.begin(self.estimate, min(_LARGEST, wanted_bps * _BEYOND), now)
        return self._probing.padding(now, _TICK)

    def may_resend(self, size: int, now: float) -> bool:
        """Whether a packet that was asked for again may be sent again; counts it if so."""
        return self._resending.take((size + OVERHEAD_BYTES) * 8.0, self.estimate, now)

    def feedback(self, arrivals: Sequence[tuple[int, float | None]], now: float) -> bool:
        """One transport-cc report: (sequence, arrival on the receiver's clock, or None for a lost one).

        True when the estimate was cut: layers are then best decided at once.
        """
        batch = self._history.read(arrivals, self._cut_at, self._probing.cluster)
        cut_at = self._cut_at
        self._heard_at = now
        self._history.forget(now)
        self._losses.add(batch.lost, batch.total, now)
        if batch.delays:
            self._delay.add(batch.smallest, now)
            self._delivered.add(batch.last_arrival, batch.bits)
            self.round_trip_s += 0.1 * (now - batch.newest_sent - self.round_trip_s)
            self._judge(batch, now)
        self._judge_loss(now)
        self._judge_probe(batch, now)
        return self._cut_at != cut_at

    def _is_calm(self, now: float) -> bool:
        heard = self._heard_at is not None and now - self._heard_at < _FRESH
        return heard and max(self._delay.standing, self._backlog.seconds(now)) < _PROBE_QUEUE

    def _judge(self, batch: Batch, now: float) -> None:
        if self._route_grew(now):
            self._delay.rebase()
            self._over_since = self._standing_since = None
        excess, most = batch.excesses(self._delay.base)
        if most < 0.0:
            self._backlog.lower(-most)
        standing = self._delay.standing
        self._over_since = (self._over_since or now) if excess > _EXCESS else None
        self._standing_since = (self._standing_since or now) if standing > _STANDING else None
        over = self._over_since is not None and (excess > _LARGE_EXCESS or now - self._over_since >= _PATIENCE)
        stands = self._standing_since is not None and now - self._standing_since > 0.5  # noqa: PLR2004 -- see _STANDING
        if (over or stands) and now - self._cut_at > self.round_trip_s + 0.25 and not self._delay.is_falling():
            self._cut(_BETA * self._delivered.rate(self._busy()), now)

    def _busy(self) -> float:
        """Seconds in which the line surely had no pause, because a queue of this length stood on it."""
        return min(_LONGEST_BUSY, max(_SHORTEST_BUSY, 1.5 * self._delay.standing))

    def _route_grew(self, now: float) -> bool:
        """After a cut a queue drains. A delay that stays where it was, without losses, is a longer route."""
        return (
            self._cut_queue > 0.0
            and now - self._cut_at > 1.0 + self.round_trip_s
            and self._delay.standing > 0.7 * self._cut_queue
            and self._delay.spread() < _FLAT
            and self._losses.share < _HEAVY_LOSS / 2
        )

    def _judge_loss(self, now: float) -> None:
        """Section 6 of the draft. An estimate far above what is sent is first brought down to it when most is lost."""
        if now - self._cut_at < 1.0 or self._losses.at_least < _HEAVY_LOSS:
            return
        loss = self._losses.share
        reference = min(self.estimate, self._sending.bps) if loss > _MOSTLY_LOST else self.estimate
        self._cut(reference * (1.0 - 0.5 * loss), now)

    def _restore(self, now: float) -> None:
        """A standing queue that leaves much faster than the line was cut to: a stall that passed, not a narrow line."""
        arriving = self._delivered.rate(_RESTORE_WINDOW)
        if now - self._cut_at < _RESTORE_WITHIN and self._cut_queue > 0.0 and arriving > _RESTORE_FROM * self.estimate:
            self._set(max(self.estimate, min(self._before_cut, _BETA * arriving)))

    def _cut(self, bps: float, now: float) -> None:
        if now - self._cut_at > _RESTORE_WITHIN:
            self._before_cut = self.estimate
        self._set(min(self.estimate, max(bps, _SMALLEST)))
        self._cut_at = now
        self._cut_queue = self._delay.standing
        self._over_since = self._standing_since = None
        self._losses.clear()
        self._probing.cut(now)

    def _judge_probe(self, batch: Batch, now: float) -> None:
        cluster = self._probing.cluster
        if cluster is None:
            return
        if self._delay.standing > _PROBE_STOP:
            self._probing.stop(now)
        if batch.newest_sent > cluster.until:
            self._settle(now)

    def _settle(self, now: float) -> None:
        result = self._probing.settle(self.loss, now)
        if result.outcome is Outcome.VOID:
            return
        proven = _PROVEN * result.bps
        if result.outcome is Outcome.TAKEN:
            proven = max(self.estimate, proven)
        self._set(max(_PROVEN * self.estimate, proven))

    def _set(self, bps: float) -> None:
        self.estimate = min(_LARGEST, max(_SMALLEST, bps))
        self._backlog.rate = self.estimate

    def _notice_silence(self, now: float) -> None:
        if self._heard_at is not None and self._history and now - max(self._heard_at, self._cut_at) > _SILENCE:
            self._cut(self.estimate / 2, now)
