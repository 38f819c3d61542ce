"""What of a sync answer nio has to hear: sessions, devices, membership and room state, never messages.

Messages are opened one by one by `bot.matrix.sync`: an encrypted one that is malformed would end nio's reading of
all the others, and the same answer would come again after every restart. Most answers hold messages only, and
then nio is not asked at all.
"""

from collections.abc import Container, Mapping
from copy import deepcopy
from typing import Any

from bot.matrix.events import listing, mapping, of_timeline, timeline

_EMPTY: Mapping[str, Any] = {
    "state": {"events": []},
    "timeline": {"events": [], "limited": False, "prev_batch": ""},
    "ephemeral": {"events": []},
    "account_data": {"events": []},
}


def news(raw_sync: Mapping[str, Any], known: Container[str]) -> dict[str, Any] | None:
    """What of a sync answer changes sessions, devices, membership or room state, as a copy; none where nothing does.

    A copy, since nio writes into what it reads. `known` are the rooms that nio has heard of.
    """
    parts = {room_id: _state_of(part) for room_id, part in timeline(raw_sync)}
    changed = {room_id: part for room_id, part in parts.items() if part or room_id not in known}
    other = mapping(raw_sync.get("rooms"))
    told = mapping(raw_sync.get("to_device")).get("events"), *mapping(raw_sync.get("device_lists")).values()
    if not (changed or any(told) or any(other.get(kind) for kind in ("invite", "leave", "knock"))):
        return None
    return deepcopy({**raw_sync, "rooms": {**other, "join": {r: {**_EMPTY, **part} for r, part in changed.items()}}})


def _state_of(part: Mapping[str, Any]) -> dict[str, Any]:
    """State events and the summary of a room's part; empty where there are none."""
    state = [e for e in of_timeline(part) if "state_key" in e and e.get("type") != "m.room.encrypted"]
    found = {name: part[name] for name in ("state", "summary") if mapping(part.get(name))}
    if not listing(mapping(found.get("state")).get("events")):
        found.pop("state", None)
    if state:
        found["timeline"] = {"limited": False, "prev_batch": "", **mapping(part.get("timeline")), "events": state}
    return found


def parts(told: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The news in pieces, so that a malformed one is lost alone: each to-device message, each room, then the rest.

    Anybody may send us to-device messages. nio reads an answer's in one go and stops at the first that it can't
    read; the keys behind it would be lost, since the homeserver does not give them a second time.
    """
    rooms, bare = mapping(told.get("rooms")), {**told, "rooms": {}, "to_device": {"events": []}, "device_lists": {}}
    messages = listing(mapping(told.get("to_device")).get("events"))
    return [
        *({**bare, "to_device": {"events": [message]}} for message in messages),
        *(
            {**bare, "rooms": {kind: {room_id: part}}}
            for kind, of_kind in rooms.items()
            for room_id, part in mapping(of_kind).items()
        ),
        {**told, "rooms": {}, "to_device": {"events": []}},
    ]
