"""The calendar's state machine for much longer than `make test` has time for; `EAHTARI_CALENDARS` is how many."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.support.calendar_machine import Calendar

pytestmark = pytest.mark.long


class LongCalendar(Calendar):
    """A class of its own: settings belong to the test case that is made of it."""


TestCalendarForLong = LongCalendar.TestCase
TestCalendarForLong.settings = settings(
    max_examples=int(os.environ.get("EAHTARI_CALENDARS", "1000")),
    stateful_step_count=80,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
