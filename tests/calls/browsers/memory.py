"""Looks for byte strings in the memory of a running process (`/proc/PID/mem`, see proc(5)).

It takes the rights of a debugger: the superuser has them, and a parent where the system lets it.
"""

import contextlib
import mmap
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import psutil
import pytest

NOT_ALLOWED = "the memory of another process may not be read here: it takes the superuser, or CAP_SYS_PTRACE"
_CHUNK = 4 * 1024 * 1024
_LAST = "VmFlags:"
"""The line that ends a region's own."""


def found(pid: int, needles: Mapping[str, bytes], *, written_only: bool = False) -> set[str]:
    """The names of those that stand anywhere in the process's memory. Skips the test where that can't be read.

    `written_only` leaves out what is mapped for reading alone: programs and their constants. Raises
    FileNotFoundError or ProcessLookupError when there is no such process.
    """
    longest = max(map(len, needles.values()))
    names: set[str] = set()
    for piece in _pieces(pid, "rw" if written_only else "r", overlap=longest - 1):
        names |= {name for name, needle in needles.items() if name not in names and needle in piece}
    return names


def found_in_family(pid: int, needles: Mapping[str, bytes]) -> set[str]:
    """As `found`, in what a process and all that descend from it have written."""
    family = [pid, *(child.pid for child in psutil.Process(pid).children(recursive=True))]
    names: set[str] = set()
    for member in family:
        left = {name: needle for name, needle in needles.items() if name not in names}
        if left:
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                names |= found(member, left, written_only=True)
    return names


def _pieces(pid: int, permissions: str, *, overlap: int) -> Iterator[bytes]:
    """What is readable, piece by piece; each begins with the end of the one before, as far as they adjoin."""
    try:
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    except PermissionError:
        pytest.skip(NOT_ALLOWED)
    try:
        for start, end in _regions(pid, permissions):
            yield from _region(memory, start, end, overlap)
    finally:
        os.close(memory)


def _region(memory: int, start: int, end: int, overlap: int) -> Iterator[bytes]:
    tail = b""
    while start < end:
        try:
            piece = os.pread(memory, min(_CHUNK, end - start), start)
        except OSError:  # a device's page, or unmapped since the list was read
            piece = b""
        if piece:
            yield tail + piece
        tail = piece[-overlap:]
        start += len(piece) or mmap.PAGESIZE


def _regions(pid: int, permissions: str) -> Iterator[tuple[int, int]]:
    """What is mapped so and has a page in memory or swapped out; a browser reserves far more than it has."""
    bounds, has_pages, wanted = (0, 0), False, False
    for line in Path(f"/proc/{pid}/smaps").read_text(encoding="utf-8").splitlines():
        first, *rest = line.split()
        if not first.endswith(":"):
            start, end = first.split("-")
            bounds, has_pages, wanted = (int(start, 16), int(end, 16)), False, rest[0].startswith(permissions)
        elif first in {"Rss:", "Swap:"}:
            has_pages = has_pages or rest[0] != "0"
        elif first == _LAST and has_pages and wanted:
            yield bounds
