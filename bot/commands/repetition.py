"""Reads how often a visit is repeated, as people say it and as RRULE writes it. Never raises."""

import re

from bot.commands.spec import Facts
from bot.domain.matching import fold
from bot.domain.series import MOST, Rule, read_rule

_RRULE = re.compile(r"RRULE:\S+|(?<!\S)FREQ=\S+", re.IGNORECASE)
_UNITS = {
    "DAILY": ("paiva", "dag", "day"),
    "WEEKLY": ("viikko", "vecka", "week"),
    "MONTHLY": ("kuukausi", "manad", "month"),
}
_UNIT = {word: frequency for frequency, words in _UNITS.items() for word in words}
_EVERY = re.compile(
    r"(?<!\S)(?P<every>joka|varje|every|varannan|varannen)\s+(?P<other>toinen\s+|other\s+|andra\s+)?(?P<unit>[^\W\d]+)"
    r"(?:\s+(?P<count>\d{1,3})\s*(?:kertaa|krt|x|gånger|ganger|times)(?!\w))?",
    re.IGNORECASE,
)


class Unclear:
    """Something about repetition was said, but not what."""


UNCLEAR = Unclear()


def read_repetition(line: str, _: Facts) -> tuple[Rule | Unclear | None, str]:
    """`joka viikko 6 kertaa`, `varannan vecka 4 gånger`, `every other week 3 times`, `RRULE:FREQ=WEEKLY;COUNT=6`."""
    if found := _RRULE.search(line):
        return read_rule(found[0]) or UNCLEAR, _cut(line, found)
    spoken = _EVERY.search(line)
    if spoken is None or fold(spoken["unit"]) not in _UNIT:
        return None, line
    return _spoken(spoken), _cut(line, spoken)


def _spoken(found: re.Match[str]) -> Rule | Unclear:
    count = int(found["count"] or 0)
    if not 0 < count <= MOST:
        return UNCLEAR
    other = found["other"] or found["every"].casefold().startswith("varann")
    interval = ";INTERVAL=2" if other else ""
    return Rule(f"FREQ={_UNIT[fold(found['unit'])]}{interval}", count=count)


def _cut(line: str, found: re.Match[str]) -> str:
    return f"{line[: found.start()]} {line[found.end() :]}".strip()
