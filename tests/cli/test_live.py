"""`eahtari user` and `doctor` on a running service with a real homeserver."""

import asyncio
import csv
import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp
import pytest

from bot.cli.accounts import retire
from bot.config.state import StateFolder
from bot.domain.booking import Appointment
from bot.homeserver.errors import WrongPasswordError
from bot.storage.database import Database
from tests.support.homeserver import TrialHomeserver

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

Command = Callable[..., int]


@pytest.fixture
def on(running: TrialHomeserver, command: Command) -> Callable[..., asyncio.Future[int]]:
    """Runs a command beside the tests' own loop."""

    def run(*arguments: object) -> asyncio.Future[int]:
        return asyncio.ensure_future(asyncio.to_thread(command, *arguments, "--state", running.state.root))

    return run


On = Callable[..., "asyncio.Future[int]"]


async def checks(on: On, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, str]]:
    code = await on("doctor", "--json")
    told = json.loads(capsys.readouterr().out)
    return code, {check["id"]: check["status"] for check in told["checks"]}


async def test_a_sound_service_has_nothing_to_complain_of(on: On, capsys: pytest.CaptureFixture[str]) -> None:
    assert await on("user", "list") == 0
    capsys.readouterr()
    code, found = await checks(on, capsys)
    assert code == 0
    assert set(found.values()) == {"ok"}, found
    expected = "ports homeserver clock service admin_closed rate_limit device identity one_time_keys room_version"
    assert {*expected.split(), "fallback_key", "federation", "migrations"} <= found.keys()


async def test_a_limit_put_back_is_found(running: TrialHomeserver, on: On, capsys: pytest.CaptureFixture[str]) -> None:
    path = f"{running.url}/_synapse/admin/v1/users/@palvelu:localhost/override_ratelimit"
    token = (running.state.read_secret("admin.json") or {})["access_token"]
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http:
        (await http.delete(path)).raise_for_status()
    code, found = await checks(on, capsys)
    await running.admin.lift_rate_limit("palvelu")
    assert (code, found["rate_limit"]) == (1, "fail")
    assert (await checks(on, capsys))[0] == 0


async def test_a_revoked_session_and_a_lost_key_file_are_found(
    running: TrialHomeserver, on: On, capsys: pytest.CaptureFixture[str]
) -> None:
    known = running.state.read_secret("service.json") or {}
    running.state.write_secret("service.json", {**known, "access_token": "none"})
    assert (await checks(on, capsys))[1]["device"] == "fail"
    running.state.write_secret("service.json", known)
    keys, hidden = running.state.secret("identity.json"), running.state.secret("hidden")
    keys.rename(hidden)
    found = (await checks(on, capsys))[1]
    hidden.rename(keys)
    assert (found["identity"], found["one_time_keys"]) == ("fail", "ok")


async def test_an_added_account_opens_with_the_printed_password(
    running: TrialHomeserver, on: On, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await on("user", "add", "asiakas", "--name", "Asiakas") == 0
    account, _, password = capsys.readouterr().out.splitlines()[0].partition("  password ")
    assert account == "@asiakas:localhost"
    assert (await running.admin.login("asiakas", password)).user_id == account
    assert await on("user", "add", "asiakas") == 2
    assert "exist already: asiakas" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("Ä",), "not an account name"),
        (("palvelu",), "exist already"),
        (("uusi", "--official", "nobody"), "No official"),
        (("lupasihteeri", "--official", "rakennustarkastaja"), "also the account of"),
    ],
)
async def test_what_can_not_be_added_is_refused_in_words(
    running: TrialHomeserver,
    on: On,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    words: str,
) -> None:
    before = [account async for account in running.admin.users()]
    assert await on("user", "add", *arguments) == 2
    assert words in capsys.readouterr().err
    assert [account async for account in running.admin.users()] == before


