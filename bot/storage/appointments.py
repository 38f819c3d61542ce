"""Appointments, their history, and the rows that make a double booking impossible."""

import secrets
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils.db import Database

from bot.actions.deliveries import ItemId
from bot.actions.ports import SlotLost
from bot.domain.availability import Busy, Interval
from bot.domain.booking import (
    NUMBER_ALPHABET,
    NUMBER_LENGTH,
    Appointment,
    NewAppointment,
    Party,
    State,
    quanta,
    read_number,
)
from bot.domain.ids import AppointmentId, OfficialId, ServiceId, UserId
from bot.storage.moments import from_seconds, to_seconds

LONGEST = 24 * 3600
"""No appointment with its buffers lasts longer, in seconds: what bounds a search backwards for running ones."""

_COLUMNS = "id, number, service, official, citizen, start, end, state"
_Row = tuple[int, str, str, str, str, int, int, str]


class SqlAppointments:
    def __init__(self, db: Database) -> None:
        self._db = db

    def busy(self, officials: Sequence[OfficialId], during: Interval) -> list[Busy]:
        first, last = to_seconds(during.start), to_seconds(during.end)
        return [
            Busy(official, Interval(from_seconds(start), from_seconds(end)))
            for official in officials
            for start, end in self._db.execute(
                """SELECT busy_start, busy_end FROM appointment WHERE state = 'booked' AND official = ?
                AND busy_start > ? AND busy_start < ? AND busy_end > ?""",
                (official, first - LONGEST, last, first),
            )
        ]

    def open_count(self, citizen: UserId, service: ServiceId, now: datetime) -> int:
        row = self._db.execute(
            "SELECT count(*) FROM appointment WHERE state = 'booked' AND citizen = ? AND end > ? AND service = ?",
            (citizen, to_seconds(now), service),
        ).fetchone()
        return int(row[0])

    def add(self, new: NewAppointment, now: datetime) -> Appointment:
        with self._db.atomic():
            row = self._insert(new)
            try:
                self._db.conn.executemany(
                    "INSERT INTO quantum (official, at, appointment) VALUES (?, ?, ?)",
                    [(new.official, to_seconds(at), row.id) for at in quanta(new.busy)],
                )
            except sqlite3.IntegrityError as taken:
                raise SlotLost from taken
            self._note(row.id, now, State.BOOKED, Party.CITIZEN)
        return row

    def _insert(self, new: NewAppointment) -> Appointment:
        cursor = self._db.execute(
            """INSERT INTO appointment (number, service, official, citizen, start, end, busy_start, busy_end, state)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                self._fresh_number(),
                new.service,
                new.official,
                new.citizen,
                to_seconds(new.start),
                to_seconds(new.end),
                to_seconds(new.busy.start),
                to_seconds(new.busy.end),
                State.BOOKED,
            ),
        )
        appointment = self.get(AppointmentId(cursor.lastrowid or 0))
        assert appointment is not None  # noqa: S101 - it was inserted in this transaction
        return appointment

    def _fresh_number(self) -> str:
        while True:
            number = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(NUMBER_LENGTH))
            if self.by_number(number) is None:
                return number

    def get(self, appointment: AppointmentId) -> Appointment | None:
        return self._first("WHERE id = ?", (appointment,))

    def by_number(self, number: str) -> Appointment | None:
        return self._first("WHERE number = ?", (read_number(number),))

    def open_of(self, citizen: UserId, now: datetime) -> list[Appointment]:
        where = "WHERE state = 'booked' AND citizen = ? AND end > ? ORDER BY start, id"
        return self._all(where, (citizen, to_seconds(now)))

    def of_official(self, official: OfficialId, during: Interval) -> list[Appointment]:
        first, last = to_seconds(during.start), to_seconds(during.end)
        where = """WHERE state = 'booked' AND official = ? AND busy_start > ? AND busy_start < ?
            AND start >= ? AND start < ? ORDER BY start, id"""
        return self._all(where, (official, first - LONGEST, last, first, last))

    def open_of_official(self, official: OfficialId, now: datetime) -> list[Appointment]:
        where = "WHERE state = 'booked' AND official = ? AND busy_start > ? AND end > ? ORDER BY start, id"
        return self._all(where, (official, to_seconds(now) - LONGEST, to_seconds(now)))

    def cancel(self, appointment: Appointment, by: Party, now: datetime) -> None:
        self._db.execute("UPDATE appointment SET state = ? WHERE id = ?", (State.CANCELLED, appointment.id))
        self._db.conn.executemany(
            "DELETE FROM quantum WHERE official = ? AND at = ?",
            [(appointment.official, to_seconds(at)) for at in quanta(self._busy_of(appointment.id))],
        )
        self._note(appointment.id, now, State.CANCELLED, by)

    def card(self, appointment: AppointmentId) -> ItemId | None:
        row = self._db.execute("SELECT card FROM appointment WHERE id = ?", (appointment,)).fetchone()
        return None if row is None or row[0] is None else ItemId(row[0])

    def set_card(self, appointment: AppointmentId, item: ItemId) -> None:
        self._db.execute("UPDATE appointment SET card = ? WHERE id = ?", (item, appointment))

    def _busy_of(self, appointment: AppointmentId) -> Interval:
        start, end = self._db.execute(
            "SELECT busy_start, busy_end FROM appointment WHERE id = ?", (appointment,)
        ).fetchone()
        return Interval(from_seconds(start), from_seconds(end))

    def _note(self, appointment: AppointmentId, now: datetime, what: State, party: Party) -> None:
        self._db.execute(
            "INSERT INTO history (appointment, at, what, party) VALUES (?, ?, ?, ?)",
            (appointment, to_seconds(now), what, party),
        )

    def _first(self, where: str, values: tuple[object, ...]) -> Appointment | None:
        return next(iter(self._all(where, values)), None)

    def _all(self, where: str, values: tuple[object, ...]) -> list[Appointment]:
        rows = self._db.execute(f"SELECT {_COLUMNS} FROM appointment {where}", values)  # noqa: S608 - conditions of this module, values bound
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
    )
