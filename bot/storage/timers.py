"""Timed work of appointments. What is due is `due <= now`; a done row stays, so nothing is said twice."""

from datetime import datetime

from sqlite_utils.db import Database

from bot.domain.booking import Reminder, ReminderKind
from bot.domain.ids import AppointmentId
from bot.storage.moments import from_seconds, to_seconds

BATCH = 200


class SqlTimers:
    def __init__(self, db: Database) -> None:
        self._db = db

    def plan(self, appointment: AppointmentId, reminder: Reminder) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO timer (appointment, kind, due, stale) VALUES (?, ?, ?, ?)",
            (appointment, reminder.kind, to_seconds(reminder.due), to_seconds(reminder.stale)),
        )

    def drop(self, appointment: AppointmentId) -> None:
        self._db.execute("DELETE FROM timer WHERE appointment = ? AND done IS NULL", (appointment,))

    def take_due(self, now: datetime) -> list[tuple[AppointmentId, ReminderKind, bool]]:
        """At most a batch at once, so that a day of downtime does not hold the writer."""
        moment = to_seconds(now)
        rows = self._db.execute(
            "SELECT appointment, kind, stale FROM timer WHERE done IS NULL AND due <= ? ORDER BY due LIMIT ?",
            (moment, BATCH),
        ).fetchall()
        self._db.conn.executemany(
            "UPDATE timer SET done = ? WHERE appointment = ? AND kind = ?",
            [(moment, appointment, kind) for appointment, kind, _ in rows],
        )
        return [(AppointmentId(a), ReminderKind(kind), stale < moment) for a, kind, stale in rows]

    def next_due(self) -> datetime | None:
        (due,) = self._db.execute("SELECT min(due) FROM timer WHERE done IS NULL").fetchone()
        return None if due is None else from_seconds(due)
