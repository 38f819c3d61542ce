"""One room with its members: tells each of the others, and puts the conference's decisions into effect.

The decisions (who hears and sees whom, who may come in) are `bot.calls.conference`'s; the packets are
`bot.calls.media`'s.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from bot.calls.conference.room import Conference
from bot.calls.conference.values import Admitted, Policy, Source, Speaker
from bot.calls.evidence import LeaveReason
from bot.calls.media.downlink import Subscription
from bot.calls.media.transport import Network
from bot.calls.signalling import messages
from bot.calls.signalling.member import Member
from bot.calls.signalling.publication import Publication
from bot.calls.signalling.publishing import Publishing
from bot.calls.signalling.subscribing import NoAnswerError, Subscribing
from bot.calls.signalling.tokens import Pass, Tokens
from bot.calls.signalling.wire import Wire

log = logging.getLogger(__name__)

SPEAKERS_S, QUALITY_S, LAYERS_S, LOOK_S = 0.3, 3.0, 0.4, 0.1
SILENT_S = 7.0
"""Neither media nor a consent check for so long: the client is gone. Consent itself takes 30 s to end (RFC 7675)."""
WIRE_GRACE_S = 5.0
"""So long a client whose websocket broke may take to come anew before the others see it leave."""
WIRELESS_S = 60.0
"""So long it keeps its place while its media still flows: what stands between may be starting anew."""
FLOWING_S = 3.0
CONNECT_S = 20.0
RENEW_S = 240.0
"""A token of ten minutes is renewed this often while its holder is in."""
LARGEST_DATA = 16 * 1024


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every room of the engine shares."""

    network: Network
    certificate: Any
    clock: Callable[[], float]
    """Unix seconds that never go back."""
    tokens: Tokens
    ice_servers: Callable[[str], list[pr.ICEServer]]
    """For an identity: where its media may be relayed."""


@dataclass(slots=True)
class Seat:
    """A member with its two negotiations."""

    member: Member
    publishing: Publishing
    subscribing: Subscribing
    due: dict[str, float] = field(default_factory=dict)


