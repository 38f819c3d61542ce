"""The events and free-busy answers of a calendar as property lines, and nothing that busy time doesn't need.

What an event is about, who takes part and what alarms it has is never looked at. VTIMEZONE is left out as well:
its rules would be run without any bound by the libraries that know them, and names of zones suffice.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from icalendar.parser import Contentline, Parameters

_KINDS = frozenset({"VEVENT", "VFREEBUSY"})
_WANTED = frozenset(
    {
        *("UID", "DTSTART", "DTEND", "DURATION", "STATUS", "TRANSP", "FREEBUSY"),
        *("RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"),
    }
)
_FOLD = re.compile(r"\r?\n[ \t]")
_LINE_END = re.compile(r"\r?\n")
_LONGEST_LINE = 64 * 1024


class MalformedError(ValueError):
    """A component that can't be understood."""


@dataclass(frozen=True, slots=True)
class Property:
    """A content line (RFC 5545, 3.1), its value not yet read."""

    parameters: Parameters
    value: str

    def parameter(self, name: str, otherwise: str = "") -> str:
        return str(self.parameters.get(name, otherwise))


@dataclass(slots=True)
class Component:
    """One VEVENT or VFREEBUSY: its content lines with their upper-case names."""

    kind: str
    raw: list[tuple[str, str]] = field(default_factory=list)
    is_whole: bool = False

    def every(self, name: str) -> list[Property]:
        return [_property(line) for found, line in self.raw if found == name]

    def only(self, name: str) -> Property | None:
        """A property that may stand once (RFC 5545, 3.6.1). Raises MalformedError if it stands there twice."""
        found = self.every(name)
        if len(found) > 1:
            raise MalformedError(name)
        return found[0] if found else None

    def word(self, name: str, otherwise: str = "") -> str:
        found = self.only(name)
        return found.value.strip() if found else otherwise


def components(text: str) -> Iterator[Component]:
    """Every component of interest in order; one that never ends, or holds something that doesn't, is not whole."""
    walk = _Walk()
    for line in _LINE_END.split(_FOLD.sub("", text)):
        yield from walk.take(line)
    yield from walk.leave(is_whole=False)


class _Walk:
    """Goes through content lines; `_depth` counts the components that are open within the current one."""

    def __init__(self) -> None:
        self._current: Component | None = None
        self._depth = 0

    def take(self, line: str) -> Iterator[Component]:
        match _name_of(line):
            case "BEGIN":
                yield from self._begin(_word_of(line))
            case "END" if self._current is not None and self._current.kind == _word_of(line):
                yield from self.leave(is_whole=self._depth == 0)
            case "END":
                self._depth -= 1
            case name if self._current is not None and self._depth == 0 and name in _WANTED:
                self._current.raw.append((name, line))

    def leave(self, *, is_whole: bool) -> Iterator[Component]:
        if self._current is not None:
            self._current.is_whole = is_whole
            yield self._current
        self._current = None

    def _begin(self, kind: str) -> Iterator[Component]:
        if kind in _KINDS:
            yield from self.leave(is_whole=False)
            self._current, self._depth = Component(kind), 0
        else:
            self._depth += 1


def _name_of(line: str) -> str:
    return line[:32].partition(":")[0].partition(";")[0].strip().upper()


def _word_of(line: str) -> str:
    return line[:64].partition(":")[2].strip().upper()


def _property(line: str) -> Property:
    if len(line) > _LONGEST_LINE:
        raise MalformedError("a line is too long")
    _, parameters, value = Contentline(line).raw_parts()
    return Property(parameters, value)
