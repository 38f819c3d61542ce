"""Power in the rooms that the service makes: people talk, only the service rules.

In room version 12 the creator stands above all levels and must not be listed (MSC4289), so the levels hold no
users at all. A guest's plain text in an encrypted room is refused by them: the server would accept it.
"""

from collections.abc import Mapping
from typing import Any

from bot.actions.rooms import RoomKind, RoomPlan

RULER = 50
"""The level that people don't have: `state_default`."""


def levels(plan: RoomPlan) -> dict[str, Any]:
    events = {"m.room.name": 100, "m.room.power_levels": 100, "m.room.encryption": 100, "m.room.tombstone": 100}
    if plan.encrypted:
        events |= {"m.room.message": 100, "m.room.encrypted": 0}
    if plan.kind is not RoomKind.UNIT:
        events |= {"org.matrix.msc3401.call.member": 0}
    return {"invite": 100, "kick": 100, "ban": 100, "redact": 50, "state_default": 50, "events": events}


def closed(current: Mapping[str, Any]) -> dict[str, Any]:
    """The levels of a room in which nobody but its ruler writes any more: all else stays as it was.

    What the levels say of single events counts before `events_default` (client-server API, "m.room.power_levels"),
    so it is raised too.
    """
    events = {kind: max(RULER, level) for kind, level in current.get("events", {}).items()}
    return {**current, "events": events, "events_default": max(RULER, current.get("events_default", 0))}


def creation(plan: RoomPlan, alias: str) -> dict[str, Any]:
    """The body of createRoom: private, history from the invitation on, and nobody invited yet.

    Invitations follow one by one, since a homeserver that limits them would make the whole call fail. The alias
    in the creation's content makes it unlike every other: in room version 12 the room's id is the hash of the
    create event (MSC4291), and two rooms made in the same millisecond would share one.
    """
    state: list[dict[str, Any]] = [
        {"type": "m.room.history_visibility", "state_key": "", "content": {"history_visibility": "shared"}},
        {"type": "m.room.guest_access", "state_key": "", "content": {"guest_access": "forbidden"}},
    ]
    if plan.encrypted:
        content = {"algorithm": "m.megolm.v1.aes-sha2"}
        state.append({"type": "m.room.encryption", "state_key": "", "content": content})
    return {
        "preset": "private_chat",
        "visibility": "private",
        "creation_content": {"fi.eahtari.alias": alias},
        "room_alias_name": alias,
        "name": plan.name,
        "topic": plan.topic,
        "is_direct": plan.direct,
        "initial_state": state,
        "power_level_content_override": levels(plan),
    }
