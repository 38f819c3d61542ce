"""Looks whether ports are free before anything starts, so that nothing starts by halves."""

import errno
import socket
from collections.abc import Mapping

from bot.supervision.errors import StartError

HOST = "127.0.0.1"
HIGHEST = 65535
BACKLOG = 512


def require_free(ports: Mapping[str, int]) -> None:
    """Raises `StartError` for the first of the ports, by what it is for, that can't be listened on."""
    for purpose, port in ports.items():
        _require_free(purpose, port)


def listener(port: int) -> socket.socket:
    """A socket that listens on loopback. Raises OSError when the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((HOST, port))
    listening.listen(BACKLOG)
    return listening


def _require_free(purpose: str, port: int) -> None:
    if not 0 < port <= HIGHEST:
        raise StartError(f"{port} is no port for {purpose}. Choose one from 1024 to 65000 with --port N.")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the servers do it: connections that are still closing do not count, a listener does.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise StartError(_sentence(purpose, port, error)) from error


def _sentence(purpose: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port}, which {purpose} needs, is in use by another program. "
            f"Start with other ports: --port N, for example --port {_elsewhere(port)}."
        )
    return f"Port {port}, which {purpose} needs, can't be used: {error.strerror}. Choose another with --port N."


def _elsewhere(port: int) -> int:
    """A round port some way off; the numbers next to ours are ours too."""
    return port // 10 * 10 + (100 if port + 100 <= HIGHEST else -100)
