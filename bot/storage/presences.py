"""Who was in which conference when, out of the engine's evidence, each taken in once."""

import math
from collections.abc import Mapping
from datetime import datetime

from sqlite_utils.db import Database

from bot.domain.conference import LONGEST_NAME, OWN_JOURNAL, Evidence, Line, MediaRoom, Presence, Role, cleaned_name
from bot.storage.moments import from_seconds, to_seconds

_COLUMNS = "id, room, sid, identity, role, name, joined, ended, reason, media, speaking_s, lost_share, round_trip_ms"
_Row = tuple[int, str, str, str, str, str, int, int | None, str | None, str, float | None, float | None, float | None]
_LONGEST_WORD = 40


class SqlPresences:
    def __init__(self, db: Database) -> None:
        self._db = db

    def through(self, journal: str = OWN_JOURNAL) -> int:
        row = self._db.execute("SELECT through FROM conference_journal WHERE journal = ?", (journal,)).fetchone()
        return 0 if row is None else int(row[0])

    def skip(self, number: int, journal: str = OWN_JOURNAL) -> None:
        self._db.execute(
            """INSERT INTO conference_journal (journal, through) VALUES (?, ?)
            ON CONFLICT (journal) DO UPDATE SET through = max(through, excluded.through)""",
            (journal, number),
        )

    def take(self, evidence: Evidence, journal: str = OWN_JOURNAL) -> bool:
        if evidence.number <= self.through(journal):
            return False
        self.skip(evidence.number, journal)
        match evidence.kind:
            case "engine_started":
                self._end_all(evidence)
            case "joined":
                self._join(evidence)
            case "media":
                self._flowed(evidence)
            case "published" if journal != OWN_JOURNAL:  # another engine does not tell what flowed
                self._flowed(evidence)
            case "left":
                self._leave(evidence)
            case "closed":
                self._close(evidence)
            case _:
                pass
        return True

    def _join(self, evidence: Evidence) -> None:
        self._db.execute(
            """INSERT OR IGNORE INTO conference_presence (room, sid, identity, role, name, joined)
            VALUES (?, ?, ?, ?, ?, ?)""",
            (
                evidence.room,
                evidence.sid,
                evidence.identity,
                _role(evidence.facts.get("role")),
                cleaned_name(str(evidence.facts.get("name") or ""))[:LONGEST_NAME],
                int(evidence.at),
            ),
        )

    def _flowed(self, evidence: Evidence) -> None:
        source = str(evidence.facts.get("source") or "")[:_LONGEST_WORD]
        row = self._db.execute(
            "SELECT media FROM conference_presence WHERE room = ? AND sid = ?", (evidence.room, evidence.sid)
        ).fetchone()
        if row is not None and source:
            media = " ".join(sorted({*row[0].split(), *source.split()}))
            self._db.execute(
                "UPDATE conference_presence SET media = ? WHERE room = ? AND sid = ?",
                (media, evidence.room, evidence.sid),
            )

    def _leave(self, evidence: Evidence) -> None:
        facts = evidence.facts
        self._db.execute(
            """UPDATE conference_presence SET ended = max(joined, ?), reason = ?, speaking_s = ?, lost_share = ?,
            round_trip_ms = ? WHERE room = ? AND sid = ? AND ended IS NULL""",
            (
                int(evidence.at),
                str(facts.get("reason") or "left")[:_LONGEST_WORD],
                _number(facts, "speaking_s"),
                _number(facts, "lost_share"),
                _number(facts, "round_trip_ms"),
                evidence.room,
                evidence.sid,
            ),
        )

    def _close(self, evidence: Evidence) -> None:
        """Whoever came later is in a new room of the same name: another engine's news can be late."""
        self._db.execute(
            """UPDATE conference_presence SET ended = ?, reason = 'room_closed'
            WHERE room = ? AND joined <= ? AND ended IS NULL""",
            (int(evidence.at), evidence.room, int(evidence.at)),
        )

    def _end_all(self, evidence: Evidence) -> None:
        """An engine that died could not tell who left: they were there as long as it was known to live."""
        alive = _number(evidence.facts, "last_alive")
        last = evidence.at if alive is None else min(alive, evidence.at)
        self._db.execute(
            """UPDATE conference_presence SET ended = max(joined, ?), reason = 'engine_stopped' WHERE ended IS NULL""",
            (int(last),),
        )

    def of_room(self, room: MediaRoom) -> list[Presence]:
        return self._all("room = ? ORDER BY joined, id", room)

    def now_in(self, room: MediaRoom) -> list[Presence]:
        return self._all("room = ? AND ended IS NULL ORDER BY joined, id", room)

    def going_on(self) -> list[Presence]:
        return self._all("ended IS NULL ORDER BY room, joined, id")

    def is_in(self, room: MediaRoom, identity: str) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM conference_presence WHERE room = ? AND identity = ? AND ended IS NULL", (room, identity)
        )
        return row.fetchone() is not None

    def _all(self, where: str, *values: object) -> list[Presence]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM conference_presence WHERE {where}", values)  # noqa: S608 - our own words
        return [_presence(row) for row in rows.fetchall()]

    def forget_names(self, room: MediaRoom, before: datetime | None = None) -> None:
        ended, values = ("", ()) if before is None else (" AND ended < ?", (to_seconds(before),))
        self._db.execute(
            f"UPDATE conference_presence SET name = '', identity = '' WHERE room = ? AND identity != ''{ended}",  # noqa: S608 - one of the two above
            (room, *values),
        )

    def has_names(self, room: MediaRoom) -> bool:
        row = self._db.execute("SELECT 1 FROM conference_presence WHERE room = ? AND identity != ''", (room,))
        return row.fetchone() is not None


def _role(value: object) -> Role:
    """What the token said; somebody without a known role is a member of the room."""
    known = {role.value: role for role in Role}
    return known.get(str(value), Role.MEMBER)


def _number(facts: Mapping[str, object], name: str) -> float | None:
    value = facts.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if is_number and isinstance(value, int | float) else None


def _presence(row: _Row) -> Presence:
    return Presence(
        id=row[0],
        room=MediaRoom(row[1]),
        sid=row[2],
        identity=row[3],
        role=Role(row[4]),
        name=row[5],
        joined=from_seconds(row[6]),
        ended=None if row[7] is None else from_seconds(row[7]),
        reason=row[8],
        media=frozenset(row[9].split()),
        line=Line(row[10], row[11], row[12]),
    )
