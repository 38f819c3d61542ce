"""`!ajat`, `!varaa`, `!varaukset`, `!peru`: from free times to a booked appointment and back."""

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated

from bot.actions import booking
from bot.actions.notify import visit_of
from bot.actions.rooms import RoomKind
from bot.commands.asking import chosen_service, day_lists, question, slot_lines
from bot.commands.readers import read_number, read_service, read_time
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Rooms
from bot.commands.wishes import suiting
from bot.domain.booking import Appointment
from bot.domain.directory import Service
from bot.domain.ids import AppointmentId
from bot.domain.language import Text
from bot.domain.matching import Decision
from bot.domain.refusals import Closed, OutsideHours, Refusal, SlotTaken, TooSoon
from bot.text import notices, wording
from bot.text.reply import Command as Typed
from bot.text.reply import Inline, Paragraph, Reply, Strong, bullets, choices, say
from bot.text.when import When, resolve
from bot.text.when_wording import problem_words

_SERVICE = Param(Text(fi="palvelu", sv="tjänst", en="service"), read_service)
_TIME = Param(Text(fi="aika", sv="tid", en="time"), read_time)
_NUMBER = Param(Text(fi="varausnumero", sv="bokningsnummer", en="booking number"), read_number)

BOOK_WORD = Text(fi="!varaa", sv="!boka", en="!book")
TIMES_WORD = Text(fi="!ajat", sv="!tider", en="!times")

_TIMES_SHOWN = (3, 5)
"""Days, and times a day, in an answer to `!ajat`."""
_TIMES_ASKED = (2, 3)
"""The same in a question, where every choice can be tapped."""


@dataclass(frozen=True, slots=True)
class Wish:
    service: Annotated[Decision | None, _SERVICE]
    time: Annotated[When, _TIME]


@dataclass(frozen=True, slots=True)
class ByNumber:
    number: Annotated[str, _NUMBER]


@dataclass(frozen=True, slots=True)
class NoArguments:
    """For commands that take none; what is typed behind them is forgiven."""


def show_times(talk: Conversation, wish: Wish) -> Answer:
    service = chosen_service(talk, wish.service, talk.of(TIMES_WORD))
    if isinstance(service, Answer):
        return service
    return offer_times(talk, service, wish.time, _TIMES_SHOWN, taps=False)


def book(talk: Conversation, wish: Wish) -> Answer:
    service = chosen_service(talk, wish.service, _go_on(talk, wish.time))
    if isinstance(service, Answer):
        return service
    start = _exact(talk, wish.time)
    if start is None or wish.time.problem is not None:
        return offer_times(talk, service, wish.time, _TIMES_ASKED, taps=True)
    outcome = booking.book(talk.tx, talk.person, service.id, start, talk.now)
    if isinstance(outcome, booking.Booked):
        return Answer(notices.confirmation(visit_of(talk.tx, outcome.appointment, talk.now), talk.language))
    return refused(talk, service, outcome)


def _go_on(talk: Conversation, when: When) -> str:
    """The command with the time that was said already, so that only the service remains to be asked."""
    word = talk.of(BOOK_WORD)
    day = f" {when.day:%Y-%m-%d}" if when.day else ""
    time = f" {when.time:%H:%M}" if when.time else ""
    return f"{word}{day}{time}"


def _exact(talk: Conversation, when: When) -> datetime | None:
    if when.day is None or when.time is None or when.bound is not None:
        return None
    local = resolve(when.day, when.time, talk.hearer.zone)
    return None if local is None else local.astimezone(UTC)


def refused(talk: Conversation, service: Service, no: Refusal) -> Answer:
    """A refusal in words; where it offers other times, they can be chosen at once."""
    said = wording.refusal(no, talk.hearer)
    if isinstance(no, SlotTaken | OutsideHours | Closed | TooSoon) and no.nearest:
        word = talk.of(BOOK_WORD)
        lines = slot_lines(talk, service, (slot.start for slot in no.nearest), word)
        return Answer(said, question(talk, f"{word} {service.id}", lines), taps=True)
    return Answer(said)


def offer_times(talk: Conversation, service: Service, when: When, shown: tuple[int, int], *, taps: bool) -> Answer:
    """The next free times that suit the wish, as a question; any free times where none does."""
    days, a_day = shown
    found = list(islice(suiting(talk.tx, service, when, talk.now), days))
    ahead = Reply(()) if when.problem is None else say(problem_words(when.problem, talk.language))
    if not found and not when.is_empty:
        none = Text(fi="Siihen aikaan ei ole vapaata.", sv="Då finns inget ledigt.", en="Nothing is free then.")
        ahead = ahead if ahead.blocks else say(talk.of(none))
        found = list(islice(suiting(talk.tx, service, When(), talk.now), days))
    if not found:
        return Answer(wording.no_free_times(service, talk.hearer))
    lists, starts = day_lists(talk, found, a_day)
    head = Text(fi="Vapaat ajat: {s}", sv="Lediga tider: {s}", en="Free times: {s}").format(s=talk.of(service.name))
    how = Text(
        fi="Varaa vastaamalla numerolla, tai kirjoita muu päivä.",
        sv="Boka genom att svara med siffra, eller skriv en annan dag.",
        en="Book by answering with a number, or type another day.",
    )
    word = f"{talk.of(BOOK_WORD)} {service.id}"
    asked = question(talk, word, slot_lines(talk, service, starts, talk.of(BOOK_WORD)))
    return Answer(ahead + say(Strong(talk.of(head))) + lists + say(talk.of(how)), asked, taps=taps)


