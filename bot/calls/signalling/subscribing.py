"""The way down: which tracks a client is sent, negotiated one offer at a time.

Sections are never taken away (RFC 8829 would let the other side keep them anyway): a track that ends leaves an idle
one, and the next of its kind takes it.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from livekit.protocol import rtc as pr

from bot.calls.media.downlink import Subscription
from bot.calls.media.track import Track
from bot.calls.sdp import reading, writing
from bot.calls.sdp.writing import Sent
from bot.calls.signalling import messages
from bot.calls.signalling.member import Member

log = logging.getLogger(__name__)

ANSWER_S = 15.0
MOST_SECTIONS = 120
LARGEST_SSRC = 0xFFFFFFFE


@dataclass(slots=True)
class Slot:
    """One section of the way down; `track` is None while it is idle."""

    mid: str
    kind: str
    track: Track | None = None
    ssrc: int = 0
    rtx_ssrc: int = 0

    def take(self, track: Track | None) -> None:
        """A track with fresh SSRCs, or none."""
        self.track = track
        self.ssrc = secrets.randbelow(LARGEST_SSRC) + 1 if track is not None else 0
        self.rtx_ssrc = secrets.randbelow(LARGEST_SSRC) + 1 if track is not None and track.is_video else 0

    def sent(self) -> Sent:
        if self.track is None:
            return Sent(self.mid, self.kind)
        stream = f"{self.track.owner}|{self.track.sid}"
        return Sent(self.mid, self.kind, stream, self.track.sid, self.ssrc, self.rtx_ssrc)


class NoAnswerError(Exception):
    """The client did not answer an offer, or its connection was not made: it has to come anew."""


class Subscribing:
    """One member's slots. `run` negotiates whenever `want` or `drop` changed them."""

    def __init__(self, member: Member, begun: Callable[[Subscription], None]) -> None:
        self._member = member
        self._begun = begun
        self._slots: list[Slot] = []
        self._changed = asyncio.Event()
        self._changed.set()
        self._answer: asyncio.Future[str] | None = None
        self._number = 0
        self._ready: set[str] = set()

    def want(self, track: Track) -> None:
        """Puts the track into an idle slot of its kind, or a new one."""
        if any(slot.track is track for slot in self._slots):
            return
        kind = "video" if track.is_video else "audio"
        slot = next((one for one in self._slots if one.track is None and one.kind == kind), None)
        if slot is None:
            if len(self._slots) >= MOST_SECTIONS:
                return
            slot = Slot(str(len(self._slots) + 1), kind)
            self._slots.append(slot)
        slot.take(track)
        self._changed.set()

    def drop(self, track: Track) -> None:
        self._member.down.remove(track.sid)
        self._ready.discard(track.sid)
        for slot in self._slots:
            if slot.track is track:
                slot.take(None)
                self._changed.set()

    def take_answer(self, answered: pr.SessionDescription) -> None:
        if self._answer is not None and not self._answer.done() and answered.id in (0, self._number):
            self._answer.set_result(answered.sdp)

    async def run(self) -> None:
        """Until it is cancelled. Raises `NoAnswerError`."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            await self._negotiate()

    async def _negotiate(self) -> None:
        """One offer and its answer, which begin what is new in it."""
        self._number += 1
        fresh = [(slot, slot.track, slot.ssrc, slot.rtx_ssrc) for slot in self._slots if slot.track is not None]
        sent = [slot.sent() for slot in self._slots]
        transport = self._member.down_transport
        self._answer = asyncio.get_running_loop().create_future()
        self._member.send(messages.offer(writing.offer(transport.local(), self._number, sent), self._number))
        try:
            text = await asyncio.wait_for(self._answer, ANSWER_S)
        except TimeoutError as fault:
            raise NoAnswerError from fault
        description = reading.read(text)
        if description is None:
            raise NoAnswerError
        transport.start(description)
        for slot, track, ssrc, rtx_ssrc in fresh:
            if slot.track is track and slot.ssrc == ssrc and track.sid not in self._ready:
                self._ready.add(track.sid)
                self._begun(self._member.down.add(track, ssrc, rtx_ssrc))
