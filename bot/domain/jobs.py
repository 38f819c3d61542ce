"""Timed work as values: what is to be done when, and until when it is worth doing.

SQLite is the truth: a job is due when `due <= now`, whoever asks. Doing it is `bot.actions`' matter.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ReminderKind(StrEnum):
    """Reminders of an appointment; the subject is its id."""

    DAY_BEFORE = "day-before"
    SOON = "soon"


class JobKind(StrEnum):
    """Everything else that is timed."""

    LAPSE = "lapse"
    """A hold runs out; the subject is the appointment's id."""
    CLOSE = "close"
    """The visit is over: its room is closed; the appointment's id."""
    FORGET = "forget"
    """The visit's room is left and forgotten; the appointment's id."""
    CHOICE = "choice"
    """A citizen who was offered a substitute did not choose; the appointment's id."""
    FREED = "freed"
    """A time came free: the next who waits is told; the id of the freed time."""
    MORNING = "morning"
    """The day's list in a unit's room; the unit's id."""
    INQUIRY = "inquiry"
    """A question in a person's own words is forgotten, first who asked and then the rest; its id."""
    VISITOR = "visitor"
    """A page at a conference's door was not heard of any more; the visitor's id."""
    GUEST = "guest"
    """Whether a guest came back into the conference after its engine died; the visitor's id."""
    NAMES = "names"
    """Who was in a conference that belongs to no visit is forgotten; the conference's name for media."""
    FETCH = "fetch"
    """An official's own calendar is read again; the official's id."""


Kind = ReminderKind | JobKind


@dataclass(frozen=True, slots=True)
class Job:
    """Done at `due`, or late up to `stale`; after that it is worth nothing. No `stale`: however late."""

    kind: Kind
    subject: str
    due: datetime
    stale: datetime | None = None

    def is_stale(self, now: datetime) -> bool:
        return self.stale is not None and self.stale < now


def kind_of(written: str) -> Kind:
    """The kind by its name in storage. Raises `ValueError`."""
    return ReminderKind(written) if written in set(ReminderKind) else JobKind(written)
