"""The estimate of what one receiver's line takes, made at the sender from transport-cc feedback.

Theory. draft-ietf-rmcat-gcc-02: a delay-based and a loss-based bound, cut to a share of the rate that arrives,
transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01). What differs: overuse is delay beyond
what our own bursts explain (see `Backlog`), not a gradient; growth comes from probes alone, because a forwarder has no
encoder to turn up. A receiver that lies about its arrivals changes only what it gets itself.
"""

from collections.abc import Sequence
from typing import Final

from bot.calls.congestion.history import Batch, History
from bot.calls.congestion.line import OVERHEAD_BYTES, Backlog, Resending
from bot.calls.congestion.overuse import Overuse
from bot.calls.congestion.probing import Outcome, Prober
from bot.calls.congestion.rates import Delivered, Losses, Sending

_START: Final = 300e3
_SMALLEST: Final = 60e3
_LARGEST: Final = 20e6

_REACTION: Final = 0.25
"""Seconds that a cut takes beside the round trip until it can be seen: layers change at key frames."""

_BETA: Final = 0.9
"""Share of the arriving rate that is kept after overuse (the draft's section 5.5 has 0.85)."""

_PROBE_QUEUE: Final = 0.03
"""Seconds of queue above which no probe begins."""
_PROBE_SETTLES: Final = 0.8
"""Seconds after a probe in which a delay that stepped up is the probe's own queue."""
_PROBE_STOP: Final = 0.06
"""Seconds of queue at which a running probe sends no more."""

_BELIEVED: Final = 0.95
"""Share of a probe's rate that is believed, and of the estimate that one probe leaves of it: trains are short."""

_BEYOND: Final = 1.12
"""Times what is wanted: so much has to arrive that the believed share of it suffices."""

_HEAVY_LOSS: Final = 0.10
"""Share of lost packets above which the draft's section 6 decreases."""

_MOSTLY_LOST: Final = 0.25

_SILENCE: Final = 2.0
"""Seconds without feedback after which the line is taken for half as wide (RFC 8083 has circuit breakers for it)."""

_DRAINING: Final = 0.85
"""Share of the rate at a cut below which what is sent must have come, or no queue could have drained."""

_FRESH: Final = 1.0
"""Seconds for which feedback says something about the present."""

_SHORTEST_BUSY, _LONGEST_BUSY = 0.12, 0.4
"""Bounds of the window for the arriving rate: packets enough to count, few enough to be of the present."""

_RESTORE_WINDOW, _RESTORE_WITHIN, _RESTORE_FROM = 0.2, 2.0, 1.3
"""Seconds over which what arrives is counted, seconds after a cut, and times the estimate: the cut is taken back."""

_DELIVERED_OVER: Final = 0.5
"""Seconds over which the arriving rate is believed: long enough that no burst makes it."""

_TICK: Final = 0.02