class Hall:
    """One room's live side."""

    def __init__(self, name: str, around: Surroundings) -> None:
        self.sid = f"RM_{secrets.token_hex(6)}"
        self.conference = Conference(name, Policy())
        self._around = around
        self._seats: dict[str, Seat] = {}
        self._spoken: dict[str, Speaker] = {}
        self._due = dict.fromkeys(("speakers", "quality", "layers", "look"), 0.0)
        self._heard: frozenset[str] = frozenset()

    @property
    def seats(self) -> list[Seat]:
        return list(self._seats.values())

    # Coming and going

    async def enter(self, held: Pass, admitted: Admitted, wire: Wire) -> Seat:
        """Takes in who was admitted; an earlier connection of the same identity is ended."""
        earlier = self._seats.get(admitted.replaces or "")
        if earlier is not None:
            await self._unseat(earlier, messages.leave(pm.DisconnectReason.DUPLICATE_IDENTITY, come_back=False))
        around = self._around
        member = Member(
            held,
            admitted,
            wire,
            network=around.network,
            certificate=around.certificate,
            clock=around.clock,
            on_level=self._note_level,
        )
        await member.prepare()
        for transport in (member.up_transport, member.down_transport):
            transport.on_data = lambda label, raw: self._data(member, label, raw)
        seat = Seat(member, Publishing(member), Subscribing(member, lambda one: self._begun(member, one)))
        member.down.rank = lambda track: self._rank(track.owner, track.sid)
        others = [one.member.info() for one in self.seats]
        room = messages.room(self.sid, self.conference.name, len(self._seats) + 1)
        member.send(messages.joined(room, member.info(), others, self._around.ice_servers(held.identity)))
        if self._spoken:
            member.send(messages.speakers(self._spoken.values()))
        self._seats[member.sid] = seat
        self._tell(messages.updated(member.info()), but=member)
        if held.can_subscribe:
            for track in (one.track for other in self.others(member) for one in other.publications.values()):
                seat.subscribing.want(track)
            member.keep(asyncio.create_task(self._negotiating(seat)))
        return seat

    async def serve(self, seat: Seat) -> None:
        """Reads the client's messages until it is gone or says goodbye."""
        member = seat.member
        while (request := await member.wire.receive()) is not None and not member.is_gone:
            if request.WhichOneof("message") == "leave":
                await self.end(seat, LeaveReason.LEFT)
                return
            try:
                await self._answer(seat, request)
            except Exception as fault:  # noqa: BLE001 - one client's message must not end anybody's call
                log.warning("a message of a client failed: %s", type(fault).__name__)
        if not member.is_gone:
            member.wire_lost_at = self._around.clock()

    async def end(self, seat: Seat, reason: LeaveReason, last: pr.SignalResponse | None = None) -> None:
        """The member has left; the others are told at once."""
        if seat.member.sid not in self._seats:
            return
        self._measure(seat)
        self.conference.left(seat.member.sid, reason, self._around.clock())
        await self._unseat(seat, last)

    async def _unseat(self, seat: Seat, last: pr.SignalResponse | None) -> None:
        member = seat.member
        self._seats.pop(member.sid, None)
        for one in list(member.publications.values()):
            self._withdraw(member, one)
        self._tell(messages.updated(member.info(gone=True)), but=member)
        await member.close(last)

    async def empty(self, sids: tuple[str, ...], last: pr.SignalResponse) -> None:
        """Ends connections that the conference has ended already."""
        seats = [self._seats[sid] for sid in sids if sid in self._seats]
        await asyncio.gather(*(self._unseat(seat, last) for seat in seats))

    def others(self, member: Member) -> Iterator[Member]:
        return (seat.member for seat in self.seats if seat.member is not member)

    def _tell(self, message: pr.SignalResponse, but: Member | None = None) -> None:
        for seat in self.seats:
            if seat.member is not but:
                seat.member.send(message)

    async def _negotiating(self, seat: Seat) -> None:
        try:
            await seat.subscribing.run()
        except NoAnswerError:
            log.info("a client did not answer an offer")
            await self.end(seat, LeaveReason.DEAD, messages.leave(pm.DisconnectReason.STATE_MISMATCH, come_back=True))

    # What a client says

    async def _answer(self, seat: Seat, request: pr.SignalRequest) -> None:
        member, now = seat.member, self._around.clock()
        match request.WhichOneof("message"):
            case "ping" | "ping_req":
                member.send(messages.pong(request))
            case "trickle":
                await _trickle(member, request.trickle)
            case "offer":
                await self._offered(seat, request.offer)
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

    async def _offered(self, seat: Seat, offered: pr.SessionDescription) -> None:
        member, now = seat.member, self._around.clock()
        fresh, ended = await seat.publishing.answer(offered)
        for one in ended:
            self._withdraw(member, one)
        for one in fresh:
            self.conference.publish(member.sid, one.facts, now)
            if self.conference.is_stopped(member.sid, one.sid):
                self._hold(member, one)
        if fresh or ended:
            self._tell(messages.updated(member.info()))
        for one in fresh:
            for other in self.seats:
                if other.member is not member and other.member.held.can_subscribe:
                    other.subscribing.want(one.track)

    def _withdraw(self, member: Member, one: Publication) -> None:
        member.publications.pop(one.sid, None)
        member.up.remove(one.track)
        self.conference.unpublish(member.sid, one.sid, self._around.clock())
        for seat in self.seats:
            if seat.member is not member:
                seat.subscribing.drop(one.track)

    def _muted(self, member: Member, told: pr.MuteTrackRequest, now: float) -> None:
        one = member.publications.get(told.sid) or next((p for p in member.pending if p.sid == told.sid), None)
        if one is None:
            return
        one.info.muted = told.muted
        self.conference.mute(member.sid, told.sid, told.muted, by_chair=False, now=now)
        if not told.muted and self.conference.is_stopped(member.sid, one.sid):
            self._hold(member, one)
        self._tell(messages.updated(member.info()), but=member)

    def _set(self, member: Member, told: pr.UpdateTrackSettings, now: float) -> None:
        for sid in told.track_sids[:100]:
            self.conference.wish(
                member.sid,
                sid,
                paused=told.disabled,
                quality=told.quality,
                width=told.width or None,
                height=told.height or None,
            )
        self._show(self._seats[member.sid], now)

    def _subscribe(self, seat: Seat, told: pr.UpdateSubscription) -> None:
        sids = [*told.track_sids, *(sid for one in told.participant_tracks for sid in one.track_sids)][:200]
        for sid in sids:
            owners = (one for one in self.others(seat.member) if sid in one.publications)
            track = next((one.publications[sid].track for one in owners), None)
            self.conference.wish(seat.member.sid, sid, subscribed=told.subscribe)
            if track is not None:
                (seat.subscribing.want if told.subscribe else seat.subscribing.drop)(track)

    def _data(self, member: Member, label: str, raw: bytes) -> None:
        """Passes a data packet on with its sender's name put in by us; contents are nobody's business here."""
        if len(raw) > LARGEST_DATA or not member.held.can_publish_data:
            return
        packet = pm.DataPacket()
        try:
            packet.ParseFromString(raw)
        except Exception:  # noqa: BLE001 - protobuf's decoder has errors of its own and of Python's
            return
        packet.participant_sid, packet.participant_identity = member.sid, member.held.identity
        wanted = set(packet.destination_identities)
        out = packet.SerializeToString()
        for other in self.others(member):
            if not wanted or other.held.identity in wanted:
                other.down_transport.send_data(label, out)

    # What the conference decides

    def _begun(self, member: Member, subscription: Subscription) -> None:
        track = subscription.track
        self._show(self._seats[member.sid], self._around.clock())
        owner = self._seats.get(track.owner)
        one = owner.member.publications.get(track.sid) if owner is not None else None
        if owner is not None and one is not None and not one.is_received:
            one.is_received = True
            owner.member.send(messages.subscribed(track.sid))

    def _note_level(self, member: Member, level: int) -> None:
        if self.conference.level(member.sid, level, self._around.clock()):
            self._due["look"] = 0.0  # a voice asks for a place: the next tick gives it

    def _rank(self, owner: str, track_sid: str) -> int:
        """Who speaks first, then shared screens, then the others."""
        seat = self._seats.get(owner)
        one = seat.member.publications.get(track_sid) if seat is not None else None
        if one is not None and one.source is Source.SCREEN_SHARE:
            return 1
        spoken = self._spoken.get(owner)
        return 0 if spoken is not None and spoken.active else 2

    def _show(self, seat: Seat, now: float) -> None:
        """Puts into effect what this viewer gets."""
        member = seat.member
        seen, heard = self.conference.seen_by(member.sid, now), self.conference.heard_by(member.sid, now)
        for sid, subscription in member.down.subscriptions.items():
            if subscription.track.is_video:
                subscription.is_paused = sid not in seen
                subscription.at_most = seen.get(sid, 0)
                subscription.choose(now)
            else:
                subscription.is_paused = sid not in heard

    def _hold(self, member: Member, one: Publication) -> None:
        """The chair took the word: nothing is forwarded, and the client's own button is asked to show it."""
        one.track.is_held = True
        one.info.muted = True
        member.send(messages.mute(one.sid, muted=True))

    def silence(self, identity: str, *, muted: bool) -> bool:
        """The chair's order; False where nobody of that identity is in."""
        tracks = self.conference.silence(identity, muted)
        if tracks is None:
            return False
        member = next(seat.member for seat in self.seats if seat.member.held.identity == identity)
        for one in (member.publications[sid] for sid in tracks if sid in member.publications):
            if muted:
                self._hold(member, one)
            else:
                one.track.is_held = False
        self._tell(messages.updated(member.info()))
        return True

    # Time

    def tick(self, now: float) -> None:
        """Called every 20 ms."""
        for seat in self.seats:
            seat.member.up.tick(now)
            seat.member.down.tick(now)
        if self._is_due("look", LOOK_S, now):
            self._look(now)
        if self._is_due("speakers", SPEAKERS_S, now):
            self._tell_speakers(now)
        if self._is_due("layers", LAYERS_S, now):
            self._tell_layers(now)
        if self._is_due("quality", QUALITY_S, now):
            self._tell_quality()

    def _is_due(self, what: str, every: float, now: float) -> bool:
        due = now >= self._due[what]
        if due:
            self._due[what] = now + every
        return due

    def _look(self, now: float) -> None:
        """Loudest voices, first packets, and who is gone."""
        heard = self.conference.heard(now)
        if heard != self._heard:
            self._heard = heard
            for seat in self.seats:
                self._show(seat, now)
        for seat in self.seats:
            self._note_media(seat.member, now)
            self._look_for_dead(seat, now)
            self._tell_paused(seat.member)

    def _note_media(self, member: Member, now: float) -> None:
        for one in member.publications.values():
            if not one.has_flowed and one.track.sent(now):
                one.has_flowed = True
                self.conference.media(member.sid, one.source, now)

    def _look_for_dead(self, seat: Seat, now: float) -> None:
        member = seat.member
        lost = member.wire_lost_at
        limit = SILENT_S if member.has_connected else CONNECT_S
        if member.silent_s > limit or (lost is not None and _is_over(now - lost, member.silent_s)):
            goodbye = messages.leave(pm.DisconnectReason.CONNECTION_TIMEOUT, come_back=True)
            self._begin(self.end(seat, LeaveReason.DEAD, goodbye))
        elif now - member.token_renewed_at > RENEW_S:
            member.token_renewed_at = now
            member.send(messages.token(self._around.tokens.renewed(member.held)))

    def _begin(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        _running.add(task)
        task.add_done_callback(_running.discard)

    def _tell_paused(self, member: Member) -> None:
        """Pictures that the line has no room for are told as paused, and as going on again."""
        subscriptions = member.down.subscriptions
        paused = {sid for sid, one in subscriptions.items() if one.granted is None and not one.is_paused}
        for sid in paused ^ member.paused_pictures:
            if sid in subscriptions:
                member.send(messages.stream_state(subscriptions[sid].track.owner, sid, paused=sid in paused))
        member.paused_pictures = paused

    def _tell_speakers(self, now: float) -> None:
        told = {speaker.sid: speaker for speaker in self.conference.speakers(now) if speaker.active}
        ended = [Speaker(sid, 0.0, active=False) for sid in self._spoken if sid not in told]
        changed = [one for one in told.values() if _differs(one, self._spoken.get(one.sid))]
        self._spoken = told
        if changed or ended:
            self._tell(messages.speakers([*changed, *ended]))

    def _tell_layers(self, now: float) -> None:
        """Publishers are told which layers anybody watches."""
        for seat in self.seats:
            self._show(seat, now)
            for one in seat.member.publications.values():
                if one.is_video and one.info.simulcast:
                    highest = self.conference.wanted_layers(one.sid, now)
                    if highest != one.told_layers:
                        one.told_layers = highest
                        seat.member.send(messages.layers(one.sid, highest))

    def _tell_quality(self) -> None:
        told = []
        for seat in self.seats:
            self._measure(seat)
            told.append((seat.member.sid, *_quality(_lost_share(seat.member), seat.member.down.quality.round_trip_s)))
        self._tell(messages.qualities(told))

    def _measure(self, seat: Seat) -> None:
        member = seat.member
        lost, round_trip = _lost_share(member), member.down.quality.round_trip_s
        word, _ = _quality(lost, round_trip)
        facts = {"lost_share": round(lost, 4), "round_trip_ms": round(round_trip * 1000)}
        self.conference.measured(member.sid, quality=word, **facts)


_running: set[asyncio.Task[None]] = set()
"""Tasks without another holder: the event loop itself keeps weak references only."""


def _is_over(wireless_s: float, silent_s: float) -> bool:
    """Whether a client without its websocket is gone."""
    return wireless_s > WIRE_GRACE_S and (silent_s > FLOWING_S or wireless_s > WIRELESS_S)


def _lost_share(member: Member) -> float:
    """The worse of both ways."""
    up = [stream.received.lost_share() for one in member.publications.values() for stream in one.track.streams.values()]
    return max([member.down.quality.lost_share, *up])


def _quality(lost: float, round_trip_s: float) -> tuple[str, float]:
    if lost > 0.08 or round_trip_s > 0.6:  # noqa: PLR2004 - ITU-T G.107: where talking becomes hard
        return "poor", 2.0
    if lost > 0.02 or round_trip_s > 0.3:  # noqa: PLR2004 - as above: where it is noticed
        return "good", 3.5
    return "excellent", 5.0


def _differs(one: Speaker, known: Speaker | None) -> bool:
    return known is None or abs(one.level - known.level) > 0.05  # noqa: PLR2004 - a twentieth is not seen


async def _trickle(member: Member, told: pr.TrickleRequest) -> None:
    transport = member.down_transport if told.target == pr.SignalTarget.SUBSCRIBER else member.up_transport
    line = messages.candidate_line(told.candidateInit)
    if line:
        with contextlib.suppress(ValueError):
            await transport.add_candidate(line)
