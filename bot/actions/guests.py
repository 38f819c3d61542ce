"""A third person in an appointment: an interpreter, a relative, another authority; by their Matrix id.

Only the appointment's own parties bring somebody, and both see who it is. Whether another municipality's server can
be reached is the homeserver's matter.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.actions import cards, notify
from bot.actions.booking import party_of
from bot.actions.deliveries import Invite
from bot.actions.ports import Transaction, language_of
from bot.domain.booking import Appointment, Party
from bot.domain.ids import UserId
from bot.domain.refusals import UnknownAppointment
from bot.domain.staff_refusals import NotOpen, StaffRefusal, TakesPart, TooManyGuests
from bot.text import guest_words

MOST = 5
"""Third persons in one appointment."""


@dataclass(frozen=True, slots=True)
class Invited:
    appointment: Appointment
    guest: UserId


def invite(
    tx: Transaction, actor: UserId, number: str, guest: UserId, now: datetime
) -> Invited | StaffRefusal | UnknownAppointment:
    """Invites into the appointment's room, tells both parties there, and shows it on the card."""
    found = tx.appointments.by_number(number)
    by = None if found is None else party_of(tx, found, actor)
    if found is None or by is None or found.service not in tx.directory.services:
        return UnknownAppointment(number)
    if not found.is_open(now):
        return NotOpen(found.number)
    if guest in notify.parties(tx, found).values():
        return TakesPart()
    if len(tx.appointments.guests(found.id)) >= MOST:
        return TooManyGuests(MOST)
    if not tx.appointments.invite(found, guest, by, now):
        return TakesPart()
    _bring_in(tx, found, guest, by, now)
    return Invited(found, guest)


def _bring_in(tx: Transaction, appointment: Appointment, guest: UserId, by: Party, now: datetime) -> None:
    room = notify.open_appointment_room(tx, notify.visit_of(tx, appointment, now), now)
    tx.outbox.put(room.lane, Invite(guest), key=f"room:{room.lane}:invite:{guest}", now=now)
    words = guest_words.joined(guest, by, language_of(tx, appointment.citizen))
    key = f"guest:{tx.appointments.changes(appointment.id)}"
    everybody = notify.parties(tx, appointment).values()
    notify.say_in_appointment(tx, appointment, words, key=key, mention=everybody, now=now)
    cards.show(tx, appointment, now)
