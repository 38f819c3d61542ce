"""Which tracks are forwarded to whom: puts the conference's decisions into effect.

The decisions (who hears and sees whom, who has the word) are `bot.calls.conference`'s; the packets, and which layer
the viewer's line has room for, are `bot.calls.media`'s.
"""

from collections.abc import Callable

from bot.calls.conference.room import Conference
from bot.calls.conference.values import Source
from bot.calls.media.downlink import Subscription
from bot.calls.signalling import messages
from bot.calls.signalling.member import Member
from bot.calls.signalling.publication import Publication
from bot.calls.signalling.seats import Seat, Seats
from bot.calls.signalling.speaking import Speaking


class Forwarding:
    """One room's tracks, from their publishers to those who get them."""

    def __init__(self, conference: Conference, seats: Seats, speaking: Speaking, clock: Callable[[], float]) -> None:
        self._conference = conference
        self._seats = seats
        self._speaking = speaking
        self._clock = clock

    # A track begins and ends

    def publish(self, member: Member, one: Publication, now: float) -> None:
        """The conference learns of a track, and may have taken its publisher's word before."""
        self._conference.publish(member.sid, one.facts, now)
        if self._conference.is_stopped(member.sid, one.sid):
            self.hold(member, one)

    def spread(self, member: Member, one: Publication) -> None:
        """Everybody else who may gets the track."""
        for other in self._seats.others(member):
            if other.member.held.can_subscribe:
                other.subscribing.want(one.track)

    def catch_up(self, seat: Seat) -> None:
        """Who comes in gets what the others have published."""
        for other in self._seats.others(seat.member):
            for one in other.member.publications.values():
                seat.subscribing.want(one.track)

    def withdraw(self, member: Member, one: Publication) -> None:
        member.publications.pop(one.sid, None)
        member.up.remove(one.track)
        self._conference.unpublish(member.sid, one.sid, self._clock())
        for other in self._seats.others(member):
            other.subscribing.drop(one.track)

    def begin(self, member: Member, subscription: Subscription) -> None:
        """A subscription was negotiated; its publisher is told of the first."""
        track = subscription.track
        self.show(member, self._clock())
        owner, one = self._seats.of(track.owner), self._seats.publication(track.owner, track.sid)
        if owner is not None and one is not None and not one.is_received:
            one.is_received = True
            owner.member.send(messages.subscribed(track.sid))

    # Who gets what

    def show(self, member: Member, now: float) -> None:
        """Puts into effect what this viewer gets."""
        seen, heard = self._conference.seen_by(member.sid, now), self._conference.heard_by(member.sid, now)
        for sid, subscription in member.down.subscriptions.items():
            if subscription.track.is_video:
                subscription.is_paused = sid not in seen
                subscription.at_most = seen.get(sid, 0)
                subscription.choose(now)
            else:
                subscription.is_paused = sid not in heard

    def rank(self, owner: str, track_sid: str) -> int:
        """Who speaks first, then shared screens, then the others."""
        one = self._seats.publication(owner, track_sid)
        if one is not None and one.source is Source.SCREEN_SHARE:
            return 1
        return 0 if self._speaking.speaks(owner) else 2

    # The chair's orders

    def hold(self, member: Member, one: Publication) -> None:
        """The chair took the word: nothing is forwarded, and the client's own button is asked to show it."""
        one.track.is_held = True
        one.info.muted = True
        member.send(messages.mute(one.sid, muted=True))

    def silence(self, identity: str, *, muted: bool) -> bool:
        """The chair's order; False where nobody of that identity is in."""
        tracks = self._conference.silence(identity, muted)
        if tracks is None:
            return False
        member = next(seat.member for seat in self._seats if seat.member.held.identity == identity)
        for one in (member.publications[sid] for sid in tracks if sid in member.publications):
            if muted:
                self.hold(member, one)
            else:
                one.track.is_held = False
        self._seats.tell(messages.updated(member.info()))
        return True