async def test_a_list_of_accounts_is_made_whole_or_not_at_all(
    running: TrialHomeserver, on: On, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, out = tmp_path / "people.csv", tmp_path / "passwords.csv"
    table.write_text("localpart,name,official\neka,Eka,\ntoinen.tarkastaja,,lupasihteeri\npalvelu,,\n")
    assert await on("user", "import", table, "--out", out) == 2
    assert "palvelu" in capsys.readouterr().err
    assert not await running.admin.user_exists("eka")
    assert not out.exists()
    table.write_text("localpart,name,official\neka,Eka,\ntoinen.tarkastaja,,lupasihteeri\n")
    assert await on("user", "import", table, "--out", out) == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    made = {row["localpart"]: row["password"] for row in csv.DictReader(out.open())}
    for localpart, password in made.items():
        assert await running.admin.login(localpart, password)
        assert password not in capsys.readouterr().out
    assert _official(running.state, "lupasihteeri") == ("toinen.tarkastaja", True)
    assert await on("user", "import", table, "--out", out) == 2


async def test_a_deactivated_official_is_signed_out_and_their_appointments_are_listed(
    running: TrialHomeserver,
    on: On,
    book: Callable[[StateFolder, str, str], Appointment],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert await on("user", "add", "rakennustarkastaja") == 0
    password = capsys.readouterr().out.splitlines()[0].partition("  password ")[2]
    number = book(running.state, "rakennuslupa", "rakennustarkastaja").number
    assert await on("user", "deactivate", "rakennustarkastaja") == 0
    assert number in capsys.readouterr().out
    assert _official(running.state, "rakennustarkastaja") == ("rakennustarkastaja", False)
    with pytest.raises(WrongPasswordError):
        await running.admin.login("rakennustarkastaja", password)
    assert await on("user", "deactivate", "rakennustarkastaja") == 0  # a second time does no harm
    assert await on("user", "list") == 0
    listed = capsys.readouterr().out.splitlines()
    row = next(line.split() for line in listed if line.startswith("rakennustarkastaja "))
    assert row == ["rakennustarkastaja", "official", "rakennustarkastaja", "(inactive)", "deactivated"]


async def test_a_closed_account_comes_back_with_a_new_password_and_is_invited_again(
    running: TrialHomeserver, on: On, capsys: pytest.CaptureFixture[str]
) -> None:
    """The account's official too, and into the staff room that they left when the account was closed."""
    await running.settled()
    assert await on("user", "add", "kaavoittaja", "--official", "kaavoittaja") == 0
    old = capsys.readouterr().out.splitlines()[0].partition("  password ")[2]
    session = await running.admin.login("kaavoittaja", old)
    staff = await invited_into(running, session.access_token, "Henkilöstö: ")
    await called(running, session.access_token, "POST", f"/join/{quote(staff)}", {})
    assert await on("user", "deactivate", "kaavoittaja") == 0
    capsys.readouterr()

    assert await on("user", "reactivate", "kaavoittaja") == 0
    first, *rest = capsys.readouterr().out.splitlines()
    account, _, password = first.partition("  password ")
    assert account == "@kaavoittaja:localhost"
    assert password != old
    assert rest == ['The official "kaavoittaja" is active and gets new appointments.', "Invited again into 1 room."]
    assert _official(running.state, "kaavoittaja") == ("kaavoittaja", True)
    known = await running.admin.account("kaavoittaja")
    assert known is not None
    assert (known.deactivated, known.display_name) == (False, "Kaavoittaja")
    session = await running.admin.login("kaavoittaja", password)
    assert await invited_into(running, session.access_token, "Henkilöstö: ") == staff
    assert await on("user", "reactivate", "kaavoittaja") == 2
    assert "is not closed" in capsys.readouterr().err


async def test_a_citizens_account_comes_back_too(
    running: TrialHomeserver, on: On, capsys: pytest.CaptureFixture[str]
) -> None:
    await running.settled()
    assert await on("user", "add", "poistuja", "--name", "Poistuja") == 0
    assert await on("user", "deactivate", "poistuja") == 0
    capsys.readouterr()
    assert await on("user", "reactivate", "poistuja", "--name", "Palaaja") == 0
    password = capsys.readouterr().out.splitlines()[0].partition("  password ")[2]
    assert await running.admin.login("poistuja", password)
    known = await running.admin.account("poistuja")
    assert known is not None
    assert known.display_name == "Palaaja"


async def test_an_official_whose_account_alone_came_back_is_made_active(
    running: TrialHomeserver, on: On, capsys: pytest.CaptureFixture[str]
) -> None:
    """A command that was cut off half way, or an account reopened by other means, is completed."""
    assert await on("user", "add", "kirjaaja", "--official", "kirjaaja") == 0
    with Database(running.state.database) as store:
        store.transact_now(lambda tx: retire(tx, "kirjaaja"))
    capsys.readouterr()
    assert await on("user", "reactivate", "kirjaaja") == 0
    assert "password" not in capsys.readouterr().out
    assert _official(running.state, "kirjaaja") == ("kirjaaja", True)


@pytest.mark.parametrize(("localpart", "words"), [("nobody", "no account"), ("palvelu", "not closed"), ("Ä", "not an")])
async def test_what_is_not_closed_is_not_opened(
    on: On, capsys: pytest.CaptureFixture[str], localpart: str, words: str
) -> None:
    assert await on("user", "reactivate", localpart) == 2
    assert words in capsys.readouterr().err


async def called(
    running: TrialHomeserver, token: str, method: str, path: str, body: dict[str, Any] | None = None
) -> dict[str, Any]:
    async with (
        aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http,
        http.request(method, f"{running.url}/_matrix/client/v3{path}", json=body) as answer,
    ):
        answer.raise_for_status()
        content: dict[str, Any] = await answer.json()
        return content


async def invited_into(running: TrialHomeserver, token: str, name: str) -> str:
    """The room with such a name to which an invitation comes."""
    since = ""
    async with asyncio.timeout(20):
        while True:
            news = await called(running, token, "GET", f"/sync?timeout=1000{since}")
            since = f"&since={news['next_batch']}"
            for room, part in news.get("rooms", {}).get("invite", {}).items():
                events = part["invite_state"]["events"]
                if any(str(event["content"].get("name", "")).startswith(name) for event in events):
                    return str(room)


@pytest.mark.parametrize("localpart", ["palvelu", "nobody"])
async def test_the_services_own_account_and_an_unknown_one_are_not_deactivated(
    running: TrialHomeserver, on: On, localpart: str
) -> None:
    assert await on("user", "deactivate", localpart) == 2
    account = await running.admin.account("palvelu")
    assert account is not None
    assert not account.deactivated


async def test_a_dead_homeserver_is_told_by_both(
    running: TrialHomeserver, on: On, capsys: pytest.CaptureFixture[str]
) -> None:
    await running.kill()
    assert await on("user", "list") == 2
    assert "does not answer" in capsys.readouterr().err
    code, found = await checks(on, capsys)
    await running.restart()
    assert code == 1
    assert (found["ports"], found["homeserver"], found["device"]) == ("fail", "fail", "fail")
    assert found["admin_closed"] == "ok"


async def test_without_a_running_service_the_way_to_start_it_is_told(
    state: StateFolder, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await asyncio.to_thread(command, "user", "list", "--state", state.root) == 2
    assert "eahtari up" in capsys.readouterr().err


def _official(state: StateFolder, id: str) -> tuple[str, bool]:
    with Database(state.database) as store:
        directory = store.transact_now(lambda tx: tx.directory)
    found = next(official for official in directory.officials.values() if official.id == id)
    return found.account, found.active
