"""A conversation with the reception over real storage: says something, returns the words of the answer."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.actions.rooms import RoomKind
from bot.commands.incoming import Incoming, Reacted, Said, What
from bot.commands.reception import receive
from bot.domain.allowance import Limits
from bot.domain.ids import EventId, RoomId, UserId
from bot.storage.database import Database
from bot.storage.outbox import Queued
from bot.storage.transaction import SqlTransaction

MONDAY = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
"""Monday at eight in the morning in Finland."""
CITIZEN = UserId("@kuntalainen:localhost")
OFFICIAL = UserId("@rakennustarkastaja:localhost")


@dataclass
class Chat:
    store: Database
    now: datetime = MONDAY
    limits: Limits = field(default_factory=Limits)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    def say(self, body: str, person: UserId = CITIZEN) -> str:
        return self.receive(Said(body), person)

    def receive(self, what: What, person: UserId = CITIZEN, room: str = "") -> str:
        """The answer's plain text, empty where there was none. Without a room, the person's direct one."""
        room_id = RoomId(room or f"!direct-{person}")
        event = EventId(f"$event-{next(self._numbers)}")

        def work(tx: SqlTransaction) -> list[Queued]:
            if room_id.startswith("!direct-") and tx.rooms.by_id(room_id) is None:
                tx.rooms.adopt(RoomKind.DIRECT, person, room_id, self.now)
            receive(tx, Incoming(event, room_id, person, self.now, what), self.limits, self.now)
            found = tx.outbox.claim(self.now, "DEVICE", [], 100)
            while found:
                answers.extend(q for q in found if q.kind == "say" and _is_in(tx, q, room_id))
                for queued in found:
                    tx.outbox.sent(queued.item, EventId(f"$sent-{queued.item}"))
                found = tx.outbox.claim(self.now, "DEVICE", [], 100)
            return answers

        answers: list[Queued] = []
        self.store.transact_now(work)
        self.last_event = EventId(f"$sent-{answers[-1].item}") if answers else EventId("$none")
        return "\n".join(str(answer.payload["body"]) for answer in answers)

    def tap(self, key: str) -> str:
        return self.receive(Reacted(self.last_event, key))

    def later(self, **distance: float) -> None:
        self.now += timedelta(**distance)


def _is_in(tx: SqlTransaction, queued: Queued, room_id: RoomId) -> bool:
    room = tx.rooms.by_lane(queued.lane)
    return room is not None and room.room_id == room_id
