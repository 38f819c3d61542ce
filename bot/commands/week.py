"""`!viikko`: a week's hours and appointments of an official, and in the unit's room the unit's."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated

from bot.actions.rooms import RoomKind
from bot.commands.readers import read_time
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.commands.staff import line_of, officials_here, on_day
from bot.domain.directory import Official
from bot.domain.language import Text
from bot.text import hours_words, staff_words, typed
from bot.text.reply import Reply, bullets, heading, say
from bot.text.when import When
from bot.text.when_wording import day_nearby

_WEEK = 7
_MOST_LINES = 12
"""Appointments a day that are written out; the day's own list has them all."""


@dataclass(frozen=True, slots=True)
class OfWeek:
    week: Annotated[When, Param(Text(fi="viikko", sv="vecka", en="week"), read_time)]


def show_week(talk: Conversation, args: OfWeek) -> Answer:
    today = talk.now.astimezone(talk.hearer.zone).date()
    named = args.week.week or args.week.day or today
    monday = named - timedelta(days=named.weekday())
    officials = officials_here(talk)
    days = [monday + timedelta(days=n) for n in range(_WEEK)]
    reply = sum((_day(talk, officials, day, today) for day in days), Reply(()))
    return Answer(reply if reply.blocks else say(talk.of(hours_words.NO_HOURS)))


def _day(talk: Conversation, officials: list[Official], day: date, today: date) -> Reply:
    """A heading with the day and its hours, and below it what is booked; nothing for a day without either."""
    found = [appointment for official in officials for appointment in on_day(talk, official, day)]
    hours = _hours(talk, officials, day)
    if not found and not hours:
        return Reply(())
    found.sort(key=lambda appointment: (appointment.start, appointment.id))
    head = heading(" · ".join(filter(None, (day_nearby(day, talk.language, today), hours))))
    if not found:
        return head + say(talk.of(hours_words.NOTHING))
    rows = [line_of(talk, appointment) for appointment in found[:_MOST_LINES]]
    more = len(found) - len(rows)
    rest = say(f"+{more}: {talk.of(staff_words.DAY_WORD)} {day:%Y-%m-%d}") if more else Reply(())
    return head + bullets(*rows) + rest


def _hours(talk: Conversation, officials: list[Official], day: date) -> str:
    """One official's hours; for a unit, who is away though the week says otherwise."""
    closure = next((c for c in talk.tx.directory.closures if c.covers(day)), None)
    if closure is not None:
        return f"{talk.of(hours_words.CLOSED)}: {talk.of(closure.name)}" if day.weekday() < _WEEK - 2 else ""
    changed = talk.tx.hours.on([official.id for official in officials], day)
    if talk.room.kind is RoomKind.UNIT:
        away = [talk.of(o.title) for o in officials if o.hours.on(day) and not changed.get(o.id, o.hours_on(day))]
        return f"{talk.of(hours_words.AWAY)}: {', '.join(away)}" if away else ""
    if not officials:
        return ""
    own = officials[0]
    spans = changed.get(own.id, own.hours_on(day))
    if not spans and not own.hours.on(day):
        return ""
    return hours_words.spans(spans, talk.language, hours_words.AWAY)


WEEK = Command(
    names=typed.bare(staff_words.WEEK_WORD),
    summary=Text(
        fi="Näytä viikon työajat ja varaukset",
        sv="Visa veckans arbetstider och bokningar",
        en="Show the week's hours and appointments",
    ),
    examples=Text(fi="!viikko\n!viikko ensi viikolla", sv="!vecka\n!vecka nästa vecka", en="!week\n!week next week"),
    args=OfWeek,
    run=show_week,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
