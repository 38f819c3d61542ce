"""Ports that nobody else uses, found by binding."""

import socket


def free_port() -> int:
    """A port that was free a moment ago; the kernel hands the same one out again only much later."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
