"""The benchmark of the calendar, in small: its files are what the service leaves behind, its figures are complete."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.booking import Size, measure
from benchmarks.grown import FULL_DAYS, MEASURED, NOW, grow
from bot.actions.search import SHOWN_DAYS, free_days
from bot.storage.database import Database

NUMBER = 1_000
SMALL = Size(files=(NUMBER, 1_500), searches=8, bookings=8, rushed=1)


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("grown") / "eahtari.db"
    grow(path, NUMBER)
    return path


def one(path: Path, query: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute(query).fetchone()[0])


def test_a_file_has_as_many_appointments_as_it_should(grown: Path) -> None:
    assert one(grown, "SELECT count(*) FROM appointment") == NUMBER
    assert one(grown, "SELECT count(*) FROM appointment WHERE state = 'booked'") == NUMBER * 3 // 4
    assert one(grown, "SELECT count(DISTINCT state) FROM appointment") == 4


def test_nobody_in_it_is_taken_twice(grown: Path) -> None:
    """The guard's own key says so: every quantum of every visit is there."""
    wanted = "SELECT sum((busy_end - busy_start) / 300) FROM appointment WHERE state != 'cancelled'"
    assert one(grown, "SELECT count(*) FROM quantum") == one(grown, wanted)


@pytest.mark.parametrize(("table", "each"), [("room", 1), ("outbox", 8)])
def test_each_has_what_the_service_leaves_behind(grown: Path, table: str, each: int) -> None:
    assert one(grown, f"SELECT count(*) FROM {table}") == NUMBER * each  # noqa: S608 - names above


def test_the_search_walks_over_full_days_and_finds_times(grown: Path) -> None:
    """Neither empty nor answered by the first day."""
    with Database(grown) as store:
        found = store.transact_now(lambda tx: [free_days(tx, tx.directory.services[id], NOW) for id in MEASURED])
    for days in found:
        assert len(days) == SHOWN_DAYS
        assert (days[0].day - NOW.date()).days >= FULL_DAYS


def test_the_report_has_every_figure_and_target(tmp_path: Path) -> None:
    found = json.loads(measure(tmp_path, SMALL).as_json())
    figures = {result["name"]: result["value"] for result in found["results"]}
    for number in SMALL.files:
        for what in ("search", "booking"):
            assert 0 < figures[f"{what}_{number}_p50_ms"] <= figures[f"{what}_{number}_p99_ms"]
    assert figures["rush_double_bookings"] == 0
    assert figures["usual_calendar_double_bookings"] >= 0
    assert [(target["name"], target["limit"]) for target in found["targets"]] == [
        ("search_p99_ms", 10),
        ("booking_p99_ms", 15),
        ("search_p50_growth", 2.4),
        ("booking_p50_growth", 2.4),
    ]
