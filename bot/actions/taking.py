"""Taking a time by the rules: who may, when, and what stands against it; as a hold or for good.

Nobody is told here: what follows a booking is `bot.actions.booking`'s matter.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.actions.identity import missing_identity
from bot.actions.ports import SlotLost, Transaction, language_of, officials_of
from bot.actions.search import calendar_of, last_day, local_day, nearest, pick_official, pick_place, slots_on, utc
from bot.domain.availability import Slot, fits, open_intervals
from bot.domain.booking import Appointment, Party, State, new_appointment
from bot.domain.directory import Official, Service
from bot.domain.ids import ServiceId, UserId
from bot.domain.jobs import JobKind
from bot.domain.refusals import Closed, NoFreeTimes, OutsideHours, Refusal, SlotTaken, TooFar, TooManyOpen, TooSoon


def take(
    tx: Transaction,
    citizen: UserId,
    service: Service,
    start: datetime,
    now: datetime,
    *,
    officials: Sequence[Official] | None = None,
    by: Party = Party.CITIZEN,
    until: datetime | None = None,
) -> Appointment | Refusal:
    """Takes the time: for good, or up to `until` as a hold. Of the service, an older hold of the person is let go.

    Whoever speaks the citizen's language is taken first, then the least loaded. Nobody is told yet.
    """
    start = utc(start)
    if (refusal := _may_book(tx, citizen, service, start, now, by=by)) is not None:
        return refusal
    older = held_for(tx, citizen, service.id, now) if by is Party.CITIZEN else None
    slot = slot_at(tx, service, start, now, officials=officials, citizen=citizen, without=older)
    if slot is None:
        return why_not(tx, service, start, now, officials=officials)
    if older is not None:
        release(tx, older, now)
    wanted = new_appointment(service, pick_official(slot), citizen, start, pick_place(slot))
    try:
        return tx.appointments.add(wanted, now, by, until)
    except SlotLost:
        return SlotTaken(service, start, nearest(tx, service, start, now, officials))


def held_for(tx: Transaction, citizen: UserId, service: ServiceId, now: datetime) -> Appointment | None:
    """The time of a service that is held for a person: one at most."""
    return next((held for held in tx.appointments.held_of(citizen, now) if held.service == service), None)


def is_wanted(held: Appointment, start: datetime, officials: Sequence[Official] | None) -> bool:
    return held.start == start and (officials is None or any(o.id == held.official for o in officials))


def release(tx: Transaction, held: Appointment, now: datetime, by: Party = Party.CITIZEN) -> None:
    """A hold is over, and its time is free."""
    tx.jobs.drop(str(held.id), JobKind.LAPSE)
    tx.appointments.cancel(held, by, now, State.LAPSED)


def _may_book(
    tx: Transaction, citizen: UserId, service: Service, start: datetime, now: datetime, *, by: Party
) -> Refusal | None:
    """Who the citizen is and how many times they have is an official's to judge who books for them."""
    if by is Party.CITIZEN and (unknown := missing_identity(tx, citizen, service)) is not None:
        return unknown
    if (refusal := out_of_range(tx, service, start, now)) is not None:
        return refusal
    if by is Party.CITIZEN and tx.appointments.open_count(citizen, service.id, now) >= service.most_open:
        return TooManyOpen(service, service.most_open)
    return None


def out_of_range(tx: Transaction, service: Service, start: datetime, now: datetime) -> TooSoon | TooFar | None:
    if start < now + service.minimum_notice:
        return TooSoon(service, start, nearest(tx, service, start, now))
    if local_day(tx, start) > (last := last_day(service, now, tx)):
        return TooFar(service, last, nearest(tx, service, start, now))
    return None


def slot_at(
    tx: Transaction,
    service: Service,
    start: datetime,
    now: datetime,
    *,
    citizen: UserId,
    officials: Sequence[Official] | None = None,
    without: Appointment | None = None,
) -> Slot | None:
    """The slot of a start, if it can be booked."""
    speaking = language_of(tx, citizen)
    slots = slots_on(tx, service, local_day(tx, start), now, officials, speaking=speaking, without=without)
    return next((slot for slot in slots if slot.start == start), None)


def why_not(
    tx: Transaction,
    service: Service,
    start: datetime,
    now: datetime,
    *,
    officials: Sequence[Official] | None = None,
    without: Appointment | None = None,
) -> Refusal:
    """The reason that a person can do something with: closed, outside hours, taken; or nothing free at all."""
    day = local_day(tx, start)
    asked = officials_of(tx, service.id) if officials is None else officials
    calendar = calendar_of(tx, service, asked, day, now)
    closest = nearest(tx, service, start, now, officials, without=without)
    if not closest:
        return NoFreeTimes(service)
    if (closure := calendar.closure_on(day)) is not None:
        return Closed(service, day, closure.name, closest)
    if any(fits(service, start, open_intervals(o, day, calendar, service)) for o in asked):
        return SlotTaken(service, start, closest)
    return OutsideHours(service, start, closest)
