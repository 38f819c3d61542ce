"""`!valmis` and `!ei-saapunut`: what became of a visit, and its correction."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from bot.actions import outcomes
from bot.commands.choosing_visit import ask_which, line, of_this_room, of_today, typed
from bot.commands.readers import read_number
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.domain.booking import State
from bot.domain.language import Text
from bot.text import staff_refusals, staff_words
from bot.text.reply import Command as Typed
from bot.text.reply import Paragraph, Reply, say

NUMBER = Param(Text(fi="varausnumero", sv="bokningsnummer", en="booking number"), read_number)


@dataclass(frozen=True, slots=True)
class ByNumber:
    number: Annotated[str, NUMBER]


_WORDS = {State.VISITED: staff_words.DONE_WORD, State.NO_SHOW: staff_words.MISSED_WORD}
_OTHER = {State.VISITED: State.NO_SHOW, State.NO_SHOW: State.VISITED}


def _marking(state: State) -> Callable[[Conversation, ByNumber], Answer]:
    def run(talk: Conversation, args: ByNumber) -> Answer:
        here = of_this_room(talk)
        number = args.number or (here.number if here is not None else "")
        return _mark(talk, number, state) if number else ask_which(talk, talk.of(_WORDS[state]), of_today(talk))

    return run


def _mark(talk: Conversation, number: str, state: State) -> Answer:
    marked = outcomes.mark(talk.tx, talk.person, number, state, talk.now)
    if not isinstance(marked, outcomes.Marked):
        return Answer(staff_refusals.refusal(marked, talk.hearer))
    done = staff_words.CORRECTED if marked.corrected else staff_words.MARKED
    words = done[state] if marked.changed else staff_words.UNCHANGED
    other = typed(_WORDS[_OTHER[state]], talk, marked.appointment.number)
    row = Paragraph((talk.of(words), *line(talk, marked.appointment)))
    return Answer(Reply((row,)) + say(talk.of(staff_words.TO_CORRECT), Typed(other)))


DONE = Command(
    names=staff_words.DONE_WORD.map(lambda word: word.removeprefix("!")),
    summary=Text(fi="Merkitse käynti hoidetuksi", sv="Anteckna besöket som skött", en="Mark a visit as done"),
    examples=Text(fi="!valmis\n!valmis H7K3MP", sv="!klar\n!klar H7K3MP", en="!done\n!done H7K3MP"),
    args=ByNumber,
    run=_marking(State.VISITED),
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.WORK,
)

MISSED = Command(
    names=staff_words.MISSED_WORD.map(lambda word: word.removeprefix("!")),
    summary=Text(
        fi="Merkitse, ettei asiakas saapunut",
        sv="Anteckna att kunden inte kom",
        en="Mark that the citizen did not come",
    ),
    examples=Text(
        fi="!ei-saapunut\n!ei-saapunut H7K3MP", sv="!uteblev\n!uteblev H7K3MP", en="!no-show\n!no-show H7K3MP"
    ),
    args=ByNumber,
    run=_marking(State.NO_SHOW),
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.WORK,
)
