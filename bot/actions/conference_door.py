"""The door for people without an account: a link is looked at, somebody comes, waits, is let in, and leaves.

What the join page asks, each in a transaction of its own; the letting in is `bot.actions.conference`'s. A browser
calls itself by a random name, of which only a digest is kept; so does a link's token. Media tokens are the edge's
matter, which issues them for `Let` and for nothing else.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.actions import conference_cards, conference_ends, notify, room_life
from bot.actions.ports import Transaction, language_of
from bot.domain.booking import Appointment, State
from bot.domain.conference import (
    GONE_AFTER,
    MOST_OPENINGS,
    OPENS_BEFORE,
    SEEN_EVERY,
    Link,
    MediaRoom,
    NewOrder,
    OrderKind,
    Role,
    Visitor,
    VisitorState,
    cleaned_name,
    guest_identity,
    practice_room,
    session_of,
)
from bot.domain.jobs import Job, JobKind
from bot.domain.language import Language, Text
from bot.text import conference_words, door_words
from bot.text.conference_words import PURPOSES
from bot.text.notices import Visit


class DoorState(StrEnum):
    OPEN = "open"
    TOO_EARLY = "too_early"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    """The link was; the visit goes on without it."""


@dataclass(frozen=True, slots=True)
class Door:
    """What a link shows before anybody enters. `when` is local time in the link's language; none: at any time.

    `name` is who is meant, as the inviter wrote it; `waits` tells whether the chair lets people in.
    """

    title: Text
    when: str | None
    role: Role
    state: DoorState
    language: Language
    name: str = ""
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Waiting:
    """The chair was told; ask again in two seconds."""


@dataclass(frozen=True, slots=True)
class Let:
    """In: a media token may be issued for `room` and `identity`. `until` is when the link ends.

    `has_word` tells whether the chair, who took the word, gave it back; none: nobody took it.
    """

    room: str
    identity: str
    name: str
    role: Role
    until: datetime
    has_word: bool | None = None


@dataclass(frozen=True, slots=True)
class InUse:
    """Another browser has the link's place; it may be taken over."""


@dataclass(frozen=True, slots=True)
class Turned:
    """Not in, and why; asking again does not help unless the reason says so."""

    reason: Text


Entrance = Waiting | Let | InUse | Turned


def look(tx: Transaction, digest: str, now: datetime) -> Door | None:
    """What is behind a link; none where there is no such link."""
    link = tx.conferences.by_digest(digest)
    if link is None:
        return None
    if link.is_practice:
        state = DoorState.OPEN if link.ended is None else DoorState.CLOSED
        return Door(door_words.PRACTICE, None, link.role, state, link.language, waits=False)
    visit = _visit_of(tx, link, now)
    if visit is None:
        return Door(door_words.MEETING, None, link.role, DoorState.CLOSED, link.language, link.name)
    title = visit.unit.name if visit.unit.confidential else visit.service.name
    state = _state(tx, link, visit.appointment, now)
    return Door(title, visit.when(link.language), link.role, state, link.language, link.name)


def enter(
    tx: Transaction, digest: str, *, visitor: str, name: str, language: Language, take_over: bool, now: datetime
) -> Entrance:
    """Somebody pressed "enter". Idempotent for the same browser, but in practice: there each window is somebody."""
    at = _at(tx, digest, now)
    if isinstance(at, Turned):
        return at
    called = cleaned_name(name) or at.link.name or PURPOSES[at.link.purpose].in_(language)
    coming = _Coming(session_of(visitor), called, language)
    if at.link.is_practice:
        return _entrance(tx, at, _practise(tx, at, coming))
    return _knock(tx, at, coming, take_over=take_over)


def status(tx: Transaction, digest: str, *, visitor: str, now: datetime) -> Entrance:
    """How it stands for a browser that entered before; also asked before each renewal of its media token."""
    at = _at(tx, digest, now)
    if isinstance(at, Turned):
        return at
    known = tx.conferences.of_session(at.link, session_of(visitor))
    if known is None:
        return Turned(door_words.LEFT)
    return _entrance(tx, at, _heard_of(tx, known, now))


