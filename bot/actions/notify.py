"""Who is told what, where and in which language, when something happens to an appointment.

Writes into the outbox of the running transaction and nowhere else. The words are `bot.text.notices`'.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.actions.deliveries import Invite, Open, Remove, Rename, Say
from bot.actions.ports import Transaction, language_of
from bot.actions.rooms import Room, RoomKind, RoomPlan
from bot.domain.booking import Appointment, Party
from bot.domain.directory import NO_WORDS, Unit
from bot.domain.ids import OfficialId, UnitId, UserId
from bot.domain.jobs import ReminderKind
from bot.domain.language import Language
from bot.text import conference_words, guest_words, notices
from bot.text.notices import Visit
from bot.text.reply import Reply

_NOWHERE_UNIT = Unit(UnitId(""), NO_WORDS, confidential=True)
_NOWHERE = notices.gone_official(OfficialId(""), _NOWHERE_UNIT.id)


def visit_of(tx: Transaction, appointment: Appointment, now: datetime) -> Visit:
    """An appointment with everything that its words may need.

    One whose service or official the municipality no longer has is still in its history: general words stand for
    what is gone, and a unit that is not known counts as confidential.
    """
    directory = tx.directory
    official = directory.officials.get(appointment.official)
    service = directory.services.get(appointment.service)
    unit_id = (service or official or _NOWHERE).unit
    return Visit(
        appointment=appointment,
        service=service or notices.gone_service(appointment.service, unit_id),
        unit=directory.units.get(unit_id, _NOWHERE_UNIT),
        official=official or notices.gone_official(appointment.official, unit_id),
        municipality=directory.municipality,
        now=now,
        place=None if appointment.place is None else directory.places.get(appointment.place),
    )


def parties(tx: Transaction, appointment: Appointment) -> dict[Party, UserId]:
    official = tx.directory.officials[appointment.official]
    return {Party.CITIZEN: appointment.citizen, Party.OFFICIAL: tx.directory.user_of(official)}


def booked(tx: Transaction, appointment: Appointment, now: datetime) -> None:
    """The appointment's own room with everybody in it.

    Where it begins so soon that no reminder follows, the welcome stands for one: the devices ring.
    """
    visit = visit_of(tx, appointment, now)
    room = open_appointment_room(tx, visit, now)
    language = language_of(tx, appointment.citizen)
    ringing = tuple(parties(tx, appointment).values()) if visit.begins_at_once else ()
    welcome = Say(notices.welcome(visit, language) + _how_private(visit, language), mention=ringing)
    tx.outbox.put(room.lane, welcome, key=_key(appointment, "welcome"), now=now)


def _how_private(visit: Visit, language: Language) -> Reply:
    """Whether their video meeting is encrypted end to end or open to guests by link; on the spot there is none."""
    if visit.on_the_spot:
        return Reply(())
    return conference_words.how_private(guest_words.INVITE_WORD, language, encrypted=visit.service.encrypted)


def cancelled(tx: Transaction, appointment: Appointment, by: Party, now: datetime) -> None:
    """Says it in the appointment's room, where both parties are."""
    visit = visit_of(tx, appointment, now)
    other = Party.OFFICIAL if by is Party.CITIZEN else Party.CITIZEN
    user = parties(tx, appointment)[other]
    words = notices.cancelled(visit, by, language_of(tx, user))
    say_in_appointment(tx, appointment, words, key="cancelled", mention=(user,), now=now)


def moved(tx: Transaction, before: Appointment, appointment: Appointment, by: Party, now: datetime) -> None:
    """Says it in the appointment's room, in the citizen's language; the device of who did not move it rings."""
    other = Party.OFFICIAL if by is Party.CITIZEN else Party.CITIZEN
    words = notices.moved(
        visit_of(tx, before, now), visit_of(tx, appointment, now), language_of(tx, appointment.citizen)
    )
    user, key = parties(tx, appointment)[other], f"{appointment.sequence}:moved"
    say_in_appointment(tx, appointment, words, key=key, mention=(user,), now=now)


def withdrawn(tx: Transaction, appointment: Appointment, now: datetime, *, service_stays: bool) -> None:
    """As `cancelled` by the municipality, but it was nobody in the room: both parties' devices ring."""
    visit = visit_of(tx, appointment, now)
    words = notices.withdrawn(visit, language_of(tx, appointment.citizen), service_stays=service_stays)
    everybody = parties(tx, appointment).values()
    say_in_appointment(tx, appointment, words, key="cancelled", mention=everybody, now=now)


