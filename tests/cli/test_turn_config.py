"""`eahtari turn-config`: what it prints is all that a real coturn needs, and it prints nothing where it can't be."""

import asyncio
import os
import stat
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from benchmarks.calls.peers import machine_address
from bot.calls.media.gathering import Network
from bot.calls.media.relay_probe import Tried, passages, tried
from bot.calls.media.relay_talk import Fault, Way
from bot.calls.turn import Coturn, Relay
from bot.cli import turn_config
from bot.cli.turn_config import hints
from bot.cli.up import EXAMPLE
from bot.config.settings import Turn
from bot.supervision.process import Child, Process
from tests.support.ports import free_port
from tests.support.tls import trust_for
from tests.support.turn_server import PROGRAM

Command = Callable[..., int]

UDP_PORTS = (18_300, 18_399)
RELAY_PORTS = "17950-17989"
HERE = machine_address()


def written(folder: Path, turn: str, calls: str = "") -> Path:
    path = folder / "eahtari.toml"
    table = f'\n[calls]\nudp_ports = "{UDP_PORTS[0]}-{UDP_PORTS[1]}"\n{calls}\n[calls.turn]\n{turn}\n'
    path.write_text(EXAMPLE.read_text(encoding="utf-8") + table, encoding="utf-8")
    return path


def turn_table(port: int, tls_port: int | None = None, address: str = "localhost") -> str:
    table = f'address = "{address}"\nport = {port}\nsecret_file = "turn.secret"\n'
    return table if tls_port is None else f"{table}tls_port = {tls_port}\n"


def printed(config: Path, *arguments: str) -> str:
    """The command in a process of its own, its output in a file as an operator's is."""
    command = [sys.executable, "-m", "bot", "turn-config", "--config", str(config)]
    command += ["--address", "127.0.0.1", "--external-address", "127.0.0.1", "--engine-address", HERE]
    command += ["--relay-ports", RELAY_PORTS, "--folder", str(config.parent), *arguments]
    target = config.with_name("turnserver.conf")
    with target.open("wb") as file:
        subprocess.run(command, stdout=file, stderr=subprocess.PIPE, check=True, cwd=EXAMPLE.parents[1])  # noqa: S603 - our own command
    return target.read_text(encoding="utf-8")


@asynccontextmanager
async def coturn(config: Path, port: int) -> AsyncIterator[None]:
    command = (str(PROGRAM), "-c", str(config.with_name("turnserver.conf")))
    process = Process(
        Child("the relay", command, lambda: connects(port), config.with_name("coturn.log"), config.parent)
    )
    await process.start()
    try:
        yield
    finally:
        await process.stop()


