"""How good each member's connection is: told to all members, and measured for the conference's evidence."""

from bot.calls.conference.room import Conference
from bot.calls.signalling import messages
from bot.calls.signalling.member import Member
from bot.calls.signalling.seats import Seats

POOR_LOSS, POOR_ROUND_TRIP_S = 0.08, 0.6
"""Where talking becomes hard (ITU-T G.107)."""
GOOD_LOSS, GOOD_ROUND_TRIP_S = 0.02, 0.3
"""Where it is noticed (ibid.)."""


def tell(conference: Conference, seats: Seats) -> None:
    told = []
    for seat in seats:
        member = seat.member
        measure(conference, member)
        told.append((member.sid, *_graded(_lost_share(member), member.down.quality.round_trip_s)))
    seats.tell(messages.qualities(told))


def measure(conference: Conference, member: Member) -> None:
    """The newest figures, which the member's `left` will carry."""
    lost, round_trip = _lost_share(member), member.down.quality.round_trip_s
    word, _ = _graded(lost, round_trip)
    facts = {"lost_share": round(lost, 4), "round_trip_ms": round(round_trip * 1000)}
    conference.measured(member.sid, quality=word, **facts)


def _lost_share(member: Member) -> float:
    """The worse of both ways."""
    up = [stream.received.lost_share() for one in member.publications.values() for stream in one.track.streams.values()]
    return max([member.down.quality.lost_share, *up])


def _graded(lost: float, round_trip_s: float) -> tuple[str, float]:
    """LiveKit's word, and its score of 0 to 5."""
    if lost > POOR_LOSS or round_trip_s > POOR_ROUND_TRIP_S:
        return "poor", 2.0
    if lost > GOOD_LOSS or round_trip_s > GOOD_ROUND_TRIP_S:
        return "good", 3.5
    return "excellent", 5.0