def remind(tx: Transaction, appointment: Appointment, kind: ReminderKind, now: datetime) -> None:
    """One message for both parties, in the citizen's language."""
    visit = visit_of(tx, appointment, now)
    words = notices.reminder(visit, kind, language_of(tx, appointment.citizen))
    everybody = parties(tx, appointment).values()
    key = f"{appointment.sequence}:reminder:{kind}"
    say_in_appointment(tx, appointment, words, key=key, mention=everybody, now=now)


def say_in_appointment(
    tx: Transaction,
    appointment: Appointment,
    words: Reply,
    *,
    key: str,
    mention: Iterable[UserId],
    now: datetime,
) -> None:
    room = tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id))
    if room is None:
        room = open_appointment_room(tx, visit_of(tx, appointment, now), now)
    tx.outbox.put(room.lane, Say(words, mention=tuple(mention)), key=_key(appointment, key), now=now)


def open_appointment_room(tx: Transaction, visit: Visit, now: datetime) -> Room:
    invitees = tuple(parties(tx, visit.appointment).values())
    language = language_of(tx, visit.appointment.citizen)
    plan = RoomPlan(
        kind=RoomKind.APPOINTMENT,
        subject=str(visit.appointment.id),
        name=notices.room_name(visit, language),
        topic=notices.room_topic(visit, language),
        encrypted=visit.service.encrypted,
        invitees=invitees,
    )
    return open_room(tx, plan, now)


def change_official(tx: Transaction, visit: Visit, former: UserId | None, now: datetime) -> None:
    """The new official comes into the appointment's room, and the former one, who has no more business there, goes."""
    appointment = visit.appointment
    room = tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id))
    if room is None:
        open_appointment_room(tx, visit, now)
        return
    key, new = _key(appointment, f"{appointment.sequence}:hands"), tx.directory.user_of(visit.official)
    tx.outbox.put(room.lane, Invite(new), key=f"{key}:invite", now=now)
    if former is not None:
        tx.outbox.put(room.lane, Remove(former), key=f"{key}:remove", now=now)


def rename_appointment_room(tx: Transaction, appointment: Appointment, now: datetime) -> None:
    """The name of a room tells its time, so a moved appointment's room is named anew."""
    room = tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id))
    if room is not None:
        name = notices.room_name(visit_of(tx, appointment, now), language_of(tx, appointment.citizen))
        tx.outbox.put(room.lane, Rename(name), key=_key(appointment, f"{appointment.sequence}:name"), now=now)


def open_unit_room(tx: Transaction, unit: Unit, now: datetime) -> Room:
    staff = [o for o in tx.directory.officials.values() if o.unit == unit.id and o.active]
    language = tx.directory.municipality.default_language
    plan = RoomPlan(
        kind=RoomKind.UNIT,
        subject=unit.id,
        name=notices.unit_room_name(unit, language),
        topic=notices.unit_room_topic(language),
        encrypted=False,
        invitees=tuple(tx.directory.user_of(official) for official in staff),
    )
    return open_room(tx, plan, now)


def open_room(tx: Transaction, plan: RoomPlan, now: datetime) -> Room:
    """The room of a plan; where it is new, its making is queued before anything else.

    Whoever belongs into it is invited once: an official who joined the unit later too.
    """
    room, new = tx.rooms.want(plan, now)
    urgent = plan.kind is not RoomKind.UNIT
    if new:
        tx.outbox.put(room.lane, Open(), key=f"room:{room.lane}:open", now=now, urgent=urgent)
    for user in plan.invitees:
        key = f"room:{room.lane}:invite:{user}"
        tx.outbox.put(room.lane, Invite(user), key=key, now=now, urgent=urgent)
    return room


def invite_again(tx: Transaction, user: UserId, appointments: Iterable[Appointment], now: datetime) -> int:
    """Into the rooms of these appointments and the staff room of an official: a closed account has left them all.

    The number of rooms. Rooms that are not planned yet are left to whoever plans them.
    """
    official = tx.directory.official_of(user)
    rooms = [tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id)) for appointment in appointments]
    rooms += [] if official is None else [tx.rooms.find(RoomKind.UNIT, official.unit)]
    lanes = {room.lane for room in rooms if room is not None}
    for lane in lanes:
        tx.outbox.put(lane, Invite(user), key=f"room:{lane}:invite:{user}:{now:%Y%m%dT%H%M%S%f}", now=now)
    return len(lanes)


def _key(appointment: Appointment, what: str) -> str:
    return f"appointment:{appointment.id}:{what}"
