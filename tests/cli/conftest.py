"""The operator's commands on state folders of their own, and once on a running service with its homeserver."""

import argparse
import os
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.call_parts import ENGINE_AFTER
from bot.cli import config, doctor, turn_config, user
from bot.cli.up import EXAMPLE
from bot.config.reading import read
from bot.config.state import StateFolder
from bot.domain.booking import Appointment, new_appointment
from bot.domain.ids import OfficialId, ServiceId, UserId
from bot.storage.database import Database
from bot.storage.transaction import SqlTransaction
from bot.supervision.health import answers_ok
from bot.supervision.process import Child, Process
from tests.support.call_engine import engine
from tests.support.homeserver import TrialHomeserver
from tests.support.turn_server import SECRET

PORT = 20170

Command = Callable[..., int]


@pytest.fixture(scope="session")
def command() -> Command:
    """Runs a command line as `eahtari` would and gives its exit code."""
    top = argparse.ArgumentParser()
    subparsers = top.add_subparsers(required=True)
    for module in (config, doctor, turn_config, user):
        module.add_parser(subparsers)

    def run(*arguments: object) -> int:
        args = top.parse_args([str(argument) for argument in arguments])
        return int(args.run(args))

    return run


@pytest.fixture
def state(tmp_path: Path) -> StateFolder:
    """A folder whose service has read the example town and is not running."""
    folder = StateFolder.at(tmp_path / "state")
    folder.create()
    seed(folder)
    return folder


def seed(folder: StateFolder) -> None:
    known = read(EXAMPLE).entries
    with Database(folder.database) as store:
        store.transact_now(lambda tx: tx.entries.replace(known, known))


@pytest.fixture
def secret_file(tmp_path: Path) -> Path:
    path = tmp_path / "turn.secret"
    path.write_text(SECRET)
    path.chmod(0o600)
    return path


@pytest.fixture
def held() -> Iterator[Callable[[int], None]]:
    """Binds a UDP port on every address until the test is over."""
    with ExitStack() as stack:

        def hold(port: int) -> None:
            datagrams = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            datagrams.bind(("0.0.0.0", port))  # noqa: S104 - as another program would

        yield hold


@pytest.fixture(scope="session")
def book() -> Callable[[StateFolder, str, str], Appointment]:
    """Books a service with an official, tomorrow."""

    def appointment(folder: StateFolder, service: str, official: str) -> Appointment:
        now = datetime.now(UTC)
        start = (now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)

        def add(tx: SqlTransaction) -> Appointment:
            wanted = tx.directory.services[ServiceId(service)]
            new = new_appointment(wanted, OfficialId(official), UserId("@kuntalainen:localhost"), start)
            return tx.appointments.add(new, now)

        with Database(folder.database) as store:
            return store.transact_now(add)

    return appointment


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TrialHomeserver]:
    """A homeserver, the call engine and the service's own process beside it, laid out as `eahtari up` does."""
    folder = tmp_path_factory.mktemp("running") / "state"
    async with TrialHomeserver(folder, port=PORT + 1) as homeserver:
        seed(homeserver.state)
        async with engine(folder.parent, state=homeserver.state, port=PORT + ENGINE_AFTER):
            service = Process(_service(homeserver.state))
            await service.start()
            run = {"pid": os.getpid(), "port": PORT, "children": {}, "config": str(EXAMPLE)}
            homeserver.state.write_run(run)
            try:
                yield homeserver
            finally:
                await service.stop()


def _service(state: StateFolder) -> Child:
    command = (sys.executable, "-m", "bot", "serve", "--config", EXAMPLE, "--state", state.root, "--port", PORT)
    return Child(
        name="the service",
        command=tuple(str(part) for part in command),
        ready=lambda: answers_ok(f"http://127.0.0.1:{PORT}/healthz"),
        output=state.log / "service.log",
    )
