"""The morning list: on working days one message in each unit's room with what the day holds.

A day without appointments is passed over in silence, and so is one whose morning has gone by: late news of the
morning would be no news.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.actions.deliveries import Say
from bot.actions.notify import open_unit_room, visit_of
from bot.actions.ports import Transaction
from bot.actions.search import local_day, utc
from bot.domain.booking import Appointment
from bot.domain.directory import Unit
from bot.domain.ids import UnitId
from bot.domain.jobs import Job, JobKind
from bot.domain.opening import day_interval
from bot.text import morning_words

AT = time(7, 30)
"""Local wall time of the list."""

LATEST = timedelta(hours=2)
"""How late it is still posted."""

_SATURDAY = 5
_LOOKED_AHEAD = 60


def plan_mornings(tx: Transaction, now: datetime) -> None:
    """Plans every unit's next list where none is planned; to be called at each start."""
    for unit in _units(tx):
        if tx.jobs.planned(JobKind.MORNING, unit.id) is None:
            _plan(tx, unit, now)


def post(tx: Transaction, subject: str, now: datetime) -> bool:
    """Posts the list of a unit, whose id is the subject, and plans the next one. False where nothing was posted."""
    unit = tx.directory.units.get(UnitId(subject))
    if unit is None or all(unit.id != giving.id for giving in _units(tx)):
        return False
    _plan(tx, unit, now)
    today = local_day(tx, now)
    if not _is_working_day(tx, today) or not timedelta() <= now - _moment(tx, today) <= LATEST:
        return False
    found = _of_day(tx, unit, today)
    if found:
        visits = [visit_of(tx, appointment, now) for appointment in found]
        words = morning_words.morning(today, visits, tx.directory.municipality.default_language)
        lane = open_unit_room(tx, unit, now).lane
        tx.outbox.put(lane, Say(words), key=f"unit:{unit.id}:morning:{today}", now=now, urgent=False)
    return bool(found)


def _units(tx: Transaction) -> Iterator[Unit]:
    """Units that give services; no other has a room."""
    giving = {service.unit for service in tx.directory.services.values()}
    return (unit for unit in tx.directory.units.values() if unit.id in giving)


def _of_day(tx: Transaction, unit: Unit, day: date) -> list[Appointment]:
    """By the service's unit: an official of another unit may give it."""
    during = day_interval(day, tx.directory.municipality.time_zone)
    services = [service for service in tx.directory.services.values() if service.unit == unit.id]
    officials = {official for service in services for official in service.officials}
    ids = {service.id for service in services}
    found = (a for official in officials for a in tx.appointments.of_official(official, during) if a.service in ids)
    return sorted(found, key=lambda appointment: (appointment.start, appointment.id))


def _plan(tx: Transaction, unit: Unit, now: datetime) -> None:
    moment = _next(tx, now)
    if moment is not None:
        tx.jobs.plan(Job(JobKind.MORNING, unit.id, moment))


def _next(tx: Transaction, now: datetime) -> datetime | None:
    """The next morning of a working day; none only where the town is closed for months."""
    today = local_day(tx, now)
    days = (today + timedelta(days=n) for n in range(_LOOKED_AHEAD))
    moments = (_moment(tx, day) for day in days if _is_working_day(tx, day))
    return next((moment for moment in moments if moment > now), None)


def _moment(tx: Transaction, day: date) -> datetime:
    return utc(datetime.combine(day, AT, tx.directory.municipality.time_zone))


def _is_working_day(tx: Transaction, day: date) -> bool:
    return day.weekday() < _SATURDAY and not any(closure.covers(day) for closure in tx.directory.closures)
