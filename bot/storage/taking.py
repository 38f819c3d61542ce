"""Taking time and giving it back: every change of an appointment, its history, and the last guard.

The guard is one row for each resource and quantum of five minutes: two visits can't have the same row, whatever
was read before. Time that a hold kept is free once the hold has run out, also before anybody noticed.
"""

import json
import secrets
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.actions.ports import SlotLost
from bot.domain.booking import (
    NUMBER_ALPHABET,
    NUMBER_LENGTH,
    Appointment,
    NewAppointment,
    Party,
    State,
    quanta,
    resources,
)
from bot.domain.ids import AppointmentId, ResourceId, SeriesId, UserId
from bot.domain.opening import Interval
from bot.storage.appointments import SqlAppointments
from bot.storage.moments import to_seconds


class SqlBookings(SqlAppointments):
    """Reading and writing; `by` is who acted, and goes into the history with `now`."""

    def add(
        self, new: NewAppointment, now: datetime, by: Party = Party.CITIZEN, until: datetime | None = None
    ) -> Appointment:
        state = State.BOOKED if until is None else State.HELD
        with self._db.atomic():
            row = self._insert(new, state, until)
            self._take(new.resources, new.busy, row.id, now)
            self._note(row.id, now, state, by)
        return row

    def confirm(self, held: Appointment, now: datetime) -> Appointment:
        """Raises `SlotLost` where the hold has run out or was let go: its time may be another's."""
        confirmed = self._db.execute(
            "UPDATE appointment SET state = 'booked', until = NULL WHERE id = ? AND state = 'held' AND until > ?",
            (held.id, to_seconds(now)),
        )
        if not confirmed.rowcount:
            raise SlotLost
        self._note(held.id, now, State.BOOKED, Party.CITIZEN)
        return self._known(held.id)

    def cancel(self, appointment: Appointment, by: Party, now: datetime, state: State = State.CANCELLED) -> Appointment:
        """`state` is one of those that free the time. `until` is kept: it tells when a lapsed hold ran out."""
        self._db.execute(
            "UPDATE appointment SET state = ?, offered = 0, sequence = sequence + 1 WHERE id = ?",
            (state, appointment.id),
        )
        self._free(appointment)
        self._note(appointment.id, now, state, by)
        return self._known(appointment.id)

    def move(self, appointment: Appointment, to: NewAppointment, by: Party, now: datetime) -> Appointment:
        """Another time, official or place under the same number. Raises `SlotLost`, and then nothing has changed."""
        with self._db.atomic():
            self._free(appointment)
            self._take(to.resources, to.busy, appointment.id, now)
            self._db.execute(
                """UPDATE appointment SET official = ?, place = ?, start = ?, end = ?, busy_start = ?, busy_end = ?,
                offered = 0, sequence = sequence + 1 WHERE id = ?""",
                (to.official, to.place, *_bounds(to), appointment.id),
            )
            before = {"start": to_seconds(appointment.start), "official": appointment.official}
            self._note(appointment.id, now, "moved", by, before)
        return self._known(appointment.id)

    def mark(self, appointment: Appointment, state: State, by: Party, now: datetime) -> Appointment:
        """What became of a visit; the time stays taken."""
        self._db.execute("UPDATE appointment SET state = ?, offered = 0 WHERE id = ?", (state, appointment.id))
        self._note(appointment.id, now, state, by)
        return self._known(appointment.id)

    def offer(self, appointment: Appointment, now: datetime, *, offered: bool) -> Appointment:
        self._db.execute("UPDATE appointment SET offered = ? WHERE id = ?", (int(offered), appointment.id))
        self._note(appointment.id, now, "offered" if offered else "kept", Party.OFFICIAL)
        return self._known(appointment.id)

    def invite(self, appointment: Appointment, user: UserId, by: Party, now: datetime) -> bool:
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO guest (appointment, user_id, added) VALUES (?, ?, ?)",
            (appointment.id, user, to_seconds(now)),
        )
        if cursor.rowcount:
            self._note(appointment.id, now, "guest", by)
        return bool(cursor.rowcount)

    def note(self, appointment: Appointment, what: str, by: Party, now: datetime) -> None:
        self._note(appointment.id, now, what, by)

    def new_series(self, rule: str, now: datetime) -> SeriesId:
        cursor = self._db.execute("INSERT INTO series (rule, created) VALUES (?, ?)", (rule, to_seconds(now)))
        return SeriesId(cursor.lastrowid or 0)

    def _insert(self, new: NewAppointment, state: State, until: datetime | None) -> Appointment:
        cursor = self._db.execute(
            """INSERT INTO appointment (number, service, official, place, citizen, start, end, busy_start, busy_end,
            state, until, series) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                self._fresh_number(),
                new.service,
                new.official,
                new.place,
                new.citizen,
                *_bounds(new),
                state,
                None if until is None else to_seconds(until),
                new.series,
            ),
        )
        return self._known(AppointmentId(cursor.lastrowid or 0))

    def _known(self, id: AppointmentId) -> Appointment:
        found = self.get(id)
        assert found is not None  # noqa: S101 - it was written in this transaction
        return found

    def _fresh_number(self) -> str:
        while True:
            number = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(NUMBER_LENGTH))
            if self.by_number(number) is None:
                return number

    def _take(self, wanted: Iterable[ResourceId], busy: Interval, appointment: AppointmentId, now: datetime) -> None:
        self._let_go_of_run_out(now)
        rows = [(resource, to_seconds(at), appointment) for resource in wanted for at in quanta(busy)]
        try:
            self._db.conn.executemany("INSERT INTO quantum (resource, at, appointment) VALUES (?, ?, ?)", rows)
        except sqlite3.IntegrityError as taken:
            raise SlotLost from taken

    def _let_go_of_run_out(self, now: datetime) -> None:
        for held in self.run_out(now):
            self.cancel(held, Party.SERVICE, now, State.LAPSED)

    def _free(self, appointment: Appointment) -> None:
        rows = [
            (resource, to_seconds(at), appointment.id)
            for resource in resources(appointment.official, appointment.place)
            for at in quanta(self.busy_interval(appointment.id))
        ]
        self._db.conn.executemany("DELETE FROM quantum WHERE resource = ? AND at = ? AND appointment = ?", rows)

    def _note(
        self, id: AppointmentId, now: datetime, what: str, party: Party, detail: Mapping[str, object] | None = None
    ) -> None:
        self._db.execute(
            "INSERT INTO history (appointment, at, what, party, detail) VALUES (?, ?, ?, ?, ?)",
            (id, to_seconds(now), what, party, None if detail is None else json.dumps(detail)),
        )


def _bounds(new: NewAppointment) -> tuple[int, int, int, int]:
    return to_seconds(new.start), to_seconds(new.end), to_seconds(new.busy.start), to_seconds(new.busy.end)
