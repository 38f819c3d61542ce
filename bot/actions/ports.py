"""The ports: what a use case may ask of the outside, as narrow protocols.

`bot.storage` implements them over SQLite. Everything here happens inside one transaction: either all of what
a use case wrote is there afterwards, the messages that go out included, or nothing.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.actions.conference_ports import Conferences, DelayedLeaves, Orders, Presences
from bot.actions.deliveries import Delivery, ItemId, Lane
from bot.actions.questions import Question
from bot.actions.rooms import Room, RoomKind, RoomPlan
from bot.domain.availability import Busy
from bot.domain.booking import Appointment, NewAppointment, Party, State
from bot.domain.catalogue import Catalogue, Entry, EntryId, Origin, Synonym
from bot.domain.conference import MediaRoom
from bot.domain.directory import Directory, Identity, Official, Span, WeeklyHours
from bot.domain.ids import AppointmentId, OfficialId, ResourceId, RoomId, SeriesId, ServiceId, UserId
from bot.domain.inquiry import Inquiry, NewInquiry
from bot.domain.jobs import Job, Kind
from bot.domain.language import Language
from bot.domain.opening import Interval
from bot.domain.teaching import NewProposal, Proposal, ProposalState, TestQuestion

T = TypeVar("T")


class SlotLost(Exception):  # noqa: N818 - not an error of ours: the unique row found somebody faster
    """The last guard against double booking spoke: nothing was stored, and the transaction lives on."""


class Appointments(Protocol):
    """`by` is who acted. Every change goes into the appointment's history; nothing is ever deleted from it."""

    def busy(self, resources: Sequence[ResourceId], during: Interval, now: datetime) -> list[Busy]:
        """All time of these officials and places that visits take and that touches the interval."""

    def busy_interval(self, appointment: AppointmentId) -> Interval:
        """What a visit takes, buffers included."""

    def open_count(self, citizen: UserId, service: ServiceId, now: datetime) -> int: ...

    def add(
        self, new: NewAppointment, now: datetime, by: Party = Party.CITIZEN, until: datetime | None = None
    ) -> Appointment:
        """Stores an appointment under a fresh number; with `until` as a hold. Raises `SlotLost`."""

    def confirm(self, held: Appointment, now: datetime) -> Appointment:
        """A hold becomes a booking. Raises `SlotLost` where it has run out or was let go."""

    def cancel(self, appointment: Appointment, by: Party, now: datetime, state: State = State.CANCELLED) -> Appointment:
        """Frees the time and writes down who did it when."""

    def move(self, appointment: Appointment, to: NewAppointment, by: Party, now: datetime) -> Appointment:
        """Another time, official or place under the same number. Raises `SlotLost`; then nothing has changed."""

    def mark(self, appointment: Appointment, state: State, by: Party, now: datetime) -> Appointment:
        """What became of a visit. The time stays taken."""

    def offer(self, appointment: Appointment, now: datetime, *, offered: bool) -> Appointment:
        """The official offers a visit to colleagues, or keeps it after all."""

    def get(self, appointment: AppointmentId) -> Appointment | None: ...

    def by_number(self, number: str) -> Appointment | None: ...

    def by_card(self, item: ItemId) -> Appointment | None: ...

    def open_of(self, citizen: UserId, now: datetime) -> list[Appointment]:
        """The person's coming appointments in order of time."""

    def held_of(self, citizen: UserId, now: datetime) -> list[Appointment]:
        """Times that are kept for the person, the one that runs out first before the others."""

    def last_of(self, citizen: UserId, service: ServiceId) -> Appointment | None:
        """The latest visit of a person to a service, past or to come."""

    def of_official(self, official: OfficialId, during: Interval) -> list[Appointment]:
        """An official's appointments, past ones too, that start within the interval, in order of time."""

    def open_of_official(self, official: OfficialId, now: datetime) -> list[Appointment]:
        """An official's coming appointments in order of time."""

    def new_series(self, rule: str, now: datetime) -> SeriesId:
        """`rule` is the RRULE (RFC 5545, 3.3.10) that the series was made from."""

    def of_series(self, series: SeriesId) -> list[Appointment]: ...

    def invite(self, appointment: Appointment, user: UserId, by: Party, now: datetime) -> bool:
        """A third person takes part; false if they did already."""

    def guests(self, appointment: AppointmentId) -> list[UserId]: ...

    def note(self, appointment: Appointment, what: str, by: Party, now: datetime) -> None:
        """An entry in the history for what changes neither time nor state."""

    def changes(self, appointment: AppointmentId) -> int:
        """How many entries the appointment's history has; grows with every change."""

    def changed_at(self, appointment: AppointmentId) -> datetime:
        """When its history got its last entry."""

    def visited_since(self, citizen: UserId, since: datetime) -> list[Appointment]:
        """A person's appointments that start after a moment, cancelled ones too, no holds: what a calendar shows."""

    def served_since(self, official: OfficialId, since: datetime) -> list[Appointment]:
        """As `visited_since`, of an official."""

    def cancelled_at(self, appointment: AppointmentId) -> datetime | None:
        """When an appointment was cancelled last; none where it never was."""

    def without_job(self, kind: Kind, most: int) -> list[Appointment]:
        """Appointments that were ever booked and have no job of a kind, done or not; the newest, at most so many."""

    def card(self, appointment: AppointmentId) -> ItemId | None: ...

    def set_card(self, appointment: AppointmentId, item: ItemId) -> None: ...