async def connects(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def through(relay: Relay) -> list[Tried]:
    server = relay.server_for("somebody", time.time())
    ways = [(Way.UDP, relay.port), (Way.TCP, relay.port), (Way.TLS, relay.tls_port or relay.port)]
    return [await tried(way, "localhost", port, server) for way, port in ways]


async def test_coturn_started_with_it_relays_to_the_engine_for_whom_the_service_gave_credentials(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, tls_port = free_port(), free_port()
    config = written(tmp_path, turn_table(port, tls_port))
    trust = trust_for("localhost", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trust.root))
    printed(config, "--certificate", str(trust.chain), "--private-key", str(trust.chain))
    secret = (tmp_path / "turn.secret").read_text().strip()
    relay = Relay("localhost", secret, port, tls_port)
    async with coturn(config, port):
        assert [one.fault for one in await through(relay)] == [None, None, None]
        forged = Relay("localhost", "another-secret-of-at-least-32-characters", port, tls_port)
        assert {one.fault for one in await through(forged)} == {Fault.CREDENTIALS}
        server = relay.server_for("somebody", time.time())
        (found,) = await passages(Way.UDP, ("localhost", port), server, Network(ports=UDP_PORTS, external_address=HERE))
        assert (found.address, found.is_allowed, found.source) == (HERE, True, "127.0.0.1")
        elsewhere = Network(ports=UDP_PORTS, external_address="10.0.0.1")
        (refused,) = await passages(Way.UDP, ("localhost", port), server, elsewhere)
        assert not refused.is_allowed


async def test_without_a_port_for_tls_coturn_needs_no_certificate(tmp_path: Path) -> None:
    port = free_port()
    config = written(tmp_path, turn_table(port))
    told = printed(config).splitlines()
    assert {"no-tls", "no-dtls"} <= set(told)
    assert not [line for line in told if line.startswith(("cert=", "pkey=", "tls-listening-port="))]
    secret = (tmp_path / "turn.secret").read_text().strip()
    async with coturn(config, port):
        faults = [one.fault for one in await through(Relay("localhost", secret, port))]
    assert faults == [None, None, Fault.UNREACHABLE]


def test_everything_comes_from_the_file_and_the_secret(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = 'external_address = "193.166.3.2"'
    config = written(tmp_path, turn_table(3478, 443, "193.166.3.9"), calls)
    assert command("turn-config", "--config", config, "--address", "10.0.0.4") == 0
    told, hint = capsys.readouterr()
    lines = told.splitlines()
    assert {
        "listening-ip=10.0.0.4",
        "relay-ip=10.0.0.4",
        "external-ip=193.166.3.9",
        "listening-port=3478",
        "tls-listening-port=443",
        "min-port=49152",
        "max-port=49999",
        "use-auth-secret",
        "static-auth-secret=" + (tmp_path / "turn.secret").read_text().strip(),
        "realm=localhost",
        "denied-peer-ip=0.0.0.0-255.255.255.255",
        "denied-peer-ip=::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        "allowed-peer-ip=193.166.3.2",
        "cert=/etc/letsencrypt/live/193.166.3.9/fullchain.pem",
        "pkey=/etc/letsencrypt/live/193.166.3.9/privkey.pem",
    } <= set(lines)
    assert "$" not in told
    assert "CAP_NET_BIND_SERVICE" in hint


def test_the_secret_is_made_once_for_its_owner_and_told_to_coturn_alone(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    config = written(tmp_path, turn_table(3478, address="193.166.3.9"))
    assert command("turn-config", "--config", config, "--address", "10.0.0.4", "--engine-address", "10.0.0.5") == 0
    secret = tmp_path / "turn.secret"
    first, hint = capsys.readouterr()
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    assert len(secret.read_text().strip()) >= 43
    assert secret.read_text().strip() not in hint
    assert command("turn-config", "--config", config, "--address", "10.0.0.4", "--engine-address", "10.0.0.5") == 0
    assert capsys.readouterr().out == first


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_secret_that_root_makes_belongs_to_whom_its_folder_belongs_to(tmp_path: Path, command: Command) -> None:
    os.chown(tmp_path, 65_534, 65_534)
    config = written(tmp_path, turn_table(3478, address="193.166.3.9"))
    assert command("turn-config", "--config", config, "--address", "10.0.0.4", "--engine-address", "10.0.0.5") == 0
    made = (tmp_path / "turn.secret").stat()
    assert (made.st_uid, made.st_gid, stat.S_IMODE(made.st_mode)) == (65_534, 65_534, 0o600)


SOUND = ("--address", "10.0.0.4", "--engine-address", "10.0.0.5")


@pytest.mark.parametrize(
    ("turn", "arguments", "words"),
    [
        (turn_table(3478, address="relay.invalid"), SOUND, "--external-address"),
        (turn_table(3478), SOUND, "leads to 127.0.0.1"),
        (turn_table(3478, address="193.166.3.9"), ("--address", "::1", "--engine-address", "10.0.0.5"), "--address"),
        (turn_table(3478, address="193.166.3.9"), (*SOUND, "--engine-address", "engine"), "--engine-address"),
        (turn_table(3478, address="193.166.3.9"), (*SOUND, "--folder", "/var/lib/a b"), "folder"),
        (turn_table(3478, address="193.166.3.9"), (*SOUND, "--address", HERE, "--relay-ports", "18000-18300"), "meet"),
        ('address = "193.166.3.9"\nsecret_file = "none/turn.secret"', SOUND, "can't be made"),
    ],
)
def test_what_can_not_be_is_said_and_nothing_is_printed(  # noqa: PLR0917 - a table of the test
    tmp_path: Path,
    command: Command,
    capsys: pytest.CaptureFixture[str],
    turn: str,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    assert command("turn-config", "--config", written(tmp_path, turn), *arguments) == 2
    out, error = capsys.readouterr()
    assert out == ""
    assert words in error


def test_a_secret_that_everybody_can_read_is_refused(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "turn.secret").write_text("s" * 43)
    (tmp_path / "turn.secret").chmod(0o644)
    assert command("turn-config", "--config", written(tmp_path, turn_table(3478, address="193.166.3.9")), *SOUND) == 2
    out, error = capsys.readouterr()
    assert (out, "chmod 600" in error, "s" * 43 in error) == ("", True, False)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("", "names no relay"),
        (
            '\n[calls]\nengine = "livekit"\naddress = "wss://a.example"\nkey = "abc"\nsecret_file = "livekit.secret"\n',
            "its own relay",
        ),
    ],
)
def test_without_a_relay_of_ours_there_is_nothing_to_print(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str], table: str, words: str
) -> None:
    config = tmp_path / "eahtari.toml"
    config.write_text(EXAMPLE.read_text(encoding="utf-8") + table, encoding="utf-8")
    assert command("turn-config", "--config", config) == 2
    out, error = capsys.readouterr()
    assert (out, words in error) == ("", True)


def test_a_machine_with_several_addresses_is_asked_for_one(
    tmp_path: Path, command: Command, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = written(tmp_path, turn_table(3478, address="193.166.3.9"))
    monkeypatch.setattr(turn_config, "local_addresses", lambda _: ["10.0.0.4", "10.1.0.4"])
    assert command("turn-config", "--config", config) == 2
    assert "10.0.0.4, 10.1.0.4" in capsys.readouterr().err


@pytest.mark.parametrize("ports", ["", "49152", "49999-49152", "80-90", "1024-65536", "²-³", "-1-5"])
def test_a_range_that_is_none_is_refused(command: Command, ports: str) -> None:
    with pytest.raises(SystemExit) as refusal:
        command("turn-config", f"--relay-ports={ports}")
    assert refusal.value.code == 2


def test_a_private_address_and_what_is_to_be_opened_are_hinted_at() -> None:
    place = Coturn("a.example", "s" * 43, "10.0.0.4", "10.0.0.4", "10.0.0.5", "/c.pem", "/k.pem", "/var/lib/turn")
    told = " ".join(hints(place, Turn("turn.example", Path("turn.secret"), tls_port=5349)))
    assert all(words in told for words in ("UDP and TCP 3478", "49152-49999", "TCP 5349", "10.0.0.4 is private"))
    assert "CAP_NET_BIND_SERVICE" not in told
    assert "s" * 43 not in told
