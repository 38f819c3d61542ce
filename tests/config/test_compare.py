from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config.compare import Change, Side, apply, compare, describe
from bot.config.entries import JSON, Entry, EntryKey, EntryKind
from bot.config.settings import Configuration

Reader = Callable[[str], Configuration]
State = dict[EntryKey, Entry]

_values: st.SearchStrategy[JSON] = st.sampled_from(["a", "b", 1, True, ["x"]])
_entry = st.dictionaries(st.sampled_from(["name", "hours", "minutes"]), _values)
_keys = st.tuples(st.sampled_from([EntryKind.UNIT, EntryKind.SERVICE]), st.sampled_from(["one", "two"]))
_states: st.SearchStrategy[State] = st.dictionaries(_keys, _entry)
_sides = st.sampled_from(Side)


@given(_states, _states)
def test_nothing_differs_where_current_and_file_agree(seeded: State, current: State) -> None:
    assert compare(seeded, current, current) == ()


@given(_states, _states, _sides)
def test_an_untouched_service_becomes_what_the_file_says(seeded: State, file: State, prefer: Side) -> None:
    differences = compare(seeded, seeded, file)
    assert apply(seeded, differences, prefer) == file
    assert {one.change for one in differences} <= {Change.ADDED, Change.REMOVED, Change.CHANGED}


@given(_states, _states, _sides)
def test_an_unchanged_file_changes_nothing(seeded: State, current: State, prefer: Side) -> None:
    differences = compare(seeded, current, seeded)
    assert apply(current, differences, prefer) == current
    assert {one.change for one in differences} <= {Change.KEPT}


@given(_states, _states, _states, _sides)
def test_once_applied_the_file_has_no_more_to_say(seeded: State, current: State, file: State, prefer: Side) -> None:
    after = apply(current, compare(seeded, current, file), prefer)
    assert {one.change for one in compare(file, after, file)} <= {Change.KEPT}


@given(_states, _states, _states)
def test_without_conflict_the_side_does_not_matter(seeded: State, current: State, file: State) -> None:
    differences = [one for one in compare(seeded, current, file) if one.change is not Change.CONFLICT]
    assert apply(current, differences, Side.FILE) == apply(current, differences, Side.SERVICE)


@given(_states, _states, _states)
def test_every_difference_is_described(seeded: State, current: State, file: State) -> None:
    differences = compare(seeded, current, file)
    lines = describe(differences)
    assert len(lines) == sum(1 + len(one.fields) for one in differences)
    conflicts = any(one.change is Change.CONFLICT for one in differences)
    assert any("CONFLICT" in line for line in lines) == conflicts


OFFICIAL = (EntryKind.OFFICIAL, "lupasihteeri")


@pytest.fixture
def three(town: str, read_text: Reader) -> tuple[State, State, State]:
    """Seeded; hours changed by the service; title and account changed in the file."""
    seeded = dict(read_text(town).entries)
    hours: JSON = {"mon": ["8:00-9:00"]}
    current = {**seeded, OFFICIAL: {**seeded[OFFICIAL], "hours": hours}}
    file = dict(read_text(town.replace('account = "lupasihteeri"', 'account = "lupa"')).entries)
    return seeded, current, file


def test_hours_set_by_the_official_and_an_account_set_in_the_file_are_merged(
    three: tuple[State, State, State],
) -> None:
    (difference,) = compare(*three)
    assert difference.change is Change.CHANGED
    assert {field.name: field.change for field in difference.fields} == {
        "account": Change.CHANGED,
        "hours": Change.KEPT,
    }
    merged = difference.result(Side.FILE)
    assert merged is not None
    assert merged["account"] == "lupa"
    assert isinstance(merged["hours"], dict)
    assert merged["hours"]["mon"] == ["8:00-9:00"]


def test_hours_set_on_both_sides_are_a_conflict_that_a_side_decides(
    town: str, read_text: Reader, three: tuple[State, State, State]
) -> None:
    seeded, current, _ = three
    file = read_text(town.replace('tue = ["20:00-24:00"]', 'wed = ["9:00-10:00"]')).entries
    (difference,) = compare(seeded, current, file)
    assert difference.change is Change.CONFLICT
    by_file, by_service = difference.result(Side.FILE), difference.result(Side.SERVICE)
    assert by_file == file[OFFICIAL]
    assert by_service is not None
    assert by_service["hours"] != file[OFFICIAL]["hours"]
    assert describe([difference])[0] == 'official "lupasihteeri":'


def test_a_field_that_a_newer_release_adds_is_no_difference(town: str, read_text: Reader) -> None:
    file = read_text(town).entries
    older = {key: {name: v for name, v in entry.items() if name != "confidential"} for key, entry in file.items()}
    assert compare(older, older, file) == ()


def test_places_and_the_new_fields_of_services_are_compared(town: str, read_text: Reader) -> None:
    seeded = read_text(town).entries
    text = town.replace('address = "Kaupungintalo"', 'address = "Kirjasto"').replace('"strong"', '"contact"')
    file = read_text(text.replace("day = 2027-01-05", "day = 2027-01-06")).entries
    lines = describe(compare(seeded, seeded, file))
    assert lines[:2] == ('place "huone":', '    address: "Kaupungintalo" → "Kirjasto"')
    assert lines[2] == 'official "lupasihteeri":'
    assert lines[3].startswith('    exception: [{"day": "2027-01-05", "hours": []}')
    assert '→ [{"day": "2027-01-06"' in lines[3]
    assert lines[4:] == ('service "purku":', '    identity: "strong" → "contact"')
    without = {key: entry for key, entry in seeded.items() if key[0] is not EntryKind.PLACE}
    assert describe(compare(without, without, seeded)) == ('place "huone": will be added',)


def test_fields_of_this_release_are_no_difference_to_what_an_earlier_one_kept(town: str, read_text: Reader) -> None:
    text = town.replace("remote = false\n", "").replace('identity = "strong"\n', "")
    file = read_text(text).entries
    older = {key: {k: v for k, v in entry.items() if k not in {"remote", "identity"}} for key, entry in file.items()}
    assert compare(older, older, file) == ()


def test_what_the_file_no_longer_has_is_named(town: str, read_text: Reader) -> None:
    seeded = read_text(town).entries
    file = {key: entry for key, entry in seeded.items() if key[0] is not EntryKind.DESK}
    assert describe(compare(seeded, seeded, file)) == ('desk "piste": will be removed, the file no longer has it',)
