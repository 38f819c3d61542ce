"""Anything may happen to a calendar in any order, over the real storage; after each step the rules still hold.

Everybody acts through the service's own actions, but for one who goes to the storage past all rules, so that the
last guard has its turn too. What is expected is reckoned by `tests.support.calendar_model`.
"""

import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.actions import holding, moving, outcomes
from bot.actions.booking import Booked, Cancelled, book, cancel
from bot.actions.due import do_due
from bot.actions.handover import Moved as Handed
from bot.actions.handover import claim, hand_over, offer
from bot.actions.ports import BlockKind, SlotLost
from bot.actions.search import slots_on
from bot.config.reading import read
from bot.domain.availability import Busy
from bot.domain.booking import HOLD, Appointment, State, new_appointment, quanta
from bot.domain.ids import AppointmentId, OfficialId, ResourceId, ServiceId, UserId
from bot.domain.opening import Interval
from bot.storage.database import Database
from bot.storage.moments import to_seconds
from bot.storage.transaction import SqlTransaction
from tests.support.calendar_model import (
    FIRST,
    LAST,
    LONG,
    RESOURCES,
    ROOM,
    SHARED,
    SHORT,
    Reckoning,
    Row,
    directory,
    every_start,
    rows,
)
from tests.support.town import EXAMPLE, Town, local, minutes

T = TypeVar("T")

DAY = date(2027, 1, 12)
CITIZENS = st.sampled_from([UserId(f"@asukas{number}:localhost") for number in range(3)])
SERVICES = st.sampled_from([SHORT, LONG])
OFFICIALS = st.sampled_from([FIRST, SHARED, LAST])
STARTS = st.sampled_from([*every_start(DAY)])
ANY = st.integers(0, 2**16)
"""Stands for one of whatever there is at that moment."""
WISHES = st.one_of(ANY, STARTS)
"""One of the starts that are offered, or any."""
MARKS = st.sampled_from([State.VISITED, State.NO_SHOW])
PAUSES = st.one_of(st.integers(0, 6), st.sampled_from([5, 20, 45])).map(minutes)

BECOMES = {
    State.HELD: {State.BOOKED, State.LAPSED},
    State.BOOKED: {State.CANCELLED, State.VISITED, State.NO_SHOW},
    State.VISITED: {State.NO_SHOW},
    State.NO_SHOW: {State.VISITED},
    State.CANCELLED: set[State](),
    State.LAPSED: set[State](),
}


def there_is(*states: State) -> Callable[[Callable[..., T]], Callable[..., T]]:
    """A rule for when there is an appointment in one of these states."""
    return precondition(lambda self: any(row.state in states for row in self.before.values()))


