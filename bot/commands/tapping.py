"""Reactions to a card in the unit's room: 🔁 offers an appointment to colleagues, ✋ takes it over.

The card itself shows what came of it; only a refusal is said aloud. Every other reaction is people's own business.
"""

from bot.actions import handover
from bot.actions.rooms import RoomKind
from bot.commands.spec import Answer, Conversation
from bot.domain.booking import Appointment
from bot.domain.staff_refusals import StaffRefusal
from bot.text import staff_refusals
from bot.text.cards import OFFER, TAKE

_VARIATIONS = "\N{VARIATION SELECTOR-16}" + "".join(chr(tone) for tone in range(0x1F3FB, 0x1F400))
"""A hand may come in the colour of a skin, and either with a selector of its form (Unicode TR 51)."""


def tapped(talk: Conversation, appointment: Appointment, key: str) -> Answer | None:
    if talk.room.kind is not RoomKind.UNIT or talk.tx.directory.official_of(talk.person) is None:
        return None
    match "".join(c for c in key if c not in _VARIATIONS):
        case sign if sign == OFFER:
            return _refused(talk, handover.offer(talk.tx, talk.person, appointment, talk.now))
        case sign if sign == TAKE:
            return _refused(talk, handover.claim(talk.tx, talk.person, appointment, talk.now))
    return None


def _refused(talk: Conversation, outcome: Appointment | handover.Moved | StaffRefusal) -> Answer | None:
    if isinstance(outcome, Appointment | handover.Moved):
        return None
    return Answer(staff_refusals.refusal(outcome, talk.hearer))
