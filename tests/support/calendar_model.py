"""A small town hall for the calendar machine, and what must be so in its calendar by plain reckoning.

Three officials, two services of different length and buffers that share one of them, and one quiet room. What is
free is reckoned from the rows of the file alone, with none of the service's queries, quanta or searching.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.domain.availability import STEP, Busy
from bot.domain.booking import State
from bot.domain.directory import Directory, Official, Place, Service, Span, WeeklyHours
from bot.domain.ids import OfficialId, PlaceId, ResourceId, ServiceId, UserId, place_resource, resource
from bot.domain.language import Text
from bot.domain.opening import Interval
from bot.storage.moments import from_seconds
from tests.support.town import ZONE, Town, minutes

SPANS = (Span(time(9), time(11)), Span(time(11, 30), time(13, 30)))
FIRST, SHARED, LAST = OfficialId("ensimmainen"), OfficialId("yhteinen"), OfficialId("viimeinen")
ROOM = PlaceId("hiljainen-huone")
RESOURCES = [resource(FIRST), resource(SHARED), resource(LAST), place_resource(ROOM)]
SHORT, LONG = ServiceId("lyhyt"), ServiceId("pitka")
KEPT = {State.BOOKED, State.VISITED, State.NO_SHOW}


def directory(around: Directory) -> Directory:
    """The municipality with these people and services in the building inspector's unit, open every day."""
    unit = around.officials[OfficialId("rakennustarkastaja")].unit
    short = Service(
        id=SHORT,
        unit=unit,
        name=Text.same("Lyhyt"),
        officials=(FIRST, SHARED),
        duration=minutes(20),
        buffer_after=minutes(5),
        minimum_notice=timedelta(0),
        most_open=1000,
    )
    long = replace(
        short,
        id=LONG,
        officials=(SHARED, LAST),
        duration=minutes(45),
        buffer_before=minutes(10),
        buffer_after=minutes(15),
        places=(ROOM,),
    )
    who = [Official(id, unit, Text.same(id), id, WeeklyHours((SPANS,) * 7)) for id in (FIRST, SHARED, LAST)]
    return replace(
        around,
        services={one.id: one for one in (short, long)},
        officials={one.id: one for one in who},
        places={ROOM: Place(ROOM, Text.same("Huone"))},
        closures=(),
    )


@dataclass(frozen=True, slots=True)
class Row:
    """An appointment as the file has it; `busy` with buffers."""

    id: int
    number: str
    service: ServiceId
    official: OfficialId
    place: PlaceId | None
    citizen: UserId
    state: State
    start: datetime
    busy: Interval
    until: datetime | None

    @property
    def resources(self) -> list[ResourceId]:
        return [resource(self.official), *([] if self.place is None else [place_resource(self.place)])]

    def is_held(self, now: datetime) -> bool:
        return self.state is State.HELD and self.until is not None and now < self.until

    def takes(self, now: datetime) -> bool:
        return self.state in KEPT or self.is_held(now)


def rows(town: Town) -> dict[int, Row]:
    found = town.rows(
        """SELECT id, number, service, official, place, citizen, state, start, busy_start, busy_end, until
        FROM appointment ORDER BY id"""
    )
    return {row.id: row for row in map(_row, found)}


def _row(values: Sequence[Any]) -> Row:
    id, number, service, official, place, citizen, state, start, busy_start, busy_end, until = values
    busy = Interval(from_seconds(busy_start), from_seconds(busy_end))
    ends = None if until is None else from_seconds(until)
    return Row(id, number, service, official, place, citizen, State(state), from_seconds(start), busy, ends)


@dataclass
class Reckoning:
    """The calendar at a moment, as a person with pencil and paper would see it."""

    now: datetime
    rows: Sequence[Row]
    blocks: Sequence[Busy] = field(default_factory=tuple)

    def is_free(self, wanted: Iterable[ResourceId], busy: Interval, but: Row | None = None) -> bool:
        """Whether no visit but this one takes any of it."""
        others = (r for r in self.rows if r != but and r.takes(self.now) and r.busy.overlaps(busy))
        return set(wanted).isdisjoint(one for row in others for one in row.resources)

    def offers(self, service: Service, start: datetime, but: Row | None = None) -> set[OfficialId]:
        """Who can be had for a start, by all the rules."""
        if start < self.now or not _lies_well(service, start):
            return set()
        places = [place_resource(place) for place in service.places]
        return {o for o in service.officials if self._is_open([resource(o), *places], _busy(service, start), but)}

    def _is_open(self, wanted: Sequence[ResourceId], busy: Interval, but: Row | None) -> bool:
        blocked = (block.resource for block in self.blocks if block.interval.overlaps(busy))
        return self.is_free(wanted, busy, but) and set(wanted).isdisjoint(blocked)


def every_start(day: date) -> Iterator[datetime]:
    """Each quantum of a working day and a little more."""
    return (datetime.combine(day, time(8, 30), ZONE) + minutes(5 * number) for number in range(70))


def _busy(service: Service, start: datetime) -> Interval:
    return Interval(start - service.buffer_before, start + service.duration + service.buffer_after)


def _lies_well(service: Service, start: datetime) -> bool:
    """On the grid of an opening span and wholly within it."""
    busy, day = _busy(service, start), start.astimezone(ZONE).date()
    spans = [(datetime.combine(day, span.start, ZONE), datetime.combine(day, span.end, ZONE)) for span in SPANS]
    return any(begin <= busy.start and busy.end <= end and not (start - begin) % STEP for begin, end in spans)
