"""What became of a visit: marks and their correction."""

from datetime import timedelta

import pytest

from bot.actions.booking import cancel
from bot.actions.due import do_due
from bot.actions.outcomes import Marked, mark
from bot.domain.booking import Appointment, State
from bot.domain.ids import UserId
from bot.domain.staff_refusals import NotFound, NotHeldVisit, NotStarted
from tests.support.town import CITIZEN, INSPECTOR, NOW, TUESDAY, Town, minutes

SECRETARY = UserId("@lupasihteeri:localhost")
LIBRARIAN = UserId("@kirjastonhoitaja:localhost")


def marked(town: Town, number: str, state: State, by: UserId = INSPECTOR, late: float = 30) -> object:
    return town.do(lambda tx: mark(tx, by, number, state, TUESDAY + minutes(late)))


def history(town: Town, appointment: Appointment) -> list[object]:
    rows = town.rows("SELECT what FROM history WHERE appointment = ? ORDER BY id", appointment.id)
    return [what for (what,) in rows]


def card(town: Town) -> str:
    return str(
        [payload["body"] for room, kind, _, payload in town.outbox() if room == "unit" and "body" in payload][-1]
    )


def test_a_no_show_is_marked_by_a_person_and_can_be_corrected(town: Town) -> None:
    found = town.booked()
    first = marked(town, found.number, State.NO_SHOW)
    assert isinstance(first, Marked)
    assert (first.changed, first.corrected) == (True, False)
    assert "Asiakas ei saapunut" in card(town)
    second = marked(town, found.number, State.VISITED, late=40)
    assert isinstance(second, Marked)
    assert second.corrected
    assert "Hoidettu" in card(town)
    assert history(town, found) == ["booked", "no-show", "visited"]


def test_the_same_mark_again_changes_nothing(town: Town) -> None:
    found = town.booked()
    marked(town, found.number, State.VISITED)
    again = marked(town, found.number, State.VISITED)
    assert isinstance(again, Marked)
    assert not again.changed
    assert history(town, found) == ["booked", "visited"]


def test_nobody_has_failed_to_come_before_the_start(town: Town) -> None:
    found = town.booked()
    assert isinstance(marked(town, found.number, State.NO_SHOW, late=-1), NotStarted)
    assert isinstance(marked(town, found.number, State.NO_SHOW, late=0), Marked)


def test_the_early_are_done_the_same_day_and_no_sooner(town: Town) -> None:
    found = town.booked()
    assert isinstance(town.do(lambda tx: mark(tx, INSPECTOR, found.number, State.VISITED, NOW)), NotStarted)
    assert isinstance(marked(town, found.number, State.VISITED, late=-60), Marked)


@pytest.mark.parametrize("by", [CITIZEN, INSPECTOR])
def test_a_cancellation_never_counts_as_a_no_show(town: Town, by: UserId) -> None:
    found = town.booked()
    town.do(lambda tx: cancel(tx, by, found.number, NOW))
    assert isinstance(marked(town, found.number, State.NO_SHOW), NotHeldVisit)
    assert isinstance(marked(town, found.number, State.VISITED), NotHeldVisit)
    assert history(town, found) == ["booked", "cancelled"]


def test_the_time_of_a_no_show_stays_taken(town: Town) -> None:
    found = town.booked()
    marked(town, found.number, State.NO_SHOW)
    assert town.rows("SELECT count(*) FROM quantum WHERE appointment = ?", found.id)[0][0]


def test_a_colleague_of_the_unit_may_mark_and_nobody_else(town: Town) -> None:
    found = town.booked()
    assert marked(town, found.number, State.VISITED, LIBRARIAN) == NotFound(found.number)
    assert marked(town, found.number, State.VISITED, CITIZEN) == NotFound(found.number)
    assert isinstance(marked(town, found.number, State.VISITED, SECRETARY), Marked)


def test_a_visit_that_was_done_early_reminds_nobody(town: Town) -> None:
    found = town.booked()
    marked(town, found.number, State.VISITED, late=-60)
    assert town.do(lambda tx: do_due(tx, TUESDAY - minutes(10))).done == 0
    assert timedelta() < TUESDAY - NOW
