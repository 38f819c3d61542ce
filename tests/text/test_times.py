"""Dates, times and spans as the three languages write them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.domain.language import Language
from bot.text import times

ZONE = ZoneInfo("Europe/Helsinki")
NOW = datetime(2026, 11, 24, 10, 30, tzinfo=ZONE)
FI, SV, EN = Language.FI, Language.SV, Language.EN


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)  # type: ignore[misc,arg-type]  # a star of ints could hold the zone too


@pytest.mark.parametrize(
    ("language", "written"),
    [(FI, "to 26.11. klo 9.00"), (SV, "tors 26.11 kl. 9.00"), (EN, "Thu 26 Nov at 9:00")],
)
def test_a_moment_of_this_year_has_no_year(language: Language, written: str) -> None:
    assert times.moment(at(2026, 11, 26, 9, 0), ZONE, language, NOW) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [(FI, "pe 8.1.2027 klo 14.05"), (SV, "fre 8.1.2027 kl. 14.05"), (EN, "Fri 8 Jan 2027 at 14:05")],
)
def test_a_moment_of_another_year_has_it(language: Language, written: str) -> None:
    assert times.moment(at(2027, 1, 8, 14, 5), ZONE, language, NOW) == written


@pytest.mark.parametrize(
    ("day", "language", "written"),
    [
        (24, FI, "tänään ti 24.11. klo 9.00"),
        (25, FI, "huomenna ke 25.11. klo 9.00"),
        (25, SV, "i morgon ons 25.11 kl. 9.00"),
        (25, EN, "tomorrow Wed 25 Nov at 9:00"),
        (23, FI, "ma 23.11. klo 9.00"),
        (26, SV, "tors 26.11 kl. 9.00"),
    ],
)
def test_days_that_lie_near_are_also_said_in_words(day: int, language: Language, written: str) -> None:
    assert times.moment_nearby(at(2026, 11, day, 9, 0), ZONE, language, NOW) == written


@pytest.mark.parametrize(
    ("language", "short", "full"),
    [
        (FI, "to 26.11. klo 9.00–9.30", "torstai 26.11.2026 klo 9.00–9.30"),
        (SV, "tors 26.11 kl. 9.00–9.30", "torsdag 26.11.2026 kl. 9.00–9.30"),
        (EN, "Thu 26 Nov at 9:00–9:30", "Thursday 26 November 2026 at 9:00–9:30"),
    ],
)
def test_a_span_has_a_dash_without_blanks(language: Language, short: str, full: str) -> None:
    start, end = at(2026, 11, 26, 9, 0), at(2026, 11, 26, 9, 30)
    assert times.span(start, end, ZONE, language, NOW) == short
    assert times.span_in_full(start, end, ZONE, language) == full


def test_a_span_over_midnight_names_both_days() -> None:
    start, end = at(2026, 11, 26, 23, 30), at(2026, 11, 27, 0, 15)
    assert times.span(start, end, ZONE, FI, NOW) == "to 26.11. klo 23.30 – pe 27.11. klo 0.15"


def test_a_moment_is_written_in_the_zones_wall_time_on_both_sides_of_a_clock_change() -> None:
    assert times.moment(datetime(2027, 3, 28, 0, 30, tzinfo=UTC), ZONE, FI, NOW) == "su 28.3.2027 klo 2.30"
    assert times.moment(datetime(2027, 3, 28, 1, 30, tzinfo=UTC), ZONE, FI, NOW) == "su 28.3.2027 klo 4.30"


def test_the_year_and_the_day_are_those_of_the_zone() -> None:
    new_year = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    assert times.moment(new_year, ZONE, FI, NOW) == "pe 1.1.2027 klo 0.30"
    assert times.moment(new_year, ZONE, FI, new_year) == "pe 1.1. klo 0.30"


def test_a_day_alone() -> None:
    assert times.day(date(2026, 11, 26), SV, NOW.date()) == "tors 26.11"
    assert times.day_in_full(date(2026, 11, 26), FI) == "torstai 26.11.2026"


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(minutes=30), "30 min"),
        (timedelta(minutes=75), "1 h 15 min"),
        (timedelta(hours=2), "2 h"),
        (timedelta(hours=24), "24 h"),
        (timedelta(days=3), "3 päivää"),
        (timedelta(days=2, minutes=5), "48 h 5 min"),
        (timedelta(), "0 min"),
        (timedelta(seconds=59), "0 min"),
        (timedelta(minutes=-5), "0 min"),
    ],
)
def test_durations(length: timedelta, written: str) -> None:
    assert times.duration(length, FI) == written