class BlockKind(StrEnum):
    """Why time can't be booked although no visit takes it."""

    IMPORTED = "imported"
    """Busy in the official's own calendar; the source is the official's id."""
    RESTING = "resting"
    """Came free a short while ago; the source is the appointment's id."""
    SUBSTITUTE = "substitute"
    """Kept for a citizen who was offered it; the source is the appointment's id."""


class Hours(Protocol):
    """Hours of single days, and blocked time."""

    def on(self, officials: Sequence[OfficialId], day: date) -> Mapping[OfficialId, tuple[Span, ...]]:
        """Who has other hours that day than the week says; no spans: away."""

    def set(self, official: OfficialId, day: date, spans: Sequence[Span] | None) -> None:
        """Changes a day's hours; none: as the week says again."""

    def close(self, official: OfficialId, day: date) -> None:
        """The official is away that day; what hours it had of its own is kept for `reopen`."""

    def reopen(self, official: OfficialId, day: date) -> None:
        """A closed day has the hours again that it had before."""

    def blocks(self, resources: Sequence[ResourceId], during: Interval, now: datetime) -> list[Busy]: ...

    def block(self, kind: BlockKind, source: str, taken: Iterable[Busy], until: datetime | None = None) -> None:
        """Blocks time, up to `until` where it is given."""

    def unblock(self, kind: BlockKind, source: str) -> None: ...

    def blocked(self, kind: BlockKind, source: str) -> list[Busy]:
        """What is blocked for a source."""

    def set_week(self, official: OfficialId, hours: WeeklyHours) -> None:
        """Changes an official's weekly hours in the directory."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who wants a time that begins before `before`."""

    id: int
    citizen: UserId
    service: ServiceId
    before: datetime


@dataclass(frozen=True, slots=True)
class Freed:
    """Time of an official that came free, buffers included."""

    id: int
    resource: ResourceId
    interval: Interval


class WaitingList(Protocol):
    def add(self, citizen: UserId, service: ServiceId, before: datetime, now: datetime) -> None:
        """One wish a person and service: a new one takes the older one's place, but keeps its turn."""

    def of(self, citizen: UserId) -> list[Waiting]: ...

    def end(self, citizen: UserId, service: ServiceId, now: datetime) -> bool: ...

    def free(self, resource: ResourceId, interval: Interval) -> int:
        """Writes down that time came free; its id is the subject of the job that tells of it."""

    def freed(self, id: int) -> Freed | None: ...

    def next_for(self, freed: Freed, services: Sequence[ServiceId]) -> Waiting | None:
        """Who has waited longest for a time that begins so early and was not told of it."""

    def tell(self, freed: Freed, waiting: Waiting) -> None: ...


