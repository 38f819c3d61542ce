"""The chair of a visit's conference: who is in it, letting guests in, muting, removing, locking.

Every official who may act on the visit chairs it. What the engine has to do is written down as an order and carried
out outside of the transaction (`bot.calls_round`); who is in is known by the engine's evidence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions import conference_cards
from bot.actions.access import may_act
from bot.actions.conference_ends import may_come_in, room_of
from bot.actions.deliveries import Lane
from bot.actions.guest_links import trial_link
from bot.actions.ports import Transaction
from bot.actions.rooms import RoomKind
from bot.domain.booking import Appointment
from bot.domain.conference import (
    Link,
    MediaRoom,
    NewOrder,
    OrderKind,
    Presence,
    Role,
    Visitor,
    VisitorState,
    visitor_of,
)
from bot.domain.ids import AppointmentId, RoomId, UserId, localpart_of
from bot.domain.language import Language
from bot.text import conference_words, guest_words

__all__ = [
    "Attendance",
    "Given",
    "admission",
    "attendance",
    "let_in",
    "lock",
    "mute",
    "name_of",
    "of_visitor",
    "remove",
    "role_of",
    "trial_link",
    "turn_away",
]


@dataclass(frozen=True, slots=True)
class Given:
    """Where and in which language an order was given; `key` names the message that gave it."""

    lane: Lane
    language: Language
    key: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """`present` and `former` hold all presences; somebody who came back has several."""

    present: Sequence[Presence]
    former: Sequence[Presence]
    waiting: Sequence[Visitor]
    links: Mapping[int, Link]
    locked: bool

    @property
    def is_empty(self) -> bool:
        return not (self.present or self.former or self.waiting)


def attendance(tx: Transaction, appointment: Appointment) -> Attendance:
    room = room_of(tx, appointment)
    found = [] if room is None else tx.presences.of_room(room)
    waiting = tx.conferences.waiting_for(appointment.id)
    links = {link.id: link for one in waiting if (link := tx.conferences.link(one.link)) is not None}
    return Attendance(
        present=[one for one in found if one.ended is None],
        former=[one for one in found if one.ended is not None],
        waiting=waiting,
        links=links,
        locked=room is not None and tx.orders.is_locked(room),
    )


def name_of(tx: Transaction, presence: Presence, language: Language) -> str:
    """As people read it: the name that somebody came in under, an account's id, or what they are there as."""
    visitor = None if (id := visitor_of(presence.identity)) is None else tx.conferences.visitor(id)
    link = None if visitor is None else tx.conferences.link(visitor.link)
    if link is not None:
        return guest_words.who(link.purpose, presence.name, language)
    account = ":".join(presence.identity.split(":")[:2]) if presence.identity.startswith("@") else ""
    return presence.name or account or conference_words.ROLES[presence.role].in_(language)


def of_visitor(tx: Transaction, visitor: Visitor) -> tuple[Link, Appointment] | None:
    """Into which visit somebody wants; none for the practice conference."""
    link = tx.conferences.link(visitor.link)
    appointment = None if link is None or link.appointment is None else tx.appointments.get(link.appointment)
    return None if link is None or appointment is None else (link, appointment)


def let_in(tx: Transaction, visitor: Visitor, now: datetime) -> bool:
    """Opens the door; false where the visitor no longer waits. The page finds out by itself within two seconds."""
    return _decide(tx, visitor, VisitorState.LET_IN, now)


def turn_away(tx: Transaction, visitor: Visitor, now: datetime) -> bool:
    """The browser does not come in by this link any more; false where the visitor no longer waits."""
    return _decide(tx, visitor, VisitorState.TURNED_AWAY, now)


def _decide(tx: Transaction, visitor: Visitor, state: VisitorState, now: datetime) -> bool:
    current = tx.conferences.visitor(visitor.id) or visitor
    found = of_visitor(tx, current)
    if found is None or not current.is_at_the_door:
        return False
    link, appointment = found
    came_in = state is VisitorState.LET_IN
    decided = replace(current, state=state, let_in=now if came_in else None, ended=None if came_in else now)
    tx.conferences.keep(decided)
    conference_cards.settle(tx, appointment, link, decided, now)
    return True


def mute(tx: Transaction, presence: Presence, given: Given, now: datetime, *, muted: bool = True) -> None:
    """Takes the word, or gives it back; then the microphone is opened by its owner alone."""
    _order(tx, OrderKind.MUTE if muted else OrderKind.UNMUTE, presence, given, now)


def remove(tx: Transaction, presence: Presence, given: Given, now: datetime) -> None:
    """Out of the conference. A guest does not come back by the same link; a member of the room can."""
    visitor = None if (id := visitor_of(presence.identity)) is None else tx.conferences.visitor(id)
    if visitor is not None:
        tx.conferences.keep(replace(visitor, state=VisitorState.TURNED_AWAY, ended=now))
    _order(tx, OrderKind.REMOVE, presence, given, now)


def _order(tx: Transaction, kind: OrderKind, presence: Presence, given: Given, now: datetime) -> None:
    shown = name_of(tx, presence, given.language)
    if (room := tx.rooms.by_lane(given.lane)) is not None and room.kind is RoomKind.UNIT:
        shown = conference_words.ROLES[presence.role].in_(given.language)  # staff rooms hold no names
    key = f"{given.key}:{kind}:{presence.id}"
    new = NewOrder(presence.room, kind, key, given.language, given.lane, presence.identity, shown)
    tx.orders.give(new, now)


def lock(tx: Transaction, appointment: Appointment, given: Given, now: datetime, *, locked: bool) -> bool:
    """Nobody new comes in, until it is unlocked or everybody has left. False where there is no room yet."""
    room = room_of(tx, appointment)
    if room is None:
        return False
    kind = OrderKind.LOCK if locked else OrderKind.UNLOCK
    tx.orders.lock(room, locked=locked)
    tx.orders.give(NewOrder(room, kind, f"{given.key}:{kind}", given.language, given.lane), now)
    return True


def role_of(tx: Transaction, room_id: RoomId, user: UserId) -> Role:
    """As what a member of a Matrix room is in its conference."""
    room = tx.rooms.by_id(room_id)
    official = tx.directory.official_of(user)
    if room is None or room.kind is not RoomKind.APPOINTMENT:
        alone = room is not None and room.kind is RoomKind.DIRECT and room.subject == user
        return Role.OFFICIAL if official is not None else Role.CITIZEN if alone else Role.MEMBER
    appointment = tx.appointments.get(AppointmentId(int(room.subject)))
    if appointment is None:
        return Role.MEMBER
    if appointment.citizen == user:
        return Role.CITIZEN
    return Role.OFFICIAL if official is not None and may_act(tx, official, appointment) else Role.MEMBER


def admission(tx: Transaction, room_id: RoomId, user: UserId, room: MediaRoom, identity: str) -> tuple[str, str] | None:
    """As what, and under which name, a member of a Matrix room comes into its conference.

    None while it is locked for them. Guests by link read the name, so it says no more than the meeting needs.
    """
    if not may_come_in(tx, room, identity):
        return None
    role, official = role_of(tx, room_id, user), tx.directory.official_of(user)
    language = tx.directory.municipality.default_language
    if official is not None:
        return role, official.title.in_(language)
    if role is Role.CITIZEN:
        return role, conference_words.ROLES[role].in_(language).capitalize()
    return role, localpart_of(user)
