"""The virtual room of a visit, as values: its name for media, its doors, who was in it, and what the chair asks of it.

Pure. Media is the engine's matter (`bot.calls`), and what is stored `bot.storage`'s. Nothing here holds what anybody
said or showed: only who, when, how long, and how good the line was.
"""

import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NewType

from bot.domain.ids import AppointmentId, RoomId, UserId
from bot.domain.language import Language

MediaRoom = NewType("MediaRoom", str)
"""The name by which the engine knows a conference."""

SLOT = "m.call#ROOM"
"""The slot of a Matrix room that holds its call (MSC4143)."""

OPENS_BEFORE = timedelta(minutes=30)
"""How long before the visit a guest can come to the door."""
GONE_AFTER = timedelta(seconds=90)
"""A page that was not heard of for so long is closed: it asks every two seconds, in the background once a minute."""
BACK_AGAIN = timedelta(seconds=30)
"""How long a guest whose engine died is still shown: everybody is back within ten seconds."""
SEEN_EVERY = timedelta(seconds=10)
"""How often it is written down that a page was heard of: each time is a write."""
COMES_BACK = timedelta(minutes=5)
"""Who was let in and left comes in again without waiting for so long: a page that was loaded anew."""
KEEPS_PLACE = timedelta(minutes=11)
"""How long somebody who was let in has the link's place: their media token lives ten minutes."""
ORDER_LIVES = timedelta(seconds=30)
"""An official's order that could not be carried out for so long is not carried out any more: it would surprise."""
MOST_OPENINGS = 30
"""How often one link can bring somebody to the door."""
LONGEST_NAME = 60
OWN_JOURNAL = "own"
"""The journal of the engine that `eahtari up` starts; each engine numbers its evidence by itself."""


class Role(StrEnum):
    """As what somebody is in a conference; stands in their media token."""

    OFFICIAL = "official"
    CITIZEN = "citizen"
    GUEST = "guest"
    MEMBER = "member"
    """In the Matrix room, and neither the visit's official nor its citizen."""


class Purpose(StrEnum):
    """For whom a link is made."""

    INTERPRETER = "interpreter"
    RELATIVE = "relative"
    AUTHORITY = "authority"
    """Another authority's official."""
    OTHER = "other"


class VisitorState(StrEnum):
    WAITING = "waiting"
    LET_IN = "let-in"
    TURNED_AWAY = "turned-away"
    """By the chair; this browser does not come in by this link any more."""
    LEFT = "left"
    """Went by themselves, or their page was closed, or another browser took the link's place."""


@dataclass(frozen=True, slots=True)
class Link:
    """A way into one conference for somebody without an account. `digest` is all that is kept of its token.

    Without an appointment it leads into the municipality's practice conference, which many may enter at once and
    which has no waiting room.
    """

    id: int
    digest: str
    appointment: AppointmentId | None
    role: Role
    purpose: Purpose
    language: Language
    name: str
    """Who is meant, as the inviter wrote it; may be empty."""
    made: datetime
    ended: datetime | None = None

    @property
    def is_practice(self) -> bool:
        return self.appointment is None


@dataclass(frozen=True, slots=True)
class NewLink:
    digest: str
    appointment: AppointmentId | None
    purpose: Purpose
    language: Language
    name: str = ""
    role: Role = Role.GUEST


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody at a link's door, from coming to leaving. `session` is a digest of what the browser calls itself.

    `seen` is when the page was last heard of, `let_in` when the chair opened the door, `ended` when it was over.
    """

    id: int
    link: int
    session: str
    name: str
    language: Language
    state: VisitorState
    came: datetime
    seen: datetime
    let_in: datetime | None = None
    ended: datetime | None = None
    card: int | None = None
    """The message in the visit's room that tells of them."""
    shown: str | None = None
    """The connection (`PA_…`) for which the visit's room shows them as being in its call."""

    @property
    def number(self) -> str:
        """What people call them by in commands."""
        return f"V{self.id}"

    @property
    def is_at_the_door(self) -> bool:
        return self.state is VisitorState.WAITING

    @property
    def is_here(self) -> bool:
        return self.state in {VisitorState.WAITING, VisitorState.LET_IN}

    def may_come_back(self, now: datetime) -> bool:
        """Whether a browser that was inside comes in again without waiting."""
        was_inside = self.state is VisitorState.LEFT and self.let_in is not None
        return was_inside and self.ended is not None and now < self.ended + COMES_BACK

    def holds_place(self, now: datetime) -> bool:
        """Whether another browser has to ask before it takes the link's place."""
        patience = KEEPS_PLACE if self.state is VisitorState.LET_IN else GONE_AFTER
        return self.is_here and now < self.seen + patience


