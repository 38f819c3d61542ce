"""Links, visitors, presences, orders and delayed leaves as they are kept."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.actions.deliveries import ItemId, Lane
from bot.actions.rooms import RoomKind
from bot.domain.conference import (
    DelayedLeave,
    Evidence,
    Line,
    Link,
    MediaRoom,
    NewLink,
    NewOrder,
    OrderKind,
    OrderState,
    Purpose,
    Role,
    Visitor,
    VisitorState,
    media_room,
)
from bot.domain.ids import RoomId
from bot.domain.language import Language
from bot.storage.database import Database
from tests.support.town import CITIZEN, NOW, Town, minutes

ROOM = MediaRoom("huone")
OTHER = MediaRoom("toinen")
RELEASED = Path(__file__).parent / "released"
AT = NOW.timestamp()


def link(town: Town, digest: str = "d") -> Link:
    new = NewLink(digest, town.booked().id, Purpose.INTERPRETER, Language.SV, "Nimi")
    return town.do(lambda tx: tx.conferences.add_link(new, NOW))


def come(town: Town, found: Link, session: str = "s") -> Visitor:
    return town.do(lambda tx: tx.conferences.come(found, session, "Nimi", Language.EN, NOW))


def witness(town: Town, number: int, kind: str, sid: str = "PA_1", at: float = AT, **facts: object) -> bool:
    one = Evidence(number, at, ROOM, "@a:b:c", sid, kind, facts)
    return town.do(lambda tx: tx.presences.take(one))


def test_a_link_is_found_by_the_digest_of_its_token_only(town: Town) -> None:
    made = link(town)
    assert town.do(lambda tx: tx.conferences.by_digest("d")) == made
    assert made.role is Role.GUEST
    assert town.do(lambda tx: tx.conferences.by_digest("x")) is None
    assert made.appointment is not None
    of = made.appointment
    assert town.do(lambda tx: tx.conferences.links_of(of)) == [made]


def test_a_visitor_is_kept_with_everything(town: Town) -> None:
    found = come(town, link(town))
    changed = replace(
        found, state=VisitorState.LET_IN, seen=NOW + minutes(1), let_in=NOW, ended=NOW + minutes(2), card=5
    )
    town.do(lambda tx: tx.conferences.keep(changed))
    assert town.do(lambda tx: tx.conferences.visitor(found.id)) == changed
    assert town.do(lambda tx: tx.conferences.visitor_by_card(ItemId(5))) == changed
    assert town.do(lambda tx: tx.conferences.visitor_by_card(ItemId(6))) is None


def test_a_browser_is_known_by_its_newest_coming(town: Town) -> None:
    made = link(town)
    come(town, made)
    newest = come(town, made)
    come(town, made, "other")
    assert town.do(lambda tx: tx.conferences.of_session(made, "s")) == newest
    assert town.do(lambda tx: tx.conferences.openings(made)) == 3


def test_names_are_forgotten_and_counts_stay(town: Town) -> None:
    made = link(town)
    come(town, made)
    assert made.appointment is not None
    of = made.appointment
    town.do(lambda tx: tx.conferences.forget_names(of))
    assert town.rows("SELECT name, session FROM conference_visitor") == [("", "")]
    assert town.rows("SELECT name, purpose FROM conference_link") == [("", "interpreter")]


def test_evidence_is_taken_in_once(town: Town) -> None:
    assert witness(town, 3, "joined", name="Nimi", role="guest")
    assert not witness(town, 3, "joined", sid="PA_2", name="Nimi", role="guest")
    assert not witness(town, 2, "joined", sid="PA_3")
    assert town.do(lambda tx: tx.presences.through()) == 3
    (one,) = town.do(lambda tx: tx.presences.of_room(ROOM))
    assert (one.sid, one.name, one.role, one.joined, one.ended) == ("PA_1", "Nimi", Role.GUEST, NOW, None)


def test_each_engine_numbers_its_own_evidence(town: Town) -> None:
    witness(town, 500, "joined")
    one = Evidence(3, AT, ROOM, "@a:b:c", "PA_9", "joined")
    assert town.do(lambda tx: tx.presences.take(one, "livekit"))
    assert town.do(lambda tx: (tx.presences.through(), tx.presences.through("livekit"))) == (500, 3)


def test_a_presence_ends_with_its_reason_and_its_line(town: Town) -> None:
    witness(town, 1, "joined")
    witness(town, 2, "media", source="microphone")
    witness(town, 3, "media", source="camera")
    witness(town, 4, "left", at=AT + 60, reason="dead", speaking_s=12.5, lost_share=0.01, round_trip_ms=80)
    (one,) = town.do(lambda tx: tx.presences.of_room(ROOM))
    assert (one.ended, one.reason) == (NOW + minutes(1), "dead")
    assert one.media == {"camera", "microphone"}
    assert one.line == Line(12.5, 0.01, 80.0)


@pytest.mark.parametrize("bad", [True, "much", float("nan"), float("inf"), None, {}])
def test_a_figure_that_is_none_is_left_out(town: Town, bad: object) -> None:
    witness(town, 1, "joined", role=bad, name=bad)
    witness(town, 2, "left", lost_share=bad, round_trip_ms=bad, speaking_s=bad)
    (one,) = town.do(lambda tx: tx.presences.of_room(ROOM))
    assert (one.line, one.role) == (Line(), Role.MEMBER)


def test_an_unknown_kind_is_counted_and_changes_nothing(town: Town) -> None:
    assert witness(town, 1, "of a later version")
    assert town.do(lambda tx: tx.presences.through()) == 1


def test_when_the_engine_starts_anew_everybody_left_when_it_was_last_alive(town: Town) -> None:
    witness(town, 1, "joined")
    witness(town, 2, "joined", sid="PA_2", at=AT + 100)
    witness(town, 3, "engine_started", sid="", at=AT + 200, last_alive=AT + 60)
    first, second = town.do(lambda tx: tx.presences.of_room(ROOM))
    assert (first.ended, first.reason) == (NOW + minutes(1), "engine_stopped")
    assert second.ended == second.joined
    assert town.do(lambda tx: tx.presences.now_in(ROOM)) == []


def test_a_closed_room_has_nobody_in_it(town: Town) -> None:
    witness(town, 1, "joined")
    witness(town, 2, "closed", sid="", at=AT + 5)
    (one,) = town.do(lambda tx: tx.presences.of_room(ROOM))
    assert (one.ended, one.reason) == (NOW + timedelta(seconds=5), "room_closed")


def test_news_of_a_closed_room_that_come_late_end_nobody_who_came_after_it(town: Town) -> None:
    """Another engine's room of the same name was closed before."""
    witness(town, 1, "joined", at=AT)
    witness(town, 2, "joined", sid="PA_2", at=AT + 10)
    witness(town, 3, "closed", sid="", at=AT + 5)
    assert [one.sid for one in town.do(lambda tx: tx.presences.going_on())] == ["PA_2"]


