"""What a room does as time goes by: packets that are due, and what is looked at and told every so often."""

from bot.calls.conference.room import Conference
from bot.calls.signalling import connection_quality, messages
from bot.calls.signalling.forwarding import Forwarding
from bot.calls.signalling.member import Member
from bot.calls.signalling.seats import Seats
from bot.calls.signalling.speaking import Speaking
from bot.calls.signalling.upkeep import Upkeep

SPEAKERS_S, QUALITY_S, LAYERS_S, LOOK_S = 0.3, 3.0, 0.4, 0.1


class Rounds:
    """One room's time. `tick` is called every 20 ms."""

    def __init__(
        self, conference: Conference, seats: Seats, *, forwarding: Forwarding, speaking: Speaking, upkeep: Upkeep
    ) -> None:
        self._conference = conference
        self._seats = seats
        self._forwarding = forwarding
        self._speaking = speaking
        self._upkeep = upkeep
        self._due = dict.fromkeys(("speakers", "quality", "layers", "look"), 0.0)
        self._heard: frozenset[str] = frozenset()

    def tick(self, now: float) -> None:
        for seat in self._seats:
            seat.member.up.tick(now)
            seat.member.down.tick(now)
        if self._is_due("look", LOOK_S, now):
            self._look(now)
        if self._is_due("speakers", SPEAKERS_S, now):
            self._speaking.tell(now)
        if self._is_due("layers", LAYERS_S, now):
            self._settle_layers(now)
        if self._is_due("quality", QUALITY_S, now):
            connection_quality.tell(self._conference, self._seats)

    def look_soon(self) -> None:
        """A voice asks for a place: the next tick gives it."""
        self._due["look"] = 0.0

    def _is_due(self, what: str, every: float, now: float) -> bool:
        due = now >= self._due[what]
        if due:
            self._due[what] = now + every
        return due

    def _look(self, now: float) -> None:
        """Loudest voices, first packets, who is gone, and pictures that stop or go on."""
        heard = self._conference.heard(now)
        if heard != self._heard:
            self._heard = heard
            for seat in self._seats:
                self._forwarding.show(seat.member, now)
        for seat in self._seats:
            self._note_media(seat.member, now)
            self._upkeep.look(seat, now)
            _tell_paused(seat.member)

    def _note_media(self, member: Member, now: float) -> None:
        for one in member.publications.values():
            if not one.has_flowed and one.track.sent(now):
                one.has_flowed = True
                self._conference.media(member.sid, one.source, now)

    def _settle_layers(self, now: float) -> None:
        for seat in self._seats:
            self._forwarding.show(seat.member, now)
            self._tell_layers(seat.member, now)

    def _tell_layers(self, member: Member, now: float) -> None:
        """A publisher is told which layers anybody watches."""
        for one in member.publications.values():
            if one.is_video and one.info.simulcast:
                highest = self._conference.wanted_layers(one.sid, now)
                if highest != one.told_layers:
                    one.told_layers = highest
                    member.send(messages.layers(one.sid, highest))


def _tell_paused(member: Member) -> None:
    """Pictures that the line has no room for are told as paused, and as going on again."""
    subscriptions = member.down.subscriptions
    paused = {sid for sid, one in subscriptions.items() if one.granted is None and not one.is_paused}
    for sid in paused ^ member.paused_pictures:
        if sid in subscriptions:
            member.send(messages.stream_state(subscriptions[sid].track.owner, sid, paused=sid in paused))
    member.paused_pictures = paused
