"""Which appointment an official means who gave no number: this room's, else one of today's."""

from collections.abc import Sequence

from bot.actions.access import may_act
from bot.actions.deliveries import KEYCAPS
from bot.actions.notify import visit_of
from bot.actions.rooms import RoomKind
from bot.commands.asking import question
from bot.commands.spec import Answer, Conversation
from bot.domain.booking import Appointment
from bot.domain.ids import AppointmentId
from bot.domain.language import Text
from bot.domain.opening import day_interval
from bot.text import staff_words
from bot.text.reply import Inline, Strong, choices, say


def of_this_room(talk: Conversation) -> Appointment | None:
    """The appointment whose room this is, for an official who may act on it."""
    official = talk.tx.directory.official_of(talk.person)
    if official is None or talk.room.kind is not RoomKind.APPOINTMENT:
        return None
    found = talk.tx.appointments.get(AppointmentId(int(talk.room.subject)))
    return found if found is not None and may_act(talk.tx, official, found) else None


def of_today(talk: Conversation) -> list[Appointment]:
    official = talk.tx.directory.official_of(talk.person)
    if official is None:
        return []
    today = day_interval(talk.now.astimezone(talk.hearer.zone).date(), talk.hearer.zone)
    return talk.tx.appointments.of_official(official.id, today)


def of_coming(talk: Conversation) -> list[Appointment]:
    """The official's next appointments, as many as can be tapped."""
    official = talk.tx.directory.official_of(talk.person)
    if official is None:
        return []
    coming = talk.tx.appointments.open_of_official(official.id, talk.now)
    return [appointment for appointment in coming if appointment.start > talk.now][: len(KEYCAPS)]


def ask_which(
    talk: Conversation, word: str, among: Sequence[Appointment], none: Text = staff_words.NONE_TODAY
) -> Answer:
    """Each choice is the command with that appointment's number; `none` is said where there is nothing to choose."""
    if not among:
        return Answer(say(talk.of(none.format(c=f"{word} H7K3MP"))))
    asked = question(talk, word, (f"{word} {appointment.number}" for appointment in among))
    listed = choices(*(line(talk, appointment) for appointment in among))
    return Answer(say(talk.of(staff_words.WHICH)) + listed, asked, taps=True)


def line(talk: Conversation, appointment: Appointment) -> tuple[Inline, ...]:
    """Time, service and number; a confidential unit's service is not named in its staff room."""
    visit = visit_of(talk.tx, appointment, talk.now)
    hidden = visit.unit.confidential and talk.room.kind is RoomKind.UNIT
    parts = [] if hidden else [talk.of(visit.service.name)]
    return Strong(visit.when(talk.language)), f" · {' · '.join([*parts, appointment.number])}"


def typed(text: Text, talk: Conversation, *more: str) -> str:
    return " ".join((talk.of(text), *more))
