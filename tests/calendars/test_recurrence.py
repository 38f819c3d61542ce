"""Rules against `dateutil`, the second opinion; and the bounds that it lacks."""

from datetime import UTC, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.calendars.limits import Budget, Limits
from bot.calendars.recurrence import Series
from bot.calendars.rule_parts import parse_rule
from tests.calendars.rule_strategies import rules

START = datetime(2026, 1, 5, 9, 30)  # noqa: DTZ001 - series are reckoned in local time


def day(month: int, number: int, year: int = 2026) -> datetime:
    return START.replace(year=year, month=month, day=number)


def budget(steps: int = 1_000_000) -> Budget:
    begun = Budget(Limits(series_steps=steps, total_steps=10 * steps))
    begun.begin_series()
    return begun


def between(rule: str, low: datetime, high: datetime, steps: Budget | None = None) -> list[datetime]:
    return list(Series(parse_rule(rule, START, UTC), START).between(low, high, steps or budget()))


@settings(deadline=None)
@given(rules(), st.integers(-30, 500), st.integers(1, 60))
def test_rules_agree_with_dateutil(rule: str, offset: int, length: int) -> None:
    low = START + timedelta(days=offset)
    high = low + timedelta(days=length)
    assert between(rule, low, high) == rrulestr(rule, dtstart=START).between(low, high, inc=True), rule


def test_a_weekday_and_a_numbered_one_are_both_meant() -> None:
    """RFC 5545, 3.3.10: the values of a part are alternatives."""
    assert [moment.day for moment in between("FREQ=MONTHLY;BYDAY=MO,1TU", day(6, 1), day(6, 30))] == [
        1,
        2,
        8,
        15,
        22,
        29,
    ]


def test_the_last_working_day_of_each_month() -> None:
    found = between("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", day(2, 10), day(5, 30))
    assert [(moment.month, moment.day) for moment in found] == [(2, 27), (3, 31), (4, 30), (5, 29)]


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=SECONDLY;BYHOUR=3", "FREQ=SECONDLY;COUNT=9999999"]
)
def test_a_rule_for_every_second_ends_with_its_budget(rule: str) -> None:
    steps = budget(1_000)
    assert len(between(rule, day(1, 5), day(12, 31), steps)) < 1_000
    assert steps.cut_short == 1
    assert not steps.spend()


@pytest.mark.parametrize("rule", ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYDAY=MO;BYMONTHDAY=31;BYMONTH=4"])
def test_a_rule_that_never_matches_costs_a_step_for_each_day_that_is_asked_about(rule: str) -> None:
    steps = budget(61)
    assert between(rule, day(2, 1, 2090), day(4, 1, 2090), steps) == []
    assert steps.cut_short == 0


def test_the_age_of_a_series_costs_nothing() -> None:
    for rule in ("FREQ=SECONDLY;INTERVAL=7200", "FREQ=DAILY", "FREQ=YEARLY;BYMONTH=1,2,3;BYDAY=MO"):
        steps = budget(80)
        assert between(rule, day(1, 5, 2126), day(1, 7, 2126), steps)
        assert steps.cut_short == 0


def test_counted_occurrences_are_counted_from_the_start() -> None:
    assert between("FREQ=DAILY;COUNT=10", day(1, 14), day(3, 1)) == [day(1, 14)]
    steps = budget(100)
    assert between("FREQ=DAILY;COUNT=9999", day(1, 5, 2029), day(1, 6, 2029), steps) == []
    assert steps.cut_short == 1


def test_the_whole_calendar_has_a_budget_too() -> None:
    shared = Budget(Limits(series_steps=100, total_steps=150))
    found = []
    for _ in range(3):
        shared.begin_series()
        found.append(len(between("FREQ=HOURLY", day(1, 5), day(12, 31), shared)))
    assert found[0] > found[1] > found[2] == 0
    assert shared.cut_short == 3


@pytest.mark.parametrize(
    "rule",
    [
        *(
            "",
            "INTERVAL=2",
            "FREQ=FORTNIGHTLY",
            "FREQ=DAILY;INTERVAL=0",
            "FREQ=DAILY;INTERVAL=-1",
            "FREQ=DAILY;COUNT=0",
        ),
        *("FREQ=DAILY;BYDAY=XX", "FREQ=DAILY;WKST=XX", "FREQ=DAILY;UNTIL=soon", "FREQ=DAILY;BYMONTH=a"),
        *("FREQ=YEARLY;RSCALE=HEBREW", "FREQ=DAILY;BYEASTER=1", "FREQ=HOURLY;BYSETPOS=1"),
        "FREQ=DAILY;BYYEARDAY=" + ",".join(["1"] * 801),
    ],
)
def test_a_rule_that_cannot_be_understood_is_refused(rule: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        parse_rule(rule, START, UTC)
