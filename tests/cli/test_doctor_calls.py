"""`eahtari doctor` on calls: the page, a real engine, its ports and addresses."""

import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import web

from bot.call_parts import ENGINE_AFTER
from bot.calls.orders import Status, Trouble
from bot.cli import doctor_calls
from bot.cli.doctor_calls import running_config
from bot.cli.up import EXAMPLE
from bot.config.settings import Calls
from bot.config.state import StateFolder
from bot.web.signalling_proxy import SignallingProxy
from tests.support.call_engine import engine
from tests.support.doctor import UDP_PORTS, by_id, place, statuses
from tests.support.ports import free_port

Command = Callable[..., int]

ENGINE = ("call_engine", "call_signalling")
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


# The page and its address


def test_without_the_page_the_command_that_builds_it_is_named() -> None:
    assert doctor_calls.judge_page(is_built=True).status == "ok"
    missing = doctor_calls.judge_page(is_built=False)
    assert (missing.status, "make join-page" in missing.remedy) == ("fail", True)


@pytest.mark.parametrize(
    ("public_url", "status"),
    [
        (None, "ok"),
        ("https://asiointi.example", "ok"),
        ("http://localhost:8470", "ok"),
        ("http://[::1]:8470", "ok"),
        ("http://asiointi.example", "fail"),
        ("http://192.0.2.9:8470", "fail"),
    ],
)
def test_browsers_open_cameras_on_https_and_on_their_own_machine(public_url: str | None, status: str) -> None:
    assert doctor_calls.judge_web(public_url).status == status


# The engine


async def test_a_running_engine_tells_its_load(state: StateFolder, tmp_path: Path) -> None:
    port = free_port()
    async with engine(tmp_path, state=state, port=port + ENGINE_AFTER) as running:
        found = by_id(await doctor_calls.engine(place(state, port=port)))
        assert found["call_engine"].status == "ok"
        assert "0 conferences, 0 participants" in found["call_engine"].found
        assert "MB" in found["call_engine"].found
        assert found["call_signalling"].status == "fail"  # there is no web edge here
        assert "does not pass them on" in found["call_signalling"].found
        async with edge(port, running.url):
            assert statuses(await doctor_calls.engine(place(state, port=port))) == dict.fromkeys(ENGINE, "ok")
            await running.process.stop()
            assert statuses(await doctor_calls.engine(place(state, port=port))) == dict.fromkeys(ENGINE, "fail")


@asynccontextmanager
async def edge(port: int, signalling: str) -> AsyncIterator[None]:
    """What the web edge does for calls."""
    app = web.Application()
    SignallingProxy("http" + signalling.removeprefix("ws")).add_to(app)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield
    finally:
        await runner.cleanup()


async def test_an_engine_of_nothing_that_runs_is_not_asked(state: StateFolder) -> None:
    assert await doctor_calls.engine(place(state)) == []


def test_the_engines_load_is_told_as_a_share_of_a_core() -> None:
    status = Status(2, 5, 30.0, 120.4, NOW.timestamp() - 300, "1")
    told = doctor_calls.judge_engine(status, NOW).found
    assert "2 conferences, 5 participants, 30 s of processor time in 300 s (10.0% of a core), 120 MB" in told
    assert doctor_calls.judge_engine(Trouble.FAILED, NOW).status == "fail"


async def test_ports_of_other_programs_are_counted_and_the_calls_own_are_not(
    state: StateFolder, held: Callable[[int], None]
) -> None:
    first, _ = UDP_PORTS
    found = by_id(await doctor_calls.ports(place(state)))["call_ports"]
    assert "100 ports can be bound, enough for 50 people" in found.found
    for port in range(first, first + 20):
        held(port)
    found = by_id(await doctor_calls.ports(place(state)))["call_ports"]
    assert (found.status, "20 ports are taken" in found.found) == ("warn", True)
    state.write_run({"pid": os.getpid(), "port": 1})
    assert statuses(await doctor_calls.ports(place(state))) == {"call_ports": "ok"}


@pytest.mark.parametrize(
    ("last", "taken", "status"),
    [(20_999, 0, "ok"), (20_999, 100, "ok"), (20_999, 101, "warn"), (20_999, 1000, "fail"), (20_098, 0, "warn")],
)
def test_a_range_is_judged_by_how_many_people_it_carries(last: int, taken: int, status: str) -> None:
    assert doctor_calls.judge_ports(20_000, last, taken).status == status


