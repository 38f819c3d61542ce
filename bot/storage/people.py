"""Who has written to the service: the language they use and how much of their allowance is left."""

from datetime import datetime

from sqlite_utils.db import Database

from bot.domain.allowance import Allowance, Limits
from bot.domain.directory import Identity
from bot.domain.ids import UserId
from bot.domain.language import Language
from bot.storage.moments import from_seconds, to_seconds


class SqlPeople:
    def __init__(self, db: Database) -> None:
        self._db = db

    def language(self, user: UserId) -> Language | None:
        row = self._db.execute("SELECT language FROM person WHERE user_id = ?", (user,)).fetchone()
        return Language(row[0]) if row and row[0] else None

    def set_language(self, user: UserId, language: Language, *, chosen: bool) -> None:
        self._db.execute(
            """INSERT INTO person (user_id, language, chosen, allowance, counted_at) VALUES (?, ?, ?, -1, 0)
            ON CONFLICT (user_id) DO UPDATE SET language = excluded.language, chosen = max(chosen, excluded.chosen)
            WHERE excluded.chosen OR NOT chosen""",
            (user, language, int(chosen)),
        )

    def identity(self, user: UserId) -> Identity:
        row = self._db.execute("SELECT identity FROM person WHERE user_id = ?", (user,)).fetchone()
        return Identity(row[0]) if row else Identity.NONE

    def set_identity(self, user: UserId, identity: Identity) -> None:
        self._db.execute(
            """INSERT INTO person (user_id, identity, allowance, counted_at) VALUES (?, ?, -1, 0)
            ON CONFLICT (user_id) DO UPDATE SET identity = excluded.identity""",
            (user, int(identity)),
        )

    def allowance(self, user: UserId, limits: Limits, now: datetime) -> Allowance:
        row = self._db.execute(
            "SELECT allowance, counted_at, told FROM person WHERE user_id = ? AND counted_at > 0", (user,)
        ).fetchone()
        return Allowance(*_read(row)) if row else Allowance.full(limits, now)

    def keep_allowance(self, user: UserId, allowance: Allowance) -> None:
        self._db.execute(
            """INSERT INTO person (user_id, allowance, counted_at, told) VALUES (?, ?, ?, ?)
            ON CONFLICT (user_id) DO UPDATE SET allowance = excluded.allowance,
                counted_at = excluded.counted_at, told = excluded.told""",
            (user, allowance.left, to_seconds(allowance.counted_at), int(allowance.told)),
        )


def _read(row: tuple[float, int, int]) -> tuple[float, datetime, bool]:
    return row[0], from_seconds(row[1]), bool(row[2])
