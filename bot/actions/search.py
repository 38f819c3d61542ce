"""Finding free times: loads the facts a day at a time and lets the domain decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from bot.actions.ports import Transaction, officials_of
from bot.domain.availability import Busy, Calendar, Slot, offered, slots_of_day
from bot.domain.booking import Appointment, resources
from bot.domain.directory import Official, Service
from bot.domain.ids import OfficialId, PlaceId, place_resource, resource
from bot.domain.language import Language
from bot.domain.opening import day_interval

SHOWN_DAYS = 3
NEAREST = 4


@dataclass(frozen=True, slots=True)
class FreeDay:
    """The free starts of one local day; never empty."""

    day: date
    slots: tuple[Slot, ...]


def calendar_of(
    tx: Transaction,
    service: Service,
    officials: Sequence[Official],
    day: date,
    now: datetime,
    *,
    without: Appointment | None = None,
) -> Calendar:
    """All that stands against a visit on a local day; not the time of one appointment that is about to go."""
    zone = tx.directory.municipality.time_zone
    who, during = [o.id for o in officials], day_interval(day, zone)
    wanted = [*map(resource, who), *map(place_resource, service.places)]
    own = [] if without is None else _taken_by(tx, without)
    busy = [taken for taken in tx.appointments.busy(wanted, during, now) if taken not in own]
    return Calendar(busy + tx.hours.blocks(wanted, during, now), tx.directory.closures, zone, tx.hours.on(who, day))


def _taken_by(tx: Transaction, appointment: Appointment) -> list[Busy]:
    taken = tx.appointments.busy_interval(appointment.id)
    return [Busy(resource, taken) for resource in resources(appointment.official, appointment.place)]


def slots_on(
    tx: Transaction,
    service: Service,
    day: date,
    now: datetime,
    officials: Sequence[Official] | None = None,
    *,
    speaking: Language | None = None,
    without: Appointment | None = None,
) -> list[Slot]:
    """Every start that can be booked on a day: free, and past the service's minimum notice.

    Of some officials only, where they are named; those who speak a language before the others; as if the time of
    `without` were free.
    """
    who = officials_of(tx, service.id) if officials is None else officials
    places = [place for id in service.places if (place := tx.directory.places.get(id)) is not None]
    calendar = calendar_of(tx, service, who, day, now, without=without)
    slots = slots_of_day(service, who, day, calendar, places, speaking=speaking)
    return [slot for slot in slots if slot.start >= now + service.minimum_notice]


def days_ahead(tx: Transaction, service: Service, now: datetime, first: date | None = None) -> Iterator[date]:
    """Local days from today, or from `first`, to the service's horizon."""
    zone = tx.directory.municipality.time_zone
    today = now.astimezone(zone).date()
    day = max(today, first or today)
    last = last_day(service, now, tx)
    while day <= last:
        yield day
        day += timedelta(days=1)


def last_day(service: Service, now: datetime, tx: Transaction) -> date:
    return (now + service.horizon).astimezone(tx.directory.municipality.time_zone).date()


def free_days(
    tx: Transaction, service: Service, now: datetime, first: date | None = None, most: int = SHOWN_DAYS
) -> list[FreeDay]:
    """The next days with free times, as they are shown to a person."""
    return list(islice(_free_days(tx, service, now, first), most))


def _free_days(tx: Transaction, service: Service, now: datetime, first: date | None) -> Iterator[FreeDay]:
    for day in days_ahead(tx, service, now, first):
        if slots := _shown_on(tx, service, day, now):
            yield FreeDay(day, slots)


def _shown_on(
    tx: Transaction,
    service: Service,
    day: date,
    now: datetime,
    *,
    officials: Sequence[Official] | None = None,
    without: Appointment | None = None,
) -> tuple[Slot, ...]:
    return tuple(offered(service, slots_on(tx, service, day, now, officials, without=without)))


def first_free(tx: Transaction, service: Service, now: datetime) -> datetime | None:
    """The earliest start that can be booked at all."""
    return next((day.slots[0].start for day in _free_days(tx, service, now, None)), None)


def nearest(
    tx: Transaction,
    service: Service,
    around: datetime,
    now: datetime,
    officials: Sequence[Official] | None = None,
    *,
    without: Appointment | None = None,
) -> tuple[Slot, ...]:
    """The free times closest to a wish, in order of time: at most four, from the free days closest to its day.

    None only if nothing at all is free up to the horizon.
    """
    wished = local_day(tx, around)
    days = sorted(days_ahead(tx, service, now), key=lambda day: abs(day - wished))
    shown = (_shown_on(tx, service, day, now, officials=officials, without=without) for day in days)
    slots = [slot for day in islice(filter(None, shown), NEAREST) for slot in day if not _is(without, slot)]
    closest = sorted(slots, key=lambda slot: abs(slot.start - around))[:NEAREST]
    return tuple(sorted(closest, key=lambda slot: slot.start))


def _is(appointment: Appointment | None, slot: Slot) -> bool:
    return appointment is not None and appointment.start == slot.start


def pick_official(slot: Slot, rather: OfficialId | None = None) -> OfficialId:
    """The one who is wanted, where they can; else any: the first as the slot lists them, by language and load."""
    return rather if rather is not None and rather in slot.officials else slot.officials[0]


def pick_place(slot: Slot, rather: PlaceId | None = None) -> PlaceId | None:
    if rather is not None and rather in slot.places:
        return rather
    return slot.places[0] if slot.places else None


def local_day(tx: Transaction, moment: datetime) -> date:
    return moment.astimezone(tx.directory.municipality.time_zone).date()


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
