"""`!työaika`: an official sees and changes their own hours, of every week or of one day."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from bot.actions import worktime
from bot.actions.worktime import Changed
from bot.commands.choosing_visit import line
from bot.commands.hours_reader import HoursWish, read_hours
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.domain.directory import Official
from bot.domain.language import Text
from bot.text import absence_words, hours_words, times, typed
from bot.text.reply import Reply, Strong, bullets, heading, say


@dataclass(frozen=True, slots=True)
class OwnHours:
    wish: Annotated[
        HoursWish, Param(Text(fi="päivä ja kellonajat", sv="dag och klockslag", en="day and times"), read_hours)
    ]


def hours(talk: Conversation, args: OwnHours) -> Answer:
    official, wish = talk.tx.directory.official_of(talk.person), args.wish
    if official is None:
        return Answer(say(talk.of(absence_words.NOTHING_DONE)))
    if wish.problem:
        return Answer(say(talk.of(hours_words.CANNOT_READ)))
    if wish.weekday is not None and wish.spans is not None:
        return _weekly(talk, official, wish.weekday, wish)
    if wish.day is not None and (wish.normal or wish.spans is not None):
        return _one_day(talk, official, wish.day, wish)
    return Answer(_shown(talk, official))


def _weekly(talk: Conversation, official: Official, weekday: int, wish: HoursWish) -> Answer:
    changed = worktime.set_weekday(talk.tx, official, weekday, wish.spans or (), talk.now)
    written = hours_words.spans(changed.spans, talk.language)
    said = hours_words.EVERY_WEEK.format(d=hours_words.weekday(weekday, talk.language), h=written)
    return Answer(say(Strong(talk.of(said))) + _outside(talk, changed))


def _one_day(talk: Conversation, official: Official, day: date, wish: HoursWish) -> Answer:
    today = talk.now.astimezone(talk.hearer.zone).date()
    if day < today:
        return Answer(say(talk.of(hours_words.PAST)))
    changed = worktime.set_day(talk.tx, official, day, None if wish.normal else wish.spans, talk.now)
    words = hours_words.NORMAL_AGAIN if wish.normal else hours_words.THAT_DAY
    none = hours_words.NO_HOURS if wish.normal else hours_words.AWAY
    written = hours_words.spans(changed.spans, talk.language, none)
    said = words.format(d=times.day(day, talk.language, today), h=written)
    return Answer(say(Strong(talk.of(said))) + _outside(talk, changed))


def _outside(talk: Conversation, changed: Changed) -> Reply:
    if not changed.outside:
        return Reply(())
    rows = (line(talk, appointment) for appointment in changed.outside)
    return say(talk.of(hours_words.OUTSIDE)) + bullets(*rows)


def _shown(talk: Conversation, official: Official) -> Reply:
    today = talk.now.astimezone(talk.hearer.zone).date()
    reply = heading(talk.of(hours_words.HEAD)) + bullets(*hours_words.week(official.hours, talk.language))
    changed = worktime.changed_days(talk.tx, official, talk.now)
    if changed:
        rows = (hours_words.exception(day, spans, talk.language, today) for day, spans in changed)
        reply += heading(talk.of(hours_words.EXCEPTIONS)) + bullets(*rows)
    return reply + say(talk.of(hours_words.HOW))


HOURS = Command(
    names=typed.bare(hours_words.HOURS_WORD),
    summary=Text(
        fi="Näytä työaikasi tai muuta sitä", sv="Visa eller ändra din arbetstid", en="Show or change your hours"
    ),
    examples=Text(
        fi="!työaika\n!työaika ma 9-12 13-15\n!työaika 24.12. 9-12\n!työaika 24.12. normaali",
        sv="!arbetstid\n!arbetstid mån 9-12 13-15\n!arbetstid 24.12 9-12\n!arbetstid 24.12 normal",
        en="!hours\n!hours Mon 9-12 13-15\n!hours 24.12. 9-12\n!hours 24.12. normal",
    ),
    args=OwnHours,
    run=hours,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
