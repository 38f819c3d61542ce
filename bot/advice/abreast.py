"""Two pieces of arithmetic at once, the second one in a process that is forked and ends with its result.

Processes and no threads: what trains the SVM keeps its random numbers in one place for the whole process. The second
process shares the memory of the first as long as neither writes to it.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

First = TypeVar("First")
Second = TypeVar("Second")

PROCESSES = 2
"""Never more: a town's machine has other things to do while a model is trained."""

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def both(first: Callable[[], First], second: Callable[[], Second], *, abreast: bool) -> tuple[First, Second]:
    """The results of both. One after the other where not `abreast`, on one processor, or when the other process dies.

    What the second one raises is raised here, after it was tried again in this process.
    """
    if not abreast or processors() < PROCESSES:
        return first(), second()
    context = get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(second, theirs, os.getpid()), daemon=True)
    child.start()
    theirs.close()
    try:
        mine = first()
        try:
            return mine, ours.recv()
        except EOFError:
            return mine, second()
    finally:
        ours.close()
        child.kill()
        child.join()


def processors() -> int:
    """Those that this process may use, `PROCESSES` at most."""
    return min(PROCESSES, len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)


def _send(made: Callable[[], Second], to: Connection, parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == parent:
        to.send(made())
