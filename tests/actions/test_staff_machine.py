"""Whatever officials and citizens do in whatever order: nobody is lost, booked twice or kept for nothing."""

from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.actions import absence, handover, outcomes, substitution, worktime
from bot.actions.booking import Booked, book, cancel
from bot.actions.due import do_due
from bot.actions.kept import is_asked
from bot.actions.ports import BlockKind
from bot.actions.search import local_day
from bot.domain.booking import Appointment, State
from bot.domain.days import Days
from bot.domain.directory import Span
from bot.domain.ids import AppointmentId, OfficialId, UserId
from bot.storage.transaction import SqlTransaction
from tests.support.town import BENEFITS, NOW, TUESDAY, Town, minutes, open_town

ADVISERS = (OfficialId("palveluneuvoja"), OfficialId("yhteispalveluneuvoja"))
CITIZENS = tuple(UserId(f"@c{n}:localhost") for n in range(3))
DAYS = (date(2027, 1, 12), date(2027, 1, 13))
STARTS = tuple(TUESDAY + minutes(30 * n) + timedelta(days=d) for d in range(2) for n in range(3))

officials, starts, days = st.sampled_from(ADVISERS), st.sampled_from(STARTS), st.sampled_from(DAYS)
picks = st.integers(0, 5)


_COMING_AND_GOING = """SELECT kind FROM outbox WHERE lane = ? AND kind IN ('invite', 'remove')
    AND json_extract(payload, '$.user') = ? ORDER BY item DESC LIMIT 1"""


