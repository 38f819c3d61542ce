"""What an official's command may be refused for, as values. Their words are in `bot.text.staff_refusals`."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.directory import Official


@dataclass(frozen=True, slots=True)
class NotFound:
    """No such appointment that this official may act on; said alike whether it exists or not."""

    number: str


@dataclass(frozen=True, slots=True)
class NotStarted:
    """It lies ahead, so nothing has become of it yet."""

    number: str
    start: datetime


@dataclass(frozen=True, slots=True)
class NotHeldVisit:
    """It was cancelled, or waits for the citizen's choice: neither done nor missed."""

    number: str


@dataclass(frozen=True, slots=True)
class NotOpen:
    """It has begun, is over or was cancelled: it can't be changed any more."""

    number: str


@dataclass(frozen=True, slots=True)
class DoesNotServe:
    """The official does not give the service; `able` do."""

    official: Official
    able: tuple[Official, ...]


@dataclass(frozen=True, slots=True)
class Busy:
    """The official has something else then, or does not work; `able` are free."""

    official: Official
    start: datetime
    able: tuple[Official, ...]


@dataclass(frozen=True, slots=True)
class HasIt:
    """It is this official's already."""

    official: Official
    number: str


@dataclass(frozen=True, slots=True)
class NotOwn:
    """Only its own official may do that."""

    number: str


@dataclass(frozen=True, slots=True)
class NotOffered:
    """Its official has not offered it to colleagues."""

    number: str


@dataclass(frozen=True, slots=True)
class NoPerson:
    """What was typed is no Matrix id of a person."""


@dataclass(frozen=True, slots=True)
class TakesPart:
    """The person takes part already."""


@dataclass(frozen=True, slots=True)
class TooManyGuests:
    most: int


StaffRefusal = (
    NotFound
    | NotStarted
    | NotHeldVisit
    | NotOpen
    | DoesNotServe
    | Busy
    | HasIt
    | NotOwn
    | NotOffered
    | NoPerson
    | TakesPart
    | TooManyGuests
)
