"""What the engine witnessed is taken in, each piece once, and what follows from it.

Carrying it over is `bot.calls_round`'s matter. Nothing of what anybody said or showed is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from bot.actions import conference_ends, guest_presence
from bot.actions.deliveries import Lane, Say
from bot.actions.ports import Transaction
from bot.actions.rooms import RoomKind
from bot.domain.conference import OWN_JOURNAL, Evidence, Order, OrderKind, OrderState, visitor_of
from bot.text import conference_words

STARTED = "engine_started"


@dataclass(frozen=True, slots=True)
class Taken:
    """`through` is the number up to which all is stored; `restarted`: the engine has forgotten its policy.

    `faults` are of pieces that could not be stored: they must not hold up all that come after them.
    """

    through: int
    restarted: bool
    faults: tuple[Exception, ...] = ()


def take(tx: Transaction, evidence: Sequence[Evidence], now: datetime, journal: str = OWN_JOURNAL) -> Taken:
    """In the order of its numbers, which are those of one engine's journal."""
    outcomes = [(one, tx.attempt(partial(_take, tx, one, now, journal))) for one in evidence]
    faults = tuple(outcome for _, outcome in outcomes if isinstance(outcome, Exception))
    if evidence and isinstance(outcomes[-1][1], Exception):
        tx.presences.skip(evidence[-1].number, journal)
    restarted = any(one.kind == STARTED and outcome is True for one, outcome in outcomes)
    return Taken(tx.presences.through(journal), restarted, faults)


def _take(tx: Transaction, one: Evidence, now: datetime, journal: str) -> bool:
    if not tx.presences.take(one, journal):
        return False
    match one.kind:
        case "joined":
            _remember(tx, one, now)
            guest_presence.joined(tx, one, now)
        case "left":
            guest_presence.left(tx, one.identity, now)
        case "closed":
            tx.orders.lock(one.room, locked=False)
            guest_presence.emptied(tx, one.room, now)
        case _ if one.kind == STARTED:
            guest_presence.plan_looks(tx, now)
        case _:
            pass
    return True


def _remember(tx: Transaction, joined: Evidence, now: datetime) -> None:
    """A visit's conference is forgotten with its room, every other a day later."""
    room = tx.rooms.by_media(joined.room)
    if room is None or room.kind is not RoomKind.APPOINTMENT:
        conference_ends.plan_forgetting(tx, joined.room, now)


def settle(tx: Transaction, order: Order, *, done: bool, now: datetime) -> None:
    """An order was carried out, or could not be: then it is said where it was given."""
    tx.orders.settle(order.id, OrderState.DONE if done else OrderState.FAILED)
    guest = visitor_of(order.identity)
    if done and guest is not None and order.kind in {OrderKind.MUTE, OrderKind.UNMUTE}:
        tx.orders.note_word(guest, given=order.kind is OrderKind.UNMUTE)
    if order.kind in {OrderKind.LOCK, OrderKind.UNLOCK}:
        tx.orders.lock(order.room, locked=done is (order.kind is OrderKind.LOCK))
    if not done and order.lane is not None:
        words = conference_words.failed(order.kind, order.shown, order.language)
        tx.outbox.put(Lane(order.lane), Say(words), key=f"order:{order.id}:failed", now=now)
