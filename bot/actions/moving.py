"""A person moves their own appointment to another time: the same number and room, in one transaction or not at all."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import notify, waitinglist
from bot.actions.booking import party_of
from bot.actions.handover import relocate
from bot.actions.ports import SlotLost, Transaction
from bot.actions.search import nearest, pick_official, pick_place, utc
from bot.actions.taking import out_of_range, slot_at, why_not
from bot.domain.availability import Slot
from bot.domain.booking import Appointment, NewAppointment, Party, State, new_appointment
from bot.domain.directory import Service
from bot.domain.ids import UserId
from bot.domain.refusals import (
    AlreadyCancelled,
    AlreadyThen,
    Refusal,
    SlotTaken,
    TooLateToMove,
    UnknownAppointment,
)


@dataclass(frozen=True, slots=True)
class Movable:
    """An appointment that the person may still move."""

    appointment: Appointment
    service: Service
    by: Party


@dataclass(frozen=True, slots=True)
class Moved:
    before: Appointment
    appointment: Appointment
    service: Service


def movable(tx: Transaction, user: UserId, number: str, now: datetime) -> Movable | Refusal:
    """The deadline for cancelling holds for moving too; the official may move up to the start."""
    found = tx.appointments.by_number(number)
    by = None if found is None else party_of(tx, found, user)
    if found is None or by is None or found.state in (State.HELD, State.LAPSED):
        return UnknownAppointment(number)
    service = tx.directory.services.get(found.service)
    if service is None or found.official not in tx.directory.officials:
        return UnknownAppointment(number)  # the municipality no longer has what it was about
    if found.state is State.CANCELLED:
        return AlreadyCancelled(found.number)
    deadline = service.cancellation_deadline if by is Party.CITIZEN else timedelta()
    if not found.is_open(now) or found.start - deadline <= now:
        return TooLateToMove(service, found.start)
    return Movable(found, service, by)


def move(tx: Transaction, user: UserId, number: str, start: datetime, now: datetime) -> Moved | Refusal:
    """Moves to a start with the same official where they can, else with another; a refusal leaves all as it was."""
    found, start = movable(tx, user, number, now), utc(start)
    if not isinstance(found, Movable):
        return found
    appointment, service = found.appointment, found.service
    if appointment.start == start:
        return AlreadyThen(appointment.number, start)
    if (refusal := out_of_range(tx, service, start, now)) is not None:
        return refusal
    slot = slot_at(tx, service, start, now, citizen=appointment.citizen, without=appointment)
    if slot is None:
        return why_not(tx, service, start, now, without=appointment)
    freed = tx.appointments.busy_interval(appointment.id)
    try:
        moved = relocate(tx, appointment, _wanted(found, slot), found.by, now)
    except SlotLost:
        return SlotTaken(service, start, nearest(tx, service, start, now, without=appointment))
    waitinglist.came_free(tx, appointment, freed, now)
    tx.waiting.end(moved.citizen, moved.service, now)
    notify.moved(tx, appointment, moved, found.by, now)
    return Moved(appointment, moved, service)


def _wanted(found: Movable, slot: Slot) -> NewAppointment:
    """As little as possible is another than before."""
    old = found.appointment
    official, place = pick_official(slot, old.official), pick_place(slot, old.place)
    return new_appointment(found.service, official, old.citizen, slot.start, place)