def test_what_was_published_counts_where_the_engine_does_not_tell_what_flowed(town: Town) -> None:
    witness(town, 1, "joined")
    witness(town, 2, "published", source="camera")
    assert town.do(lambda tx: tx.presences.now_in(ROOM))[0].media == frozenset()
    published = Evidence(1, AT, ROOM, "@a:b:c", "PA_1", "published", {"source": "camera"})
    assert town.do(lambda tx: tx.presences.take(published, "livekit"))
    assert town.do(lambda tx: tx.presences.now_in(ROOM))[0].media == {"camera"}


def test_who_it_was_is_forgotten_and_when_it_was_stays(town: Town) -> None:
    witness(town, 1, "joined", name="Nimi")
    witness(town, 2, "left", at=AT + 60)
    town.do(lambda tx: tx.presences.forget_names(ROOM, NOW + minutes(1)))
    assert town.do(lambda tx: tx.presences.has_names(ROOM))
    town.do(lambda tx: tx.presences.forget_names(ROOM, NOW + minutes(2)))
    assert not town.do(lambda tx: tx.presences.has_names(ROOM))
    (one,) = town.do(lambda tx: tx.presences.of_room(ROOM))
    assert (one.identity, one.name, one.ended) == ("", "", NOW + minutes(1))


def order(town: Town, key: str, kind: OrderKind = OrderKind.MUTE) -> None:
    new = NewOrder(ROOM, kind, key, Language.SV, Lane(1), "@a:b:c", "Nimi")
    town.do(lambda tx: tx.orders.give(new, NOW))


