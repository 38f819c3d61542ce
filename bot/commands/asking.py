"""Questions that several commands ask: which service, which time. Each choice is a command line of its own."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.actions.search import FreeDay
from bot.commands.question import PATIENCE, Question
from bot.commands.spec import Answer, Conversation
from bot.domain.directory import Service
from bot.domain.ids import ServiceId
from bot.domain.language import Text
from bot.domain.matching import Decision, Nothing, One, Several
from bot.text import times
from bot.text.reply import Command, Inline, Reply, Strong, bullets, choices, heading, say
from bot.text.when_wording import day_nearby


def question(talk: Conversation, prefix: str, lines: Iterable[str]) -> Question:
    return Question(talk.language, prefix, tuple(lines), talk.now + PATIENCE)


def chosen_service(talk: Conversation, decision: Decision | None, word: str) -> Service | Answer:
    """The one service that was meant, or the question which one; `word` is the command that goes on with it."""
    match decision:
        case One(key):
            return talk.tx.directory.services[ServiceId(key)]
        case Several(keys):
            ask = Text(
                fi="Mitä palvelua tarkoitat? Vastaa numerolla:",
                sv="Vilken tjänst menar du? Svara med siffra:",
                en="Which service do you mean? Answer with a number:",
            )
            return _ask_service(talk, say(talk.of(ask)), keys, word)
        case Nothing(nearest):
            return _not_found(talk, nearest, word)
        case None:
            ask = Text(
                fi="Mihin palveluun? Kirjoita sen nimi tai vastaa numerolla:",
                sv="Till vilken tjänst? Skriv dess namn eller svara med siffra:",
                en="For which service? Type its name or answer with a number:",
            )
            return _ask_service(talk, say(talk.of(ask)), list(talk.tx.directory.services), word)


def _not_found(talk: Conversation, nearest: Sequence[str], word: str) -> Answer:
    sorry = Text(
        fi="En löytänyt sellaista palvelua. Kaikki palvelut näet näin: ",
        sv="Jag hittade ingen sådan tjänst. Alla tjänster ser du så här: ",
        en="I did not find such a service. See all services: ",
    )
    services = Text(fi="!palvelut", sv="!tjänster", en="!services")
    reply = say(talk.of(sorry), Command(talk.of(services)))
    if not nearest:
        return Answer(reply)
    perhaps = Text(fi="Ehkä jokin näistä?", sv="Kanske någon av dessa?", en="Perhaps one of these?")
    return _ask_service(talk, reply + say(talk.of(perhaps)), nearest, word)


def _ask_service(talk: Conversation, reply: Reply, keys: Sequence[str], word: str) -> Answer:
    services = [talk.tx.directory.services[ServiceId(key)] for key in keys]
    lines = [f"{word} {service.id}" for service in services]
    tapped = len(services) <= _TAPPED
    listed = choices(*(talk.of(service.name) for service in services))
    return Answer(reply + listed, question(talk, word, lines), taps=tapped)


_TAPPED = 6
"""More choices than this are typed: each tap is a message of its own."""


def day_lists(talk: Conversation, days: Sequence[FreeDay], most_a_day: int) -> tuple[Reply, list[datetime]]:
    """Free times under a heading for each day, numbered through, and the starts behind the numbers."""
    reply, starts = Reply(()), list[datetime]()
    zone = talk.hearer.zone
    today = talk.now.astimezone(zone).date()
    for day in days:
        shown = day.slots[:most_a_day]
        clocks = [times.clock(slot.start, zone, talk.language) for slot in shown]
        reply += heading(day_nearby(day.day, talk.language, today))
        reply += choices(*clocks, first=len(starts) + 1)
        starts += [slot.start for slot in shown]
    return reply, starts


def day_lines(talk: Conversation, days: Sequence[FreeDay], most_a_day: int) -> tuple[Reply, list[datetime]]:
    """One line a day, numbered through: `Huomenna ke 25.11.: 1) 9.00 · 2) 9.30 …`; it reads well on a phone."""
    rows, starts = list[tuple[Inline, ...]](), list[datetime]()
    zone = talk.hearer.zone
    today = talk.now.astimezone(zone).date()
    for day in days:
        shown = day.slots[:most_a_day]
        clocks = (times.clock(slot.start, zone, talk.language) for slot in shown)
        numbered = " · ".join(f"{n}) {clock}" for n, clock in enumerate(clocks, start=len(starts) + 1))
        more = " …" if len(day.slots) > len(shown) else ""
        rows.append((Strong(day_nearby(day.day, talk.language, today)), f": {numbered}{more}"))
        starts += [slot.start for slot in shown]
    return bullets(*rows), starts


def time_lines(talk: Conversation, lead: str, starts: Iterable[datetime]) -> list[str]:
    """What choosing each start means: `!pidä rakennuslupa 2026-11-26 09:00`."""
    zone = talk.hearer.zone
    return [f"{lead} {start.astimezone(zone):%Y-%m-%d %H:%M}" for start in starts]
