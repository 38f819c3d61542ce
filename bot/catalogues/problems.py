"""What reading a catalogue gives: the good entries, and each bad one by name, line and reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.domain.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Problem:
    """`where` names the entry, or the file where there is none; `line` counts from 1."""

    where: str
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.where}{f', line {self.line}' if self.line else ''}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Read:
    """`skipped` counts what was left out on purpose, by reason; problems are what could not be read.

    `whole` is false where the file as such could not be read, so that nothing may be concluded from what is absent.
    """

    catalogue: Catalogue
    problems: tuple[Problem, ...] = ()
    skipped: tuple[tuple[str, int], ...] = ()
    whole: bool = True
    parts: tuple[Problem, ...] = ()
    """Parts that are missing from entries which were read otherwise."""
    ties: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Ids of the channels that a service of PTV names, by the entry's id."""
    gone: frozenset[str] = frozenset()
    """Ids of services that were left out on purpose: not published, or for others."""


class BadEntryError(ValueError):
    """A part of an entry is not what it must be; the message tells a person what to write instead."""
