"""A service may need a place as well as an official: both are booked and both are guarded, in the real storage.

The quiet room serves two services, and two officials share the town hall's one video point.
"""

import tempfile
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.actions.booking import Booked, Cancelled, book, cancel
from bot.actions.ports import SlotLost
from bot.actions.search import slots_on
from bot.config.entries import JSON, EntryKind
from bot.domain.availability import Slot, occupied
from bot.domain.booking import HOLD, Appointment, NewAppointment, Party, new_appointment, quanta
from bot.domain.directory import Identity
from bot.domain.ids import OfficialId, PlaceId, ServiceId, UserId, place_resource
from bot.domain.opening import Interval
from bot.domain.refusals import OutsideHours, SlotTaken
from tests.support.town import CITIZEN, NOW, STRANGER, ZONE, Town, local, open_town

PLAN = ServiceId("aktivointisuunnitelma")
"""Two officials, 60 minutes, in the quiet room."""
OFFICER = ServiceId("lastenvalvoja")
"""Another one, 60 minutes and 15 after, in the same room; the citizen is strongly identified."""
VIDEO = ServiceId("videopiste")
"""Two officials, 30 minutes and 5 after, at the one video point."""
QUIET, POINT = PlaceId("hiljainen-huone"), PlaceId("videopiste")
TUESDAY = date(2027, 1, 12)
MORNING = local(12, 9)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    with open_town(tmp_path) as opened:
        opened.do(lambda tx: tx.people.set_identity(CITIZEN, Identity.STRONG))
        yield opened


def offers(town: Town, service: ServiceId, day: date = TUESDAY, now: datetime = NOW) -> dict[datetime, Slot]:
    found = town.do(lambda tx: slots_on(tx, tx.directory.services[service], day, now))
    return {slot.start: slot for slot in found}


def taken_rows(town: Town) -> set[tuple[object, object]]:
    return {(resource, at) for resource, at in town.rows("SELECT resource, at FROM quantum")}


def test_a_booking_takes_official_and_place_and_guards_both(town: Town) -> None:
    found = town.booked(MORNING, service=PLAN)
    assert found.place == QUIET
    seconds = [int(at.timestamp()) for at in quanta(Interval(found.start, found.end))]
    assert taken_rows(town) == {
        (resource, at) for resource in (found.official, place_resource(QUIET)) for at in seconds
    }


def test_a_place_that_one_service_took_is_offered_by_none(town: Town) -> None:
    assert {MORNING} <= offers(town, PLAN).keys() & offers(town, OFFICER).keys()
    town.booked(MORNING, service=PLAN)
    hour = timedelta(hours=1)
    assert not [start for start in offers(town, PLAN) if start < MORNING + hour]
    assert not [start for start in offers(town, OFFICER) if start < MORNING + hour]
    assert MORNING + hour in offers(town, PLAN)


def test_the_last_guard_of_a_place_speaks_where_the_search_was_passed_by(town: Town) -> None:
    first = town.booked(MORNING, service=PLAN)
    other = _new(town, OFFICER, OfficialId("lastenvalvoja"), MORNING + timedelta(minutes=45), QUIET)
    before = taken_rows(town)
    with pytest.raises(SlotLost):
        town.do(lambda tx: tx.appointments.add(other, NOW))
    assert taken_rows(town) == before
    assert town.rows("SELECT id FROM appointment") == [(first.id,)]


def test_two_free_officials_share_one_video_point(town: Town) -> None:
    first = town.booked(MORNING, service=VIDEO)
    assert isinstance(town.do(lambda tx: book(tx, STRANGER, VIDEO, MORNING, NOW)), SlotTaken | OutsideHours)
    second = town.booked(MORNING + timedelta(minutes=45), STRANGER, VIDEO)
    assert first.place == second.place == POINT
    assert first.official != second.official


