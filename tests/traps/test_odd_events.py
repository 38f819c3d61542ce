"""Events that nio reads as something else than they are, and events that fail: their neighbours come through."""

from pathlib import Path
from typing import Any

import nio
import pytest

from tests.traps.answers import ROOM, brings, said
from tests.traps.faulty import JSON, SERVICE, FaultyHomeserver
from tests.traps.hurried import clock, hurried
from tests.traps.opening import post_room

SYNC = "/sync$"
CALL = {"call_id": "c", "party_id": "p", "version": "1"}
CALLS: list[tuple[str, JSON]] = [
    ("m.call.invite", CALL | {"lifetime": 60000, "offer": {"type": "offer", "sdp": "v=0"}}),
    ("m.call.candidates", CALL | {"candidates": [{"candidate": "a"}, {"candidate": ""}]}),
    ("m.call.candidates", {"candidates": "none"}),
    ("m.call.select_answer", CALL | {"selected_party_id": "x"}),
    ("m.call.negotiate", CALL | {"description": {"type": "offer", "sdp": 5}}),
    ("m.call.reject", CALL),
    ("m.call.hangup", {}),
    ("m.call.sdp_stream_metadata_changed", CALL | {"sdp_stream_metadata": None}),
    ("org.matrix.call.sdp_stream_metadata_changed", CALL),
]
MALFORMED: list[Any] = [
    5,
    None,
    {},
    {"type": ["m.room.message"], "event_id": "$bad", "sender": "@asukas:localhost", "content": {}},
    {
        "type": "m.room.message",
        "event_id": 5,
        "sender": "@asukas:localhost",
        "content": {"msgtype": "m.text", "body": "x"},
    },
    {"type": "m.room.message", "event_id": "$bad", "sender": None, "content": {"msgtype": "m.text", "body": "x"}},
    {"type": "m.room.message", "event_id": "$bad", "sender": "@asukas:localhost", "content": [1]},
    {"type": "m.room.member", "event_id": "$bad", "sender": "@asukas:localhost", "state_key": 5, "content": {}},
    {
        "type": "m.room.power_levels",
        "event_id": "$bad",
        "sender": "@asukas:localhost",
        "state_key": "",
        "content": {"users": 5},
    },
    {
        "type": "m.room.name",
        "event_id": "$bad",
        "sender": "@asukas:localhost",
        "state_key": "",
        "content": {"name": {"a": 1}},
    },
    {"type": "m.room.encrypted", "event_id": "$bad", "sender": "@asukas:localhost", "content": {"algorithm": 5}}
    | {"origin_server_ts": "x"},
]


def _taken_in(folder: Path, *events: Any) -> list[tuple[str, str, str | None]]:
    async def work() -> list[tuple[str, str, str | None]]:
        async with FaultyHomeserver() as server, post_room(server.url, folder, clock) as post:
            server.answers("GET", SYNC, brings("s2", *events))
            await post.sync().once("s1", 0)
            assert post.position() == "s2"
            return post.taken_in()

    return hurried(work)


@pytest.mark.parametrize(("kind", "content"), CALLS, ids=lambda part: part if isinstance(part, str) else "")
def test_a_calls_signal_that_nio_does_not_know_is_no_message_and_stops_none(
    tmp_path: Path, kind: str, content: JSON
) -> None:
    signal = said("$call") | {"type": kind, "content": content}
    assert [event for event, _, _ in _taken_in(tmp_path, said("$1"), signal, said("$2"))] == ["$1", "$2"]


@pytest.mark.parametrize("number", range(len(MALFORMED)))
def test_a_malformed_event_takes_no_other_with_it(tmp_path: Path, number: int) -> None:
    found = [event for event, _, _ in _taken_in(tmp_path, said("$1"), MALFORMED[number], said("$2"))]
    assert [event for event in found if event != "$bad"] == ["$1", "$2"]


@pytest.mark.parametrize("number", range(len(MALFORMED)))
def test_a_malformed_state_event_does_not_hide_that_somebody_has_a_new_device(tmp_path: Path, number: int) -> None:
    """Who is not asked for the new device's keys will say nothing that it can read."""

    async def work() -> None:
        async with FaultyHomeserver() as server, post_room(server.url, tmp_path, clock) as post:
            room = post.client.rooms[ROOM] = nio.MatrixRoom(ROOM, SERVICE, encrypted=True)
            room.add_member("@asukas:localhost", "Asukas", None)
            answer = brings("s2", MALFORMED[number], room="!other:localhost")
            server.answers("GET", SYNC, answer | {"device_lists": {"changed": ["@asukas:localhost"], "left": []}})
            await post.sync().once("s1", 0)
            assert [asked.body["device_keys"] for asked in server.calls("POST", "/keys/query$")] == [
                {"@asukas:localhost": []}
            ]

    hurried(work)


def test_an_edit_is_not_a_second_message(tmp_path: Path) -> None:
    relation = {"rel_type": "m.replace", "event_id": "$1"}
    words = {"msgtype": "m.text", "body": "!varaa"}
    edit = said("$edit") | {"content": {**words, "body": "* !varaa", "m.new_content": words, "m.relates_to": relation}}
    assert [event for event, _, _ in _taken_in(tmp_path, said("$1"), edit)] == ["$1"]


def test_a_verification_in_the_room_is_taken_in_to_be_answered(tmp_path: Path) -> None:
    content = {"msgtype": "m.key.verification.request", "body": "x", "to": SERVICE, "methods": ["m.sas.v1"]}
    request = said("$1") | {"content": content}
    assert _taken_in(tmp_path, request) == [("$1", "sent", '{"kind": "m.key.verification.request"}')]
