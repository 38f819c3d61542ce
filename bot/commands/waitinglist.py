"""`!ilmoita`: "tell me if an earlier time comes free", and to stop that."""

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Annotated

from bot.actions import waitinglist
from bot.actions.search import free_days
from bot.commands.asking import chosen_service, question, time_lines
from bot.commands.booking import SERVICE, TIME
from bot.commands.offering import to_book, to_move
from bot.commands.readers import read_stop
from bot.commands.spec import Answer, Command, Conversation, Group, Param
from bot.domain.directory import Service
from bot.domain.language import Text
from bot.domain.matching import Decision
from bot.domain.opening import day_interval
from bot.text import typed, waiting_words
from bot.text.reply import Reply, choices, say
from bot.text.when import When

_EARLIER = 3
"""Free times that are offered at once, where there are earlier ones already."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`time` is the last day that would do; `stop` ends the wish."""

    service: Annotated[Decision | None, SERVICE]
    time: Annotated[When, TIME]
    stop: Annotated[bool, Param(waiting_words.STOP, read_stop)]


def notify(talk: Conversation, args: Wanted) -> Answer:
    waiting = waitinglist.wishes(talk.tx, talk.person, talk.now)
    if args.service is None and waiting:
        known = [talk.tx.directory.services[wish.service] for wish in waiting]
        return _stop(talk, known) if args.stop else _listed(talk, known)
    service = chosen_service(talk, args.service, talk.of(typed.NOTIFY))
    if isinstance(service, Answer):
        return service
    return _stop(talk, [service]) if args.stop else _wait(talk, service, _limit(talk, args.time))


def _stop(talk: Conversation, services: list[Service]) -> Answer:
    reply = Reply(())
    for service in services:
        waited = talk.tx.waiting.end(talk.person, service.id, talk.now)
        reply += waiting_words.stopped(service, talk.language, waited=waited)
    return Answer(reply)


def _listed(talk: Conversation, services: list[Service]) -> Answer:
    reply = Reply(())
    for service in services:
        reply += waiting_words.waits(service, talk.language)
    return Answer(reply)


def _limit(talk: Conversation, when: When) -> datetime | None:
    """The end of the last day that would do."""
    return None if when.day is None or when.problem else day_interval(when.day, talk.hearer.zone).end


def _wait(talk: Conversation, service: Service, before: datetime | None) -> Answer:
    """Where an earlier time is free already, it is offered at once."""
    waits = waitinglist.wait(talk.tx, talk.person, service, talk.now, before)
    reply = waiting_words.waits(service, talk.language)
    days = free_days(talk.tx, service, talk.now, most=2)
    starts = [slot.start for slot in chain.from_iterable(day.slots for day in days) if slot.start < waits.before]
    if not starts:
        return Answer(reply)
    now = Text(
        fi="Vapaana on jo nyt. Vastaa numerolla:", sv="Redan nu är ledigt. Svara med siffra:", en="Free already now:"
    )
    search = to_book(talk, service) if waits.booked is None else to_move(talk, service, waits.booked)
    shown = starts[:_EARLIER]
    listed = choices(*(talk.hearer.moment(start) for start in shown))
    asked = question(talk, search.prefix, time_lines(talk, search.lead, shown))
    return Answer(reply + say(talk.of(now)) + listed, asked, taps=True)


NOTIFY = Command(
    names=typed.bare(typed.NOTIFY),
    summary=Text(
        fi="Pyydä ilmoitus, jos aikaisempi aika vapautuu",
        sv="Be om besked när en tidigare tid blir ledig",
        en="Ask to be told when an earlier time comes free",
    ),
    examples=Text(
        fi="!ilmoita rakennuslupa\n!ilmoita rakennuslupa lopeta",
        sv="!meddela bygglov\n!meddela bygglov sluta",
        en="!notify building permit\n!notify building permit stop",
    ),
    args=Wanted,
    run=notify,
    group=Group.BOOKING,
)