def test_a_cancelled_visit_gives_both_back(town: Town) -> None:
    found = town.booked(MORNING, service=PLAN)
    assert isinstance(town.do(lambda tx: cancel(tx, CITIZEN, found.number, NOW)), Cancelled)
    assert taken_rows(town) == set()
    assert MORNING in offers(town, OFFICER)


def test_a_moved_visit_takes_its_place_along(town: Town) -> None:
    found = town.booked(MORNING, service=PLAN)
    to = _new(town, PLAN, found.official, local(12, 13), QUIET)
    moved = town.do(lambda tx: tx.appointments.move(found, to, Party.CITIZEN, NOW))
    assert moved.place == QUIET
    assert MORNING in offers(town, OFFICER)
    assert local(12, 13) not in offers(town, PLAN)


def test_a_hold_keeps_the_place_for_five_minutes_and_no_longer(town: Town) -> None:
    wanted = _new(town, PLAN, OfficialId("tyovalmentaja"), MORNING, QUIET)
    town.do(lambda tx: tx.appointments.add(wanted, NOW, until=NOW + HOLD))
    assert MORNING not in offers(town, OFFICER)
    later = NOW + HOLD
    assert MORNING in offers(town, OFFICER, now=later)
    other = _new(town, OFFICER, OfficialId("lastenvalvoja"), MORNING, QUIET)
    assert town.do(lambda tx: tx.appointments.add(other, later)).place == QUIET


def test_a_place_is_had_in_its_own_hours(town: Town) -> None:
    town.change(EntryKind.PLACE, POINT, hours={"tue": ["13:00-14:00"]})
    assert {start.astimezone(ZONE).hour for start in offers(town, VIDEO)} == {13}
    assert offers(town, VIDEO, date(2027, 1, 13)) == {}


def test_hours_and_single_days_of_the_stored_directory_are_kept(town: Town) -> None:
    town.change(EntryKind.SERVICE, VIDEO, hours={"tue": ["12:00-13:00"]})
    single: list[JSON] = [{"day": "2027-01-12", "hours": ["12:15-12:50"]}]
    town.change(EntryKind.OFFICIAL, "palveluneuvoja", exception=single)
    town.change(EntryKind.OFFICIAL, "yhteispalveluneuvoja", exception=[{"day": "2027-01-12"}])
    assert offers(town, VIDEO).keys() == {local(12, 12, 15)}


_wishes = st.lists(
    st.tuples(st.sampled_from([PLAN, OFFICER]), st.integers(0, 23), st.booleans()), min_size=3, max_size=14
)


@settings(max_examples=20, deadline=None)
@given(_wishes)
def test_two_services_that_share_a_place_never_overlap_in_it(wishes: list[tuple[ServiceId, int, bool]]) -> None:
    with tempfile.TemporaryDirectory() as folder, open_town(Path(folder)) as town:
        held: list[Appointment] = []
        for number, (service, quarter, cancels) in enumerate(wishes):
            if cancels and held:
                _withdraw(town, held.pop(0))
            held += _wish(town, service, MORNING + timedelta(minutes=15 * quarter), UserId(f"@c{number}:localhost"))
        services = town.do(lambda tx: tx.directory.services)
        assert all(one.place == QUIET for one in held)
        for one, other in combinations([occupied(services[a.service], a.start) for a in held], 2):
            assert not one.overlaps(other)


def _wish(town: Town, service: ServiceId, start: datetime, citizen: UserId) -> list[Appointment]:
    town.do(lambda tx: tx.people.set_identity(citizen, Identity.STRONG))
    answer = town.do(lambda tx: book(tx, citizen, service, start, NOW))
    return [answer.appointment] if isinstance(answer, Booked) else []


def _withdraw(town: Town, gone: Appointment) -> None:
    town.do(lambda tx: tx.appointments.cancel(gone, Party.OFFICIAL, NOW))


def _new(town: Town, service: ServiceId, who: OfficialId, start: datetime, where: PlaceId) -> NewAppointment:
    wanted = town.do(lambda tx: tx.directory.services[service])
    return new_appointment(wanted, who, CITIZEN, start, where)
