"""When a service can be had: opening hours of its officials and places, minus what is taken.

Leaves loading the facts to `bot.actions` and wall time to `bot.domain.opening`. All moments are aware datetimes
in UTC; days are local dates.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.directory import Closure, Official, Place, Service, Span
from bot.domain.ids import OfficialId, PlaceId, ResourceId, place_resource, resource
from bot.domain.language import Language
from bot.domain.opening import Interval, day_interval, holds, intervals, within

STEP = timedelta(minutes=15)
"""Appointments start on this grid, counted from the start of an opening span."""


@dataclass(frozen=True, slots=True)
class Busy:
    """Time of an official or a place that is taken, buffers included."""

    resource: ResourceId
    interval: Interval


@dataclass(frozen=True, slots=True)
class Slot:
    """A free start of a service and the officials who could take it, the one to be picked first.

    `places` are those that are free then, where the service needs one.
    """

    start: datetime
    officials: tuple[OfficialId, ...]
    places: tuple[PlaceId, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """What stands against a visit: taken time, closed days; and the zone in which days are counted.

    `busy` holds at least all that touches the day that is asked about; `exceptions` are that day's hours of
    officials who changed them, no spans where one is away.
    """

    busy: Sequence[Busy]
    closures: Sequence[Closure]
    zone: ZoneInfo
    exceptions: Mapping[OfficialId, tuple[Span, ...]] = field(default_factory=dict)

    def closure_on(self, day: date) -> Closure | None:
        return next((closure for closure in self.closures if closure.covers(day)), None)

    def taken_of(self, wanted: ResourceId) -> list[Interval]:
        return [b.interval for b in self.busy if b.resource == wanted]

    def hours_of(self, official: Official, day: date) -> tuple[Span, ...]:
        found = self.exceptions.get(official.id)
        return official.hours_on(day) if found is None else found


def open_intervals(official: Official, day: date, calendar: Calendar, service: Service | None = None) -> list[Interval]:
    """The official's opening spans of a local day, none on a closed day; only those in the service's own hours."""
    if calendar.closure_on(day) is not None:
        return []
    own = intervals(day, calendar.hours_of(official, day), calendar.zone)
    return own if service is None else within(own, service.hours, day, calendar.zone)


def occupied(service: Service, start: datetime) -> Interval:
    """What an appointment takes of the official's time: the visit and the buffers on both sides."""
    return Interval(start - service.buffer_before, start + service.duration + service.buffer_after)


def fits(service: Service, start: datetime, spans: Iterable[Interval]) -> bool:
    """Whether a visit lies on the grid of a span and ends within it, buffers included."""
    wanted = occupied(service, start)
    return any(holds(span, wanted) and (start - span.start) % STEP == timedelta() for span in spans)


def is_free(wanted: Interval, taken: Iterable[Interval]) -> bool:
    return not any(t.start < wanted.end and wanted.start < t.end for t in taken)


def slots_of_day(
    service: Service,
    officials: Sequence[Official],
    day: date,
    calendar: Calendar,
    places: Sequence[Place] = (),
    *,
    speaking: Language | None = None,
) -> list[Slot]:
    """Every free start of a local day in order.

    `places` are those of which the visit needs one; none: it needs no place. Who speaks the language comes before
    who does not, then who has less to do that day.
    """
    free: dict[datetime, list[OfficialId]] = {}
    for official in sorted(officials, key=lambda o: (speaking not in (None, *o.languages), _load(o, calendar))):
        for start in _free_starts(service, official, day, calendar):
            free.setdefault(start, []).append(official.id)
    rooms = {start: _free_places(occupied(service, start), places, day, calendar) for start in free}
    return [Slot(start, tuple(free[start]), rooms[start]) for start in sorted(free) if rooms[start] or not places]


def _load(official: Official, calendar: Calendar) -> int:
    return len(calendar.taken_of(resource(official.id)))


def _free_places(wanted: Interval, places: Sequence[Place], day: date, calendar: Calendar) -> tuple[PlaceId, ...]:
    return tuple(
        place.id
        for place in places
        if is_free(wanted, calendar.taken_of(place_resource(place.id)))
        and any(holds(span, wanted) for span in _hours_of(place, day, calendar.zone))
    )


def _hours_of(place: Place, day: date, zone: ZoneInfo) -> list[Interval]:
    """Where none are named, the day and its neighbours, so that a visit over midnight finds its place."""
    local = day_interval(day, zone)
    around = Interval(local.start - timedelta(days=1), local.end + timedelta(days=1))
    return within([around], place.hours, day, zone)


def offered(service: Service, slots: Iterable[Slot]) -> Iterator[Slot]:
    """Thins slots out to starts that leave no gap shorter than the service: what a person is shown."""
    free_from: datetime | None = None
    for slot in slots:
        if free_from is None or slot.start >= free_from:
            yield slot
            free_from = slot.start + service.duration


def _free_starts(service: Service, official: Official, day: date, calendar: Calendar) -> Iterator[datetime]:
    """The starts of `fits`, walked along the grid."""
    taken = calendar.taken_of(resource(official.id))
    for span in open_intervals(official, day, calendar, service):
        wanted = occupied(service, span.start)
        while wanted.end <= span.end:
            if wanted.start >= span.start and is_free(wanted, taken):
                yield wanted.start + service.buffer_before
            wanted = Interval(wanted.start + STEP, wanted.end + STEP)
