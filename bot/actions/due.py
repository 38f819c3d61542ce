"""What is due: timed work whose moment has come is done in one transaction with marking it done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.actions import absence, cards, holding, morning, notify, room_life, waitinglist
from bot.actions.ports import Transaction
from bot.domain.booking import Appointment
from bot.domain.ids import AppointmentId
from bot.domain.jobs import Job, JobKind, ReminderKind


@dataclass(frozen=True, slots=True)
class Done:
    """How many jobs were done, and how many had gone stale or lost their matter and were dropped."""

    done: int
    stale: int


def do_due(tx: Transaction, now: datetime) -> Done:
    """Everything that is due; a job whose matter is gone is dropped, never an error."""
    jobs = tx.jobs.take_due(now)
    done = sum(not job.is_stale(now) and _do(tx, job, now) for job in jobs)
    return Done(done, len(jobs) - done)


def _do(tx: Transaction, job: Job, now: datetime) -> bool:
    """True where it was done."""
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
}
"""For each kind what is done about its subject; it returns whether there was still something to do."""


def _remind(tx: Transaction, kind: ReminderKind, id: AppointmentId, now: datetime) -> bool:
    appointment = tx.appointments.get(id)
    if appointment is None or not appointment.is_open(now) or not _is_known(tx, appointment):
        return False
    notify.remind(tx, appointment, kind, now)
    if tx.appointments.card(appointment.id) is None:  # a later time of a series, whose room opens now
        cards.show(tx, appointment, now)
    return True


def _is_known(tx: Transaction, appointment: Appointment) -> bool:
    """One whose service or official the municipality no longer has must not hold up everybody else's."""
    return appointment.service in tx.directory.services and appointment.official in tx.directory.officials
