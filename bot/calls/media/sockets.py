"""UDP for media: a socket is read until it is empty, and what goes out leaves in rows.

asyncio reads one datagram for each turn of its loop, and every single datagram out wakes its reader. A conference
has thousands of both in a second, and waking is what costs most (as network cards coalesce interrupts). What the
datagrams hold is nobody's business here.
"""

import asyncio
import selectors
import socket
import time
from collections.abc import Callable
from typing import Any

MOST_AT_ONCE = 64
"""Datagrams that one socket is read for before the others have their turn."""
LARGEST = 2048
"""Bytes of a datagram; what is longer is none of WebRTC's and arrives cut, to be refused by whoever reads it."""
REST_S = 0.003
"""Between two looks at the sockets: as long as a datagram may wait for others. A picture comes every 33 to 67 ms."""

Address = tuple[str, int]
Send = Callable[[bytes, Address], int]


class Outbox:
    """Datagrams of one turn of the event loop. What does not fit into a socket's queue is lost, as on the way."""

    __slots__ = ("_waiting", "unsent")

    def __init__(self) -> None:
        self._waiting: list[tuple[Send, bytes, Address]] = []
        self.unsent = 0

    def put(self, send: Send, data: bytes, address: Address) -> None:
        """`send` is a socket's `sendto`. The datagram leaves before the loop looks at its sockets again."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self._empty)
        self._waiting.append((send, data, address))

    def _empty(self) -> None:
        waiting, self._waiting = self._waiting, []
        for send, data, address in waiting:
            try:
                send(data, address)
            except OSError:  # a full queue, a closed port, or a socket that was closed meanwhile
                self.unsent += 1


class MediaSocket(asyncio.DatagramTransport):
    """asyncio's transport over one bound, non-blocking socket; `raw` is that socket."""

    def __init__(self, raw: socket.socket, protocol: asyncio.DatagramProtocol) -> None:
        super().__init__({"socket": raw, "sockname": raw.getsockname()})
        self.raw = raw
        self._protocol = protocol
        self._closing = False
        self._loop = asyncio.get_running_loop()
        protocol.connection_made(self)
        self._loop.add_reader(raw.fileno(), self._read)

    def _read(self) -> None:
        receive, take = self.raw.recvfrom, self._protocol.datagram_received
        for _ in range(MOST_AT_ONCE):
            try:
                data, address = receive(LARGEST)
            except (BlockingIOError, InterruptedError):
                return
            except OSError as fault:  # ICMP told of a closed port
                self._protocol.error_received(fault)
                return
            take(data, address)
            if self._closing:
                return

    def sendto(self, data: Any, addr: Any = None) -> None:
        """Sends at once; what the queue has no room for is lost, and asked for again by whoever waits for it."""
        if self._closing:
            return
        try:
            self.raw.sendto(data, addr)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as fault:
            self._protocol.error_received(fault)

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        """Takes nothing more; the protocol hears of it in the loop's next turn."""
        if self._closing:
            return
        self._closing = True
        self._loop.remove_reader(self.raw.fileno())
        self.raw.close()
        self._loop.call_soon(self._protocol.connection_lost, None)

    def abort(self) -> None:
        self.close()


class RestingSelector(selectors.DefaultSelector):
    """Looks at the sockets at most every `REST_S` while the loop has nothing else to do."""

    _looked_at = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout > 0:
            rest = self._looked_at + REST_S - time.monotonic()
            if rest > 0:
                time.sleep(rest)
                timeout = None if timeout is None else max(0.0, timeout - rest)
        found = super().select(timeout)
        self._looked_at = time.monotonic()
        return found


def resting_loop() -> asyncio.AbstractEventLoop:
    """The event loop of a process that carries media."""
    return asyncio.SelectorEventLoop(RestingSelector())
