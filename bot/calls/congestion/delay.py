"""Queueing delay out of one-way delays of unknown offset: what is above the smallest of the last seconds.

The receiver's clock is another one, so only differences count. A base that is a minimum of ten seconds follows
the drift of clocks (200 ppm are 2 ms in that time) and a route that became longer.
"""

from collections import deque
from typing import Final

_BASE_WINDOW: Final = 10.0
_STEP: Final = 0.025
_FLAT: Final = 0.012
_HIGHEST_STEP: Final = 0.16
"""Seconds of one-way delay: the least that is a step, what may vary after it, and what is rather a full queue."""

_FALL: Final = 0.002
_FALL_SHARE: Final = 0.04
"""Seconds, and share of the queue, that four feedbacks in a row fall at least: packets alone make a queue ripple."""

_ANOTHER_CLOCK: Final = 10.0
"""Seconds of delay that no queue explains: the receiver's clock jumped (its 24 bits of 64 ms wrap in 12.4 days)."""


class QueueDelay:
    """The base delay as a sliding minimum, and the smallest queue of each feedback.

    Theory: a burst is good queue and passes, a queue that stands is bad: the minimum over an interval tells them
    apart (CoDel, RFC 8289, section 3.1). A feedback's span of 50 to 100 ms is the interval.
    """

    __slots__ = ("_minima", "_recent", "standing")

    def __init__(self) -> None:
        self.standing = 0.0
        """Seconds: the smallest queue of the newest feedback."""
        self._minima: deque[tuple[float, float]] = deque()
        self._recent: deque[tuple[float, float]] = deque()

    @property
    def base(self) -> float:
        return self._minima[0][1]

    def add(self, smallest: float, now: float) -> None:
        """Takes the smallest one-way delay of a feedback."""
        if self._minima and abs(smallest - self.base) > _ANOTHER_CLOCK:
            self._minima.clear()
            self._recent.clear()
        self._recent.append((now, smallest))
        while now - self._recent[0][0] > 1.0:
            self._recent.popleft()
        self._slide(smallest, now)
        self.standing = smallest - self.base

    def _slide(self, smallest: float, now: float) -> None:
        minima = self._minima
        while minima and minima[-1][1] >= smallest:
            minima.pop()
        minima.append((now, smallest))
        while now - minima[0][0] > _BASE_WINDOW:
            minima.popleft()

    def spread(self) -> float:
        """Seconds between the smallest and the largest minimum of the last second."""
        delays = [delay for _, delay in self._recent]
        return max(delays) - min(delays) if delays else 0.0

    def is_falling(self) -> bool:
        """Whether the newest minimum is the smallest of the last few, and clearly below their first: a queue drains."""
        recent = self._recent
        if len(recent) < 2:  # noqa: PLR2004 -- a fall has two ends
            return False
        newest, first = recent[-1][1], recent[max(-4, -len(recent))][1]
        return newest <= recent[-2][1] and newest < first - _FALL - _FALL_SHARE * self.standing

    def step(self) -> float | None:
        """The delay since it jumped from one feedback to the next, if it has neither grown nor fallen afterwards.

        A queue ramps up and goes on; a route that became longer steps once.
        """
        delays = [delay for _, delay in self._recent]
        jumps = [index for index in range(1, len(delays)) if delays[index] - delays[index - 1] > _STEP]
        if not jumps:
            return None
        level = delays[jumps[0] :]
        flat = max(level) - min(level) < _FLAT
        return min(level) if flat and _STEP < min(level) - self.base < _HIGHEST_STEP else None

    def lowest_of_late(self) -> float:
        """The smallest delay of the last second."""
        return min(delay for _, delay in self._recent)

    def rebase(self, delay: float) -> None:
        """Takes this delay as the base: the route became longer."""
        self._minima = deque([(self._recent[-1][0], delay)])
        self._recent = deque(entry for entry in self._recent if entry[1] >= delay)
        self.standing = self._recent[-1][1] - delay
