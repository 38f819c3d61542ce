"""A guest's raised hand, for those who came by the call button.

On the join page a hand is a data message, in Element Call a reaction in the Matrix room, and neither client reads the
other's. So a guest's hand is said in the visit's room. How often is the edge's matter.
"""

from datetime import datetime

from bot.actions import conference_cards, conference_ends, notify
from bot.actions.ports import Transaction, language_of
from bot.domain.booking import Party
from bot.domain.conference import VisitorState, guest_identity, session_of
from bot.text import conference_words


def raised(tx: Transaction, digest: str, *, visitor: str, now: datetime) -> bool:
    """Says it, and rings at the official. False for anybody who is not in a visit's conference just now."""
    link = tx.conferences.by_digest(digest)
    known = None if link is None else tx.conferences.of_session(link, session_of(visitor))
    if link is None or link.appointment is None or link.ended is not None or known is None:
        return False
    appointment = tx.appointments.get(link.appointment)
    room = None if appointment is None else conference_ends.room_of(tx, appointment)
    identity = guest_identity(known.id, tx.directory.municipality.server_name)
    if appointment is None or room is None or known.state is not VisitorState.LET_IN:
        return False
    if not tx.presences.is_in(room, identity):
        return False
    language = language_of(tx, appointment.citizen)
    words = conference_words.hand_raised(conference_cards.shown(link, known, language), language)
    key = f"visitor:{known.id}:hand:{now.timestamp():.0f}"
    official = notify.parties(tx, appointment)[Party.OFFICIAL]
    notify.say_in_appointment(tx, appointment, words, key=key, mention=[official], now=now)
    return True
