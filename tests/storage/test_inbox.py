import pytest

from bot.commands.incoming import Came, Incoming, Invited, Locked, Reacted, Said, Sent, Went, What
from bot.domain.ids import EventId, RoomId
from bot.storage.inbox import Outcome
from tests.support.town import CITIZEN, NOW, STRANGER, Town, minutes

ONE = EventId("$one")


def incoming(what: What, event: str = "$one") -> Incoming:
    return Incoming(EventId(event), RoomId("!room"), CITIZEN, NOW, what)


@pytest.mark.parametrize(
    "what",
    [
        *(Said("hei\n\N{GRINNING FACE}", cut=True), Reacted(EventId("$x"), "1️⃣"), Sent("m.image"), Locked()),
        Said("vastaus", answers=EventId("$card")),
        *(Invited(direct=True), Invited(direct=False), Came(STRANGER), Went(STRANGER)),
    ],
)
def test_every_kind_comes_out_as_it_went_in(town: Town, what: What) -> None:
    assert town.do(lambda tx: tx.inbox.add(incoming(what), NOW))
    assert town.do(lambda tx: tx.inbox.next()) == incoming(what)


def test_an_event_is_taken_in_once_even_when_answered(town: Town) -> None:
    first = incoming(Said("first"))
    assert not town.do(lambda tx: tx.inbox.knows(ONE))
    assert town.do(lambda tx: tx.inbox.add(first, NOW))
    assert not town.do(lambda tx: tx.inbox.add(incoming(Said("second")), NOW))
    assert town.do(lambda tx: tx.inbox.next()) == first
    town.do(lambda tx: tx.inbox.settle(ONE, Outcome.DONE))
    assert not town.do(lambda tx: tx.inbox.add(first, NOW))
    assert town.do(lambda tx: tx.inbox.knows(ONE))
    assert town.do(lambda tx: tx.inbox.next()) is None


def test_the_oldest_is_answered_first(town: Town) -> None:
    for event, later in (("$b", 1), ("$c", 1), ("$a", 0)):
        town.do(lambda tx, e=event, m=later: tx.inbox.add(incoming(Said(e), e), NOW + minutes(m)))  # type: ignore[misc]  # the usual way to bind a loop's value
    order = []
    while (found := town.do(lambda tx: tx.inbox.next())) is not None:
        order.append(found.event_id)
        town.do(lambda tx: tx.inbox.settle(order[-1], Outcome.DONE))
    assert order == ["$a", "$b", "$c"]


@pytest.mark.parametrize(("outcome", "kept"), [(Outcome.DONE, False), (Outcome.LIMITED, False), (Outcome.FAILED, True)])
def test_what_was_said_is_forgotten_once_answered(town: Town, outcome: Outcome, *, kept: bool) -> None:
    town.do(lambda tx: tx.inbox.add(incoming(Said("secret")), NOW))
    town.do(lambda tx: tx.inbox.settle(ONE, outcome, "booking"))
    [(state, content, reference)] = town.rows("SELECT state, content, reference FROM inbox")
    assert (state, reference) == (outcome, "booking")
    assert (content is not None) is kept


def test_a_locked_event_waits_for_its_key(town: Town) -> None:
    town.do(lambda tx: tx.inbox.add(incoming(Locked()), NOW, locked='{"type": "m.room.encrypted"}'))
    assert town.do(lambda tx: tx.inbox.next()) is None
    assert town.do(lambda tx: tx.inbox.locked()) == [(ONE, "!room", '{"type": "m.room.encrypted"}', NOW)]
    town.do(lambda tx: tx.inbox.unlock(ONE, Said("open")))
    assert town.do(lambda tx: tx.inbox.locked()) == []
    assert town.do(lambda tx: tx.inbox.next()) == incoming(Said("open"))


def test_an_answered_event_is_not_unlocked_again(town: Town) -> None:
    town.do(lambda tx: tx.inbox.add(incoming(Locked()), NOW, locked="{}"))
    town.do(lambda tx: tx.inbox.unlock(ONE, Locked()))
    town.do(lambda tx: tx.inbox.settle(ONE, Outcome.DONE))
    town.do(lambda tx: tx.inbox.unlock(ONE, Said("late")))
    assert town.do(lambda tx: tx.inbox.next()) is None
    assert town.rows("SELECT content FROM inbox") == [(None,)]
