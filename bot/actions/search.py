"""Finding free times: loads the facts a day at a time and lets the domain decide."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice

from bot.actions.ports import Transaction, officials_of
from bot.domain.availability import Calendar, Slot, day_interval, offered, slots_of_day
from bot.domain.directory import Official, Service
from bot.domain.ids import OfficialId

SHOWN_DAYS = 3
NEAREST = 4


@dataclass(frozen=True, slots=True)
class FreeDay:
    """The free starts of one local day; never empty."""

    day: date
    slots: tuple[Slot, ...]


def calendar_of(tx: Transaction, officials: Sequence[Official], day: date) -> Calendar:
    """All that stands against a visit on a local day."""
    zone = tx.directory.municipality.time_zone
    busy = tx.appointments.busy([o.id for o in officials], day_interval(day, zone))
    return Calendar(busy, tx.directory.closures, zone)


def slots_on(tx: Transaction, service: Service, day: date, now: datetime) -> list[Slot]:
    """Every start that can be booked on a day: free, and past the service's minimum notice."""
    officials = officials_of(tx, service.id)
    slots = slots_of_day(service, officials, day, calendar_of(tx, officials, day))
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


def _shown_on(tx: Transaction, service: Service, day: date, now: datetime) -> tuple[Slot, ...]:
    return tuple(offered(service, slots_on(tx, service, day, now)))


def nearest(tx: Transaction, service: Service, around: datetime, now: datetime) -> tuple[Slot, ...]:
    """The free times closest to a wish, in order of time: at most four, from the free days closest to its day.

    None only if nothing at all is free up to the horizon.
    """
    wished = local_day(tx, around)
    days = sorted(days_ahead(tx, service, now), key=lambda day: abs(day - wished))
    free = islice(filter(None, (_shown_on(tx, service, day, now) for day in days)), NEAREST)
    slots = [slot for day in free for slot in day]
    closest = sorted(slots, key=lambda slot: abs(slot.start - around))[:NEAREST]
    return tuple(sorted(closest, key=lambda slot: slot.start))


def pick_official(slot: Slot) -> OfficialId:
    """Any official: the least loaded of that day, as the slot lists them."""
    return slot.officials[0]


def local_day(tx: Transaction, moment: datetime) -> date:
    return moment.astimezone(tx.directory.municipality.time_zone).date()


def utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
