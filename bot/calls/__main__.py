"""`python -m bot.calls`: the engine's process, which `eahtari up` starts beside the service.

The key and secret of the media tokens stand in the state folder. It ends in order on SIGTERM: clients are asked to
come anew, and find its successor.
"""

import argparse
import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from livekit.protocol.rtc import ICEServer

from bot.calls.control import Control
from bot.calls.engine import VERSION, Engine, steady_clock
from bot.calls.journal import Journal, JournalError
from bot.calls.media.gathering import Network
from bot.calls.media.sockets import resting_loop
from bot.calls.media.transport import new_certificate
from bot.calls.signalling.hall import Surroundings
from bot.calls.signalling.server import application, serve
from bot.calls.signalling.tokens import Tokens
from bot.calls.turn import Relay
from bot.config.problems import ConfigurationError
from bot.config.secret_files import read_secret_file
from bot.config.state import StateFolder, StateFolderError

log = logging.getLogger("bot.calls")

HOST = "127.0.0.1"
SECRET = "calls.json"  # noqa: S105 - the name of a file
JOURNAL, SOCKET = "journal.db", "engine.sock"
GOODBYE_S = 1.5
COLLECTED_EVERY = (50_000, 20, 100)
"""New objects, young and middle collections. What packets leave behind has no cycles, and lives long where a client may
ask for it again: to look through it every few seconds would hold up everybody's call."""


@dataclass(frozen=True, slots=True)
class Options:
    """How one engine is run."""

    state: StateFolder
    port: int
    network: Network
    relay: Relay | None = None
    listen_fd: int | None = None
    """A socket that the supervisor holds for us; it listens already, and goes on while we start anew."""


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when it was asked to stop, 2 when it could not start."""
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s", level=logging.CRITICAL)
    logging.getLogger("bot").setLevel(logging.INFO)
    gc.freeze()
    gc.set_threshold(*COLLECTED_EVERY)
    try:
        with asyncio.Runner(loop_factory=resting_loop) as runner:
            runner.run(_until_told(_options(arguments)))
    except (StateFolderError, ConfigurationError, JournalError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - what keeps a process from starting is told to who started it
        return 2
    return 0


def _options(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m bot.calls", description=__doc__)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True, help="signalling, on loopback")
    parser.add_argument("--udp-ports", type=_ports, default=(0, 0), help="FIRST-LAST of media; none: any")
    parser.add_argument("--address", action="append", default=[], help="an address to bind for media; none: all")
    parser.add_argument("--external-address", help="the address that the world sees instead")
    parser.add_argument("--listen-fd", type=int, help="a listening socket that was handed over, instead of --port's")
    parser.add_argument("--turn-host", help="a relay that clients are told of")
    parser.add_argument("--turn-port", type=int, default=3478)
    parser.add_argument("--turn-tls-port", type=int)
    parser.add_argument("--turn-secret-file", type=Path, help="with the secret that the relay knows")
    args = parser.parse_args(arguments)
    network = Network(tuple(args.address), args.udp_ports, external_address=args.external_address)
    return Options(StateFolder.at(args.state), args.port, network, _relay(args), args.listen_fd)


def _relay(args: argparse.Namespace) -> Relay | None:
    if args.turn_host is None or args.turn_secret_file is None:
        return None
    return Relay(args.turn_host, read_secret_file(args.turn_secret_file), args.turn_port, args.turn_tls_port)


def _ice_servers(relay: Relay | None) -> Callable[[str], list[ICEServer]]:
    """What a client is told: credentials of two hours, under a name that names nobody."""

    def told(identity: str) -> list[ICEServer]:
        if relay is None:
            return []
        server = relay.server_for(identity, time.time())
        return [ICEServer(urls=server.urls, username=server.username, credential=server.credential)]

    return told


def _ports(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    return int(first), int(last or first)


async def _until_told(options: Options) -> None:
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    await run(options, stopped)


async def run(options: Options, stopped: asyncio.Event) -> None:
    """Serves until it is told to stop. Raises `StateFolderError`, `JournalError` and OSError at the start."""
    known = options.state.read_secret(SECRET)
    if known is None:
        raise StateFolderError(f"There is no {SECRET} in the state folder: start with eahtari up.")
    tokens = Tokens(str(known["key"]), str(known["secret"]))
    clock = steady_clock()
    around = Surroundings(options.network, new_certificate(), clock, tokens, _ice_servers(options.relay))
    folder = options.state.root / "calls"
    folder.mkdir(mode=0o700, exist_ok=True)
    async with Journal(folder / JOURNAL, now=clock()) as journal:
        await journal.start(clock(), version=VERSION)
        engine = Engine(around, journal)
        async with Control(folder / SOCKET, engine):
            runner = await serve(application(engine, tokens), _listening(options))
            log.info("ready")
            await _serve_until(engine, stopped)
            await runner.cleanup()


def _listening(options: Options) -> socket.socket:
    if options.listen_fd is not None:
        return socket.socket(fileno=options.listen_fd)
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, options.port))
    return listening


async def _serve_until(engine: Engine, stopped: asyncio.Event) -> None:
    ticking = asyncio.create_task(engine.run())
    waiting = asyncio.create_task(stopped.wait())
    await asyncio.wait({ticking, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if ticking.done():
        ticking.result()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(engine.stop(), GOODBYE_S)
    ticking.cancel()


if __name__ == "__main__":
    sys.exit(main())