@dataclass(frozen=True, slots=True)
class CalendarSource:
    """An official's own calendar: where it is read, when it was last, and what went wrong then."""

    official: OfficialId
    address: str
    fetched: datetime | None
    problem: str | None


class Feeds(Protocol):
    """`digest` is a SHA-256 of a feed's token; the token itself is kept nowhere."""

    def renew(self, user: UserId, digest: str, now: datetime) -> None:
        """One feed a person: an older token ends."""

    def owner(self, digest: str) -> UserId | None: ...

    def has(self, user: UserId) -> bool: ...

    def close(self, user: UserId) -> bool: ...

    def set_source(self, official: OfficialId, address: str | None) -> None: ...

    def source(self, official: OfficialId) -> CalendarSource | None: ...

    def sources(self) -> list[OfficialId]:
        """Who has a calendar of their own that is read."""

    def fetched(self, official: OfficialId, now: datetime, problem: str | None) -> None: ...


class People(Protocol):
    def language(self, user: UserId) -> Language | None:
        """What the person chose, or the language they last used; none for a stranger."""

    def identity(self, user: UserId) -> Identity:
        """How surely it was ever known who the person is."""

    def set_identity(self, user: UserId, identity: Identity) -> None: ...

    def set_language(self, user: UserId, language: Language, *, chosen: bool) -> None:
        """`chosen` marks a choice, which a later use of another language does not undo."""


class Rooms(Protocol):
    def want(self, plan: RoomPlan, now: datetime) -> tuple[Room, bool]:
        """The room of a kind and subject; made on paper if there was none, then the flag is true."""

    def find(self, kind: RoomKind, subject: str) -> Room | None: ...

    def by_id(self, room_id: RoomId) -> Room | None: ...

    def by_lane(self, lane: Lane) -> Room | None: ...

    def by_media(self, media: MediaRoom) -> Room | None:
        """The room of a conference, by the name that the engine knows."""

    def plan(self, lane: Lane) -> tuple[str, RoomPlan] | None:
        """The alias and the plan of a room that the service makes itself."""

    def adopt(self, kind: RoomKind, subject: str, room_id: RoomId, now: datetime) -> Room:
        """Takes a room that exists already as the one of this kind and subject; an older one is forgotten."""

    def set_kind(self, room: Room, kind: RoomKind) -> None: ...


class Outbox(Protocol):
    def put(self, lane: Lane, delivery: Delivery, *, key: str, now: datetime, urgent: bool = True) -> ItemId:
        """Queues a delivery. A key that was used before returns the earlier item and queues nothing."""


class Questions(Protocol):
    def put(self, lane: Lane, person: UserId, question: Question, item: ItemId) -> None:
        """Ties a question to a message that the service sent unasked, also where its room is not made yet."""

    def pending(self, room: RoomId, person: UserId, now: datetime) -> tuple[Question, ItemId] | None:
        """What the person was asked last in a room, as long as an answer is waited for."""


class Jobs(Protocol):
    def plan(self, job: Job) -> None:
        """One job a kind and subject: planning it anew takes the earlier plan's place, done or not."""

    def drop(self, subject: str, *kinds: Kind) -> None:
        """Forgets what is still planned."""

    def planned(self, kind: Kind, subject: str) -> datetime | None:
        """When a job that is not done yet is due."""

    def take_due(self, now: datetime) -> list[Job]:
        """What is `due <= now`, at most a batch, marked as done; not what is done outside of transactions: `FETCH`."""

    def next_due(self) -> datetime | None:
        """When `take_due` finds something next."""

    def take_fetches(self, now: datetime) -> list[Job]:
        """Due jobs of the kind `FETCH`, as `take_due`."""

    def next_fetch(self) -> datetime | None: ...


class Facts(Protocol):
    """Small facts by name that the start of the service writes down."""

    def get(self, name: str) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Changes:
    """What an import changed, by entries' ids."""

    added: tuple[EntryId, ...]
    changed: tuple[EntryId, ...]
    removed: tuple[EntryId, ...]
    refused: tuple[EntryId, ...] = ()
    """Left as they are, since the id is an entry's of another origin."""


