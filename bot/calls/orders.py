"""The port to the engine that carries the calls: what the service may ask, whoever answers.

Fulfilled by the embedded engine behind its socket (`bot.calls.client`) and by a LiveKit server (`bot.calls.livekit`).
Every order may be repeated: it says how things are to be, not what is to be done. A refusal is a value.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Protocol

from bot.calls.conference.values import PolicyChange, Present
from bot.calls.evidence import Evidence


class Trouble(StrEnum):
    """Why an order wasn't carried out."""

    UNKNOWN_ROOM = "unknown_room"
    UNKNOWN_PARTICIPANT = "unknown_participant"
    BAD_REQUEST = "bad_request"
    UNSUPPORTED = "unsupported"
    """This engine can't do it; see `Capabilities`."""
    FAILED = "failed"
    """A fault inside the engine, which its log tells."""
    UNREACHABLE = "unreachable"
    """No answer in time. The order may or may not have been carried out."""


@dataclass(frozen=True, slots=True)
class Status:
    """`cpu_s` is processor time since `started_at` (Unix seconds); `rss_mb` resident memory in 10^6 bytes."""

    rooms: int
    participants: int
    cpu_s: float
    rss_mb: float
    started_at: float
    version: str


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine can do beyond what both can."""

    lock: bool
    """Keeps new people out and lets back in who was in it. Without: the service must issue no tokens."""
    loudest: bool
    last_n: bool
    changes_limit: bool
    """The highest number of participants can be changed while a room is open."""
    voids_tokens: bool
    """Who was removed can't come back with an earlier token. Without: they can, until it runs out (ten minutes)."""
    lasting_mute: bool
    """The chair's muting holds until it is lifted. Without: the person may switch the microphone on again."""
    media_evidence: bool
    """Evidence tells that media flowed. Without: that it was published."""
    figures: bool
    """Speaking time, loss and round trip are measured."""


EMBEDDED = Capabilities(
    lock=True,
    loudest=True,
    last_n=True,
    changes_limit=True,
    voids_tokens=True,
    lasting_mute=True,
    media_evidence=True,
    figures=True,
)


class Orders(Protocol):
    """Room and identity are the names in the media token."""

    async def policy(self, room: str, change: PolicyChange) -> Trouble | None:
        """Kept per room until it is closed, also for a room that nobody is in yet."""

    async def participants(self, room: str) -> Sequence[Present] | Trouble: ...

    async def mute(self, room: str, identity: str, *, muted: bool) -> Trouble | None:
        """Takes the word, or gives it back; a closed microphone is opened by its owner alone.

        Where `lasting_mute` is missing, giving back changes nothing.
        """

    async def remove(self, room: str, identity: str) -> Trouble | None:
        """Ends the connection; the identity's tokens from before are refused for their lifetime (`voids_tokens`)."""

    async def close(self, room: str) -> Trouble | None: ...

    async def evidence(self, after: int, limit: int, wait_s: float) -> Sequence[Evidence] | Trouble:
        """Evidence with higher numbers than `after`, oldest first; waits up to `wait_s` for the first."""

    async def settled(self, through: int) -> Trouble | None:
        """Evidence up to this number is stored by the service and may be dropped."""

    async def status(self) -> Status | Trouble: ...


def present_to_json(present: Present) -> dict[str, Any]:
    return asdict(present) | {"publishes": list(present.publishes)}


def present_from_json(raw: Any) -> Present:
    """Raises KeyError, TypeError, ValueError for anything else than what `present_to_json` gives."""
    return Present(
        identity=str(raw["identity"]),
        sid=str(raw["sid"]),
        name=str(raw["name"]),
        role=str(raw["role"]),
        joined_at=float(raw["joined_at"]),
        publishes=tuple(str(kind) for kind in raw["publishes"]),
        muted=bool(raw["muted"]),
        speaking_s=float(raw["speaking_s"]),
        quality=str(raw["quality"]),
    )


def status_to_json(status: Status) -> dict[str, Any]:
    return asdict(status)


def status_from_json(raw: Any) -> Status:
    """Raises KeyError, TypeError, ValueError for anything else than what `status_to_json` gives."""
    return Status(
        rooms=int(raw["rooms"]),
        participants=int(raw["participants"]),
        cpu_s=float(raw["cpu_s"]),
        rss_mb=float(raw["rss_mb"]),
        started_at=float(raw["started_at"]),
        version=str(raw["version"]),
    )
