"""One supervisor a state folder, held by flock(2): the kernel lets go when the holder dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from bot.config.state import StateFolder, StateFolderError
from bot.supervision.errors import StartError


@contextmanager
def held(state: StateFolder) -> Iterator[None]:
    """Holds the state folder. Raises `StartError` while another process does, `StateFolderError` without rights.

    Children do not inherit the lock: Python opens files closed-on-exec.
    """
    try:
        handle = os.open(state.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StateFolderError(f"The lock {state.lock} can't be opened: {error.strerror}.") from error
    try:
        _take(handle, state)
        yield
    finally:
        os.close(handle)


def _take(handle: int, state: StateFolder) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise StartError(
            f"The state folder {state.root} is in use{_by_whom(state)}. "
            "Stop that one first, or start beside it with another --state DIR and --port N."
        ) from error


def _by_whom(state: StateFolder) -> str:
    run = state.read_run() or {}
    return f": eÄhtäri runs there as process {run['pid']}" if "pid" in run else " by another eÄhtäri"
