"""One room's live side: who comes in and goes, and the parts that do the rest.

`requests` has what a client says, `forwarding` what the conference decides, `rounds` what is due as time goes by. The
rules themselves (who may come in, who hears and sees whom) are `bot.calls.conference`'s; the packets are
`bot.calls.media`'s.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from bot.calls.conference.room import Conference
from bot.calls.conference.values import Admitted, Policy
from bot.calls.evidence import LeaveReason
from bot.calls.media.transport import Network
from bot.calls.signalling import connection_quality, messages
from bot.calls.signalling.forwarding import Forwarding
from bot.calls.signalling.member import Member
from bot.calls.signalling.publishing import Publishing
from bot.calls.signalling.requests import Requests
from bot.calls.signalling.rounds import Rounds
from bot.calls.signalling.seats import Seat, Seats
from bot.calls.signalling.speaking import Speaking
from bot.calls.signalling.subscribing import NoAnswerError, Subscribing
from bot.calls.signalling.tokens import Pass, Tokens
from bot.calls.signalling.upkeep import Upkeep
from bot.calls.signalling.wire import Wire

log = logging.getLogger(__name__)


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


class Hall:
    """One room's members and its conference. `tick` is called every 20 ms."""

    def __init__(self, name: str, around: Surroundings) -> None:
        self.sid = f"RM_{secrets.token_hex(6)}"
        self.conference = conference = Conference(name, Policy())
        self.seats = seats = Seats()
        self._around = around
        self._speaking = speaking = Speaking(conference, seats)
        self._forwarding = forwarding = Forwarding(conference, seats, speaking, around.clock)
        self._requests = Requests(conference, seats, forwarding, around.clock)
        upkeep = Upkeep(around.tokens, self._bury)
        self._rounds = Rounds(conference, seats, forwarding=forwarding, speaking=speaking, upkeep=upkeep)

    def tick(self, now: float) -> None:
        self._rounds.tick(now)

    def silence(self, identity: str, *, muted: bool) -> bool:
        """The chair's order; False where nobody of that identity is in."""
        return self._forwarding.silence(identity, muted=muted)

    # Coming

    async def enter(self, held: Pass, admitted: Admitted, wire: Wire) -> Seat:
        """Takes in who was admitted; an earlier connection of the same identity is ended."""
        earlier = self.seats.of(admitted.replaces or "")
        if earlier is not None:
            await self._unseat(earlier, messages.leave(pm.DisconnectReason.DUPLICATE_IDENTITY, come_back=False))
        member = self._member(held, admitted, wire)
        await member.prepare()
        seat = self._seat(member)
        self._welcome(member)
        self.seats.take(seat)
        self.seats.tell(messages.updated(member.info()), but=member)
        if held.can_subscribe:
            self._forwarding.catch_up(seat)
            member.keep(asyncio.create_task(self._negotiating(seat)))
        return seat

    def _member(self, held: Pass, admitted: Admitted, wire: Wire) -> Member:
        around = self._around
        return Member(
            held,
            admitted,
            wire,
            network=around.network,
            certificate=around.certificate,
            clock=around.clock,
            on_level=self._note_level,
        )

    def _seat(self, member: Member) -> Seat:
        for transport in (member.up_transport, member.down_transport):
            transport.on_data = lambda label, raw: self._requests.pass_on(member, label, raw)
        member.down.rank = lambda track: self._forwarding.rank(track.owner, track.sid)
        subscribing = Subscribing(member, lambda subscription: self._forwarding.begin(member, subscription))
        return Seat(member, Publishing(member), subscribing)

    def _welcome(self, member: Member) -> None:
        """Who comes in learns who is there, and who speaks."""
        others = [one.member.info() for one in self.seats]
        room = messages.room(self.sid, self.conference.name, len(self.seats) + 1)
        relays = self._around.ice_servers(member.held.identity)
        member.send(messages.joined(room, member.info(), others, relays))
        self._speaking.greet(member)

    def _note_level(self, member: Member, level: int) -> None:
        if self.conference.level(member.sid, level, self._around.clock()):
            self._rounds.look_soon()

    async def _negotiating(self, seat: Seat) -> None:
        try:
            await seat.subscribing.run()
        except NoAnswerError:
            log.info("a client did not answer an offer")
            await self.end(seat, LeaveReason.DEAD, messages.leave(pm.DisconnectReason.STATE_MISMATCH, come_back=True))

    async def serve(self, seat: Seat) -> None:
        """Reads the client's messages until it is gone or says goodbye."""
        member = seat.member
        while (request := await member.wire.receive()) is not None and not member.is_gone:
            if request.WhichOneof("message") == "leave":
                await self.end(seat, LeaveReason.LEFT)
                return
            try:
                await self._requests.answer(seat, request)
            except Exception as fault:  # noqa: BLE001 - one client's message must not end anybody's call
                log.warning("a message of a client failed: %s", type(fault).__name__)
        if not member.is_gone:
            member.wire_lost_at = self._around.clock()

    # Going

    async def end(self, seat: Seat, reason: LeaveReason, last: pr.SignalResponse | None = None) -> None:
        """The member has left; the others are told at once."""
        if seat.member.sid not in self.seats:
            return
        connection_quality.measure(self.conference, seat.member)
        self.conference.left(seat.member.sid, reason, self._around.clock())
        await self._unseat(seat, last)

    async def empty(self, sids: tuple[str, ...], last: pr.SignalResponse) -> None:
        """Ends connections that the conference has ended already."""
        seats = [seat for sid in sids if (seat := self.seats.of(sid)) is not None]
        await asyncio.gather(*(self._unseat(seat, last) for seat in seats))

    async def _unseat(self, seat: Seat, last: pr.SignalResponse | None) -> None:
        member = seat.member
        self.seats.give_up(member)
        for one in list(member.publications.values()):
            self._forwarding.withdraw(member, one)
        self.seats.tell(messages.updated(member.info(gone=True)), but=member)
        await member.close(last)

    def _bury(self, seat: Seat) -> None:
        goodbye = messages.leave(pm.DisconnectReason.CONNECTION_TIMEOUT, come_back=True)
        task = asyncio.create_task(self.end(seat, LeaveReason.DEAD, goodbye))
        _running.add(task)
        task.add_done_callback(_running.discard)


_running: set[asyncio.Task[None]] = set()
"""Tasks without another holder: the event loop itself keeps weak references only."""