class Calendar(RuleBasedStateMachine):
    """`before` and `history` are the file as it was after the last step."""

    def __init__(self) -> None:
        super().__init__()
        self.before: dict[int, Row] = {}
        self.history: list[tuple[object, ...]] = []
        self.blocks: list[Busy] = []
        self.now = local(12, 8)
        self.took_time = False

    @initialize()
    def opens(self) -> None:
        self.stack = ExitStack()
        path = Path(self.stack.enter_context(tempfile.TemporaryDirectory())) / "eahtari.db"
        store = self.stack.enter_context(Database(path, complete=directory))
        entries = read(EXAMPLE).entries
        store.transact_now(lambda tx: tx.entries.replace(entries, entries))
        self.town = Town(store, path)
        self.services = self.town.do(lambda tx: tx.directory.services)

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    @property
    def reckoning(self) -> Reckoning:
        return Reckoning(self.now, [*self.before.values()], self.blocks)

    def _one(self, number: int, *states: State) -> Row:
        found = [row for row in self.before.values() if row.state in states]
        return found[number % len(found)]

    @rule(citizen=CITIZENS, service=SERVICES, wish=WISHES)
    def holds(self, citizen: UserId, service: ServiceId, wish: int | datetime) -> None:
        own = self._held(citizen, service)
        start, free = self._wished(service, wish, own)
        answer = self.town.do(lambda tx: holding.hold(tx, citizen, service, start, self.now))
        same = own is not None and own.start == start
        assert isinstance(answer, holding.Held) == (bool(free) or same)
        if isinstance(answer, holding.Held) and not same:
            assert answer.appointment.official in free
            assert answer.appointment.until == self.now + HOLD
            self.took_time = True

    def _wished(self, service: ServiceId, wish: int | datetime, own: Row | None) -> tuple[datetime, set[OfficialId]]:
        """A start, and who can be had then if the time of `own` counts as free."""
        offers = {start: self.reckoning.offers(self.services[service], start, own) for start in every_start(DAY)}
        free = [start for start, officials in offers.items() if officials] or [*offers]
        start = free[wish % len(free)] if isinstance(wish, int) else wish
        return start, offers[start]

    def _held(self, citizen: UserId, service: ServiceId) -> Row | None:
        held = (row for row in self.before.values() if row.is_held(self.now))
        return next((row for row in held if (row.citizen, row.service) == (citizen, service)), None)

    @rule(citizen=CITIZENS, service=SERVICES, wish=WISHES)
    def books(self, citizen: UserId, service: ServiceId, wish: int | datetime) -> None:
        own = self._held(citizen, service)
        start, free = self._wished(service, wish, own)
        answer = self.town.do(lambda tx: book(tx, citizen, service, start, self.now))
        same = own is not None and own.start == start
        assert isinstance(answer, Booked) == (bool(free) or same)
        self.took_time = isinstance(answer, Booked) and not same

    @there_is(State.HELD, State.LAPSED)
    @rule(number=ANY)
    def confirms(self, number: int) -> None:
        """Also one that has run out or was let go: that is too late, whoever noticed."""
        row = self._one(number, State.HELD, State.LAPSED)
        answer = self.town.do(lambda tx: holding.confirm(tx, row.citizen, row.number, self.now))
        assert isinstance(answer, Booked) == (row.is_held(self.now) and row.start > self.now)

    @there_is(State.HELD)
    @rule(number=ANY)
    def lets_go(self, number: int) -> None:
        row = self._one(number, State.HELD)
        self.town.do(lambda tx: holding.let_go(tx, row.citizen, row.number, self.now))

    @there_is(State.BOOKED)
    @rule(number=ANY)
    def cancels(self, number: int) -> None:
        row = self._one(number, State.BOOKED)
        answer = self.town.do(lambda tx: cancel(tx, row.citizen, row.number, self.now))
        assert isinstance(answer, Cancelled) == (row.start > self.now)

    @there_is(State.BOOKED)
    @rule(number=ANY, wish=WISHES)
    def moves(self, number: int, wish: int | datetime) -> None:
        row = self._one(number, State.BOOKED)
        start, free = self._wished(row.service, wish, row)
        answer = self.town.do(lambda tx: moving.move(tx, row.citizen, row.number, start, self.now))
        assert isinstance(answer, moving.Moved) == (bool(free) and row.start > self.now and row.start != start)
        self.took_time = isinstance(answer, moving.Moved)

    @there_is(State.BOOKED)
    @rule(number=ANY, to=OFFICIALS, claimed=st.booleans())
    def changes_hands(self, number: int, to: OfficialId, *, claimed: bool) -> None:
        """By the official's word, or offered to all and taken by a colleague."""
        row = self._one(number, State.BOOKED)
        answer = self.town.do(lambda tx: (self._claimed if claimed else self._handed)(tx, row, to))
        if isinstance(answer, Handed):
            self.took_time = True
            assert to in self.services[row.service].officials
            assert row.start > self.now

    def _handed(self, tx: SqlTransaction, row: Row, to: OfficialId) -> object:
        return hand_over(tx, _user(tx, row.official), row.number, to, self.now)

    def _claimed(self, tx: SqlTransaction, row: Row, to: OfficialId) -> object:
        offered = offer(tx, _user(tx, row.official), _known(tx, row), self.now)
        return claim(tx, _user(tx, to), offered, self.now) if isinstance(offered, Appointment) else offered

    @there_is(State.BOOKED, State.VISITED, State.NO_SHOW)
    @rule(number=ANY, mark=MARKS)
    def is_marked(self, number: int, mark: State) -> None:
        row = self._one(number, State.BOOKED, State.VISITED, State.NO_SHOW)
        self.town.do(lambda tx: outcomes.mark(tx, _user(tx, row.official), row.number, mark, self.now))

    @rule(of=st.sampled_from(RESOURCES), start=STARTS, length=st.integers(1, 12))
    def is_blocked(self, of: ResourceId, start: datetime, length: int) -> None:
        block, source = Busy(of, Interval(start, start + minutes(5 * length))), str(len(self.blocks))
        self.town.do(lambda tx: tx.hours.block(BlockKind.IMPORTED, source, [block]))
        self.blocks.append(block)

    @precondition(lambda self: bool(self.blocks))
    @rule()
    def is_unblocked(self) -> None:
        self.blocks.pop()
        self.town.do(lambda tx: tx.hours.unblock(BlockKind.IMPORTED, str(len(self.blocks))))

    @rule(pause=PAUSES, woken=st.booleans())
    def time_passes(self, pause: timedelta, *, woken: bool) -> None:
        """The timed work may be late."""
        self.now += pause
        if woken:
            self.town.do(lambda tx: do_due(tx, self.now))

    @rule(citizen=CITIZENS, service=SERVICES, official=OFFICIALS, start=STARTS)
    def goes_past_all_rules(self, citizen: UserId, service: ServiceId, official: OfficialId, start: datetime) -> None:
        """The guard refuses exactly what takes an official's or a place's time twice."""
        place = ROOM if service == LONG else None
        new = new_appointment(self.services[service], official, citizen, start, place)
        free = self.reckoning.is_free(new.resources, new.busy)
        try:
            self.town.do(lambda tx: tx.appointments.add(new, self.now))
        except SlotLost:
            assert not free
        else:
            assert free
            self.took_time = True

    @there_is(State.HELD)
    @rule(number=ANY)
    def a_hold_runs_out_unnoticed(self, number: int) -> None:
        """To the second, and nobody has done the timed work yet."""
        until = self._one(number, State.HELD).until
        assert until is not None
        self.now = max(self.now, until)

    @there_is(State.BOOKED)
    @rule(number=ANY)
    def does_not_come(self, number: int) -> None:
        row = self._one(number, State.BOOKED)
        self.now = max(self.now, row.start)
        answer = self.town.do(
            lambda tx: outcomes.mark(tx, _user(tx, row.official), row.number, State.NO_SHOW, self.now)
        )
        assert isinstance(answer, outcomes.Marked)

    @there_is(State.HELD, State.LAPSED)
    @rule(number=ANY)
    def confirms_past_all_rules(self, number: int) -> None:
        row = self._one(number, State.HELD, State.LAPSED)
        try:
            self.town.do(lambda tx: tx.appointments.confirm(_known(tx, row), self.now))
        except SlotLost:
            assert not row.is_held(self.now)
        else:
            assert row.is_held(self.now)

    @invariant()
    def rules_hold(self) -> None:
        """All invariants in one, since each compares with how the file was after the step before."""
        now = rows(self.town)
        self._nobody_is_taken_twice(now)
        self._quanta_are_what_is_taken(now)
        self._nothing_is_lost(now)
        self.before, self.took_time = now, False
        self._a_search_finds_what_is_free()

    def _a_search_finds_what_is_free(self) -> None:
        """Neither more nor less: what was cancelled, let go, or has run out can be had at once."""
        for service in self.services.values():
            slots = self.town.do(partial(slots_on, service=service, day=DAY, now=self.now))
            wanted = {start: self.reckoning.offers(service, start) for start in every_start(DAY)}
            assert {slot.start: set(slot.officials) for slot in slots} == {at: who for at, who in wanted.items() if who}

    def _nobody_is_taken_twice(self, now: dict[int, Row]) -> None:
        for one, other in combinations((row for row in now.values() if row.takes(self.now)), 2):
            assert set(one.resources).isdisjoint(other.resources) or not one.busy.overlaps(other.busy)

    def _quanta_are_what_is_taken(self, now: dict[int, Row]) -> None:
        """But for holds that ran out since time was last taken."""
        stored = set(self.town.rows("SELECT resource, at, appointment FROM quantum"))
        taken = {quantum for row in now.values() if row.takes(self.now) for quantum in _quanta(row)}
        run_out = [row for row in now.values() if row.state is State.HELD and not row.is_held(self.now)]
        assert stored == taken | {quantum for row in run_out for quantum in _quanta(row)}
        assert not (self.took_time and run_out)

    def _nothing_is_lost(self, now: dict[int, Row]) -> None:
        history = self.town.rows("SELECT appointment, what, at FROM history ORDER BY id")
        assert history[: len(self.history)] == self.history
        noted = {appointment for appointment, *_ in history[len(self.history) :]}
        for id, old in self.before.items():
            new = now[id]
            assert old == new or id in noted
            assert new.state is old.state or new.state in BECOMES[old.state]
            assert new.state is old.state or new.state is not State.BOOKED or old.is_held(self.now)
        states = {id: what for id, what, _ in history if what in set(State)}
        assert states == {id: row.state for id, row in now.items()}
        begun = {id: int(str(at)) for id, what, at in history if what == State.HELD}
        for id, row in now.items():
            assert row.until is None or to_seconds(row.until) <= begun[id] + HOLD.total_seconds()
        self.history = history


def _quanta(row: Row) -> set[tuple[object, ...]]:
    return {(one, to_seconds(at), row.id) for one in row.resources for at in quanta(row.busy)}


def _user(tx: SqlTransaction, official: OfficialId) -> UserId:
    return tx.directory.user_of(tx.directory.officials[official])


def _known(tx: SqlTransaction, row: Row) -> Appointment:
    found = tx.appointments.get(AppointmentId(row.id))
    assert found is not None
    return found
