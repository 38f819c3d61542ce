"""Who serves whom with what: the municipality's units, services, officials, desks and closures.

Pure values. Where they are read from (`eahtari.toml`) is `bot.config`'s matter, where they are kept is
`bot.storage`'s.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import IntEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from bot.domain.ids import DeskId, OfficialId, PlaceId, ServiceId, UnitId, UserId, localpart_of, server_of
from bot.domain.language import Language, Text

NO_WORDS = Text.same("")
QUANTUM = timedelta(minutes=5)
"""Everything that is booked is a whole number of quanta: the unit of the guard against double booking."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of one day in local wall time, `start` < `end`; `end` may be 00:00 for midnight's end of day."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Spans by weekday, Monday is 0 (as `date.weekday()`); a lunch break is a gap between two spans."""

    days: tuple[tuple[Span, ...], ...] = ((), (), (), (), (), (), ())

    def on(self, day: date) -> tuple[Span, ...]:
        return self.days[day.weekday()]


@dataclass(frozen=True, slots=True)
class Closure:
    """Days, `first` to `last` inclusive, on which the municipality books nothing."""

    first: date
    last: date
    name: Text

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Unit:
    id: UnitId
    name: Text
    confidential: bool = False
    """Its shared cards show a number, never a subject or a name."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A place where people are served, alone or shared with partner authorities."""

    id: DeskId
    unit: UnitId
    name: Text
    address: str = ""
    partners: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A room or a video point that one visit takes: a quiet room with a camera, the town hall's own screen."""

    id: PlaceId
    name: Text
    address: str = ""
    hours: WeeklyHours | None = None
    """When it can be had; none: whenever an official can."""


class Identity(IntEnum):
    """How surely it is known who the citizen is; each level holds those before it."""

    NONE = 0
    CONTACT = 1
    """An account on the municipality's own homeserver, or a confirmed address."""
    STRONG = 2
    """Strong electronic identification (act 617/2009), or a document shown at a desk."""


@dataclass(frozen=True, slots=True)
class Service:
    """What can be booked. The buffers belong to the official's time, not to the citizen's."""

    id: ServiceId
    unit: UnitId
    name: Text
    officials: tuple[OfficialId, ...]
    duration: timedelta = timedelta(minutes=30)
    buffer_before: timedelta = timedelta()
    buffer_after: timedelta = timedelta()
    minimum_notice: timedelta = timedelta(hours=1)
    horizon: timedelta = timedelta(days=60)
    cancellation_deadline: timedelta = timedelta(0)
    most_open: int = 3
    encrypted: bool = False
    summary: Text = NO_WORDS
    bring: Text = NO_WORDS
    """What to have at hand; empty where nothing is needed."""
    keywords: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    partner: Text | None = None
    """The partner authority that gives the service at the municipality's desk."""
    hours: WeeklyHours | None = None
    """When it is given at all, within its officials' hours; none: always."""
    places: tuple[PlaceId, ...] = ()
    """One of these is taken besides the official; empty where none is needed."""
    identity: Identity = Identity.NONE
    remote: bool = True
    """Whether it is given by video; else the visit is on the spot, in its place."""
    next_steps: Text = NO_WORDS
    """What happens after booking; empty where nothing special does."""
    release_delay: timedelta = timedelta()
    """How long a cancelled time rests before others can have it, so that times are not traded."""


@dataclass(frozen=True, slots=True)
class Official:
    """A municipal employee, named by role; `account` is the localpart on the municipality's homeserver."""

    id: OfficialId
    unit: UnitId
    title: Text
    account: str
    hours: WeeklyHours
    languages: tuple[Language, ...] = (Language.FI,)
    active: bool = True
    exceptions: Mapping[date, tuple[Span, ...]] = field(default_factory=dict)
    """Hours of single days that differ from the week's; no spans: away."""

    def hours_on(self, day: date) -> tuple[Span, ...]:
        found = self.exceptions.get(day)
        return self.hours.on(day) if found is None else found


@dataclass(frozen=True, slots=True)
class Municipality:
    id: str
    code: str
    """Statistics Finland's three-digit municipality code."""
    name: Text
    time_zone: ZoneInfo
    server_name: str
    default_language: Language = Language.FI
    phone: str = ""
    """Where a person can call when the chat does not help."""
    region_servers: tuple[str, ...] = ()
    """Homeservers of the region whose users may open a direct room with the service."""
    room_closes_after: timedelta = timedelta(days=7)
    """How long after a visit its room can still be written in."""
    room_kept_for: timedelta = timedelta(days=90)
    """How long after a visit the service stays in its room; then it leaves and forgets it."""


@dataclass(frozen=True)
class Directory:
    """The whole municipality at one moment. Ids are unique; every reference resolves (checked on reading)."""

    municipality: Municipality
    units: Mapping[UnitId, Unit]
    services: Mapping[ServiceId, Service]
    officials: Mapping[OfficialId, Official]
    desks: Mapping[DeskId, Desk] = field(default_factory=dict)
    places: Mapping[PlaceId, Place] = field(default_factory=dict)
    closures: tuple[Closure, ...] = ()

    @cached_property
    def _by_account(self) -> dict[str, Official]:
        return {official.account: official for official in self.officials.values()}

    def official_of(self, user: UserId) -> Official | None:
        """The active official behind a Matrix id of the municipality's own homeserver, and no other."""
        if server_of(user) != self.municipality.server_name:
            return None
        found = self._by_account.get(localpart_of(user))
        return found if found is not None and found.active else None

    def user_of(self, official: Official) -> UserId:
        return UserId(f"@{official.account}:{self.municipality.server_name}")

    def servants_of(self, service: Service) -> Iterable[Official]:
        """The active officials who give a service, in the configured order."""
        return (o for i in service.officials if (o := self.officials.get(i)) is not None and o.active)
