"""Who waits for an earlier time, which times came free, and who was told of which."""

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils.db import Database

from bot.actions.ports import Freed, Waiting
from bot.domain.ids import ResourceId, ServiceId, UserId
from bot.domain.opening import Interval
from bot.storage.moments import from_seconds, to_seconds


class SqlWaiting:
    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, citizen: UserId, service: ServiceId, before: datetime, now: datetime) -> None:
        self._db.execute(
            """INSERT INTO waiting (citizen, service, before, created) VALUES (?, ?, ?, ?)
            ON CONFLICT (service, citizen) WHERE ended IS NULL DO UPDATE SET before = excluded.before""",
            (citizen, service, to_seconds(before), to_seconds(now)),
        )

    def of(self, citizen: UserId) -> list[Waiting]:
        return self._all("citizen = ? AND ended IS NULL ORDER BY id", (citizen,))

    def end(self, citizen: UserId, service: ServiceId, now: datetime) -> bool:
        cursor = self._db.execute(
            "UPDATE waiting SET ended = ? WHERE service = ? AND citizen = ? AND ended IS NULL",
            (to_seconds(now), service, citizen),
        )
        return bool(cursor.rowcount)

    def free(self, resource: ResourceId, interval: Interval) -> int:
        cursor = self._db.execute(
            "INSERT INTO freed (resource, start, end) VALUES (?, ?, ?)",
            (resource, to_seconds(interval.start), to_seconds(interval.end)),
        )
        return int(cursor.lastrowid or 0)

    def freed(self, id: int) -> Freed | None:
        row = self._db.execute("SELECT resource, start, end FROM freed WHERE id = ?", (id,)).fetchone()
        return (
            None if row is None else Freed(id, ResourceId(row[0]), Interval(from_seconds(row[1]), from_seconds(row[2])))
        )

    def next_for(self, freed: Freed, services: Sequence[ServiceId]) -> Waiting | None:
        marks = ",".join("?" * len(services))
        found = self._all(
            f"""ended IS NULL AND before > ? AND service IN ({marks})
            AND id NOT IN (SELECT waiting FROM told WHERE freed = ?) ORDER BY id LIMIT 1""",  # noqa: S608 - question marks only
            (to_seconds(freed.interval.start), *services, freed.id),
        )
        return found[0] if found else None

    def tell(self, freed: Freed, waiting: Waiting) -> None:
        self._db.execute("INSERT OR IGNORE INTO told (freed, waiting) VALUES (?, ?)", (freed.id, waiting.id))

    def _all(self, where: str, values: tuple[object, ...]) -> list[Waiting]:
        rows = self._db.execute(f"SELECT id, citizen, service, before FROM waiting WHERE {where}", values)  # noqa: S608 - conditions of this module, values bound
        return [
            Waiting(id, UserId(citizen), ServiceId(service), from_seconds(before))
            for id, citizen, service, before in rows
        ]
