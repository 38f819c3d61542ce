import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.catalogues.ptv_file import NOT_GIVEN
from bot.cli.advice_ptv import Wish, import_from
from bot.cli.advice_taking import Report
from bot.cli.running import CommandError, opened
from bot.config.reading import read
from bot.config.state import StateFolder
from bot.domain.catalogue import Entry
from bot.domain.catalogue_import import Import, ImportKind
from bot.storage.database import Database
from bot.web.ptv import PtvLimits
from tests.support.ptv_server import CODE, Fault, PtvServer, serving

LIMITS = PtvLimits(page=200_000, total=1_000_000, pages=20, seconds=2, tries=3, pause=0.01, longest_pause=0.02)
SOON = "2026-11-20T00:00:00"
"""After everything in the sample was changed."""


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    folder = StateFolder.at(tmp_path / "state")
    folder.create()
    known = read(Path(__file__).parents[2] / "examples" / "ahtari.toml").entries
    with Database(folder.database, folder.backup) as store:
        store.transact_now(lambda tx: tx.entries.replace(known, known))
    return folder


@pytest.fixture
def store(state: StateFolder) -> Iterator[Database]:
    with opened(state) as open_store:
        yield open_store


@pytest.fixture
def ptv() -> Iterator[PtvServer]:
    with serving(PtvServer()) as server:
        yield server


def fetch(store: Database, ptv: PtvServer, since: datetime | None = None, *, full: bool = False) -> Report:
    ptv.asked.clear()
    return import_from(store, Wish(ptv.address, CODE, since, full=full), LIMITS)


def kept(store: Database) -> dict[str, Entry]:
    return {entry.id: entry for entry in store.transact_now(lambda tx: tx.catalogue.catalogue()).entries}


def log(store: Database) -> list[Import]:
    return store.transact_now(lambda tx: tx.imports.newest(10))


def test_everything_is_fetched_page_by_page_with_the_channels(store: Database, ptv: PtvServer) -> None:
    report = fetch(store, ptv)
    assert len(report.changes.added) == len(kept(store)) == 6
    assert dict(report.skipped) == {"not published": 1, "given in other municipalities": 1}
    museum = next(entry for entry in kept(store).values() if entry.name["fi"].startswith("Torppa"))  # type: ignore[index]
    assert museum.channels[0].value == "Torpparintie 4, 00989 Mallila"
    pages = [query["page"] for path, query in ptv.asked if path.startswith("Service/list/area")]
    assert pages == ["1", "2", "3"]
    assert [query["page"] for path, query in ptv.asked if path.startswith("ServiceChannel")] == ["1", "2"]


