"""`!kutsu`: a third person is brought into an appointment, by a link into its video meeting or by a Matrix id.

A link is for somebody without an account; who is named by a Matrix id comes into the appointment's room as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from bot.actions import guest_links, guests
from bot.actions.guest_links import Encrypted, Linked, LinkRefusal, NoAddress, TooManyLinks, Wish
from bot.actions.rooms import RoomKind
from bot.commands.asking import question
from bot.commands.choosing_visit import line, of_today
from bot.commands.guest_readers import Guest, read_guest
from bot.commands.readers import read_first_number
from bot.commands.recurring import read_person
from bot.commands.spec import Answer, Command, Conversation, Group, Param, Rooms
from bot.domain.booking import Appointment
from bot.domain.conference import Purpose, cleaned_name
from bot.domain.ids import AppointmentId, UserId
from bot.domain.language import Language, Text
from bot.domain.refusals import UnknownAppointment
from bot.text import conference_words, guest_words, staff_refusals, typed, wording
from bot.text.reply import Command as Typed
from bot.text.reply import Reply, choices, say

_WORD = guest_words.INVITE_WORD
_MOST_TAPPED = 9


@dataclass(frozen=True, slots=True)
class Invitation:
    number: Annotated[str, Param(Text(fi="varausnumero", sv="bokningsnummer", en="booking number"), read_first_number)]
    guest: Annotated[
        Guest,
        Param(
            Text(fi="kenelle, kieli ja nimi", sv="för vem, språk och namn", en="for whom, language and name"),
            read_guest,
        ),
    ]
    person: Annotated[
        UserId | None,
        Param(
            Text(fi="tai @henkilö:palvelin", sv="eller @person:server", en="or @person:server"),
            read_person,
        ),
    ]


def invite(talk: Conversation, args: Invitation) -> Answer:
    number, guest, here = args.number, args.guest, _of_this_room(talk)
    if here and number and talk.tx.appointments.by_number(number) is None:
        number, guest = "", replace(guest, name=cleaned_name(f"{number} {guest.name}"))  # a name that looks like one
    number = number or here
    if args.person is not None:
        return _by_id(talk, number, args.person) if number else Answer(say(talk.of(guest_words.WHOM)))
    if not number:
        return _which(talk, guest)
    if guest.purpose is None:
        return _for_whom(talk, number, guest)
    wish = Wish(guest.purpose, guest.page or talk.language, guest.name)
    outcome = guest_links.make(talk.tx, talk.person, number, wish, talk.now)
    if isinstance(outcome, Linked):
        return Answer(guest_words.link(outcome.address, wish.purpose, wish.name, wish.page, talk.language))
    return Answer(_refused(talk, outcome))


def _refused(talk: Conversation, no: LinkRefusal) -> Reply:
    match no:
        case Encrypted(number):
            return guest_words.encrypted(number, talk.language)
        case TooManyLinks(most):
            return say(talk.of(guest_words.TOO_MANY_LINKS.format(n=most)))
        case NoAddress():
            return say(talk.of(guest_words.NO_ADDRESS))
        case UnknownAppointment():
            return wording.refusal(no, talk.hearer)
        case _:
            return staff_refusals.refusal(no, talk.hearer)


def _by_id(talk: Conversation, number: str, person: UserId) -> Answer:
    outcome = guests.invite(talk.tx, talk.person, number, person, talk.now)
    if isinstance(outcome, guests.Invited):
        return Answer(say(talk.of(guest_words.INVITED.format(g=outcome.guest))))
    if isinstance(outcome, UnknownAppointment):
        return Answer(wording.refusal(outcome, talk.hearer))
    return Answer(staff_refusals.refusal(outcome, talk.hearer))


def _for_whom(talk: Conversation, number: str, guest: Guest) -> Answer:
    """Each choice is the command with the purpose in it; an encrypted appointment is refused before that."""
    found = talk.tx.appointments.by_number(number)
    if found is None or guest_links.inviter(talk.tx, found, talk.person) is None:
        return Answer(wording.refusal(UnknownAppointment(number), talk.hearer))
    if guest_links.is_encrypted(talk.tx, found):
        return Answer(guest_words.encrypted(found.number, talk.language))
    said = _said(guest)
    lines = [f"{talk.of(_WORD)} {found.number} {_word(talk, purpose)} {said}".strip() for purpose in Purpose]
    listed = choices(*(talk.of(conference_words.PURPOSES[purpose]) for purpose in Purpose))
    by_id = say(talk.of(guest_words.BY_ID), Typed(f"{talk.of(_WORD)} {found.number} @…"))
    return Answer(say(talk.of(guest_words.FOR_WHOM)) + listed + by_id, question(talk, "", lines), taps=True)


def _word(talk: Conversation, purpose: Purpose) -> str:
    """As it is read back: the last word of "another authority" says it all."""
    return talk.of(conference_words.PURPOSES[purpose]).rpartition(" ")[2]


def _said(guest: Guest) -> str:
    page = "" if guest.page is None else _PAGE_WORDS[guest.page]
    return f"{page} {guest.name}".strip()


_PAGE_WORDS = {Language.FI: "suomeksi", Language.SV: "svenska", Language.EN: "english"}


def _which(talk: Conversation, guest: Guest) -> Answer:
    """The person's own coming appointments, and those that an official has today."""
    among = _own(talk)[:_MOST_TAPPED]
    if not among:
        return Answer(say(talk.of(guest_words.WHOM)))
    purpose = "" if guest.purpose is None else _word(talk, guest.purpose)
    said = f"{purpose} {_said(guest)}".strip()
    lines = (f"{talk.of(_WORD)} {appointment.number} {said}".strip() for appointment in among)
    listed = choices(*(line(talk, appointment) for appointment in among))
    return Answer(say(talk.of(guest_words.WHICH)) + listed, question(talk, "", lines), taps=True)


def _own(talk: Conversation) -> Sequence[Appointment]:
    mine = [] if talk.room.kind is RoomKind.UNIT else talk.tx.appointments.open_of(talk.person, talk.now)
    return [*mine, *(one for one in of_today(talk) if one.is_open(talk.now))]


def _of_this_room(talk: Conversation) -> str:
    if talk.room.kind is not RoomKind.APPOINTMENT:
        return ""
    found = talk.tx.appointments.get(AppointmentId(int(talk.room.subject)))
    return found.number if found is not None and guest_links.inviter(talk.tx, found, talk.person) is not None else ""


INVITE = Command(
    names=typed.bare(_WORD),
    summary=Text(
        fi="Kutsu mukaan tulkki, läheinen tai toinen viranomainen: linkillä tai Matrix-tunnuksella",
        sv="Bjud in en tolk, en närstående eller en annan myndighet: med länk eller Matrix-id",
        en="Invite an interpreter, a relative or another authority: by a link or a Matrix id",
    ),
    examples=Text(
        fi="!kutsu H7K3MP tulkki\n!kutsu H7K3MP läheinen ruotsiksi\n!kutsu H7K3MP @tulkki:esimerkki.fi",
        sv="!bjud-in H7K3MP tolk\n!bjud-in H7K3MP närstående på finska\n!bjud-in H7K3MP @tolk:exempel.fi",
        en="!invite H7K3MP interpreter\n!invite H7K3MP relative in Finnish\n!invite H7K3MP @interpreter:example.fi",
    ),
    args=Invitation,
    run=invite,
    group=Group.BOOKING,
    rooms=Rooms.WORK,
)
