"""Who would rather come earlier: wishes, and telling of times that came free, one person after the other.

Whoever has waited longest is told first; after a quarter of an hour the next one, if the time is still free.
A freed time may have to rest before anybody can book it (`Service.release_delay`); it is told of after that.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions.asking import ask_in_private
from bot.actions.ports import BlockKind, Freed, Transaction, Waiting, language_of
from bot.actions.search import first_free, last_day, local_day, slots_on
from bot.domain.availability import Busy, Slot, occupied
from bot.domain.booking import Appointment, resources
from bot.domain.directory import Official, Service
from bot.domain.ids import OfficialId, ServiceId, UserId, resource
from bot.domain.jobs import Job, JobKind
from bot.domain.opening import Interval, day_interval
from bot.text import waiting_words

TURN = timedelta(minutes=15)
"""How long a freed time is the first one's to take before the next one is told."""


@dataclass(frozen=True, slots=True)
class Waits:
    """A wish for a time that begins before `before`; `booked` is the appointment that would be moved."""

    service: Service
    before: datetime
    booked: Appointment | None


def wait(tx: Transaction, citizen: UserId, service: Service, now: datetime, before: datetime | None = None) -> Waits:
    """Earlier than what the person has booked; else than the first free time; else any time up to the horizon."""
    booked = _booked(tx, citizen, service.id, now)
    limit = before or (booked.start if booked else None) or first_free(tx, service, now)
    if limit is None:
        limit = day_interval(last_day(service, now, tx), tx.directory.municipality.time_zone).end
    tx.waiting.add(citizen, service.id, limit, now)
    return Waits(service, limit, booked)


def wishes(tx: Transaction, citizen: UserId, now: datetime) -> list[Waiting]:
    """What the person still waits for: a wish is over when its last moment has passed."""
    known = tx.directory.services
    return [waiting for waiting in tx.waiting.of(citizen) if waiting.before > now and waiting.service in known]


def came_free(tx: Transaction, appointment: Appointment, interval: Interval, now: datetime) -> None:
    """The time of a visit that was cancelled or moved away, buffers included; it rests where the service says so."""
    service = tx.directory.services.get(appointment.service)
    delay = service.release_delay if service is not None else timedelta()
    if delay:
        taken = [Busy(what, interval) for what in resources(appointment.official, appointment.place)]
        tx.hours.block(BlockKind.RESTING, str(appointment.id), taken, now + delay)
    hours_came_free(tx, appointment.official, interval, now, now + delay)


def hours_came_free(
    tx: Transaction, official: OfficialId, interval: Interval, now: datetime, at: datetime | None = None
) -> None:
    """Time of an official that can be booked from `at` on, or now. Without anybody who waits nothing is planned."""
    if interval.end <= now:
        return
    freed = tx.waiting.freed(tx.waiting.free(resource(official), interval))
    if freed is not None and tx.waiting.next_for(freed, _services_of(tx, official)) is not None:
        tx.jobs.plan(Job(JobKind.FREED, str(freed.id), at or now, interval.end))


def tell(tx: Transaction, subject: str, now: datetime) -> bool:
    """Tells the next who waits of a freed time, whose id is the subject, and plans the one after that."""
    freed = tx.waiting.freed(int(subject))
    official = None if freed is None else tx.directory.officials.get(OfficialId(freed.resource))
    if freed is None or official is None or not official.active:
        return False
    services = _services_of(tx, official.id)
    while (waiting := tx.waiting.next_for(freed, services)) is not None:
        tx.waiting.tell(freed, waiting)
        if _offer(tx, freed, waiting, official, now):
            tx.jobs.plan(Job(JobKind.FREED, subject, now + TURN, freed.interval.end))
            return True
    return False


def _offer(tx: Transaction, freed: Freed, waiting: Waiting, official: Official, now: datetime) -> bool:
    """False where the time does not suit this one, is gone again, or the person can't be reached."""
    service = tx.directory.services[waiting.service]
    booked = _booked(tx, waiting.citizen, service.id, now)
    slot = _slot_in(tx, freed, waiting, official, now, booked=booked)
    if slot is None or (booked is not None and booked.start - service.cancellation_deadline <= now):
        return False
    offer = waiting_words.Offer(service, slot.start, booked, tx.directory.municipality.time_zone, now)
    language = language_of(tx, waiting.citizen)
    return ask_in_private(
        tx,
        waiting.citizen,
        waiting_words.offer(offer, language),
        waiting_words.lines(offer, language),
        typed=waiting_words.offer_to_type(offer, language),
        key=f"freed:{freed.id}:{waiting.id}",
        now=now,
    )


def _slot_in(
    tx: Transaction, freed: Freed, waiting: Waiting, official: Official, now: datetime, *, booked: Appointment | None
) -> Slot | None:
    """The first start that suits, and that takes some of the time that came free."""
    service = tx.directory.services[waiting.service]
    limit = min(waiting.before, booked.start) if booked else waiting.before
    days = {local_day(tx, freed.interval.start), local_day(tx, freed.interval.end)}
    slots = (slot for day in sorted(days) for slot in slots_on(tx, service, day, now, [official], without=booked))
    return next((s for s in slots if s.start < limit and occupied(service, s.start).overlaps(freed.interval)), None)


def _booked(tx: Transaction, citizen: UserId, service: ServiceId, now: datetime) -> Appointment | None:
    """The person's first appointment of a service that lies ahead."""
    return next((a for a in tx.appointments.open_of(citizen, now) if a.service == service and a.start > now), None)


def _services_of(tx: Transaction, official: OfficialId) -> Sequence[ServiceId]:
    return [service.id for service in tx.directory.services.values() if official in service.officials]
