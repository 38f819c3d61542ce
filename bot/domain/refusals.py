"""Every expected "no", as a value. Their words are in `bot.text.wording`, one for each, in three languages.

A refusal carries what its words need: the reason, and what the person can do now.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.availability import Slot
from bot.domain.directory import Identity, Service
from bot.domain.language import Text


@dataclass(frozen=True, slots=True)
class SlotTaken:
    """Somebody was faster, or the official is busy."""

    service: Service
    start: datetime
    nearest: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class OutsideHours:
    """Nobody gives the service at that time."""

    service: Service
    start: datetime
    nearest: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """The municipality is closed that day."""

    service: Service
    day: date
    name: Text
    nearest: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class TooSoon:
    """Inside the service's minimum notice, or already past."""

    service: Service
    start: datetime
    nearest: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class TooFar:
    """Past the service's horizon; `last` is the last day that can be booked."""

    service: Service
    last: date
    nearest: tuple[Slot, ...] = ()


@dataclass(frozen=True, slots=True)
class NoFreeTimes:
    """Everything up to the horizon is booked."""

    service: Service


@dataclass(frozen=True, slots=True)
class TooManyOpen:
    """The person has as many open appointments of the service as it allows."""

    service: Service
    limit: int


@dataclass(frozen=True, slots=True)
class HeldTime:
    number: str
    service: Service
    start: datetime


@dataclass(frozen=True, slots=True)
class TooManyHeld:
    """The person has as many times held as one may, for other services."""

    held: tuple[HeldTime, ...]


@dataclass(frozen=True, slots=True)
class HoldRanOut:
    """The time that was held for the person is no longer theirs; it may be free still."""

    service: Service
    start: datetime
    nearest: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class AlreadyBooked:
    """What the person wants to let go is booked already."""

    number: str


@dataclass(frozen=True, slots=True)
class IdentityNeeded:
    """The service needs to know more surely who the person is."""

    service: Service
    needed: Identity


@dataclass(frozen=True, slots=True)
class UnknownAppointment:
    """No such appointment of this person. Said alike whether it exists or not: nothing to probe."""

    number: str


@dataclass(frozen=True, slots=True)
class TooLateToCancel:
    """Past the service's cancellation deadline."""

    service: Service
    start: datetime


@dataclass(frozen=True, slots=True)
class TooLateToMove:
    """Past the service's cancellation deadline, which holds for moving too."""

    service: Service
    start: datetime


@dataclass(frozen=True, slots=True)
class AlreadyThen:
    """The appointment is at that time already; nothing changed."""

    number: str
    start: datetime


@dataclass(frozen=True, slots=True)
class AlreadyCancelled:
    """Cancelled before; nothing changed."""

    number: str


Refusal = (
    SlotTaken
    | OutsideHours
    | Closed
    | TooSoon
    | TooFar
    | NoFreeTimes
    | TooManyOpen
    | TooManyHeld
    | HoldRanOut
    | AlreadyBooked
    | IdentityNeeded
    | UnknownAppointment
    | TooLateToCancel
    | TooLateToMove
    | AlreadyThen
    | AlreadyCancelled
)
