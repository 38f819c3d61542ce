"""One import of a catalogue, as it is written down: when, from where, what was taken, what was left out and why."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ImportKind(StrEnum):
    FILES = "files"
    FULL = "full"
    """All that an address has."""
    INCREMENT = "increment"
    """What changed there since the last one."""
    PART = "part"
    """What changed there since a moment that the operator named; it says nothing about what came before."""


WHOLE_AFTER = timedelta(days=7)
"""After so long everything is fetched again: PTV's dates leave withdrawn services and changed links unsaid."""
OVERLAP = timedelta(hours=1)
"""So much earlier than the last import an increment begins, since two clocks differ."""


@dataclass(frozen=True, slots=True)
class Import:
    """`at` is when it began and `source` the names of the files, or the address; counts are of entries.

    `kept` counts entries that were there before and that it did not bring; `failure` is the reason where nothing was
    changed.
    """

    at: datetime
    source: str
    code: str
    kind: ImportKind
    since: datetime | None = None
    taken: int = 0
    added: int = 0
    changed: int = 0
    removed: int = 0
    kept: int = 0
    skipped: tuple[tuple[str, int], ...] = ()
    problems: tuple[str, ...] = ()
    failure: str | None = None


def increment_since(last: datetime | None, last_full: datetime | None, now: datetime) -> datetime | None:
    """From when on changes are to be fetched; none where everything is."""
    if last is None or last_full is None or now - last_full >= WHOLE_AFTER:
        return None
    return last - OVERLAP
