"""Advice in chat: questions in a person's own words, what stands behind the choices, and the staff's answers."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot.actions import advice
from bot.actions.rooms import RoomKind
from bot.commands.asking import question
from bot.commands.readers import read_words
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.commands.staff_readers import read_first, read_second
from bot.domain.catalogue import ChannelKind, Entry, EntryId
from bot.domain.clusters import clusters
from bot.domain.directory import Official
from bot.domain.ids import EventId
from bot.domain.inquiry import KEPT_FOR, Inquiry, NewInquiry, State
from bot.domain.language import Text
from bot.domain.masking import masked, without_identity_code
from bot.domain.matching import fold
from bot.text import advice_words, staff_advice_words
from bot.text.follow_up import Aspect, FollowUp, read_follow_up
from bot.text.reply import Inline, Reply, bullets, choices, say
from bot.text.typed import bare

MOST_CLUSTERS = 10
_GREETINGS = frozenset(
    """hei moi terve moikka heippa paivaa paiva huomenta iltaa hyvaa kiitos kiitti apua ok okei joo selva
    hej hejsan moj tjena god dag morgon kvall tack hjalp bra
    hello hi hey good day morning evening thanks thank you help""".split()  # noqa: SIM905 - words are read more easily as a text
)


def is_question(talk: Conversation, line: str) -> bool:
    """Whether words that are no command are for the advice: there is a catalogue, and it is more than a greeting."""
    words = re.findall(r"[^\W\d_]+", fold(line))
    return any(word not in _GREETINGS for word in words) and talk.tx.catalogue.revision() != ""


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


@dataclass(frozen=True, slots=True)
class AnswerTo:
    inquiry: Annotated[
        str, Param(Text(fi="kysymyksen numero", sv="frågans nummer", en="question's number"), read_first)
    ]
    words: Annotated[str, Param(Text(fi="vastaus", sv="svar", en="answer"), read_second)]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No arguments."""


def _found(talk: Conversation, number: str) -> Inquiry | None:
    digits = number.strip(" :.,").upper().removeprefix("K").removeprefix("-")
    return talk.tx.inquiries.get(int(digits)) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None  # noqa: PLR2004 - within SQLite's integers


def _own(talk: Conversation, number: str) -> Inquiry | None:
    """A question of the person's own; nobody sees or sends on another's."""
    found = _found(talk, number)
    return found if found is not None and found.person == talk.person else None


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


def _for_staff(talk: Conversation, number: str) -> tuple[Inquiry, Official] | None:
    """A question that this official may work on."""
    inquiry, official = _found(talk, number), talk.tx.directory.official_of(talk.person)
    if inquiry is None or official is None or not advice.may_read(talk.tx, inquiry, official):
        return None
    return inquiry, official


def answer_citizen(talk: Conversation, args: AnswerTo) -> Answer:
    """Without words it shows the question; a confidential unit's in the direct chat only."""
    found = _for_staff(talk, args.inquiry)
    if found is None:
        return Answer(say(talk.of(staff_advice_words.NO_SUCH)))
    inquiry, official = found
    if not args.words:
        how = staff_advice_words.HOW_TO_ANSWER.format(n=inquiry.number)
        return Answer(say(f"{inquiry.number}: {_shown(talk, inquiry)}") + say(talk.of(how)))
    if not advice.reply(talk.tx, inquiry, official.id, args.words, talk.now):
        return Answer(say(talk.of(staff_advice_words.ALREADY_ANSWERED.format(n=inquiry.number))))
    hidden = advice.is_confidential(talk.tx, inquiry)
    sent = staff_advice_words.SENT_CONFIDENTIAL if hidden else staff_advice_words.SENT
    return Answer(say(talk.of(sent.format(n=inquiry.number))))


def keep_answer(talk: Conversation, args: OfInquiry) -> Answer:
    found = _for_staff(talk, args.inquiry)
    if found is not None and advice.is_confidential(talk.tx, found[0]):
        return Answer(say(talk.of(staff_advice_words.CONFIDENTIAL)))
    if found is None or not advice.propose(talk.tx, found[0], talk.now):
        return Answer(say(talk.of(staff_advice_words.NOTHING_TO_KEEP)))
    inquiry = found[0]
    return Answer(say(talk.of(staff_advice_words.PROPOSED.format(n=inquiry.number))))


def accept_answer(talk: Conversation, args: OfInquiry) -> Answer:
    found = _for_staff(talk, args.inquiry)
    if found is None or found[0].state is not State.PROPOSED:
        return Answer(say(talk.of(staff_advice_words.NOTHING_TO_ACCEPT)))
    inquiry, official = found
    if advice.accept(talk.tx, inquiry, official.id, talk.now) is None:
        return Answer(say(talk.of(staff_advice_words.NOT_YOUR_OWN)))
    return Answer(say(talk.of(staff_advice_words.ACCEPTED)))