class Staff(RuleBasedStateMachine):
    """Two officials of one service, three citizens, two days; the clock only goes forward."""

    town: Town
    now: datetime = NOW

    @initialize()
    def opened(self) -> None:
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(TemporaryDirectory()))
        self.town = self.stack.enter_context(open_town(folder))
        self.known: list[AppointmentId] = []

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()

    def picked(self, pick: int) -> Appointment:
        found = self.town.do(lambda tx: tx.appointments.get(self.known[pick % len(self.known)]))
        assert found is not None
        return found

    def acting(self, work: Callable[[SqlTransaction], object]) -> None:
        self.town.do(work)

    @rule(citizen=st.sampled_from(CITIZENS), start=starts)
    def books(self, citizen: UserId, start: datetime) -> None:
        outcome = self.town.do(lambda tx: book(tx, citizen, BENEFITS, start, self.now))
        if isinstance(outcome, Booked):
            self.known.append(outcome.appointment.id)

    @rule(official=officials, day=days)
    def goes_away(self, official: OfficialId, day: date) -> None:
        self.acting(lambda tx: absence.leave(tx, tx.directory.officials[official], Days(day, day), self.now))

    @rule(official=officials)
    def comes_back(self, official: OfficialId) -> None:
        self.acting(lambda tx: absence.come_back(tx, tx.directory.officials[official], None, self.now))

    @rule(official=officials, day=days, spans=st.sampled_from([None, (Span(STARTS[0].time(), STARTS[2].time()),)]))
    def changes_a_day(self, official: OfficialId, day: date, spans: tuple[Span, ...] | None) -> None:
        self.acting(lambda tx: worktime.set_day(tx, tx.directory.officials[official], day, spans, self.now))

    @precondition(lambda self: self.known)
    @rule(pick=picks, to=officials)
    def hands_over(self, pick: int, to: OfficialId) -> None:
        found = self.picked(pick)
        actor = UserId(f"@{found.official}:localhost")
        self.acting(lambda tx: handover.hand_over(tx, actor, found.number, to, self.now))

    @precondition(lambda self: self.known)
    @rule(pick=picks, start=starts)
    def moves(self, pick: int, start: datetime) -> None:
        found = self.picked(pick)
        actor = UserId(f"@{found.official}:localhost")
        self.acting(lambda tx: handover.reschedule(tx, actor, found.number, start, self.now))

    @precondition(lambda self: self.known)
    @rule(pick=picks, claims=st.booleans())
    def offers(self, pick: int, claims: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        found = self.picked(pick)
        owner, taker = (UserId(f"@{o}:localhost") for o in (found.official, *(set(ADVISERS) - {found.official})))
        self.acting(lambda tx: handover.offer(tx, owner, found, self.now))
        if claims:
            self.acting(lambda tx: handover.claim(tx, taker, found, self.now))

    @precondition(lambda self: self.known)
    @rule(pick=picks, start=st.none() | starts)
    def chooses(self, pick: int, start: datetime | None) -> None:
        found = self.picked(pick)
        if start is None:
            self.acting(lambda tx: substitution.take_substitute(tx, found.citizen, found.number, self.now))
        else:
            self.acting(lambda tx: substitution.take_time(tx, found.citizen, found.number, start, self.now))

    @precondition(lambda self: self.known)
    @rule(pick=picks, by_citizen=st.booleans())
    def cancels(self, pick: int, by_citizen: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
        found = self.picked(pick)
        actor = found.citizen if by_citizen else UserId(f"@{found.official}:localhost")
        self.acting(lambda tx: cancel(tx, actor, found.number, self.now))

    @precondition(lambda self: self.known)
    @rule(pick=picks, state=st.sampled_from([State.VISITED, State.NO_SHOW]))
    def marks(self, pick: int, state: State) -> None:
        found = self.picked(pick)
        actor = UserId(f"@{found.official}:localhost")
        outcome = self.town.do(lambda tx: outcomes.mark(tx, actor, found.number, state, self.now))
        if state is State.NO_SHOW and isinstance(outcome, outcomes.Marked):
            assert found.state is not State.CANCELLED
            assert found.start <= self.now

    @rule(hours=st.sampled_from([1, 8, 25]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        self.acting(lambda tx: do_due(tx, self.now))

    @invariant()
    def nothing_is_booked_twice_and_every_quantum_has_its_appointment(self) -> None:
        if not hasattr(self, "town"):
            return
        wrong = self.town.rows(
            """SELECT q.appointment FROM quantum q JOIN appointment a ON a.id = q.appointment
            WHERE a.state IN ('cancelled', 'lapsed') OR q.at < a.busy_start OR q.at >= a.busy_end
            OR q.resource NOT IN (a.official, 'place:' || coalesce(a.place, ''))"""
        )
        assert wrong == []

    @invariant()
    def nothing_is_kept_for_nobody(self) -> None:
        if not hasattr(self, "town"):
            return

        for found in self.all_known():
            waits, blocked = self.town.do(partial(_kept, appointment=found))
            assert found.state is State.BOOKED or not waits
            assert waits or not blocked

    @invariant()
    def nobody_waits_unasked_for_somebody_who_is_away(self) -> None:
        if not hasattr(self, "town"):
            return
        for found in self.all_known():
            if found.state is State.BOOKED and found.start > self.now:
                waits, _ = self.town.do(partial(_kept, appointment=found))
                assert waits or not self.town.do(partial(_is_away, appointment=found))

    @invariant()
    def whoever_serves_is_invited_and_the_card_names_them(self) -> None:
        if not hasattr(self, "town"):
            return
        for found in self.all_known():
            lane = self.town.rows("SELECT lane FROM room WHERE kind = 'appointment' AND subject = ?", str(found.id))
            last = self.town.rows(_COMING_AND_GOING, lane[0][0], f"@{found.official}:localhost")
            assert last == [("invite",)]
            assert self.title(found.official) in self.last_card(found)

    def all_known(self) -> list[Appointment]:
        return [self.picked(number) for number in range(len(self.known))]

    def title(self, official: OfficialId) -> str:
        return self.town.do(lambda tx: tx.directory.officials[official].title.fi)

    def last_card(self, appointment: Appointment) -> str:
        """As the unit's room sees it: the last of the card's versions."""
        rows = self.town.rows(
            "SELECT json_extract(payload, '$.body') FROM outbox WHERE key LIKE ? AND kind != 'react' ORDER BY item",
            f"appointment:{appointment.id}:card%",
        )
        return str(rows[-1][0])


def _kept(tx: SqlTransaction, appointment: Appointment) -> tuple[bool, bool]:
    """Whether the citizen's choice is waited for, and whether a substitute's time is kept."""
    blocked = tx.hours.blocked(BlockKind.SUBSTITUTE, str(appointment.id))
    return is_asked(tx, appointment), bool(blocked)


def _is_away(tx: SqlTransaction, appointment: Appointment) -> bool:
    return tx.hours.on([appointment.official], local_day(tx, appointment.start)).get(appointment.official) == ()


Staff.TestCase.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestStaff = Staff.TestCase
