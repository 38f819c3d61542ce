"""`!varaa-asiakkaalle`: an official books for a citizen, one time or a series."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from bot.actions import series
from bot.actions.notify import visit_of
from bot.actions.series import Doubtful, Made, Wanted
from bot.commands.asking import chosen_service, question
from bot.commands.readers import read_service, read_time
from bot.commands.repetition import Unclear, read_repetition
from bot.commands.spec import Answer, Command, Conversation, Facts, Group, Param, Role
from bot.commands.wishes import suiting
from bot.domain.directory import Official, Service
from bot.domain.ids import UserId
from bot.domain.language import Language, Text
from bot.domain.matching import Decision, fold
from bot.domain.refusals import Closed, IdentityNeeded, OutsideHours, Refusal, SlotTaken, TooFar, TooSoon
from bot.domain.series import Rule
from bot.text import series_words, typed, wording
from bot.text.reply import Reply, choices, say
from bot.text.when import When, resolve
from bot.text.when_wording import problem_words

_WORD = series_words.BOOK_FOR_WORD
_PERSON = re.compile(r"(?<!\S)@[!-9;-~]{1,200}:[A-Za-z0-9.\-]{1,200}(?::\d{1,5})?(?!\S)")
_MOST_TIMES = 6


@dataclass(frozen=True, slots=True)
class Words:
    """Words at the end of the line that change what is meant."""

    identified: bool = False
    anyway: bool = False
    nothing: bool = False


def _folded(text: Text) -> set[str]:
    return {fold(text.in_(language)) for language in Language}


_IDENTIFIED, _ANYWAY = _folded(series_words.IDENTIFIED), _folded(series_words.ANYWAY)
_NOTHING = _folded(series_words.NO)


def read_last_words(line: str, _: Facts) -> tuple[Words, str]:
    words = line.split()
    folded = [fold(word) for word in words]
    known = _IDENTIFIED | _ANYWAY
    found = Words(
        identified=bool(_IDENTIFIED & set(folded)),
        anyway=bool(_ANYWAY & set(folded)),
        nothing=len(folded) == 1 and folded[0] in _NOTHING,
    )
    return found, " ".join(word for word, form in zip(words, folded, strict=True) if form not in known)


def read_person(line: str, _: Facts) -> tuple[UserId | None, str]:
    """A Matrix id anywhere in what is left (Matrix specification, appendix 4.2.1)."""
    found = _PERSON.search(line)
    if found is None:
        return None, line
    return UserId(found[0]), f"{line[: found.start()]} {line[found.end() :]}".strip()


def read_service_besides(line: str, facts: Facts) -> tuple[Decision | None, str]:
    """The service in what is left when a person is taken out; the person is left for `read_person`."""
    person, rest = read_person(line, facts)
    return read_service(rest, facts)[0], person or ""


@dataclass(frozen=True, slots=True)
class ForCitizen:
    citizen: Annotated[
        UserId | None, Param(Text(fi="@asiakas:palvelin", sv="@kund:server", en="@citizen:server"), read_person)
    ]
    service: Annotated[Decision | None, Param(Text(fi="palvelu", sv="tjänst", en="service"), read_service_besides)]
    time: Annotated[When, Param(Text(fi="aika", sv="tid", en="time"), read_time)]
    rule: Annotated[
        Rule | Unclear | None,
        Param(Text(fi="joka viikko N kertaa", sv="varje vecka N gånger", en="every week N times"), read_repetition),
    ]
    words: Annotated[Words, Param(series_words.IDENTIFIED, read_last_words)]


def book_for(talk: Conversation, args: ForCitizen) -> Answer:
    official = talk.tx.directory.official_of(talk.person)
    if args.words.nothing:
        return Answer(say(talk.of(series_words.NOTHING_BOOKED)))
    if args.citizen is None or official is None:
        return Answer(say(talk.of(series_words.NO_PERSON.format(c=talk.of(series_words.EXAMPLE)))))
    if isinstance(args.rule, Unclear):
        return Answer(say(talk.of(series_words.NO_RULE)))
    service = chosen_service(talk, args.service, f"{talk.of(_WORD)} {args.citizen}{_said_before(talk, args)}")
    if isinstance(service, Answer):
        return service
    start = _exact(talk, args.time)
    if start is None:
        return _ask_when(talk, args, args.citizen, service)
    wanted = Wanted(args.citizen, service.id, start, args.rule, args.words.identified)
    return _booked(talk, official, wanted, anyway=args.words.anyway)


def _said_before(talk: Conversation, args: ForCitizen) -> str:
    """What was said besides person and service, so that it need not be said again."""
    parts = [
        f"{args.time.day:%Y-%m-%d}" if args.time.day else "",
        f"{args.time.time:%H:%M}" if args.time.time else "",
        f"RRULE:{args.rule}" if isinstance(args.rule, Rule) else "",
        talk.of(series_words.IDENTIFIED) if args.words.identified else "",
    ]
    return "".join(f" {part}" for part in parts if part)


def _exact(talk: Conversation, when: When) -> datetime | None:
    """Local wall time, without its zone."""
    if when.day is None or when.time is None or when.bound is not None or when.problem is not None:
        return None
    local = resolve(when.day, when.time, talk.hearer.zone)
    return None if local is None else local.replace(tzinfo=None)


def _line(talk: Conversation, wanted: Wanted, start: datetime | None = None) -> str:
    """The command that says all this; `start` is another moment than the wanted one."""
    at = wanted.start if start is None else start.astimezone(talk.hearer.zone)
    rule = f" RRULE:{wanted.rule}" if wanted.rule else ""
    identified = f" {talk.of(series_words.IDENTIFIED)}" if wanted.identified else ""
    return f"{talk.of(_WORD)} {wanted.citizen} {wanted.service} {at:%Y-%m-%d %H:%M}{rule}{identified}"


def _ask_when(talk: Conversation, args: ForCitizen, citizen: UserId, service: Service) -> Answer:
    ahead = Reply(()) if args.time.problem is None else say(problem_words(args.time.problem, talk.language))
    found = [list(suiting(talk.tx, service, wish, talk.now))[:3] for wish in (args.time, When())]
    starts = [slot.start for day in (found[0] or found[1]) for slot in day.slots[:3]][:_MOST_TIMES]
    if not starts:
        return Answer(wording.no_free_times(service, talk.hearer))
    rule = args.rule if isinstance(args.rule, Rule) else None
    wanted = Wanted(citizen, service.id, talk.now, rule, args.words.identified)
    lines = [_line(talk, wanted, start) for start in starts]
    listed = choices(*(talk.hearer.moment(start) for start in starts))
    prefix = f"{talk.of(_WORD)} {citizen} {service.id}"
    return Answer(ahead + say(talk.of(_WHEN)) + listed, question(talk, prefix, lines), taps=True)


_WHEN = Text(
    fi="Mille ajalle? Vastaa numerolla, tai kirjoita muu aika:",
    sv="För vilken tid? Svara med siffra, eller skriv en annan tid:",
    en="For which time? Answer with a number, or type another time:",
)


def _booked(talk: Conversation, official: Official, wanted: Wanted, *, anyway: bool) -> Answer:
    outcome = series.book_for(talk.tx, official, wanted, talk.now, anyway=anyway)
    match outcome:
        case Made():
            return Answer(_made(talk, outcome))
        case Doubtful():
            return _doubtful(talk, wanted, outcome)
        case _:
            return _refused(talk, wanted, outcome)


def _made(talk: Conversation, made: Made) -> Reply:
    visits = [visit_of(talk.tx, appointment, talk.now) for appointment in made.appointments]
    if not visits:
        return say(talk.of(series_words.NONE_FREE))
    if len(visits) == 1 and not made.conflicts:
        return series_words.booked_once(visits[0], talk.language)
    reply = series_words.booked(visits, talk.language)
    if made.conflicts:
        reply += series_words.conflicts([(c.start, c.nearest) for c in made.conflicts], talk.hearer)
    return reply + (say(talk.of(series_words.ROOMS)) if len(visits) > series.OPENED_AT_ONCE else Reply(()))


def _doubtful(talk: Conversation, wanted: Wanted, doubt: Doubtful) -> Answer:
    listed = series_words.conflicts([(c.start, c.nearest) for c in doubt.conflicts], talk.hearer)
    if not doubt.free:
        return Answer(say(talk.of(series_words.NONE_FREE)) + listed)
    word = talk.of(_WORD)
    lines = f"{_line(talk, wanted)} {talk.of(series_words.ANYWAY)}", f"{word} {talk.of(series_words.NO)}"
    ask = say(talk.of(series_words.STILL))
    options = choices(talk.of(series_words.BOOK_REST.format(n=doubt.free)), talk.of(series_words.BOOK_NONE))
    return Answer(listed + ask + options, question(talk, "", lines), taps=True)


def _refused(talk: Conversation, wanted: Wanted, no: Refusal) -> Answer:
    if isinstance(no, IdentityNeeded):
        return Answer(say(talk.of(series_words.NOT_IDENTIFIED.format(w=talk.of(series_words.IDENTIFIED)))))
    said = wording.refusal(no, talk.hearer)
    if not isinstance(no, SlotTaken | OutsideHours | Closed | TooSoon | TooFar) or not no.nearest:
        return Answer(said)
    lines = [_line(talk, wanted, slot.start) for slot in no.nearest]
    return Answer(said, question(talk, f"{talk.of(_WORD)} {wanted.citizen} {wanted.service}", lines), taps=True)


BOOK_FOR = Command(
    names=typed.bare(_WORD),
    summary=Text(
        fi="Varaa aika asiakkaan puolesta, myös sarjana",
        sv="Boka tid åt en kund, också som serie",
        en="Book for a citizen, also a series",
    ),
    examples=Text(
        fi="!varaa-asiakkaalle @asiakas:kunta.fi rakennuslupa huomenna klo 10\n"
        "!varaa-asiakkaalle @asiakas:kunta.fi rakennuslupa ti klo 10 joka viikko 6 kertaa tunnistettu",
        sv="!boka-åt @kund:kommun.fi bygglov i morgon kl 10\n"
        "!boka-åt @kund:kommun.fi bygglov tis kl 10 varje vecka 6 gånger identifierad",
        en="!book-for @citizen:town.fi building permit tomorrow at 10\n"
        "!book-for @citizen:town.fi building permit Tue at 10 every week 6 times identified",
    ),
    args=ForCitizen,
    run=book_for,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
)
