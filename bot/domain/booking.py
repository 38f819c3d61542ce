"""What an appointment is and what may be done with it.

Pure: the facts (who is busy, what the person has open) come in, a decision goes out. The unique row for each
official and quantum in the storage is the last guard; this module is the first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from bot.domain.availability import occupied
from bot.domain.directory import QUANTUM, Service
from bot.domain.ids import (
    AppointmentId,
    OfficialId,
    PlaceId,
    ResourceId,
    SeriesId,
    ServiceId,
    UserId,
    place_resource,
    resource,
)
from bot.domain.jobs import Job, ReminderKind
from bot.domain.opening import Interval

NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Without 0/O, 1/I/L: a number that can be read aloud on the telephone."""

NUMBER_LENGTH = 6

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


HOLD = timedelta(minutes=5)
"""How long a chosen time is kept while the person confirms it."""

MOST_HELD = 2
"""Times that one person may hold at once."""


class State(StrEnum):
    HELD = "held"
    """Kept for a person until they confirm, for `HOLD` at most."""
    BOOKED = "booked"
    CANCELLED = "cancelled"
    LAPSED = "lapsed"
    """A hold that was let go or ran out."""
    VISITED = "visited"
    NO_SHOW = "no-show"
    """The citizen did not come; marked by a person, and can be corrected."""


GONE = frozenset({State.CANCELLED, State.LAPSED})
"""States whose time is free again."""


class Party(StrEnum):
    """Who acted."""

    CITIZEN = "citizen"
    OFFICIAL = "official"
    SERVICE = "service"
    """Nobody: time ran out."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A visit. `start` and `end` are the citizen's time, UTC; `number` is what people call it by.

    `sequence` rises with every change of time, official or state that calendars have to hear of (RFC 5545,
    3.8.7.4). `until` is when a hold runs out. `offered` tells that the official has offered it to colleagues.
    """

    id: AppointmentId
    number: str
    service: ServiceId
    official: OfficialId
    citizen: UserId
    start: datetime
    end: datetime
    state: State
    place: PlaceId | None = None
    sequence: int = 0
    until: datetime | None = None
    series: SeriesId | None = None
    offered: bool = False

    def is_open(self, now: datetime) -> bool:
        return self.state is State.BOOKED and self.end > now

    def is_held(self, now: datetime) -> bool:
        return self.state is State.HELD and self.until is not None and now < self.until


@dataclass(frozen=True, slots=True)
class NewAppointment:
    """A decision to book, not yet stored. `busy` is the time that official and place lose, buffers included."""

    service: ServiceId
    official: OfficialId
    citizen: UserId
    start: datetime
    end: datetime
    busy: Interval
    place: PlaceId | None = None
    series: SeriesId | None = None

    @property
    def resources(self) -> list[ResourceId]:
        return resources(self.official, self.place)


def resources(official: OfficialId, place: PlaceId | None) -> list[ResourceId]:
    """All that a visit takes."""
    return [resource(official), *([] if place is None else [place_resource(place)])]


def new_appointment(
    service: Service, official: OfficialId, citizen: UserId, start: datetime, place: PlaceId | None = None
) -> NewAppointment:
    return NewAppointment(
        service=service.id,
        official=official,
        citizen=citizen,
        start=start,
        end=start + service.duration,
        busy=occupied(service, start),
        place=place,
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


def reminders(appointment: AppointmentId, start: datetime, now: datetime) -> Sequence[Job]:
    """The reminders of an appointment that still lie ahead at `now`: 24 h and 10 min before."""
    subject = str(appointment)
    planned = (
        Job(ReminderKind.DAY_BEFORE, subject, start - timedelta(hours=24), start - timedelta(hours=2)),
        Job(ReminderKind.SOON, subject, start - timedelta(minutes=10), start + timedelta(minutes=5)),
    )
    return [job for job in planned if job.due > now]
