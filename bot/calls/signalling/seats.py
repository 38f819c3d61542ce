"""Who is in a room: each member with its two negotiations, and what all of them, or the others, are told."""

from collections.abc import Iterator
from dataclasses import dataclass

from livekit.protocol import rtc as pr

from bot.calls.signalling.member import Member
from bot.calls.signalling.publication import Publication
from bot.calls.signalling.publishing import Publishing
from bot.calls.signalling.subscribing import Subscribing


@dataclass(slots=True)
class Seat:
    """A member with its two negotiations."""

    member: Member
    publishing: Publishing
    subscribing: Subscribing


class Seats:
    """By the sid of the member. A pass over them stands still: who comes or goes meanwhile does not disturb it."""

    def __init__(self) -> None:
        self._by_sid: dict[str, Seat] = {}

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._by_sid.values()))

    def __len__(self) -> int:
        return len(self._by_sid)

    def __contains__(self, sid: object) -> bool:
        return sid in self._by_sid

    def of(self, sid: str) -> Seat | None:
        return self._by_sid.get(sid)

    def take(self, seat: Seat) -> None:
        self._by_sid[seat.member.sid] = seat

    def give_up(self, member: Member) -> None:
        self._by_sid.pop(member.sid, None)

    def others(self, member: Member) -> Iterator[Seat]:
        return (seat for seat in self if seat.member is not member)

    def publication(self, owner: str, track_sid: str) -> Publication | None:
        """A track of the member with the sid `owner`."""
        seat = self.of(owner)
        return None if seat is None else seat.member.publications.get(track_sid)

    def tell(self, message: pr.SignalResponse, but: Member | None = None) -> None:
        for seat in self:
            if seat.member is not but:
                seat.member.send(message)
