"""`!päivä`: what an official has on a day, and in the unit's room what the whole unit has."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bot.actions.notify import visit_of
from bot.actions.rooms import RoomKind
from bot.commands.readers import read_time
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.domain.booking import Appointment
from bot.domain.directory import Official
from bot.domain.ids import UnitId
from bot.domain.language import Text
from bot.domain.opening import day_interval
from bot.text import times
from bot.text.reply import Inline, Strong, bullets, say
from bot.text.when import When
from bot.text.when_wording import day_nearby


@dataclass(frozen=True, slots=True)
class OnDay:
    day: Annotated[When, Param(Text(fi="päivä", sv="dag", en="day"), read_time)]


def show_day(talk: Conversation, args: OnDay) -> Answer:
    zone = talk.hearer.zone
    today = talk.now.astimezone(zone).date()
    day = args.day.day or today
    found = [a for official in officials_here(talk) for a in on_day(talk, official, day)]
    head = day_nearby(day, talk.language, today)
    if not found:
        none = Text(fi="{d}: ei varauksia.", sv="{d}: inga bokningar.", en="{d}: no appointments.")
        return Answer(say(talk.of(none.format(d=head))))
    found.sort(key=lambda a: (a.start, a.id))
    return Answer(say(Strong(head)) + bullets(*(line_of(talk, appointment) for appointment in found)))


def officials_here(talk: Conversation) -> list[Official]:
    """The unit's officials in its room, else the one who asks."""
    directory = talk.tx.directory
    if talk.room.kind is RoomKind.UNIT:
        return [o for o in directory.officials.values() if o.unit == UnitId(talk.room.subject)]
    own = directory.official_of(talk.person)
    return [own] if own is not None else []


def on_day(talk: Conversation, official: Official, day: date) -> list[Appointment]:
    return talk.tx.appointments.of_official(official.id, day_interval(day, talk.hearer.zone))


def line_of(talk: Conversation, appointment: Appointment) -> tuple[Inline, ...]:
    """Who comes is said to the official alone; the unit's room shows a subject only where it isn't confidential."""
    visit = visit_of(talk.tx, appointment, talk.now)
    zone = talk.hearer.zone
    span = "–".join(times.clock(at, zone, talk.language) for at in (appointment.start, appointment.end))
    shared = talk.room.kind is RoomKind.UNIT
    parts = [] if shared and visit.unit.confidential else [talk.of(visit.service.name)]
    parts += [talk.of(visit.official.title)] if shared else [appointment.citizen]
    return Strong(span), f" · {' · '.join([*parts, appointment.number])}"


DAY = Command(
    names=Text(fi="päivä", sv="dag", en="day"),
    summary=Text(fi="Näytä päivän varaukset", sv="Visa dagens bokningar", en="Show the day's appointments"),
    examples=Text(fi="!päivä\n!päivä huomenna", sv="!dag\n!dag i morgon", en="!day\n!day tomorrow"),
    args=OnDay,
    run=show_day,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
