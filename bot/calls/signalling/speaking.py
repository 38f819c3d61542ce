"""Who speaks, as the members were told last; they are told what changed since."""

from bot.calls.conference.room import Conference
from bot.calls.conference.values import Speaker
from bot.calls.signalling import messages
from bot.calls.signalling.member import Member
from bot.calls.signalling.seats import Seats

FINEST = 0.05
"""A change of the level (0 to 1) by a twentieth is not seen."""


class Speaking:
    """One room's active speakers."""

    def __init__(self, conference: Conference, seats: Seats) -> None:
        self._conference = conference
        self._seats = seats
        self._told: dict[str, Speaker] = {}

    def speaks(self, sid: str) -> bool:
        return sid in self._told

    def greet(self, member: Member) -> None:
        """Who comes in is told of all of them."""
        if self._told:
            member.send(messages.speakers(self._told.values()))

    def tell(self, now: float) -> None:
        told = {speaker.sid: speaker for speaker in self._conference.speakers(now) if speaker.active}
        ended = [Speaker(sid, 0.0, active=False) for sid in self._told if sid not in told]
        changed = [one for one in told.values() if _differs(one, self._told.get(one.sid))]
        self._told = told
        if changed or ended:
            self._seats.tell(messages.speakers([*changed, *ended]))


def _differs(one: Speaker, known: Speaker | None) -> bool:
    return known is None or abs(one.level - known.level) > FINEST
