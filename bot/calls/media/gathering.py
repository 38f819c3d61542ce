"""ICE (RFC 8445) on chosen addresses and a chosen range of UDP ports, with media taken out before aioice sees it.

aioice binds any free port on every address but loopback. Here the addresses and the range are the operator's, and
a datagram of media goes straight to who wants it instead of through a queue and a task. STUN, DTLS and everything
else take aioice's own way.
"""

import logging
import secrets
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import ifaddr
from aioice import ice
from aioice.candidate import Candidate, candidate_foundation, candidate_priority

from bot.calls.media.sockets import MediaSocket, Outbox

log = logging.getLogger(__name__)

RECEIVE_BUFFER = 1 << 20
"""Bytes of a socket's queue: a key frame of every sender may come while the process is busy."""
_TRIES = 64


@dataclass(frozen=True, slots=True)
class Network:
    """Where the engine listens for media."""

    addresses: tuple[str, ...] = ()
    """Addresses to bind; none: every address of the machine."""
    ports: tuple[int, int] = (0, 0)
    """First and last UDP port; zeros: any that the system gives."""
    external_address: str | None = None
    """The address that the world sees where a router maps ports one to one (RFC 8445, server reflexive)."""
    outbox: Outbox = field(default_factory=Outbox, compare=False, repr=False)
    """Where media waits for the end of the event loop's turn."""


def local_addresses(network: Network) -> list[str]:
    """The addresses to bind, loopback only where the machine has no other."""
    if network.addresses:
        return list(network.addresses)
    found = [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return [address for address in found if not address.startswith("127.")] or ["127.0.0.1"]


class MediaProtocol(ice.StunProtocol):
    """One UDP socket. Media is handed over at once, everything else goes to aioice."""

    def __init__(self, receiver: "MediaConnection") -> None:
        super().__init__(receiver)
        self._connection = receiver

    @property
    def raw(self) -> socket.socket:
        """The socket itself."""
        return self.transport.raw

    def datagram_received(self, data: bytes | str, addr: tuple[Any, ...]) -> None:
        """RFC 7983: a first byte of 128 to 191 is RTP or RTCP."""
        self._connection.heard_at = time.monotonic()
        if data and 127 < data[0] < 192:  # type: ignore[operator]  # noqa: PLR2004 - a datagram is bytes; the RFC's figures
            self._connection.on_media(data)  # type: ignore[arg-type]  # as above
        elif data:
            super().datagram_received(data, addr)


class MediaConnection(ice.Connection):
    """aioice's connection over `MediaProtocol` sockets. `heard_at` is the last datagram's time (monotonic)."""

    def __init__(self, network: Network, *, controlling: bool) -> None:
        super().__init__(ice_controlling=controlling, components=1)
        self._network = network
        self.heard_at = time.monotonic()
        self.on_media: Callable[[bytes], None] = _nobody

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],  # noqa: ARG002 - aioice's own choice, which leaves the operator none
        timeout: int = 5,  # noqa: ARG002, ASYNC109 - aioice's signature
    ) -> list[Candidate]:
        candidates = []
        for address in local_addresses(self._network):
            protocol = self._bound(address)
            if protocol is not None:
                candidates.append(_host(protocol, component))
                self._protocols.append(protocol)
        return candidates

    def _bound(self, address: str) -> MediaProtocol | None:
        for port in _ports(self._network.ports):
            raw = _socket(address, port)
            if raw is not None:
                protocol = MediaProtocol(self)
                MediaSocket(raw, protocol)
                return protocol
        log.warning("no UDP port is free for media; make the range of ports larger")
        return None


def _socket(address: str, port: int) -> socket.socket | None:
    """A socket bound to it, or None where the port is taken or the address is not the machine's."""
    raw = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
    try:
        raw.settimeout(0)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        raw.bind((address, port))
    except OSError:
        raw.close()
        return None
    return raw


def _nobody(_data: bytes) -> None:
    """Media before the keys are known."""


def _ports(limits: tuple[int, int]) -> Iterator[int]:
    """Random ports of the range, so that one that is taken is not met again and again; then each in turn."""
    first, last = limits
    if not last:
        yield 0
        return
    for _ in range(_TRIES):
        yield first + secrets.randbelow(last - first + 1)
    yield from range(first, last + 1)


def _host(protocol: MediaProtocol, component: int) -> Candidate:
    host, port = protocol.transport.get_extra_info("sockname")[:2]
    protocol.local_candidate = Candidate(
        foundation=candidate_foundation("host", "udp", host),
        component=component,
        transport="udp",
        priority=candidate_priority(component, "host"),
        host=host,
        port=port,
        type="host",
    )
    return protocol.local_candidate


def told(network: Network, candidate: Candidate) -> str:
    """A candidate as it is told to the other side: with the external address where there is one."""
    line = candidate.to_sdp()
    if network.external_address is None:
        return line
    words = line.split(" ")
    words[4] = network.external_address
    return " ".join(words)
