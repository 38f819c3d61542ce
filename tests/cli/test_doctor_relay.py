"""`eahtari doctor` on the relay: a real coturn, sound and with each fault."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from benchmarks.calls.peers import machine_address
from bot.calls.media.relay_probe import Passage
from bot.cli import doctor_relay
from bot.cli.doctor_calls import CallPlace
from bot.config.settings import CallEngine, Calls, Turn
from bot.config.state import StateFolder
from bot.supervision.process import Child, Process
from tests.support.doctor import UDP_PORTS, by_id, place, statuses
from tests.support.ports import free_port
from tests.support.turn_server import PROGRAM, SECRET, RunningRelay, turn_server


@pytest.fixture
async def relay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RunningRelay]:
    async with turn_server(tmp_path / "relay", machine_address()) as running:
        monkeypatch.setenv("SSL_CERT_FILE", str(running.roots))
        yield running


def behind(state: StateFolder, running: RunningRelay, secret_file: Path, external: str | None = None) -> CallPlace:
    turn = Turn("localhost", secret_file, running.relay.port, running.relay.tls_port)
    return place(state, Calls(udp_ports=UDP_PORTS, external_address=external, turn=turn))


async def test_a_sound_relay_is_seen_by_every_way_and_reaches_the_engine(
    state: StateFolder, relay: RunningRelay, secret_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor_relay, "CERTIFICATE_ENDS", timedelta(minutes=30))  # the test's own lives for an hour
    found = by_id(await doctor_relay.relay(behind(state, relay, secret_file)))
    assert {id: str(one.status) for id, one in found.items()} == dict.fromkeys(
        ("relay_udp", "relay_tcp", "relay_tls", "relay_engine", "call_firewall"), "ok"
    )
    assert f"relays from {machine_address()}" in found["relay_udp"].found
    assert f"sends to {machine_address()}" in found["relay_engine"].found
    assert "can't be seen" in found["call_firewall"].found  # it came from this machine, and met no firewall
    assert not any(SECRET in one.found + one.remedy for one in found.values())


async def test_the_tries_leave_no_allocation_behind(state: StateFolder, relay: RunningRelay, secret_file: Path) -> None:
    for _ in range(8):  # 8 times 4 allocations are more than the 24 that coturn gives to one name
        found = statuses(await doctor_relay.relay(behind(state, relay, secret_file)))
        assert {found["relay_udp"], found["relay_tcp"], found["relay_engine"]} == {"ok"}


async def test_a_certificate_that_ends_soon_is_told(state: StateFolder, relay: RunningRelay, secret_file: Path) -> None:
    found = by_id(await doctor_relay.relay(behind(state, relay, secret_file)))["relay_tls"]
    assert (found.status, "ends on" in found.found) == ("warn", True)


async def test_a_certificate_that_a_browser_would_not_take_fails_alone(
    state: StateFolder, relay: RunningRelay, secret_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    found = by_id(await doctor_relay.relay(behind(state, relay, secret_file)))
    assert found["relay_tls"].status == "fail"
    assert "no TLS that a browser would take" in found["relay_tls"].found
    assert (found["relay_udp"].status, found["relay_tcp"].status) == ("ok", "ok")


async def test_another_secret_than_the_relays_fails_by_every_way(
    state: StateFolder, relay: RunningRelay, secret_file: Path
) -> None:
    secret_file.write_text("another-secret-of-at-least-32-characters")  # noqa: ASYNC240 - a test's own loop may wait
    found = by_id(await doctor_relay.relay(behind(state, relay, secret_file)))
    for id in ("relay_udp", "relay_tcp", "relay_tls"):
        assert (found[id].status, "credentials" in found[id].found) == ("fail", True)
        assert "static-auth-secret" in found[id].remedy
    assert "relay_engine" not in found


async def test_a_relay_that_may_not_send_to_the_engine_is_found(
    state: StateFolder, relay: RunningRelay, secret_file: Path
) -> None:
    found = by_id(await doctor_relay.relay(behind(state, relay, secret_file, external="198.51.100.7")))
    assert (found["relay_engine"].status, "refuses" in found["relay_engine"].found) == ("fail", True)
    assert "allowed-peer-ip" in found["relay_engine"].remedy


async def test_an_address_of_the_engine_at_which_nothing_comes_in_is_found(
    state: StateFolder, relay: RunningRelay, secret_file: Path
) -> None:
    """The relay may send there, and the address is not this machine's (RFC 5737)."""
    elsewhere = "198.51.100.7"
    change = (f"allowed-peer-ip={machine_address()}", f"allowed-peer-ip={elsewhere}")
    async with told_otherwise(relay, change) as other:
        found = by_id(await doctor_relay.relay(behind(state, other, secret_file, external=elsewhere)))
    assert (found["relay_engine"].status, "does not come in" in found["relay_engine"].found) == ("fail", True)
    assert "udp_ports" in found["relay_engine"].remedy