def test_the_log_tells_when_from_where_and_what_was_left_out(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    (told,) = log(store)
    assert told.at > datetime.now(UTC) - timedelta(minutes=1)
    assert (told.source, told.code, told.kind, told.since) == (ptv.address, CODE, ImportKind.FULL, None)
    assert (told.taken, told.added, told.removed, told.kept) == (6, 6, 0, 0)
    assert dict(told.skipped) == {"not published": 1, "given in other municipalities": 1}


def test_the_second_import_asks_for_what_changed_since_the_first(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    first = log(store)[0].at
    ptv.services[2] |= {"modified": "2999-01-01T00:00:00", "serviceChargeType": "FreeOfCharge"}
    report = fetch(store, ptv)
    assert report.changes.changed == (ptv.services[2]["id"],)
    assert kept(store)[ptv.services[2]["id"]].prices
    assert (log(store)[0].kind, log(store)[0].kept) == (ImportKind.INCREMENT, 5)
    path, query = ptv.asked[0]
    assert path == f"Service/area/Municipality/code/{CODE}"
    assert query["date"] == f"{first - timedelta(hours=1):%Y-%m-%dT%H:%M:%S}"
    assert ("Service/list", {"guids": ptv.services[2]["id"]}) in ptv.asked


def test_nothing_new_is_no_error_and_moves_the_date(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    before = kept(store)
    report = fetch(store, ptv)
    assert (report.entries, report.changes.changed, kept(store)) == (0, (), before)
    assert [one.kind for one in log(store)] == [ImportKind.INCREMENT, ImportKind.FULL]


def test_a_channel_that_changed_reaches_services_that_did_not(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    ptv.channels[2]["webPages"] = [{"url": "https://www.mallila.example/uusi"}]
    report = fetch(store, ptv)
    assert report.changes.changed == (ptv.services[2]["id"],)
    assert kept(store)[ptv.services[2]["id"]].channels[0].value == "https://www.mallila.example/uusi"


def test_a_service_that_is_no_longer_published_goes_with_the_increment(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    ptv.services[2] |= {"modified": "2999-01-01T00:00:00", "publishingStatus": "Archived"}
    assert fetch(store, ptv).changes.removed == (ptv.services[2]["id"],)
    assert len(kept(store)) == 5


def test_what_has_vanished_goes_with_the_next_whole_import(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    gone = ptv.services.pop(2)
    assert fetch(store, ptv).changes.removed == ()
    assert fetch(store, ptv, full=True).changes.removed == (gone["id"],)


def test_everything_is_fetched_again_after_a_week(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    old = replace(log(store)[0], at=datetime.now(UTC) - timedelta(days=8))
    store.transact_now(
        lambda tx: tx.imports._db.execute("UPDATE catalogue_import SET at = ?", (old.at.timestamp() // 1,))
    )
    fetch(store, ptv)
    assert log(store)[0].kind is ImportKind.FULL


def test_a_moment_that_an_operator_names_does_not_move_the_next_one(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    first = log(store)[0].at
    fetch(store, ptv, datetime.now(UTC))
    assert ptv.asked[0][1]["date"] == f"{log(store)[0].since:%Y-%m-%dT%H:%M:%S}"
    fetch(store, ptv)
    assert log(store)[0].since == first - timedelta(hours=1)


def test_each_address_and_municipality_has_a_date_of_its_own(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    with serving(PtvServer()) as other:
        fetch(store, other)
        assert log(store)[0].kind is ImportKind.FULL


def test_a_service_that_can_not_be_read_keeps_its_entry(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    ptv.services[2]["serviceNames"] = 7
    ptv.services.pop(0)
    report = fetch(store, ptv, full=True)
    assert [problem.where for problem in report.problems] == [ptv.services[1]["id"]]
    assert ptv.services[1]["id"] in kept(store)
    assert len(report.changes.removed) == 1


def test_channels_of_others_are_asked_for_by_id_and_missing_ones_are_named(store: Database, ptv: PtvServer) -> None:
    phone, ghost = ptv.channels.pop(4), ptv.channels.pop(0)

    ptv.fault = lambda path, _query: [phone] if path == "ServiceChannel/list" else None
    report = fetch(store, ptv)
    assert dict(report.skipped)[NOT_GIVEN] == 1
    (part,) = report.parts
    assert part.where == ptv.services[0]["id"]
    assert ghost["id"] in part.reason
    assert kept(store)[ptv.services[4]["id"]].channels[-1].value == "+358 00000989"


def broken(*, path: str, page: str = "1", answer: object) -> Fault:
    return lambda asked, query: answer if asked.startswith(path) and query.get("page", "1") == page else None  # type: ignore[return-value]


def endless(path: str, query: dict[str, str]) -> object:
    number = int(query.get("page", "1"))
    return {"pageNumber": number, "pageCount": number + 1, "itemList": []} if path.startswith("Service/") else None


ITEM = {"id": "x", "serviceNames": []}


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (broken(path="Service/", answer=b'{"pageNumber": 1, "itemLi'), "not well-formed JSON"),
        (broken(path="Service/", answer=b"[" * 100_000), "not well-formed JSON"),
        (broken(path="Service/", answer=b"<html>\xff"), "not well-formed JSON"),
        (broken(path="Service/", answer=b'"x"'), "neither a page nor a list"),
        (broken(path="Service/", answer={"itemList": [ITEM]}), "how many pages"),
        (broken(path="Service/", answer={"pageCount": "3", "itemList": []}), "how many pages"),
        (broken(path="Service/", answer={"pageCount": True, "itemList": []}), "how many pages"),
        (broken(path="Service/", answer={"pageCount": 10**9, "pageNumber": 1, "itemList": []}), "more than 20 pages"),
        (broken(path="Service/", answer={"pageCount": 1, "pageNumber": 1, "itemList": {"a": 1}}), "does not hold"),
        (broken(path="Service/", answer={"pageCount": 1, "pageNumber": 1, "itemList": [7]}), "does not hold"),
        (broken(path="Service/", page="2", answer={"pageCount": 3, "pageNumber": 1, "itemList": []}), "another page"),
        (broken(path="Service/", page="3", answer=500), "answered 500"),
        (broken(path="Service/", page="2", answer=302), "answered 302"),
        (broken(path="Service/", page="2", answer=404), "nothing at this address"),
        (broken(path="Service/", page="2", answer=b" " * 300_000), "too large"),
        (broken(path="Service/", answer={"pageCount": 0, "pageNumber": 1, "itemList": None}), "no readable service"),
        (broken(path="ServiceChannel/", page="2", answer=503), "answered 503"),
        (broken(path="ServiceChannel/", page="2", answer=b"[7]"), "does not hold"),
        (endless, "more than 20 pages"),
    ],
)
def test_what_can_not_be_fetched_whole_changes_nothing_and_is_logged(
    store: Database, ptv: PtvServer, fault: Fault, reason: str
) -> None:
    fetch(store, ptv)
    before, taken = kept(store), log(store)
    ptv.services[2]["serviceChargeType"] = "FreeOfCharge"
    ptv.fault = fault
    with pytest.raises(CommandError, match=reason):
        fetch(store, ptv, full=True)
    assert kept(store) == before
    failed, *earlier = log(store)
    assert reason in (failed.failure or "")
    assert earlier == taken


def test_a_failed_import_does_not_move_the_date(store: Database, ptv: PtvServer) -> None:
    fetch(store, ptv)
    first = log(store)[0].at
    ptv.fault = lambda _path, _query: 500
    with pytest.raises(CommandError):
        fetch(store, ptv)
    ptv.fault = lambda _path, _query: None
    fetch(store, ptv)
    assert log(store)[0].since == first - timedelta(hours=1)


def test_the_command_fetches_and_its_log_can_be_read(
    state: StateFolder, ptv: PtvServer, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["advice", "import", "--ptv", ptv.address, "--municipality", CODE, "--state", str(state.root)]
    assert main(command) == 0
    assert "6 entries read: 6 new" in capsys.readouterr().out
    assert main([*command, "--since", SOON, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["kept"] == 6
    assert main(["advice", "imports", "--state", str(state.root), "--json"]) == 0
    assert [one["kind"] for one in json.loads(capsys.readouterr().out)] == ["part", "full"]
    assert main(["advice", "imports", "--state", str(state.root)]) == 0
    assert "6 taken (6 new, 0 changed)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ([], "Name the files"),
        (["luettelo.yaml", "--ptv", "https://x.example"], "Name the files"),
        (["luettelo.yaml", "--full"], "belong to --ptv"),
        (["--ptv", "http://x.example/v11"], "begins with https://"),
        (["--ptv", "https://a:b@x.example/v11"], "begins with https://"),
        (["--ptv", "file:///etc/passwd"], "begins with https://"),
        (["--ptv", "--municipality", "12/3"], "municipality's code"),
        (["--ptv", "--since", "eilen"], "--since is a day"),
        (["--ptv", "--since", "2999-01-01"], "in the future"),
    ],
)
def test_what_makes_no_sense_is_refused(
    state: StateFolder, more: list[str], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (state.root.parent / "luettelo.yaml").write_text("entries: []")
    assert main(["advice", "import", *more, "--state", str(state.root)]) == 2
    assert reason in capsys.readouterr().err
