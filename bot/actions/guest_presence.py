"""Guests by link as Matrix clients see them: whoever is in a visit's conference is shown in its room's call.

Clients such as Element Call show and play only those of whom the room's state says that they are in its call
(MSC4143). A guest has no account, so one of our application service stands for them, as long as they are there.
"""

from dataclasses import replace
from datetime import datetime

from bot.actions import conference_ends
from bot.actions.deliveries import HideGuest, ShowGuest
from bot.actions.ports import Transaction, language_of
from bot.actions.rooms import Room, RoomKind
from bot.domain.booking import Appointment
from bot.domain.conference import (
    BACK_AGAIN,
    GUEST_DEVICE,
    Evidence,
    Link,
    MediaRoom,
    Visitor,
    guest_identity,
    guest_user,
    visitor_of,
)
from bot.domain.jobs import Job, JobKind
from bot.text import guest_words


def joined(tx: Transaction, evidence: Evidence, now: datetime) -> None:
    """Somebody came in; where it is a guest who is not shown yet, the room shows them."""
    visitor = _visitor(tx, evidence.identity)
    found = None if visitor is None else _visit(tx, visitor)
    if visitor is None or found is None or visitor.shown is not None:
        return
    link, visit, room = found
    tx.conferences.keep(replace(visitor, shown=evidence.sid))
    name = guest_words.who(link.purpose, visitor.name, language_of(tx, visit.citizen))
    shown = ShowGuest(guest_user(visitor.id, tx.directory.municipality.server_name), GUEST_DEVICE, name)
    tx.outbox.put(room.lane, shown, key=f"visitor:{visitor.id}:show:{evidence.sid}", now=now)


def left(tx: Transaction, identity: str, now: datetime) -> None:
    """Somebody left; a guest who has no other connection is not shown any more."""
    visitor = _visitor(tx, identity)
    if visitor is not None:
        _hide_unless_in(tx, visitor, now)


def emptied(tx: Transaction, room: MediaRoom, now: datetime) -> None:
    """Nobody is in a conference any more."""
    for visitor in tx.conferences.shown():
        found = _visit(tx, visitor)
        if found is not None and conference_ends.room_of(tx, found[1]) == room:
            _hide_unless_in(tx, visitor, now)


def plan_looks(tx: Transaction, now: datetime) -> None:
    """The engine has started anew: whoever was in comes back within seconds, or not at all."""
    for visitor in tx.conferences.shown():
        tx.jobs.plan(Job(JobKind.GUEST, str(visitor.id), now + BACK_AGAIN))


def look(tx: Transaction, subject: str, now: datetime) -> bool:
    """Whether a guest came back. False where they did."""
    visitor = tx.conferences.visitor(int(subject))
    return visitor is not None and _hide_unless_in(tx, visitor, now)


def _hide_unless_in(tx: Transaction, visitor: Visitor, now: datetime) -> bool:
    found = _visit(tx, visitor)
    if found is None or visitor.shown is None:
        return False
    _, visit, room = found
    server, media = tx.directory.municipality.server_name, conference_ends.room_of(tx, visit)
    if media is not None and tx.presences.is_in(media, guest_identity(visitor.id, server)):
        return False
    tx.conferences.keep(replace(visitor, shown=None))
    hidden = HideGuest(guest_user(visitor.id, server), GUEST_DEVICE)
    tx.outbox.put(room.lane, hidden, key=f"visitor:{visitor.id}:hide:{visitor.shown}", now=now)
    return True


def _visitor(tx: Transaction, identity: str) -> Visitor | None:
    """Of a link of ours, by the whole identity: the server's name too."""
    id = visitor_of(identity)
    if id is None or identity != guest_identity(id, tx.directory.municipality.server_name):
        return None
    return tx.conferences.visitor(id)


def _visit(tx: Transaction, visitor: Visitor) -> tuple[Link, Appointment, Room] | None:
    """Into which visit's room somebody came; none for the practice conference, which has none."""
    link = tx.conferences.link(visitor.link)
    visit = None if link is None or link.appointment is None else tx.appointments.get(link.appointment)
    room = None if visit is None else tx.rooms.find(RoomKind.APPOINTMENT, str(visit.id))
    return None if link is None or visit is None or room is None else (link, visit, room)
