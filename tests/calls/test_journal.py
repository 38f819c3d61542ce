import asyncio
import gc
import logging
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.evidence import Evidence, EvidenceDraft, Kind, from_json, to_json
from bot.calls.journal import Journal, JournalError

NOW = 1_800_000_000.0
WRITER = Path(__file__).with_name("journal_writer.py")
ROOT = Path(__file__).parents[2]


def joined(identity: str, at: float = NOW, name: str = "Kuntalainen") -> EvidenceDraft:
    return EvidenceDraft(at, "huone", identity, "PA_1", Kind.JOINED, {"name": name, "role": "citizen"})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "calls" / "journal.db"


@pytest_asyncio.fixture
async def journal(path: Path) -> AsyncIterator[Journal]:
    async with Journal(path, now=NOW) as opened:
        yield opened


async def test_what_was_recorded_is_read_with_rising_numbers(journal: Journal) -> None:
    written = await journal.record([joined("citizen"), joined("official")])
    assert [evidence.identity for evidence in written] == ["citizen", "official"]
    assert written[0].number < written[1].number
    assert list(await journal.read(0, 10)) == written
    assert list(await journal.read(written[0].number, 10)) == written[1:]
    assert list(await journal.read(0, 1)) == written[:1]


async def test_the_order_of_recording_is_the_order_of_numbers_also_when_nobody_awaits(journal: Journal) -> None:
    futures = [journal.record([joined(f"person{index}")]) for index in range(2000)]
    await asyncio.gather(*futures)
    found = await journal.read(0, 5000)
    assert [evidence.identity for evidence in found] == [f"person{index}" for index in range(2000)]


async def test_recording_holds_the_event_loop_up_for_less_than_a_packet(journal: Journal) -> None:
    longest = 0.0
    for index in range(300):
        start = time.perf_counter()
        future = journal.record([joined(str(index))])
        longest = max(longest, time.perf_counter() - start)
        if index % 10 == 0:
            await future
    await future
    assert longest < 0.02


async def test_what_is_settled_is_dropped_and_its_numbers_are_not_given_again(path: Path) -> None:
    async with Journal(path, now=NOW) as journal:
        written = await journal.record([joined("citizen"), joined("official"), joined("cai")])
        await journal.settled(written[1].number)
        assert list(await journal.read(0, 10)) == written[2:]
        await journal.settled(written[2].number)
    async with Journal(path, now=NOW) as journal:
        (later,) = await journal.record([joined("dan")])
        assert later.number > written[2].number


async def test_a_lost_file_gives_no_number_again(path: Path) -> None:
    async with Journal(path, now=NOW) as journal:
        (last, *_) = reversed(await journal.record([joined(str(index)) for index in range(100)]))
    for file in path.parent.iterdir():
        file.unlink()
    async with Journal(path, now=NOW + 1) as journal:
        (first,) = await journal.record([joined("citizen")])
    assert first.number > last.number


@pytest.fixture
def damaged(path: Path) -> Path:
    path.parent.mkdir()
    path.write_bytes(b"no database at all, but long enough to be looked at" * 100)
    return path


