"""A bad line for media: a UDP relay that delays, loses, slows down and goes dark, each direction by itself.

What happens to a packet is decided by `Line`, which knows no sockets and is as random as its seed. Everything may
be changed while packets flow. Who learns the relay's addresses is left to `signalling_relay`.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

Address = tuple[str, int]
Take = Callable[["_Socket", bytes, Address], None]
"""Takes a packet in: the socket it came to, its bytes, its sender."""

LOOPBACK = "127.0.0.1"
_HEADERS = 28
"""Bytes of IPv4 and UDP headers, which a line carries as well."""


@dataclass(slots=True)
class Counts:
    """Packets by what became of them; `queued_s` is the longest wait in the queue."""

    passed: int = 0
    lost: int = 0
    overflowed: int = 0
    queued_s: float = 0.0


class Line:
    """One direction. A slow line sends one packet after another and drops those that would wait too long.

    `delay_s` is the propagation delay, `loss` a share of 0 to 1, `rate` is in bit/s (None: no limit), `queue_s` is
    how much the queue before a slow line holds.
    """

    def __init__(self, seed: int) -> None:
        self.delay_s = 0.0
        self.loss = 0.0
        self.rate: float | None = None
        self.queue_s = 0.4
        self.dark = False
        self.counts = Counts()
        self._random = random.Random(seed)  # noqa: S311 - losses are drawn, not secrets
        self._free_at = 0.0

    def arrival(self, size: int, now: float) -> float | None:
        """When a packet of `size` bytes of payload comes out at the other end; None: never."""
        if self.dark or self._random.random() < self.loss:
            self.counts.lost += 1
            return None
        begins = max(now, self._free_at)
        if self.rate is not None and begins - now > self.queue_s:
            self.counts.overflowed += 1
            return None
        self._free_at = begins + (0 if self.rate is None else (size + _HEADERS) * 8 / self.rate)
        self.counts.passed += 1
        self.counts.queued_s = max(self.counts.queued_s, begins - now)
        return self._free_at + self.delay_s


class UdpRelay:
    """One participant's line to the media server: all his paths share `up` and `down`. An async context manager."""

    def __init__(self, seed: int = 1) -> None:
        self.up, self.down = Line(seed), Line(seed + 1)
        self._paths: list[Path] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for path in self._paths:
            path.close()

    @property
    def dark(self) -> bool:
        return self.up.dark and self.down.dark

    @dark.setter
    def dark(self, dark: bool) -> None:
        self.up.dark = self.down.dark = dark

    async def path(self) -> "Path":
        """A new pair of addresses, one for each side."""
        path = Path(self.up, self.down)
        await path.open()
        self._paths.append(path)
        return path


class Path:
    """Between one peer connection and the server: the client sees `near`, the server `far`.

    A client has several addresses of its own. Each gets a socket of its own on the server's side, as behind a NAT,
    so that the answers find back to the address which asked.
    """

    def __init__(self, up: Line, down: Line) -> None:
        self.server: Address | None = None
        self._up, self._down = up, down
        self._far: dict[Address, _Socket] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        self._near = await _bound(self._from_client)
        self._spare: _Socket | None = await _bound(self._from_server)
        self.far = self._spare.address
        self._opening = asyncio.Lock()

    @property
    def near(self) -> Address:
        return self._near.address

    def close(self) -> None:
        for one in (self._near, self._spare, *self._far.values()):
            if one is not None:
                one.transport.close()

    def _from_client(self, _: "_Socket", data: bytes, sender: Address) -> None:
        if sender in self._far:
            self._to_server(self._far[sender], data)
        elif self._spare is not None:
            self._far[sender], self._spare = self._spare, None
            self._far[sender].client = sender
            self._to_server(self._far[sender], data)
        else:
            task = asyncio.create_task(self._another(data, sender))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _another(self, data: bytes, sender: Address) -> None:
        async with self._opening:
            if sender not in self._far:
                self._far[sender] = await _bound(self._from_server)
                self._far[sender].client = sender
        self._to_server(self._far[sender], data)

    def _to_server(self, far: "_Socket", data: bytes) -> None:
        if self.server is not None:
            _carry(self._up, far, data, self.server)

    def _from_server(self, far: "_Socket", data: bytes, _: Address) -> None:
        if far.client is not None:
            _carry(self._down, self._near, data, far.client)


class _Socket(asyncio.DatagramProtocol):
    """A bound socket; `client` is whom it stands for."""

    transport: asyncio.DatagramTransport

    def __init__(self, take: Take) -> None:
        self._take = take
        self.client: Address | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # a datagram endpoint gets no other
        self.transport = transport
        self.address: Address = transport.get_extra_info("sockname")[:2]

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self._take(self, data, addr)

    def send(self, data: bytes, to: Address) -> None:
        if not self.transport.is_closing():
            self.transport.sendto(data, to)


async def _bound(take: Take) -> _Socket:
    _, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Socket(take), local_addr=(LOOPBACK, 0)
    )
    return protocol


def _carry(line: Line, out: _Socket, data: bytes, to: Address) -> None:
    loop = asyncio.get_running_loop()
    now = loop.time()
    arrival = line.arrival(len(data), now)
    if arrival is None:
        return
    if arrival <= now:
        out.send(data, to)
    else:
        loop.call_at(arrival, out.send, data, to)
