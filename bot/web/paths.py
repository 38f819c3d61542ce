"""Which paths may pass from outside to the homeserver. Pure.

An allow-list over raw segments: what is not plainly the client or media API never reaches Synapse. Synapse
splits the raw path at "/" and decodes each segment once, so the same is done here; a path that two readers
could read differently (dot segments, empty segments) is refused as a whole.
"""

from enum import Enum, auto
from urllib.parse import unquote

_APIS = ("client", "media")
_OBSCURE = frozenset({".", ".."})
_FOR_SERVICES = frozenset({"io.element.msc4502", "io.element.msc4512"})
"""Unstable parts of the client API that only our own application service has a use for, on loopback: who is in a
room, and requests in the homeserver's name."""


class Passage(Enum):
    """What becomes of a request."""

    HOMESERVER = auto()
    """Passed on to the homeserver."""
    OURS = auto()
    """Answered at the edge."""
    UNKNOWN = auto()
    """A Matrix path that is not offered here, such as federation: 404."""
    REFUSED = auto()
    """The administration, or a path that hides where it leads: 403."""


def passage(target: str) -> Passage:
    """Judges a request's raw target, with or without a query."""
    path = target.partition("?")[0].partition("#")[0]
    if not path.startswith("/"):
        return Passage.REFUSED  # absolute and authority form (RFC 9112, 3.2) are for forward proxies
    raw = path[1:].split("/")
    read = [unquote(segment).casefold() for segment in raw]
    if _is_obscure(read) or any("_synapse" in segment for segment in read[:2]):
        return Passage.REFUSED
    if not read[0].startswith("_matrix"):
        return Passage.OURS
    if raw[0] != "_matrix" or len(raw) < 2 or raw[1] not in _APIS:  # noqa: PLR2004 -- a prefix of two segments
        return Passage.UNKNOWN
    if _is_administration(read):
        return Passage.REFUSED
    return Passage.UNKNOWN if _is_for_services(read) else Passage.HOMESERVER


def _is_obscure(segments: list[str]) -> bool:
    """Whether a segment is a dot segment or holds one behind an encoded slash, or is empty but for the last.

    `state/m.room.name/` ends in an empty state key and is plain (Client-Server API, "rooms/…/state").
    """
    parts = [part for segment in segments[:2] for part in segment.replace("\\", "/").split("/")]
    return not _OBSCURE.isdisjoint(parts) or not _OBSCURE.isdisjoint(segments) or "" in segments[:-1]


def _is_administration(segments: list[str]) -> bool:
    """`/_matrix/client/{version}/admin`, where an old version is spelt `api/v1`."""
    if segments[2:3] == ["api"]:
        return "admin" in segments[3:5]
    return "admin" in segments[2:4]


def _is_for_services(segments: list[str]) -> bool:
    return segments[2:3] == ["unstable"] and not _FOR_SERVICES.isdisjoint(segments[3:4])
