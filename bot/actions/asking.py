"""Asking a person out of turn: in their direct room with the service, without their having written just now."""

from collections.abc import Sequence
from datetime import datetime

from bot.actions.deliveries import KEYCAPS, Say
from bot.actions.ports import Transaction, language_of
from bot.actions.questions import PATIENCE, Question
from bot.actions.rooms import RoomKind
from bot.domain.ids import UserId
from bot.text.reply import Reply


def ask_in_private(
    tx: Transaction, person: UserId, words: Reply, lines: Sequence[str], *, typed: Reply, key: str, now: datetime
) -> bool:
    """Says `words` and asks for one of the choices; false where the person has no direct room.

    `words` end in the numbered choices, whose command lines are `lines`. Where the person is about to answer
    another question, `typed` is said instead, which tells what to type: a number must not mean two things.
    """
    room = tx.rooms.find(RoomKind.DIRECT, person)
    if room is None:
        return False
    if room.room_id is None or tx.questions.pending(room.room_id, person, now) is not None:
        tx.outbox.put(room.lane, Say(typed, mention=(person,)), key=key, now=now)
        return True
    asked = Say(words, mention=(person,), choices=min(len(lines), len(KEYCAPS)))
    item = tx.outbox.put(room.lane, asked, key=key, now=now)
    question = Question(language_of(tx, person), "", tuple(lines), now + PATIENCE)
    tx.questions.put(room.lane, person, question, item)
    return True
