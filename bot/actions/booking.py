"""Booking and cancelling: one transaction each, with everything that has to be told to anybody.

The rules are the domain's, the words are `bot.text`'s. What is written here in one transaction: the appointment,
its reminders, the plan of its room, the card on the unit's wall, and every message about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import calendars, cards, conference_ends, notify, room_life, waitinglist
from bot.actions.kept import forget_choice
from bot.actions.ports import Transaction
from bot.actions.search import utc
from bot.actions.taking import held_for, is_wanted, take
from bot.domain.booking import Appointment, Party, State, reminders
from bot.domain.directory import Official, Service
from bot.domain.ids import ServiceId, UserId
from bot.domain.jobs import ReminderKind
from bot.domain.refusals import AlreadyCancelled, Refusal, TooLateToCancel, UnknownAppointment


@dataclass(frozen=True, slots=True)
class Booked:
    appointment: Appointment
    service: Service


@dataclass(frozen=True, slots=True)
class Cancelled:
    appointment: Appointment
    service: Service
    by: Party


def book(
    tx: Transaction,
    citizen: UserId,
    service_id: ServiceId,
    start: datetime,
    now: datetime,
    *,
    officials: Sequence[Official] | None = None,
    by: Party = Party.CITIZEN,
) -> Booked | Refusal:
    """Books an official for a start at once, or says why not and what is free instead.

    `officials` are those who are asked for; none: any. A time that is held for the citizen becomes theirs.
    """
    service = tx.directory.services[service_id]
    held = held_for(tx, citizen, service_id, now)
    if held is not None and is_wanted(held, utc(start), officials):
        return settle(tx, tx.appointments.confirm(held, now), now)
    taken = take(tx, citizen, service, start, now, officials=officials, by=by)
    return settle(tx, taken, now) if isinstance(taken, Appointment) else taken


def settle(tx: Transaction, appointment: Appointment, now: datetime) -> Booked:
    """Everything that follows a booking: reminders, its room, its card; the wish for an earlier time has ended."""
    plan_reminders(tx, appointment, now)
    tx.waiting.end(appointment.citizen, appointment.service, now)
    notify.booked(tx, appointment, now)
    calendars.attach(tx, appointment, now)
    room_life.plan(tx, appointment)
    cards.show(tx, appointment, now)
    return Booked(appointment, tx.directory.services[appointment.service])


def plan_reminders(tx: Transaction, appointment: Appointment, now: datetime) -> None:
    """Those that still lie ahead; what was planned for an earlier time is dropped."""
    tx.jobs.drop(str(appointment.id), *ReminderKind)
    for job in reminders(appointment.id, appointment.start, now):
        tx.jobs.plan(job)


def cancel(tx: Transaction, user: UserId, number: str, now: datetime) -> Cancelled | Refusal:
    """Cancels an appointment for its citizen or its official, and tells the other one."""
    appointment = tx.appointments.by_number(number)
    party = None if appointment is None else party_of(tx, appointment, user)
    if appointment is None or party is None or appointment.state in (State.HELD, State.LAPSED):
        return UnknownAppointment(number)
    if appointment.state is State.CANCELLED:
        return AlreadyCancelled(appointment.number)
    service = tx.directory.services.get(appointment.service)
    if service is None or appointment.official not in tx.directory.officials:
        return UnknownAppointment(number)  # the municipality no longer has what it was about
    deadline = service.cancellation_deadline if party is Party.CITIZEN else _NO_TIME
    if appointment.start - deadline <= now or appointment.state is not State.BOOKED:
        return TooLateToCancel(service, appointment.start)
    cards.show(tx, _free(tx, appointment, party, now), now, party)
    waitinglist.came_free(tx, appointment, tx.appointments.busy_interval(appointment.id), now)
    notify.cancelled(tx, appointment, party, now)
    calendars.attach(tx, appointment, now)
    return Cancelled(appointment, service, party)


def withdraw(tx: Transaction, appointment: Appointment, now: datetime, *, service_stays: bool) -> None:
    """Cancels by the municipality's side because the service or the official is about to go, and tells both parties.

    To be called while the directory still has both. No deadline holds: what is open is withdrawn up to its end.
    """
    cards.show(tx, _free(tx, appointment, Party.OFFICIAL, now), now, Party.OFFICIAL)
    notify.withdrawn(tx, appointment, now, service_stays=service_stays)
    calendars.attach(tx, appointment, now)


def party_of(tx: Transaction, appointment: Appointment, user: UserId) -> Party | None:
    """As what a person takes part in an appointment; none for everybody else."""
    if appointment.citizen == user:
        return Party.CITIZEN
    official = tx.directory.official_of(user)
    return Party.OFFICIAL if official is not None and official.id == appointment.official else None


def _free(tx: Transaction, appointment: Appointment, by: Party, now: datetime) -> Appointment:
    tx.jobs.drop(str(appointment.id), *ReminderKind)
    forget_choice(tx, appointment)
    gone = tx.appointments.cancel(appointment, by, now)
    room_life.plan(tx, gone)
    conference_ends.shut(tx, gone, now)
    return gone


_NO_TIME = timedelta()
