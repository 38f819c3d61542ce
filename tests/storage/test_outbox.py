from base64 import b64decode
from datetime import timedelta

import pytest

from bot.actions.deliveries import KEYCAPS, Amend, Attach, Delivery, Invite, ItemId, Join, Lane, Leave, Open, React, Say
from bot.actions.rooms import RoomKind
from bot.domain.ids import EventId, RoomId, UserId
from bot.storage.outbox import Queued
from bot.text.reply import Strong, say
from tests.support.town import NOW, Town, minutes


@pytest.fixture
def lanes(town: Town) -> list[Lane]:
    """Three rooms that are there."""
    return [
        town.do(lambda tx, n=n: tx.rooms.adopt(RoomKind.UNIT, str(n), RoomId(f"!{n}"), NOW)).lane  # type: ignore[misc]  # the usual way to bind a loop's value
        for n in range(3)
    ]


def put(town: Town, lane: Lane, key: str, delivery: Delivery | None = None, *, urgent: bool = True) -> ItemId:
    what = delivery or Say(say(key))
    return town.do(lambda tx: tx.outbox.put(lane, what, key=key, now=NOW, urgent=urgent))


def claim(
    town: Town, *excluded: Lane, most: int = 9, after: timedelta = timedelta(), device: str = "ONE"
) -> list[Queued]:
    return town.do(lambda tx: tx.outbox.claim(NOW + after, device, excluded, most))


def keys(queued: list[Queued]) -> list[str]:
    return [item.key for item in queued]


def test_each_lane_gives_its_oldest_only(town: Town, lanes: list[Lane]) -> None:
    for key, lane in (("a1", 0), ("a2", 0), ("b1", 1), ("b2", 1)):
        put(town, lanes[lane], key)
    first = claim(town)
    assert keys(first) == ["a1", "b1"]
    town.do(lambda tx: tx.outbox.sent(first[0].item, EventId("$a1")))
    assert keys(claim(town)) == ["a2", "b1"]


def test_lanes_in_flight_are_left_alone_and_the_number_is_bounded(town: Town, lanes: list[Lane]) -> None:
    for n, lane in enumerate(lanes):
        put(town, lane, str(n))
    assert keys(claim(town, lanes[0], lanes[2])) == ["1"]
    assert keys(claim(town, most=2)) == ["0", "1"]
    assert claim(town, *lanes) == []


def test_what_people_wait_for_goes_first_among_lanes(town: Town, lanes: list[Lane]) -> None:
    put(town, lanes[0], "card", urgent=False)
    put(town, lanes[1], "answer")
    assert keys(claim(town)) == ["answer", "card"]


def test_a_claim_is_written_down_and_tells_of_the_one_before(town: Town, lanes: list[Lane]) -> None:
    put(town, lanes[0], "a")
    [fresh] = claim(town)
    assert (fresh.begun, fresh.device, fresh.attempts) == (None, None, 0)
    [again] = claim(town, after=minutes(1), device="TWO")
    assert (again.begun, again.device) == (NOW, "ONE")
    [third] = claim(town, after=minutes(2))
    assert (third.begun, third.device) == (NOW, "TWO")


def test_a_postponed_item_holds_its_lane_back_and_no_other(town: Town, lanes: list[Lane]) -> None:
    item = put(town, lanes[0], "a1")
    put(town, lanes[0], "a2")
    town.do(lambda tx: tx.outbox.postpone(item, NOW + minutes(1)))
    assert claim(town) == []
    assert town.do(lambda tx: tx.outbox.next_try()) == NOW + minutes(1)
    put(town, lanes[1], "b1")
    assert keys(claim(town)) == ["b1"]
    [later] = claim(town, lanes[1], after=minutes(1))
    assert (later.key, later.attempts) == ("a1", 1)


def test_nothing_to_send_has_no_next_try(town: Town, lanes: list[Lane]) -> None:
    assert town.do(lambda tx: tx.outbox.next_try()) is None
    assert town.do(lambda tx: tx.outbox.waiting()) == 0
    put(town, lanes[0], "a")
    assert town.do(lambda tx: tx.outbox.waiting()) == 1


