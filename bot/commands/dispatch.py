"""From a line of text to an answer: finds the command, checks permission and room, parses, runs.

Understands answers to the last question, by number or in words. Sending is not done here: the answer is a value.
"""

from dataclasses import replace
from datetime import datetime

from bot.actions.rooms import RoomKind
from bot.commands import advice, registry
from bot.commands.asking import question
from bot.commands.booking import BOOK_WORD, TIMES_WORD
from bot.commands.choosing import CONFIRM, RELEASE
from bot.commands.general import SERVICES, may_use
from bot.commands.question import Question
from bot.commands.readers import read_service
from bot.commands.registry import Typed
from bot.commands.spec import Answer, Conversation, Facts
from bot.domain.ids import ServiceId
from bot.domain.language import Text
from bot.domain.matching import One
from bot.text.numbers import read_choice, read_yes_no
from bot.text.reply import Command as TypedWords
from bot.text.reply import Strong, choices, say

LONGEST_ECHO = 40
"""Characters of a mistyped command that are repeated in the answer."""


def answer(talk: Conversation, body: str, sent: datetime, pending: Question | None) -> Answer | None:
    """What to say to a message, or none where it is not for the service (people talking to each other)."""
    line = " ".join(body.split())
    if line.startswith("!"):
        return _command(talk, line, sent)
    if pending is not None and (chosen := _chosen(line, pending)) is not None:
        return _command(replace(talk, language=pending.language), pending.choices[chosen - 1], sent)
    if talk.room.kind is not RoomKind.DIRECT:
        return None
    if (typed := registry.find(line)) is not None and not typed.command.hidden:
        return _run(talk, typed, sent)
    if pending is not None and pending.prefix:
        return _command(replace(talk, language=pending.language), f"{pending.prefix} {line}", sent)
    return _free_text(talk, line, sent)


def _chosen(line: str, pending: Question) -> int | None:
    """By number; whether a held time is to be booked, by yes or no too."""
    if (number := read_choice(line, len(pending.choices))) is not None or len(pending.choices) != len(_YES_AND_NO):
        return number
    asked = [found.command for choice in pending.choices if (found := registry.find(choice)) is not None]
    said = read_yes_no(line) if asked == _YES_AND_NO else None
    return None if said is None else 1 if said else 2


_YES_AND_NO = [CONFIRM, RELEASE]


def tapped(talk: Conversation, number: int, sent: datetime, pending: Question) -> Answer | None:
    """An answer by reaction; a number without a choice is no answer."""
    if number > len(pending.choices):
        return None
    return _command(replace(talk, language=pending.language), pending.choices[number - 1], sent)


def _command(talk: Conversation, line: str, sent: datetime) -> Answer:
    typed = registry.find(line)
    return _unknown(talk, line) if typed is None else _run(talk, typed, sent)


def _run(talk: Conversation, typed: Typed, sent: datetime) -> Answer:
    talk.tx.people.set_language(talk.person, typed.language, chosen=False)
    talk = replace(talk, language=talk.tx.people.language(talk.person) or typed.language)
    if not may_use(talk, typed.command):
        return Answer(say(talk.of(_NOT_FOR_YOU)))
    if talk.room.kind not in typed.command.rooms.value:
        return Answer(say(talk.of(_IN_PRIVATE)))
    facts = Facts(talk.tx.directory, talk.language, sent)
    return typed.command.run(talk, typed.command.parse(typed.line, facts))


_NOT_FOR_YOU = Text(
    fi="Tämä komento on kunnan henkilöstölle. Omat komentosi näet kirjoittamalla !apua.",
    sv="Det här kommandot är för kommunens personal. Dina kommandon ser du med !hjälp.",
    en="This command is for the municipality's staff. Type !help to see yours.",
)
_IN_PRIVATE = Text(
    fi="Tehdään tämä kahden kesken: kirjoita sama minulle yksityiseen keskusteluun.",
    sv="Vi gör det här på tu man hand: skriv samma sak till mig i vår privata chatt.",
    en="Let us do this in private: write the same to me in our direct chat.",
)


def _unknown(talk: Conversation, line: str) -> Answer:
    no = Text(fi="En tunne komentoa ", sv="Jag känner inte kommandot ", en="I don't know the command ")
    word = line.partition(" ")[0][:LONGEST_ECHO]
    reply = say(talk.of(no), TypedWords(word), ".")
    close = registry.nearest(line, talk.language)
    if close is not None:
        perhaps = Text(fi="Tarkoititko: ", sv="Menade du: ", en="Did you mean: ")
        reply += say(talk.of(perhaps), TypedWords(f"!{close}"))
    return Answer(reply + say(*_see_help(talk)))


def _see_help(talk: Conversation) -> tuple[str, TypedWords]:
    see = Text(fi="Kaikki komennot: ", sv="Alla kommandon: ", en="All commands: ")
    return talk.of(see), TypedWords(talk.of(Text(fi="!apua", sv="!hjälp", en="!help")))


def _free_text(talk: Conversation, line: str, sent: datetime) -> Answer | None:
    """Words that are no command: a bookable service that they name is offered, a question goes to the advice."""
    question_ = advice.is_question(talk, line)
    decision, _ = read_service(line, Facts(talk.tx.directory, talk.language, sent))
    if isinstance(decision, One) and not (question_ and len(line.split()) > _NAMING):
        return _offer(talk, ServiceId(decision.key))
    return advice.asked(talk, line, sent) if question_ else _greeting(talk)


_NAMING = 2
"""Words up to which a line that fits a service is its name; a longer one is a question about it."""


def _greeting(talk: Conversation) -> Answer:
    hello = Text(
        fi="Hei! Olen kunnan palvelu ja ymmärrän komentoja. Kokeile näitä:",
        sv="Hej! Jag är kommunens tjänst och förstår kommandon. Prova dessa:",
        en="Hello! I am the municipality's service and understand commands. Try these:",
    )
    lines = [
        f"!{talk.of(SERVICES.names)}",
        talk.of(TIMES_WORD),
        talk.of(BOOK_WORD),
        talk.of(Text(fi="!apua", sv="!hjälp", en="!help")),
    ]
    how = Text(fi="Vastaa numerolla tai kirjoita komento.", sv="Svara med siffra eller skriv.", en="Answer or type.")
    listed = choices(*(TypedWords(words) for words in lines))
    return Answer(say(talk.of(hello)) + listed + say(talk.of(how)), question(talk, "", lines))


def _offer(talk: Conversation, key: ServiceId) -> Answer:
    service = talk.tx.directory.services[key]
    about = Text(fi="Onko asiasi tämä?", sv="Gäller ditt ärende det här?", en="Is it about this?")
    see = Text(fi="Näytä vapaat ajat", sv="Visa lediga tider", en="Show free times")
    book = Text(fi="Varaa aika", sv="Boka en tid", en="Book a time")
    reply = say(talk.of(about), " ", Strong(talk.of(service.name)))
    if summary := talk.of(service.summary):
        reply += say(summary)
    lines = (f"{talk.of(TIMES_WORD)} {key}", f"{talk.of(BOOK_WORD)} {key}")
    return Answer(reply + choices(talk.of(see), talk.of(book)), question(talk, "", lines), taps=True)
