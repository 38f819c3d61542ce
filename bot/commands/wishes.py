"""Which free times suit what a person said about time: a day, a week, a part of the day, a limit, or nothing."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from bot.actions.ports import Transaction
from bot.actions.search import FreeDay, days_ahead, slots_on
from bot.domain.availability import Slot, offered
from bot.domain.booking import Appointment
from bot.domain.directory import Official, Service
from bot.text.when import When
from bot.text.when_meanings import Bound, DayPart

_NOON = time(12)
_EVENING = time(16)


def suiting(
    tx: Transaction,
    service: Service,
    when: When,
    now: datetime,
    *,
    officials: Sequence[Official] | None = None,
    without: Appointment | None = None,
) -> Iterator[FreeDay]:
    """The days ahead with the free times that suit a wish, none of them empty.

    Of some officials only, where they are named; `without` is an appointment that would be moved: its time counts as
    free, but is no other time.
    """
    zone = tx.directory.municipality.time_zone
    for day in _days(tx, service, when, now):
        free = slots_on(tx, service, day, now, officials, without=without)
        slots = [s for s in free if suits(s.start.astimezone(zone).time(), when)]
        shown = slots if _is_exact(when) else offered(service, slots)
        if others := tuple(slot for slot in shown if not _is(without, slot)):
            yield FreeDay(day, others)


def _is(appointment: Appointment | None, slot: Slot) -> bool:
    return appointment is not None and appointment.start == slot.start


def _is_exact(when: When) -> bool:
    return when.time is not None and when.bound is None


def _days(tx: Transaction, service: Service, when: When, now: datetime) -> Iterator[date]:
    first, last = _range(when)
    for day in days_ahead(tx, service, now, first):
        if last is not None and day > last:
            return
        yield day


def _range(when: When) -> tuple[date | None, date | None]:
    """First and last day of a wish; a limit without a time is a limit on the day."""
    if when.problem is not None:
        return None, None
    if when.week is not None:
        return when.week, when.week + timedelta(days=6)
    if when.bound is None or when.time is not None or when.day is None:
        return when.day, when.day
    return (when.day, None) if when.bound is Bound.NOT_BEFORE else (None, when.day)


def suits(clock: time, when: When) -> bool:
    """Whether a start by the local clock suits the hours of a wish."""
    if when.problem is not None:
        return True
    if when.part is not None and not _in_part(clock, when.part):
        return False
    match when.bound if when.time is not None else None:
        case Bound.NOT_BEFORE:
            return when.time is None or clock >= when.time
        case Bound.NOT_AFTER:
            return when.time is None or clock <= when.time
        case None:
            return when.time is None or clock == when.time


def _in_part(clock: time, part: DayPart) -> bool:
    match part:
        case DayPart.MORNING:
            return clock < _NOON
        case DayPart.AFTERNOON:
            return clock >= _NOON
        case DayPart.EVENING:
            return clock >= _EVENING
