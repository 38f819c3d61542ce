"""`!siirrä-varaus`: an official gives a booking to a colleague, or moves it to another time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated

from bot.actions import handover
from bot.actions.rooms import RoomKind
from bot.actions.search import SHOWN_DAYS
from bot.commands.asking import question
from bot.commands.choosing_visit import ask_which, line, of_coming, of_this_room
from bot.commands.readers import read_time
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Role, Rooms
from bot.commands.staff_readers import read_first, read_second
from bot.commands.wishes import suiting
from bot.domain.booking import Appointment
from bot.domain.directory import Official
from bot.domain.ids import OfficialId
from bot.domain.language import Text
from bot.domain.matching import Candidate, Nothing, One, decide, rank
from bot.domain.refusals import Closed, NoFreeTimes, OutsideHours, Refusal, SlotTaken, TooFar, TooSoon
from bot.domain.staff_refusals import StaffRefusal
from bot.text import handover_words, staff_refusals, staff_words, wording
from bot.text.reply import Paragraph, Reply, choices, say
from bot.text.when import When, resolve
from bot.text.when_wording import problem_words

_WORD = handover_words.MOVE_BOOKING_WORD
_MOST_TIMES = 6


@dataclass(frozen=True, slots=True)
class ToWhomOrWhen:
    number: Annotated[str, Param(Text(fi="varausnumero", sv="bokningsnummer", en="booking number"), read_first)]
    whom: Annotated[str, Param(Text(fi="virkailija", sv="tjänsteman", en="official"), read_second)]
    time: Annotated[When, Param(Text(fi="aika", sv="tid", en="time"), read_time)]


def move_booking(talk: Conversation, args: ToWhomOrWhen) -> Answer:
    here = of_this_room(talk)
    number, whom = args.number, args.whom
    if here is not None and talk.tx.appointments.by_number(number) is None:
        number, whom = here.number, f"{args.number} {whom}".strip()
    if not number:
        return ask_which(talk, talk.of(_WORD), of_coming(talk), staff_words.NONE_COMING)
    found = handover.open_for(talk.tx, talk.person, number, talk.now)
    if not isinstance(found, Appointment):
        return Answer(staff_refusals.refusal(found, talk.hearer))
    if not args.time.is_empty and not whom:
        return _to_time(talk, found, args.time)
    return _to_person(talk, found, whom)


def _to_person(talk: Conversation, appointment: Appointment, whom: str) -> Answer:
    if not whom:
        able = handover.free_colleagues(talk.tx, appointment, talk.now)
        return _ask_whom(talk, appointment, able, Reply(())) if able else _nobody(talk)
    match decide(rank(whom, map(_candidate, _colleagues(talk)))):
        case One(key):
            to = OfficialId(key)
            return _said(
                talk, appointment.number, handover.hand_over(talk.tx, talk.person, appointment.number, to, talk.now)
            )
        case Nothing(nearest):
            sorry = say(talk.of(handover_words.NO_SUCH_OFFICIAL))
            near = [talk.tx.directory.officials[OfficialId(key)] for key in nearest]
            return _ask_whom(talk, appointment, near, sorry) if near else Answer(sorry)
        case several:
            found = [talk.tx.directory.officials[OfficialId(key)] for key in several.keys]
            return _ask_whom(talk, appointment, found, Reply(()))


def _nobody(talk: Conversation) -> Answer:
    return Answer(say(talk.of(staff_refusals.NOBODY)))


def _colleagues(talk: Conversation) -> Iterable[Official]:
    return (official for official in talk.tx.directory.officials.values() if official.active)


def _candidate(official: Official) -> Candidate:
    return Candidate(official.id, (official.id, official.title.fi, official.title.sv, official.title.en))


def _ask_whom(talk: Conversation, appointment: Appointment, among: Iterable[Official], ahead: Reply) -> Answer:
    officials = list(among)
    lines = (f"{talk.of(_WORD)} {appointment.number} {official.id}" for official in officials)
    listed = choices(*(talk.of(official.title) for official in officials))
    asked = question(talk, f"{talk.of(_WORD)} {appointment.number}", lines)
    return Answer(ahead + say(talk.of(handover_words.TO_WHOM)) + listed, asked, taps=True)


def _to_time(talk: Conversation, appointment: Appointment, when: When) -> Answer:
    local = None
    if when.day is not None and when.time is not None and when.bound is None and when.problem is None:
        local = resolve(when.day, when.time, talk.hearer.zone)
    if local is None:
        return _ask_when(talk, appointment, when)
    start = local.astimezone(UTC)
    return _said(
        talk, appointment.number, handover.reschedule(talk.tx, talk.person, appointment.number, start, talk.now)
    )


def _ask_when(talk: Conversation, appointment: Appointment, when: When) -> Answer:
    """Free times that suit what was said, any free times where none does."""
    service = talk.tx.directory.services[appointment.service]
    ahead = Reply(()) if when.problem is None else say(problem_words(when.problem, talk.language))
    for wish in (when, When()):
        days = islice(suiting(talk.tx, service, wish, talk.now), SHOWN_DAYS)
        starts = [s.start for day in days for s in day.slots if appointment.official in s.officials][:_MOST_TIMES]
        if starts:
            return _ask_starts(talk, appointment, starts, ahead)
    return Answer(say(talk.of(handover_words.NO_TIMES)))


def _ask_starts(talk: Conversation, appointment: Appointment, starts: list[datetime], ahead: Reply) -> Answer:
    word = f"{talk.of(_WORD)} {appointment.number}"
    lines = (f"{word} {start.astimezone(talk.hearer.zone):%Y-%m-%d %H:%M}" for start in starts)
    listed = choices(*(talk.hearer.moment(start) for start in starts))
    return Answer(ahead + say(talk.of(handover_words.WHEN)) + listed, question(talk, word, lines), taps=True)


def _said(talk: Conversation, number: str, outcome: handover.Moved | StaffRefusal | Refusal) -> Answer:
    if isinstance(outcome, handover.Moved):
        row = Paragraph(line(talk, outcome.appointment))
        return Answer(say(talk.of(handover_words.MOVED)) + Reply((row,)))
    if isinstance(outcome, Refusal):
        return _refused(talk, number, outcome)
    return Answer(staff_refusals.refusal(outcome, talk.hearer))


def _refused(talk: Conversation, number: str, no: Refusal) -> Answer:
    """The times that a refusal names are its choices; in a unit's room no refusal names the subject."""
    if talk.room.kind is RoomKind.UNIT and isinstance(no, NoFreeTimes | TooFar):
        return Answer(say(talk.of(handover_words.NO_TIMES)))
    said = wording.refusal(no, talk.hearer)
    if not isinstance(no, SlotTaken | OutsideHours | Closed | TooSoon | TooFar) or not no.nearest:
        return Answer(said)
    word = f"{talk.of(_WORD)} {number}"
    lines = (f"{word} {slot.start.astimezone(talk.hearer.zone):%Y-%m-%d %H:%M}" for slot in no.nearest)
    return Answer(said, question(talk, word, lines), taps=True)


MOVE_BOOKING = Command(
    names=_WORD.map(lambda word: word.removeprefix("!")),
    summary=Text(
        fi="Siirrä varaus työkaverille tai toiseen aikaan",
        sv="Flytta en bokning till en kollega eller en annan tid",
        en="Move a booking to a colleague or another time",
    ),
    examples=Text(
        fi="!siirrä-varaus H7K3MP\n!siirrä-varaus H7K3MP palveluneuvoja\n!siirrä-varaus H7K3MP huomenna klo 10",
        sv="!flytta-bokning H7K3MP\n!flytta-bokning H7K3MP servicerådgivare\n!flytta-bokning H7K3MP i morgon kl 10",
        en="!move-booking H7K3MP\n!move-booking H7K3MP service adviser\n!move-booking H7K3MP tomorrow at 10",
    ),
    args=ToWhomOrWhen,
    run=move_booking,
    group=Group.STAFF,
    allow=Role.OFFICIAL,
    rooms=Rooms.WORK,
)
