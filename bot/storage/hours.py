"""Time that is not to be booked: hours of single days, and blocks that no appointment stands behind."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from sqlite_utils.db import Database

from bot.actions.ports import BlockKind
from bot.config.entries import JSON, EntryKind
from bot.config.hours import write_week
from bot.domain.availability import Busy
from bot.domain.directory import Span, WeeklyHours
from bot.domain.ids import OfficialId, ResourceId
from bot.domain.opening import Interval
from bot.storage.entries import SqlEntries
from bot.storage.moments import from_seconds, to_seconds

LONGEST = 31 * 24 * 3600
"""No block lasts longer, in seconds: a longer one is kept as several."""


class SqlHours:
    def __init__(self, db: Database, entries: SqlEntries) -> None:
        self._db = db
        self._entries = entries

    def on(self, officials: Sequence[OfficialId], day: date) -> Mapping[OfficialId, tuple[Span, ...]]:
        marks = ",".join("?" * len(officials))
        rows = self._db.execute(
            f"SELECT official, spans FROM day_hours WHERE day = ? AND official IN ({marks})",  # noqa: S608 - question marks only
            (day.isoformat(), *officials),
        )
        return {OfficialId(official): _read(spans) for official, spans in rows}

    def set(self, official: OfficialId, day: date, spans: Sequence[Span] | None) -> None:
        if spans is None:
            self._db.execute("DELETE FROM day_hours WHERE official = ? AND day = ?", (official, day.isoformat()))
            return
        written = json.dumps([[span.start.isoformat(), span.end.isoformat()] for span in spans])
        self._db.execute(
            """INSERT INTO day_hours (official, day, spans) VALUES (?, ?, ?)
            ON CONFLICT (official, day) DO UPDATE SET spans = excluded.spans, before = NULL""",
            (official, day.isoformat(), written),
        )

    def close(self, official: OfficialId, day: date) -> None:
        self._db.execute(
            """INSERT INTO day_hours (official, day, spans) VALUES (?, ?, '[]')
            ON CONFLICT (official, day) DO UPDATE SET before = spans, spans = '[]' WHERE spans != '[]'""",
            (official, day.isoformat()),
        )

    def reopen(self, official: OfficialId, day: date) -> None:
        which = (official, day.isoformat())
        self._db.execute(
            "DELETE FROM day_hours WHERE official = ? AND day = ? AND before IS NULL AND spans = '[]'", which
        )
        self._db.execute(
            "UPDATE day_hours SET spans = before, before = NULL WHERE official = ? AND day = ? AND before IS NOT NULL",
            which,
        )

    def blocks(self, resources: Sequence[ResourceId], during: Interval, now: datetime) -> list[Busy]:
        first, last, moment = to_seconds(during.start), to_seconds(during.end), to_seconds(now)
        return [
            Busy(resource, Interval(from_seconds(start), from_seconds(end)))
            for resource in resources
            for start, end in self._db.execute(
                """SELECT start, end FROM block WHERE resource = ? AND start > ? AND start < ? AND end > ?
                AND (until IS NULL OR until > ?)""",
                (resource, first - LONGEST, last, first, moment),
            )
        ]

    def block(self, kind: BlockKind, source: str, taken: Iterable[Busy], until: datetime | None = None) -> None:
        rows = [
            (busy.resource, to_seconds(part.start), to_seconds(part.end), kind, _or_none(until), source)
            for busy in taken
            for part in _parts(busy.interval)
        ]
        self._db.conn.executemany(
            "INSERT INTO block (resource, start, end, kind, until, source) VALUES (?, ?, ?, ?, ?, ?)", rows
        )

    def unblock(self, kind: BlockKind, source: str) -> None:
        self._db.execute("DELETE FROM block WHERE kind = ? AND source = ?", (kind, source))

    def blocked(self, kind: BlockKind, source: str) -> list[Busy]:
        rows = self._db.execute(
            "SELECT resource, start, end FROM block WHERE kind = ? AND source = ? ORDER BY start", (kind, source)
        )
        return [Busy(ResourceId(of), Interval(from_seconds(start), from_seconds(end))) for of, start, end in rows]

    def set_week(self, official: OfficialId, hours: WeeklyHours) -> None:
        key = (EntryKind.OFFICIAL, str(official))
        week: dict[str, JSON] = {day: list[JSON](spans) for day, spans in write_week(hours).items()}
        self._entries.change(key, {**self._entries.current()[key], "hours": week})


def _or_none(moment: datetime | None) -> int | None:
    return None if moment is None else to_seconds(moment)


def _parts(interval: Interval) -> Iterable[Interval]:
    start = interval.start
    while start < interval.end:
        end = min(interval.end, from_seconds(to_seconds(start) + LONGEST))
        yield Interval(start, end)
        start = end


def _read(spans: str) -> tuple[Span, ...]:
    return tuple(Span(time.fromisoformat(start), time.fromisoformat(end)) for start, end in json.loads(spans))
