"""How much one person may ask in a short time: a token bucket, so that nobody else has to wait.

A burst is answered up to the bucket's size; then one kind word is said, and the rest is left unanswered until
the bucket fills again. What was left unanswered stays in the inbox, marked so.
"""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """`burst` messages at once, then `per_minute`."""

    burst: int = 30
    per_minute: int = 30


@dataclass(frozen=True, slots=True)
class Allowance:
    """`left` messages at `counted_at`; `told` that the person heard that it was used up."""

    left: float
    counted_at: datetime
    told: bool = False

    @classmethod
    def full(cls, limits: Limits, now: datetime) -> "Allowance":
        return cls(limits.burst, _whole(now))

    def refilled(self, limits: Limits, now: datetime) -> "Allowance":
        """Counts whole seconds, which is as fine as the storage counts. A clock set back begins anew from there."""
        moment = _whole(now)
        seconds = max(0.0, (moment - self.counted_at).total_seconds())
        left = min(float(limits.burst), self.left + seconds * limits.per_minute / 60)
        return Allowance(left, moment, self.told and left < limits.burst / 2)

    @property
    def is_used_up(self) -> bool:
        return self.left < 1

    def spent(self) -> "Allowance":
        return replace(self, left=self.left - 1)

    def after_telling(self) -> "Allowance":
        return replace(self, told=True)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
