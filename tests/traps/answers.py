"""Sync answers with messages in them, for a homeserver that is played."""

from tests.traps.faulty import JSON

ROOM = "!room:localhost"


def said(event_id: str, body: str = "!apua", sender: str = "@asukas:localhost") -> JSON:
    content = {"msgtype": "m.text", "body": body}
    stamp = 1_799_000_000_000
    return {
        "type": "m.room.message",
        "event_id": event_id,
        "sender": sender,
        "origin_server_ts": stamp,
        "content": content,
    }


def brings(position: str, *events: JSON, room: str = ROOM, **timeline: object) -> JSON:
    return {"next_batch": position, "rooms": {"join": {room: {"timeline": {"events": list(events), **timeline}}}}}
