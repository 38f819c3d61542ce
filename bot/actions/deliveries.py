"""What the service sends, as values: the contents of the durable outbox.

A lane is one room's queue: its deliveries happen in order, those of different lanes side by side. Rendering
to Matrix events and the sending itself are `bot.matrix`'s matter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NewType

from bot.domain.ids import EventId, RoomId, UserId
from bot.text.reply import Reply

Lane = NewType("Lane", int)
ItemId = NewType("ItemId", int)


KEYCAPS = tuple(f"{n}\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}" for n in range(1, 10))
"""The reactions by which a question is answered: 1️⃣ to 9️⃣."""


@dataclass(frozen=True, slots=True)
class Say:
    """A message. `mention` names those whose device shall ring; `choices` is how many can be tapped."""

    reply: Reply
    mention: Sequence[UserId] = ()
    choices: int = 0


@dataclass(frozen=True, slots=True)
class Amend:
    """New words for an earlier message of the same lane."""

    item: ItemId
    reply: Reply


@dataclass(frozen=True, slots=True)
class React:
    """A reaction to somebody's message, or to an earlier item of the lane."""

    key: str
    to_item: ItemId | None = None
    to_event: EventId | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Makes the lane's room as it was planned."""


@dataclass(frozen=True, slots=True)
class Invite:
    user: UserId


@dataclass(frozen=True, slots=True)
class Remove:
    """Somebody who no longer belongs into the lane's room is taken out of it."""

    user: UserId


@dataclass(frozen=True, slots=True)
class Rename:
    """Another name for the lane's room."""

    name: str


@dataclass(frozen=True, slots=True)
class Join:
    """Accepts an invitation."""

    room_id: RoomId


@dataclass(frozen=True, slots=True)
class Leave:
    """Leaves and forgets a room, or declines an invitation to it."""

    room_id: RoomId


@dataclass(frozen=True, slots=True)
class Attach:
    """A file in the lane's room; the homeserver's limit of an upload holds."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Close:
    """Nobody but the service can write in the lane's room any more."""


@dataclass(frozen=True, slots=True)
class ShowGuest:
    """A guest without an account is in the lane's room's call: an account of our own stands for them there."""

    user: UserId
    device: str
    name: str


@dataclass(frozen=True, slots=True)
class HideGuest:
    """The guest is not in the call any more, and the account that stood for them leaves the room."""

    user: UserId
    device: str


Delivery = Say | Amend | React | Open | Invite | Remove | Rename | Join | Leave | Attach | Close | ShowGuest | HideGuest