def show_bookings(talk: Conversation, _: NoArguments) -> Answer:
    mine = talk.tx.appointments.open_of(talk.person, talk.now)
    if not mine:
        none = Text(
            fi="Sinulla ei ole varauksia. Varaa aika: ",
            sv="Du har inga bokningar. Boka en tid: ",
            en="You have no bookings. Book a time: ",
        )
        return Answer(say(talk.of(none), Typed(talk.of(BOOK_WORD))))
    head = Text(fi="Varauksesi:", sv="Dina bokningar:", en="Your bookings:")
    rows = bullets(*(_row(talk, appointment) for appointment in mine))
    how = Text(fi="Peru näin: ", sv="Avboka så här: ", en="To cancel: ")
    typed = f"{talk.of(notices.CANCEL_WORD)} {mine[0].number}"
    return Answer(say(Strong(talk.of(head))) + rows + say(talk.of(how), Typed(typed)))


def _row(talk: Conversation, appointment: Appointment) -> tuple[Inline, ...]:
    visit = visit_of(talk.tx, appointment, talk.now)
    service = visit.service.name.in_(talk.language)
    return Strong(visit.when(talk.language)), f" · {service} · {appointment.number}"


def cancel(talk: Conversation, args: ByNumber) -> Answer:
    if not args.number:
        return _which_to_cancel(talk)
    outcome = booking.cancel(talk.tx, talk.person, args.number, talk.now)
    if not isinstance(outcome, booking.Cancelled):
        return Answer(wording.refusal(outcome, talk.hearer))
    done = Text(fi="Aika on peruttu: ", sv="Tiden är avbokad: ", en="The appointment is cancelled: ")
    told = Text(
        fi="Kerroin siitä toiselle osapuolelle.", sv="Jag har meddelat den andra parten.", en="I told the other side."
    )
    row = (talk.of(done), *_row(talk, outcome.appointment))
    return Answer(Reply((Paragraph(row),)) + say(talk.of(told)))


def _which_to_cancel(talk: Conversation) -> Answer:
    """Never cancels unasked: the appointment of this room, or one of the person's own, is offered by number."""
    mine = _of_this_room(talk) or talk.tx.appointments.open_of(talk.person, talk.now)
    if not mine:
        return show_bookings(talk, NoArguments())
    ask = Text(
        fi="Minkä ajan perut? Vastaa numerolla:",
        sv="Vilken tid vill du avboka? Svara med siffra:",
        en="Which appointment do you cancel? Answer with a number:",
    )
    word = talk.of(notices.CANCEL_WORD)
    asked = question(talk, word, (f"{word} {appointment.number}" for appointment in mine))
    return Answer(say(talk.of(ask)) + choices(*(_row(talk, a) for a in mine)), asked, taps=True)


def _of_this_room(talk: Conversation) -> list[Appointment]:
    if talk.room.kind is not RoomKind.APPOINTMENT:
        return []
    appointment = talk.tx.appointments.get(AppointmentId(int(talk.room.subject)))
    known = appointment is not None and booking.party_of(talk.tx, appointment, talk.person) is not None
    return [appointment] if appointment is not None and known and appointment.is_open(talk.now) else []


TIMES = Command(
    names=TIMES_WORD.map(lambda word: word.removeprefix("!")),
    summary=Text(
        fi="Näytä palvelun vapaat ajat", sv="Visa lediga tider för en tjänst", en="Show the free times of a service"
    ),
    examples=Text(
        fi="!ajat rakennuslupa\n!ajat kirjasto ensi viikolla",
        sv="!tider bygglov\n!tider bibliotek nästa vecka",
        en="!times building permit\n!times library next week",
    ),
    args=Wish,
    run=show_times,
    group=Group.BOOKING,
)

BOOK = Command(
    names=BOOK_WORD.map(lambda word: word.removeprefix("!")),
    summary=Text(fi="Varaa aika", sv="Boka en tid", en="Book a time"),
    examples=Text(
        fi="!varaa rakennuslupa\n!varaa rakennuslupa huomenna klo 10",
        sv="!boka bygglov\n!boka bygglov i morgon kl 10",
        en="!book building permit\n!book building permit tomorrow at 10",
    ),
    args=Wish,
    run=book,
    group=Group.BOOKING,
)

BOOKINGS = Command(
    names=Text(fi="varaukset", sv="bokningar", en="bookings"),
    summary=Text(fi="Näytä omat varauksesi", sv="Visa dina bokningar", en="Show your bookings"),
    examples=Text(fi="!varaukset", sv="!bokningar", en="!bookings"),
    args=NoArguments,
    run=show_bookings,
    group=Group.BOOKING,
)

CANCEL = Command(
    names=notices.CANCEL_WORD.map(lambda word: word.removeprefix("!")),
    summary=Text(fi="Peru varaus", sv="Avboka en tid", en="Cancel a booking"),
    examples=Text(fi="!peru\n!peru H7K3MP", sv="!avboka\n!avboka H7K3MP", en="!cancel\n!cancel H7K3MP"),
    args=ByNumber,
    run=cancel,
    group=Group.BOOKING,
    rooms=Rooms.APPOINTMENT,
)
