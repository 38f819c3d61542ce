"""`eahtari up`: homeserver and service side by side on this machine, for a trial, with two ready accounts."""

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.actions.conference import trial_link
from bot.call_parts import ENGINE_AFTER, signalling_address
from bot.cli.accounts import new_password
from bot.config.problems import ConfigurationError
from bot.config.reading import read
from bot.config.settings import CallEngine, Configuration, Turn
from bot.config.state import IDENTITY, RECOVERY, StateFolder, StateFolderError
from bot.homeserver import process as synapse
from bot.homeserver.admin import Admin
from bot.homeserver.errors import AdminError
from bot.homeserver.render import HomeserverSettings, render
from bot.matrix.crypto.keyring import mark_recovery_shown
from bot.storage.database import Database
from bot.supervision.errors import ChildFailedError, StartError
from bot.supervision.health import answers_ok
from bot.supervision.lock import held
from bot.supervision.ports import listener, require_free
from bot.supervision.process import Child
from bot.supervision.supervisor import Supervisor
from bot.web.media_tokens import own_secret
from bot.web.release import NotElementError, require_release

DEFAULT_PORT = 8470
EXAMPLE = Path(__file__).parents[2] / "examples" / "ahtari.toml"
CATALOGUE = EXAMPLE.parent / "advice" / "mallila.yaml"
CITIZEN = ("kuntalainen", "Kuntalainen")
OFFICIAL = "rakennustarkastaja"


@dataclass(frozen=True, slots=True)
class Trial:
    """One running trial's settings."""

    config: Path
    configuration: Configuration
    state: StateFolder
    port: int
    element: Path | None
    clock_offset: float
    limits: bool

    @property
    def homeserver(self) -> HomeserverSettings:
        settings = self.configuration.settings
        address = settings.web.public_url or f"http://localhost:{self.port}"
        return HomeserverSettings(
            settings.homeserver.server_name,
            settings.service_account.localpart,
            address,
            self.port + 1,
            signalling_address(self.configuration, address, self.port),
        )

    @property
    def has_own_engine(self) -> bool:
        return self.configuration.settings.calls.engine is CallEngine.OWN


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("up", help="run everything on this machine, for a trial")
    parser.add_argument("--config", type=Path, default=EXAMPLE, help="the municipality's file")
    parser.add_argument("--state", type=Path, default=Path("state"), help="where everything is kept")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="the first of ten ports")
    parser.add_argument("--element", type=Path, help="folder of an unpacked Element Web release")
    parser.add_argument("--clock-offset", type=float, default=0.0, help="seconds; a demonstration's state only")
    parser.add_argument("--no-limits", action="store_true", help="answer any number of messages (for measuring)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when it was asked to stop, 2 when it could not start, 1 when a part failed for good."""
    try:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(_up(_trial(args)))
    except (ConfigurationError, StateFolderError, StartError, AdminError, NotElementError) as error:
        print(error, file=sys.stderr)
        return 2
    except ChildFailedError as error:
        print(error, file=sys.stderr)
        return 1
    print("Stopped.")
    return 0


def _trial(args: argparse.Namespace) -> Trial:
    state = StateFolder.at(args.state)
    if args.clock_offset and not state.is_demo:
        raise StateFolderError("The clock can be moved in a demonstration's state only. Leave --clock-offset out.")
    if args.element is not None:
        require_release(args.element)
    config = args.config.resolve()
    return Trial(config, read(config), state, args.port, args.element, args.clock_offset, not args.no_limits)


async def _up(trial: Trial) -> None:
    supervisor = Supervisor(_tell)
    _heed_signals(supervisor)
    trial.state.create()
    with held(trial.state):
        require_free(_ports(trial))
        config = render(trial.homeserver, trial.state)
        async with supervisor:
            await _start(supervisor, _homeserver(trial, config))
            accounts = await _accounts(trial)
            if trial.has_own_engine:
                own_secret(trial.state)
                await _start(supervisor, _engine(trial))
            await _start(supervisor, _service(trial))
            trial.state.write_run(
                {
                    "pid": os.getpid(),
                    "port": trial.port,
                    "config": str(trial.config),
                    "children": supervisor.pids(),
                }
            )
            try:
                _tell(_ready(trial, accounts, await asyncio.to_thread(_practice_link, trial)))
                _show_recovery_key(trial)
                _tell("Ready. Stop with Ctrl-C.")
                await supervisor.watch()
            finally:
                trial.state.run.unlink(missing_ok=True)


def _ports(trial: Trial) -> dict[str, int]:
    ports = {"the web edge": trial.port, "the homeserver": trial.port + 1}
    return ports | ({"the call engine": trial.port + ENGINE_AFTER} if trial.has_own_engine else {})


def _heed_signals(supervisor: Supervisor) -> None:
    """The first signal begins the orderly stop; Ctrl-C during it ends the children at once.

    Other signals do not hurry it: a closing terminal and a service manager each send more than one.
    """
    task, loop = asyncio.current_task(), asyncio.get_running_loop()

    def heed(number: signal.Signals) -> None:
        if not (task.cancelling() or supervisor.is_stopping):  # type: ignore[union-attr]  # asyncio.run always runs a task
            task.cancel()  # type: ignore[union-attr]  # the same
            if number is signal.SIGINT:
                _tell("\nStopping ... Ctrl-C again ends it at once.")
        elif number is signal.SIGINT:
            supervisor.kill()

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, heed, number)


