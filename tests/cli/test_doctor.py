"""`eahtari doctor` without anything running: each check's judgement, and that it changes nothing."""

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from bot.cli import doctor_live as live
from bot.cli import doctor_local as local
from bot.cli.findings import Place, Status
from bot.cli.running import find_running
from bot.config.state import StateFolder
from bot.matrix.identity import CryptoHealth
from bot.storage.checkup import StorageHealth, kept_time_zone, storage_health

Command = Callable[..., int]
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SOUND = {
    "identity_kept": True,
    "device_published": True,
    "device_matches": None,
    "device_signed": True,
    "master_matches": True,
    "one_time_keys": 50,
    "fallback_unused": True,
}


def test_it_says_plainly_that_nothing_runs(
    state: StateFolder, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("doctor", "--json", "--state", state.root) == 1
    told = json.loads(capsys.readouterr().out)
    checks = {check["id"]: check for check in told["checks"]}
    assert told["ok"] is False
    assert checks["running"]["status"] == "fail"
    assert "eahtari up" in checks["running"]["remedy"]
    assert {checks[id]["status"] for id in ("disk", "time_zone", "federation", "migrations")} == {"ok"}


def test_an_absent_folder_is_told_and_not_made(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("doctor", "--state", tmp_path / "none") == 1
    assert "nothing runs" in capsys.readouterr().out
    assert not (tmp_path / "none").exists()


def test_what_a_killed_process_left_behind_does_not_count_as_running(state: StateFolder) -> None:
    state.write_run({"pid": os.getpid(), "port": 20172})
    assert find_running(state)
    state.write_run({"pid": 2**22 + 1, "port": 20172})
    assert find_running(state) is None


@pytest.mark.parametrize(("seconds", "status"), [(0, "ok"), (4, "ok"), (6, "warn"), (-59, "warn"), (61, "fail")])
def test_clocks_are_compared(seconds: int, status: str) -> None:
    date = format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)
    assert live.judge_clock(date, NOW).status == status


def test_an_unreadable_date_is_a_warning() -> None:
    assert {live.judge_clock(date, NOW).status for date in ("", "soon", "Mon, 99 Foo")} == {Status.WARN}


@pytest.mark.parametrize(
    ("change", "id", "status"),
    [
        ({"device_signed": False}, "device", "fail"),
        ({"device_published": False, "device_signed": False}, "device", "fail"),
        ({"master_matches": False}, "identity", "fail"),
        ({"identity_kept": False, "master_matches": False}, "identity", "fail"),
        ({"one_time_keys": 0}, "one_time_keys", "warn"),
        ({"fallback_unused": False}, "fallback_key", "warn"),
        ({"fallback_unused": None}, "fallback_key", "warn"),
    ],
)
def test_each_fault_of_the_keys_is_found_alone(change: dict[str, bool | None], id: str, status: str) -> None:
    assert {one.status for one in live.judge_keys(CryptoHealth(**SOUND))} == {Status.OK}  # type: ignore[arg-type]  # a table of mixed values
    found = {one.id: one for one in live.judge_keys(CryptoHealth(**{**SOUND, **change}))}  # type: ignore[arg-type]  # a table of mixed values
    assert found[id].status == status
    assert found[id].remedy
    assert {one.id for one in found.values() if one.status is not Status.OK} == {id}


def test_one_open_spelling_of_the_admin_api_fails() -> None:
    closed = dict.fromkeys(live.HIDDEN, 403)
    assert live.judge_closed(closed).status is Status.OK
    for target in live.HIDDEN:
        for status in (200, 401, 404, 0):
            found = live.judge_closed({**closed, target: status})
            assert found.status is Status.FAIL
            assert target in found.found


def test_limits_and_versions_are_judged() -> None:
    assert live.judge_limit({"messages_per_second": 0, "burst_count": 0}).status is Status.OK
    assert live.judge_limit({}).status is Status.FAIL
    assert live.judge_limit({"messages_per_second": 5}).status is Status.FAIL
    assert live.judge_version("1.0", "1.0").status is Status.OK
    assert live.judge_version("1.0", "1.1").status is Status.WARN
    assert live.judge_version(None, "1.1").status is Status.WARN
    assert [live.judge_room_version(v).status for v in ("10", "12", "13", "")] == ["ok", "ok", "warn", "warn"]


def test_a_listener_for_other_servers_that_may_speak_with_none_is_told() -> None:
    listener = {"port": 8448, "resources": [{"names": ["client", "federation"]}]}
    off = {"server_name": "localhost", "listeners": [{"port": 1, "resources": [{"names": ["client"]}]}]}
    assert local.judge_federation(off).status is Status.OK
    on = {"server_name": "kunta.example", "listeners": [listener]}
    assert local.judge_federation(on).status is Status.OK
    assert local.judge_federation({**on, "federation_domain_whitelist": []}).status is Status.WARN


def test_a_full_disk_fails(state: StateFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    for limit, status in (("DISK_LOW", Status.WARN), ("DISK_OUT", Status.FAIL)):
        monkeypatch.setattr(local, limit, 2**62)
        assert [one.status for one in local.disk(Place(state))] == [status]


def test_what_waits_and_what_failed_is_counted(state: StateFolder) -> None:
    old, new = int((NOW - timedelta(minutes=11)).timestamp()), int((NOW - timedelta(minutes=9)).timestamp())
    with closing(sqlite3.connect(state.database)) as db, db:
        db.execute("INSERT INTO room (lane, kind, subject, alias, created) VALUES (1, 'k', 's', 'a', 0)")
        rows = [("late", "waiting", old), ("early", "waiting", new), ("gone", "sent", old), ("bad", "failed", new)]
        for key, what, at in rows:
            db.execute(
                "INSERT INTO outbox (lane, kind, key, urgent, created, not_before, state) VALUES (1,'say',?,1,?,?,?)",
                (key, at, new, what),
            )
        db.execute("INSERT INTO inbox VALUES ('$e', '!r', '@p:s', 0, 0, 'said', NULL, 'failed', 'ref')")
    health = storage_health(state.database, NOW - local.LATE)
    assert (health.late, health.unsent, health.unanswered) == (1, 1, 1)
    found = {one.id: one.status for one in local.judge_storage(health)}
    assert found == {"migrations": "ok", "outbox_waiting": "fail", "outbox_failed": "warn", "inbox_failed": "warn"}


def test_a_file_of_another_schema_is_told_and_left_alone(state: StateFolder) -> None:
    with closing(sqlite3.connect(state.database)) as db, db:
        db.execute("UPDATE _sqlite_migrations SET name = 'm999_from_the_future' WHERE name LIKE 'm001%'")
    health = storage_health(state.database, NOW)
    assert health.unknown == ("m999_from_the_future",)
    assert health.pending
    assert {one.status for one in local.judge_storage(health)} == {Status.FAIL}
    assert storage_health(state.database, NOW) == health


def test_missing_steps_fail() -> None:
    assert [one.status for one in local.judge_storage(StorageHealth(("m002",), ()))] == [Status.FAIL]


def test_the_municipalitys_zone_is_the_stored_one(state: StateFolder, tmp_path: Path) -> None:
    zone = kept_time_zone(state.database)
    assert zone is not None
    assert zone.key == "Europe/Helsinki"
    assert kept_time_zone(tmp_path / "none.db") is None


def test_a_damaged_file_fails_and_hides_no_other_check(
    state: StateFolder, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    state.database.write_bytes(b"no database" * 100)
    assert command("doctor", "--json", "--state", state.root) == 1
    checks = {check["id"]: check["status"] for check in json.loads(capsys.readouterr().out)["checks"]}
    assert checks["migrations"] == "fail"
    assert checks["disk"] == "ok"
