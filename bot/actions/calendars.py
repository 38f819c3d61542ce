"""Appointments for people's own calendars: the file in the appointment's room, and the private feeds.

The file is sent once for every sequence of an appointment: booked, moved, cancelled (RFC 5546, PUBLISH and CANCEL).
A feed holds all of a person's appointments and is asked for by a token of which only a digest is kept.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

from bot.actions import notify
from bot.actions.deliveries import Attach
from bot.actions.ports import Transaction, language_of
from bot.actions.rooms import RoomKind
from bot.calendars.entry import CalendarEntry, Method, Organizer, Status
from bot.calendars.own import uid_of
from bot.calendars.writing import MEDIA_TYPE, invitation
from bot.domain.booking import Appointment, State
from bot.domain.ids import UserId, localpart_of
from bot.domain.language import Language
from bot.text import calendar_words

PUBLIC_ADDRESS = "public address"
"""The fact that names the web edge as people reach it, without a slash at its end."""
SERVICE_ACCOUNT = "service account"
"""The fact that names the account that people write to."""

FEEDS = "kalenteri"
"""Under which path of the public address feeds stand."""
TOKEN_BYTES = 32

KEPT = timedelta(days=30)
"""How long after a visit a feed still shows it."""


@dataclass(frozen=True, slots=True)
class Feed:
    """What one subscriber is to see."""

    name: str
    zone: ZoneInfo
    entries: tuple[CalendarEntry, ...]


def attach(tx: Transaction, appointment: Appointment, now: datetime) -> None:
    """Puts the calendar file of an appointment, as it stands now, into its room: once for each sequence."""
    current = tx.appointments.get(appointment.id) or appointment
    room = tx.rooms.find(RoomKind.APPOINTMENT, str(current.id))
    if room is None:
        return
    language = language_of(tx, current.citizen)
    entry = entry_of(tx, current, language, now)
    method = Method.CANCEL if entry.status is Status.CANCELLED else Method.PUBLISH
    name = calendar_words.FILE_NAME.format(n=current.number).in_(language)
    file = Attach(name, MEDIA_TYPE, invitation(entry, method))
    tx.outbox.put(room.lane, file, key=f"appointment:{current.id}:{current.sequence}:calendar", now=now, urgent=False)


def entry_of(tx: Transaction, appointment: Appointment, language: Language, now: datetime) -> CalendarEntry:
    """An appointment as a calendar is told of it."""
    visit = notify.visit_of(tx, appointment, now)
    cancelled = appointment.state is State.CANCELLED
    link = _room_link(tx, appointment)
    return CalendarEntry(
        uid=uid_of(appointment.number, visit.municipality.server_name),
        sequence=appointment.sequence,
        start=appointment.start,
        end=appointment.end,
        zone=visit.municipality.time_zone,
        stamp=tx.appointments.changed_at(appointment.id),
        summary=calendar_words.summary(visit, language, cancelled=cancelled),
        description=calendar_words.description(visit, language, cancelled=cancelled),
        location=visit.where(language) or link,
        organizer=_organizer(tx, language),
        url=link,
        status=Status.CANCELLED if cancelled else Status.CONFIRMED,
    )


def _organizer(tx: Transaction, language: Language) -> Organizer | None:
    """PUBLISH wants one (RFC 5546, 3.2.1); a Matrix account by its URI (Matrix specification, appendix "URIs")."""
    account = tx.facts.get(SERVICE_ACCOUNT)
    if account is None:
        return None
    server = tx.directory.municipality.server_name
    return Organizer(tx.directory.municipality.name.in_(language), f"matrix:u/{localpart_of(UserId(account))}:{server}")


def _room_link(tx: Transaction, appointment: Appointment) -> str:
    """The appointment's room in the municipality's own Element; by its alias as long as it is not made yet."""
    address, room = tx.facts.get(PUBLIC_ADDRESS), tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id))
    if address is None or room is None:
        return ""
    if room.room_id is not None:
        return f"{address}/#/room/{quote(room.room_id, safe='')}"
    planned = tx.rooms.plan(room.lane)
    alias = "" if planned is None else f"#{planned[0]}:{tx.directory.municipality.server_name}"
    return f"{address}/#/room/{quote(alias, safe='')}" if alias else ""


def renew(tx: Transaction, owner: UserId, now: datetime) -> str | None:
    """A new private address for a person's feed; an older one ends. None where our own address is not known."""
    public = tx.facts.get(PUBLIC_ADDRESS)
    if public is None:
        return None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    tx.feeds.renew(owner, digest_of(token), now)
    return f"{public}/{FEEDS}/{token}.ics"


def digest_of(token: str) -> str:
    """What is kept of a token. It is random enough to need neither salt nor slowness."""
    return hashlib.sha256(token.encode()).hexdigest()


def feed(tx: Transaction, digest: str, now: datetime) -> Feed | None:
    """The feed behind a token's digest; none where there is no such token."""
    owner = tx.feeds.owner(digest)
    if owner is None:
        return None
    municipality, language = tx.directory.municipality, language_of(tx, owner)
    found = {appointment.id: appointment for appointment in _appointments(tx, owner, now - KEPT)}
    entries = (entry_of(tx, appointment, language, now) for appointment in found.values())
    name = calendar_words.feed_name(municipality.name.in_(language), language)
    return Feed(name, municipality.time_zone, tuple(sorted(entries, key=lambda e: (e.start, e.uid))))


def _appointments(tx: Transaction, owner: UserId, since: datetime) -> list[Appointment]:
    """A person's own, and those that an official serves."""
    official = tx.directory.official_of(owner)
    served = [] if official is None else tx.appointments.served_since(official.id, since)
    return [*served, *tx.appointments.visited_since(owner, since)]
