"""`!varaukset`, `!peru`: a person's own appointments, and which of them is meant."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from bot.actions import booking
from bot.actions.notify import visit_of
from bot.actions.rooms import RoomKind
from bot.actions.waitinglist import wishes
from bot.commands.asking import question
from bot.commands.readers import read_number
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Rooms
from bot.domain.booking import Appointment
from bot.domain.ids import AppointmentId
from bot.domain.language import Text
from bot.text import typed, waiting_words, wording
from bot.text.reply import Command as Typed
from bot.text.reply import Inline, Paragraph, Reply, Strong, bullets, choices, say

NUMBER = Text(fi="varausnumero", sv="bokningsnummer", en="booking number")


@dataclass(frozen=True, slots=True)
class ByNumber:
    number: Annotated[str, Param(NUMBER, read_number)]


@dataclass(frozen=True, slots=True)
class NoArguments:
    """For commands that take none; what is typed behind them is forgiven."""


def show_bookings(talk: Conversation, _: NoArguments) -> Answer:
    mine = talk.tx.appointments.open_of(talk.person, talk.now)
    held = talk.tx.appointments.held_of(talk.person, talk.now)
    reply = _booked(talk, mine) if mine else _nothing_booked(talk)
    for wish in wishes(talk.tx, talk.person, talk.now):
        reply += waiting_words.waits(talk.tx.directory.services[wish.service], talk.language)
    if not held or talk.room.kind is not RoomKind.DIRECT:
        return Answer(reply)
    ask = Text(
        fi="Odottaa vahvistustasi. Varaa vastaamalla numerolla:",
        sv="Väntar på din bekräftelse. Boka genom att svara med siffra:",
        en="Waits for you to confirm. Book by answering with a number:",
    )
    lines = [f"{talk.of(typed.CONFIRM)} {one.number}" for one in held]
    listed = choices(*(row(talk, one, numbered=False) for one in held))
    return Answer(reply + say(talk.of(ask)) + listed, question(talk, "", lines), taps=True)


def _nothing_booked(talk: Conversation) -> Reply:
    none = Text(
        fi="Sinulla ei ole varauksia. Varaa aika: ",
        sv="Du har inga bokningar. Boka en tid: ",
        en="You have no bookings. Book a time: ",
    )
    return say(talk.of(none), Typed(talk.of(typed.BOOK)))


def _booked(talk: Conversation, mine: Sequence[Appointment]) -> Reply:
    head = Text(fi="Varauksesi:", sv="Dina bokningar:", en="Your bookings:")
    move = Text(fi="Siirrä näin: ", sv="Flytta så här: ", en="To move: ")
    cancel = Text(fi="Peru näin: ", sv="Avboka så här: ", en="To cancel: ")
    rows = bullets(*(row(talk, appointment) for appointment in mine))
    how = (
        (talk.of(what), Typed(f"{talk.of(word)} {mine[0].number}"))
        for what, word in ((move, typed.MOVE), (cancel, typed.CANCEL))
    )
    return say(Strong(talk.of(head))) + rows + bullets(*how)


def row(talk: Conversation, appointment: Appointment, *, numbered: bool = True) -> tuple[Inline, ...]:
    """Time, service and number."""
    visit = visit_of(talk.tx, appointment, talk.now)
    number = f" · {appointment.number}" if numbered else ""
    return Strong(visit.when(talk.language)), f" · {visit.service.name.in_(talk.language)}{number}"


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
    cancelled = (talk.of(done), *row(talk, outcome.appointment))
    return Answer(Reply((Paragraph(cancelled),)) + say(talk.of(told)))


def _which_to_cancel(talk: Conversation) -> Answer:
    """Never cancels unasked: the appointment of this room, or one of the person's own, is offered by number."""
    ask = Text(
        fi="Minkä ajan perut? Vastaa numerolla:",
        sv="Vilken tid vill du avboka? Svara med siffra:",
        en="Which appointment do you cancel? Answer with a number:",
    )
    return which(talk, ask, typed.CANCEL)


def which(talk: Conversation, ask: Text, word: Text, more: str = "") -> Answer:
    """Which of the person's own appointments is meant; `more` is what was said already, behind the number."""
    mine = of_this_room(talk) or talk.tx.appointments.open_of(talk.person, talk.now)
    if not mine:
        return show_bookings(talk, NoArguments())
    lines = (" ".join(filter(None, (talk.of(word), appointment.number, more))) for appointment in mine)
    asked = question(talk, talk.of(word), lines)
    return Answer(say(talk.of(ask)) + choices(*(row(talk, a) for a in mine)), asked, taps=True)


def of_this_room(talk: Conversation) -> list[Appointment]:
    """The appointment whose room this is, where the person takes part in it and it lies ahead; else none."""
    if talk.room.kind is not RoomKind.APPOINTMENT:
        return []
    appointment = talk.tx.appointments.get(AppointmentId(int(talk.room.subject)))
    known = appointment is not None and booking.party_of(talk.tx, appointment, talk.person) is not None
    return [appointment] if appointment is not None and known and appointment.is_open(talk.now) else []


BOOKINGS = Command(
    names=typed.bare(typed.BOOKINGS),
    summary=Text(fi="Näytä omat varauksesi", sv="Visa dina bokningar", en="Show your bookings"),
    examples=Text(fi="!varaukset", sv="!bokningar", en="!bookings"),
    args=NoArguments,
    run=show_bookings,
    group=Group.BOOKING,
)

CANCEL = Command(
    names=typed.bare(typed.CANCEL),
    summary=Text(fi="Peru varaus", sv="Avboka en tid", en="Cancel a booking"),
    examples=Text(fi="!peru\n!peru H7K3MP", sv="!avboka\n!avboka H7K3MP", en="!cancel\n!cancel H7K3MP"),
    args=ByNumber,
    run=cancel,
    group=Group.BOOKING,
    rooms=Rooms.APPOINTMENT,
)
