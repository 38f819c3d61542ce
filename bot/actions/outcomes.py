"""What became of a visit: done, or the citizen did not come. A person says so, and can correct it.

A cancelled visit, and one whose citizen waits for a substitute, is neither; the history keeps every mark.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.actions import cards
from bot.actions.access import found_for, is_gone
from bot.actions.kept import is_asked
from bot.actions.ports import Transaction
from bot.actions.search import local_day
from bot.domain.booking import Appointment, Party, State
from bot.domain.ids import UserId
from bot.domain.jobs import ReminderKind
from bot.domain.staff_refusals import NotHeldVisit, NotStarted, StaffRefusal


@dataclass(frozen=True, slots=True)
class Marked:
    """`corrected` tells that the other mark stood there before, `changed` that anything was changed at all."""

    appointment: Appointment
    changed: bool
    corrected: bool


def mark(tx: Transaction, user: UserId, number: str, state: State, now: datetime) -> Marked | StaffRefusal:
    """`state` is VISITED or NO_SHOW. The other mark corrects an earlier one; the same again changes nothing."""
    found = found_for(tx, user, number)
    if not isinstance(found, Appointment):
        return found
    if is_gone(found) or is_asked(tx, found):
        return NotHeldVisit(found.number)
    if not _has_come(tx, found, state, now):
        return NotStarted(found.number, found.start)
    if found.state is state:
        return Marked(found, changed=False, corrected=False)
    tx.jobs.drop(str(found.id), *ReminderKind)
    marked = tx.appointments.mark(found, state, Party.OFFICIAL, now)
    cards.show(tx, marked, now)
    return Marked(marked, changed=True, corrected=found.state is not State.BOOKED)


def _has_come(tx: Transaction, appointment: Appointment, state: State, now: datetime) -> bool:
    """Nobody has failed to come before the start; who came early that day may be served and done before it."""
    if state is State.NO_SHOW:
        return now >= appointment.start
    return local_day(tx, now) >= local_day(tx, appointment.start)
