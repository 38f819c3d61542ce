"""What tests and benchmarks ask of /proc: who lives, who descends from whom, how much memory is really used."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import psutil


def alive(pid: int) -> bool:
    """Whether a process exists and is more than a zombie."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    parent = psutil.Process(pid)
    return [pid, *(child.pid for child in parent.children(recursive=True))]


def pss(pid: int) -> int:
    """Proportional set size in bytes: shared pages are counted by their share (proc(5), smaps_rollup)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    raise ValueError("smaps_rollup holds no Pss line")


async def until(holds: Callable[[], bool], *, within: float = 10.0) -> None:
    """Polls until the condition holds. Raises TimeoutError after `within` seconds."""
    end = time.monotonic() + within
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("the awaited condition did not come about")
        await asyncio.sleep(0.02)
