import json
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conference import (
    COMES_BACK,
    GONE_AFTER,
    KEEPS_PLACE,
    LONGEST_NAME,
    ORDER_LIVES,
    MediaRoom,
    Order,
    OrderKind,
    Presence,
    Role,
    Visitor,
    VisitorState,
    cleaned_name,
    guest_identity,
    hashed,
    media_room,
    practice_room,
    visitor_of,
)
from bot.domain.ids import RoomId
from bot.domain.language import Language

NOW = datetime(2027, 1, 12, 7, tzinfo=UTC)
SECOND = timedelta(seconds=1)
AT_THE_DOOR = Visitor(7, 1, "digest", "Nimi", Language.FI, VisitorState.WAITING, NOW, NOW)
INSIDE = replace(AT_THE_DOOR, state=VisitorState.LET_IN, let_in=NOW)


def test_a_conference_is_named_as_matrixrtc_clients_name_it() -> None:
    """The digest of the compact array, reckoned here another way than by the code."""
    expected = sha256(b'["!abc:example.org","m.call#ROOM"]').digest()
    name = media_room(RoomId("!abc:example.org"))
    assert b64decode(name + "=") == expected
    assert "=" not in name


def test_letters_are_not_escaped_before_they_are_hashed() -> None:
    whole = json.dumps(["!ähtäri:example", "m.call#ROOM"], ensure_ascii=False, separators=(",", ":"))
    assert b64decode(media_room(RoomId("!ähtäri:example")) + "=") == sha256(whole.encode()).digest()


def test_every_room_has_a_conference_of_its_own_and_none_is_the_practice_one() -> None:
    names = {media_room(RoomId("!a")), media_room(RoomId("!b")), practice_room("a"), practice_room("b")}
    assert len(names) == 4


@given(st.lists(st.text(min_size=1), min_size=1, max_size=3), st.lists(st.text(min_size=1), min_size=1, max_size=3))
def test_different_parts_have_different_names(one: list[str], other: list[str]) -> None:
    assert (hashed(one) == hashed(other)) is (one == other)


@given(st.integers(min_value=1, max_value=2**40), st.sampled_from(["localhost", "ahtari.example:8448"]))
def test_a_guest_is_found_by_the_name_in_the_engine(visitor: int, server: str) -> None:
    assert visitor_of(guest_identity(visitor, server)) == visitor


@pytest.mark.parametrize(
    "identity",
    ["@asiakas:localhost:LAITE", "", "@_eahtari_guest_x:localhost:LINK", "@_eahtari_guest_٣:localhost:LINK", "LINK"],
)
def test_nobody_else_is_taken_for_a_guest(identity: str) -> None:
    assert visitor_of(identity) is None


@given(st.text(max_size=300))
def test_a_name_is_one_short_line(typed: str) -> None:
    name = cleaned_name(typed)
    assert len(name) <= LONGEST_NAME
    assert name == name.strip()
    assert not {"\n", "\r", "\t", "\u202e", "\u200b", "\x00"} & set(name)


def test_a_name_keeps_its_letters() -> None:
    assert cleaned_name("  Väinö\n\tÅström-Ng  ") == "Väinö Åström-Ng"


def test_a_page_that_was_not_heard_of_loses_its_place() -> None:
    assert AT_THE_DOOR.holds_place(NOW + GONE_AFTER - SECOND)
    assert not AT_THE_DOOR.holds_place(NOW + GONE_AFTER)
    assert INSIDE.holds_place(NOW + KEEPS_PLACE - SECOND)
    assert not INSIDE.holds_place(NOW + KEEPS_PLACE)
    assert not replace(AT_THE_DOOR, state=VisitorState.TURNED_AWAY).holds_place(NOW)


def test_only_who_was_inside_comes_back_and_only_soon() -> None:
    left = replace(INSIDE, state=VisitorState.LEFT, ended=NOW)
    assert left.may_come_back(NOW + COMES_BACK - SECOND)
    assert not left.may_come_back(NOW + COMES_BACK)
    assert not replace(left, let_in=None).may_come_back(NOW)
    assert not replace(left, state=VisitorState.TURNED_AWAY).may_come_back(NOW)


def test_an_officials_order_is_late_after_half_a_minute() -> None:
    order = Order(1, MediaRoom("r"), OrderKind.MUTE, NOW, Language.FI, lane=3)
    assert not order.is_late(NOW + ORDER_LIVES - SECOND)
    assert order.is_late(NOW + ORDER_LIVES)
    assert not replace(order, lane=None).is_late(NOW + timedelta(days=1))


def test_a_presence_never_lasts_less_than_nothing() -> None:
    one = Presence(1, MediaRoom("r"), "PA_1", "@a", Role.GUEST, "", NOW)
    assert one.lasted(NOW + timedelta(minutes=3)) == timedelta(minutes=3)
    assert one.lasted(NOW - SECOND) == timedelta()
    assert replace(one, ended=NOW + SECOND).lasted(NOW + timedelta(days=1)) == SECOND
