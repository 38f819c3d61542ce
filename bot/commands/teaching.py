"""`!sanat`, `!synonyymi`, `!testikysymys`: officials teach the advice people's words, and see what it does first."""

from dataclasses import dataclass
from typing import Annotated

from rapidfuzz import process

from bot.actions import teaching
from bot.commands.readers import read_words
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.commands.staff_readers import read_first, read_second
from bot.domain.catalogue import Entry, EntryId
from bot.domain.ids import EventId
from bot.domain.language import Text
from bot.domain.masking import masked
from bot.domain.teaching import Change, ChangeKind, NewProposal, Proposal, TestQuestion
from bot.text import advice_words, teaching_words
from bot.text.reply import Strong, bullets, say
from bot.text.typed import bare

MOST_WORDS, LONGEST_WORD = 20, 60

_ENTRY = Param(Text(fi="tiedon tunnus", sv="uppgiftens kod", en="entry's id"), read_first)


@dataclass(frozen=True, slots=True)
class WordsOf:
    entry: Annotated[str, _ENTRY]
    words: Annotated[str, Param(Text(fi="sanat", sv="ord", en="words"), read_second)]


@dataclass(frozen=True, slots=True)
class Meaning:
    line: Annotated[str, Param(Text(fi="sana = sanat", sv="ord = ord", en="word = words"), read_words)]


@dataclass(frozen=True, slots=True)
class TestOf:
    entry: Annotated[str, _ENTRY]
    words: Annotated[str, Param(Text(fi="kysymys", sv="fråga", en="question"), read_second)]


@dataclass(frozen=True, slots=True)
class OfProposal:
    id: Annotated[str, Param(Text(fi="numero", sv="nummer", en="number"), read_words)]


def _words(listed: str) -> tuple[str, ...]:
    cleaned = (" ".join(word.split())[:LONGEST_WORD] for word in listed.split(","))
    return tuple(dict.fromkeys(word for word in cleaned if word))[:MOST_WORDS]


def _entry(talk: Conversation, id: str) -> Entry | Answer:
    """The entry, or what its id is close to."""
    found = talk.tx.catalogue.entry(EntryId(id))
    if found is not None:
        return found
    entries = {one.id: advice_words.name_of(one, talk.language) for one in talk.tx.catalogue.catalogue().entries}
    near = process.extract(id, {key: f"{key} {name}" for key, name in entries.items()}, limit=5)
    listed = bullets(*(f"{key}: {entries[key]}" for _, _, key in near)) if near else say("-")
    return Answer(say(talk.of(teaching_words.NO_ENTRY)) + listed)


def teach_words(talk: Conversation, args: WordsOf) -> Answer:
    found = _entry(talk, args.entry)
    if isinstance(found, Answer):
        return found
    sign = args.words[:1]
    words = _words(args.words.lstrip("+-–− "))
    if not words:
        now = [", ".join(several) for several in found.terms.values()]
        listed = bullets(*now) if now else say("-")
        return Answer(say(Strong(talk.of(teaching_words.WORDS_NOW))) + listed + say(talk.of(teaching_words.HOW_TERMS)))
    if sign not in _MINUS:
        return _proposed(talk, Change(ChangeKind.TERMS, talk.language, found.id, words))
    known = talk.tx.catalogue.taught(found.id, talk.language)
    fewer = tuple(word for word in words if word in known)
    if not fewer:
        return Answer(say(talk.of(teaching_words.NOT_TAUGHT)))
    return _proposed(talk, Change(ChangeKind.FEWER_TERMS, talk.language, found.id, fewer))


_MINUS = frozenset("-–−")


def teach_synonym(talk: Conversation, args: Meaning) -> Answer:
    said, equals, meant = args.line.partition("=")
    words = _words(meant)
    target = " ".join(said.lower().split())[:LONGEST_WORD]
    known = {one.said for one in talk.tx.catalogue.catalogue().synonyms if one.language is talk.language}
    if not equals or not said.strip(" *") or (not words and target not in known):
        return Answer(say(talk.of(teaching_words.HOW_SYNONYM)))
    return _proposed(talk, Change(ChangeKind.SYNONYM, talk.language, target, words))


