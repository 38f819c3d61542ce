"""An official is away: the days are closed, and each citizen whose time it touches chooses how to go on.

A substitute's time is kept until the citizen has chosen; who does not choose up to an hour before the start gets the
substitute, or an apology where there is none any more. An appointment is asked about once for each official who goes
away, so nobody is sent in circles.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.actions import calendars, cards, conference_ends, notify, room_life, waitinglist
from bot.actions.booking import plan_reminders
from bot.actions.deliveries import KEYCAPS, Say
from bot.actions.handover import free_colleagues, give_to, tell_citizen
from bot.actions.kept import forget_choice, is_asked
from bot.actions.ports import BlockKind, SlotLost, Transaction, language_of
from bot.actions.questions import Question
from bot.actions.search import calendar_of, local_day, nearest
from bot.domain.availability import Busy, open_intervals
from bot.domain.booking import Appointment, Party, State
from bot.domain.days import MOST_DAYS, Days
from bot.domain.directory import Official
from bot.domain.ids import AppointmentId, resource
from bot.domain.jobs import Job, JobKind, ReminderKind
from bot.domain.opening import day_interval, holds
from bot.text import absence_words

LAST_CHOICE = timedelta(hours=1)
"""How long before the start a citizen can choose; then the service decides."""

NEW_TIMES = 3
"""Other times that are offered."""


@dataclass(frozen=True, slots=True)
class Options:
    """What a citizen can choose from: the same time with a substitute, other times; `until` is the last moment."""

    substitute: Official | None
    starts: tuple[datetime, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """How many citizens were asked, and how many were settled at once: by a substitute, or cancelled."""

    asked: int
    taken: int
    fallen: int


@dataclass(frozen=True, slots=True)
class Back:
    days: tuple[date, ...]
    restored: int


def affected(tx: Transaction, official: Official, days: Days, now: datetime) -> list[Appointment]:
    """Open appointments of these days that have not begun."""
    coming = tx.appointments.open_of_official(official.id, now)
    return [a for a in coming if a.start > now and days.first <= local_day(tx, a.start) <= days.last]


def leave(tx: Transaction, official: Official, days: Days, now: datetime) -> Left:
    """Closes the days and asks; who was asked already is not asked again."""
    for day in days.each():
        tx.hours.close(official.id, day)
    outcomes = [_ask_or_settle(tx, a, now) for a in affected(tx, official, days, now) if not is_asked(tx, a)]
    return Left(outcomes.count(None), outcomes.count(True), outcomes.count(False))


def come_back(tx: Transaction, official: Official, days: Days | None, now: datetime) -> Back:
    """Closed days have the hours again that they had before; times that wait for a choice stand as they were."""
    wanted = days or Days(local_day(tx, now), local_day(tx, now) + timedelta(days=MOST_DAYS))
    closed = tuple(day for day in wanted.each() if tx.hours.on([official.id], day).get(official.id) == ())
    zone = tx.directory.municipality.time_zone
    for day in closed:
        tx.hours.reopen(official.id, day)
    restored = restore(tx, official, closed, now)
    for day in closed:
        waitinglist.hours_came_free(tx, official.id, day_interval(day, zone), now)
    return Back(closed, restored)


def restore(tx: Transaction, official: Official, days: Iterable[date], now: datetime) -> int:
    """Times of these days that wait for a choice, and that lie in the official's hours again, stand as they were."""
    wanted = set(days)
    coming = tx.appointments.open_of_official(official.id, now)
    waiting = [a for a in coming if local_day(tx, a.start) in wanted and is_asked(tx, a) and _works_then(tx, a, now)]
    for appointment in waiting:
        _keep_after_all(tx, appointment, now)
    return len(waiting)


def options(tx: Transaction, appointment: Appointment, now: datetime) -> Options:
    """What is free now; the substitute that is kept already comes first."""
    service = tx.directory.services[appointment.service]
    able = free_colleagues(tx, appointment, now)
    kept = {busy.resource for busy in tx.hours.blocked(BlockKind.SUBSTITUTE, str(appointment.id))}
    substitute = next((o for o in able if resource(o.id) in kept), next(iter(able), None))
    starts = [
        s.start
        for s in nearest(tx, service, appointment.start, now, without=appointment)
        if s.start != appointment.start
    ]
    return Options(substitute, tuple(starts[:NEW_TIMES]), appointment.start - LAST_CHOICE)


def keep(tx: Transaction, appointment: Appointment, found: Options) -> None:
    """Keeps the substitute's time up to the start, in place of what was kept before."""
    tx.hours.unblock(BlockKind.SUBSTITUTE, str(appointment.id))
    if found.substitute is not None:
        taken = Busy(resource(found.substitute.id), tx.appointments.busy_interval(appointment.id))
        tx.hours.block(BlockKind.SUBSTITUTE, str(appointment.id), [taken], appointment.start)


