"""Links by which people without an account come into a conference: made, told of, and the standing one for practice.

A link is a random token of which only a digest is kept; it leads into one conference as one role. A room that is
encrypted end to end takes no guests by link, since they can't hold its keys: that is the service's own setting.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from bot.actions import cards, notify
from bot.actions.access import may_act
from bot.actions.booking import party_of
from bot.actions.calendars import PUBLIC_ADDRESS, TOKEN_BYTES, digest_of
from bot.actions.ports import Transaction, language_of
from bot.actions.rooms import RoomKind
from bot.domain.booking import Appointment, Party
from bot.domain.conference import NewLink, Purpose
from bot.domain.ids import UserId
from bot.domain.language import Language
from bot.domain.refusals import UnknownAppointment
from bot.domain.staff_refusals import NotOpen
from bot.text import guest_words

PAGE = "k"
"""Under which path of the public address conferences are joined."""
MOST = 10
"""Links of one appointment."""


@dataclass(frozen=True, slots=True)
class Wish:
    """For whom a link is to be; `page` is the language that the page opens in."""

    purpose: Purpose
    page: Language
    name: str = ""


@dataclass(frozen=True, slots=True)
class Linked:
    appointment: Appointment
    address: str


@dataclass(frozen=True, slots=True)
class Encrypted:
    """The conference is encrypted end to end."""

    number: str


@dataclass(frozen=True, slots=True)
class TooManyLinks:
    most: int


@dataclass(frozen=True, slots=True)
class NoAddress:
    """The service does not know under which address people reach it."""


LinkRefusal = UnknownAppointment | NotOpen | Encrypted | TooManyLinks | NoAddress


def make(tx: Transaction, actor: UserId, number: str, wish: Wish, now: datetime) -> Linked | LinkRefusal:
    """A new link into the appointment's conference. Both parties are told in its room, without the link."""
    found = tx.appointments.by_number(number)
    by = None if found is None else inviter(tx, found, actor)
    if found is None or by is None or found.service not in tx.directory.services:
        return UnknownAppointment(number)
    if not found.is_open(now):
        return NotOpen(found.number)
    if is_encrypted(tx, found):
        return Encrypted(found.number)
    if len(tx.conferences.links_of(found.id)) >= MOST:
        return TooManyLinks(MOST)
    public = tx.facts.get(PUBLIC_ADDRESS)
    if public is None:
        return NoAddress()
    token = secrets.token_urlsafe(TOKEN_BYTES)
    new = NewLink(digest_of(token), found.id, wish.purpose, wish.page, wish.name)
    tx.conferences.add_link(new, now)
    _tell(tx, found, wish, by, now)
    return Linked(found, f"{public}/{PAGE}/{token}")


def inviter(tx: Transaction, appointment: Appointment, actor: UserId) -> Party | None:
    """As what somebody brings a guest: a party, or a colleague who may act on the appointment; else none."""
    official = tx.directory.official_of(actor)
    colleague = official is not None and may_act(tx, official, appointment)
    return party_of(tx, appointment, actor) or (Party.OFFICIAL if colleague else None)


def is_encrypted(tx: Transaction, appointment: Appointment) -> bool:
    """As the room was made; before it is planned, as the service says."""
    room = tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id))
    planned = None if room is None else tx.rooms.plan(room.lane)
    if planned is not None:
        return planned[1].encrypted
    service = tx.directory.services.get(appointment.service)
    return service is None or service.encrypted


def _tell(tx: Transaction, appointment: Appointment, wish: Wish, by: Party, now: datetime) -> None:
    tx.appointments.note(appointment, "guest-link", by, now)
    language = language_of(tx, appointment.citizen)
    who = guest_words.who(wish.purpose, wish.name, language)
    words = guest_words.invited_by_link(who, by, language)
    key = f"guest-link:{tx.appointments.changes(appointment.id)}"
    everybody = notify.parties(tx, appointment)
    mention = [user for party, user in everybody.items() if party is not by]
    notify.say_in_appointment(tx, appointment, words, key=key, mention=mention, now=now)
    cards.show(tx, appointment, now)


def trial_link(tx: Transaction, now: datetime) -> str:
    """A new link into the municipality's practice conference, where nobody waits; an older one ends.

    Its whole address; only its path where the service does not know its address yet.
    """
    tx.conferences.end_practice_links(now)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    language = tx.directory.municipality.default_language
    tx.conferences.add_link(NewLink(digest_of(token), None, Purpose.OTHER, language), now)
    return f"{tx.facts.get(PUBLIC_ADDRESS) or ''}/{PAGE}/{token}"
