"""Free times as a question: each choice is the command line that takes the time, for booking or for moving."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from bot.actions.rooms import RoomKind
from bot.actions.search import FreeDay, first_free
from bot.actions.waitinglist import wishes
from bot.commands.asking import day_lines, day_lists, question, time_lines
from bot.commands.spec import Answer, Conversation
from bot.commands.wishes import suiting
from bot.domain.booking import Appointment
from bot.domain.directory import Official, Service
from bot.domain.language import Language, Text
from bot.domain.refusals import Closed, HoldRanOut, NoFreeTimes, OutsideHours, Refusal, SlotTaken, TooFar, TooManyHeld
from bot.domain.refusals import TooSoon as Soon
from bot.text import typed, wording
from bot.text.confirmations import WORTH_WAITING
from bot.text.reply import Reply, Strong, choices, say
from bot.text.waiting_words import OFFER_TO_WAIT
from bot.text.when import When
from bot.text.when_meanings import Bound
from bot.text.when_wording import problem_words

_WITH_TIMES = SlotTaken | OutsideHours | Closed | Soon | TooFar | HoldRanOut
_HOW_TO_BOOK = Text(
    fi="Varaa vastaamalla numerolla, tai kirjoita muu päivä.",
    sv="Boka genom att svara med siffra, eller skriv en annan dag.",
    en="Book by answering with a number, or type another day.",
)
_HOW_TO_MOVE = Text(
    fi="Siirrä vastaamalla numerolla, tai kirjoita muu päivä.",
    sv="Flytta genom att svara med siffra, eller skriv en annan dag.",
    en="Move by answering with a number, or type another day.",
)


@dataclass(frozen=True, slots=True)
class Search:
    """For what times are looked for, and what choosing one means.

    `lead` stands before the chosen time in its command line, `prefix` before words typed instead. `officials` are
    those who are asked for, none: any; `without` is the appointment that would be moved.
    """

    service: Service
    lead: str
    prefix: str
    how: Text = _HOW_TO_BOOK
    officials: Sequence[Official] | None = None
    without: Appointment | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How many days and times a day; `lines` is one line a day. Only a few can be tapped."""

    days: int
    a_day: int
    lines: bool
    taps: bool


LISTED = Shown(days=4, a_day=4, lines=True, taps=False)
ASKED = Shown(days=2, a_day=3, lines=False, taps=True)

SAME = Text(fi="sama", sv="samma", en="same")
"""The same official as last time."""


def to_book(talk: Conversation, service: Service, officials: Sequence[Official] | None = None) -> Search:
    same = "" if officials is None else f" {talk.of(SAME)}"
    lead, prefix = (f"{talk.of(word)} {service.id}{same}" for word in (typed.HOLD, typed.BOOK))
    return Search(service, lead, prefix, officials=officials)


def to_move(talk: Conversation, service: Service, appointment: Appointment) -> Search:
    line = f"{talk.of(typed.MOVE)} {appointment.number}"
    return Search(service, line, line, _HOW_TO_MOVE, without=appointment)


def offer_times(talk: Conversation, search: Search, when: When, shown: Shown, ahead: Reply | None = None) -> Answer:
    """The next free times that suit the wish, as a question; where none does, the next ones from its day on."""
    said = ahead or Reply(())
    if when.problem is not None:
        said += say(problem_words(when.problem, talk.language))
    found = _days(talk, search, when, shown)
    if not found and not when.is_empty:
        said = said if said.blocks else say(talk.of(_why_nothing(talk, when)))
        found = _days(talk, search, _from(when), shown) or _days(talk, search, When(), shown)
    if not found:
        no = refused(talk, search, NoFreeTimes(search.service))
        return Answer(said + no.reply, no.question, taps=no.taps)
    return _asked(talk, search, found, shown, said)


def _days(talk: Conversation, search: Search, when: When, shown: Shown) -> list[FreeDay]:
    found = suiting(talk.tx, search.service, when, talk.now, officials=search.officials, without=search.without)
    return list(islice(found, shown.days))


def _from(when: When) -> When:
    """Any time from the day or the week of a wish on."""
    day = None if when.problem is not None else when.day or when.week
    return When() if day is None else When(day=day, bound=Bound.NOT_BEFORE)


def _why_nothing(talk: Conversation, when: When) -> Text:
    """That the town is closed on the day that was wished for, or only that nothing is free."""
    closures = talk.tx.directory.closures
    closed = next((one for one in closures if when.day is not None and one.covers(when.day)), None)
    if closed is None or when.bound is not None:
        return Text(fi="Siihen aikaan ei ole vapaata.", sv="Då finns inget ledigt.", en="Nothing is free then.")
    why = Text(fi="Silloin on suljettu: {c}.", sv="Då är det stängt: {c}.", en="We are closed then: {c}.")
    return Text(**{language: why.in_(language).format(c=closed.name.in_(language)) for language in Language})


def _asked(talk: Conversation, search: Search, found: Sequence[FreeDay], shown: Shown, ahead: Reply) -> Answer:
    lists, starts = (day_lines if shown.lines else day_lists)(talk, found, shown.a_day)
    head = Text(fi="Vapaat ajat: {s}", sv="Lediga tider: {s}", en="Free times: {s}")
    lines, waiting = time_lines(talk, search.lead, starts), _to_wait(talk, search, starts)
    if waiting is not None:
        lists += choices(talk.of(OFFER_TO_WAIT), first=len(lines) + 1)
        lines.append(waiting)
    title = say(Strong(talk.of(head.format(s=talk.of(search.service.name)))))
    reply = ahead + title + lists + say(talk.of(search.how))
    return Answer(reply, question(talk, search.prefix, lines), taps=shown.taps)


def _to_wait(talk: Conversation, search: Search, starts: Sequence[datetime]) -> str | None:
    """The line that asks to be told of earlier times, where even the first one of all lies far ahead."""
    own = search.without is None or search.without.citizen == talk.person
    waits = any(wish.service == search.service.id for wish in wishes(talk.tx, talk.person, talk.now))
    if not own or talk.room.kind is not RoomKind.DIRECT or waits or (starts and not _is_far(talk, starts[0])):
        return None
    first = first_free(talk.tx, search.service, talk.now)
    return f"{talk.of(typed.NOTIFY)} {search.service.id}" if first is None or _is_far(talk, first) else None


def _is_far(talk: Conversation, start: datetime) -> bool:
    return start - talk.now > WORTH_WAITING


def refused(talk: Conversation, search: Search, no: Refusal) -> Answer:
    """A refusal in words; where it offers something to choose, that can be chosen at once."""
    said = wording.refusal(no, talk.hearer)
    if isinstance(no, TooManyHeld):
        lines = [f"{talk.of(word)} {held.number}" for held in no.held for word in (typed.CONFIRM, typed.RELEASE)]
        return Answer(said, question(talk, "", lines), taps=True)
    if isinstance(no, _WITH_TIMES) and no.nearest:
        lines = time_lines(talk, search.lead, (slot.start for slot in no.nearest))
        return Answer(said, question(talk, search.prefix, lines), taps=True)
    nothing_free = isinstance(no, NoFreeTimes | _WITH_TIMES)
    waiting = _to_wait(talk, search, ()) if nothing_free else None
    if waiting is None:
        return Answer(said)
    return Answer(said + choices(talk.of(OFFER_TO_WAIT)), question(talk, "", [waiting]), taps=True)
