"""One receiver's line and its layers together: what the media plane asks each tick and each decision.

The order of use: `sent` for every packet, `feedback` for every report, `decide` about five times a second and
whenever wishes or speakers change, `padding` every 20 ms, `pacing_bps` for the pacer.
"""

from collections.abc import Sequence
from typing import Final

from bot.calls.congestion.allocation import KEEP, Wanted, allocate, cost, cost_of_all, cost_of_next
from bot.calls.congestion.rates import SteadyBitrates
from bot.calls.congestion.send_side import SendSide

_FIRST_HOLD, _LONGEST_HOLD = 3.0, 60.0
"""Seconds after a fall in which nothing rises: at first, and doubled up to this while rises turn out wrong."""
_CONGESTED: Final = 0.1
"""Seconds of standing queue."""
_YIELD: Final = 0.4
"""The largest share of the estimate by which pictures make way for a queue to drain."""
_AFTER_STALL: Final = 1.0
"""Seconds after which layers rise again when the line had only stalled."""
_AMPLE: Final = 2.5
"""As libwebrtc paces above its estimate."""
_WIDE: Final = 1e6
"""Bit/s that were found before a line may count as wide."""

_FAILED_WITHIN: Final = 10.0
"""Seconds within which a fall after a rise means that the rise was wrong."""


class Downlink:
    """Layers for one receiver, without flapping: falls at once, rises after a pause that doubles when it was wrong."""

    __slots__ = ("_audio", "_fell_at", "_hold", "_known", "_rose_at", "_steady", "_tracks", "_wish", "layers", "line",
        "sent",
    )  # fmt: skip

    def __init__(self, now: float) -> None:
        self.line = SendSide(now)
        self.sent = self.line.sent
        """For every packet out: its transport sequence number, its bytes, when, and whether it is a probe's."""
        self.layers: dict[str, int | None] = {}
        """The last decision: quality by track, None for a paused picture."""
        self._tracks: Sequence[Wanted] = ()
        self._steady = SteadyBitrates(now)
        self._audio = self._known = self._wish = 0.0
        self._hold = _FIRST_HOLD
        self._fell_at = now - _LONGEST_HOLD
        self._rose_at = now - _LONGEST_HOLD

    def feedback(self, arrivals: Sequence[tuple[int, float | None]], now: float) -> bool:
        """True when the estimate was cut: `decide` at once."""
        return self.line.feedback(arrivals, now)

    def may_resend(self, size: int, now: float) -> bool:
        """Whether a packet that the receiver asks for again may be sent again; counts it if so."""
        return self.line.may_resend(size, now)

    def hint(self, bps: float) -> None:
        """A receiver's own estimate (REMB); it counts only without transport-cc."""
        self.line.hint(bps)

    @property
    def is_congested(self) -> bool:
        """Whether a queue stands: a layer that is left for a lower one is then best stopped before the key frame."""
        return self.line.queue_s > _CONGESTED

    @property
    def pacing_bps(self) -> float:
        """The pacer's rate: the estimate, and less while a queue stands, so that sound gets past the pictures.

        A line that was never found to be narrow is only kept from the worst bursts: what is held is late.
        """
        if self.line.growing and self.line.estimate > _WIDE and not self.is_congested:
            return _AMPLE * self.line.estimate
        return self.line.estimate * (1.0 - min(_YIELD, self.line.queue_s))

    def decide(self, tracks: Sequence[Wanted], audio_bps: float, now: float) -> dict[str, int | None]:
        """The layers from now on. `audio_bps` and the layers' bitrates are those on the line, headers included."""
        tracks = self._steady.of(tracks, now)
        budget = self.line.estimate - audio_bps
        fallen = cost(tracks, self.layers) * KEEP > budget
        target = allocate(budget, tracks, self.layers)
        if fallen and self.line.estimate < self._known:
            self._fall(now)  # the line became narrower; layers that only grew past it are no sign of that
        if now - self._fell_at < (_AFTER_STALL if self.line.has_recovered else self._hold):
            target = {track: _lower(quality, self.layers.get(track)) for track, quality in target.items()}
        elif any(_above(quality, self.layers.get(track)) for track, quality in target.items()):
            self._rose_at = now
        self._tracks, self._audio, self.layers, self._known = tracks, audio_bps, target, self.line.estimate
        self._wish = self._wanted()
        return target

    def padding(self, now: float) -> int:
        """Bytes of padding to send in this tick of 20 ms; 0 mostly. Send them with `sent(…, probe=True)`."""
        return self.line.probe(now, self._wish, 0.0)

    def _wanted(self) -> float:
        following = cost_of_next(self._tracks, self.layers)
        if following is None:
            return 0.0
        return self._audio + (cost_of_all(self._tracks) if self.line.growing else following)

    def _fall(self, now: float) -> None:
        wrong = now - self._rose_at < _FAILED_WITHIN
        self._hold = min(_LONGEST_HOLD, self._hold * 2) if wrong else _FIRST_HOLD
        self._fell_at = now


def _above(quality: int | None, other: int | None) -> bool:
    return quality is not None and (other is None or quality > other)


def _lower(quality: int | None, other: int | None) -> int | None:
    return other if _above(quality, other) else quality
