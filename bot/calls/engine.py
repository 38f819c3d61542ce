"""The engine: all rooms of one municipality, the orders of the service, and the evidence on its way to disk.

It decides nothing by itself: `bot.calls.conference` has the policy, the service gives the orders. What it leaves to
others: issuing tokens, links, waiting rooms, and everything of Matrix.
"""

import asyncio
import gc
import os
import time
from collections.abc import Callable, Sequence

import psutil
from livekit.protocol import models as pm

from bot.calls.conference.values import Admitted, PolicyChange, Present, Refused
from bot.calls.evidence import Evidence
from bot.calls.journal import Journal
from bot.calls.orders import Status, Trouble
from bot.calls.signalling import messages
from bot.calls.signalling.hall import Hall, Surroundings
from bot.calls.signalling.seats import Seat
from bot.calls.signalling.tokens import Pass
from bot.calls.signalling.wire import Wire

VERSION = "1"
TICK_S = 0.02
ALIVE_S = 5.0
TIDY_S = 1.0
EMPTY_S = 20.0
"""A room that everybody has left for so long is closed; who comes back before finds it as it was."""
MOST_ROOMS = 2000


def steady_clock() -> Callable[[], float]:
    """Unix seconds that never go back, whatever the machine's clock is set to meanwhile."""
    anchor = time.time() - time.monotonic()
    return lambda: anchor + time.monotonic()


class Engine:
    """Fulfils `bot.calls.orders.Orders`. `run` keeps time until it is cancelled."""

    def __init__(self, around: Surroundings, journal: Journal) -> None:
        self._around = around
        self._journal = journal
        self._halls: dict[str, Hall] = {}
        self._started_at = around.clock()
        self._process = psutil.Process(os.getpid())
        self._entered = self._tidied = 0
        self.is_stopping = False

    def admit(self, held: Pass) -> tuple[Hall, Admitted | Refused] | None:
        """Asks the room's policy; None where there are too many rooms, or the engine goes down."""
        if self.is_stopping:
            return None
        hall = self._halls.get(held.room)
        if hall is None:
            if len(self._halls) >= MOST_ROOMS:
                return None
            hall = self._hall(held.room)
        now = self._around.clock()
        found = hall.conference.admit(held.identity, held.name, held.role, now, issued=held.issued)
        self._record()
        return hall, found

    def would_refuse(self, held: Pass) -> str | None:
        """The refusal that `admit` would give to this token, without coming in."""
        hall = self._halls.get(held.room)
        if self.is_stopping:
            return "stopping"
        if hall is None:
            return None
        refusal = hall.conference.refuses(held.identity, self._around.clock(), issued=held.issued)
        return None if refusal is None else refusal.value

    def now(self) -> float:
        return self._around.clock()

    async def seat(self, hall: Hall, held: Pass, admitted: Admitted, wire: Wire) -> Seat:
        self._entered += 1
        return await hall.enter(held, admitted, wire)

    def _hall(self, name: str) -> Hall:
        hall = self._halls[name] = Hall(name, self._around)
        return hall

    # Time

    async def run(self) -> None:
        """Ticks, records, and marks that the engine lives."""
        alive_at = tidied_at = 0.0
        while True:
            now = self._around.clock()
            for hall in list(self._halls.values()):
                hall.tick(now)
            self._record()
            if now - alive_at >= ALIVE_S:
                alive_at = now
                self._journal.alive(now)
                self._sweep(now)
            if now - tidied_at >= TIDY_S:
                tidied_at = now
                self._tidy()
            await asyncio.sleep(TICK_S)

    def _record(self) -> None:
        drafts = [draft for hall in self._halls.values() for draft in hall.conference.take_evidence()]
        if drafts:
            self._journal.record(drafts)

    def _sweep(self, now: float) -> None:
        for name, hall in list(self._halls.items()):
            since = hall.conference.empty_since
            if since is not None and now - since > EMPTY_S:
                hall.conference.fall_asleep(now)
            self._record()
            if not hall.seats and hall.conference.is_spent(now):
                del self._halls[name]

    def _tidy(self) -> None:
        """Frees what those who left leave behind: connections refer to themselves, and the collector looks seldom."""
        gone = self._entered - sum(len(hall.seats) for hall in self._halls.values())
        if gone != self._tidied:
            self._tidied = gone
            gc.collect()

    async def stop(self) -> None:
        """The orderly end: clients are asked to come anew, and find the engine's successor."""
        self.is_stopping = True
        goodbye = messages.leave(pm.DisconnectReason.SERVER_SHUTDOWN, come_back=True)
        for hall in list(self._halls.values()):
            await hall.empty(hall.conference.stop(self._around.clock()), goodbye)
        self._record()

    # Orders

    async def policy(self, room: str, change: PolicyChange) -> Trouble | None:
        (self._halls.get(room) or self._hall(room)).conference.change(change)
        return None

    async def participants(self, room: str) -> Sequence[Present] | Trouble:
        hall = self._halls.get(room)
        return Trouble.UNKNOWN_ROOM if hall is None else hall.conference.present()

    async def mute(self, room: str, identity: str, *, muted: bool) -> Trouble | None:
        hall = self._halls.get(room)
        if hall is None:
            return Trouble.UNKNOWN_ROOM
        return None if hall.silence(identity, muted=muted) else Trouble.UNKNOWN_PARTICIPANT

    async def remove(self, room: str, identity: str) -> Trouble | None:
        hall = self._halls.get(room)
        if hall is None:
            return Trouble.UNKNOWN_ROOM
        sid = hall.conference.remove(identity, self._around.clock())
        if sid is None:
            return Trouble.UNKNOWN_PARTICIPANT
        await hall.empty((sid,), messages.leave(pm.DisconnectReason.PARTICIPANT_REMOVED, come_back=False))
        self._record()
        return None

    async def close(self, room: str) -> Trouble | None:
        hall = self._halls.get(room)
        if hall is None:
            return Trouble.UNKNOWN_ROOM
        goodbye = messages.leave(pm.DisconnectReason.ROOM_DELETED, come_back=False)
        await hall.empty(hall.conference.close(self._around.clock()), goodbye)
        self._record()
        return None

    async def evidence(self, after: int, limit: int, wait_s: float) -> Sequence[Evidence] | Trouble:
        return await self._journal.read(after, limit, wait_s=wait_s)

    async def settled(self, through: int) -> Trouble | None:
        await self._journal.settled(through)
        return None

    async def status(self) -> Status | Trouble:
        times = self._process.cpu_times()
        return Status(
            rooms=sum(bool(hall.seats) for hall in self._halls.values()),
            participants=sum(len(hall.seats) for hall in self._halls.values()),
            cpu_s=times.user + times.system,
            rss_mb=self._process.memory_info().rss / 1e6,
            started_at=self._started_at,
            version=VERSION,
        )
