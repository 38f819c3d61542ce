"""The card in the visit's room of somebody who waits at its conference's door: one for each coming.

The official answers by number or by tapping; a colleague who may act on the visit by tapping. Once it is decided the
card says how.
"""

from dataclasses import replace
from datetime import datetime

from bot.actions import notify
from bot.actions.deliveries import KEYCAPS, Amend, ItemId, Say
from bot.actions.ports import Transaction, language_of
from bot.actions.questions import PATIENCE, Question
from bot.actions.rooms import RoomKind
from bot.domain.booking import Appointment, Party
from bot.domain.conference import Link, Visitor
from bot.domain.language import Language
from bot.text import conference_words, guest_words

LET_IN, TURN_AWAY = KEYCAPS[0], KEYCAPS[1]


def post(tx: Transaction, appointment: Appointment, link: Link, visitor: Visitor, now: datetime) -> Visitor:
    """Tells the visit's room, and asks its official. The visitor with the card."""
    room = notify.open_appointment_room(tx, notify.visit_of(tx, appointment, now), now)
    official = notify.parties(tx, appointment)[Party.OFFICIAL]
    language = language_of(tx, appointment.citizen)
    words = conference_words.card(shown(link, visitor, language), visitor.number, language)
    message = Say(words, mention=(official,), choices=2)
    item = tx.outbox.put(room.lane, message, key=_key(visitor), now=now)
    spoken = language_of(tx, official)
    commands = (conference_words.LET_IN_WORD, conference_words.TURN_AWAY_WORD)
    lines = tuple(f"{word.in_(spoken)} {visitor.number}" for word in commands)
    tx.questions.put(room.lane, official, Question(spoken, "", lines, now + PATIENCE), item)
    posted = replace(visitor, card=item)
    tx.conferences.keep(posted)
    return posted


def settle(tx: Transaction, appointment: Appointment, link: Link, visitor: Visitor, now: datetime) -> None:
    """What came of it; once for each coming, where there is a card."""
    room = tx.rooms.find(RoomKind.APPOINTMENT, str(appointment.id))
    if visitor.card is None or room is None:
        return
    language = language_of(tx, appointment.citizen)
    words = conference_words.settled_card(shown(link, visitor, language), visitor.state, language)
    tx.outbox.put(room.lane, Amend(ItemId(visitor.card), words), key=f"{_key(visitor)}:settled", now=now, urgent=False)


def shown(link: Link, visitor: Visitor, language: Language) -> str:
    """The visitor's own name, and for whom the link was made."""
    return guest_words.who(link.purpose, visitor.name, language)


def _key(visitor: Visitor) -> str:
    return f"visitor:{visitor.id}:card"
