"""What is wrong in a configuration, said so that the operator finds the place and knows what to do.

Leaves finding the problems to the readers.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process

_LIKENESS = 65
"""Per cent of `fuzz.ratio` from which one name is offered for another."""

_SHOWN = 60
"""Characters of a wrong value that are shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake. `key` is the path as a person would find it: `service "rakennuslupa" › officials`."""

    file: str
    key: str
    what: str
    """A predicate without a full stop: `is missing`."""
    remedy: str
    """A sentence: what to write instead."""

    def __str__(self) -> str:
        place = f"{self.file}: {self.key}" if self.key else self.file
        return f"{place}: {self.what}. {self.remedy}"


class ConfigurationError(Exception):
    """Everything that is wrong with a configuration, at once; `str()` is the report to print."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        head = f"The configuration has {count} problem{'' if count == 1 else 's'}:"
        return "\n".join([head, *(f"  {n}. {problem}" for n, problem in enumerate(self.problems, start=1))])


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, if one is near enough."""
    found = process.extractOne(name, sorted(known), scorer=fuzz.ratio, score_cutoff=_LIKENESS)
    return None if found is None else found[0]


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    near = nearest(name, known)
    return otherwise if near is None else f'Did you mean "{near}"?'


def shown(value: object) -> str:
    """A wrong value as it is shown to the operator: one line, not too long."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
