"""What a calendar is told about one appointment.

Leaves to the caller what may be said (a confidential service gives a number as its summary) and who may see it.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Method(StrEnum):
    """What the receiver shall do with an entry (RFC 5546, 3.2). There are no attendees, hence no REQUEST."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


class Status(StrEnum):
    """RFC 5545, 3.8.1.11."""

    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Organizer:
    """Who invites: a name to show and a URI, such as `matrix:u/palvelu:example.org` (MSC 2312)."""

    name: str
    uri: str


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """One appointment as it stands now.

    `uid` never changes, such as `appointment-17@example.org`; `sequence` rises with each change (RFC 5545, 3.8.7.4).
    `start`, `end` and `stamp`, the moment of the last change, are aware; `zone` is where the visit takes place.
    `reminder` is how long before the start the receiver's calendar reminds, if at all.
    """

    uid: str
    sequence: int
    start: datetime
    end: datetime
    zone: ZoneInfo
    stamp: datetime
    summary: str
    description: str = ""
    location: str = ""
    organizer: Organizer | None = None
    url: str = ""
    status: Status = Status.CONFIRMED
    reminder: timedelta | None = None

    def __post_init__(self) -> None:
        if None in {moment.tzinfo for moment in (self.start, self.end, self.stamp)}:
            raise ValueError("a calendar entry needs aware moments")
        if self.end <= self.start:
            raise ValueError("a calendar entry ends after it has started")


def cancelled(entry: CalendarEntry, stamp: datetime) -> CalendarEntry:
    """The same entry called off at `stamp`: one step later in sequence, so that calendars believe it."""
    return replace(entry, status=Status.CANCELLED, sequence=entry.sequence + 1, stamp=stamp)
