from benchmarks.filler import filled
from bot.domain.catalogue import Catalogue, Entry, EntryId
from bot.domain.language import Language

TOWN = Catalogue(
    "989",
    {Language.FI: "Mallila"},
    tuple(Entry(EntryId(str(number)), name={Language.FI: f"Palvelu {number}"}, summary={}) for number in range(3)),
)


def test_a_catalogue_is_filled_up_with_entries_of_its_municipality() -> None:
    found = filled(TOWN, 40)
    assert found.entries[:3] == TOWN.entries
    assert len({entry.id for entry in found.entries}) == 40
    assert {entry.municipalities for entry in found.entries[3:]} == {("989",)}


def test_some_made_up_entries_are_translated_unless_one_language_is_asked_for() -> None:
    assert {language for entry in filled(TOWN, 40).entries for language in entry.name} == set(Language)
    assert {language for entry in filled(TOWN, 40, one_language=True).entries for language in entry.name} == {
        Language.FI
    }


def test_the_same_entries_are_made_up_every_time() -> None:
    assert filled(TOWN, 20) == filled(TOWN, 20)


def test_a_smaller_size_cuts_the_catalogue() -> None:
    assert filled(TOWN, 2).entries == TOWN.entries[:2]
