"""Any sequence of bookings and cancellations: no official is ever in two places, buffers included."""

import tempfile
from contextlib import ExitStack
from itertools import combinations
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from bot.actions.booking import Booked, Cancelled, book, cancel
from bot.domain.availability import occupied
from bot.domain.booking import Appointment
from bot.domain.ids import ServiceId, UserId
from bot.domain.opening import Interval
from tests.support.town import LESSON, NOW, PARENTS, local, minutes, open_town

CITIZENS = st.sampled_from([UserId(f"@c{n}:localhost") for n in range(6)])
SERVICES = st.sampled_from([PARENTS, LESSON, ServiceId("kotiutuspalaveri"), ServiceId("kartoituskaynti")])
STARTS = st.integers(0, 12).map(lambda n: local(12, 12) + minutes(15 * n))


class Bookings(RuleBasedStateMachine):
    numbers = Bundle("numbers")

    @initialize()
    def opens(self) -> None:
        self.stack = ExitStack()
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        self.town = self.stack.enter_context(open_town(folder))
        self.open: dict[str, Appointment] = {}

    @rule(target=numbers, citizen=CITIZENS, service=SERVICES, start=STARTS)
    def books(self, citizen: UserId, service: ServiceId, start):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201 - Hypothesis' own types
        answer = self.town.do(lambda tx: book(tx, citizen, service, start, NOW))
        if not isinstance(answer, Booked):
            return multiple()
        self.open[answer.appointment.number] = answer.appointment
        return answer.appointment.number

    @rule(number=consumes(numbers))
    def cancels(self, number: str) -> None:
        citizen = self.open[number].citizen
        assert isinstance(self.town.do(lambda tx: cancel(tx, citizen, number, NOW)), Cancelled)
        del self.open[number]

    @invariant()
    def no_official_is_in_two_places(self) -> None:
        services = self.town.do(lambda tx: tx.directory.services)
        taken = [(a.official, occupied(services[a.service], a.start)) for a in self.open.values()]
        for (one, first), (other, second) in combinations(taken, 2):
            assert one != other or not first.overlaps(second)

    @invariant()
    def the_file_agrees(self) -> None:
        booked = self.town.rows("SELECT number, (busy_end - busy_start) / 300 FROM appointment WHERE state = 'booked'")
        assert {number for number, _ in booked} == set(self.open)
        assert self.town.rows("SELECT count(*) FROM quantum") == [(sum(int(str(n)) for _, n in booked),)]

    def teardown(self) -> None:
        if hasattr(self, "stack"):
            self.stack.close()


TestBookings = Bookings.TestCase
TestBookings.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)


def test_the_machine_can_tell_an_overlap() -> None:
    one = Interval(local(12, 9), local(12, 10))
    assert one.overlaps(Interval(local(12, 9, 55), local(12, 11)))
