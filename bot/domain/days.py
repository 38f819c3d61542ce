"""Several days in a row, as absences and closures are spoken of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MOST_DAYS = 366
"""Days that one command can name."""


@dataclass(frozen=True, slots=True)
class Days:
    """Local days, `first` to `last` inclusive."""

    first: date
    last: date

    def each(self) -> Iterator[date]:
        for number in range((self.last - self.first).days + 1):
            yield self.first + timedelta(days=number)

    def __str__(self) -> str:
        """As the readers of commands read it back: `2026-12-01..2026-12-03`."""
        return f"{self.first}..{self.last}"