def test_an_order_is_given_once_for_its_message_and_in_turn(town: Town) -> None:
    order(town, "$a")
    order(town, "$a")
    order(town, "$b", OrderKind.REMOVE)
    first, second = town.do(lambda tx: tx.orders.waiting())
    assert (first.kind, first.asked, first.identity, first.language) == (OrderKind.MUTE, NOW, "@a:b:c", Language.SV)
    town.do(lambda tx: tx.orders.settle(first.id, OrderState.DONE))
    assert second.kind is OrderKind.REMOVE
    assert town.do(lambda tx: tx.orders.waiting()) == [second]
    town.do(lambda tx: tx.orders.settle(second.id, OrderState.FAILED))
    assert town.do(lambda tx: tx.orders.waiting()) == []
    assert town.rows("SELECT state, identity, shown FROM conference_order") == [("done", "", ""), ("failed", "", "")]


def test_it_is_told_once_that_orders_were_given(town: Town) -> None:
    assert not town.do(lambda tx: tx.orders.were_given())
    order(town, "$a")
    assert town.do(lambda tx: tx.orders.were_given())
    assert not town.do(lambda tx: tx.orders.were_given())


def test_rooms_are_locked_and_unlocked(town: Town) -> None:
    for _ in range(2):
        town.do(lambda tx: tx.orders.lock(ROOM, locked=True))
    assert town.do(lambda tx: (tx.orders.is_locked(ROOM), tx.orders.is_locked(OTHER))) == (True, False)
    assert town.do(lambda tx: tx.orders.locked_rooms()) == [ROOM]
    town.do(lambda tx: tx.orders.lock(ROOM, locked=False))
    assert town.do(lambda tx: tx.orders.locked_rooms()) == []


def leave(delay_id: str, identity: str = "@a:b:c") -> DelayedLeave:
    return DelayedLeave(ROOM, identity, delay_id, timedelta(seconds=8.5), NOW)


def test_a_client_has_one_delayed_leave_and_the_older_is_handed_back(town: Town) -> None:
    assert town.do(lambda tx: tx.delayed_leaves.put(leave("one"))) is None
    assert town.do(lambda tx: tx.delayed_leaves.put(leave("two"))) == leave("one")
    assert town.do(lambda tx: tx.delayed_leaves.put(leave("three", "@b"))) is None
    assert town.do(lambda tx: tx.delayed_leaves.all()) == [leave("two"), leave("three", "@b")]


def test_only_the_very_leave_is_taken(town: Town) -> None:
    town.do(lambda tx: tx.delayed_leaves.put(leave("two")))
    assert not town.do(lambda tx: tx.delayed_leaves.take(ROOM, "@a:b:c", "one"))
    assert town.do(lambda tx: tx.delayed_leaves.take(ROOM, "@a:b:c", "two"))
    assert not town.do(lambda tx: tx.delayed_leaves.take(ROOM, "@a:b:c", "two"))


def test_a_room_is_found_by_its_conference_once_it_is_made(town: Town) -> None:
    visit, id = town.booked(), RoomId("!huone:localhost")
    room = town.do(lambda tx: tx.rooms.find(RoomKind.APPOINTMENT, str(visit.id)))
    assert room is not None
    assert town.do(lambda tx: tx.rooms.by_media(media_room(id))) is None
    town.do(lambda tx: tx.rooms.opened(room.lane, id))
    found = town.do(lambda tx: tx.rooms.by_media(media_room(id)))
    assert found is not None
    assert found.subject == str(visit.id)
    direct = town.do(lambda tx: tx.rooms.adopt(RoomKind.DIRECT, CITIZEN, RoomId("!d"), NOW))
    assert town.do(lambda tx: tx.rooms.by_media(media_room(RoomId("!d")))) == direct


def test_rooms_of_an_earlier_release_get_their_conferences_names(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / "m003_advice.sql").read_text(encoding="utf-8"))
        connection.execute("UPDATE room SET room_id = '!r' || lane WHERE lane <= 2")
        connection.commit()
    with Database(path, tmp_path / "b") as store:
        found = store.transact_now(lambda tx: tx.rooms.by_media(media_room(RoomId("!r2"))))
        assert found is not None
        assert found.room_id == "!r2"
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM room WHERE media IS NOT NULL").fetchone() == (2,)