@dataclass(frozen=True, slots=True)
class Line:
    """How good somebody's line was, over the whole of their presence; none: not measured."""

    speaking_s: float | None = None
    lost_share: float | None = None
    """Lost packets by sent ones, 0 to 1."""
    round_trip_ms: float | None = None


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody in a conference, from joining to leaving. `media` tells which kinds of media came from them."""

    id: int
    room: MediaRoom
    sid: str
    identity: str
    role: Role
    name: str
    joined: datetime
    ended: datetime | None = None
    reason: str | None = None
    media: frozenset[str] = frozenset()
    line: Line = Line()

    def lasted(self, now: datetime) -> timedelta:
        return max(timedelta(), (self.ended or now) - self.joined)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the engine witnessed; numbers rise and are never given twice. `at` is in seconds since 1970, UTC."""

    number: int
    at: float
    room: MediaRoom
    identity: str
    sid: str
    kind: str
    facts: Mapping[str, object] = field(default_factory=dict)


class OrderKind(StrEnum):
    MUTE = "mute"
    """Takes the word until it is given back."""
    UNMUTE = "unmute"
    """Gives it back; the microphone is opened by its owner alone."""
    REMOVE = "remove"
    LOCK = "lock"
    UNLOCK = "unlock"
    CLOSE = "close"


class OrderState(StrEnum):
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    """It was said in the room where it was given."""


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What the engine is to do. `lane` is where a failure is told and `shown` whom it is about, as people read it.

    `key` names the message that gave the order: the same message gives it once.
    """

    room: MediaRoom
    kind: OrderKind
    key: str
    language: Language
    lane: int | None = None
    identity: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    id: int
    room: MediaRoom
    kind: OrderKind
    asked: datetime
    language: Language
    lane: int | None = None
    identity: str = ""
    shown: str = ""

    def is_late(self, now: datetime) -> bool:
        """What follows from a visit's end or from a door that was taken over is never too late."""
        return self.lane is not None and self.asked + ORDER_LIVES <= now


@dataclass(frozen=True, slots=True)
class DelayedLeave:
    """A leave that the homeserver holds back for a client, to be sent when the client is gone (MSC4140).

    `delay` is how long it is held after each restart, `delegated_at` when the client handed it over.
    """

    room: MediaRoom
    identity: str
    delay_id: str
    delay: timedelta
    delegated_at: datetime


def hashed(parts: Sequence[str]) -> str:
    """Unpadded base64 of the SHA-256 of compact JSON, as MatrixRTC names things for LiveKit (MSC4195)."""
    compact = json.dumps(list(parts), separators=(",", ":"), ensure_ascii=False)
    return b64encode(sha256(compact.encode()).digest()).decode().rstrip("=")


def media_room(room_id: RoomId, slot: str = SLOT) -> MediaRoom:
    """The conference of a Matrix room."""
    return MediaRoom(hashed((room_id, slot)))


def practice_room(server_name: str) -> MediaRoom:
    """The municipality's standing conference for trying out; no Matrix room's id has this form."""
    return MediaRoom(hashed(("practice", server_name)))


_GUEST = "@_eahtari_guest_"
"""In the name space of our own application service, so that no person's account is ever called so."""
_VISITOR = re.compile(rf"{_GUEST}(\d{{1,18}}):", re.ASCII)
GUEST_DEVICE = "LINK"


def guest_user(visitor: int, server_name: str) -> UserId:
    """The account that stands for a guest in the room of the conference, where Matrix clients look who is in it."""
    return UserId(f"{_GUEST}{visitor}:{server_name}")


def guest_identity(visitor: int, server_name: str) -> str:
    """A guest's name in the engine: of the form `user:device`, as those of people with an account (MSC4195)."""
    return f"{guest_user(visitor, server_name)}:{GUEST_DEVICE}"


def visitor_of(identity: str) -> int | None:
    """The visitor behind `guest_identity`; none where it is somebody else's."""
    found = _VISITOR.match(identity)
    return int(found[1]) if found is not None and identity.endswith(f":{GUEST_DEVICE}") else None


def session_of(visitor: str) -> str:
    """What is kept of a browser's own random name."""
    return sha256(visitor.encode()).hexdigest()


def cleaned_name(typed: str) -> str:
    """A name as a person typed it: one line without control or formatting characters, and bounded."""
    plain = "".join(" " if c.isspace() else c for c in typed if unicodedata.category(c)[0] != "C" or c.isspace())
    return " ".join(plain.split())[:LONGEST_NAME].strip()
