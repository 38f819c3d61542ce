from collections.abc import Callable
from dataclasses import replace
from datetime import date, time

import pytest

from bot.actions.ports import Changes
from bot.domain.catalogue import (
    Channel,
    ChannelKind,
    Entry,
    EntryId,
    Exceptional,
    OpeningHours,
    Origin,
    Season,
    Synonym,
)
from bot.domain.directory import Span, WeeklyHours
from bot.domain.language import Language
from bot.storage.transaction import SqlTransaction
from tests.support.town import Town

OPEN = Span(time(10), time(18))
HOURS = OpeningHours(
    (Season(WeeklyHours(((OPEN,), (), (), (), (), (), ())), date(2027, 6, 1), date(2027, 8, 31)),),
    (Exceptional(date(2026, 12, 24), date(2026, 12, 26), (), {Language.FI: "Joulu"}),),
)


def entry(id: str, name: str = "Kirjasto", origin: Origin = Origin.FILE) -> Entry:
    return Entry(EntryId(id), {Language.FI: name}, origin=origin)


LIBRARY = replace(
    entry("kirjasto"),
    summary={Language.FI: "Lainaa kirjoja.", Language.SV: "Låna böcker."},
    terms={Language.EN: ("library", "loans")},
    channels=(Channel(ChannelKind.PHONE, {Language.FI: "Neuvonta"}, "+358 00 000 0001", HOURS),),
    hours=HOURS,
    prices={Language.FI: "Maksuton."},
    source="https://www.mallila.example/kirjasto",
    updated=date(2026, 10, 1),
    municipalities=("049",),
)
POOL = entry("uimahalli", "Uimahalli")


def take(town: Town, *entries: Entry, origin: Origin = Origin.FILE, complete: bool = True) -> Changes:
    return town.do(lambda tx: tx.catalogue.take(origin, entries, complete=complete))


def ids(town: Town) -> set[str]:
    return {found.id for found in town.do(lambda tx: tx.catalogue.catalogue()).entries}


def revision(town: Town) -> str:
    return town.do(lambda tx: tx.catalogue.revision())


def test_an_entry_comes_back_as_it_was_put(town: Town) -> None:
    take(town, LIBRARY)
    assert town.do(lambda tx: tx.catalogue.entry(LIBRARY.id)) == LIBRARY
    assert town.do(lambda tx: tx.catalogue.entry(EntryId("muu"))) is None


def test_entries_keep_the_order_of_their_file(town: Town) -> None:
    take(town, POOL, LIBRARY)
    assert town.do(lambda tx: tx.catalogue.catalogue()).entries == (POOL, LIBRARY)


def test_an_import_tells_what_it_added_changed_and_removed(town: Town) -> None:
    assert take(town, LIBRARY, POOL) == Changes((LIBRARY.id, POOL.id), (), ())
    newer = replace(LIBRARY, prices={Language.FI: "Kortti 5 €."})
    assert take(town, newer, entry("museo")) == Changes((EntryId("museo"),), (LIBRARY.id,), (POOL.id,))
    assert take(town, newer, entry("museo")) == Changes((), (), ())


def test_an_increment_removes_nothing(town: Town) -> None:
    take(town, LIBRARY, POOL)
    assert take(town, entry("museo"), complete=False) == Changes((EntryId("museo"),), (), ())
    assert ids(town) == {"kirjasto", "uimahalli", "museo"}


def test_an_import_leaves_entries_of_other_origins(town: Town) -> None:
    take(town, POOL, origin=Origin.STAFF)
    take(town, LIBRARY)
    assert take(town, replace(POOL, name={Language.FI: "Toinen"}, origin=Origin.FILE)) == Changes(
        (), (), (LIBRARY.id,), refused=(POOL.id,)
    )
    kept = town.do(lambda tx: tx.catalogue.entry(POOL.id))
    assert kept is not None
    assert kept.name == POOL.name


def test_an_import_that_is_taken_back_leaves_what_was_there(town: Town) -> None:
    take(town, LIBRARY)

    def fail(tx: SqlTransaction) -> None:
        tx.catalogue.take(Origin.FILE, [POOL], complete=True)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        town.do(fail)
    assert ids(town) == {"kirjasto"}


def test_words_of_the_staff_outlive_an_import(town: Town) -> None:
    take(town, LIBRARY)
    town.do(lambda tx: tx.catalogue.teach(LIBRARY.id, Language.FI, ["kirjala"]))
    take(town, replace(LIBRARY, prices={}))
    (found,) = town.do(lambda tx: tx.catalogue.catalogue()).entries
    assert "kirjala" in found.terms[Language.FI]


def test_without_an_entry_there_is_no_revision(town: Town) -> None:
    assert revision(town) == ""
    take(town, LIBRARY)
    take(town)
    assert revision(town) == ""


SYNONYM = Synonym(Language.FI, "päikky*", ("päiväkoti",))


@pytest.mark.parametrize(
    "change",
    [
        lambda tx: tx.catalogue.take(Origin.FILE, [replace(LIBRARY, summary={}), POOL], complete=True),
        lambda tx: tx.catalogue.take(Origin.FILE, [LIBRARY], complete=True),
        lambda tx: tx.catalogue.set_synonym(SYNONYM),
        lambda tx: tx.catalogue.teach(POOL.id, Language.FI, ["altaalle"]),
        lambda tx: tx.catalogue.name_it("049", {Language.FI: "Mallila"}),
    ],
    ids=["a text", "an entry", "a synonym", "a keyword", "the municipality"],
)
def test_the_revision_changes_with_what_is_searched(town: Town, change: Callable[[SqlTransaction], object]) -> None:
    take(town, LIBRARY, POOL)
    before = revision(town)
    town.do(change)
    assert revision(town) != before


def test_the_revision_stays_where_an_import_brings_nothing_new(town: Town) -> None:
    take(town, LIBRARY, POOL)
    before = revision(town)
    take(town, POOL, LIBRARY)
    assert revision(town) == before


def test_what_is_undone_brings_the_earlier_revision_back(town: Town) -> None:
    take(town, LIBRARY)
    before = revision(town)
    town.do(lambda tx: tx.catalogue.set_synonym(SYNONYM))
    assert town.do(lambda tx: tx.catalogue.catalogue()).synonyms == (SYNONYM,)
    assert town.do(lambda tx: tx.catalogue.drop_synonym(Language.FI, "päikky*"))
    assert not town.do(lambda tx: tx.catalogue.drop_synonym(Language.FI, "päikky*"))
    assert revision(town) == before
