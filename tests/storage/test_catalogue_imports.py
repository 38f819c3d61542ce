import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.catalogue import Entry, EntryId, Origin, Synonym
from bot.domain.catalogue_import import Import, ImportKind, increment_since
from bot.domain.language import Language
from bot.storage.database import Database
from tests.support.town import NOW, Town

ADDRESS, CODE = "https://ptv.example/v11", "989"
FILES, TAUGHT = Synonym(Language.FI, "päikky*", ("päiväkoti",)), Synonym(Language.FI, "neukka*", ("neuvola",))


def synonyms(town: Town) -> list[Synonym]:
    return sorted(town.do(lambda tx: tx.catalogue.catalogue()).synonyms, key=lambda one: one.said)


def take(town: Town, synonyms: Sequence[Synonym], *, complete: bool = True) -> None:
    town.do(lambda tx: tx.catalogue.take_synonyms(synonyms, complete=complete))


def test_a_synonym_that_a_file_dropped_goes_and_what_the_staff_taught_stays(town: Town) -> None:
    town.do(lambda tx: tx.catalogue.set_synonym(TAUGHT))
    take(town, [FILES])
    assert synonyms(town) == [TAUGHT, FILES]
    take(town, [], complete=False)
    assert synonyms(town) == [TAUGHT, FILES]
    take(town, [])
    assert synonyms(town) == [TAUGHT]


def test_what_the_staff_taught_goes_before_what_a_file_says(town: Town) -> None:
    town.do(lambda tx: tx.catalogue.set_synonym(TAUGHT))
    take(town, [Synonym(Language.FI, TAUGHT.said, ("neuvonta",))])
    assert synonyms(town) == [TAUGHT]


def test_words_of_an_older_schema_are_the_staffs_where_a_proposal_was_taken(tmp_path: Path) -> None:
    path, released = tmp_path / "f.db", Path(__file__).parent / "released" / "m003_advice.sql"
    change = '{"kind": "synonym", "language": "fi", "target": "neukka*", "words": ["neuvola"]}'
    with closing(sqlite3.connect(path)) as old:
        old.executescript(released.read_text(encoding="utf-8"))
        for said, meant in (("neukka*", '["neuvola"]'), ("päikky*", '["päiväkoti"]')):
            old.execute("INSERT INTO catalogue_synonym VALUES ('fi', ?, ?)", (said, meant))
        old.execute("INSERT INTO proposal VALUES (1, '$e', 1, '@v:x', 'fi', 1, ?, 'taken')", (change,))
        old.commit()
    with Database(path, tmp_path / "b") as store:
        store.transact_now(lambda tx: tx.catalogue.take_synonyms([], complete=True))
        assert store.transact_now(lambda tx: tx.catalogue.catalogue()).synonyms == (TAUGHT,)


def test_an_import_comes_back_as_it_was_written_down(town: Town) -> None:
    done = Import(
        NOW.replace(microsecond=0), ADDRESS, CODE, ImportKind.INCREMENT, NOW.replace(microsecond=0) - timedelta(days=1),
        7, 1, 2, 3, 4, (("not published", 2),), ("a: reason",),
    )  # fmt: skip
    failed = Import(NOW.replace(microsecond=0), "a.yaml", CODE, ImportKind.FILES, failure="No entry.")
    town.do(lambda tx: tx.imports.add(done))
    town.do(lambda tx: tx.imports.add(failed))
    assert town.do(lambda tx: tx.imports.newest(5)) == [failed, done]


def test_the_last_import_is_of_the_same_address_and_did_not_fail(town: Town) -> None:
    for at, source, code, kind, failure in (
        (NOW, ADDRESS, CODE, ImportKind.FULL, None),
        (NOW + timedelta(hours=1), ADDRESS, "049", ImportKind.FULL, None),
        (NOW + timedelta(hours=2), "https://other.example", CODE, ImportKind.FULL, None),
        (NOW + timedelta(hours=3), ADDRESS, CODE, ImportKind.FULL, "500"),
        (NOW + timedelta(hours=4), ADDRESS, CODE, ImportKind.PART, None),
    ):
        told = Import(at, source, code, kind, failure=failure)
        town.do(lambda tx, told=told: tx.imports.add(told))  # type: ignore[misc]
    last = town.do(lambda tx: tx.imports.last(ADDRESS, CODE, ImportKind.FULL, ImportKind.INCREMENT))
    assert last == NOW.replace(microsecond=0)


def test_the_channels_of_a_service_go_with_its_entry(town: Town) -> None:
    one, two = EntryId("yksi"), EntryId("kaksi")
    entries = [Entry(id, {Language.FI: id}, origin=Origin.PTV) for id in (one, two)]
    town.do(lambda tx: tx.catalogue.take(Origin.PTV, entries, complete=True))
    town.do(lambda tx: tx.imports.tie({one: ("b", "a"), two: ("c",)}))
    assert town.do(lambda tx: tx.imports.ties()) == {one: ("b", "a"), two: ("c",)}
    town.do(lambda tx: tx.catalogue.take(Origin.PTV, entries[:1], complete=True))
    town.do(lambda tx: tx.imports.tie({one: ("d",)}))
    assert town.do(lambda tx: tx.imports.ties()) == {one: ("d",)}


@pytest.mark.parametrize(
    ("last", "full", "hours"), [(None, None, None), (1, 24, 2), (1, 24 * 7, None), (24, None, None), (3, 3, 4)]
)
def test_an_increment_begins_before_the_last_import_and_everything_comes_weekly(
    last: int | None, full: int | None, hours: int | None
) -> None:
    before, whole, expected = (None if ago is None else NOW - timedelta(hours=ago) for ago in (last, full, hours))
    assert increment_since(before, whole, NOW) == expected
