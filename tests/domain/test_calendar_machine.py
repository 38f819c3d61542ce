"""A calendar that holds, books, moves, hands over and lets go in any order keeps its rules."""

from hypothesis import HealthCheck, settings

from tests.support.calendar_machine import Calendar

TestCalendar = Calendar.TestCase
TestCalendar.settings = settings(
    max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
