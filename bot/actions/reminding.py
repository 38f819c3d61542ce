"""What is due: turns reminders whose time has come into messages, in one transaction with marking them done."""

from dataclasses import dataclass
from datetime import datetime

from bot.actions import notify
from bot.actions.ports import Transaction
from bot.domain.booking import Appointment


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many were said, and how many had gone stale and were dropped."""

    said: int
    stale: int


def remind_due(tx: Transaction, now: datetime) -> Reminded:
    said = stale = 0
    for appointment_id, kind, is_stale in tx.timers.take_due(now):
        appointment = tx.appointments.get(appointment_id)
        if is_stale or appointment is None or not appointment.is_open(now) or not _is_known(tx, appointment):
            stale += 1
            continue
        notify.remind(tx, appointment, kind, now)
        said += 1
    return Reminded(said, stale)


def _is_known(tx: Transaction, appointment: Appointment) -> bool:
    """One whose service or official the municipality no longer has must not hold up everybody else's."""
    return appointment.service in tx.directory.services and appointment.official in tx.directory.officials
