"""An official's own hours: the week, and single days that differ from it.

Open appointments are never touched by a change of hours: those that then lie outside are named, and a person decides.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.actions import absence, waitinglist
from bot.actions.ports import Transaction
from bot.actions.search import calendar_of, local_day
from bot.domain.availability import open_intervals
from bot.domain.booking import Appointment
from bot.domain.directory import Official, Span, WeeklyHours
from bot.domain.opening import day_interval, holds

SHOWN_AHEAD = 60
"""Days ahead in which changed days are shown."""


@dataclass(frozen=True, slots=True)
class Changed:
    """`outside` are open appointments that the new hours no longer hold."""

    spans: tuple[Span, ...]
    outside: tuple[Appointment, ...]


def set_weekday(tx: Transaction, official: Official, weekday: int, spans: Sequence[Span], now: datetime) -> Changed:
    """Monday is 0. Days that were changed by themselves stay as they are."""
    days = tuple(tuple(spans) if n == weekday else day for n, day in enumerate(official.hours.days))
    tx.hours.set_week(official.id, WeeklyHours(days))
    return Changed(tuple(spans), outside(tx, tx.directory.officials[official.id], now, weekday=weekday))


def set_day(tx: Transaction, official: Official, day: date, spans: Sequence[Span] | None, now: datetime) -> Changed:
    """Hours of one day; none: as the week says again. Times that waited for a choice and fit again stand again."""
    tx.hours.set(official.id, day, spans)
    absence.restore(tx, official, [day], now)
    waitinglist.hours_came_free(tx, official.id, day_interval(day, tx.directory.municipality.time_zone), now)
    current = tx.hours.on([official.id], day).get(official.id, official.hours_on(day))
    return Changed(current, outside(tx, official, now, day=day))


def outside(
    tx: Transaction, official: Official, now: datetime, *, weekday: int | None = None, day: date | None = None
) -> tuple[Appointment, ...]:
    """Open appointments of a weekday or a day that lie outside the hours as they are now."""

    def touched(appointment: Appointment) -> bool:
        on = local_day(tx, appointment.start)
        return on == day or on.weekday() == weekday

    coming = tx.appointments.open_of_official(official.id, now)
    return tuple(a for a in coming if touched(a) and not _holds(tx, official, a, now))


def _holds(tx: Transaction, official: Official, appointment: Appointment, now: datetime) -> bool:
    service = tx.directory.services.get(appointment.service)
    if service is None:
        return True
    day, wanted = local_day(tx, appointment.start), tx.appointments.busy_interval(appointment.id)
    calendar = calendar_of(tx, service, [official], day, now)
    return any(holds(span, wanted) for span in open_intervals(official, day, calendar))


def changed_days(tx: Transaction, official: Official, now: datetime) -> list[tuple[date, tuple[Span, ...]]]:
    """Days of the coming weeks with other hours than the week says, in order."""
    today = local_day(tx, now)
    days = (today + timedelta(days=n) for n in range(SHOWN_AHEAD))
    found = ((day, tx.hours.on([official.id], day).get(official.id, official.exceptions.get(day))) for day in days)
    return [(day, spans) for day, spans in found if spans is not None]
