"""`Orders` over real conferences and a real journal, without any media: people come by a call of `come`."""

import time
from collections.abc import Sequence

from bot.calls.conference import Admitted, Conference, Policy, PolicyChange, Present, Source, TrackFacts, TrackKind
from bot.calls.evidence import Evidence
from bot.calls.journal import Journal
from bot.calls.orders import Status, Trouble


class QuietEngine:
    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.rooms: dict[str, Conference] = {}
        self.started_at = time.time()

    async def come(self, room: str, identity: str, name: str = "Kuntalainen") -> str:
        """Somebody comes in with a microphone."""
        conference = self._open(room)
        admitted = conference.admit(identity, name, "citizen", time.time(), issued=time.time() + 1)
        assert isinstance(admitted, Admitted)
        microphone = TrackFacts(f"TR_{identity}", TrackKind.AUDIO, Source.MICROPHONE)
        conference.publish(admitted.sid, microphone, time.time())
        await self._record(conference)
        return admitted.sid

    async def policy(self, room: str, change: PolicyChange) -> Trouble | None:
        self._open(room).change(change)
        return None

    async def participants(self, room: str) -> Sequence[Present] | Trouble:
        return self.rooms[room].present() if room in self.rooms else Trouble.UNKNOWN_ROOM

    async def mute(self, room: str, identity: str, *, muted: bool) -> Trouble | None:
        if room not in self.rooms:
            return Trouble.UNKNOWN_ROOM
        silenced = self.rooms[room].silence(identity, muted=muted)
        return Trouble.UNKNOWN_PARTICIPANT if silenced is None else None

    async def remove(self, room: str, identity: str) -> Trouble | None:
        if room not in self.rooms:
            return Trouble.UNKNOWN_ROOM
        sid = self.rooms[room].remove(identity, time.time())
        await self._record(self.rooms[room])
        return Trouble.UNKNOWN_PARTICIPANT if sid is None else None

    async def close(self, room: str) -> Trouble | None:
        if room not in self.rooms:
            return Trouble.UNKNOWN_ROOM
        conference = self.rooms.pop(room)
        conference.close(time.time())
        await self._record(conference)
        return None

    async def evidence(self, after: int, limit: int, wait_s: float) -> Sequence[Evidence] | Trouble:
        return await self.journal.read(after, limit, wait_s=wait_s)

    async def settled(self, through: int) -> Trouble | None:
        await self.journal.settled(through)
        return None

    async def status(self) -> Status | Trouble:
        people = sum(len(room) for room in self.rooms.values())
        return Status(len(self.rooms), people, 0.5, 40.0, self.started_at, "quiet")

    def _open(self, room: str) -> Conference:
        return self.rooms.setdefault(room, Conference(room, Policy()))

    async def _record(self, conference: Conference) -> None:
        await self.journal.record(conference.take_evidence())
