"""When delay means that a line is overused: beyond what our own bursts explain, and neither draining nor a new route.

Decides nothing about rates; `send_side` cuts.
"""

from typing import Final

from bot.calls.congestion.delay import QueueDelay
from bot.calls.congestion.history import Batch

_EXCESS: Final = 0.04
"""Seconds of unexplained queue that count as overuse when they stay for `_PATIENCE`."""
_LARGE_EXCESS: Final = 0.12
"""Seconds of unexplained queue that need no second look."""
_PATIENCE: Final = 0.09

_ADAPTING, _MOST_USUAL, _MARGIN = 0.01, 0.03, 2.0
"""A radio's jitter looks like a little excess all the time: the usual excess is learnt over a hundred reports, and
raises the threshold (the draft's adaptive threshold, section 5.4, does the same for its gradient)."""

_STANDING: Final = 0.2
"""Seconds of queue, explained or not, that may not stand for `_STANDING_FOR`."""
_STANDING_FOR: Final = 0.5

_STEP_HOLDS_FOR: Final = 0.35
"""Seconds for which a delay that stepped up has to stay flat to be taken for a longer route."""
_LOSSY: Final = 0.1

_DRAINS_WITHIN: Final = 1.0
_STILL_THERE: Final = 0.7
"""Seconds after a cut in which a queue shrinks to less than this share, or it is no queue."""
_FLAT: Final = 0.02


class Overuse:
    """Watches one report after the other.

    Theory: the detector of draft-ietf-rmcat-gcc-02, section 5.4, compares a delay gradient to a threshold that
    adapts; here bursts are subtracted (network calculus) and the minimum of a report is compared (CoDel).
    """

    __slots__ = ("_lost", "_over_since", "_standing_since", "_stepped_since", "_total", "_usual", "delay")

    def __init__(self) -> None:
        self.delay = QueueDelay()
        self._over_since: float | None = None
        self._standing_since: float | None = None
        self._stepped_since: float | None = None
        self._lost = self._total = 0
        self._usual = 0.0

    def reset(self) -> None:
        """Begins to watch anew, after a cut."""
        self._over_since = self._standing_since = self._stepped_since = None

    def seen_in(self, batch: Batch, now: float) -> bool:
        """Whether this report, whose delay was added before, shows overuse."""
        excess = batch.least_excess(self.delay.base)
        threshold = _EXCESS + _MARGIN * self._usual
        self._usual += _ADAPTING * (min(_MOST_USUAL, max(0.0, excess)) - self._usual)
        self._over_since = (self._over_since or now) if excess > threshold else None
        self._standing_since = (self._standing_since or now) if self.delay.standing > _STANDING else None
        over = self._over_since is not None and (excess > _LARGE_EXCESS or now - self._over_since >= _PATIENCE)
        stands = self._standing_since is not None and now - self._standing_since > _STANDING_FOR
        return (over or stands) and not self.delay.is_falling()

    def is_step(self, batch: Batch, now: float) -> bool:
        """Whether the delay stepped up without losses and stays flat: while so, nothing is cut, then it is the base."""
        level = self.delay.step()
        if level is None or batch.least_excess(self.delay.base) < _EXCESS / 2:
            self._stepped_since = None
            return False
        if self._stepped_since is None:
            self._stepped_since, self._lost, self._total = now, 0, 0
        self._lost += batch.lost
        self._total += batch.total
        if self._lost > 1 and self._lost > _LOSSY * self._total:
            return False
        if now - self._stepped_since > _STEP_HOLDS_FOR:
            self.delay.rebase(level)
            self.reset()
        return True

    def is_no_queue(self, cut_queue: float, since_cut: float) -> bool:
        """After a cut a queue drains. A delay that stays where it was is a longer route: it becomes the base."""
        found = (
            cut_queue > 0.0
            and since_cut > _DRAINS_WITHIN
            and self.delay.standing > _STILL_THERE * cut_queue
            and self.delay.spread() < _FLAT
        )
        if found:
            self.delay.rebase(self.delay.lowest_of_late())
            self.reset()
        return found
