"""When the owner of a calendar from outside is busy.

Leaves fetching to others. Takes a second of the processor, a few where the calendar means harm, so it belongs
off the event loop. Nothing of a calendar's contents is ever kept or told but times.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from itertools import islice
from zoneinfo import ZoneInfo

from bot.calendars.components import Component, components
from bot.calendars.event_parts import read_event, read_free_busy
from bot.calendars.events import Event
from bot.calendars.limits import Budget, Limits, Reading, Unreadable
from bot.calendars.moments import Clock, Moment
from bot.calendars.own import is_own
from bot.domain.opening import Interval

_USUAL = Limits()
_NONE: AbstractSet[Moment] = frozenset()


def read_busy(
    raw: bytes, during: Interval, zone: ZoneInfo, limits: Limits = _USUAL, *, without_own: str | None = None
) -> Reading | Unreadable:
    """Busy times within `during`; `zone` holds for whole days and for times without a zone.

    `without_own` is our server's name: events that are appointments of ours are left out.

    A component that can't be understood is counted and left out. A calendar that is cut off is refused: what is
    missing would look like free time.
    """
    if len(raw) > limits.size:
        return Unreadable.TOO_LARGE
    text = raw.decode("utf-8-sig", errors="replace").strip()
    if text[:15].upper() != "BEGIN:VCALENDAR":
        return Unreadable.NOT_A_CALENDAR
    if text[-13:].upper() != "END:VCALENDAR":
        return Unreadable.CUT_OFF
    found = list(islice(components(text), limits.components + 1))
    if len(found) > limits.components:
        return Unreadable.TOO_MANY_COMPONENTS
    return _Reader(during, zone, limits, without_own).read(found)


def merged(intervals: Iterable[Interval]) -> Iterator[Interval]:
    """The same time in order, without overlaps and seams."""
    current: Interval | None = None
    for interval in sorted(intervals, key=lambda i: i.start):
        if current is None:
            current = interval
        elif interval.start <= current.end:
            current = Interval(current.start, max(current.end, interval.end))
        else:
            yield current
            current = interval
    if current is not None:
        yield current


class _Reader:
    """Reads components one by one, so that a bad one harms no other."""

    def __init__(self, during: Interval, zone: ZoneInfo, limits: Limits, without_own: str | None) -> None:
        self._own = without_own
        self._during = during
        self._zone = zone
        self._budget = Budget(limits)
        self._skipped = 0
        self._guessed = 0
        self._busy: list[Interval] = []
        self._events: list[Event] = []

    def read(self, found: Iterable[Component]) -> Reading:
        for component in found:
            self._parse(component)
        replaced = self._replaced()
        for event in self._events:
            self._expand(event, replaced.get(event.uid, _NONE) if event.replaces is None else _NONE)
        return Reading(tuple(merged(self._busy)), self._skipped, self._budget.cut_short, self._guessed)

    def _parse(self, component: Component) -> None:
        clock = Clock(self._zone)
        try:
            if not component.is_whole:
                self._skipped += 1
            elif component.kind == "VEVENT":
                if self._own is None or not is_own(component.word("UID"), self._own):
                    self._events.append(read_event(component, clock))
            else:
                self._keep(list(read_free_busy(component, clock)))
        except Exception:  # noqa: BLE001 - whatever hostile bytes provoke in a parser is the fault of this component alone
            self._skipped += 1
        self._guessed += clock.has_guessed

    def _expand(self, event: Event, replaced: AbstractSet[Moment]) -> None:
        try:
            if event.is_busy:
                self._keep(list(event.during(self._during, replaced, self._budget)))
        except Exception:  # noqa: BLE001 - times at the edge of the calendar overflow: the fault of this event alone
            self._skipped += 1

    def _keep(self, intervals: Iterable[Interval]) -> None:
        """What touches the time that was asked about, cut to it."""
        low, high = self._during.start, self._during.end
        clipped = (Interval(max(i.start, low), min(i.end, high)) for i in intervals)
        self._busy.extend(interval for interval in clipped if interval.start < interval.end)

    def _replaced(self) -> dict[str, set[Moment]]:
        replaced: dict[str, set[Moment]] = {}
        for event in self._events:
            if event.replaces is not None and event.uid:
                replaced.setdefault(event.uid, set()).add(event.replaces)
        return replaced
