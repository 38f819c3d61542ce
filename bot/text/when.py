"""Reads what a person typed as a time, loosely, in Finnish, Swedish and English at once.

`read_when` finds the time anywhere in a line and hands back the words that are not about time, such as a
service's name. It never raises on text. What it can't know it leaves open for the caller to ask; choices by
number are read before it, by `bot.text.numbers`. Everything that `bot.text.times` writes is read back.

What a doubtful number means (`9.10`: a date or a time?), in this order: after `klo`, `kl.` or `at` a time;
a date where a time is there already; a time where a day is; a date if a full stop follows (`9.10.`, as
Finnish writes dates); else a time. Hours in words are those of a twelve-hour dial, and one to six are then
the afternoon's unless the morning is named.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from zoneinfo import ZoneInfo

from bot.text.when_calendar import Days, choose_day, week_of
from bot.text.when_items import items
from bot.text.when_meanings import Bound, Clock, Date, DayPart, Limit, Relative, Soonest, Week, Weekday, WeekNumber
from bot.text.when_sense import Sense, make_sense

__all__ = ["Bound", "DayPart", "When", "WhenProblem", "read_when", "resolve"]


class WhenProblem(Enum):
    """Why what was written can't be booked as it stands."""

    NO_SUCH_DATE = auto()
    """31.2."""
    NO_SUCH_TIME = auto()
    """25:00"""
    WEEKDAY_MISMATCH = auto()
    """The weekday and the date that were given don't meet; `day` is the date."""
    SEVERAL = auto()
    """Two different days or two different times; the first is given."""
    PAST = auto()
    """A day before today, or a time of today that has gone by."""
    SKIPPED = auto()
    """The clocks jump over this time on that day."""


@dataclass(frozen=True, slots=True)
class When:
    """What a line says about time. Days and times are wall time of the zone that was handed in."""

    day: dt.date | None = None
    time: dt.time | None = None
    bound: Bound | None = None
    """The time (or, without one, the day) is a limit and not the wish itself."""
    part: DayPart | None = None
    week: dt.date | None = None
    """The Monday of a week that was named without a day."""
    earliest: bool = False
    problem: WhenProblem | None = None
    rest: str = ""
    """The words that are not about time, as typed, without control characters and some punctuation."""

    @property
    def is_empty(self) -> bool:
        """Nothing in the line was about time."""
        return self == When(rest=self.rest)


def read_when(words: str | Sequence[str], now: dt.datetime, zone: ZoneInfo) -> When:
    """`now` is aware. Never raises on text; reads the first 10,000 characters, in linear time."""
    here = now.astimezone(zone)
    sense = make_sense(items(words if isinstance(words, str) else " ".join(words)))
    time, time_problem = _time(sense)
    day, week, day_problem = _day(sense, here, time)
    problem = day_problem or time_problem or _gone(day, week, time, here) or _skipped(day, time, zone)
    return When(
        day=day,
        time=time,
        bound=_bound(sense) if time or day else None,
        part=next(iter(sense.of(DayPart)), None),
        week=week,
        earliest=bool(sense.of(Soonest)),
        problem=problem or _several(sense),
        rest=sense.rest,
    )


def resolve(day: dt.date, time: dt.time, zone: ZoneInfo) -> dt.datetime | None:
    """The aware moment of a wall time: the earlier one where a clock change repeats it, None where it is skipped.

    Source of the method: PEP 495, a skipped time does not survive the way to UTC and back.
    """
    local = dt.datetime.combine(day, time.replace(tzinfo=None, fold=0), tzinfo=zone)
    try:
        back = local.astimezone(dt.UTC).astimezone(zone)
    except OverflowError:
        return None
    return local if back.replace(tzinfo=None, fold=0) == local.replace(tzinfo=None) else None


def _bound(sense: Sense) -> Bound | None:
    return next((limit.bound for limit in sense.of(Limit)), None)


def _time(sense: Sense) -> tuple[dt.time | None, WhenProblem | None]:
    clock = next(iter(sense.of(Clock)), None)
    if clock is None:
        return None, None
    hour = _hour(clock, set(sense.of(DayPart)))
    try:
        return dt.time(hour, clock.minute), None
    except ValueError:
        return None, WhenProblem.NO_SUCH_TIME


def _hour(clock: Clock, parts: set[DayPart]) -> int:
    if DayPart.MORNING in parts:
        return clock.hour
    afternoon = (clock.spoken or DayPart.AFTERNOON in parts) and clock.hour in range(1, 7)
    evening = DayPart.EVENING in parts and clock.hour in range(4, 12)
    return clock.hour + 12 if afternoon or evening else clock.hour


def _day(
    sense: Sense, here: dt.datetime, time: dt.time | None
) -> tuple[dt.date | None, dt.date | None, WhenProblem | None]:
    days = Days(
        date=next(iter(sense.of(Date)), None),
        relative=next(iter(sense.of(Relative)), None),
        weekday=next(iter(sense.of(Weekday)), None),
    )
    try:
        weeks: tuple[Week | WeekNumber, ...] = (*sense.of(Week), *sense.of(WeekNumber))
        week = week_of(next(iter(weeks), None), here.date())
        day = choose_day(days, week, here, time)
    except (ValueError, OverflowError):
        return None, None, WhenProblem.NO_SUCH_DATE
    mismatch = day is not None and days.weekday is not None and day.weekday() != days.weekday.number
    return day, week if day is None else None, WhenProblem.WEEKDAY_MISMATCH if mismatch else None


def _gone(day: dt.date | None, week: dt.date | None, time: dt.time | None, here: dt.datetime) -> WhenProblem | None:
    if week is not None and week + dt.timedelta(days=6) < here.date():
        return WhenProblem.PAST
    if day is None or day > here.date():
        return None
    gone = day < here.date() or (time is not None and time < here.time().replace(second=0, microsecond=0))
    return WhenProblem.PAST if gone else None


def _skipped(day: dt.date | None, time: dt.time | None, zone: ZoneInfo) -> WhenProblem | None:
    missing = day is not None and time is not None and resolve(day, time, zone) is None
    return WhenProblem.SKIPPED if missing else None


def _several(sense: Sense) -> WhenProblem | None:
    """Two of a kind that differ; a relative word beside the date that it means is no contradiction."""
    kinds = (Date, Relative, Weekday, Clock)
    different = any(len(set(sense.of(kind))) > 1 for kind in kinds)
    return WhenProblem.SEVERAL if different else None
