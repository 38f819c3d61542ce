"""Recurring visits: a small part of RFC 5545's RRULE, expanded in local wall time.

Days, weeks and months with an interval, weekdays, and an end: what a person can oversee. An occurrence whose wall
time a clock change skips does not exist and is not counted (RFC 5545, 3.3.10); one that exists twice is the first.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

MOST = 52
"""Occurrences of one series."""

_MOST_STEPS = 400
"""Occurrences that are looked at, existing or not."""

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")
_WEEKDAY = re.compile(r"(?:[+-]?[1-4]|[+-]1)?(?:MO|TU|WE|TH|FR|SA|SU)")
_NUMBER = re.compile(r"[1-9]\d?")
_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T\d{6}Z?)?")
_PARTS = 6


@dataclass(frozen=True, slots=True)
class Rule:
    """`every` is the rule without its end, as RRULE writes it; it ends after `count` or with the day `until`."""

    every: str
    count: int | None = None
    until: date | None = None

    def __str__(self) -> str:
        end = f";COUNT={self.count}" if self.count else f";UNTIL={self.until:%Y%m%d}" if self.until else ""
        return self.every + end


def read_rule(written: str) -> Rule | None:
    """`FREQ=WEEKLY;COUNT=6`, with or without `RRULE:` before it; none for what is unknown, endless or absurd."""
    parts = [part.partition("=") for part in written.upper().removeprefix("RRULE:").strip(";").split(";")]
    known = {name: value for name, _, value in parts}
    if len(known) != len(parts) or len(parts) > _PARTS or not _is_known(known):
        return None
    every = ";".join(f"{name}={value}" for name, value in known.items() if name not in ("COUNT", "UNTIL"))
    if "COUNT" in known:
        return Rule(every, count=min(int(known["COUNT"]), MOST))
    until = _date(known["UNTIL"])
    return None if until is None else Rule(every, until=until)


def _is_known(parts: dict[str, str]) -> bool:
    """One end and no more than one: a series without it would never stop."""
    checks: dict[str, Callable[[str], bool]] = {
        "FREQ": lambda value: value in _FREQUENCIES,
        "INTERVAL": lambda value: _NUMBER.fullmatch(value) is not None,
        "COUNT": lambda value: _NUMBER.fullmatch(value) is not None,
        "UNTIL": lambda value: _date(value) is not None,
        "BYDAY": lambda value: all(_WEEKDAY.fullmatch(day) for day in value.split(",")),
        "WKST": lambda value: value == "MO",
    }
    good = all(name in checks and checks[name](value) for name, value in parts.items())
    numbered = any(character.isdigit() for character in parts.get("BYDAY", ""))
    return good and "FREQ" in parts and ("COUNT" in parts) != ("UNTIL" in parts) and _numbers_fit(parts, numbered)


def _numbers_fit(parts: dict[str, str], numbered: bool) -> bool:  # noqa: FBT001 - a fact about the first argument
    """The second Tuesday is one of a month (RFC 5545, 3.3.10)."""
    return parts["FREQ"] == "MONTHLY" or not numbered


def _date(written: str) -> date | None:
    found = _DAY.fullmatch(written)
    try:
        return None if found is None else date(*map(int, found.groups()))
    except ValueError:
        return None


def occurrences(rule: Rule, first: datetime, zone: ZoneInfo) -> list[datetime]:
    """Starts in UTC in order, at most `MOST`; `first` is the first one's local wall time, without a zone."""
    existing = (start for local in _local(rule, first) if (start := _moment(local, zone)) is not None)
    return list(islice(existing, rule.count or MOST))


def _local(rule: Rule, first: datetime) -> Iterator[datetime]:
    """What the rule gives, the first time itself before it, where the rule does not name it."""
    found: Iterator[datetime] = islice(iter(rrulestr(rule.every, dtstart=first)), _MOST_STEPS)
    if rule.until is not None:
        last = rule.until
        found = takewhile(lambda local: local.date() <= last, found)
    return found


def _moment(local: datetime, zone: ZoneInfo) -> datetime | None:
    """The first of two alike; none where the clock jumps over it (PEP 495)."""
    moment = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    return moment if moment.astimezone(zone).replace(tzinfo=None, fold=0) == local else None
