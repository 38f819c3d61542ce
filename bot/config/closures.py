"""Public holidays as closures, in three languages.

The dates come from the `holidays` package: Finland's holidays by law, and the two eves on which offices are
closed by custom. Leaves the municipality's own closures to its file.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import holidays as calendar

from bot.config.settings import Eve, Holidays
from bot.domain.directory import Closure, Directory
from bot.domain.language import Language, Text

_LOCALES = {Language.FI: "fi", Language.SV: "sv_FI", Language.EN: "en_US"}
_EVES = {Eve.MIDSUMMER: "Midsummer Eve", Eve.CHRISTMAS: "Christmas Eve"}
"""The English names under which the package lists them."""


def holiday_closures(years: Iterable[int], rule: Holidays | None = None) -> tuple[Closure, ...]:
    """The closed holidays of some years, by date; without a rule, Finland's with both eves."""
    rule = rule or Holidays()
    if not rule.closed:
        return ()
    names = {language: _calendar(tuple(years := tuple(years)), locale) for language, locale in _LOCALES.items()}
    open_eves = {name for eve, name in _EVES.items() if eve not in rule.eves}
    return tuple(
        Closure(day, day, Text(fi=names[Language.FI][day], sv=names[Language.SV][day], en=english))
        for day, english in sorted(names[Language.EN].items())
        if english not in open_eves
    )


def with_holidays(directory: Directory, rule: Holidays, years: Iterable[int]) -> Directory:
    """The directory with the holidays of some years among its closures, by date."""
    closures = (*directory.closures, *holiday_closures(years, rule))
    return replace(directory, closures=tuple(sorted(closures, key=lambda closure: (closure.first, closure.last))))


def _calendar(years: tuple[int, ...], locale: str) -> dict[date, str]:
    return dict(calendar.country_holidays("FI", years=years, language=locale))