def settle(tx: Transaction, subject: str, now: datetime) -> bool:
    """The citizen did not choose in time: the subject is the appointment's id. False where nothing is left to do.

    However late this is done, also after the visit's time: nobody who was away is waited for in vain unsaid.
    """
    appointment = tx.appointments.get(AppointmentId(int(subject)))
    if appointment is None or appointment.state is not State.BOOKED or not _is_known(tx, appointment):
        return False
    if not _works_then(tx, appointment, now):
        _decide(tx, appointment, now)
    elif appointment.start > now:
        _keep_after_all(tx, appointment, now)
    else:
        forget_choice(tx, appointment)
    return True


def _ask_or_settle(tx: Transaction, appointment: Appointment, now: datetime) -> bool | None:
    """None where the citizen was asked; else whether a substitute has taken it."""
    found = options(tx, appointment, now)
    if found.until <= now or (found.substitute is None and not found.starts):
        return _decide(tx, appointment, now)
    keep(tx, appointment, found)
    tx.jobs.plan(Job(JobKind.CHOICE, str(appointment.id), found.until))
    tx.jobs.drop(str(appointment.id), *ReminderKind)
    tx.appointments.note(appointment, "asked", Party.OFFICIAL, now)
    _ask(tx, appointment, found, now)
    cards.show(tx, appointment, now)
    return None


def _ask(tx: Transaction, appointment: Appointment, found: Options, now: datetime) -> None:
    visit = notify.visit_of(tx, appointment, now)
    language = language_of(tx, appointment.citizen)
    lines = absence_words.lines(visit, found.substitute, found.starts, language)
    words = absence_words.question(visit, found.substitute, found.starts, found.until, language)
    said = Say(words, mention=(appointment.citizen,), choices=min(len(lines), len(KEYCAPS)))
    room = notify.open_appointment_room(tx, visit, now)
    key = f"appointment:{appointment.id}:{tx.appointments.changes(appointment.id)}:asked"
    item = tx.outbox.put(room.lane, said, key=key, now=now)
    tx.questions.put(room.lane, appointment.citizen, Question(language, "", tuple(lines), found.until), item)


def _decide(tx: Transaction, appointment: Appointment, now: datetime) -> bool:
    """The kept substitute takes it, or any other who is free; else it is cancelled. Whether somebody took it."""
    substitute = options(tx, appointment, now).substitute if appointment.start > now else None
    if substitute is not None:
        try:
            moved = give_to(tx, appointment, substitute.id, Party.SERVICE, now)
        except SlotLost:
            pass
        else:
            tell_citizen(tx, moved, absence_words.settled, now)
            return True
    gone = cancel(tx, appointment, Party.SERVICE, now)
    tell_citizen(tx, gone, absence_words.fell_through, now)
    return False


def cancel(tx: Transaction, appointment: Appointment, by: Party, now: datetime) -> Appointment:
    """No deadline holds: it was not the citizen who could not come. Nobody is told yet."""
    forget_choice(tx, appointment)
    tx.jobs.drop(str(appointment.id), *ReminderKind)
    gone = tx.appointments.cancel(appointment, by, now)
    room_life.plan(tx, gone)
    conference_ends.shut(tx, gone, now)
    cards.show(tx, gone, now, by)
    calendars.attach(tx, gone, now)
    return gone


def _keep_after_all(tx: Transaction, appointment: Appointment, now: datetime) -> None:
    forget_choice(tx, appointment)
    plan_reminders(tx, appointment, now)
    tx.appointments.note(appointment, "stays", Party.OFFICIAL, now)
    cards.show(tx, appointment, now)
    words = absence_words.stays(notify.visit_of(tx, appointment, now), language_of(tx, appointment.citizen))
    key = f"{tx.appointments.changes(appointment.id)}:stays"
    mention = (appointment.citizen,)
    notify.say_in_appointment(tx, appointment, words, key=key, mention=mention, now=now)


def _works_then(tx: Transaction, appointment: Appointment, now: datetime) -> bool:
    service, day = tx.directory.services[appointment.service], local_day(tx, appointment.start)
    official = tx.directory.officials[appointment.official]
    wanted = tx.appointments.busy_interval(appointment.id)
    calendar = calendar_of(tx, service, [official], day, now)
    return any(holds(span, wanted) for span in open_intervals(official, day, calendar, service))


def _is_known(tx: Transaction, appointment: Appointment) -> bool:
    return appointment.service in tx.directory.services and appointment.official in tx.directory.officials