def leave(tx: Transaction, digest: str, *, visitor: str, now: datetime) -> None:
    """The browser has left, or closed its page. Who was inside comes back within five minutes without waiting."""
    link = tx.conferences.by_digest(digest)
    known = None if link is None else tx.conferences.of_session(link, session_of(visitor))
    if link is None or known is None or not known.is_here:
        return
    _goes(tx, link, known, now)


def gone(tx: Transaction, subject: str, now: datetime) -> bool:
    """A page in the waiting room that was not heard of any more has left. False where it has not."""
    visitor = tx.conferences.visitor(int(subject))
    link = None if visitor is None else tx.conferences.link(visitor.link)
    if visitor is None or link is None or not visitor.is_at_the_door:
        return False
    if now < visitor.seen + GONE_AFTER:
        tx.jobs.plan(Job(JobKind.VISITOR, subject, visitor.seen + GONE_AFTER))
        return False
    _goes(tx, link, visitor, now)
    return True


@dataclass(frozen=True, slots=True)
class _At:
    """An open door. Without an appointment it is the practice conference's."""

    link: Link
    appointment: Appointment | None
    room: MediaRoom | None
    until: datetime
    now: datetime


def _at(tx: Transaction, digest: str, now: datetime) -> _At | Turned:
    link = tx.conferences.by_digest(digest)
    if link is None:
        return Turned(door_words.UNKNOWN)
    if link.is_practice:
        practice = practice_room(tx.directory.municipality.server_name)
        is_open = link.ended is None
        return _At(link, None, practice, now + _PRACTICE_LASTS, now) if is_open else Turned(door_words.CLOSED)
    visit = _visit_of(tx, link, now)
    state = DoorState.CLOSED if visit is None else _state(tx, link, visit.appointment, now)
    if visit is None or state is not DoorState.OPEN:
        return Turned(_WHY_NOT[state])
    room, until = conference_ends.room_of(tx, visit.appointment), room_life.open_until(tx, visit.appointment)
    return _At(link, visit.appointment, room, until, now)


def _visit_of(tx: Transaction, link: Link, now: datetime) -> Visit | None:
    """None where the municipality no longer has what the visit was about."""
    appointment = None if link.appointment is None else tx.appointments.get(link.appointment)
    directory = tx.directory
    if appointment is None or appointment.service not in directory.services:
        return None
    return notify.visit_of(tx, appointment, now) if appointment.official in directory.officials else None


def _state(tx: Transaction, link: Link, appointment: Appointment, now: datetime) -> DoorState:
    """As the visit stands now: a link moves with it and ends with it."""
    if appointment.state not in _HAPPENS or now >= room_life.open_until(tx, appointment):
        return DoorState.CLOSED
    if link.ended is not None:
        return DoorState.CANCELLED
    return DoorState.TOO_EARLY if now < appointment.start - OPENS_BEFORE else DoorState.OPEN


@dataclass(frozen=True, slots=True)
class _Coming:
    """Who stands at the door; `session` is the digest of what the browser calls itself."""

    session: str
    name: str
    language: Language


def _knock(tx: Transaction, at: _At, coming: _Coming, *, take_over: bool) -> Entrance:
    known = tx.conferences.of_session(at.link, coming.session)
    known = None if known is None else _heard_of(tx, known, at.now)
    if known is not None and (known.is_here or known.state is VisitorState.TURNED_AWAY):
        return _entrance(tx, at, known)
    others = tx.conferences.inside_or_waiting(at.link)
    if not take_over and any(other.holds_place(at.now) for other in others):
        return InUse()
    for other in others:
        _replace(tx, at, other)
    if known is not None and known.may_come_back(at.now):
        back = replace(known, state=VisitorState.LET_IN, seen=at.now, ended=None)
        tx.conferences.keep(back)
        return _entrance(tx, at, back)
    if tx.conferences.openings(at.link) >= MOST_OPENINGS:
        return Turned(door_words.TOO_OFTEN)
    return _entrance(tx, at, _come(tx, at, coming))


