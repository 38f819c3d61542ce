"""From Matrix's JSON to our values. Input is hostile: whatever does not fit becomes nothing, never an exception.

Works on raw events, so nio's own event classes and their gaps don't matter here. Source of the shapes:
client-server API, "Room events", "m.room.message", "Event replacements" (edits are not commands), "Reactions".
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.commands.incoming import LONGEST_BODY, Came, Incoming, Locked, Reacted, Said, Sent, Went, What
from bot.domain.folding import clean
from bot.domain.ids import EventId, RoomId, UserId

LONGEST_ID = 255
"""Bytes of an id (Matrix specification, appendix "Common identifier format")."""

_TEXT = frozenset({"m.text", "m.notice", "m.emote"})
_LATEST = 32503680000000
"""The year 3000 in milliseconds: timestamps beyond it are nonsense."""


def incoming(raw: object, room_id: RoomId, own: UserId, now: datetime) -> Incoming | None:
    """The event if it is something to answer; none for our own, edits, state that does not concern us."""
    event = mapping(raw)
    event_id, sender = _identifier(event.get("event_id"), "$"), _identifier(event.get("sender"), "@")
    if event_id is None or sender is None or sender == own:
        return None
    what = _what(event, own)
    if what is None:
        return None
    return Incoming(EventId(event_id), room_id, UserId(sender), _sent(event, now), what)


def _what(event: Mapping[str, Any], own: UserId) -> What | None:
    content = mapping(event.get("content"))
    match event.get("type"):
        case "m.room.message":
            return _message(content)
        case "m.room.encrypted":
            return Locked()
        case "m.reaction":
            return _reaction(content)
        case "m.sticker":
            return Sent("m.sticker")
        case "m.room.member":
            return _membership(event, content, own)
        case _:
            return None


def _message(content: Mapping[str, Any]) -> What | None:
    """A notice is what other bots say; answering it would let two bots talk for ever."""
    kind, body = content.get("msgtype"), content.get("body")
    relation = mapping(content.get("m.relates_to"))
    if not isinstance(kind, str) or relation.get("rel_type") == "m.replace" or kind == "m.notice":
        return None
    if kind not in _TEXT:
        return Sent(kind[:LONGEST_ID])
    if not isinstance(body, str):
        return None
    text = clean(_without_quote(body) if "m.in_reply_to" in relation else body)
    return Said(text[:LONGEST_BODY], cut=len(body) > LONGEST_BODY, answers=_answered(relation))


def _answered(relation: Mapping[str, Any]) -> EventId | None:
    """A thread's messages name the one before as a fall-back for older clients (specification, "Threading")."""
    found = _identifier(mapping(relation.get("m.in_reply_to")).get("event_id"), "$")
    return None if found is None or relation.get("rel_type") == "m.thread" else EventId(found)


def _without_quote(body: str) -> str:
    """A reply's fall-back quotes what it answers in lines that begin with `> `, then a blank line."""
    lines = body.split("\n")
    while lines and lines[0].startswith("> "):
        lines.pop(0)
    return "\n".join(lines).lstrip("\n")


def _reaction(content: Mapping[str, Any]) -> What | None:
    relation = mapping(content.get("m.relates_to"))
    to, key = _identifier(relation.get("event_id"), "$"), relation.get("key")
    if to is None or not isinstance(key, str) or relation.get("rel_type") != "m.annotation":
        return None
    return Reacted(EventId(to), key[:LONGEST_ID])


def _membership(event: Mapping[str, Any], content: Mapping[str, Any], own: UserId) -> What | None:
    user = _identifier(event.get("state_key"), "@")
    if user is None or user == own:
        return None
    match content.get("membership"):
        case "join":
            return Came(UserId(user))
        case "leave" | "ban":
            return Went(UserId(user))
        case _:
            return None


def invitation(room: object, own: UserId) -> tuple[UserId, bool] | None:
    """Inviter and whether the room is said to be direct, from a sync's stripped state."""
    for raw in listing(mapping(mapping(room).get("invite_state")).get("events")):
        event = mapping(raw)
        content = mapping(event.get("content"))
        if event.get("type") == "m.room.member" and event.get("state_key") == own:
            sender = _identifier(event.get("sender"), "@")
            return None if sender is None else (UserId(sender), content.get("is_direct") is True)
    return None


def _sent(event: Mapping[str, Any], now: datetime) -> datetime:
    stamp = event.get("origin_server_ts")
    if not isinstance(stamp, int) or not 0 < stamp < _LATEST:
        return now
    return min(now, datetime.fromtimestamp(stamp / 1000, UTC))


def _identifier(value: object, sigil: str) -> str | None:
    sound = isinstance(value, str) and value.startswith(sigil) and len(value.encode()) <= LONGEST_ID
    return str(value) if sound else None


def mapping(value: object) -> Mapping[str, Any]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: object) -> list[Any]:
    """The value where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def timeline(raw_sync: object) -> list[tuple[RoomId, Mapping[str, Any]]]:
    """The joined rooms of a sync answer with their raw parts."""
    joined = mapping(mapping(mapping(raw_sync).get("rooms")).get("join"))
    return [(RoomId(room_id), mapping(part)) for room_id, part in joined.items()]


def invitations(raw_sync: object) -> list[tuple[RoomId, object]]:
    invited = mapping(mapping(mapping(raw_sync).get("rooms")).get("invite"))
    return [(RoomId(room_id), part) for room_id, part in invited.items()]


def of_timeline(part: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The events of a joined room's part, oldest first."""
    return [event for event in listing(mapping(part.get("timeline")).get("events")) if isinstance(event, dict)]
