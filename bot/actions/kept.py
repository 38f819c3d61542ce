"""What is kept for a citizen who was asked about a substitute: until they choose, and no longer."""

from bot.actions.ports import BlockKind, Transaction
from bot.domain.booking import Appointment
from bot.domain.jobs import JobKind


def is_asked(tx: Transaction, appointment: Appointment) -> bool:
    """Whether the citizen's choice is waited for."""
    return tx.jobs.planned(JobKind.CHOICE, str(appointment.id)) is not None


def forget_choice(tx: Transaction, appointment: Appointment) -> None:
    """Nothing is waited for any more, and nothing is kept with a substitute."""
    tx.jobs.drop(str(appointment.id), JobKind.CHOICE)
    tx.hours.unblock(BlockKind.SUBSTITUTE, str(appointment.id))
