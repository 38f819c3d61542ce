"""Days and hours as officials type them."""

from datetime import UTC, date, datetime, time

import pytest

from bot.commands.hours_reader import HoursWish, read_hours
from bot.commands.spec import Facts
from bot.commands.staff_readers import read_days
from bot.config.reading import read
from bot.domain.directory import Span
from bot.domain.language import Language
from tests.support.town import EXAMPLE


@pytest.fixture(scope="module")
def facts() -> Facts:
    """Monday 30 November 2026 at eight."""
    return Facts(read(EXAMPLE).directory, Language.FI, datetime(2026, 11, 30, 6, tzinfo=UTC))


@pytest.mark.parametrize(
    ("line", "days", "rest"),
    [
        ("3 pv", "2026-11-30..2026-12-02", ""),
        ("2 dagar", "2026-11-30..2026-12-01", ""),
        ("huomenna", "2026-12-01..2026-12-01", ""),
        ("tomorrow", "2026-12-01..2026-12-01", ""),
        ("1.12.-3.12.", "2026-12-01..2026-12-03", ""),
        ("1.12-3.12", "2026-12-01..2026-12-03", ""),
        ("1.12. - 3.12.", "2026-12-01..2026-12-03", ""),
        ("1.-3.12.", "2026-12-01..2026-12-03", ""),
        ("2.12", "2026-12-02..2026-12-02", ""),
        ("to - pe", "2026-12-03..2026-12-04", ""),
        ("31.12.-2.1.", "2026-12-31..2027-01-02", ""),
        ("3 pv 1.12.", "2026-12-01..2026-12-03", ""),
        ("2026-12-01..2026-12-03 kyllä", "2026-12-01..2026-12-03", "kyllä"),
        ("peru 1.12.-2.12.", "2026-12-01..2026-12-02", "peru"),
        ("peru", "None", "peru"),
        ("3.12.-1.12.", "None", ""),
        ("2026-12-01..2026-13-03", "None", ""),
        ("", "None", ""),
    ],
)
def test_days(facts: Facts, line: str, days: str, rest: str) -> None:
    found, left = read_days(line, facts)
    assert (str(found), left) == (days, rest)


@pytest.mark.parametrize("line", ["999 pv", "2026-01-01..2999-01-01", "1.1.2026-1.1.2099", "-" * 3000, "1-" * 3000])
def test_absurd_days_are_bounded(facts: Facts, line: str) -> None:
    found, _ = read_days(line, facts)
    assert found is None or (found.last - found.first).days < 366


MORNING, AFTERNOON = Span(time(9), time(12)), Span(time(13), time(15))


@pytest.mark.parametrize(
    ("line", "wish"),
    [
        ("ti 9-12 13-15", HoursWish(weekday=1, spans=(MORNING, AFTERNOON))),
        ("maanantai 9:00-12:00", HoursWish(weekday=0, spans=(MORNING,))),
        ("tors 9-12", HoursWish(weekday=3, spans=(MORNING,))),
        ("ma 9-24", HoursWish(weekday=0, spans=(Span(time(9), time()),))),
        ("24.12. 9-12", HoursWish(day=date(2026, 12, 24), spans=(MORNING,))),
        ("24.12 9-12", HoursWish(day=date(2026, 12, 24), spans=(MORNING,))),
        ("to 24.12. 9-12", HoursWish(day=date(2026, 12, 24), spans=(MORNING,))),
        ("2026-12-24 9-12", HoursWish(day=date(2026, 12, 24), spans=(MORNING,))),
        ("huomenna 9-12", HoursWish(day=date(2026, 12, 1), spans=(MORNING,))),
        ("24.12. normaali", HoursWish(day=date(2026, 12, 24), normal=True)),
        ("pe kiinni", HoursWish(weekday=4, spans=())),
        ("ma", HoursWish(weekday=0)),
        ("", HoursWish()),
    ],
)
def test_hours(facts: Facts, line: str, wish: HoursWish) -> None:
    assert read_hours(line, facts)[0] == wish


@pytest.mark.parametrize("line", ["ma 15-9", "ma 9-15 14-16", "ma 25-26", "ma 9:02-10", "ma 9-24 10-12"])
def test_hours_that_cannot_be(facts: Facts, line: str) -> None:
    assert read_hours(line, facts)[0].problem
