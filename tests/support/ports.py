"""Ports for the servers of the tests, which nothing else on the machine is given meanwhile."""

import itertools
import random
import socket

# Below what Linux hands out to outgoing connections (32768-60999): a number from there, free when looked at, can belong
# to somebody's connection a second later, when the server under test at last comes to bind it.
_NUMBERS = range(21_000, 32_700, 8)
_blocks = itertools.cycle(random.sample(_NUMBERS, len(_NUMBERS)))


def free_port() -> int:
    """The first of eight neighbouring ports, free for TCP and UDP; the same again only a thousand calls later."""
    return next(first for first in itertools.islice(_blocks, len(_NUMBERS)) if all(map(_free, range(first, first + 8))))


def _free(port: int) -> bool:
    try:
        with socket.create_server(("127.0.0.1", port)), socket.socket(type=socket.SOCK_DGRAM) as datagrams:
            datagrams.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True
