"""The end of a conference: with its visit, with its visit's room, and in memory.

A link needs no end of its own: it is asked about its visit each time. Here those who are at the door or inside are
seen out, and names are forgotten: a visit's with its room, everybody else's a day after.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.actions import conference_cards
from bot.actions.ports import Transaction, language_of
from bot.actions.rooms import RoomKind
from bot.domain.booking import Appointment
from bot.domain.conference import (
    MediaRoom,
    NewOrder,
    OrderKind,
    Visitor,
    VisitorState,
    media_room,
    practice_room,
)
from bot.domain.jobs import Job, JobKind

NAMES_KEPT = timedelta(days=1)
"""How long names of a conference are kept that belongs to no visit."""


def room_of(tx: Transaction, appointment: Appointment) -> MediaRoom | None:
    """The visit's conference; none until the homeserver has made its room."""
    room = tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id))
    return None if room is None or room.room_id is None else media_room(room.room_id)


def may_come_in(tx: Transaction, room: MediaRoom, identity: str) -> bool:
    """Into a locked conference only who was in it before; asked before every media token."""
    return not tx.orders.is_locked(room) or any(one.identity == identity for one in tx.presences.of_room(room))


def shut(tx: Transaction, appointment: Appointment, now: datetime) -> None:
    """The visit was cancelled or its room is closed: nobody waits any more, and whoever is inside goes."""
    visitors = [one for one in tx.conferences.visitors_of(appointment.id) if one.is_here]
    for visitor in visitors:
        see_out(tx, appointment, visitor, now)
    room = room_of(tx, appointment)
    if room is not None and (visitors or tx.presences.now_in(room) or tx.orders.is_locked(room)):
        tx.orders.lock(room, locked=False)
        key = f"appointment:{appointment.id}:{appointment.sequence}:shut"
        tx.orders.give(NewOrder(room, OrderKind.CLOSE, key, language_of(tx, appointment.citizen)), now)


def see_out(tx: Transaction, appointment: Appointment, visitor: Visitor, now: datetime) -> None:
    """Without a way back that spares the waiting."""
    gone = replace(visitor, state=VisitorState.LEFT, let_in=None, ended=now)
    tx.conferences.keep(gone)
    link = tx.conferences.link(visitor.link)
    if visitor.is_at_the_door and link is not None:
        conference_cards.settle(tx, appointment, link, gone, now)


def forget(tx: Transaction, appointment: Appointment) -> None:
    """The visit's room is forgotten, and with it who came: when, as what and how long somebody was there stays."""
    tx.conferences.forget_names(appointment.id)
    room = room_of(tx, appointment)
    if room is not None:
        tx.presences.forget_names(room)


def plan_forgetting(tx: Transaction, room: MediaRoom, now: datetime) -> None:
    """Somebody came into a conference that belongs to no visit."""
    if tx.jobs.planned(JobKind.NAMES, room) is None:
        tx.jobs.plan(Job(JobKind.NAMES, room, now + NAMES_KEPT))


def forget_names(tx: Transaction, subject: str, now: datetime) -> bool:
    """Of those who left a day ago or earlier; asked again as long as anybody is remembered."""
    room, before = MediaRoom(subject), now - NAMES_KEPT
    tx.presences.forget_names(room, before)
    more = tx.presences.has_names(room)
    if room == practice_room(tx.directory.municipality.server_name):
        more = tx.conferences.forget_practice(before) or more
    if more:
        tx.jobs.plan(Job(JobKind.NAMES, subject, now + NAMES_KEPT))
    return True
