"""One card for each appointment in the room of its unit: posted once, edited with every change after that."""

from datetime import datetime

from bot.actions.deliveries import Amend, Say
from bot.actions.notify import open_unit_room, visit_of
from bot.actions.ports import Transaction
from bot.actions.rooms import RoomKind
from bot.domain.booking import Appointment, Party
from bot.text import cards


def show(tx: Transaction, appointment: Appointment, now: datetime, by: Party | None = None) -> None:
    """The card as the appointment stands now; `by` is who cancelled. Confidentiality is the unit's."""
    visit = visit_of(tx, appointment, now)
    words, key = cards.card(visit, by), f"appointment:{appointment.id}:card"
    posted, room = tx.appointments.card(appointment.id), tx.rooms.find(RoomKind.UNIT, visit.unit.id)
    if posted is None:
        lane = open_unit_room(tx, visit.unit, now).lane
        tx.appointments.set_card(appointment.id, tx.outbox.put(lane, Say(words), key=key, now=now, urgent=False))
    elif room is not None:
        change = f"{key}:{tx.appointments.changes(appointment.id)}"
        tx.outbox.put(room.lane, Amend(posted, words), key=change, now=now, urgent=False)
