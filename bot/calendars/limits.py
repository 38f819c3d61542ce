"""How much work a calendar from outside may cause, and what came of reading it."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.opening import Interval


@dataclass(frozen=True, slots=True)
class Limits:
    """`size` in octets; `components` are events and free-busy answers.

    A step is one day or one moment that a recurrence is asked about, `series_steps` those of one series.
    """

    size: int = 1024 * 1024
    components: int = 5_000
    series_steps: int = 20_000
    total_steps: int = 400_000


@dataclass(frozen=True, slots=True)
class Reading:
    """When the owner of a calendar is busy, and how far that can be believed.

    `busy` is in order and without overlaps. `skipped` components could not be understood, `cut_short` series had
    more occurrences than the limits allow, and `guessed_zones` components named a zone that nobody knows, so that
    the reader's own zone was taken.
    """

    busy: tuple[Interval, ...]
    skipped: int = 0
    cut_short: int = 0
    guessed_zones: int = 0


class Unreadable(StrEnum):
    """Why nothing at all was read."""

    TOO_LARGE = "too_large"
    TOO_MANY_COMPONENTS = "too_many_components"
    NOT_A_CALENDAR = "not_a_calendar"
    CUT_OFF = "cut_off"


class Budget:
    """Steps that are left, for one series and for the whole calendar."""

    def __init__(self, limits: Limits) -> None:
        self._series = limits.series_steps
        self._total_left = limits.total_steps
        self._series_left = 0
        self.cut_short = 0

    def begin_series(self) -> None:
        self._series_left = self._series

    def spend(self) -> bool:
        """Takes one step; False, and the series counted as cut short, when there is none left."""
        if not self._series_left or not self._total_left:
            self.cut_short += 1
            return False
        self._series_left -= 1
        self._total_left -= 1
        return True
