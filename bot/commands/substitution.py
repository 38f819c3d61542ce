"""`!sijainen`: a citizen's choice when their official is away. It stands behind the numbers of that question."""

from dataclasses import dataclass
from datetime import UTC
from typing import Annotated

from bot.actions import absence, substitution
from bot.actions.notify import visit_of
from bot.actions.rooms import RoomKind
from bot.actions.substitution import Chosen, Gone, NothingAsked
from bot.commands.question import Question
from bot.commands.readers import read_time
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Rooms
from bot.commands.staff_readers import read_first, read_second
from bot.domain.booking import State
from bot.domain.ids import AppointmentId
from bot.domain.language import Language, Text
from bot.domain.matching import fold
from bot.text import absence_words, typed
from bot.text.reply import Command as Typed
from bot.text.reply import say
from bot.text.when import When, resolve

_CANCEL_WORDS = {fold(absence_words.CANCEL.in_(language)) for language in Language}


@dataclass(frozen=True, slots=True)
class Choice:
    number: Annotated[str, Param(Text(fi="varausnumero", sv="bokningsnummer", en="booking number"), read_first)]
    word: Annotated[str, Param(Text(fi="peru", sv="avboka", en="cancel"), read_second)]
    time: Annotated[When, Param(Text(fi="aika", sv="tid", en="time"), read_time)]


def choose(talk: Conversation, args: Choice) -> Answer:
    here = _of_this_room(talk)
    number, word = args.number, args.word
    if here is not None and talk.tx.appointments.by_number(number) is None:
        number, word = here, number or word
    outcome = _outcome(talk, number, word, args.time)
    match outcome:
        case Chosen(appointment):
            visit = visit_of(talk.tx, appointment, talk.now)
            words = absence_words.cancelled if appointment.state is State.CANCELLED else absence_words.chosen
            return Answer(words(visit, talk.language))
        case Gone():
            return _ask_again(talk, outcome)
        case NothingAsked():
            return Answer(say(talk.of(absence_words.NOTHING_ASKED), Typed(talk.of(typed.BOOKINGS))))


def _outcome(talk: Conversation, number: str, word: str, when: When) -> Chosen | Gone | NothingAsked:
    if fold(word) in _CANCEL_WORDS:
        return substitution.take_none(talk.tx, talk.person, number, talk.now)
    local = resolve(when.day, when.time, talk.hearer.zone) if when.day and when.time else None
    if local is not None:
        return substitution.take_time(talk.tx, talk.person, number, local.astimezone(UTC), talk.now)
    if when.is_empty and not word:
        return substitution.take_substitute(talk.tx, talk.person, number, talk.now)
    asked = substitution.asked_of(talk.tx, talk.person, number, talk.now)
    if isinstance(asked, NothingAsked):
        return asked
    return Gone(asked, absence.options(talk.tx, asked, talk.now))


def _of_this_room(talk: Conversation) -> str | None:
    if talk.room.kind is not RoomKind.APPOINTMENT:
        return None
    found = talk.tx.appointments.get(AppointmentId(int(talk.room.subject)))
    return None if found is None else found.number


def _ask_again(talk: Conversation, gone: Gone) -> Answer:
    visit, found = visit_of(talk.tx, gone.appointment, talk.now), gone.options
    words = absence_words.asked_again(visit, found.substitute, found.starts, found.until, talk.language)
    lines = absence_words.lines(visit, found.substitute, found.starts, talk.language)
    return Answer(words, Question(talk.language, "", tuple(lines), found.until), taps=True)


SUBSTITUTE = Command(
    names=typed.bare(absence_words.SUBSTITUTE_WORD),
    summary=Text(
        fi="Valitse, miten jatketaan, kun palvelija on poissa",
        sv="Välj hur ni går vidare när den som skulle betjäna dig är borta",
        en="Choose how to go on when the official is away",
    ),
    examples=Text(
        fi="!sijainen H7K3MP\n!sijainen H7K3MP huomenna klo 10\n!sijainen H7K3MP peru",
        sv="!ersättare H7K3MP\n!ersättare H7K3MP i morgon kl 10\n!ersättare H7K3MP avboka",
        en="!substitute H7K3MP\n!substitute H7K3MP tomorrow at 10\n!substitute H7K3MP cancel",
    ),
    args=Choice,
    run=choose,
    group=Group.BOOKING,
    rooms=Rooms.APPOINTMENT,
    hidden=True,
)
