"""`!poissa`: an official is away, for one day or several; and comes back after all."""

from dataclasses import dataclass
from typing import Annotated

from bot.actions import absence
from bot.commands.asking import question
from bot.commands.readers import read_words
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.commands.staff_readers import read_days
from bot.domain.days import Days
from bot.domain.directory import Official
from bot.domain.language import Language, Text
from bot.domain.matching import fold
from bot.text import absence_words, typed
from bot.text.reply import choices, say


@dataclass(frozen=True, slots=True)
class Away:
    word: Annotated[str, Param(Text(fi="peru", sv="ångra", en="undo"), read_words)]
    days: Annotated[Days | None, Param(Text(fi="päivät", sv="dagar", en="days"), read_days)]


def _folded(text: Text) -> set[str]:
    return {fold(text.in_(language)) for language in Language}


_BACK, _YES, _NO = map(_folded, (absence_words.BACK, absence_words.YES, absence_words.NO))


def away(talk: Conversation, args: Away) -> Answer:
    official = talk.tx.directory.official_of(talk.person)
    word, today = fold(args.word), talk.now.astimezone(talk.hearer.zone).date()
    if official is None or word in _NO:
        return Answer(say(talk.of(absence_words.NOTHING_DONE)))
    if word in _BACK:
        return _come_back(talk, official, args.days)
    if args.days is None or args.days.last < today:
        return _ask_how_long(talk)
    days = Days(max(args.days.first, today), args.days.last)
    count = len(absence.affected(talk.tx, official, days, talk.now))
    if count and word not in _YES:
        return _ask_whether(talk, days, count)
    left = absence.leave(talk.tx, official, days, talk.now)
    span = absence_words.days(days.each(), talk.language, today)
    return Answer(absence_words.marked(span, left.asked, left.taken, left.fallen, talk.language))


def _ask_how_long(talk: Conversation) -> Answer:
    word = talk.of(absence_words.AWAY_WORD)
    lengths = [talk.of(length) for length in absence_words.LENGTHS]
    asked = question(talk, word, (f"{word} {length}" for length in lengths))
    return Answer(say(talk.of(absence_words.HOW_LONG)) + choices(*lengths), asked, taps=True)


def _ask_whether(talk: Conversation, days: Days, count: int) -> Answer:
    word, today = talk.of(absence_words.AWAY_WORD), talk.now.astimezone(talk.hearer.zone).date()
    lines = f"{word} {days} {talk.of(absence_words.YES)}", f"{word} {talk.of(absence_words.NO)}"
    span = absence_words.days(days.each(), talk.language, today)
    return Answer(absence_words.affected(span, count, talk.language), question(talk, word, lines), taps=True)


def _come_back(talk: Conversation, official: Official, days: Days | None) -> Answer:
    back = absence.come_back(talk.tx, official, days, talk.now)
    if not back.days:
        return Answer(say(talk.of(absence_words.WAS_NOT_AWAY)))
    span = absence_words.days(back.days, talk.language, talk.now.astimezone(talk.hearer.zone).date())
    return Answer(absence_words.is_back(span, back.restored, talk.language))


AWAY = Command(
    names=typed.bare(absence_words.AWAY_WORD),
    summary=Text(fi="Merkitse itsesi poissa olevaksi", sv="Anteckna att du är borta", en="Mark yourself as away"),
    examples=Text(
        fi="!poissa 3 pv\n!poissa huomenna\n!poissa 1.12.-3.12.\n!poissa peru",
        sv="!borta 3 dagar\n!borta i morgon\n!borta 1.12-3.12\n!borta ångra",
        en="!away 3 days\n!away tomorrow\n!away 1.12.-3.12.\n!away undo",
    ),
    args=Away,
    run=away,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
