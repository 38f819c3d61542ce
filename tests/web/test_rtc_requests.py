"""What clients and homeservers may ask of the token service, and everything else."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ids import UserId
from bot.web.rtc_names import digest, media_room
from bot.web.rtc_requests import (
    Bad,
    Delay,
    Forwarded,
    OpenId,
    PlainSeat,
    Seat,
    Vouched,
    forwarded_request,
    json_object,
    plain_request,
    user_id,
    vouched_request,
)

USER = UserId("@asukas:ahtari.example")
OPEN_ID = {
    "access_token": "secret-token",
    "token_type": "Bearer",
    "matrix_server_name": "ahtari.example",
    "expires_in": 3600,
}
PLAIN = {"room": "!huone:ahtari.example", "openid_token": OPEN_ID, "device_id": "DEVICE"}
MEMBER = {"id": "member-1", "claimed_user_id": USER, "claimed_device_id": "DEVICE"}
VOUCHED = {"room_id": "!huone", "slot_id": "m.call#ROOM", "openid_token": OPEN_ID, "member": MEMBER}
FORWARDED = {
    "url": "wss://a.example/livekit/sfu",
    "room_id": "!huone",
    "slot_id": "m.call#ROOM",
    "member_id": "member-1",
}
DELAYED = {"delay_id": "syd_abc", "delay_timeout": 3_600_000, "delay_cs_api_url": "https://evil.example"}
NOT_TEXTS: list[object] = [None, 7, True, [], {}, "", "x" * 2000, "a\nb", "a\x00b", "\ud800"]


def test_names_are_what_clients_compute() -> None:
    """The figures were computed by Node from JSON.stringify, as clients do; ä stays one letter."""
    assert digest("@a:b", "D", "m") == "qc9VLopiiTI2fnt3h9j6F3W7xlH86a0WpI8AJwV7+M0"
    assert digest("@ä:b", "D") == "QQxBWykwM1398jxmniS1vuTGvMrM4IhSLiuMDzUJYC4"


def test_the_oldest_shape_names_the_participant_in_the_open() -> None:
    found = plain_request(PLAIN)
    assert found == Vouched(OpenId("secret-token", "ahtari.example"), PlainSeat("!huone:ahtari.example", "DEVICE"))
    assert found.seat.identity_of(USER) == "@asukas:ahtari.example:DEVICE"
    assert found.seat.room == media_room("!huone:ahtari.example", "m.call#ROOM")


def test_the_newer_shape_hides_the_participant() -> None:
    found = vouched_request(VOUCHED)
    assert isinstance(found, Vouched)
    assert (found.claimed, found.seat.room) == (USER, media_room("!huone"))
    assert found.seat.identity_of(USER) == digest(USER, "DEVICE", "member-1")


@pytest.mark.parametrize(
    ("member", "identity"),
    [
        ({"member_id": "member-1"}, digest(USER, "member-1")),
        ({"member": {"id": "member-1"}}, digest(USER, "member-1")),
        ({"member": {"id": "member-1", "claimed_device_id": "DEVICE"}}, digest(USER, "DEVICE", "member-1")),
    ],
)
def test_the_forwarded_shape_comes_in_the_proposals_and_in_the_clients_spelling(
    member: dict[str, Any], identity: str
) -> None:
    body = {key: value for key, value in FORWARDED.items() if key != "member_id"} | member
    found = forwarded_request(body)
    assert isinstance(found, Forwarded)
    assert found.seat.identity_of(USER) == identity
    assert found.user is None


def test_a_person_stands_in_a_forwarded_request_only_where_a_homeserver_says_so() -> None:
    body = FORWARDED | {"user_id": "@other:neighbour.example"}
    assert forwarded_request(body) == forwarded_request(FORWARDED)
    found = forwarded_request(body, from_homeserver=True)
    assert isinstance(found, Forwarded)
    assert found.user == "@other:neighbour.example"
    assert isinstance(forwarded_request(FORWARDED, from_homeserver=True), Bad)


def test_a_delayed_leave_comes_with_both_its_fields_and_the_address_beside_it_is_not_read() -> None:
    for found in (plain_request(PLAIN | DELAYED), vouched_request(VOUCHED | DELAYED, needs_delay=True)):
        assert isinstance(found, Vouched)
        assert found.delay == Delay("syd_abc", timedelta(hours=1))
        assert "evil" not in repr(found)
    assert isinstance(vouched_request(VOUCHED, needs_delay=True), Bad)
    assert isinstance(forwarded_request(FORWARDED, needs_delay=True), Bad)
    handed = forwarded_request(FORWARDED | {"delay_id": "syd_abc"}, needs_delay=True)
    assert isinstance(handed, Forwarded)
    assert handed.delay == Delay("syd_abc", timedelta(hours=1))


@pytest.mark.parametrize(
    "delay",
    [
        {"delay_id": "syd_abc"},
        {"delay_timeout": 60_000},
        {"delay_id": "../../send", "delay_timeout": 60_000},
        {"delay_id": "a/b", "delay_timeout": 60_000},
        {"delay_id": "syd_abc", "delay_timeout": 0.5},
        {"delay_id": "syd_abc", "delay_timeout": True},
        {"delay_id": "syd_abc", "delay_timeout": "60000"},
        {"delay_id": "syd_abc", "delay_timeout": -60_000},
        {"delay_id": "syd_abc", "delay_timeout": 100},
        {"delay_id": "syd_abc", "delay_timeout": 10**18},
        {"delay_id": ["syd_abc"], "delay_timeout": 60_000},
    ],
)
def test_half_a_delay_or_an_odd_one_is_refused(delay: dict[str, Any]) -> None:
    assert isinstance(plain_request(PLAIN | delay), Bad)
    assert isinstance(vouched_request(VOUCHED | delay), Bad)


@pytest.mark.parametrize("value", NOT_TEXTS, ids=repr)
@pytest.mark.parametrize("key", ["room", "device_id", "openid_token"])
def test_the_oldest_shape_is_refused_with_anything_odd_in_it(key: str, value: object) -> None:
    assert isinstance(plain_request(PLAIN | {key: value}), Bad)


@pytest.mark.parametrize("value", NOT_TEXTS, ids=repr)
@pytest.mark.parametrize("key", ["room_id", "slot_id", "openid_token", "member"])
def test_the_newer_shape_is_refused_with_anything_odd_in_it(key: str, value: object) -> None:
    assert isinstance(vouched_request(VOUCHED | {key: value}), Bad)


@pytest.mark.parametrize("value", NOT_TEXTS, ids=repr)
@pytest.mark.parametrize("key", ["id", "claimed_user_id", "claimed_device_id"])
def test_an_odd_member_is_refused(key: str, value: object) -> None:
    assert isinstance(vouched_request(VOUCHED | {"member": MEMBER | {key: value}}), Bad)


@pytest.mark.parametrize("value", NOT_TEXTS, ids=repr)
@pytest.mark.parametrize("key", ["access_token", "matrix_server_name"])
def test_an_odd_openid_token_is_refused(key: str, value: object) -> None:
    assert isinstance(plain_request(PLAIN | {"openid_token": OPEN_ID | {key: value}}), Bad)


@pytest.mark.parametrize("value", NOT_TEXTS, ids=repr)
@pytest.mark.parametrize("key", ["url", "room_id", "slot_id", "member_id", "server_name"])
def test_the_forwarded_shape_is_refused_with_anything_odd_in_it(key: str, value: object) -> None:
    assert isinstance(forwarded_request(FORWARDED | {key: value}), Bad)


@pytest.mark.parametrize(
    "server", ["ahtari.example/../evil", "ahtari.example?x", "a b", "evil@ahtari.example", "ahtari.example#x", "é"]
)
def test_a_server_is_a_name_and_nothing_else(server: str) -> None:
    assert isinstance(plain_request(PLAIN | {"openid_token": OPEN_ID | {"matrix_server_name": server}}), Bad)
    assert isinstance(forwarded_request(FORWARDED | {"server_name": server}), Bad)


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"1", b'"a"', b"[" * 16_000, b"\xff\xfe", b"null"])
def test_what_is_no_json_object_is_refused(body: bytes) -> None:
    assert isinstance(json_object(body), Bad)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from([*PLAIN, *VOUCHED, *FORWARDED, *DELAYED, *MEMBER, *OPEN_ID, "server_name", "user_id"])


@given(base=st.sampled_from([PLAIN, VOUCHED, FORWARDED]), changes=st.dictionaries(KEYS, JSON, max_size=4))
def test_no_content_whatever_makes_a_reader_fail(base: dict[str, Any], changes: dict[str, Any]) -> None:
    body = base | changes
    for found in (
        plain_request(body),
        vouched_request(body),
        forwarded_request(body),
        forwarded_request(body, from_homeserver=True, needs_delay=True),
    ):
        if not isinstance(found, Bad):
            assert len(found.seat.room) == 43
            assert found.seat.identity_of(USER)
            json.dumps(repr(found)).encode()


@pytest.mark.parametrize(
    "text", ["", "asukas", "@asukas", "@:", "@a b:c", "@a:b/c", f"@{'a' * 250}:b.example", "@a\n:b"]
)
def test_a_user_id_has_its_form(text: str) -> None:
    assert user_id(text) is None


def test_a_seat_without_a_device_is_another_one() -> None:
    assert Seat("!r", "s", "m", None).identity_of(USER) != Seat("!r", "s", "m", "D").identity_of(USER)