async def test_a_relay_that_asks_nobody_for_credentials_fails(
    state: StateFolder, relay: RunningRelay, secret_file: Path
) -> None:
    async with told_otherwise(relay, ("use-auth-secret", "no-auth"), ("static-auth-secret=", "# ")) as other:
        found = by_id(await doctor_relay.relay(behind(state, other, secret_file)))
    assert (found["relay_udp"].status, "anybody can use it" in found["relay_udp"].found) == ("fail", True)


@asynccontextmanager
async def told_otherwise(relay: RunningRelay, *changes: tuple[str, str]) -> AsyncIterator[RunningRelay]:
    """A second relay beside the first, with another configuration."""
    known, port, tls_port = relay.relay, free_port(), free_port()
    folder = relay.output.parent
    text = (folder / "turnserver.conf").read_text()
    for old, new in ((f"={known.port}\n", f"={port}\n"), (f"={known.tls_port}\n", f"={tls_port}\n"), *changes):
        assert old in text
        text = text.replace(old, new)
    config = folder / "other.conf"
    config.write_text(text)
    command = (str(PROGRAM), "-c", str(config))
    process = Process(Child("the relay", command, lambda: connects(port), folder / "other.log", folder))
    await process.start()
    try:
        yield replace(relay, relay=replace(known, port=port, tls_port=tls_port))
    finally:
        await process.stop()


async def connects(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def test_silence_closed_ports_and_strangers_are_told_apart(
    state: StateFolder, secret_file: Path, held: Callable[[int], None]
) -> None:
    port, closed = free_port(), free_port()
    held(port)  # UDP that never answers, and beside it a server of something else
    async with await asyncio.start_server(stranger, "127.0.0.1", port):
        began = time.monotonic()
        turn = Turn("127.0.0.1", secret_file, port, port)
        found = by_id(await doctor_relay.relay(place(state, Calls(udp_ports=UDP_PORTS, turn=turn))))
        assert time.monotonic() - began < 8
    assert "not reached (no answer)" in found["relay_udp"].found
    assert f"UDP {port} open in its firewall" in found["relay_udp"].remedy
    assert "no relay" in found["relay_tcp"].found
    assert "no TLS" in found["relay_tls"].found
    turn = Turn("127.0.0.1", secret_file, closed)
    found = by_id(await doctor_relay.relay(place(state, Calls(udp_ports=UDP_PORTS, turn=turn))))
    assert "Connection refused" in found["relay_udp"].found
    assert "Connection refused" in found["relay_tcp"].found
    turn = Turn("relay.invalid", secret_file, closed)
    found = by_id(await doctor_relay.relay(place(state, Calls(udp_ports=UDP_PORTS, turn=turn))))
    assert "no address" in found["relay_udp"].found


async def stranger(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read(20)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 20000\r\n\r\n" + b"x" * 20_000)
    writer.close()


@pytest.mark.parametrize(
    ("source", "status"),
    [("193.166.3.9", "ok"), (machine_address(), "warn"), ("127.0.0.1", "warn"), ("193.166.3.2", "warn"), ("", "warn")],
)
def test_only_what_came_from_another_machine_says_something_of_a_firewall(
    state: StateFolder, source: str, status: str
) -> None:
    town = place(state, Calls(external_address="193.166.3.2"), public_url="https://asiointi.example")
    found = list(doctor_relay._firewall(town, [Passage("193.166.3.2", 20_999, is_allowed=True, source=source)]))
    assert statuses(found) == {"call_firewall": status}


async def test_a_relay_is_no_must_and_a_livekits_is_its_own(state: StateFolder, secret_file: Path) -> None:
    assert statuses(await doctor_relay.relay(place(state))) == {"relay": "ok", "call_firewall": "ok"}
    unused = Calls(engine=CallEngine.LIVEKIT, turn=Turn("127.0.0.1", secret_file))
    assert statuses(await doctor_relay.relay(place(state, unused))) == {"relay": "warn"}


async def test_a_secret_that_everybody_can_read_fails_without_being_told(state: StateFolder, secret_file: Path) -> None:
    secret_file.chmod(0o644)  # noqa: ASYNC240 - a test's own loop may wait
    found = by_id(await doctor_relay.relay(place(state, Calls(turn=Turn("127.0.0.1", secret_file)))))
    assert (found["relay_secret"].status, "chmod 600" in found["relay_secret"].found) == ("fail", True)
    assert SECRET not in found["relay_secret"].found
