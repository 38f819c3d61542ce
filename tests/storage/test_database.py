import asyncio
import sqlite3
import stat
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Migrations
from sqlite_utils.db import Database as SqliteDatabase

from bot.storage import database
from bot.storage.database import KEPT_BACKUPS, Database, NewerSchemaError
from bot.storage.migrations import SCHEMA
from bot.storage.transaction import SqlTransaction
from tests.support.town import NOW, TUESDAY, Town, open_town

RELEASED = sorted((Path(__file__).parent / "released").glob("*.sql"))


def write(tx: SqlTransaction) -> None:
    tx.facts.set("name", "value")


def read(tx: SqlTransaction) -> str | None:
    return tx.facts.get("name")


def later_schema(*names: str) -> Migrations:
    """Today's schema with further steps behind it."""
    schema = Migrations("eahtari")
    for step in SCHEMA._migrations:
        schema(name=step.name)(step.fn)
    for name in names:
        schema(name=name)(lambda db: db.execute("ALTER TABLE fact ADD COLUMN more TEXT"))
    return schema


def test_what_was_committed_is_there_after_a_restart(tmp_path: Path) -> None:
    with Database(tmp_path / "f.db") as store:
        store.transact_now(write)
    with Database(tmp_path / "f.db") as store:
        assert store.transact_now(read) == "value"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, asyncio.CancelledError])
def test_an_exception_rolls_all_of_it_back_and_the_store_lives_on(tmp_path: Path, error: type[BaseException]) -> None:
    def fails(tx: SqlTransaction) -> None:
        write(tx)
        raise error

    with Database(tmp_path / "f.db") as store:
        with pytest.raises(error):
            store.transact_now(fails)
        assert store.transact_now(read) is None
        store.transact_now(write)
        assert store.transact_now(read) == "value"


def test_a_directory_that_was_rolled_back_is_forgotten(town: Town) -> None:
    def fails(tx: SqlTransaction) -> None:
        tx.entries.replace({k: v for k, v in tx.entries.current().items() if k[0] != "closure"}, {})
        assert tx.directory.closures == ()
        raise LookupError

    with pytest.raises(LookupError):
        town.do(fails)
    assert town.do(lambda tx: tx.directory.closures)


async def test_a_transaction_leaves_the_loop_free(tmp_path: Path) -> None:
    started, go = asyncio.Event(), threading.Event()
    loop = asyncio.get_running_loop()

    def waits(_: SqlTransaction) -> bool:
        loop.call_soon_threadsafe(started.set)
        return go.wait(10)

    with Database(tmp_path / "f.db") as store:
        working = asyncio.create_task(store.transact(waits))
        await started.wait()
        go.set()
        assert await working


