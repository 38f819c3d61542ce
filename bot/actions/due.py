"""What is due: timed work whose moment has come is done in one transaction with marking it done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.actions import (
    absence,
    advice,
    calendars,
    cards,
    conference_door,
    conference_ends,
    guest_presence,
    holding,
    morning,
    notify,
    room_life,
    waitinglist,
)
from bot.actions.ports import Transaction
from bot.domain.booking import Appointment
from bot.domain.ids import AppointmentId
from bot.domain.jobs import Job, JobKind, Kind, ReminderKind

AGAIN = timedelta(minutes=15)
"""A job that failed is tried again after this, until it is stale."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many jobs were done, how many were stale or without matter and dropped, and the faults of the others."""

    done: int
    stale: int
    faults: tuple[tuple[Kind, Exception], ...] = ()


def do_due(tx: Transaction, now: datetime) -> Done:
    """Everything that is due. A job whose matter is gone is dropped; one that fails holds up no other."""
    jobs = tx.jobs.take_due(now)
    outcomes = [(job, tx.attempt(partial(_do, tx, job, now))) for job in jobs]
    faults = tuple((job.kind, outcome) for job, outcome in outcomes if isinstance(outcome, Exception))
    for job, outcome in outcomes:
        if isinstance(outcome, Exception):
            tx.jobs.plan(replace(job, due=now + AGAIN))
    done = sum(outcome is True for _, outcome in outcomes)
    return Done(done, len(jobs) - done - len(faults), faults)


def _do(tx: Transaction, job: Job, now: datetime) -> bool:
    """True where it was done; false where it was stale or its matter is gone."""
    if job.is_stale(now):
        return False
    if isinstance(job.kind, ReminderKind):
        return _remind(tx, job.kind, AppointmentId(int(job.subject)), now)
    do = _DOING.get(job.kind)
    return do is not None and do(tx, job.subject, now)


_DOING: Mapping[JobKind, Callable[[Transaction, str, datetime], bool]] = {
    JobKind.LAPSE: holding.lapse,
    JobKind.CHOICE: absence.settle,
    JobKind.MORNING: morning.post,
    JobKind.FREED: waitinglist.tell,
    JobKind.CLOSE: room_life.close,
    JobKind.FORGET: room_life.forget,
    JobKind.INQUIRY: advice.forget,
    JobKind.VISITOR: conference_door.gone,
    JobKind.GUEST: guest_presence.look,
    JobKind.NAMES: conference_ends.forget_names,
}
"""For each kind what is done about its subject; it returns whether there was still something to do."""


def _remind(tx: Transaction, kind: ReminderKind, id: AppointmentId, now: datetime) -> bool:
    appointment = tx.appointments.get(id)
    if appointment is None or not appointment.is_open(now) or not _is_known(tx, appointment):
        return False
    notify.remind(tx, appointment, kind, now)
    calendars.attach(tx, appointment, now)  # the later times of a series get their room only now
    if tx.appointments.card(appointment.id) is None:  # a later time of a series, whose room opens now
        cards.show(tx, appointment, now)
    return True


def _is_known(tx: Transaction, appointment: Appointment) -> bool:
    """One whose service or official the municipality no longer has must not hold up everybody else's."""
    return appointment.service in tx.directory.services and appointment.official in tx.directory.officials
