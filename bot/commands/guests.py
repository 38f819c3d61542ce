"""`!kutsu`: a party of an appointment brings a third person into it."""

from dataclasses import dataclass
from typing import Annotated

from bot.actions import guests
from bot.actions.booking import party_of
from bot.actions.rooms import RoomKind
from bot.commands.readers import read_number
from bot.commands.recurring import read_person
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Rooms
from bot.domain.ids import AppointmentId, UserId
from bot.domain.language import Text
from bot.domain.refusals import UnknownAppointment
from bot.domain.staff_refusals import NoPerson
from bot.text import guest_words, staff_refusals, typed, wording
from bot.text.reply import say


@dataclass(frozen=True, slots=True)
class Guest:
    number: Annotated[str, Param(Text(fi="varausnumero", sv="bokningsnummer", en="booking number"), read_number)]
    person: Annotated[
        UserId | None, Param(Text(fi="@henkilö:palvelin", sv="@person:server", en="@person:server"), read_person)
    ]


def invite(talk: Conversation, args: Guest) -> Answer:
    number = args.number or _of_this_room(talk)
    if args.person is None:
        refused = staff_refusals.refusal(NoPerson(), talk.hearer) if number else say(talk.of(guest_words.WHOM))
        return Answer(refused)
    if not number:
        return Answer(say(talk.of(guest_words.WHOM)))
    outcome = guests.invite(talk.tx, talk.person, number, args.person, talk.now)
    if isinstance(outcome, guests.Invited):
        return Answer(say(talk.of(guest_words.INVITED.format(g=outcome.guest))))
    if isinstance(outcome, UnknownAppointment):
        return Answer(wording.refusal(outcome, talk.hearer))
    return Answer(staff_refusals.refusal(outcome, talk.hearer))


def _of_this_room(talk: Conversation) -> str:
    if talk.room.kind is not RoomKind.APPOINTMENT:
        return ""
    found = talk.tx.appointments.get(AppointmentId(int(talk.room.subject)))
    return found.number if found is not None and party_of(talk.tx, found, talk.person) is not None else ""


INVITE = Command(
    names=typed.bare(guest_words.INVITE_WORD),
    summary=Text(
        fi="Kutsu mukaan tulkki, läheinen tai toinen viranomainen",
        sv="Bjud in en tolk, en närstående eller en annan myndighet",
        en="Invite an interpreter, a relative or another authority",
    ),
    examples=Text(
        fi="!kutsu H7K3MP @tulkki:esimerkki.fi",
        sv="!bjud-in H7K3MP @tolk:exempel.fi",
        en="!invite H7K3MP @interpreter:example.fi",
    ),
    args=Guest,
    run=invite,
    group=Group.BOOKING,
    rooms=Rooms.APPOINTMENT,
)
