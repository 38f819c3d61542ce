"""One card for each appointment in the room of its unit: posted once, edited with every change after that.

The reactions that do something are put under it by the service, so that they can be tapped.
"""

from datetime import datetime

from bot.actions.deliveries import Amend, React, Say
from bot.actions.identity import identity_of
from bot.actions.kept import is_asked
from bot.actions.notify import open_unit_room, visit_of
from bot.actions.ports import Transaction, officials_of
from bot.actions.rooms import RoomKind
from bot.domain.booking import Appointment, Party
from bot.domain.directory import Identity
from bot.text import cards
from bot.text.cards import OFFER, TAKE, Standing


def show(tx: Transaction, appointment: Appointment, now: datetime, by: Party | None = None) -> None:
    """The card as the appointment stands now; `by` is who cancelled. Confidentiality is the unit's."""
    visit = visit_of(tx, appointment, now)
    standing = _standing(tx, appointment, now)
    words, key = cards.card(visit, by, standing), f"appointment:{appointment.id}:card"
    posted, room = tx.appointments.card(appointment.id), tx.rooms.find(RoomKind.UNIT, visit.unit.id)
    if posted is None:
        lane = open_unit_room(tx, visit.unit, now).lane
        posted = tx.outbox.put(lane, Say(words), key=key, now=now, urgent=False)
        tx.appointments.set_card(appointment.id, posted)
    elif room is not None:
        lane = room.lane
        change = f"{key}:{tx.appointments.changes(appointment.id)}"
        tx.outbox.put(lane, Amend(posted, words), key=change, now=now, urgent=False)
    else:
        return
    for reaction in _reactions(standing):
        tx.outbox.put(lane, React(reaction, to_item=posted), key=f"{key}:{reaction}", now=now, urgent=False)


def _standing(tx: Transaction, appointment: Appointment, now: datetime) -> Standing:
    """What more is to be seen on the card of an appointment that lies ahead."""
    if not appointment.is_open(now) or appointment.service not in tx.directory.services:
        return Standing()
    asked = is_asked(tx, appointment)
    return Standing(
        shared=len(officials_of(tx, appointment.service)) > 1 and now < appointment.start and not asked,
        asked=asked,
        guests=len(tx.appointments.guests(appointment.id)) + len(tx.conferences.links_of(appointment.id)),
        identity=identity_of(tx, appointment.citizen) if _needs_identity(tx, appointment) else None,
    )


def _needs_identity(tx: Transaction, appointment: Appointment) -> bool:
    return tx.directory.services[appointment.service].identity is not Identity.NONE


def _reactions(standing: Standing) -> tuple[str, ...]:
    return (OFFER, TAKE) if standing.shared else ()
