"""Booking and cancelling: one transaction each, with everything that has to be told to anybody.

The rules are the domain's, the words are `bot.text`'s. What is written here in one transaction: the appointment,
its reminders, the plan of its room, the card on the unit's wall, and every message about it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import cards, notify
from bot.actions.ports import SlotLost, Transaction, officials_of
from bot.actions.search import calendar_of, last_day, local_day, nearest, pick_official, pick_place, slots_on, utc
from bot.domain.availability import Slot, fits, open_intervals
from bot.domain.booking import Appointment, Party, State, new_appointment, reminders
from bot.domain.directory import Service
from bot.domain.ids import ServiceId, UserId
from bot.domain.jobs import ReminderKind
from bot.domain.refusals import (
    AlreadyCancelled,
    Closed,
    NoFreeTimes,
    OutsideHours,
    Refusal,
    SlotTaken,
    TooFar,
    TooLateToCancel,
    TooManyOpen,
    TooSoon,
    UnknownAppointment,
)


@dataclass(frozen=True, slots=True)
class Booked:
    appointment: Appointment
    service: Service


@dataclass(frozen=True, slots=True)
class Cancelled:
    appointment: Appointment
    service: Service
    by: Party


def book(tx: Transaction, citizen: UserId, service_id: ServiceId, start: datetime, now: datetime) -> Booked | Refusal:
    """Books the least loaded official for a start, or says why not and what is free instead."""
    start = utc(start)
    service = tx.directory.services[service_id]
    if (refusal := _may_book(tx, citizen, service, start, now)) is not None:
        return refusal
    slot = _slot_at(tx, service, start, now)
    if slot is None:
        return _why_not(tx, service, start, now)
    try:
        appointment = tx.appointments.add(
            new_appointment(service, pick_official(slot), citizen, start, pick_place(slot)), now
        )
    except SlotLost:
        return SlotTaken(service, start, nearest(tx, service, start, now))
    for job in reminders(appointment.id, start, now):
        tx.jobs.plan(job)
    notify.booked(tx, appointment, now)
    cards.show(tx, appointment, now)
    return Booked(appointment, service)


def cancel(tx: Transaction, user: UserId, number: str, now: datetime) -> Cancelled | Refusal:
    """Cancels an appointment for its citizen or its official, and tells the other one."""
    appointment = tx.appointments.by_number(number)
    party = None if appointment is None else party_of(tx, appointment, user)
    if appointment is None or party is None:
        return UnknownAppointment(number)
    if appointment.state is State.CANCELLED:
        return AlreadyCancelled(appointment.number)
    service = tx.directory.services.get(appointment.service)
    if service is None or appointment.official not in tx.directory.officials:
        return UnknownAppointment(number)  # the municipality no longer has what it was about
    if appointment.start - (service.cancellation_deadline if party is Party.CITIZEN else _NO_TIME) <= now:
        return TooLateToCancel(service, appointment.start)
    cards.show(tx, _free(tx, appointment, party, now), now, party)
    notify.cancelled(tx, appointment, party, now)
    return Cancelled(appointment, service, party)


def withdraw(tx: Transaction, appointment: Appointment, now: datetime, *, service_stays: bool) -> None:
    """Cancels by the municipality's side because the service or the official is about to go, and tells both parties.

    To be called while the directory still has both. No deadline holds: what is open is withdrawn up to its end.
    """
    cards.show(tx, _free(tx, appointment, Party.OFFICIAL, now), now, Party.OFFICIAL)
    notify.withdrawn(tx, appointment, now, service_stays=service_stays)


def party_of(tx: Transaction, appointment: Appointment, user: UserId) -> Party | None:
    """As what a person takes part in an appointment; none for everybody else."""
    if appointment.citizen == user:
        return Party.CITIZEN
    official = tx.directory.official_of(user)
    return Party.OFFICIAL if official is not None and official.id == appointment.official else None


def _free(tx: Transaction, appointment: Appointment, by: Party, now: datetime) -> Appointment:
    tx.jobs.drop(str(appointment.id), *ReminderKind)
    return tx.appointments.cancel(appointment, by, now)


_NO_TIME = timedelta()


def _may_book(tx: Transaction, citizen: UserId, service: Service, start: datetime, now: datetime) -> Refusal | None:
    if start < now + service.minimum_notice:
        return TooSoon(service, start, nearest(tx, service, start, now))
    if local_day(tx, start) > (last := last_day(service, now, tx)):
        return TooFar(service, last)
    if tx.appointments.open_count(citizen, service.id, now) >= service.most_open:
        return TooManyOpen(service, service.most_open)
    return None


def _slot_at(tx: Transaction, service: Service, start: datetime, now: datetime) -> Slot | None:
    slots = slots_on(tx, service, local_day(tx, start), now)
    return next((slot for slot in slots if slot.start == start), None)


def _why_not(tx: Transaction, service: Service, start: datetime, now: datetime) -> Refusal:
    """The reason that a person can do something with: closed, outside hours, taken; or nothing free at all."""
    day = local_day(tx, start)
    officials = officials_of(tx, service.id)
    calendar = calendar_of(tx, service, officials, day, now)
    closest = nearest(tx, service, start, now)
    if not closest:
        return NoFreeTimes(service)
    if (closure := calendar.closure_on(day)) is not None:
        return Closed(service, day, closure.name, closest)
    if any(fits(service, start, open_intervals(o, day, calendar, service)) for o in officials):
        return SlotTaken(service, start, closest)
    return OutsideHours(service, start, closest)
