"""`eahtari config`: what differs is shown, and nothing is written that was not shown and wanted."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.actions.booking import cancel
from bot.cli.up import EXAMPLE
from bot.config.entries import Entry, EntryKey, EntryKind
from bot.config.state import StateFolder
from bot.domain.booking import Appointment
from bot.domain.refusals import AlreadyCancelled
from bot.storage.database import Database

Command = Callable[..., int]
KEY: EntryKey = (EntryKind.SERVICE, "rakennuslupa")
OFFICIAL: EntryKey = (EntryKind.OFFICIAL, "rakennustarkastaja")


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """The example town with passages replaced."""

    def make(*changes: tuple[str, str]) -> Path:
        text = EXAMPLE.read_text(encoding="utf-8")
        for old, new in changes:
            text, count = re.subn(old, new, text)
            assert count, old
        path = tmp_path / "eahtari.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return make


LONGER = (r'(id = "rakennuslupa"\n(?:[^\[\n].*\n)*?)minutes = 30', r"\1minutes = 45")
WITHOUT_OFFICIAL = (
    (r'officials = \["rakennustarkastaja"\]', 'officials = ["lupasihteeri"]'),
    (r'\[\[official\]\]\nid = "rakennustarkastaja"\n(?:[^\[\n].*\n)+', ""),
)


def entry(state: StateFolder, key: EntryKey) -> Entry:
    with Database(state.database) as store:
        return store.transact_now(lambda tx: tx.entries.current()[key])


def change(state: StateFolder, key: EntryKey, **fields: int) -> None:
    with Database(state.database) as store:
        store.transact_now(lambda tx: tx.entries.change(key, {**tx.entries.current()[key], **fields}))


def test_an_unchanged_file_differs_in_nothing(state: StateFolder, command: Command) -> None:
    assert command("config", "diff", "--state", state.root) == 0


def test_a_changed_field_is_shown_applied_and_then_no_difference(
    state: StateFolder, command: Command, file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = file(LONGER)
    assert command("config", "diff", "--state", state.root, "--config", path) == 1
    assert "minutes: 30 → 45" in capsys.readouterr().out
    assert entry(state, KEY)["minutes"] == 30
    assert command("config", "apply", "--yes", "--state", state.root, "--config", path) == 0
    assert entry(state, KEY)["minutes"] == 45
    assert command("config", "diff", "--state", state.root, "--config", path) == 0


def test_nobody_to_ask_is_a_no(state: StateFolder, command: Command, file: Callable[..., Path]) -> None:
    assert command("config", "apply", "--state", state.root, "--config", file(LONGER)) == 2
    assert entry(state, KEY)["minutes"] == 30


@pytest.mark.parametrize(("typed", "code", "minutes"), [("yes", 0, 45), ("y", 2, 30), ("", 2, 30)])
def test_a_typed_yes_and_nothing_else_applies(
    *,
    state: StateFolder,
    command: Command,
    file: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    typed: str,
    code: int,
    minutes: int,
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda _prompt: typed)
    assert command("config", "apply", "--state", state.root, "--config", file(LONGER)) == code
    assert entry(state, KEY)["minutes"] == minutes


def test_what_the_service_changes_while_the_operator_thinks_is_not_overwritten(
    state: StateFolder, command: Command, file: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def think(_prompt: str) -> str:
        change(state, KEY, minutes=20)
        return "yes"

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", think)
    assert command("config", "apply", "--state", state.root, "--config", file(LONGER)) == 2
    assert entry(state, KEY)["minutes"] == 20


@pytest.mark.parametrize(("prefer", "code", "minutes"), [((), 2, 20), (("file",), 0, 45), (("service",), 0, 20)])
def test_a_conflict_needs_a_side(
    *,
    state: StateFolder,
    command: Command,
    file: Callable[..., Path],
    prefer: tuple[str, ...],
    code: int,
    minutes: int,
) -> None:
    change(state, KEY, minutes=20)
    chosen = [part for side in prefer for part in ("--prefer", side)]
    assert command("config", "apply", "--yes", *chosen, "--state", state.root, "--config", file(LONGER)) == code
    assert entry(state, KEY)["minutes"] == minutes


def test_the_server_name_can_not_be_changed(
    state: StateFolder, command: Command, file: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    path = file((r'server_name = "localhost"', 'server_name = "kunta.example"'))
    assert command("config", "apply", "--yes", "--state", state.root, "--config", path) == 2
    assert "can't be changed" in capsys.readouterr().err


def test_an_official_with_open_appointments_is_dropped_by_force_only(
    state: StateFolder,
    command: Command,
    file: Callable[..., Path],
    book: Callable[[StateFolder, str, str], Appointment],
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = book(state, "rakennuslupa", "rakennustarkastaja").number
    path = file(*WITHOUT_OFFICIAL)
    assert command("config", "diff", "--state", state.root, "--config", path) == 1
    assert f"  {number}  " in (shown := capsys.readouterr().out)
    assert "Only with `apply --force`: 1 open appointment will be cancelled and its citizen told." in shown
    assert command("config", "apply", "--yes", "--state", state.root, "--config", path) == 2
    refused = capsys.readouterr()
    assert number in refused.out
    assert "With --force, 1 open appointment will be cancelled and its citizen told." in refused.err
    assert entry(state, OFFICIAL)["active"]
    assert command("config", "apply", "--yes", "--force", "--state", state.root, "--config", path) == 0
    told = capsys.readouterr().out
    before, _, after = told.partition("Applied.")
    assert "1 open appointment will be cancelled and its citizen told." in before
    assert "1 open appointment was cancelled; the service tells its citizen." in after
    with pytest.raises(KeyError):
        entry(state, OFFICIAL)


WITHOUT_SERVICE = ((r'\[\[service\]\]\nid = "rakennuslupa"\n(?:(?!\[\[).*\n)+', ""),)


@pytest.mark.parametrize(
    ("changes", "onward"), [(WITHOUT_OFFICIAL, "!varaa Rakennusluvat"), (WITHOUT_SERVICE, "!palvelut")]
)
def test_what_force_strands_is_cancelled_and_told_and_nobody_is_met_by_a_fault(
    *,
    state: StateFolder,
    command: Command,
    file: Callable[..., Path],
    book: Callable[[StateFolder, str, str], Appointment],
    changes: tuple[tuple[str, str], ...],
    onward: str,
) -> None:
    appointment = book(state, "rakennuslupa", "rakennustarkastaja")
    assert command("config", "apply", "--yes", "--force", "--state", state.root, "--config", file(*changes)) == 0
    with closing(sqlite3.connect(state.database)) as db:
        (history,) = db.execute("SELECT what, party FROM history ORDER BY id DESC LIMIT 1")
        (payload,) = db.execute("SELECT payload FROM outbox WHERE key LIKE '%:cancelled'").fetchone()
    assert history == ("cancelled", "official")
    assert json.loads(payload)["mention"] == [appointment.citizen, "@rakennustarkastaja:localhost"]
    assert onward in json.loads(payload)["body"]
    with Database(state.database) as store:
        answer = store.transact_now(
            lambda tx: cancel(tx, appointment.citizen, appointment.number, datetime.now(UTC)),
        )
    assert answer == AlreadyCancelled(appointment.number)


def test_nothing_is_cancelled_where_applying_fails(
    state: StateFolder,
    command: Command,
    file: Callable[..., Path],
    book: Callable[[StateFolder, str, str], Appointment],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    appointment = book(state, "rakennuslupa", "rakennustarkastaja")

    def fails(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    monkeypatch.setattr("bot.storage.entries.SqlEntries.replace", fails)
    path = file(*WITHOUT_OFFICIAL)
    assert command("config", "apply", "--yes", "--force", "--state", state.root, "--config", path) == 2
    with Database(state.database) as store:
        assert store.transact_now(lambda tx: tx.appointments.get(appointment.id)) == appointment
    with closing(sqlite3.connect(state.database)) as db:
        assert db.execute("SELECT count(*) FROM outbox").fetchone() == (0,)


def test_a_folder_without_a_service_and_a_broken_file_are_told(
    tmp_path: Path, state: StateFolder, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("config", "diff", "--state", tmp_path / "none") == 2
    assert "Nothing is kept" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
    assert command("config", "diff", "--state", state.root, "--config", tmp_path / "none.toml") == 2
    assert "none.toml" in capsys.readouterr().err
