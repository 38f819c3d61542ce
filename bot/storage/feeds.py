"""Calendars across the border: private feeds by their token's digest, and officials' own calendars to read."""

from datetime import datetime

from sqlite_utils.db import Database

from bot.actions.ports import CalendarSource
from bot.domain.ids import OfficialId, UserId
from bot.storage.moments import from_seconds, to_seconds


class SqlFeeds:
    def __init__(self, db: Database) -> None:
        self._db = db

    def renew(self, user: UserId, digest: str, now: datetime) -> None:
        self._db.execute(
            """INSERT INTO feed (token, user_id, created) VALUES (?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE SET token = excluded.token, created = excluded.created""",
            (digest, user, to_seconds(now)),
        )

    def owner(self, digest: str) -> UserId | None:
        row = self._db.execute("SELECT user_id FROM feed WHERE token = ?", (digest,)).fetchone()
        return None if row is None else UserId(row[0])

    def has(self, user: UserId) -> bool:
        return self._db.execute("SELECT 1 FROM feed WHERE user_id = ?", (user,)).fetchone() is not None

    def close(self, user: UserId) -> bool:
        return bool(self._db.execute("DELETE FROM feed WHERE user_id = ?", (user,)).rowcount)

    def set_source(self, official: OfficialId, address: str | None) -> None:
        self._db.execute("DELETE FROM calendar_source WHERE official = ?", (official,))
        if address is not None:
            self._db.execute("INSERT INTO calendar_source (official, address) VALUES (?, ?)", (official, address))

    def source(self, official: OfficialId) -> CalendarSource | None:
        row = self._db.execute(
            "SELECT address, fetched, problem FROM calendar_source WHERE official = ?", (official,)
        ).fetchone()
        if row is None:
            return None
        return CalendarSource(official, row[0], None if row[1] is None else from_seconds(row[1]), row[2])

    def sources(self) -> list[OfficialId]:
        rows = self._db.execute("SELECT official FROM calendar_source ORDER BY official")
        return [OfficialId(official) for (official,) in rows]

    def fetched(self, official: OfficialId, now: datetime, problem: str | None) -> None:
        self._db.execute(
            "UPDATE calendar_source SET fetched = ?, problem = ? WHERE official = ?",
            (to_seconds(now), problem, official),
        )
