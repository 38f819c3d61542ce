"""Debian's coturn as a real process, configured by the very template that an operator's is."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.calls.turn import Coturn, Relay
from bot.supervision.process import Child, Process
from tests.support.ports import free_port
from tests.support.tls import trust_for

TEMPLATE = Path(__file__).parents[2] / "synapse-config" / "turnserver.conf"
PROGRAM = Path("/usr/bin/turnserver")
SECRET = "a-secret-that-only-the-tests-share"
RELAY_PORTS = (17_900, 17_949)


@dataclass(frozen=True, slots=True)
class RunningRelay:
    """`relay` hands out its credentials; `roots` is the PEM file to trust for TLS."""

    relay: Relay
    roots: Path
    output: Path

    @property
    def log(self) -> str:
        return self.output.read_text(encoding="utf-8", errors="replace")


@asynccontextmanager
async def turn_server(folder: Path, engine_address: str) -> AsyncIterator[RunningRelay]:
    """Reached as `localhost`, relaying from the engine's own address."""
    place, config = _configured(folder, engine_address)
    command = (str(PROGRAM), "-c", str(config))
    child = Child("the relay", command, lambda: _answers(place.tls_port), folder / "turnserver.log", folder)
    process = Process(child)
    try:
        await process.start()
        relay = Relay("localhost", SECRET, place.port, place.tls_port)
        yield RunningRelay(relay, folder / "roots.pem", child.output)
    finally:
        await process.stop()


def _configured(folder: Path, engine_address: str) -> tuple[Coturn, Path]:
    folder.mkdir(parents=True, exist_ok=True)
    trust = trust_for("localhost", folder)
    roots = map(ssl.DER_cert_to_PEM_cert, trust.client.get_ca_certs(binary_form=True))
    (folder / "roots.pem").write_text("".join(roots))
    chain = str(folder / "localhost.pem")
    place = Coturn(
        realm="aanekoski.example",
        secret=SECRET,
        address=engine_address,
        external_address=engine_address,
        engine_address=engine_address,
        certificate=chain,
        private_key=chain,
        folder=str(folder),
        port=free_port(),
        tls_port=free_port(),
        relay_ports=RELAY_PORTS,
    )
    config = folder / "turnserver.conf"
    config.write_text(_for_a_test(place.file(TEMPLATE.read_text(encoding="utf-8")), engine_address))
    return place, config


def _for_a_test(text: str, engine_address: str) -> str:
    """It listens on loopback, where its name is; an engine on loopback is let through in tests alone."""
    text = text.replace(f"listening-ip={engine_address}", "listening-ip=127.0.0.1", 1)
    return text + ("allow-loopback-peers\n" if engine_address.startswith("127.") else "")


async def _answers(port: int) -> bool:
    with contextlib.suppress(OSError):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        return True
    return False
