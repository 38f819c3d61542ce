import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.directory import directory, entries
from bot.config.entries import EntryKind
from bot.config.hours import write_week
from bot.config.problems import ConfigurationError
from bot.config.reading import read
from bot.config.settings import Configuration
from bot.domain.directory import (
    NO_WORDS,
    Directory,
    Identity,
    Municipality,
    Official,
    Place,
    Service,
    Span,
    Unit,
    WeeklyHours,
)
from bot.domain.ids import OfficialId, PlaceId, ServiceId, UnitId
from bot.domain.language import Language, Text

Reader = Callable[[str], Configuration]


def test_entries_and_directory_are_each_others_inverse_through_json(town: str, read_text: Reader) -> None:
    found = read_text(town)
    stored = {key: json.loads(json.dumps(entry)) for key, entry in found.entries.items()}
    assert directory(stored) == found.directory
    assert entries(directory(stored)) == found.entries


def test_entries_are_the_same_whatever_the_order_of_the_file(town: str, read_text: Reader) -> None:
    head, first, second = town.split("[[service]]")
    turned = f"{head}[[service]]{second}\n[[service]]{first}"
    assert list(read_text(turned).entries.items()) == list(read_text(town).entries.items())


def test_hours_are_written_as_an_official_entry_has_them(town: str, read_text: Reader) -> None:
    found = read_text(town)
    hours = found.directory.officials[OfficialId("lupasihteeri")].hours
    assert found.entries[EntryKind.OFFICIAL, "lupasihteeri"]["hours"] == write_week(hours)
    assert write_week(hours)["tue"] == ["20:00-24:00"]


def test_stored_entries_are_checked_as_the_file_is(town: str, read_text: Reader) -> None:
    stored = dict(read_text(town).entries)
    del stored[EntryKind.UNIT, "rakennusvalvonta"]
    with pytest.raises(ConfigurationError) as caught:
        directory(stored)
    assert {problem.file for problem in caught.value.problems} == {"stored configuration"}
    assert 'desk "piste" › unit' in {problem.key for problem in caught.value.problems}


NEW = {
    EntryKind.MUNICIPALITY: {"room_closes_days", "room_kept_days"},
    EntryKind.OFFICIAL: {"exception"},
    EntryKind.SERVICE: {"hours", "places", "remote", "identity", "next_steps", "release_minutes"},
}


def test_entries_of_the_first_release_are_read_with_defaults(town: str, read_text: Reader) -> None:
    stored = {
        key: {name: value for name, value in entry.items() if name not in NEW.get(key[0], set())}
        for key, entry in read_text(town).entries.items()
        if key[0] is not EntryKind.PLACE
    }
    found = directory(stored)
    assert found.places == {}
    assert found.municipality.room_kept_for == timedelta(days=90)
    assert all(service.remote and service.hours is None and not service.places for service in found.services.values())
    assert not any(official.exceptions for official in found.officials.values())
    added = {(key, name) for key, entry in entries(found).items() for name in entry if name not in stored[key]}
    assert {name for _, name in added} == set().union(*NEW.values())


def test_a_place_that_a_stored_service_names_must_be_stored(town: str, read_text: Reader) -> None:
    stored = dict(read_text(town).entries)
    del stored[EntryKind.PLACE, "huone"]
    with pytest.raises(ConfigurationError, match='service "purku" › places: "huone" is the id of no place'):
        directory(stored)


_minutes = st.integers(0, 24 * 12 - 1).map(lambda n: time(n // 12, n % 12 * 5))
_words = st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=20)
_texts = st.builds(Text, fi=_words, sv=_words, en=_words)
_notes = st.one_of(st.just(NO_WORDS), _texts)
_languages = st.lists(st.sampled_from(Language), min_size=1, unique=True).map(tuple)


@st.composite
def _spans(draw: st.DrawFn) -> tuple[Span, ...]:
    """Of one day, in order, without overlaps; the last may end at midnight."""
    ends = sorted(draw(st.lists(_minutes, max_size=6, unique=True)))
    if len(ends) % 2:
        ends.append(time())
    return tuple(Span(*pair) for pair in _pairs(ends))


def _pairs(ends: list[time]) -> list[tuple[time, time]]:
    return list(zip(ends[::2], ends[1::2], strict=True))


_weeks = st.tuples(*[_spans()] * 7).map(WeeklyHours)
_days = st.dates(date(2026, 1, 1), date(2030, 1, 1))


@st.composite
def _directories(draw: st.DrawFn, municipality: Municipality, unit: Unit) -> Directory:
    rooms = [Place(PlaceId(f"huone-{n}"), draw(_texts), draw(_words), draw(st.none() | _weeks)) for n in range(3)]
    official = Official(
        id=OfficialId("virka"),
        unit=unit.id,
        title=draw(_texts),
        account="virka",
        hours=draw(_weeks),
        languages=draw(_languages),
        exceptions=draw(st.dictionaries(_days, _spans(), max_size=3)),
    )
    places = draw(st.lists(st.sampled_from([room.id for room in rooms]), unique=True).map(tuple))
    service = Service(
        id=ServiceId("palvelu"),
        unit=unit.id,
        name=draw(_texts),
        officials=(official.id,),
        hours=draw(st.none() | _weeks),
        places=places,
        identity=draw(st.sampled_from(Identity)),
        remote=draw(st.booleans()) or not places,
        next_steps=draw(_notes),
        release_delay=timedelta(minutes=draw(st.integers(0, 1000))),
    )
    closes = draw(st.integers(0, 100))
    return Directory(
        municipality=replace(
            municipality,
            room_closes_after=timedelta(days=closes),
            room_kept_for=timedelta(days=closes + draw(st.integers(0, 100))),
        ),
        units={unit.id: unit},
        services={service.id: service},
        officials={official.id: official},
        places={room.id: room for room in rooms},
    )


@given(st.data())
def test_any_directory_survives_the_way_through_its_entries(
    base: tuple[Municipality, Unit], data: st.DataObject
) -> None:
    found = data.draw(_directories(*base))
    stored = {key: json.loads(json.dumps(entry)) for key, entry in entries(found).items()}
    assert directory(stored) == found
    assert entries(directory(stored)) == entries(found)


@pytest.fixture(scope="module")
def base(town: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Municipality, Unit]:
    path = tmp_path_factory.mktemp("town") / "eahtari.toml"
    path.write_text(town, encoding="utf-8")
    found = read(path).directory
    return found.municipality, found.units[UnitId("rakennusvalvonta")]


def test_an_entry_under_another_id_is_refused(town: str, read_text: Reader) -> None:
    stored = dict(read_text(town).entries)
    stored[EntryKind.UNIT, "toinen"] = stored[EntryKind.UNIT, "rakennusvalvonta"]
    with pytest.raises(ConfigurationError, match='kept under the id "toinen"'):
        directory(stored)


def test_no_municipality_is_refused(town: str, read_text: Reader) -> None:
    stored = {key: entry for key, entry in read_text(town).entries.items() if key[0] is not EntryKind.MUNICIPALITY}
    with pytest.raises(ConfigurationError, match="municipality: stands 0 times"):
        directory(stored)


def test_a_deactivated_official_stays_in_the_directory(town: str, read_text: Reader) -> None:
    stored = dict(read_text(town).entries)
    key = (EntryKind.OFFICIAL, "lupasihteeri")
    stored[key] = {**stored[key], "active": False}
    assert not directory(stored).officials[OfficialId("lupasihteeri")].active
