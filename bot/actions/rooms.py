"""The rooms that the service keeps, and what each kind looks like when it is made.

One subject, one room: the plan is written down before the homeserver is asked, with a random alias, so that a
room whose making was cut short is found again and adopted instead of made twice.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.actions.deliveries import Lane
from bot.domain.ids import RoomId, UserId


class RoomKind(StrEnum):
    DIRECT = "direct"
    """One person and the service; the subject is the person's Matrix id."""
    UNIT = "unit"
    """The staff of a unit and the service; the subject is the unit's id."""
    APPOINTMENT = "appointment"
    """Citizen, official and the service; the subject is the appointment's id."""
    SHARED = "shared"
    """A room with somebody else in it: nothing private is said there."""


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """What a room is to be. `invitees` may write; only the service may rule."""

    kind: RoomKind
    subject: str
    name: str
    topic: str
    encrypted: bool
    invitees: tuple[UserId, ...]
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """A room as the service knows it; `room_id` is none until the homeserver has made it."""

    lane: Lane
    kind: RoomKind
    subject: str
    room_id: RoomId | None
