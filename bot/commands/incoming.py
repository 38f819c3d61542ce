"""What comes in from the rooms, as values: parsed, bounded, and free of anything that knows Matrix's JSON.

`bot.matrix.events` makes them out of hostile input; `bot.commands.reception` answers them.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.ids import EventId, RoomId, UserId

LONGEST_BODY = 4000
"""Characters of a message that are looked at; a longer one is answered with a request to say it shorter."""


@dataclass(frozen=True, slots=True)
class Said:
    """A text message. `body` is cut to `LONGEST_BODY`; `cut` tells that it was longer.

    `answers` is the message that it replies to; what is said in a thread replies to nothing.
    """

    body: str
    cut: bool = False
    answers: EventId | None = None


@dataclass(frozen=True, slots=True)
class Reacted:
    to: EventId
    key: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Something else than text: `kind` is the msgtype, such as `m.image`."""

    kind: str


@dataclass(frozen=True, slots=True)
class Locked:
    """An encrypted message that can't be read, for want of its key."""


@dataclass(frozen=True, slots=True)
class Invited:
    """The service was invited; `direct` as the inviter's client said."""

    direct: bool


@dataclass(frozen=True, slots=True)
class Came:
    user: UserId


@dataclass(frozen=True, slots=True)
class Went:
    user: UserId


What = Said | Reacted | Sent | Locked | Invited | Came | Went


@dataclass(frozen=True, slots=True)
class Incoming:
    """One event. `sent` is the sender's server's clock, never later than when it was received."""

    event_id: EventId
    room_id: RoomId
    sender: UserId
    sent: datetime
    what: What