def _proposed(talk: Conversation, change: Change) -> Answer:
    new = NewProposal(EventId(talk.key), talk.room.lane, talk.person, talk.language, talk.now, change)
    talk.tx.teaching.propose(new)
    return Answer(say(talk.of(teaching_words.TRYING)))


def add_test(talk: Conversation, args: TestOf) -> Answer:
    if not args.words:
        return Answer(say(talk.of(teaching_words.HOW_TEST)))
    found = _entry(talk, args.entry)
    if isinstance(found, Answer):
        return found
    talk.tx.teaching.add_test(TestQuestion(masked(args.words), found.id))
    return Answer(say(talk.of(teaching_words.TEST_KEPT.format(n=len(talk.tx.teaching.tests())))))


def _proposal(talk: Conversation, id: str) -> Proposal | None:
    is_number = id.isascii() and id.isdigit() and len(id) <= _LONGEST_NUMBER
    return talk.tx.teaching.get(int(id)) if is_number else None


_LONGEST_NUMBER = 9


def take(talk: Conversation, args: OfProposal) -> Answer:
    proposal = _proposal(talk, args.id)
    done = proposal is not None and teaching.take(talk.tx, proposal)
    return Answer(say(talk.of(teaching_words.TAKEN if done else teaching_words.DECIDED)))


def leave(talk: Conversation, args: OfProposal) -> Answer:
    proposal = _proposal(talk, args.id)
    done = proposal is not None and teaching.leave(talk.tx, proposal)
    return Answer(say(talk.of(teaching_words.LEFT if done else teaching_words.DECIDED)))


WORDS = Command(
    names=Text(fi="sanat", sv="ord", en="words"),
    summary=Text(
        fi="Lisää neuvonnan tietoon sanoja, joita ihmiset käyttävät",
        sv="Lägg till ord som folk använder till en uppgift i rådgivningen",
        en="Add words that people use to an entry of the advice",
    ),
    examples=Text(
        fi="!sanat uimahalli vesijumppa, altaalle", sv="!ord uimahalli bassäng", en="!words uimahalli aqua gym, pool"
    ),
    args=WordsOf,
    run=teach_words,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
SYNONYM = Command(
    names=Text(fi="synonyymi", sv="synonym", en="same-as"),
    summary=Text(
        fi="Kerro neuvonnalle, mitä puhekielen sana tarkoittaa",
        sv="Berätta för rådgivningen vad ett vardagligt ord betyder",
        en="Tell the advice what an everyday word means",
    ),
    examples=Text(
        fi="!synonyymi päikky* = päiväkoti, varhaiskasvatus",
        sv="!synonym dagis* = daghem",
        en="!same-as kindergarten* = day care",
    ),
    args=Meaning,
    run=teach_synonym,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
TEST = Command(
    names=Text(fi="testikysymys", sv="testfråga", en="test-question"),
    summary=Text(
        fi="Lisää kysymys, jolla neuvonnan muutoksia kokeillaan",
        sv="Lägg till en fråga som ändringar i rådgivningen prövas med",
        en="Add a question that changes of the advice are tried on",
    ),
    examples=Text(
        fi="!testikysymys uimahalli pääseekö altaaseen sunnuntaina",
        sv="!testfråga uimahalli kommer man till bassängen på söndag",
        en="!test-question uimahalli can I swim on Sunday",
    ),
    args=TestOf,
    run=add_test,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
)
TAKE = Command(
    names=bare(teaching.TAKE_WORD),
    summary=Text(fi="Ota muutos käyttöön", sv="Ta ändringen i bruk", en="Take a change into use"),
    examples=teaching.TAKE_WORD.map(lambda typed: f"{typed} 5"),
    args=OfProposal,
    run=take,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
    hidden=True,
)
LEAVE = Command(
    names=bare(teaching.LEAVE_WORD),
    summary=Text(fi="Jätä muutos tekemättä", sv="Lämna ändringen ogjord", en="Leave a change"),
    examples=teaching.LEAVE_WORD.map(lambda typed: f"{typed} 5"),
    args=OfProposal,
    run=leave,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.STAFF,
    hidden=True,
)
COMMANDS = (WORDS, SYNONYM, TEST, TAKE, LEAVE)
