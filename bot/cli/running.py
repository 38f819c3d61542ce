"""What the operator's commands share: a sentence instead of a traceback, the kept state, the running homeserver."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from bot.config.state import StateFolder
from bot.storage.database import Database

HOST = "127.0.0.1"


class CommandError(Exception):
    """The command can't do what it was asked to; `str()` is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Running:
    """A running service's ports, as `eahtari up` lays them out."""

    port: int

    @property
    def homeserver_port(self) -> int:
        return self.port + 1

    @property
    def edge(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def homeserver(self) -> str:
        return f"http://{HOST}:{self.homeserver_port}"


def find_running(state: StateFolder) -> Running | None:
    """What runs on the state folder; a `run.json` that a killed process left behind counts as nothing."""
    run = state.read_run()
    if run is None or not isinstance(run.get("port"), int) or not isinstance(run.get("pid"), int):
        return None
    return Running(run["port"]) if psutil.pid_exists(run["pid"]) else None


def require_running(state: StateFolder) -> Running:
    """Raises `CommandError` when nothing runs."""
    running = find_running(state)
    if running is None:
        raise CommandError(
            f"The homeserver of {state.root} is not running. Start it first with: eahtari up --state {state.root}"
        )
    return running


@contextmanager
def opened(state: StateFolder) -> Iterator[Database]:
    """The kept municipality. Raises `CommandError` where the service never ran."""
    if not state.database.exists():
        raise CommandError(
            f"Nothing is kept in {state.root} yet: the first `eahtari up` reads the configuration file. "
            "Name the right folder with --state DIR."
        )
    with Database(state.database, state.backup) as store:
        yield store