async def test_a_damaged_file_is_kept_beside_a_new_one(damaged: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = damaged
    async with Journal(path, now=NOW) as journal:
        await journal.record([joined("citizen")])
    assert path.with_name(f"journal.db.damaged-{int(NOW)}").exists()
    assert "damaged" in caplog.text


async def test_a_beginning_engine_tells_when_the_one_before_was_last_alive(path: Path) -> None:
    async with Journal(path, now=NOW) as journal:
        first = await journal.start(NOW, version="1")
        await journal.alive(NOW + 5)
        await journal.alive(NOW + 10)
    async with Journal(path, now=NOW + 60) as journal:
        second = await journal.start(NOW + 60, version="1")
        third = await journal.start(NOW + 70, version="1")
    assert first.kind is Kind.ENGINE_STARTED
    assert first.facts == {"version": "1", "last_alive": None}
    assert second.facts == {"version": "1", "last_alive": NOW + 10}
    assert third.facts == {"version": "1", "last_alive": NOW + 60}


async def test_who_waits_is_told_as_soon_as_something_is_written(journal: Journal) -> None:
    readers = [asyncio.create_task(journal.read(0, 10, wait_s=20)) for _ in range(3)]
    await asyncio.sleep(0.05)
    start = time.monotonic()
    await journal.record([joined("citizen")])
    found = await asyncio.gather(*readers)
    assert time.monotonic() - start < 1
    assert [len(evidence) for evidence in found] == [1, 1, 1]


async def test_waiting_ends_with_nothing_when_nothing_comes(journal: Journal) -> None:
    await journal.alive(NOW)
    start = time.monotonic()
    assert list(await journal.read(0, 10, wait_s=0.2)) == []
    assert 0.15 < time.monotonic() - start < 2


async def test_who_is_cancelled_while_waiting_for_the_disk_loses_no_evidence(journal: Journal) -> None:
    futures = [journal.record([joined(str(index))]) for index in range(50)]
    for future in futures:
        future.cancel()
    await asyncio.sleep(0)
    await journal.record([joined("last")])
    assert len(await journal.read(0, 100)) == 51


async def test_what_comes_again_under_the_same_key_is_written_once(path: Path) -> None:
    async with Journal(path, now=NOW) as journal:
        assert len(await journal.record([joined("citizen")], once="EV_1")) == 1
        assert await journal.record([joined("citizen")], once="EV_1") == []
    async with Journal(path, now=NOW) as journal:
        assert await journal.record([joined("citizen")], once="EV_1") == []
        assert len(await journal.record([joined("official")], once="EV_2")) == 1


async def test_names_and_figures_that_no_file_could_hold_lose_no_evidence(journal: Journal) -> None:
    strange = EvidenceDraft(NOW, "huone", "\ud800", "PA", Kind.LEFT, {"name": "\udfff", "lost_share": float("nan")})
    await journal.record([strange])
    (found,) = await journal.read(0, 10)
    assert found.facts["lost_share"] is None


async def test_one_faulty_piece_takes_no_other_with_it(journal: Journal, caplog: pytest.LogCaptureFixture) -> None:
    faulty = EvidenceDraft(float("nan"), "salainen", "nimi", "", Kind.JOINED)
    good, bad, again = (
        journal.record([joined("citizen")]),
        journal.record([faulty]),
        journal.record([joined("official")]),
    )
    with pytest.raises(JournalError):
        await bad
    await good
    await again
    assert [evidence.identity for evidence in await journal.read(0, 10)] == ["citizen", "official"]
    assert "not written" in caplog.text
    assert "salainen" not in caplog.text


async def test_a_fault_that_nobody_awaits_is_told_once(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with Journal(path, now=NOW) as journal:
        journal.record([joined("citizen", at=float("nan"))])
        await journal.record([joined("official")])
    gc.collect()
    assert [record.levelname for record in caplog.records] == ["ERROR"]


async def test_closing_waits_for_what_nobody_awaited(path: Path) -> None:
    journal = Journal(path, now=NOW)
    futures = [journal.record([joined(str(index))]) for index in range(1200)]
    await journal.close()
    await asyncio.gather(*futures)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT count(*) FROM evidence").fetchone() == (1200,)


async def test_a_closed_journal_refuses_and_does_not_hang(path: Path) -> None:
    journal = Journal(path, now=NOW)
    await journal.close()
    await journal.close()
    with pytest.raises(JournalError):
        await journal.record([joined("citizen")])


async def test_only_the_owner_can_read_the_files(journal: Journal, path: Path) -> None:
    await journal.record([joined("citizen")])
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_every_commit_reaches_the_disk(path: Path) -> None:
    async with Journal(path, now=NOW) as journal:
        modes = await journal._submit(
            lambda db: (db.execute("PRAGMA journal_mode").fetchone(), db.execute("PRAGMA synchronous").fetchone())
        )
    assert modes == (("wal",), (2,))


def test_a_file_that_cannot_be_made_is_told_without_its_content(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="can't be opened"):
        Journal(tmp_path / "file" / "journal.db", now=NOW)


def killed_after(path: Path, first: int, lines: int) -> dict[int, int]:
    """Name to number of everything that a writer had awaited when it was killed amid its work."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(  # noqa: S603 - this interpreter, with our own file
        [sys.executable, str(WRITER), str(path), str(first)], stdout=subprocess.PIPE, env=environment, text=True
    ) as writer:
        assert writer.stdout is not None
        told = [writer.stdout.readline() for _ in range(lines)]
        writer.send_signal(signal.SIGKILL)
        told += writer.stdout.readlines()
    whole = [line.split() for line in told if line.endswith("\n")]
    return {int(name): int(number) for name, number in whole}


async def test_what_was_awaited_survives_kill_9_and_no_number_is_given_twice(path: Path) -> None:
    awaited: dict[int, int] = {}
    for life in range(4):
        awaited |= killed_after(path, life * 1_000_000, 40 + life * 37)
    async with Journal(path, now=time.time()) as journal:
        found = await journal.read(0, 10**6)
        (later,) = await journal.record([joined("citizen")])
    numbers = [evidence.number for evidence in found]
    assert numbers == sorted(set(numbers))
    kept = {int(evidence.identity): evidence.number for evidence in found if evidence.kind is Kind.JOINED}
    assert awaited.items() <= kept.items()
    assert later.number > max(numbers)
    assert sum(evidence.kind is Kind.ENGINE_STARTED for evidence in found) == 4


facts = st.dictionaries(
    st.text(), st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)


@given(
    st.builds(
        Evidence, st.integers(1), st.floats(0, 4e9), st.text(), st.text(), st.text(), st.sampled_from(Kind), facts
    )
)
def test_evidence_survives_its_json_form(evidence: Evidence) -> None:
    assert from_json(to_json(evidence)) == evidence


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
names = ["number", "at", "room", "identity", "sid", "kind", "facts"]


@given(st.dictionaries(st.sampled_from(names), json_values) | json_values)
def test_anything_else_is_no_evidence_and_no_error(raw: object) -> None:
    evidence = from_json(raw)
    assert evidence is None or from_json(to_json(evidence)) == evidence


async def test_the_log_names_nobody(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with Journal(path, now=NOW) as journal:
        await journal.record([joined("citizen", name="Kuntalainen Meikäläinen")])
    assert "Kuntalainen" not in caplog.text
    assert "citizen" not in caplog.text
