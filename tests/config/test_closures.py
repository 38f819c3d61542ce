from collections.abc import Callable
from datetime import date

from bot.config.closures import holiday_closures, with_holidays
from bot.config.settings import Configuration, Eve, Holidays
from bot.domain.language import Text


def test_finnish_holidays_and_both_eves_are_closed_and_named_in_three_languages() -> None:
    names = {closure.first: closure.name for closure in holiday_closures([2026, 2027])}
    assert names[date(2026, 6, 19)] == Text(fi="Juhannusaatto", sv="Midsommarafton", en="Midsummer Eve")
    assert names[date(2026, 12, 24)].fi == "Jouluaatto"
    assert names[date(2027, 3, 26)].sv == "Långfredagen"
    assert names[date(2027, 12, 6)].en == "Independence Day"
    assert date(2026, 12, 28) not in names


def test_an_eve_that_is_not_named_stays_open() -> None:
    days = {closure.first for closure in holiday_closures([2026], Holidays(eves=(Eve.CHRISTMAS,)))}
    assert date(2026, 6, 19) not in days
    assert {date(2026, 6, 20), date(2026, 12, 24)} <= days


def test_holidays_may_be_left_open() -> None:
    assert holiday_closures([2026], Holidays(closed=False)) == ()


def test_holidays_join_the_municipalitys_own_closures_by_date(
    town: str, read_text: Callable[[str], Configuration]
) -> None:
    found = read_text(town)
    closures = with_holidays(found.directory, found.settings.holidays, iter([2026])).closures
    assert len(closures) == len(holiday_closures([2026])) + 1
    assert list(closures) == sorted(closures, key=lambda closure: (closure.first, closure.last))
