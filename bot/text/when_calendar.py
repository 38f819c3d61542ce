"""From the written pieces of a day to the day itself, counted from now. Impossible days raise ValueError."""

import datetime as dt
from dataclasses import dataclass

from bot.text.when_meanings import Date, Relative, Week, Weekday, WeekNumber, Which

_WEEK = 7
_YEARS_AHEAD = 8
"""29 February comes again after eight years at most (from 1896 or 2096)."""


@dataclass(frozen=True, slots=True)
class Days:
    date: Date | None
    relative: Relative | None
    weekday: Weekday | None


def choose_day(days: Days, week: dt.date | None, here: dt.datetime, time: dt.time | None) -> dt.date | None:
    """A date rules over a relative word, and that over a weekday. `week` is the Monday of a named week."""
    today = here.date()
    if days.date is not None:
        return _dated(days.date, today)
    if days.relative is not None:
        return _counted(days.relative, days.weekday, today)
    if days.weekday is None:
        return None
    if week is not None:
        return week + dt.timedelta(days=days.weekday.number)
    return _coming(days.weekday, here, time)


def week_of(week: Week | WeekNumber | None, today: dt.date) -> dt.date | None:
    """The Monday of a named week; a numbered week that has gone by is next year's."""
    monday = today - dt.timedelta(days=today.weekday())
    match week:
        case None:
            return None
        case Week(offset):
            return monday + dt.timedelta(weeks=offset)
        case WeekNumber(number):
            year = monday.isocalendar().year
            first = dt.date.fromisocalendar(year, number, 1) if number < _LAST_WEEK else _last(year, number)
            return first if first >= monday else dt.date.fromisocalendar(year + 1, number, 1)


_LAST_WEEK = 53


def _last(year: int, number: int) -> dt.date:
    """Week 53 exists in some years only; beyond it nothing does."""
    years = range(year, year + _YEARS_AHEAD)
    found = (y for y in years if number == _LAST_WEEK and dt.date(y, 12, 28).isocalendar().week == number)
    return dt.date.fromisocalendar(next(found, year), number, 1)


def _dated(date: Date, today: dt.date) -> dt.date:
    if date.month is None:
        return _day_of_month(date.day, today)
    if date.year is not None:
        return dt.date(date.year, date.month, date.day)
    if (date.day, date.month) == (29, 2):
        years = range(today.year, today.year + _YEARS_AHEAD + 1)
        candidates = (dt.date(y, 2, 29) for y in years if y % 4 == 0 and (y % 100 != 0 or y % 400 == 0))
        return next(day for day in candidates if day >= today)
    this_year = dt.date(today.year, date.month, date.day)
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)


def _day_of_month(day: int, today: dt.date) -> dt.date:
    for months in range(12):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        try:
            found = dt.date(year, month + 1, day)
        except ValueError:
            continue
        if found >= today:
            return found
    raise ValueError(day)


def _counted(relative: Relative, weekday: Weekday | None, today: dt.date) -> dt.date:
    """`viikon päästä tiistaina` is the Tuesday of the week after this one."""
    day = today + dt.timedelta(days=relative.days)
    if weekday is None or relative.days < _WEEK or relative.days % _WEEK:
        return day
    return day + dt.timedelta(days=weekday.number - day.weekday())


def _coming(weekday: Weekday, here: dt.datetime, time: dt.time | None) -> dt.date:
    today = here.date()
    if weekday.which is Which.NEXT_WEEK:
        return today + dt.timedelta(days=_WEEK - today.weekday() + weekday.number)
    ahead = (weekday.number - today.weekday()) % _WEEK
    today_serves = weekday.which is Which.COMING and time is not None and time >= here.time()
    return today + dt.timedelta(days=ahead if ahead or today_serves else _WEEK)
