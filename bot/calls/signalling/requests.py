"""What a client says: its requests over the websocket, and its data packets for the others.

Everything that comes from a client is counted and cut before it has an effect; a request that is not known is passed
over. What follows for the tracks is `forwarding`'s.
"""

import contextlib
from collections.abc import Callable

from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from bot.calls.conference.room import Conference
from bot.calls.signalling import messages
from bot.calls.signalling.forwarding import Forwarding
from bot.calls.signalling.member import Member
from bot.calls.signalling.seats import Seat, Seats

LARGEST_DATA = 16 * 1024
"""Bytes of a data packet."""
MOST_SETTINGS, MOST_SUBSCRIPTIONS = 100, 200
"""Tracks that are looked at in one request."""


class Requests:
    """Answers the requests of one room's clients."""

    def __init__(
        self, conference: Conference, seats: Seats, forwarding: Forwarding, clock: Callable[[], float]
    ) -> None:
        self._conference = conference
        self._seats = seats
        self._forwarding = forwarding
        self._clock = clock

    async def answer(self, seat: Seat, request: pr.SignalRequest) -> None:
        member, now = seat.member, self._clock()
        match request.WhichOneof("message"):
            case "ping" | "ping_req":
                member.send(messages.pong(request))
            case "trickle":
                await _trickle(member, request.trickle)
            case "offer":
                await self._offered(seat, request.offer, now)
            case "answer":
                seat.subscribing.take_answer(request.answer)
            case "add_track":
                seat.publishing.announce(request.add_track)
            case "mute":
                self._muted(member, request.mute, now)
            case "track_setting":
                self._set(member, request.track_setting, now)
            case "subscription":
                self._subscribe(seat, request.subscription)
            case "update_metadata":
                member.send(messages.refused(request))
            case _:
                pass  # of a later protocol, or nothing that is acted on here

    async def _offered(self, seat: Seat, offered: pr.SessionDescription, now: float) -> None:
        member = seat.member
        fresh, ended = await seat.publishing.answer(offered)
        for one in ended:
            self._forwarding.withdraw(member, one)
        for one in fresh:
            self._forwarding.publish(member, one, now)
        if fresh or ended:
            self._seats.tell(messages.updated(member.info()))
        for one in fresh:
            self._forwarding.spread(member, one)

    def _muted(self, member: Member, told: pr.MuteTrackRequest, now: float) -> None:
        one = member.publications.get(told.sid) or next((p for p in member.pending if p.sid == told.sid), None)
        if one is None:
            return
        one.info.muted = told.muted
        self._conference.mute(member.sid, told.sid, told.muted, by_chair=False, now=now)
        if not told.muted and self._conference.is_stopped(member.sid, one.sid):
            self._forwarding.hold(member, one)
        self._seats.tell(messages.updated(member.info()), but=member)

    def _set(self, member: Member, told: pr.UpdateTrackSettings, now: float) -> None:
        for sid in told.track_sids[:MOST_SETTINGS]:
            self._conference.wish(
                member.sid,
                sid,
                paused=told.disabled,
                quality=told.quality,
                width=told.width or None,
                height=told.height or None,
            )
        self._forwarding.show(member, now)

    def _subscribe(self, seat: Seat, told: pr.UpdateSubscription) -> None:
        sids = [*told.track_sids, *(sid for one in told.participant_tracks for sid in one.track_sids)]
        for sid in sids[:MOST_SUBSCRIPTIONS]:
            others = (other.member.publications for other in self._seats.others(seat.member))
            track = next((known[sid].track for known in others if sid in known), None)
            self._conference.wish(seat.member.sid, sid, subscribed=told.subscribe)
            if track is not None:
                (seat.subscribing.want if told.subscribe else seat.subscribing.drop)(track)

    def pass_on(self, member: Member, label: str, raw: bytes) -> None:
        """Passes a data packet on with its sender's name put in by us; contents are nobody's business here."""
        packet = _data_packet(raw) if member.held.can_publish_data else None
        if packet is None:
            return
        packet.participant_sid, packet.participant_identity = member.sid, member.held.identity
        wanted = set(packet.destination_identities)
        out = packet.SerializeToString()
        for other in self._seats.others(member):
            if not wanted or other.member.held.identity in wanted:
                other.member.down_transport.send_data(label, out)


def _data_packet(raw: bytes) -> pm.DataPacket | None:
    if len(raw) > LARGEST_DATA:
        return None
    packet = pm.DataPacket()
    try:
        packet.ParseFromString(raw)
    except Exception:  # noqa: BLE001 - protobuf's decoder has errors of its own and of Python's
        return None
    return packet


async def _trickle(member: Member, told: pr.TrickleRequest) -> None:
    transport = member.down_transport if told.target == pr.SignalTarget.SUBSCRIBER else member.up_transport
    line = messages.candidate_line(told.candidateInit)
    if line:
        with contextlib.suppress(ValueError):
            await transport.add_candidate(line)