def _come(tx: Transaction, at: _At, coming: _Coming) -> Visitor:
    came = tx.conferences.come(at.link, coming.session, coming.name, coming.language, at.now)
    if at.appointment is None:
        return came
    tx.jobs.plan(Job(JobKind.VISITOR, str(came.id), at.now + GONE_AFTER))
    return conference_cards.post(tx, at.appointment, at.link, came, at.now)


def _practise(tx: Transaction, at: _At, coming: _Coming) -> Visitor:
    """Two windows of one browser are two people: that is how one tries it out alone."""
    came = tx.conferences.come(at.link, coming.session, coming.name, coming.language, at.now)
    inside = replace(came, state=VisitorState.LET_IN, let_in=at.now)
    tx.conferences.keep(inside)
    if at.room is not None:
        conference_ends.plan_forgetting(tx, at.room, at.now)
    return inside


def _replace(tx: Transaction, at: _At, other: Visitor) -> None:
    """Another browser takes the place; it waits anew, since whoever was let in may not be who holds it."""
    if at.appointment is None:
        return
    conference_ends.see_out(tx, at.appointment, other, at.now)
    if other.state is VisitorState.LET_IN and at.room is not None:
        identity = guest_identity(other.id, tx.directory.municipality.server_name)
        key = f"visitor:{other.id}:replaced"
        language = language_of(tx, at.appointment.citizen)
        tx.orders.give(NewOrder(at.room, OrderKind.REMOVE, key, language, identity=identity), at.now)


def _goes(tx: Transaction, link: Link, visitor: Visitor, now: datetime) -> None:
    left = replace(visitor, state=VisitorState.LEFT, ended=now)
    tx.conferences.keep(left)
    appointment = None if link.appointment is None else tx.appointments.get(link.appointment)
    if appointment is not None and visitor.is_at_the_door:
        conference_cards.settle(tx, appointment, link, left, now)


def _heard_of(tx: Transaction, visitor: Visitor, now: datetime) -> Visitor:
    """Who was let in and not heard of for long has left: another day it is decided anew."""
    if visitor.state is VisitorState.LET_IN and not visitor.holds_place(now):
        left = replace(visitor, state=VisitorState.LEFT, ended=visitor.seen)
        tx.conferences.keep(left)
        return left
    if not visitor.is_here or now < visitor.seen + SEEN_EVERY:
        return visitor
    seen = replace(visitor, seen=now)
    tx.conferences.keep(seen)
    return seen


def _entrance(tx: Transaction, at: _At, visitor: Visitor) -> Entrance:
    if at.appointment is None and at.room is not None:
        return _let(tx, at, at.room, visitor)
    match visitor.state:
        case VisitorState.TURNED_AWAY:
            return Turned(door_words.TURNED_AWAY if visitor.let_in is None else door_words.REMOVED)
        case VisitorState.LEFT:
            return Turned(door_words.LEFT)
        case VisitorState.LET_IN if at.room is not None:
            entrance = _let(tx, at, at.room, visitor)
            return entrance if conference_ends.may_come_in(tx, at.room, entrance.identity) else Waiting()
        case _:
            return Waiting()


def _let(tx: Transaction, at: _At, room: MediaRoom, visitor: Visitor) -> Let:
    identity = guest_identity(visitor.id, tx.directory.municipality.server_name)
    return Let(room, identity, visitor.name, at.link.role, at.until, tx.orders.has_word(visitor.id))


_WHY_NOT = {
    DoorState.CLOSED: door_words.CLOSED,
    DoorState.TOO_EARLY: door_words.TOO_EARLY,
    DoorState.CANCELLED: conference_words.LINK_CANCELLED,
}
_HAPPENS = frozenset({State.BOOKED, State.VISITED, State.NO_SHOW})
_PRACTICE_LASTS = timedelta(hours=12)
