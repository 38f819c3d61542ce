import time
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit import api

from bot.calls.signalling.tokens import LEEWAY, LIFETIME, LONGEST, LONGEST_NAME, Pass, Tokens
from bot.web.media_tokens import MediaTokens
from tests.calls.rtp.making import unhurried

KEY, SECRET = "eahtari-test", "a-secret-of-at-least-32-characters!!"
TOKENS = Tokens(KEY, SECRET)


def issued(**facts: Any) -> str:
    return MediaTokens(KEY, SECRET).issue(**{"room": "huone", "identity": "me", **facts})


def signed(claims: dict[str, Any], *, secret: str = SECRET, algorithm: str = "HS256") -> str:
    now = int(time.time())
    whole = {
        "iss": KEY,
        "sub": "me",
        "nbf": now,
        "exp": now + 600,
        "video": {"roomJoin": True, "room": "huone"},
        **claims,
    }
    return jwt.encode({name: value for name, value in whole.items() if value is not None}, secret, algorithm)


def passed(token: str) -> Pass:
    held = TOKENS.read(token)
    assert held is not None
    return held


# Who comes in


def test_the_services_token_says_who_comes_in_as_what() -> None:
    held = passed(issued(name="Äiti", role="guest"))
    assert (held.room, held.identity, held.name, held.role) == ("huone", "me", "Äiti", "guest")
    assert (held.can_publish, held.can_subscribe, held.can_publish_data) == (True, True, True)
    assert abs(held.issued - time.time()) < 5


def test_a_listeners_token_lets_nothing_be_published() -> None:
    held = passed(issued(can_publish=False))
    assert (held.can_publish, held.can_publish_data, held.can_subscribe) == (False, False, True)


def test_a_token_of_livekits_own_library_is_read() -> None:
    made = api.AccessToken(KEY, SECRET).with_identity("me").with_grants(api.VideoGrants(room_join=True, room="huone"))
    held = passed(made.to_jwt())
    assert (held.room, held.identity, held.name, held.role) == ("huone", "me", "", "")


@pytest.mark.parametrize("late", [0, LEEWAY.total_seconds() - 3])
def test_clocks_may_differ_by_seconds(late: float) -> None:
    assert TOKENS.read(signed({"exp": time.time() - late + 1})) is not None
    assert TOKENS.read(signed({"nbf": time.time() + late})) is not None


# Who does not


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"exp": time.time() - LEEWAY.total_seconds() - 5},
        {"iss": "another"},
        {"iss": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * (LONGEST_NAME + 1)},
        {"sub": 7},
        {"video": None},
        {"video": {}},
        {"video": []},
        {"video": "huone"},
        {"video": {"roomJoin": False, "room": "huone"}},
        {"video": {"roomJoin": "true", "room": "huone"}},
        {"video": {"roomJoin": 1, "room": "huone"}},
        {"video": {"roomJoin": True}},
        {"video": {"roomJoin": True, "room": ""}},
        {"video": {"roomJoin": True, "room": ["huone"]}},
        {"video": {"roomJoin": True, "room": "x" * (LONGEST_NAME + 1)}},
    ],
    ids=str,
)
def test_a_token_that_does_not_say_it_all_lets_nobody_in(claims: dict[str, Any]) -> None:
    assert TOKENS.read(signed(claims)) is None


def test_a_token_from_the_future_lets_nobody_in_yet() -> None:
    assert TOKENS.read(signed({"nbf": time.time() + LEEWAY.total_seconds() + 5})) is None


def test_a_token_that_never_ends_lets_nobody_in() -> None:
    assert TOKENS.read(signed({"exp": None})) is None


def test_only_the_own_secret_and_its_algorithm_count() -> None:
    assert TOKENS.read(signed({}, secret=SECRET[::-1])) is None
    assert TOKENS.read(signed({}, secret=SECRET * 2, algorithm="HS512")) is None
    assert TOKENS.read(jwt.encode({"iss": KEY, "sub": "me"}, "", "none")) is None
    head, body, signature = signed({}).split(".")
    assert TOKENS.read(f"{head}.{body}.") is None
    assert TOKENS.read(f"{head}.{body[:-2]}AA.{signature}") is None


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "eyJ", "\x00", "ä.ö.å", "x" * (LONGEST + 1)])
def test_what_is_no_token_lets_nobody_in(text: str) -> None:
    assert TOKENS.read(text) is None


@unhurried
@given(st.text(max_size=300))
def test_no_text_makes_reading_raise(text: str) -> None:
    assert TOKENS.read(text) is None


@unhurried
@given(st.integers(0, 400), st.characters(codec="utf-8"))
def test_a_token_with_one_character_changed_lets_nobody_in_as_another(place: int, put: str) -> None:
    token = signed({})
    at = place % len(token)
    held = TOKENS.read(token[:at] + put + token[at + 1 :])
    assert held is None or (held.room, held.identity) == ("huone", "me")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=8), inner, max_size=3)),
    max_leaves=6,
)
GRANT = {"roomJoin": True, "room": "huone"}
CLAIMS = st.sampled_from(["name", "attributes", "metadata", "video", "sub", "nbf", "exp", "sip", "kind"])


@unhurried
@given(st.dictionaries(CLAIMS, JSON, max_size=4))
def test_no_claim_of_whatever_form_makes_reading_raise(claims: dict[str, Any]) -> None:
    if "attributes" in claims and not isinstance(claims["attributes"], dict):
        del claims["attributes"]
    token = jwt.encode({"iss": KEY, "sub": "me", "video": GRANT, "exp": 2**31, **claims}, SECRET, "HS256")
    held = TOKENS.read(token)
    assert held is None or isinstance(held, Pass)


def test_what_is_told_to_others_is_cut() -> None:
    attributes = {f"key{number}" + "k" * 100: "v" * 300 for number in range(10)}
    held = passed(signed({"name": "n" * 300, "metadata": "m" * 1100, "attributes": attributes}))
    assert (len(held.name), len(held.metadata)) == (LONGEST_NAME, 1024)
    assert all(len(key) <= 64 and len(value) <= 256 for key, value in held.attributes.items())


def test_sixteen_attributes_are_kept() -> None:
    assert len(passed(signed({"attributes": {str(number): "x" for number in range(30)}})).attributes) == 16


@pytest.mark.parametrize("odd", ["role", ["role"], 7])
def test_attributes_of_another_form_let_nobody_in_and_raise_nothing(odd: object) -> None:
    assert TOKENS.read(signed({"attributes": odd})) is None


# Renewal


def test_a_renewed_token_grants_what_the_first_one_did() -> None:
    first = passed(issued(name="Äiti", role="guest", can_publish=False))
    again = passed(TOKENS.renewed(first))
    assert {name: getattr(again, name) for name in Pass.__slots__ if name != "issued"} == {
        name: getattr(first, name) for name in Pass.__slots__ if name != "issued"
    }


def test_a_renewed_token_lives_ten_minutes_and_makes_no_rooms() -> None:
    claims = jwt.decode(TOKENS.renewed(passed(issued())), SECRET, ["HS256"])
    assert claims["exp"] - time.time() <= LIFETIME.total_seconds() <= timedelta(minutes=10).total_seconds()
    assert claims["video"]["roomCreate"] is False
    assert claims["video"]["canUpdateOwnMetadata"] is False


def test_a_renewed_token_counts_as_issued_anew() -> None:
    """Who was removed is refused with every token from before; a fresh one has a fresh moment."""
    old = passed(signed({"nbf": time.time() - 300}))
    assert passed(TOKENS.renewed(old)).issued - old.issued > 290
