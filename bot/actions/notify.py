"""Who is told what, where and in which language, when something happens to an appointment.

Writes into the outbox of the running transaction and nowhere else. The words are `bot.text.notices`'.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.actions.deliveries import Amend, Invite, Open, Say
from bot.actions.ports import Transaction, language_of
from bot.actions.rooms import Room, RoomKind, RoomPlan
from bot.domain.booking import Appointment, Party, ReminderKind
from bot.domain.directory import Unit
from bot.domain.ids import UserId
from bot.text import notices
from bot.text.notices import Visit
from bot.text.reply import Reply


def visit_of(tx: Transaction, appointment: Appointment, now: datetime) -> Visit:
    """An appointment with everything that its words may need."""
    directory = tx.directory
    service = directory.services[appointment.service]
    return Visit(
        appointment=appointment,
        service=service,
        unit=directory.units[service.unit],
        official=directory.officials[appointment.official],
        municipality=directory.municipality,
        now=now,
    )


def parties(tx: Transaction, appointment: Appointment) -> dict[Party, UserId]:
    official = tx.directory.officials[appointment.official]
    return {Party.CITIZEN: appointment.citizen, Party.OFFICIAL: tx.directory.user_of(official)}


def booked(tx: Transaction, appointment: Appointment, now: datetime) -> None:
    """The appointment's own room with everybody in it, and its card in the unit's room."""
    visit = visit_of(tx, appointment, now)
    room = open_appointment_room(tx, visit, now)
    language = language_of(tx, appointment.citizen)
    tx.outbox.put(room.lane, Say(notices.welcome(visit, language)), key=_key(appointment, "welcome"), now=now)
    card = tx.outbox.put(
        open_unit_room(tx, visit.unit, now).lane,
        Say(notices.card(visit)),
        key=_key(appointment, "card"),
        now=now,
        urgent=False,
    )
    tx.appointments.set_card(appointment.id, card)


def cancelled(tx: Transaction, appointment: Appointment, by: Party, now: datetime) -> None:
    """Says it in the appointment's room, where both parties are, and changes the card."""
    visit = visit_of(tx, appointment, now)
    other = Party.OFFICIAL if by is Party.CITIZEN else Party.CITIZEN
    user = parties(tx, appointment)[other]
    words = notices.cancelled(visit, by, language_of(tx, user))
    say_in_appointment(tx, appointment, words, key="cancelled", mention=(user,), now=now)
    _amend_card(tx, appointment, notices.cancelled_card(visit, by), now)


def remind(tx: Transaction, appointment: Appointment, kind: ReminderKind, now: datetime) -> None:
    """One message for both parties, in the citizen's language."""
    visit = visit_of(tx, appointment, now)
    words = notices.reminder(visit, kind, language_of(tx, appointment.citizen))
    everybody = parties(tx, appointment).values()
    say_in_appointment(tx, appointment, words, key=f"reminder:{kind}", mention=everybody, now=now)


def say_in_appointment(
    tx: Transaction,
    appointment: Appointment,
    words: Reply,
    *,
    key: str,
    mention: Iterable[UserId],
    now: datetime,
) -> None:
    room = tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id))
    if room is None:
        room = open_appointment_room(tx, visit_of(tx, appointment, now), now)
    tx.outbox.put(room.lane, Say(words, mention=tuple(mention)), key=_key(appointment, key), now=now)


def open_appointment_room(tx: Transaction, visit: Visit, now: datetime) -> Room:
    invitees = tuple(parties(tx, visit.appointment).values())
    language = language_of(tx, visit.appointment.citizen)
    plan = RoomPlan(
        kind=RoomKind.APPOINTMENT,
        subject=str(visit.appointment.id),
        name=notices.room_name(visit, language),
        topic=notices.room_topic(visit, language),
        encrypted=visit.service.encrypted,
        invitees=invitees,
    )
    return open_room(tx, plan, now)


def open_unit_room(tx: Transaction, unit: Unit, now: datetime) -> Room:
    staff = [o for o in tx.directory.officials.values() if o.unit == unit.id and o.active]
    language = tx.directory.municipality.default_language
    plan = RoomPlan(
        kind=RoomKind.UNIT,
        subject=unit.id,
        name=notices.unit_room_name(unit, language),
        topic=notices.unit_room_topic(language),
        encrypted=False,
        invitees=tuple(tx.directory.user_of(official) for official in staff),
    )
    return open_room(tx, plan, now)


def open_room(tx: Transaction, plan: RoomPlan, now: datetime) -> Room:
    """The room of a plan; where it is new, its making is queued before anything else.

    Whoever belongs into it is invited once: an official who joined the unit later too.
    """
    room, new = tx.rooms.want(plan, now)
    urgent = plan.kind is not RoomKind.UNIT
    if new:
        tx.outbox.put(room.lane, Open(), key=f"room:{room.lane}:open", now=now, urgent=urgent)
    for user in plan.invitees:
        key = f"room:{room.lane}:invite:{user}"
        tx.outbox.put(room.lane, Invite(user), key=key, now=now, urgent=urgent)
    return room


def _amend_card(tx: Transaction, appointment: Appointment, words: Reply, now: datetime) -> None:
    card = tx.appointments.card(appointment.id)
    room = tx.rooms.find(RoomKind.UNIT, tx.directory.services[appointment.service].unit)
    if card is not None and room is not None:
        tx.outbox.put(room.lane, Amend(card, words), key=_key(appointment, "card:cancelled"), now=now, urgent=False)


def _key(appointment: Appointment, what: str) -> str:
    return f"appointment:{appointment.id}:{what}"