class SendSide:
    """One receiver's line. Sizes are bytes of the RTP packet before SRTP; what a line adds is counted here."""

    __slots__ = (
        "_arrived_at_cut",
        "_backlog",
        "_before_cut",
        "_cut_at",
        "_cut_queue",
        "_delivered",
        "_first_cut_at",
        "_heard_at",
        "_history",
        "_losses",
        "_overuse",
        "_probing",
        "_resending",
        "_sending",
        "estimate",
        "has_recovered",
        "round_trip_s",
    )

    def __init__(self, now: float) -> None:
        self.estimate = _START
        """Bit/s on the line, headers of IP, UDP and SRTP included."""
        self.has_recovered = False
        """Whether the last cut was taken back, because a stall had passed."""
        self.round_trip_s = 0.1
        self._backlog = Backlog(_START, now)
        self._history = History()
        self._overuse = Overuse()
        self._delivered = Delivered()
        self._losses = Losses()
        self._sending = Sending(now)
        self._probing = Prober(now)
        self._resending = Resending(now)
        self._heard_at: float | None = None
        self._cut_at = self._first_cut_at = now - 10.0
        self._cut_queue = 0.0
        self._arrived_at_cut = 0.0
        self._before_cut = 0.0

    @property
    def queue_s(self) -> float:
        """Seconds that the newest feedback's packets stood on the line, at least."""
        return self._overuse.delay.standing

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
        cluster, number = self._probing.cluster, 0
        if cluster is not None and now <= cluster.until:
            cluster.sent(bits, now)
            number = cluster.number
        self._history.add(sequence, (now, bits, self._backlog.add(bits, now), number))
        if not probe:
            self._sending.add(bits, now)

    def probe(self, now: float, wanted_bps: float, sending_bps: float = 0.0) -> int:
        """Bytes of padding for the next tick of 20 ms, mostly 0. `wanted_bps`: what the next layers would need."""
        self._history.forget(now)
        self._notice_silence(now)
        cluster = self._probing.cluster
        if cluster is not None and now > cluster.until + self.round_trip_s + 0.4:
            self._settle(now)
        if self._probing.may_begin(now) and self._is_calm(now) and wanted_bps > max(self.estimate, sending_bps):
            self._probing.begin(self.estimate, min(_LARGEST, wanted_bps * _BEYOND), now)
        return self._probing.padding(now, _TICK)

    def hint(self, bps: float) -> None:
        """Another's estimate (REMB), taken only from a receiver that sends no transport-cc."""
        if self._heard_at is None:
            self._set(bps)

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
        self._losses.add(batch.lost, batch.total, now)
        if batch.delays:
            self._overuse.delay.add(batch.smallest, now)
            self._delivered.add(batch.last_arrival, batch.bits)
            self.round_trip_s += 0.1 * (now - batch.newest_sent - self.round_trip_s)
            self._judge(batch, now)
            self._believe_delivered(now)
        self._judge_loss(now)
        self._judge_probe(batch, now)
        return self._cut_at != cut_at

    def _believe_delivered(self, now: float) -> None:
        """What arrives while no queue stands and hardly anything is lost is no more than the line takes."""
        is_quiet = self._overuse.delay.standing < _PROBE_QUEUE and self._losses.share < _HEAVY_LOSS / 2
        if is_quiet and now - self._cut_at > _RESTORE_WITHIN:
            self._set(max(self.estimate, _BELIEVED * self._delivered.rate(_DELIVERED_OVER)))

    def _is_calm(self, now: float) -> bool:
        heard = self._heard_at is not None and now - self._heard_at < _FRESH
        return heard and max(self._overuse.delay.standing, self._backlog.seconds(now)) < _PROBE_QUEUE

    def _judge(self, batch: Batch, now: float) -> None:
        watch, since_cut = self._overuse, now - self._cut_at
        if self._losses.raw_share < _HEAVY_LOSS / 2 and self._sending.bps < _DRAINING * self._arrived_at_cut:
            watch.is_no_queue(self._cut_queue, now - self._first_cut_at - self.round_trip_s)
        self._backlog.lower(max(0.0, -batch.most_excess(watch.delay.base)))
        seen = watch.seen_in(batch, now)
        probed = now - self._probing.ended_at < _PROBE_SETTLES
        if (probed or not watch.is_step(batch, now)) and seen and since_cut > self.round_trip_s + _REACTION:
            self._cut(_BETA * self._delivered.rate(self._busy()), now)
        elif since_cut < _RESTORE_WITHIN:
            self._restore()

    def _busy(self) -> float:
        """Seconds in which the line surely had no pause, because a queue of this length stood on it."""
        return min(_LONGEST_BUSY, max(_SHORTEST_BUSY, 1.5 * self._overuse.delay.standing))

    def _judge_loss(self, now: float) -> None:
        """Section 6 of the draft. An estimate far above what is sent is first brought down to it when most is lost."""
        if now - self._cut_at < 1.0 or self._losses.at_least < _HEAVY_LOSS:
            return
        loss = self._losses.share
        reference = min(self.estimate, self._sending.bps) if loss > _MOSTLY_LOST else self.estimate
        self._cut(reference * (1.0 - 0.5 * loss), now)

    def _restore(self) -> None:
        """A standing queue that leaves much faster than the line was cut to: a stall that passed, not a narrow line."""
        arriving = self._delivered.rate(_RESTORE_WINDOW)
        if self._cut_queue > 0.0 and arriving > _RESTORE_FROM * self.estimate:
            self._set(max(self.estimate, min(self._before_cut, _BETA * arriving)))
            self.has_recovered = True

    def _cut(self, bps: float, now: float) -> None:
        if now - self._cut_at > _RESTORE_WITHIN:
            self._before_cut, self._first_cut_at, self._cut_queue = self.estimate, now, self._overuse.delay.standing
            self._arrived_at_cut = self._delivered.rate(self._busy())
        self._set(min(self.estimate, max(bps, _SMALLEST)))
        self.has_recovered = False
        self._cut_at = now
        self._overuse.reset()
        self._losses.clear()
        self._probing.cut(now)

    def _judge_probe(self, batch: Batch, now: float) -> None:
        cluster = self._probing.cluster
        if cluster is None:
            return
        if self._overuse.delay.standing > _PROBE_STOP:
            self._probing.stop(now)
        if batch.newest_sent > cluster.until:
            self._settle(now)

    def _settle(self, now: float) -> None:
        """A probe raises the estimate to what is believed of it, half of the way when it and the last were too much."""
        was_growing = self._probing.growing
        result = self._probing.settle(now)
        if result.outcome is Outcome.VOID:
            return
        believed = _BELIEVED * result.bps
        if result.outcome is Outcome.TAKEN:
            self._set(max(self.estimate, believed))
        elif believed < self.estimate:
            least = _BETA if self.queue_s > _PROBE_QUEUE else _BELIEVED
            self._set(max(least * self.estimate, believed))
        else:
            self._set(believed if was_growing else (self.estimate + believed) / 2)

    def _set(self, bps: float) -> None:
        self.estimate = min(_LARGEST, max(_SMALLEST, bps))
        self._backlog.rate = self.estimate

    def _notice_silence(self, now: float) -> None:
        heard_at = self._heard_at
        if heard_at is None or now - max(heard_at, self._cut_at) < _SILENCE:
            return
        span = self._history.span(now)
        if span is not None and span[0] > _SILENCE > 1.0 > span[1]:
            self._cut(self.estimate / 2, now)
