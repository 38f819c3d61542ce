"""A chosen time is held for five minutes while the person confirms it: hold, confirm, let go, or let it run out.

A hold is nobody's appointment yet: it has no card, no room and no reminders, and others just find its time taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.booking import Booked, settle
from bot.actions.ports import Transaction
from bot.actions.search import calendar_of, local_day, nearest, utc
from bot.actions.taking import held_for, is_wanted, release, take
from bot.domain.availability import fits, open_intervals
from bot.domain.booking import HOLD, MOST_HELD, Appointment, Party, State
from bot.domain.directory import Official, Service
from bot.domain.ids import AppointmentId, ServiceId, UserId
from bot.domain.jobs import Job, JobKind
from bot.domain.refusals import (
    AlreadyBooked,
    AlreadyCancelled,
    HeldTime,
    HoldRanOut,
    Refusal,
    SlotTaken,
    TooManyHeld,
    TooManyOpen,
    UnknownAppointment,
)


@dataclass(frozen=True, slots=True)
class Held:
    appointment: Appointment
    service: Service


@dataclass(frozen=True, slots=True)
class LetGo:
    """The hold is over, and its time is free for others."""

    service: Service


def hold(
    tx: Transaction,
    citizen: UserId,
    service_id: ServiceId,
    start: datetime,
    now: datetime,
    *,
    officials: Sequence[Official] | None = None,
) -> Held | Refusal:
    """Keeps a time for a person. Chosen twice it is kept once; another time of the service takes its place."""
    service = tx.directory.services[service_id]
    held = held_for(tx, citizen, service_id, now)
    if held is not None and is_wanted(held, utc(start), officials):
        return Held(held, service)
    others = [
        other
        for other in tx.appointments.held_of(citizen, now)
        if other != held and other.service in tx.directory.services
    ]
    if len(others) >= MOST_HELD:
        services = tx.directory.services
        return TooManyHeld(tuple(HeldTime(o.number, services[o.service], o.start) for o in others))
    until = now + HOLD
    taken = take(tx, citizen, service, start, now, officials=officials, until=until)
    if not isinstance(taken, Appointment):
        return taken
    tx.jobs.plan(Job(JobKind.LAPSE, str(taken.id), until))
    return Held(taken, service)


def confirm(tx: Transaction, citizen: UserId, number: str, now: datetime) -> Booked | Refusal:
    """A hold becomes an appointment. Confirmed twice it is booked once."""
    found = _own(tx, citizen, number)
    if isinstance(found, UnknownAppointment):
        return found
    held, service = found
    if held.is_open(now):
        return Booked(held, service)
    if held.state is State.CANCELLED:
        return AlreadyCancelled(held.number)
    if (refusal := _no_longer(tx, held, service, now)) is not None:
        return refusal
    tx.jobs.drop(str(held.id), JobKind.LAPSE)
    return settle(tx, tx.appointments.confirm(held, now), now)


def _no_longer(tx: Transaction, held: Appointment, service: Service, now: datetime) -> Refusal | None:
    """What has come between the choice and its confirmation; then the hold is let go and other times are offered."""
    is_late = not held.is_held(now) or held.start <= now
    too_many = tx.appointments.open_count(held.citizen, service.id, now) >= service.most_open
    if not (is_late or too_many or not _is_given(tx, held, service, now)):
        return None
    if held.state is State.HELD:
        release(tx, held, now, Party.SERVICE if is_late else Party.CITIZEN)
    if is_late:
        return HoldRanOut(service, held.start, nearest(tx, service, held.start, now))
    if too_many:
        return TooManyOpen(service, service.most_open)
    return SlotTaken(service, held.start, nearest(tx, service, held.start, now))


def _is_given(tx: Transaction, held: Appointment, service: Service, now: datetime) -> bool:
    """Whether the official still works then: they may have fallen ill a minute ago."""
    official, day = tx.directory.officials[held.official], local_day(tx, held.start)
    calendar = calendar_of(tx, service, [official], day, now)
    return official.active and fits(service, held.start, open_intervals(official, day, calendar, service))


def let_go(tx: Transaction, citizen: UserId, number: str, now: datetime) -> LetGo | Refusal:
    """The person does not want the held time after all."""
    found = _own(tx, citizen, number)
    if isinstance(found, UnknownAppointment):
        return found
    held, service = found
    if held.state not in (State.HELD, State.LAPSED):
        return AlreadyCancelled(held.number) if held.state is State.CANCELLED else AlreadyBooked(held.number)
    if held.state is State.HELD:
        release(tx, held, now)
    return LetGo(service)


def lapse(tx: Transaction, subject: str, now: datetime) -> bool:
    """A hold has run out; the subject is its id. False where it was confirmed or let go before."""
    held = tx.appointments.get(AppointmentId(int(subject)))
    if held is None or held.state is not State.HELD or held.is_held(now):
        return False
    release(tx, held, now, Party.SERVICE)
    return True


def _own(tx: Transaction, citizen: UserId, number: str) -> tuple[Appointment, Service] | UnknownAppointment:
    """The person's own, while the municipality still has what it is about."""
    found = tx.appointments.by_number(number)
    service = None if found is None else tx.directory.services.get(found.service)
    if found is None or service is None or found.citizen != citizen:
        return UnknownAppointment(number)
    return (found, service) if found.official in tx.directory.officials else UnknownAppointment(number)
