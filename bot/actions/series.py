"""An official books for a citizen: one time, or a series by a rule.

Nothing is done by halves in silence: where some times of a series are not free, that is said before anything is
booked. Each time is an appointment of its own. Of a long series only the next two rooms are opened at once, so that
nobody is flooded with invitations; the others are opened with the reminder of the day before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.actions import booking, notify, room_life
from bot.actions.handover import tell
from bot.actions.identity import missing_identity
from bot.actions.ports import SlotLost, Transaction, language_of, officials_of
from bot.actions.search import nearest, pick_official, pick_place
from bot.actions.taking import out_of_range, slot_at, take
from bot.domain.availability import Slot
from bot.domain.booking import Appointment, Party, new_appointment
from bot.domain.directory import Identity, Official, Service
from bot.domain.ids import SeriesId, ServiceId, UserId
from bot.domain.refusals import Refusal
from bot.domain.series import Rule, occurrences
from bot.text import series_words

OPENED_AT_ONCE = 2
"""Rooms of a series that are opened when it is booked."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an official books: `start` is local wall time; `rule` none for a single time."""

    citizen: UserId
    service: ServiceId
    start: datetime
    rule: Rule | None = None
    identified: bool = False
    """The official has seen who the citizen is."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A time of a series that is not free, and the nearest one that is."""

    start: datetime
    nearest: datetime | None


@dataclass(frozen=True, slots=True)
class Doubtful:
    """Some times are not free. Nothing was booked."""

    free: int
    conflicts: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """All that was booked, in order, and what was left out knowingly."""

    appointments: tuple[Appointment, ...]
    conflicts: tuple[Conflict, ...] = ()


def book_for(
    tx: Transaction, official: Official, wanted: Wanted, now: datetime, *, anyway: bool = False
) -> Made | Doubtful | Refusal:
    """`anyway` books what is free of a series where not all is."""
    service = tx.directory.services[wanted.service]
    if wanted.identified:
        tx.people.set_identity(wanted.citizen, Identity.STRONG)
    if (unknown := missing_identity(tx, wanted.citizen, service)) is not None:
        return unknown
    who = _servants(tx, official, service)
    if wanted.rule is None:
        return _once(tx, wanted, service, who, now)
    return _series(tx, wanted, wanted.rule, who, now, anyway=anyway)


def _servants(tx: Transaction, official: Official, service: Service) -> Sequence[Official]:
    """Who gives the service books into their own time; else it is anybody's."""
    able = officials_of(tx, service.id)
    return [official] if any(o.id == official.id for o in able) else able


def _once(tx: Transaction, wanted: Wanted, service: Service, who: Sequence[Official], now: datetime) -> Made | Refusal:
    start = wanted.start.replace(tzinfo=tx.directory.municipality.time_zone)
    taken = take(tx, wanted.citizen, service, start, now, officials=who, by=Party.OFFICIAL)
    if not isinstance(taken, Appointment):
        return taken
    booking.settle(tx, taken, now)
    _tell(tx, [taken], now)
    return Made((taken,))


def _series(
    tx: Transaction, wanted: Wanted, rule: Rule, who: Sequence[Official], now: datetime, *, anyway: bool
) -> Made | Doubtful:
    service, zone = tx.directory.services[wanted.service], tx.directory.municipality.time_zone
    slots, conflicts = list[Slot](), list[Conflict]()
    for start in occurrences(rule, wanted.start, zone):
        slot = _free(tx, wanted, start, who, now)
        if slot is None:
            conflicts.append(_conflict(tx, service, start, who, now))
        else:
            slots.append(slot)
    if conflicts and (not anyway or not slots):
        return Doubtful(len(slots), tuple(conflicts))
    return _book(tx, wanted, slots, tuple(conflicts), now)


def _free(tx: Transaction, wanted: Wanted, start: datetime, who: Sequence[Official], now: datetime) -> Slot | None:
    service = tx.directory.services[wanted.service]
    if out_of_range(tx, service, start, now) is not None:
        return None
    return slot_at(tx, service, start, now, citizen=wanted.citizen, officials=who)


def _conflict(tx: Transaction, service: Service, start: datetime, who: Sequence[Official], now: datetime) -> Conflict:
    near = min(nearest(tx, service, start, now, who), key=lambda slot: abs(slot.start - start), default=None)
    return Conflict(start, None if near is None else near.start)


def _book(
    tx: Transaction, wanted: Wanted, slots: Sequence[Slot], conflicts: tuple[Conflict, ...], now: datetime
) -> Made:
    series = tx.appointments.new_series(str(wanted.rule), now)
    made, lost = list[Appointment](), list(conflicts)
    for slot in slots:
        appointment = _add(tx, wanted, slot, series, now)
        if appointment is None:
            lost.append(Conflict(slot.start, None))
        else:
            made.append(appointment)
    for number, appointment in enumerate(made):
        _follow_up(tx, appointment, now, at_once=number < OPENED_AT_ONCE)
    if made:
        _tell(tx, made, now)
    return Made(tuple(made), tuple(sorted(lost, key=lambda conflict: conflict.start)))


def _add(tx: Transaction, wanted: Wanted, slot: Slot, series: SeriesId, now: datetime) -> Appointment | None:
    service = tx.directory.services[wanted.service]
    new = new_appointment(service, pick_official(slot), wanted.citizen, slot.start, pick_place(slot))
    try:
        return tx.appointments.add(replace(new, series=series), now, Party.OFFICIAL)
    except SlotLost:
        return None


def _follow_up(tx: Transaction, appointment: Appointment, now: datetime, *, at_once: bool) -> None:
    """The room and the card of a later time come with its reminder of the day before."""
    if at_once:
        booking.settle(tx, appointment, now)
        return
    booking.plan_reminders(tx, appointment, now)
    room_life.plan(tx, appointment)


def _tell(tx: Transaction, made: Sequence[Appointment], now: datetime) -> None:
    """All times at once, in the first one's room and where the citizen talks with the service."""
    language = language_of(tx, made[0].citizen)
    visits = [notify.visit_of(tx, appointment, now) for appointment in made]
    words, key = series_words.for_you(visits, language), "booked-for"
    if len(made) > 1:
        mention = (made[0].citizen,)
        notify.say_in_appointment(tx, made[0], words, key=key, mention=mention, now=now)
    tell(tx, made[0].citizen, words, key=f"appointment:{made[0].id}:{key}:direct", now=now)
