import json
from collections.abc import Callable

import pytest

from bot.config.directory import directory, entries
from bot.config.entries import EntryKind
from bot.config.hours import write_week
from bot.config.problems import ConfigurationError
from bot.config.settings import Configuration
from bot.domain.ids import OfficialId

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
