"""A link into a visit's conference is cancelled: it leads nowhere any more, and whoever came by it goes.

Making links is `bot.actions.guest_links`' matter, the end of a visit's links with the visit `conference_ends`'.
"""

from dataclasses import replace
from datetime import datetime

from bot.actions import cards, conference_cards, conference_ends, notify
from bot.actions.ports import Transaction, language_of
from bot.domain.booking import Appointment, Party
from bot.domain.conference import (
    KEEPS_PLACE,
    Link,
    NewOrder,
    OrderKind,
    Visitor,
    VisitorState,
    guest_identity,
)
from bot.text import conference_words, guest_words


def cancel(tx: Transaction, appointment: Appointment, link: Link, now: datetime) -> bool:
    """From this moment on; both parties are told in the visit's room. False where it was cancelled before."""
    current = tx.conferences.link(link.id)
    if current is None or current.ended is not None or current.appointment != appointment.id:
        return False
    tx.conferences.end_link(current, now)
    for visitor in tx.conferences.visitors_of(appointment.id):
        if visitor.link == current.id:
            _send_away(tx, appointment, current, visitor, now)
    _tell(tx, appointment, current, now)
    return True


def _send_away(tx: Transaction, appointment: Appointment, link: Link, visitor: Visitor, now: datetime) -> None:
    room = conference_ends.room_of(tx, appointment)
    if room is not None and _may_hold_a_token(visitor, now):
        identity = guest_identity(visitor.id, tx.directory.municipality.server_name)
        key, language = f"visitor:{visitor.id}:cancelled", language_of(tx, appointment.citizen)
        tx.orders.give(NewOrder(room, OrderKind.REMOVE, key, language, identity=identity), now)
    if visitor.is_here:
        gone = replace(visitor, state=VisitorState.TURNED_AWAY, let_in=None, ended=now)
        tx.conferences.keep(gone)
        if visitor.is_at_the_door:
            conference_cards.settle(tx, appointment, link, gone, now)


def _may_hold_a_token(visitor: Visitor, now: datetime) -> bool:
    """A media token outlives the page that asked for it; the engine's removal ends it."""
    if visitor.state is VisitorState.LET_IN:
        return True
    return visitor.let_in is not None and visitor.ended is not None and now < visitor.ended + KEEPS_PLACE


def _tell(tx: Transaction, appointment: Appointment, link: Link, now: datetime) -> None:
    tx.appointments.note(appointment, "guest-link-cancelled", Party.OFFICIAL, now)
    language = language_of(tx, appointment.citizen)
    words = conference_words.link_cancelled(guest_words.who(link.purpose, link.name, language), language)
    key, citizen = f"guest-link-cancelled:{link.id}", notify.parties(tx, appointment)[Party.CITIZEN]
    notify.say_in_appointment(tx, appointment, words, key=key, mention=[citizen], now=now)
    cards.show(tx, appointment, now)
