"""Advice in chat for citizens: questions in their own words, and what stands behind the choices."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot.actions import advice
from bot.commands.asking import question
from bot.commands.readers import read_words
from bot.commands.spec import Answer, Command, Conversation, Group, Param
from bot.commands.staff_readers import read_first, read_second
from bot.domain.catalogue import ChannelKind, Entry, EntryId
from bot.domain.ids import EventId
from bot.domain.inquiry import Inquiry, NewInquiry
from bot.domain.language import Text
from bot.domain.masking import masked, without_identity_code
from bot.domain.matching import fold
from bot.text import advice_words
from bot.text.follow_up import Aspect, FollowUp, read_follow_up
from bot.text.reply import Reply, choices, say
from bot.text.typed import bare

_GREETINGS = frozenset(
    """hei moi terve moikka heippa paivaa paiva huomenta iltaa hyvaa kiitos kiitti apua ok okei joo selva
    hej hejsan moj tjena god dag morgon kvall tack hjalp bra
    hello hi hey good day morning evening thanks thank you help""".split()  # noqa: SIM905 - words are read more easily as a text
)


def is_question(talk: Conversation, line: str) -> bool:
    """Whether words that are no command are for the advice: there is a catalogue, and it is more than a greeting."""
    words = re.findall(r"[^\W\d_]+", fold(line))
    return any(word not in _GREETINGS for word in words) and not talk.tx.catalogue.is_empty()


def asked(talk: Conversation, line: str, sent: datetime) -> Answer | None:
    """A follow-up is answered at once; anything else is written down, and its answer comes by itself."""
    about = advice.subject(talk.tx, talk.room.lane, talk.now)
    zone = talk.tx.directory.municipality.time_zone
    further = None if about is None else read_follow_up(line, sent, zone, talk.tx.directory.closures)
    if about is not None and further is not None:
        return Answer(_follow_up(talk, about, further))
    event, lane = EventId(talk.key), talk.room.lane
    words = without_identity_code(line)
    advice.ask(talk.tx, NewInquiry(event, lane, talk.person, talk.language, sent, words, masked(line)))
    return None


def _follow_up(talk: Conversation, entry: Entry, further: FollowUp) -> Reply:
    match further.aspect:
        case Aspect.PRICE:
            return advice_words.price(entry, talk.language)
        case Aspect.PLACE:
            return advice_words.by_channel(entry, ChannelKind.PLACE, talk.language)
        case Aspect.PHONE:
            return advice_words.by_channel(entry, ChannelKind.PHONE, talk.language)
        case Aspect.HOURS:
            today = talk.now.astimezone(talk.tx.directory.municipality.time_zone).date()
            day = further.day or today
            holiday = advice.holiday(talk.tx, day)
            return advice_words.hours_answer(entry, talk.language, today, day, holiday)


@dataclass(frozen=True, slots=True)
class AboutEntry:
    entry: Annotated[str, Param(Text(fi="tieto", sv="uppgift", en="entry"), read_first)]
    inquiry: Annotated[str, Param(Text(fi="kysymys", sv="fråga", en="question"), read_second)]


@dataclass(frozen=True, slots=True)
class OfInquiry:
    inquiry: Annotated[
        str, Param(Text(fi="kysymyksen numero", sv="frågans nummer", en="question's number"), read_words)
    ]


def found(talk: Conversation, number: str) -> Inquiry | None:
    """By the number that people call it by, `K12`, however it is written."""
    digits = number.strip(" :.,").upper().removeprefix("K").removeprefix("-")
    return talk.tx.inquiries.get(int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None  # noqa: PLR2004 - within SQLite's integers


def _own(talk: Conversation, number: str) -> Inquiry | None:
    """A question of the person's own; nobody sees or sends on another's."""
    own = found(talk, number)
    return own if own is not None and own.person == talk.person else None


def show_entry(talk: Conversation, args: AboutEntry) -> Answer:
    entry, inquiry = talk.tx.catalogue.entry(EntryId(args.entry)), _own(talk, args.inquiry)
    if entry is None or inquiry is None:
        return Answer(say(talk.of(advice_words.GONE)))
    advice.chosen(talk.tx, inquiry, entry, talk.now)
    reply = advice.entry_reply(talk.tx, entry, talk.language, inquiry, talk.now)
    ways = advice.ways_on(talk.tx, inquiry, entry, talk.language)
    return _with_ways(talk, reply + say(talk.of(advice_words.NOT_HELPED)), ways)


def _with_ways(talk: Conversation, reply: Reply, ways: list[advice.Choice]) -> Answer:
    listed = choices(*(way.words for way in ways))
    return Answer(reply + listed, question(talk, "", (way.line for way in ways)), taps=True)


def something_else(talk: Conversation, args: OfInquiry) -> Answer:
    inquiry = _own(talk, args.inquiry)
    if inquiry is None:
        return Answer(say(talk.of(advice_words.GONE)))
    ways = advice.ways_on(talk.tx, inquiry, None, talk.language)
    return _with_ways(talk, say(talk.of(advice_words.OTHER_WAYS)) + advice.call(talk.tx, talk.language), ways)


def ask_official(talk: Conversation, args: OfInquiry) -> Answer:
    inquiry = _own(talk, args.inquiry)
    if inquiry is None:
        return Answer(say(talk.of(advice_words.GONE)))
    sent = advice.hand_over(talk.tx, inquiry, talk.now)
    words = advice_words.SENT_ON if sent else advice_words.ALREADY_SENT
    return Answer(say(talk.of(words.format(n=inquiry.number))) + advice.call(talk.tx, talk.language))


_SHOW = Text(fi="Näytä neuvonnan tieto", sv="Visa rådgivningens uppgift", en="Show an entry of the advice")
_ASK = Text(fi="Kysy virkailijalta", sv="Fråga en tjänsteman", en="Ask an official")
_OTHER = Text(fi="Muu asia", sv="Annat ärende", en="Something else")

SHOW = Command(
    names=bare(advice.ADVICE_WORD),
    summary=_SHOW,
    examples=advice.ADVICE_WORD.map(lambda typed: f"{typed} K12"),
    args=AboutEntry,
    run=show_entry,
    group=Group.GENERAL,
    hidden=True,
)
ASK = Command(
    names=bare(advice.ASK_WORD),
    summary=_ASK,
    examples=advice.ASK_WORD.map(lambda typed: f"{typed} K12"),
    args=OfInquiry,
    run=ask_official,
    group=Group.GENERAL,
    hidden=True,
)
OTHER = Command(
    names=bare(advice.OTHER_WORD),
    summary=_OTHER,
    examples=advice.OTHER_WORD.map(lambda typed: f"{typed} K12"),
    args=OfInquiry,
    run=something_else,
    group=Group.GENERAL,
    hidden=True,
)
