"""Keys come late, twice, or in the company of rubbish: what can be read is read, what can not is said so."""

from datetime import timedelta
from typing import Any

import pytest

from bot.matrix.sync import KEY_PATIENCE
from tests.traps.citizen import Citizen
from tests.traps.faulty import SERVICE
from tests.traps.post import PostRoom

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

_OLM = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": "x" * 43}
_REQUEST = {"action": "request", "requesting_device_id": "X", "request_id": "1"}


def nested(depth: int) -> Any:
    value: Any = {}
    for _ in range(depth):
        value = {"a": value}
    return value


HOSTILE: list[tuple[str, Any]] = [
    ("m.room.encrypted", {}),
    ("m.room.encrypted", _OLM),
    ("m.room.encrypted", _OLM | {"ciphertext": 5}),
    ("m.room.encrypted", _OLM | {"ciphertext": {"OWN": {"type": 0, "body": "no base64!"}}}),
    ("m.room.encrypted", _OLM | {"ciphertext": {"OWN": {"type": 1, "body": "AwgA"}}}),
    ("m.room.encrypted", _OLM | {"ciphertext": {"OWN": {"type": 0, "body": "AwgA"}}}),
    ("m.room.encrypted", _OLM | {"ciphertext": {"OWN": {}}}),
    ("m.room.encrypted", {"algorithm": ["x"], "ciphertext": None}),
    ("m.room_key", {"algorithm": "m.megolm.v1.aes-sha2", "room_id": 5, "session_key": []}),
    ("m.forwarded_room_key", {"room_id": "!x", "session_key": "x", "forwarding_curve25519_key_chain": 1}),
    ("m.room_key_request", _REQUEST | {"body": {"algorithm": 5}}),
    ("m.room_key_request", {"action": "request_cancellation", "requesting_device_id": "X", "request_id": "unknown"}),
    ("m.key.verification.start", {"from_device": "X", "transaction_id": "1", "method": "m.sas.v1"}),
    ("m.key.verification.mac", {"transaction_id": "none", "mac": {"a": 1}, "keys": 4}),
    ("m.key.verification.cancel", {"transaction_id": "none", "code": "m.user", "reason": "x"}),
    ("m.dummy", nested(600)),
    ("m.room_key", nested(900)),
    ("fi.unheard.of", {"body": "x" * 1000}),
]


async def _ready(post: PostRoom, citizen: Citizen) -> tuple[str, str]:
    """An encrypted room, and the position after it was made."""
    room = await citizen.room_with(post.client)
    return room, await post.sync().once(None, 0)


def _said(post: PostRoom, event: str) -> tuple[str, str | None]:
    found = {event_id: (kind, content) for event_id, kind, content in post.taken_in()}
    return found.get(event, ("not taken in", None))


async def test_a_late_key_opens_what_waited_for_it(post: PostRoom, citizen: Citizen) -> None:
    room, position = await _ready(post, citizen)
    sync = post.sync()
    event, keys = await citizen.whisper_without_key(room, "!varaa")
    position = await sync.once(position, 0)
    assert _said(post, event)[0] == "locked"
    assert event in post.locked(), "nobody is answered yet"
    await citizen.send_to_device(keys)
    post.arrived.clear()
    await sync.once(position, 0)
    assert _said(post, event) == ("said", '{"body": "!varaa", "cut": false, "answers": null}')
    assert post.arrived.is_set(), "the worker is woken"


async def test_a_key_that_comes_while_the_service_is_down_opens_what_waited_for_it(
    post: PostRoom, citizen: Citizen
) -> None:
    room, position = await _ready(post, citizen)
    event, keys = await citizen.whisper_without_key(room, "!varaa")
    position = await post.sync().once(position, 0)
    await citizen.send_to_device(keys)
    await post.sync().once(position, 0)
    assert _said(post, event)[0] == "said"


async def test_a_key_that_never_comes_is_given_up_after_some_patience(post: PostRoom, citizen: Citizen) -> None:
    room, position = await _ready(post, citizen)
    event, _ = await citizen.whisper_without_key(room, "!varaa")
    position = await post.sync().once(position, 0)
    assert event in post.locked()
    real = post.clock
    post.clock = lambda: real() + KEY_PATIENCE + timedelta(seconds=2)
    await post.sync().once(position, 0)
    assert event not in post.locked()
    assert _said(post, event)[0] == "locked", "its sender is told that it could not be read"


async def test_to_device_messages_that_come_again_do_no_harm(post: PostRoom, citizen: Citizen) -> None:
    """A homeserver gives them again for the same position, as after a kill before the position was written down."""
    room, position = await _ready(post, citizen)
    first = await citizen.whisper(room, "yksi")
    await post.sync().once(position, 0)
    post.client.next_batch = ""
    position = await post.sync().once(position, 0)
    second = await citizen.whisper(room, "kaksi")
    await post.sync().once(position, 0)
    assert [_said(post, event)[0] for event in (first, second)] == ["said", "said"]
    assert [found for found, _, _ in post.taken_in()].count(first) == 1


@pytest.mark.parametrize("number", range(len(HOSTILE)), ids=lambda number: f"{number}-{HOSTILE[number][0]}")
async def test_a_malformed_to_device_message_does_not_take_a_good_key_with_it(
    post: PostRoom, citizen: Citizen, number: int
) -> None:
    """They come in one answer of the sync, the malformed one first, and never again."""
    room, position = await _ready(post, citizen)
    event, keys = await citizen.whisper_without_key(room, "!varaa")
    kind, content = HOSTILE[number]
    own = post.client.olm.account.identity_keys["curve25519"]
    if "ciphertext" in content and isinstance(content["ciphertext"], dict):
        content = content | {"ciphertext": {own: content["ciphertext"]["OWN"]}}
    await citizen.send_to_device({"messages": {SERVICE: {post.client.device_id: content}}}, kind)
    await citizen.send_to_device(keys)
    await post.sync().once(position, 0)
    assert _said(post, event)[0] == "said"
