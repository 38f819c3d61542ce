"""Recurring visits in local wall time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.series import MOST, Rule, occurrences, read_rule

ZONE = ZoneInfo("Europe/Helsinki")


def walls(rule: str, first: datetime) -> list[str]:
    read = read_rule(rule)
    assert read is not None
    return [f"{at.astimezone(ZONE):%d.%m. %H:%M}" for at in occurrences(read, first, ZONE)]


def test_a_series_keeps_its_wall_time_over_the_spring_change() -> None:
    read = read_rule("RRULE:FREQ=WEEKLY;COUNT=3")
    assert read is not None
    found = occurrences(read, datetime(2027, 3, 25, 9), ZONE)  # noqa: DTZ001 - local wall time
    assert [f"{at:%d.%m. %H:%M}" for at in found] == ["25.03. 07:00", "01.04. 06:00", "08.04. 06:00"]


def test_a_series_keeps_its_wall_time_over_the_autumn_change() -> None:
    assert walls("FREQ=WEEKLY;COUNT=2", datetime(2027, 10, 28, 9)) == ["28.10. 09:00", "04.11. 09:00"]  # noqa: DTZ001 - as above
    read = read_rule("FREQ=DAILY;COUNT=2")
    assert read is not None
    first, second = occurrences(read, datetime(2027, 10, 30, 9), ZONE)  # noqa: DTZ001 - as above
    assert second - first == timedelta(hours=25)


def test_an_occurrence_in_the_skipped_hour_does_not_exist_and_is_not_counted() -> None:
    found = walls("FREQ=DAILY;COUNT=3", datetime(2027, 3, 27, 3, 30))  # noqa: DTZ001 - as above
    assert found == ["27.03. 03:30", "29.03. 03:30", "30.03. 03:30"]


def test_an_occurrence_in_the_repeated_hour_is_the_first_of_two() -> None:
    read = read_rule("FREQ=DAILY;COUNT=1")
    assert read is not None
    assert occurrences(read, datetime(2027, 10, 31, 3, 30), ZONE) == [datetime(2027, 10, 31, 0, 30, tzinfo=UTC)]  # noqa: DTZ001 - as above


def test_a_series_ends_with_its_last_day() -> None:
    assert len(walls("FREQ=WEEKLY;UNTIL=20270401", datetime(2027, 3, 18, 9))) == 3  # noqa: DTZ001 - as above
    assert read_rule("FREQ=WEEKLY;UNTIL=20270401T060000Z") == Rule("FREQ=WEEKLY", until=date(2027, 4, 1))


def test_every_other_week_and_the_second_tuesday() -> None:
    first = datetime(2027, 1, 12, 9)  # noqa: DTZ001 - as above
    assert walls("FREQ=WEEKLY;INTERVAL=2;COUNT=3", first) == ["12.01. 09:00", "26.01. 09:00", "09.02. 09:00"]
    assert walls("FREQ=MONTHLY;BYDAY=2TU;COUNT=2", first) == ["12.01. 09:00", "09.02. 09:00"]


def test_a_series_is_capped() -> None:
    assert len(walls("FREQ=DAILY;UNTIL=20991231", datetime(2027, 1, 1, 9))) == MOST  # noqa: DTZ001 - as above
    assert len(walls("FREQ=DAILY;COUNT=99", datetime(2027, 1, 1, 9))) == MOST  # noqa: DTZ001 - as above


@pytest.mark.parametrize(
    "written",
    [
        "",
        "FREQ=WEEKLY",
        "FREQ=SECONDLY;COUNT=5",
        "FREQ=YEARLY;COUNT=5",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=5;UNTIL=20270401",
        "FREQ=WEEKLY;COUNT=5;COUNT=6",
        "FREQ=WEEKLY;COUNT=1000000000",
        "FREQ=WEEKLY;UNTIL=20271301",
        "FREQ=MONTHLY;BYDAY=53MO;COUNT=2",
        "FREQ=WEEKLY;BYDAY=2TU;COUNT=2",
        "FREQ=WEEKLY;BYSECOND=1;COUNT=2",
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=2",
        "FREQ=WEEKLY;INTERVAL=0;COUNT=2",
        "nonsense",
    ],
)
def test_what_is_unknown_endless_or_absurd_is_no_rule(written: str) -> None:
    assert read_rule(written) is None


_TEXT = st.text(alphabet="FREQWEKLYDAIMONTHCUBINTVSPG=;:,+-0123456789", max_size=60)


@given(_TEXT)
def test_whatever_is_written_ends(written: str) -> None:
    for text in (written, f"FREQ=MONTHLY;{written}", f"FREQ=WEEKLY;COUNT=5;{written}"):
        rule = read_rule(text)
        if rule is not None:
            assert len(occurrences(rule, datetime(2027, 1, 31, 9), ZONE)) <= MOST  # noqa: DTZ001 - as above
            assert read_rule(str(rule)) == rule
