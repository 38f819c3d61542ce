"""`!siirrä`: another time for one's own appointment. In the appointment's room it needs no number."""

from dataclasses import dataclass
from typing import Annotated

from bot.actions import moving
from bot.actions.notify import visit_of
from bot.actions.rooms import RoomKind
from bot.commands.booking import exact
from bot.commands.offering import ASKED, offer_times, refused, to_move
from bot.commands.own import NUMBER, of_this_room, which
from bot.commands.readers import is_number, read_first_number, read_time_behind_number
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Rooms
from bot.domain.ids import AppointmentId
from bot.domain.language import Text
from bot.text import notices, typed, wording
from bot.text.reply import Strong, say
from bot.text.when import When


@dataclass(frozen=True, slots=True)
class To:
    number: Annotated[str, Param(NUMBER, read_first_number)]
    time: Annotated[When, Param(Text(fi="aika", sv="tid", en="time"), read_time_behind_number)]


def move(talk: Conversation, args: To) -> Answer:
    number = args.number or _only(talk)
    if not is_number(number):
        return _which_to_move(talk, args.time)
    found = moving.movable(talk.tx, talk.person, number, talk.now)
    if not isinstance(found, moving.Movable):
        return Answer(wording.refusal(found, talk.hearer))
    search, start = to_move(talk, found.service, found.appointment), exact(talk, args.time)
    if start is None:
        return offer_times(talk, search, args.time, ASKED)
    outcome = moving.move(talk.tx, talk.person, found.appointment.number, start, talk.now)
    return _moved(talk, outcome) if isinstance(outcome, moving.Moved) else refused(talk, search, outcome)


def _only(talk: Conversation) -> str:
    """The one appointment that can be meant without its number: this room's, or the person's only one."""
    mine = of_this_room(talk) or talk.tx.appointments.open_of(talk.person, talk.now)
    return mine[0].number if len(mine) == 1 else ""


def _which_to_move(talk: Conversation, when: When) -> Answer:
    ask = Text(
        fi="Minkä ajan siirrät? Vastaa numerolla:",
        sv="Vilken tid vill du flytta? Svara med siffra:",
        en="Which appointment do you move? Answer with a number:",
    )
    day = f"{when.day:%Y-%m-%d}" if when.day else ""
    time = f"{when.time:%H:%M}" if when.time else ""
    return which(talk, ask, typed.MOVE, " ".join(filter(None, (day, time))))


def _moved(talk: Conversation, moved: moving.Moved) -> Answer:
    """In the appointment's own room the words to both follow, with all that is to be known."""
    visit = visit_of(talk.tx, moved.appointment, talk.now)
    before = visit_of(talk.tx, moved.before, talk.now)
    if talk.room.kind is RoomKind.APPOINTMENT and AppointmentId(int(talk.room.subject)) == moved.appointment.id:
        done = Text(fi="Siirretty: ", sv="Flyttad: ", en="Moved: ")
        return Answer(say(talk.of(done), Strong(visit.when(talk.language))))
    return Answer(notices.moved(before, visit, talk.language))


MOVE = Command(
    names=typed.bare(typed.MOVE),
    summary=Text(fi="Siirrä varaus toiseen aikaan", sv="Flytta en bokad tid", en="Move a booking to another time"),
    examples=Text(
        fi="!siirrä\n!siirrä H7K3MP\n!siirrä H7K3MP huomenna klo 10",
        sv="!flytta\n!flytta H7K3MP\n!flytta H7K3MP i morgon kl 10",
        en="!move\n!move H7K3MP\n!move H7K3MP tomorrow at 10",
    ),
    args=To,
    run=move,
    group=Group.BOOKING,
    rooms=Rooms.APPOINTMENT,
)
