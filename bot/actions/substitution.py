"""The citizen chooses how to go on when their official is away: the substitute, another time, or none.

The cancellation deadline does not hold: it was not the citizen who could not come.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.actions import absence
from bot.actions.absence import Options, keep, options
from bot.actions.handover import give_to, relocate
from bot.actions.kept import is_asked
from bot.actions.ports import BlockKind, SlotLost, Transaction
from bot.actions.search import pick_official, pick_place, utc
from bot.actions.taking import slot_at
from bot.domain.booking import Appointment, Party, new_appointment
from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class Chosen:
    appointment: Appointment


@dataclass(frozen=True, slots=True)
class Gone:
    """What was chosen is no longer free; the options of now are kept instead."""

    appointment: Appointment
    options: Options


@dataclass(frozen=True, slots=True)
class NothingAsked:
    """There is nothing to choose for this person and number."""


def asked_of(tx: Transaction, citizen: UserId, number: str, now: datetime) -> Appointment | NothingAsked:
    found = tx.appointments.by_number(number)
    mine = found is not None and found.citizen == citizen and found.is_open(now) and found.start > now
    return found if found is not None and mine and is_asked(tx, found) else NothingAsked()


def take_substitute(tx: Transaction, citizen: UserId, number: str, now: datetime) -> Chosen | Gone | NothingAsked:
    """The same time with whoever is kept for it, or with another who is free."""
    found = asked_of(tx, citizen, number, now)
    if not isinstance(found, Appointment):
        return found
    substitute = options(tx, found, now).substitute
    if substitute is None:
        return _gone(tx, found, now)
    try:
        return Chosen(give_to(tx, found, substitute.id, Party.CITIZEN, now))
    except SlotLost:
        return _gone(tx, found, now)


def take_time(
    tx: Transaction, citizen: UserId, number: str, start: datetime, now: datetime
) -> Chosen | Gone | NothingAsked:
    """Another time with whoever is free then."""
    found = asked_of(tx, citizen, number, now)
    if not isinstance(found, Appointment):
        return found
    service = tx.directory.services[found.service]
    tx.hours.unblock(BlockKind.SUBSTITUTE, str(found.id))
    slot = slot_at(tx, service, utc(start), now, citizen=citizen, without=found)
    if slot is None:
        return _gone(tx, found, now)
    wanted = new_appointment(service, pick_official(slot), citizen, slot.start, pick_place(slot, found.place))
    try:
        return Chosen(relocate(tx, found, wanted, Party.CITIZEN, now))
    except SlotLost:
        return _gone(tx, found, now)


def take_none(tx: Transaction, citizen: UserId, number: str, now: datetime) -> Chosen | NothingAsked:
    found = asked_of(tx, citizen, number, now)
    if not isinstance(found, Appointment):
        return found
    return Chosen(absence.cancel(tx, found, Party.CITIZEN, now))


def _gone(tx: Transaction, appointment: Appointment, now: datetime) -> Gone:
    found = options(tx, appointment, now)
    keep(tx, appointment, found)
    return Gone(appointment, found)