def handed_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reserved: str) -> None:
    for name, content in (("_HANDED_OUT", "32768\t60999\n"), ("_RESERVED", f"{reserved}\n")):
        path = tmp_path / name
        path.write_text(content)
        monkeypatch.setattr(doctor_calls, name, path)


@pytest.mark.parametrize(
    ("udp_ports", "reserved", "is_told"),
    [
        ((32_700, 32_767), "", False),
        ((32_700, 32_768), "", True),
        ((60_999, 61_010), "", True),
        ((61_000, 61_010), "", False),
        ((40_000, 40_099), "8080,40000-40099", False),
        ((40_000, 40_099), "40000-40098", True),
    ],
)
async def test_ports_that_the_system_hands_out_are_told_unless_they_are_kept_free(  # noqa: PLR0917 - fixtures
    state: StateFolder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    udp_ports: tuple[int, int],
    reserved: str,
    is_told: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    handed_out(tmp_path, monkeypatch, reserved)
    found = await doctor_calls.ports(place(state, Calls(udp_ports=udp_ports)))
    assert any("hands out" in one.found for one in found) is is_told


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ("193.166.3.2", "ok"),
        ("10.1.2.3", "warn"),
        ("192.168.1.4", "warn"),
        ("100.64.3.4", "warn"),  # a provider's own network (RFC 6598)
        ("169.254.1.1", "warn"),
        ("127.0.0.1", "fail"),
        ("0.0.0.0", "fail"),  # noqa: S104 - an address to be refused
        ("224.0.0.1", "fail"),
        ("2001:db8::1", "fail"),
    ],
)
def test_an_external_address_is_of_a_kind_that_can_be_reached(told: str, status: str) -> None:
    assert doctor_calls.judge_external(ip_address(told)).status == status


def test_private_addresses_alone_are_told_to_whom_the_world_is_to_reach() -> None:
    private, public = ip_address("10.1.2.3"), ip_address("193.166.3.2")
    assert doctor_calls.judge_own([private], is_public=False).status == "ok"
    assert doctor_calls.judge_own([private], is_public=True).status == "warn"
    assert doctor_calls.judge_own([private, public], is_public=True).status == "ok"


def test_what_a_firewall_does_is_never_claimed() -> None:
    trial, town = (
        next(iter(doctor_calls.judge_firewall(20_000, 20_999, is_public=is_public))) for is_public in (False, True)
    )
    seen = next(iter(doctor_calls.judge_firewall(20_000, 20_999, is_public=True, through="193.166.3.2")))
    assert [one.status for one in (trial, town, seen)] == ["ok", "warn", "ok"]
    assert all("can't be seen" in one.found for one in (trial, town))
    assert "not seen here" in seen.found


# The command


def written(folder: Path, calls: str) -> Path:
    path = folder / "eahtari.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8") + calls, encoding="utf-8")
    return path


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    return {check["id"]: check["status"] for check in json.loads(capsys.readouterr().out)["checks"]}


def test_the_command_judges_calls_by_the_file_that_it_is_given(
    state: StateFolder, tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = '\n[calls]\nudp_ports = "18400-18419"\nexternal_address = "10.1.2.3"\n'
    calls += '[calls.turn]\naddress = "127.0.0.1"\nsecret_file = "none.secret"\n'
    assert command("doctor", "--json", "--state", state.root, "--config", written(tmp_path, calls)) == 1
    found = told(capsys)
    assert (found["configuration"], found["call_ports"]) == ("ok", "warn")
    assert (found["call_address"], found["relay_secret"]) == ("warn", "fail")


def test_without_a_file_calls_are_judged_by_the_running_services(state: StateFolder, tmp_path: Path) -> None:
    assert running_config(state) == EXAMPLE
    state.write_run({"pid": os.getpid(), "port": 1, "config": str(tmp_path / "eahtari.toml")})
    assert running_config(state) == tmp_path / "eahtari.toml"


def test_a_broken_file_hides_no_other_check(
    state: StateFolder, tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = written(tmp_path, '\n[calls]\nengine = "none"\n')
    assert command("doctor", "--json", "--state", state.root, "--config", broken) == 1
    found = told(capsys)
    assert (found["configuration"], found["disk"]) == ("fail", "ok")
    assert not any(id.startswith("call_") for id in found)