def test_only_the_owner_may_read_the_file_and_its_journals(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    with Database(path) as store:
        store.transact_now(write)
        modes = {found.name: stat.S_IMODE(found.stat().st_mode) for found in tmp_path.iterdir()}
    assert modes == {"f.db": 0o600, "f.db-wal": 0o600, "f.db-shm": 0o600}


def test_a_file_that_was_open_to_all_is_closed_again(tmp_path: Path) -> None:
    path = tmp_path / "f.db"
    Database(path).close()
    path.chmod(0o644)
    with Database(path):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_commits_reach_the_disk_before_they_count(tmp_path: Path) -> None:
    with Database(tmp_path / "f.db") as store:
        pragmas = ("journal_mode", "synchronous", "foreign_keys")
        found = store.transact_now(lambda tx: [tx.facts._db.execute(f"PRAGMA {p}").fetchone()[0] for p in pragmas])
    assert found == ["wal", 2, 1]


def test_a_second_process_sees_what_the_first_wrote(town: Town) -> None:
    with Database(town.path) as second:
        name = second.transact_now(lambda tx: tx.directory.municipality.name.fi)
        assert name == "Ähtäri"
        town.change("municipality", "ahtari", phone="+358 6 000")  # type: ignore[arg-type]  # a kind by its word
        assert second.transact_now(lambda tx: tx.directory.municipality.phone) == "+358 6 000"


def test_a_second_process_waits_for_the_first(tmp_path: Path) -> None:
    inside, go = threading.Event(), threading.Event()
    order: list[str] = []

    def slow(tx: SqlTransaction) -> None:
        inside.set()
        go.wait(10)
        tx.facts.set("name", "first")
        order.append("first")

    def quick(tx: SqlTransaction) -> None:
        order.append(f"second after {read(tx)}")

    with Database(tmp_path / "f.db") as one, Database(tmp_path / "f.db") as two:
        threads = [threading.Thread(target=lambda: one.transact_now(slow))]
        threads[0].start()
        inside.wait(10)
        threads.append(threading.Thread(target=lambda: two.transact_now(quick)))
        threads[1].start()
        assert order == []
        go.set()
        for thread in threads:
            thread.join()
    assert order == ["first", "second after first"]


def test_a_process_that_waits_in_vain_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_TIMEOUT", 0.05)
    path = tmp_path / "f.db"
    with Database(path) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            store.transact_now(write)
        other.execute("ROLLBACK")
        store.transact_now(write)


def test_the_schema_is_backed_up_before_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, backups = tmp_path / "f.db", tmp_path / "backups"
    with Database(path, backups) as store:
        store.transact_now(write)
    Database(path, backups).close()
    assert not backups.exists()
    monkeypatch.setattr(database, "SCHEMA", later_schema("m998_later"))
    Database(path, backups).close()
    [kept] = backups.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(backups.stat().st_mode) == 0o700
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT * FROM fact").fetchall() == [("name", "value")]


def test_a_step_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, backups = tmp_path / "f.db", tmp_path / "backups"
    Database(path).close()

    def breaks(db: SqliteDatabase) -> None:
        db.execute("DROP TABLE fact")
        raise RuntimeError

    broken = later_schema()
    broken(name="m998_breaks")(breaks)
    with monkeypatch.context() as patched:
        patched.setattr(database, "SCHEMA", broken)
        with pytest.raises(RuntimeError):
            Database(path, backups)
    with Database(path) as store:
        assert store.transact_now(read) is None


def test_a_file_of_a_later_version_is_refused_and_untouched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.db"
    with monkeypatch.context() as patched:
        patched.setattr(database, "SCHEMA", later_schema("m998_later"))
        Database(path).close()
    before = path.read_bytes()
    with pytest.raises(NewerSchemaError, match=r"f\.db was written by a later version"):
        Database(path)
    assert path.read_bytes() == before


def test_old_backups_go_when_there_are_enough(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        made = [database.backup(SqliteDatabase(connection), tmp_path / "b") for _ in range(KEPT_BACKUPS + 2)]
    assert sorted((tmp_path / "b").iterdir()) == made[2:]


@pytest.mark.parametrize("released", RELEASED, ids=lambda path: path.stem)
def test_a_file_of_every_released_schema_opens(tmp_path: Path, released: Path) -> None:
    path = tmp_path / "f.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(released.read_text(encoding="utf-8"))
    with Database(path, tmp_path / "b") as store:
        number = store.transact_now(lambda tx: tx.facts.get("the appointment's number"))
        found = store.transact_now(lambda tx: tx.appointments.by_number(number or ""))
        assert found is not None
        assert (found.start, found.citizen) == (TUESDAY, "@asiakas:localhost")
        assert store.transact_now(lambda tx: tx.jobs.next_due()) is not None
        assert store.transact_now(lambda tx: tx.outbox.claim(NOW, "DEVICE", [], 9))
        assert store.transact_now(lambda tx: tx.directory.services)


def test_every_step_has_a_released_file() -> None:
    assert [path.stem for path in RELEASED] == [step.name for step in SCHEMA._migrations]


def schema_of(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        found = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name")
        return [(name, " ".join(sql.split())) for name, sql in found]


def test_the_latest_released_file_is_what_a_fresh_one_is(tmp_path: Path) -> None:
    """A released step must not be edited: this fails where one was."""
    Database(tmp_path / "fresh.db").close()
    with closing(sqlite3.connect(tmp_path / "old.db")) as connection:
        connection.executescript(RELEASED[-1].read_text(encoding="utf-8"))
    assert schema_of(tmp_path / "fresh.db") == schema_of(tmp_path / "old.db")


Ask = Callable[[SqlTransaction], object]


@pytest.mark.parametrize(
    "ask",
    [
        lambda tx: tx.inbox.next(),
        lambda tx: tx.inbox.locked(),
        lambda tx: tx.outbox.claim(NOW, "DEVICE", [1], 9),
        lambda tx: tx.outbox.next_try(),
        lambda tx: tx.jobs.take_due(NOW),
        lambda tx: tx.jobs.next_due(),
        lambda tx: tx.appointments.open_of("@asiakas:localhost", NOW),
        lambda tx: tx.appointments.open_of_official("rakennustarkastaja", NOW),
        lambda tx: tx.appointments.open_count("@asiakas:localhost", "rakennuslupa", NOW),
        lambda tx: tx.appointments.by_number("AB2CD3"),
    ],
)
def test_what_is_asked_all_the_time_reads_no_table_from_end_to_end(town: Town, ask: Ask) -> None:
    """What is answered or sent stays in its table for long, so a scan grows with the town's life."""
    asked: list[str] = []
    town.do(lambda tx: tx.facts._db.conn.set_trace_callback(asked.append))
    town.do(ask)
    town.do(lambda tx: tx.facts._db.conn.set_trace_callback(None))
    reads = [query for query in asked if query.lstrip().startswith("SELECT")]
    assert reads
    plans = [str(detail) for query in reads for *_, detail in town.rows(f"EXPLAIN QUERY PLAN {query}")]
    assert not [plan for plan in plans if plan.startswith("SCAN") and "USING" not in plan and "SUBQUERY" not in plan]


def test_opening_makes_the_town_readable_at_once(tmp_path: Path) -> None:
    with open_town(tmp_path) as town:
        assert len(town.do(lambda tx: tx.directory.officials)) == 42
