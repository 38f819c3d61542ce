"""A calendar that holds, books, moves, hands over and lets go in any order keeps its rules.

A failure is told as it was found; `tests/long` looks longer and makes it small.
"""

from hypothesis import HealthCheck, Phase, settings

from tests.support.calendar_machine import Calendar


class ShortCalendar(Calendar):
    """A class of its own: settings belong to the test case that is made of it."""


TestCalendar = ShortCalendar.TestCase
TestCalendar.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow],
)
