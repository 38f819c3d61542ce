"""A roll call at a LiveKit: evidence whose webhook never came is made good by who is in its rooms now.

LiveKit tries a webhook five times within fifteen seconds, drops it then, and drops what waited behind it for more than
thirty (livekit-server 1.13.5); one that is killed tells nothing at all. So a presence could stay open for ever, or
never be known. What webhooks did tell is never told a second time: the journal takes each coming and each going once.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass

from bot.calls.conference.values import Present
from bot.calls.evidence import EvidenceDraft, Kind, LeaveReason
from bot.calls.journal import Journal
from bot.calls.livekit import LiveKitOrders, only_once
from bot.calls.orders import Trouble

log = logging.getLogger(__name__)

LOOK_S = 10.0
"""Between two looks, which is also how exactly an end is known that no webhook told."""
GRACE_S = 40.0
"""How long evidence may differ from what LiveKit says: until then a webhook can still come."""


@dataclass(frozen=True, slots=True)
class Open:
    """A presence that has begun and not ended, as far as evidence goes. `joined_at` is Unix seconds."""

    room: str
    identity: str
    sid: str
    joined_at: float


Known = Callable[[], Awaitable[Collection[Open]]]
_Key = tuple[str, str]
"""Room and sid."""


@dataclass(frozen=True, slots=True)
class _Difference:
    """`last_there` is the last moment at which LiveKit is known to have had that connection."""

    since: float
    last_there: float


class RollCall:
    """`known` gives the open presences. `run` never ends by itself."""

    def __init__(
        self,
        orders: LiveKitOrders,
        journal: Journal,
        known: Known,
        *,
        clock: Callable[[], float] = time.time,
        grace_s: float = GRACE_S,
    ) -> None:
        self._orders = orders
        self._journal = journal
        self._known = known
        self._clock = clock
        self._grace_s = grace_s
        self._differing: dict[_Key, _Difference] = {}
        self._there_at: dict[_Key, float] = {}

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as fault:  # noqa: BLE001 - one bad look must not leave presences open for ever
                log.warning("the calls' roll call failed: %s", type(fault).__name__)
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Compares once; nothing follows for rooms of which LiveKit does not tell."""
        known = {(one.room, one.sid): one for one in await self._known()}
        rooms = await self._rooms({room for room, _ in known})
        if rooms is None:
            return
        now = self._clock()
        there = {(room, one.sid): one for room, people in rooms.items() for one in people}
        gone = {key: one for key, one in known.items() if key not in there and one.room in rooms}
        new = {key: one for key, one in there.items() if key not in known}
        ripe = self._ripe({*gone, *new}, now, await self._journal.last_alive())
        for key in ripe & set(new):
            await self._record(_came(key[0], new[key]))
        for key in ripe & set(gone):
            is_back = any(one.identity == gone[key].identity for one in rooms[key[0]])
            await self._record(_went(gone[key], self._differing[key].last_there, is_back=is_back))
        kept = {key: at for key, at in self._there_at.items() if key in known}
        self._there_at = kept | dict.fromkeys(there, now)
        await self._journal.alive(now)

    async def _rooms(self, known: set[str]) -> Mapping[str, Collection[Present]] | None:
        open_ones = await self._orders.rooms()
        if isinstance(open_ones, Trouble):
            return None
        found: dict[str, Collection[Present]] = {room: [] for room in known - set(open_ones)}
        for room in open_ones:
            people = await self._orders.participants(room)
            if not isinstance(people, Trouble):
                found[room] = people
            elif people is Trouble.UNKNOWN_ROOM:
                found[room] = []
        return found

    def _ripe(self, keys: set[_Key], now: float, last_look: float | None) -> set[_Key]:
        """Those that have differed for longer than a webhook can take. `last_look` may be an earlier process's."""
        for key in keys - set(self._differing):
            last = self._there_at.get(key, now if last_look is None else last_look)
            self._differing[key] = _Difference(now, min(last, now))
        self._differing = {key: one for key, one in self._differing.items() if key in keys}
        return {key for key, one in self._differing.items() if now - one.since >= self._grace_s}

    async def _record(self, draft: EvidenceDraft) -> None:
        await self._journal.record([draft], once=only_once(draft))


def _came(room: str, present: Present) -> EvidenceDraft:
    facts = {"name": present.name, "role": present.role}
    return EvidenceDraft(present.joined_at, room, present.identity, present.sid, Kind.JOINED, facts)


def _went(one: Open, last: float, *, is_back: bool) -> EvidenceDraft:
    """`is_back`: the same identity is in by another connection, so that person has not left the call."""
    at = max(last, one.joined_at)
    reason = LeaveReason.REPLACED if is_back else LeaveReason.DEAD
    facts = {"reason": reason.value, "seconds": at - one.joined_at}
    return EvidenceDraft(at, one.room, one.identity, one.sid, Kind.LEFT, facts)
