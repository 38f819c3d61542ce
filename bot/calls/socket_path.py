"""Paths of Unix sockets: the kernel takes 107 bytes (unix(7)), and state folders may lie deeper."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST = 107


@contextmanager
def reachable(path: Path) -> Iterator[str]:
    """An address for `bind` and `connect` that is short enough, by way of an open folder where it must be."""
    if len(os.fsencode(path)) <= LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
