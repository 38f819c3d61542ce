from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.allowance import Allowance, Limits

LIMITS = Limits(burst=10, per_minute=60)
NOW = datetime(2027, 1, 11, 6, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def drained(now: datetime = NOW) -> Allowance:
    allowance = Allowance.full(LIMITS, now)
    for _ in range(LIMITS.burst):
        assert not allowance.is_used_up
        allowance = allowance.spent()
    return allowance


def test_a_burst_is_allowed_and_then_no_more() -> None:
    assert drained().is_used_up


def test_it_fills_with_time_and_never_over_the_burst() -> None:
    assert drained().refilled(LIMITS, NOW + SECOND).left == 1
    assert drained().refilled(LIMITS, NOW + timedelta(days=9)).left == LIMITS.burst


def test_within_a_second_nothing_comes_back() -> None:
    assert drained().refilled(LIMITS, NOW + SECOND / 2).is_used_up


@given(st.lists(st.integers(1, 3_000_000), max_size=60))
def test_no_rhythm_of_asking_gets_more_than_the_rate(pauses: list[int]) -> None:
    now, allowance, answered = NOW + SECOND * 0.999, Allowance.full(LIMITS, NOW), 0
    for pause in pauses:
        now += timedelta(microseconds=pause)
        allowance = allowance.refilled(LIMITS, now)
        if not allowance.is_used_up:
            allowance, answered = allowance.spent(), answered + 1
    assert answered <= LIMITS.burst + (now - NOW).total_seconds() * LIMITS.per_minute / 60


def test_a_clock_set_back_neither_gives_nor_locks_out() -> None:
    back = drained().refilled(LIMITS, NOW - timedelta(hours=1))
    assert back.is_used_up
    assert back.refilled(LIMITS, NOW - timedelta(hours=1) + 2 * SECOND).left == 2


def test_a_person_is_told_once_until_half_has_come_back() -> None:
    told = drained().after_telling()
    assert told.refilled(LIMITS, NOW + 4 * SECOND).told
    assert not told.refilled(LIMITS, NOW + 5 * SECOND).told
    assert told.spent().told
