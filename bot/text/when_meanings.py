"""What a word or two can mean when somebody writes a time: the pieces that `bot.text.when` puts together."""

from dataclasses import dataclass
from enum import Enum, auto


class DayPart(Enum):
    """A wish for a part of the day; where it begins and ends is the booking's matter."""

    MORNING = auto()
    AFTERNOON = auto()
    EVENING = auto()


class Bound(Enum):
    """The time of day is a limit: `klo 12 jälkeen`, `before noon`."""

    NOT_BEFORE = auto()
    NOT_AFTER = auto()


class Which(Enum):
    """Which of the coming weekdays.

    Finnish `ensi tiistai` is the first one after today; `nästa tisdag` and `next Tuesday` are next week's.
    """

    COMING = auto()
    AFTER_TODAY = auto()
    NEXT_WEEK = auto()


@dataclass(frozen=True, slots=True)
class Date:
    """A date as written; without a month a day of this month or the next that has it ahead."""

    day: int
    month: int | None = None
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Relative:
    days: int


@dataclass(frozen=True, slots=True)
class Weekday:
    """Monday is 0. An abbreviation counts only beside other words of time, since `to` and `sun` are words."""

    number: int
    abbreviated: bool = False
    which: Which = Which.COMING


@dataclass(frozen=True, slots=True)
class Week:
    """Weeks from this one."""

    offset: int


@dataclass(frozen=True, slots=True)
class WeekNumber:
    """ISO 8601 week."""

    number: int


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day for certain. `spoken` hours are those of a twelve-hour dial: `kello kaksi`."""

    hour: int
    minute: int = 0
    spoken: bool = False


@dataclass(frozen=True, slots=True)
class Dotted:
    """`9.10`: the ninth of October, or ten past nine."""

    first: int
    second: int
    two_digits: bool
    stop: bool
    """A full stop follows, as it does after a Finnish date."""


@dataclass(frozen=True, slots=True)
class Bare:
    """A number on its own, an hour if its neighbours make it one."""

    number: int


@dataclass(frozen=True, slots=True)
class HourWord:
    """`kymmenen`, `tio`, `ten`: an hour of the dial if its neighbours make it one."""

    hour: int


@dataclass(frozen=True, slots=True)
class Mark:
    """`klo`, `kl.`, `at`: a time of day follows."""


@dataclass(frozen=True, slots=True)
class Link:
    """A word without a meaning of its own that leans on the following (or the preceding) time."""

    after: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    bound: Bound
    after: bool = False
    """The word stands after its time, as Finnish postpositions do."""


@dataclass(frozen=True, slots=True)
class Dash:
    """Between the two ends of a span."""


@dataclass(frozen=True, slots=True)
class Or:
    """Between two wishes: `ke tai to`, `klo 10 tai 11`."""


@dataclass(frozen=True, slots=True)
class Soonest:
    """The first free time there is."""


@dataclass(frozen=True, slots=True)
class Word:
    """Not about time."""


Meaning = (
    Date
    | Relative
    | Weekday
    | Week
    | WeekNumber
    | DayPart
    | Clock
    | Dotted
    | Bare
    | HourWord
    | Mark
    | Link
    | Limit
    | Dash
    | Or
    | Soonest
    | Word
)