def test_a_key_is_queued_once_even_after_it_was_sent(town: Town, lanes: list[Lane]) -> None:
    item = put(town, lanes[0], "a")
    assert put(town, lanes[0], "a", Say(say("other"))) == item
    town.do(lambda tx: tx.outbox.sent(item, EventId("$a")))
    assert put(town, lanes[0], "a") == item
    assert town.rows("SELECT count(*) FROM outbox") == [(1,)]


def test_what_was_sent_is_forgotten_but_for_its_event(town: Town, lanes: list[Lane]) -> None:
    item = put(town, lanes[0], "a")
    town.do(lambda tx: tx.outbox.sent(item, EventId("$a")))
    assert town.rows("SELECT state, payload FROM outbox") == [("sent", None)]
    assert town.do(lambda tx: tx.outbox.event_of(item)) == "$a"
    assert town.do(lambda tx: tx.outbox.item_of(EventId("$a"))) == item
    assert town.do(lambda tx: tx.outbox.item_of(EventId("$b"))) is None


def test_what_failed_for_good_lets_the_lane_go_on(town: Town, lanes: list[Lane]) -> None:
    item = put(town, lanes[0], "a1")
    put(town, lanes[0], "a2")
    town.do(lambda tx: tx.outbox.failed(item))
    assert keys(claim(town)) == ["a2"]


def test_choices_are_reactions_to_the_message_behind_it(town: Town, lanes: list[Lane]) -> None:
    item = put(town, lanes[0], "q", Say(say("?"), choices=3))
    for keycap in (None, *KEYCAPS[:3]):
        [queued] = claim(town)
        if keycap is not None:
            assert queued.payload == {"key": keycap, "item": item, "event": None}
        town.do(lambda tx, done=queued.item: tx.outbox.sent(done, EventId(f"${done}")))  # type: ignore[misc]  # as above
    assert claim(town) == []
    put(town, lanes[0], "many", Say(say("?"), choices=40))
    assert town.do(lambda tx: tx.outbox.waiting()) == 1 + 9


@pytest.mark.parametrize(
    ("delivery", "kind", "payload"),
    [
        (
            Say(say(Strong("<b>")), mention=(UserId("@a:b"),)),
            "say",
            {"body": "<b>", "html": "<p><strong>&lt;b&gt;</strong></p>", "mention": ["@a:b"]},
        ),
        (Amend(ItemId(7), say("x")), "amend", {"item": 7, "body": "x", "html": "<p>x</p>"}),
        (React("1", to_event=EventId("$e")), "react", {"key": "1", "item": None, "event": "$e"}),
        (Open(), "open", {}),
        (Invite(UserId("@a:b")), "invite", {"user": "@a:b"}),
        (Join(RoomId("!r")), "join", {"room_id": "!r"}),
        (Leave(RoomId("!r")), "leave", {"room_id": "!r"}),
    ],
)
def test_every_delivery_is_kept_whole(
    town: Town, lanes: list[Lane], delivery: Delivery, kind: str, payload: dict[str, object]
) -> None:
    put(town, lanes[0], "k", delivery)
    [queued] = claim(town)
    assert (queued.kind, queued.payload, queued.lane) == (kind, payload, lanes[0])


def test_a_file_is_kept_octet_by_octet_until_it_was_sent(town: Town, lanes: list[Lane]) -> None:
    data = bytes(range(256))
    item = put(town, lanes[0], "file", Attach("aika.ics", "text/calendar", data))
    (queued,) = claim(town)
    assert (queued.kind, queued.payload["name"], queued.payload["media_type"]) == (
        "attach",
        "aika.ics",
        "text/calendar",
    )
    assert b64decode(str(queued.payload["data"])) == data
    town.do(lambda tx: tx.outbox.sent(item, EventId("$file")))
    assert town.rows("SELECT state, payload FROM outbox") == [("sent", None)]