def show_questions(talk: Conversation, _: Nothing) -> Answer:
    """Masked questions without an answer, alike ones together, those first that an official was asked to answer.

    Who asked is not shown, and what a confidential unit was asked only to its own officials in their direct chat.
    """
    official = talk.tx.directory.official_of(talk.person)
    found = talk.tx.inquiries.unanswered(talk.now - KEPT_FOR)
    shown = [one for one in found if official is not None and advice.may_read(talk.tx, one, official)]
    if not shown:
        return Answer(say(talk.of(staff_advice_words.NO_QUESTIONS)))
    hidden = [[one] for one in shown if _is_hidden(talk, one)]
    groups = clusters([one for one in shown if not _is_hidden(talk, one)], lambda one: one.masked)
    groups = sorted(groups + hidden, key=_waits, reverse=True)
    lines: list[tuple[Inline, ...]] = [_cluster_line(talk, group) for group in groups[:MOST_CLUSTERS]]
    head = staff_advice_words.HEAD.format(n=len(shown))
    return Answer(say(talk.of(head)) + bullets(*lines) + say(talk.of(staff_advice_words.HOW_TO_GO_ON)))


def _shown(talk: Conversation, inquiry: Inquiry) -> str:
    """The masked question, or a word for it where others could read it who must not."""
    return talk.of(staff_advice_words.IN_PRIVATE_ONLY) if _is_hidden(talk, inquiry) else inquiry.masked


def _is_hidden(talk: Conversation, inquiry: Inquiry) -> bool:
    return talk.room.kind is not RoomKind.DIRECT and advice.is_confidential(talk.tx, inquiry)


def _waits(group: list[Inquiry]) -> bool:
    return any(one.state is State.OPEN for one in group)


def _cluster_line(talk: Conversation, group: list[Inquiry]) -> tuple[Inline, ...]:
    first = next((one for one in group if one.state is State.OPEN), group[-1])
    more = staff_advice_words.ALIKE.format(n=len(group) - 1).in_(talk.language) if len(group) > 1 else ""
    open_ = staff_advice_words.WAITS.in_(talk.language) if _waits(group) else ""
    return (f"{first.number}: {_shown(talk, first)}", more, open_)


def tapped(talk: Conversation, inquiry: Inquiry, key: str) -> Answer | None:
    """📌 proposes the answer as an entry, ✅ of another official accepts it; only a refusal is said aloud."""
    official = talk.tx.directory.official_of(talk.person)
    if official is None or not advice.may_read(talk.tx, inquiry, official):
        return None
    match key.replace("\N{VARIATION SELECTOR-16}", ""):
        case advice.KEEP:
            advice.propose(talk.tx, inquiry, talk.now)
        case advice.ACCEPT if inquiry.state is State.PROPOSED:
            if advice.accept(talk.tx, inquiry, official.id, talk.now) is None:
                return Answer(say(talk.of(staff_advice_words.NOT_YOUR_OWN)))
        case _:
            pass
    return None


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
QUESTIONS = Command(
    names=Text(fi="kysymykset", sv="frågor", en="questions"),
    summary=Text(
        fi="Näytä kysymykset, joihin neuvonta ei osannut vastata",
        sv="Visa frågor som rådgivningen inte kunde besvara",
        en="Show questions that the advice could not answer",
    ),
    examples=Text(fi="!kysymykset", sv="!frågor", en="!questions"),
    args=Nothing,
    run=show_questions,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
REPLY = Command(
    names=Text(fi="vastaa", sv="svara", en="answer"),
    summary=Text(fi="Vastaa asukkaan kysymykseen", sv="Svara på en invånares fråga", en="Answer a citizen's question"),
    examples=Text(
        fi="!vastaa K12 Avain noudetaan neuvonnasta.",
        sv="!svara K12 Nyckeln hämtas i rådgivningen.",
        en="!answer K12 Collect the key from the town hall desk.",
    ),
    args=AnswerTo,
    run=answer_citizen,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
KEEP_ANSWER = Command(
    names=Text(fi="talleta", sv="spara", en="keep"),
    summary=Text(
        fi="Ehdota vastausta neuvontaan", sv="Föreslå svaret för rådgivningen", en="Propose an answer for the advice"
    ),
    examples=Text(fi="!talleta K12", sv="!spara K12", en="!keep K12"),
    args=OfInquiry,
    run=keep_answer,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
ACCEPT_ANSWER = Command(
    names=Text(fi="hyväksy", sv="godkänn", en="accept"),
    summary=Text(
        fi="Hyväksy työkaverin vastaus neuvontaan",
        sv="Godkänn en kollegas svar för rådgivningen",
        en="Accept a colleague's answer for the advice",
    ),
    examples=Text(fi="!hyväksy K12", sv="!godkänn K12", en="!accept K12"),
    args=OfInquiry,
    run=accept_answer,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