async def _start(supervisor: Supervisor, child: Child) -> None:
    _tell(f"Starting {child.name} ...")
    _tell(f"  ready in {await supervisor.start(child):.1f} s")


def _tell(words: str) -> None:
    print(words, flush=True)


def _homeserver(trial: Trial, config: Path) -> Child:
    return Child(
        name="the homeserver",
        command=synapse.command(config),
        ready=lambda: answers_ok(f"{trial.homeserver.address}/health"),
        output=trial.state.log / "homeserver-output.log",
        environment=synapse.environment(),
    )


def _service(trial: Trial) -> Child:
    command = [sys.executable, "-m", "bot", "serve", "--config", str(trial.config), "--state", str(trial.state.root)]
    command += ["--port", str(trial.port)]
    command += ["--element", str(trial.element.resolve())] if trial.element else []
    command += ["--clock-offset", str(trial.clock_offset)] if trial.clock_offset else []
    command += [] if trial.limits else ["--no-limits"]
    return Child(
        name="the service",
        command=tuple(command),
        ready=lambda: answers_ok(f"http://127.0.0.1:{trial.port}/healthz"),
        output=trial.state.log / "service.log",
    )


def _engine(trial: Trial) -> Child:
    """A sibling of the service: calls go on while the service starts anew."""
    calls, port = trial.configuration.settings.calls, trial.port + ENGINE_AFTER
    first, last = calls.udp_ports
    command = [sys.executable, "-m", "bot.calls", "--state", str(trial.state.root), "--port", str(port)]
    listening = listener(port)
    command += ["--udp-ports", f"{first}-{last}", "--listen-fd", str(listening.fileno())]
    command += ["--external-address", calls.external_address] if calls.external_address else []
    command += _relay(calls.turn) if calls.turn is not None else []
    return Child(
        name="the call engine",
        command=tuple(command),
        ready=lambda: answers_ok(f"http://127.0.0.1:{port}/healthz"),
        output=trial.state.log / "calls.log",
        listening=listening,
    )


def _relay(turn: Turn) -> list[str]:
    options = ["--turn-host", turn.address, "--turn-port", str(turn.port), "--turn-secret-file", str(turn.secret_file)]
    return options + (["--turn-tls-port", str(turn.tls_port)] if turn.tls_port is not None else [])


async def _accounts(trial: Trial) -> dict[str, str]:
    """The trial's citizen and official with their passwords, the same at every start."""
    official = trial.configuration.directory.officials
    names = dict([CITIZEN])
    names |= {o.account: o.title.fi for o in official.values() if o.account == OFFICIAL}
    kept = trial.state.secret_made_once("trial-accounts.json", lambda: {name: new_password() for name in names})
    made = trial.state.secret("trial-accounts.made")
    if not made.exists():
        async with Admin(trial.homeserver.address, trial.homeserver.server_name, trial.state) as admin:
            for name, shown in names.items():
                await admin.ensure_user(name, kept[name], shown)
        made.touch(mode=0o600)
    return {name: str(password) for name, password in kept.items()}


def _practice_link(trial: Trial) -> str:
    """A new way into the practice meeting; the one of an earlier start ends."""
    with Database(trial.state.database) as store:
        return store.transact_now(lambda tx: trial_link(tx, datetime.now(UTC)))


def _ready(trial: Trial, accounts: dict[str, str], link: str) -> str:
    town = trial.configuration.directory.municipality
    address = trial.homeserver.public_address
    service = trial.configuration.settings.service_user
    lines = [
        "",
        f"{town.name.fi}: a trial on this machine. It can't become the town's server later: a real one begins with",
        "its own domain name (docs/operators.md).",
        "",
        f"  Address for the browser and for any Matrix client: {address}",
        "  Ready accounts:",
        *(f"    @{name}:{town.server_name}   password {password}" for name, password in accounts.items()),
        "",
        "What to do first:",
        f"  1. Open a Matrix client, give {address} as the homeserver, log in as {CITIZEN[0]}.",
        f"  2. Start a chat with {service} and write: !varaa",
        "  3. Try a meeting by video: open this link in two windows of any browser, on this machine:",
        f"     {link}",
        "  4. For answers to questions in people's own words, take in a catalogue from another terminal, for example:",
        f"     {Path(sys.executable).with_name('eahtari')} advice import {CATALOGUE} --state {trial.state.root}",
        "",
    ]
    if trial.element is None:
        lines += [
            "Element Web is not served. Unpack a release of it (github.com/element-hq/element-web/releases) and start:",
            "  make up ELEMENT=folder",
            "",
        ]
    return "\n".join(lines[:-1])


def _show_recovery_key(trial: Trial) -> None:
    """Once in the life of a state folder: whoever holds it can restore the service's encrypted identity."""
    kept = trial.state.read_secret(RECOVERY)
    if kept is None:
        return
    _tell("\nThe service's recovery key. Write it down and keep it safe; it is shown only now:")
    _tell(f"  {kept['recovery_key']}\n")
    mark_recovery_shown(trial.state.secret(IDENTITY), trial.configuration.settings.service_user)
    trial.state.secret(RECOVERY).unlink()
