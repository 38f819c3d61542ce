"""The ports: what a use case may ask of the outside, as narrow protocols.

`bot.storage` implements them over SQLite. Everything here happens inside one transaction: either all of what
a use case wrote is there afterwards, the messages that go out included, or nothing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from bot.actions.deliveries import Delivery, ItemId, Lane
from bot.actions.rooms import Room, RoomKind, RoomPlan
from bot.domain.availability import Busy, Interval
from bot.domain.booking import Appointment, NewAppointment, Party, Reminder, ReminderKind
from bot.domain.directory import Directory, Official
from bot.domain.ids import AppointmentId, OfficialId, RoomId, ServiceId, UserId
from bot.domain.language import Language

T = TypeVar("T")


class SlotLost(Exception):  # noqa: N818 - not an error of ours: the unique row found somebody faster
    """The last guard against double booking spoke: nothing was stored, and the transaction lives on."""


class Appointments(Protocol):
    def busy(self, officials: Sequence[OfficialId], during: Interval) -> list[Busy]:
        """All taken time of these officials that touches the interval."""

    def open_count(self, citizen: UserId, service: ServiceId, now: datetime) -> int: ...

    def add(self, new: NewAppointment, now: datetime) -> Appointment:
        """Stores an appointment under a fresh number. Raises `SlotLost`."""

    def get(self, appointment: AppointmentId) -> Appointment | None: ...

    def by_number(self, number: str) -> Appointment | None: ...

    def open_of(self, citizen: UserId, now: datetime) -> list[Appointment]:
        """The person's coming appointments in order of time."""

    def of_official(self, official: OfficialId, during: Interval) -> list[Appointment]:
        """Booked appointments of an official that start within the interval, in order of time."""

    def cancel(self, appointment: Appointment, by: Party, now: datetime) -> None:
        """Frees the official's time and writes down who cancelled when."""

    def card(self, appointment: AppointmentId) -> ItemId | None: ...

    def set_card(self, appointment: AppointmentId, item: ItemId) -> None: ...


class People(Protocol):
    def language(self, user: UserId) -> Language | None:
        """What the person chose, or the language they last used; none for a stranger."""

    def set_language(self, user: UserId, language: Language, *, chosen: bool) -> None:
        """`chosen` marks a choice, which a later use of another language does not undo."""


class Rooms(Protocol):
    def want(self, plan: RoomPlan, now: datetime) -> tuple[Room, bool]:
        """The room of a kind and subject; made on paper if there was none, then the flag is true."""

    def find(self, kind: RoomKind, subject: str) -> Room | None: ...

    def by_id(self, room_id: RoomId) -> Room | None: ...

    def by_lane(self, lane: Lane) -> Room | None: ...

    def adopt(self, kind: RoomKind, subject: str, room_id: RoomId, now: datetime) -> Room:
        """Takes a room that exists already as the one of this kind and subject; an older one is forgotten."""

    def set_kind(self, room: Room, kind: RoomKind) -> None: ...


class Outbox(Protocol):
    def put(self, lane: Lane, delivery: Delivery, *, key: str, now: datetime, urgent: bool = True) -> ItemId:
        """Queues a delivery. A key that was used before returns the earlier item and queues nothing."""


class Timers(Protocol):
    def plan(self, appointment: AppointmentId, reminder: Reminder) -> None: ...

    def drop(self, appointment: AppointmentId) -> None:
        """Forgets what is still planned for an appointment."""

    def take_due(self, now: datetime) -> list[tuple[AppointmentId, ReminderKind, bool]]:
        """Everything with `due <= now`, marked as done; the flag tells that it is stale."""

    def next_due(self) -> datetime | None: ...


class Transaction(Protocol):
    """One transaction's view of everything."""

    @property
    def directory(self) -> Directory: ...
    @property
    def appointments(self) -> Appointments: ...
    @property
    def people(self) -> People: ...
    @property
    def rooms(self) -> Rooms: ...
    @property
    def outbox(self) -> Outbox: ...
    @property
    def timers(self) -> Timers: ...


class Store(Protocol):
    """Runs work in one transaction after the other, off the event loop."""

    async def transact(self, work: Callable[[Transaction], T]) -> T: ...


def language_of(tx: Transaction, user: UserId) -> Language:
    return tx.people.language(user) or tx.directory.municipality.default_language


def officials_of(tx: Transaction, service: ServiceId) -> list[Official]:
    return list(tx.directory.servants_of(tx.directory.services[service]))
