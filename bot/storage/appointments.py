"""Appointments as they are read: by number, person, official and time. Leaves writing to `bot.storage.taking`."""

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils.db import Database

from bot.actions.deliveries import ItemId
from bot.domain.availability import Busy
from bot.domain.booking import Appointment, State, read_number
from bot.domain.ids import AppointmentId, OfficialId, PlaceId, ResourceId, SeriesId, ServiceId, UserId, place_of
from bot.domain.jobs import Kind
from bot.domain.opening import Interval
from bot.storage.moments import from_seconds, to_seconds

LONGEST = 24 * 3600
"""No appointment with its buffers lasts longer, in seconds: what bounds a search backwards for running ones."""

COLUMNS = "id, number, service, official, citizen, start, end, state, place, sequence, until, series, offered"
_Row = tuple[int, str, str, str, str, int, int, str, str | None, int, int | None, int | None, int]

_TAKEN = "(state = 'booked' OR state = 'held' OR state = 'visited' OR state = 'no-show')"
"""The partial indexes' own words, so that SQLite sees that they suit."""


class SqlAppointments:
    def __init__(self, db: Database) -> None:
        self._db = db

    def busy(self, resources: Sequence[ResourceId], during: Interval, now: datetime) -> list[Busy]:
        return [busy for resource in resources for busy in self._busy_of(resource, during, now)]

    def _busy_of(self, resource: ResourceId, during: Interval, now: datetime) -> list[Busy]:
        first, last = to_seconds(during.start), to_seconds(during.end)
        place = place_of(resource)
        column, value = ("official", str(resource)) if place is None else ("place", str(place))
        rows = self._db.execute(
            f"""SELECT busy_start, busy_end FROM appointment WHERE {_TAKEN} AND {column} = ?
            AND busy_start > ? AND busy_start < ? AND busy_end > ? AND (until IS NULL OR until > ?)""",  # noqa: S608 - one of two columns, values bound
            (value, first - LONGEST, last, first, to_seconds(now)),
        )
        return [Busy(resource, Interval(from_seconds(start), from_seconds(end))) for start, end in rows]

    def open_count(self, citizen: UserId, service: ServiceId, now: datetime) -> int:
        row = self._db.execute(
            "SELECT count(*) FROM appointment WHERE state = 'booked' AND citizen = ? AND end > ? AND service = ?",
            (citizen, to_seconds(now), service),
        ).fetchone()
        return int(row[0])

    def get(self, appointment: AppointmentId) -> Appointment | None:
        return self._first("WHERE id = ?", (appointment,))

    def by_number(self, number: str) -> Appointment | None:
        return self._first("WHERE number = ?", (read_number(number),))

    def by_card(self, item: ItemId) -> Appointment | None:
        return self._first("WHERE card = ?", (item,))

    def open_of(self, citizen: UserId, now: datetime) -> list[Appointment]:
        where = "WHERE state = 'booked' AND citizen = ? AND end > ? ORDER BY start, id"
        return self._all(where, (citizen, to_seconds(now)))

    def held_of(self, citizen: UserId, now: datetime) -> list[Appointment]:
        return self._all(
            "WHERE state = 'held' AND until > ? AND citizen = ? ORDER BY until", (to_seconds(now), citizen)
        )

    def run_out(self, now: datetime) -> list[Appointment]:
        return self._all("WHERE state = 'held' AND until <= ?", (to_seconds(now),))

    def last_of(self, citizen: UserId, service: ServiceId) -> Appointment | None:
        where = (
            "WHERE (state = 'visited' OR state = 'booked') AND citizen = ? AND service = ? ORDER BY start DESC LIMIT 1"
        )
        return self._first(where, (citizen, service))

    def of_official(self, official: OfficialId, during: Interval) -> list[Appointment]:
        first, last = to_seconds(during.start), to_seconds(during.end)
        where = f"""WHERE {_TAKEN} AND official = ? AND busy_start > ? AND busy_start < ?
            AND start >= ? AND start < ? AND state != 'held' ORDER BY start, id"""
        return self._all(where, (official, first - LONGEST, last, first, last))

    def open_of_official(self, official: OfficialId, now: datetime) -> list[Appointment]:
        where = f"""WHERE {_TAKEN} AND official = ? AND busy_start > ? AND end > ? AND state = 'booked'
            ORDER BY start, id"""
        return self._all(where, (official, to_seconds(now) - LONGEST, to_seconds(now)))

    def of_series(self, series: SeriesId) -> list[Appointment]:
        return self._all("WHERE series = ? ORDER BY start", (series,))

    def busy_interval(self, appointment: AppointmentId) -> Interval:
        start, end = self._db.execute(
            "SELECT busy_start, busy_end FROM appointment WHERE id = ?", (appointment,)
        ).fetchone()
        return Interval(from_seconds(start), from_seconds(end))

    def card(self, appointment: AppointmentId) -> ItemId | None:
        row = self._db.execute("SELECT card FROM appointment WHERE id = ?", (appointment,)).fetchone()
        return None if row is None or row[0] is None else ItemId(row[0])

    def set_card(self, appointment: AppointmentId, item: ItemId) -> None:
        self._db.execute("UPDATE appointment SET card = ? WHERE id = ?", (item, appointment))

    def changes(self, appointment: AppointmentId) -> int:
        rows = self._db.execute("SELECT count(*) FROM history WHERE appointment = ?", (appointment,))
        return int(rows.fetchone()[0])

    def changed_at(self, appointment: AppointmentId) -> datetime:
        (at,) = self._db.execute("SELECT max(at) FROM history WHERE appointment = ?", (appointment,)).fetchone()
        return from_seconds(at)

    def visited_since(self, citizen: UserId, since: datetime) -> list[Appointment]:
        """Two questions, each with an index that holds nothing else."""
        kept = self._all(
            "WHERE (state = 'visited' OR state = 'booked') AND citizen = ? AND start > ?", (citizen, to_seconds(since))
        )
        gone = "WHERE (state = 'cancelled' OR state = 'no-show') AND citizen = ? AND start > ?"
        return [*kept, *self._all(gone, (citizen, to_seconds(since)))]

    def served_since(self, official: OfficialId, since: datetime) -> list[Appointment]:
        moment = to_seconds(since)
        where = f"WHERE {_TAKEN} AND official = ? AND busy_start > ? AND start > ? AND state != 'held'"
        kept = self._all(where, (official, moment - LONGEST, moment))
        gone = "WHERE state = 'cancelled' AND official = ? AND start > ?"
        return [*kept, *self._all(gone, (official, moment))]

    def cancelled_at(self, appointment: AppointmentId) -> datetime | None:
        (at,) = self._db.execute(
            "SELECT max(at) FROM history WHERE appointment = ? AND what = 'cancelled'", (appointment,)
        ).fetchone()
        return None if at is None else from_seconds(at)

    def without_job(self, kind: Kind, most: int) -> list[Appointment]:
        where = """WHERE state != 'held' AND state != 'lapsed' AND NOT EXISTS (
            SELECT 1 FROM job WHERE job.kind = ? AND job.subject = CAST(appointment.id AS TEXT)
        ) ORDER BY id DESC LIMIT ?"""
        return self._all(where, (kind, most))

    def guests(self, appointment: AppointmentId) -> list[UserId]:
        rows = self._db.execute(
            "SELECT user_id FROM guest WHERE appointment = ? ORDER BY added, user_id", (appointment,)
        )
        return [UserId(user) for (user,) in rows]

    def _first(self, where: str, values: tuple[object, ...]) -> Appointment | None:
        return next(iter(self._all(where, values)), None)

    def _all(self, where: str, values: tuple[object, ...]) -> list[Appointment]:
        rows = self._db.execute(f"SELECT {COLUMNS} FROM appointment {where}", values)  # noqa: S608 - conditions of this module, values bound
        return [_appointment(row) for row in rows]


def _appointment(row: _Row) -> Appointment:
    return Appointment(
        id=AppointmentId(row[0]),
        number=row[1],
        service=ServiceId(row[2]),
        official=OfficialId(row[3]),
        citizen=UserId(row[4]),
        start=from_seconds(row[5]),
        end=from_seconds(row[6]),
        state=State(row[7]),
        place=None if row[8] is None else PlaceId(row[8]),
        sequence=row[9],
        until=None if row[10] is None else from_seconds(row[10]),
        series=None if row[11] is None else SeriesId(row[11]),
        offered=bool(row[12]),
    )