class Catalogues(Protocol):
    """What the municipality tells its citizens."""

    def catalogue(self) -> Catalogue: ...

    def entry(self, id: EntryId) -> Entry | None: ...

    def take(self, origin: Origin, entries: Sequence[Entry], *, complete: bool) -> Changes:
        """Adds and changes entries of an origin; `complete`: those of it that are absent are removed.

        An entry of another origin with the same id is left as it is.
        """

    def set_synonym(self, synonym: Synonym) -> None:
        """What the staff teaches; it goes before what a file says, and outlives imports."""

    def take_synonyms(self, synonyms: Sequence[Synonym], *, complete: bool) -> None:
        """Those of files; `complete`: those of earlier files that are absent are removed."""

    def taught(self, entry: EntryId, language: Language) -> list[str]:
        """Keywords that the staff has added."""

    def unteach(self, entry: EntryId, language: Language, words: Sequence[str]) -> None: ...

    def teach(self, entry: EntryId, language: Language, words: Sequence[str]) -> None:
        """Keywords that the staff adds to an entry; they outlive an import of it."""

    def drop_synonym(self, language: Language, said: str) -> bool: ...

    def name_it(self, code: str, name: Mapping[Language, str]) -> None: ...

    def is_empty(self) -> bool: ...

    def revision(self) -> str:
        """Changes whenever anything that is searched did; empty as long as there is no entry."""


class Inquiries(Protocol):
    """Questions that were asked in a person's own words."""

    def add(self, new: NewInquiry) -> None:
        """Once for each event."""

    def next_new(self) -> Inquiry | None:
        """The oldest that nobody has looked at."""

    def get(self, id: int) -> Inquiry | None: ...

    def by_card(self, card: ItemId) -> Inquiry | None: ...

    def keep(self, inquiry: Inquiry) -> None: ...

    def subject(self, lane: Lane, since: datetime) -> EntryId | None:
        """What was answered last in a room."""

    def unanswered(self, since: datetime) -> list[Inquiry]:
        """Those that wait for an official and those whose answer was unsure, oldest first.

        Of more than five hundred, those that wait and the newest others.
        """

    def drop(self, id: int) -> None: ...


class Teaching(Protocol):
    """What officials propose for the catalogue, and the questions by which it is tried."""

    def add_test(self, question: TestQuestion) -> bool:
        """False where the question is there already; then its entry is the new one."""

    def tests(self) -> list[TestQuestion]: ...

    def propose(self, new: NewProposal) -> None:
        """Once for each event."""

    def next_new(self) -> Proposal | None: ...

    def get(self, id: int) -> Proposal | None: ...

    def settle(self, id: int, state: ProposalState) -> None: ...


class Transaction(Protocol):
    """One transaction's view of everything."""

    def attempt(self, work: Callable[[], T]) -> T | Exception:
        """A part that may fail by itself: what it wrote is taken back then, and the rest goes on."""

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
    def questions(self) -> Questions: ...
    @property
    def jobs(self) -> Jobs: ...
    @property
    def hours(self) -> Hours: ...
    @property
    def waiting(self) -> WaitingList: ...
    @property
    def feeds(self) -> Feeds: ...
    @property
    def facts(self) -> Facts: ...
    @property
    def catalogue(self) -> Catalogues: ...
    @property
    def inquiries(self) -> Inquiries: ...
    @property
    def teaching(self) -> Teaching: ...
    @property
    def conferences(self) -> Conferences: ...
    @property
    def presences(self) -> Presences: ...
    @property
    def orders(self) -> Orders: ...
    @property
    def delayed_leaves(self) -> DelayedLeaves: ...


class Store(Protocol):
    """Runs work in one transaction after the other, off the event loop."""

    async def transact(self, work: Callable[[Transaction], T]) -> T: ...


def language_of(tx: Transaction, user: UserId) -> Language:
    return tx.people.language(user) or tx.directory.municipality.default_language


def officials_of(tx: Transaction, service: ServiceId) -> list[Official]:
    return list(tx.directory.servants_of(tx.directory.services[service]))
