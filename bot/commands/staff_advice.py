"""Advice in chat for officials: questions without an answer, answering them, and answers that become entries."""

from dataclasses import dataclass
from typing import Annotated

from bot.actions import advice
from bot.actions.rooms import RoomKind
from bot.commands import advice as advice_commands
from bot.commands.advice import OfInquiry
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.commands.staff_readers import read_first, read_second
from bot.domain.clusters import clusters
from bot.domain.directory import Official
from bot.domain.inquiry import KEPT_FOR, Inquiry, State
from bot.domain.language import Text
from bot.text import staff_advice_words
from bot.text.reply import Inline, bullets, say

MOST_CLUSTERS = 10


@dataclass(frozen=True, slots=True)
class AnswerTo:
    inquiry: Annotated[
        str, Param(Text(fi="kysymyksen numero", sv="frågans nummer", en="question's number"), read_first)
    ]
    words: Annotated[str, Param(Text(fi="vastaus", sv="svar", en="answer"), read_second)]


@dataclass(frozen=True, slots=True)
class Nothing:
    """No arguments."""


def _for_staff(talk: Conversation, number: str) -> tuple[Inquiry, Official] | None:
    """A question that this official may work on."""
    inquiry, official = advice_commands.found(talk, number), talk.tx.directory.official_of(talk.person)
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


def replied(talk: Conversation, inquiry: Inquiry, words: str) -> Answer:
    """A reply to a question's card in the unit's room is the answer to it, as `!vastaa` is."""
    return answer_citizen(talk, AnswerTo(inquiry.number, words.strip()))


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
COMMANDS = (QUESTIONS, REPLY, KEEP_ANSWER, ACCEPT_ANSWER)
