"""The end of an appointment's room: closed some days after the visit, left and forgotten when its time is over.

Its beginning is `bot.actions.notify`'s matter: planned at booking, made by the outbox. How long after the visit is
the municipality's choice. Both ends are jobs that ask anew when they are done, so a visit that was moved or that
still runs keeps its room.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.actions import conference_ends, notify
from bot.actions.deliveries import Close, Leave, Say
from bot.actions.ports import Transaction, language_of
from bot.actions.rooms import Room, RoomKind
from bot.domain.booking import Appointment, State
from bot.domain.ids import AppointmentId
from bot.domain.jobs import Job, JobKind
from bot.text import room_words

CANCELLED_OPEN = timedelta(days=1)
"""How long after a cancellation its room can still be written in."""

BATCH = 500
"""Appointments that `plan_missing` plans in one transaction."""

_NO_ROOM = frozenset({State.HELD, State.LAPSED})
"""States of what was never booked."""


@dataclass(frozen=True, slots=True)
class _Ends:
    """When a room is closed and when it is forgotten."""

    closed: datetime
    forgotten: datetime


def plan(tx: Transaction, appointment: Appointment) -> None:
    """Plans the end of an appointment's room as the appointment stands now; to be called after every change of it.

    Idempotent: what was planned before is planned anew.
    """
    subject = str(appointment.id)
    if appointment.state in _NO_ROOM:
        tx.jobs.drop(subject, JobKind.CLOSE, JobKind.FORGET)
        return
    ends = _ends(tx, appointment)
    tx.jobs.plan(Job(JobKind.CLOSE, subject, ends.closed))
    tx.jobs.plan(Job(JobKind.FORGET, subject, ends.forgotten))


def plan_missing(tx: Transaction, now: datetime) -> int:
    """Plans what appointments of an earlier release lack, at most a batch; how many it were, none when all is done.

    A room whose time is over already is closed at once, but stays readable as long as others can be written in.
    """
    found = tx.appointments.without_job(JobKind.FORGET, BATCH)
    soonest = now + tx.directory.municipality.room_closes_after
    for appointment in found:
        plan(tx, appointment)
        if _ends(tx, appointment).forgotten < soonest:
            tx.jobs.plan(Job(JobKind.FORGET, str(appointment.id), soonest))
    return len(found)


def open_until(tx: Transaction, appointment: Appointment) -> datetime:
    """When the room is closed, and with it every link into its conference."""
    return _ends(tx, appointment).closed


def close(tx: Transaction, subject: str, now: datetime) -> bool:
    """Says until when the room can be read, and closes it. False where there is nothing to close."""
    found = _of(tx, subject)
    if found is None:
        return False
    appointment, room = found
    if now < _ends(tx, appointment).closed:
        plan(tx, appointment)
        return False
    forgotten = tx.jobs.planned(JobKind.FORGET, subject)
    if forgotten is None:
        return False  # the room is left at the same time
    _say_and_close(tx, appointment, room, forgotten, now)
    return True


def forget(tx: Transaction, subject: str, now: datetime) -> bool:
    """Leaves the room for good. False where there is none."""
    found = _of(tx, subject)
    if found is None:
        return False
    appointment, room = found
    if now < _ends(tx, appointment).forgotten:
        plan(tx, appointment)
        return False
    conference_ends.forget(tx, appointment)
    if room.room_id is None:
        return False
    tx.outbox.put(room.lane, Leave(room.room_id), key=_key(appointment, "left"), now=now, urgent=False)
    return True


def _of(tx: Transaction, subject: str) -> tuple[Appointment, Room] | None:
    """An appointment and its room, where it was ever made."""
    appointment = tx.appointments.get(AppointmentId(int(subject)))
    room = tx.rooms.find(RoomKind.APPOINTMENT, subject)
    if appointment is None or appointment.state in _NO_ROOM or room is None or room.room_id is None:
        return None
    return appointment, room


def _ends(tx: Transaction, appointment: Appointment) -> _Ends:
    """A cancelled visit is over with its cancellation. What is left was closed before, or at the same time."""
    municipality = tx.directory.municipality
    over, still_open = appointment.end, municipality.room_closes_after
    if appointment.state is State.CANCELLED:
        over, still_open = tx.appointments.cancelled_at(appointment.id) or over, CANCELLED_OPEN
    return _Ends(over + still_open, over + max(still_open, municipality.room_kept_for))


def _say_and_close(tx: Transaction, appointment: Appointment, room: Room, until: datetime, now: datetime) -> None:
    words = room_words.closing(notify.visit_of(tx, appointment, now), until, language_of(tx, appointment.citizen))
    tx.outbox.put(room.lane, Say(words), key=_key(appointment, "closing"), now=now, urgent=False)
    conference_ends.shut(tx, appointment, now)
    tx.outbox.put(room.lane, Close(), key=_key(appointment, "closed"), now=now, urgent=False)


def _key(appointment: Appointment, what: str) -> str:
    return f"appointment:{appointment.id}:{what}"
