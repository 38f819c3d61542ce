"""200 simultaneous bookings of one slot have exactly one winner, never none, and every loser is offered times."""

from collections.abc import Sequence

from bot.actions.booking import Booked
from bot.domain.ids import UserId
from bot.domain.refusals import SlotTaken
from tests.support.rush import Answer, rush, rush_from_processes
from tests.support.town import NOW, PERMIT, TUESDAY, Town

PEOPLE = [UserId(f"@jonottaja{number}:localhost") for number in range(200)]
PROCESSES = 4


def check(town: Town, answers: Sequence[Answer]) -> None:
    [won] = [answer for answer in answers if isinstance(answer, Booked)]
    lost = [answer for answer in answers if isinstance(answer, SlotTaken)]
    assert len(lost) == len(PEOPLE) - 1
    for refusal in lost:
        assert refusal.nearest
        assert TUESDAY not in {slot.start for slot in refusal.nearest}
    stored = town.rows("SELECT citizen, state FROM appointment")
    assert stored == [(won.appointment.citizen, "booked")]
    assert town.rows("SELECT DISTINCT appointment FROM quantum") == [(won.appointment.id,)]
    assert town.rows("SELECT what FROM history") == [("booked",)]


async def test_of_200_tasks_that_want_one_slot_one_has_it(town: Town) -> None:
    check(town, await rush(town.store, PEOPLE, PERMIT, TUESDAY, NOW))


def test_of_200_people_in_four_processes_one_has_it(town: Town) -> None:
    crowds = [PEOPLE[number::PROCESSES] for number in range(PROCESSES)]
    check(town, rush_from_processes(town.path, crowds, PERMIT, TUESDAY, NOW))
