"""Timed work. What is due is `due <= now`; a done row stays until it is planned anew, so nothing is done twice."""

from datetime import datetime

from sqlite_utils.db import Database

from bot.domain.jobs import Job, JobKind, Kind, kind_of
from bot.storage.moments import from_seconds, to_seconds

BATCH = 200


class SqlJobs:
    def __init__(self, db: Database) -> None:
        self._db = db
        self._planned = False

    def were_planned(self) -> bool:
        """Whether anything was planned since this was last asked: then the alarm has to be set anew."""
        planned, self._planned = self._planned, False
        return planned

    def plan(self, job: Job) -> None:
        self._planned = True
        self._db.execute(
            """INSERT INTO job (kind, subject, due, stale) VALUES (?, ?, ?, ?)
            ON CONFLICT (kind, subject) DO UPDATE SET due = excluded.due, stale = excluded.stale, done = NULL""",
            (job.kind, job.subject, to_seconds(job.due), None if job.stale is None else to_seconds(job.stale)),
        )

    def drop(self, subject: str, *kinds: Kind) -> None:
        self._db.conn.executemany(
            "DELETE FROM job WHERE kind = ? AND subject = ? AND done IS NULL", [(kind, subject) for kind in kinds]
        )

    def planned(self, kind: Kind, subject: str) -> datetime | None:
        row = self._db.execute(
            "SELECT due FROM job WHERE kind = ? AND subject = ? AND done IS NULL", (kind, subject)
        ).fetchone()
        return None if row is None else from_seconds(row[0])

    def take_due(self, now: datetime) -> list[Job]:
        """At most a batch at once, so that a day of downtime does not hold the writer."""
        return self._take(now, f"kind != '{JobKind.FETCH}'")

    def take_fetches(self, now: datetime) -> list[Job]:
        return self._take(now, f"kind = '{JobKind.FETCH}'")

    def _take(self, now: datetime, which: str) -> list[Job]:
        moment = to_seconds(now)
        rows = self._db.execute(
            f"""SELECT kind, subject, due, stale FROM job
            WHERE done IS NULL AND due <= ? AND {which} ORDER BY due LIMIT ?""",  # noqa: S608 - one of the two above
            (moment, BATCH),
        ).fetchall()
        self._db.conn.executemany(
            "UPDATE job SET done = ? WHERE kind = ? AND subject = ?",
            [(moment, kind, subject) for kind, subject, *_ in rows],
        )
        return [_job(row) for row in rows]

    def next_due(self) -> datetime | None:
        return self._next(f"kind != '{JobKind.FETCH}'")

    def next_fetch(self) -> datetime | None:
        return self._next(f"kind = '{JobKind.FETCH}'")

    def _next(self, which: str) -> datetime | None:
        (due,) = self._db.execute(f"SELECT min(due) FROM job WHERE done IS NULL AND {which}").fetchone()  # noqa: S608 - one of the two above
        return None if due is None else from_seconds(due)


def _job(row: tuple[str, str, int, int | None]) -> Job:
    kind, subject, due, stale = row
    return Job(kind_of(kind), subject, from_seconds(due), None if stale is None else from_seconds(stale))
