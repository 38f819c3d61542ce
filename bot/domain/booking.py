"""What an appointment is and what may be done with it.

Pure: the facts (who is busy, what the person has open) come in, a decision goes out. The unique row for each
official and quantum in the storage is the last guard; this module is the first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.availability import Interval, occupied
from bot.domain.directory import QUANTUM, Service
from bot.domain.ids import AppointmentId, OfficialId, ServiceId, UserId

NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0/O, 1/I/L: a number that can be read aloud on the telephone."""

NUMBER_LENGTH = 6

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class State(StrEnum):
    BOOKED = "booked"
    CANCELLED = "cancelled"


class Party(StrEnum):
    """Who acted."""

    CITIZEN = "citizen"
    OFFICIAL = "official"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A booked visit. `start` and `end` are the citizen's time, UTC; `number` is what people call it by."""

    id: AppointmentId
    number: str
    service: ServiceId
    official: OfficialId
    citizen: UserId
    start: datetime
    end: datetime
    state: State

    def is_open(self, now: datetime) -> bool:
        return self.state is State.BOOKED and self.end > now


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """A decision to book, not yet stored. `busy` is the official's time, buffers included."""

    service: ServiceId
    official: OfficialId
    citizen: UserId
    start: datetime
    end: datetime
    busy: Interval


def new_appointment(service: Service, official: OfficialId, citizen: UserId, start: datetime) -> NewAppointment:
    return NewAppointment(
        service=service.id,
        official=official,
        citizen=citizen,
        start=start,
        end=start + service.duration,
        busy=occupied(service, start),
    )


def quanta(interval: Interval) -> Iterator[datetime]:
    """The quanta that an interval touches, by their start."""
    at = interval.start - (interval.start - _EPOCH) % QUANTUM
    while at < interval.end:
        yield at
        at += QUANTUM


def read_number(typed: str) -> str:
    """A number as stored, from one as typed: spaces and dashes dropped, case raised, a leading # forgiven."""
    return "".join(c for c in typed.upper() if c.isalnum())[: 2 * NUMBER_LENGTH]


class ReminderKind(StrEnum):
    DAY_BEFORE = "day-before"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Reminder:
    """Said at `due`, or late up to `stale`; after that it is worth nothing."""

    kind: ReminderKind
    due: datetime
    stale: datetime


def reminders(start: datetime, now: datetime) -> Sequence[Reminder]:
    """The reminders of an appointment that still lie ahead at `now`: 24 h and 10 min before."""
    planned = (
        Reminder(ReminderKind.DAY_BEFORE, start - timedelta(hours=24), start - timedelta(hours=2)),
        Reminder(ReminderKind.SOON, start - timedelta(minutes=10), start + timedelta(minutes=5)),
    )
    return [reminder for reminder in planned if reminder.due > now]
