"""What the use cases of a conference ask of the storage. A part of `bot.actions.ports`; the same rules hold."""

from datetime import datetime
from typing import Protocol

from bot.actions.deliveries import ItemId
from bot.domain.conference import (
    OWN_JOURNAL,
    DelayedLeave,
    Evidence,
    Link,
    MediaRoom,
    NewLink,
    NewOrder,
    Order,
    OrderState,
    Presence,
    Visitor,
)
from bot.domain.ids import AppointmentId
from bot.domain.language import Language


class Conferences(Protocol):
    """Links and who came by them."""

    def add_link(self, new: NewLink, now: datetime) -> Link: ...

    def by_digest(self, digest: str) -> Link | None: ...

    def link(self, id: int) -> Link | None: ...

    def links_of(self, appointment: AppointmentId) -> list[Link]:
        """Those that have not ended, in the order in which they were made."""

    def end_link(self, link: Link, now: datetime) -> None: ...

    def end_practice_links(self, now: datetime) -> None: ...

    def come(self, link: Link, session: str, name: str, language: Language, now: datetime) -> Visitor:
        """Somebody new at the door, waiting."""

    def keep(self, visitor: Visitor) -> None: ...

    def visitor(self, id: int) -> Visitor | None: ...

    def visitor_by_card(self, card: ItemId) -> Visitor | None: ...

    def of_session(self, link: Link, session: str) -> Visitor | None:
        """A browser's newest coming."""

    def inside_or_waiting(self, link: Link) -> list[Visitor]:
        """Who waits or was let in, and has not left."""

    def openings(self, link: Link) -> int:
        """How often somebody came to the door by it."""

    def shown(self) -> list[Visitor]:
        """Whom a visit's room shows as being in its call."""

    def waiting_for(self, appointment: AppointmentId) -> list[Visitor]:
        """Who waits, in the order of coming."""

    def visitors_of(self, appointment: AppointmentId) -> list[Visitor]: ...

    def forget_names(self, appointment: AppointmentId) -> None:
        """Of links and those who came by them."""

    def forget_practice(self, before: datetime) -> bool:
        """Whoever was not heard of since, in the practice conference; whether others are still remembered."""


class Presences(Protocol):
    """What the engine witnessed."""

    def through(self, journal: str = OWN_JOURNAL) -> int:
        """The number of the last evidence that was taken in out of an engine's journal."""

    def take(self, evidence: Evidence, journal: str = OWN_JOURNAL) -> bool:
        """Takes it in; false where it was before, or a later one was."""

    def skip(self, number: int, journal: str = OWN_JOURNAL) -> None:
        """A piece that can't be taken in counts as if it were."""

    def of_room(self, room: MediaRoom) -> list[Presence]:
        """In the order of joining."""

    def now_in(self, room: MediaRoom) -> list[Presence]: ...

    def going_on(self) -> list[Presence]:
        """Of all rooms, those that have not ended."""

    def is_in(self, room: MediaRoom, identity: str) -> bool: ...

    def forget_names(self, room: MediaRoom, before: datetime | None = None) -> None:
        """Names and identities go, roles and times stay; with `before` only of those who left before."""

    def has_names(self, room: MediaRoom) -> bool: ...


class Orders(Protocol):
    """What the chair asks of the engine, and the rooms that are locked."""

    def give(self, new: NewOrder, now: datetime) -> None:
        """Once for each key."""

    def waiting(self) -> list[Order]:
        """In the order in which they were given, at most a batch."""

    def settle(self, id: int, state: OrderState) -> None:
        """What it was about is forgotten."""

    def note_word(self, visitor: int, *, given: bool) -> None:
        """The chair gave a guest the word, or took it; only the last counts."""

    def has_word(self, visitor: int) -> bool | None:
        """As it was noted last; none: the chair did neither."""

    def lock(self, room: MediaRoom, *, locked: bool) -> None: ...

    def is_locked(self, room: MediaRoom) -> bool: ...

    def locked_rooms(self) -> list[MediaRoom]: ...


class DelayedLeaves(Protocol):
    """Leaves that the homeserver holds back for clients in conferences; one for each client."""

    def put(self, leave: DelayedLeave) -> DelayedLeave | None:
        """Keeps it in place of an older one of the same client, which is returned."""

    def take(self, room: MediaRoom, identity: str, delay_id: str) -> bool:
        """Forgets just this one; false where it was replaced or taken meanwhile."""

    def all(self) -> list[DelayedLeave]: ...
