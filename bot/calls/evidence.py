"""Evidence: what is known about who was in which room when. Never about what was said or shown.

The engine numbers it (`bot.calls.journal`), the service reads and stores it. Values and their JSON form only.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

Fact = str | int | float | bool | None
Facts = Mapping[str, Fact]


class Kind(StrEnum):
    ENGINE_STARTED = "engine_started"
    """Facts: version, last_alive (Unix seconds, or None for a new journal). Presences still open ended then."""
    OPENED = "opened"
    """The room had its first participant."""
    JOINED = "joined"
    """Facts: name, role, and `replaces` (a sid) where the person's earlier connection was taken over."""
    PUBLISHED = "published"
    """Facts: track, source."""
    UNPUBLISHED = "unpublished"
    """Facts: track, source."""
    MEDIA = "media"
    """The first packet of a source flowed. Facts: source."""
    LEFT = "left"
    """Facts: reason, seconds, speaking_s, and what was measured: lost_share, round_trip_ms, freezes."""
    CLOSED = "closed"


class LeaveReason(StrEnum):
    LEFT = "left"
    DEAD = "dead"
    """Nothing was heard of the connection any more."""
    REMOVED = "removed"
    REPLACED = "replaced"
    """The same identity came in by a new connection."""
    ROOM_CLOSED = "room_closed"
    ENGINE_STOPPED = "engine_stopped"


@dataclass(frozen=True, slots=True)
class EvidenceDraft:
    """Evidence without its number. `at` is Unix seconds; `identity` and `sid` are empty for the room's own."""

    at: float
    room: str
    identity: str
    sid: str
    kind: Kind
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Numbers rise, may have gaps, and are never given twice."""

    number: int
    at: float
    room: str
    identity: str
    sid: str
    kind: Kind
    facts: Facts = field(default_factory=dict)


def numbered(draft: EvidenceDraft, number: int) -> Evidence:
    return Evidence(number, draft.at, draft.room, draft.identity, draft.sid, draft.kind, draft.facts)


def to_json(evidence: Evidence) -> dict[str, Any]:
    return {
        "number": evidence.number,
        "at": evidence.at,
        "room": evidence.room,
        "identity": evidence.identity,
        "sid": evidence.sid,
        "kind": evidence.kind.value,
        "facts": dict(evidence.facts),
    }


def from_json(raw: object) -> Evidence | None:
    """None for anything that is no evidence, also for kinds of a later version."""
    if not isinstance(raw, Mapping) or not _is_moment(raw.get("at")) or not _is_number(raw.get("number")):
        return None
    words = [raw.get(name) for name in ("room", "identity", "sid", "kind")]
    facts = _facts(raw.get("facts"))
    if facts is None or not all(isinstance(word, str) for word in words) or words[3] not in set(Kind):
        return None
    room, identity, sid, kind = map(str, words)
    return Evidence(raw["number"], float(raw["at"]), room, identity, sid, Kind(kind), facts)


def _facts(raw: object) -> Facts | None:
    if not isinstance(raw, Mapping):
        return None
    known = all(isinstance(name, str) and isinstance(fact, str | int | float | None) for name, fact in raw.items())
    return raw if known else None


def _is_number(raw: object) -> bool:
    return isinstance(raw, int) and not isinstance(raw, bool) and raw > 0


def _is_moment(raw: object) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw)
