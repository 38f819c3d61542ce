"""Tries a relay as a client would, for the operator's check-up: each way in, and the way to the engine.

Asks and gives back: an allocation is ended as soon as it was granted. Leaves what a fault means to who asked.
"""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from bot.calls.media.gathering import Network, local_addresses
from bot.calls.media.relay_talk import PATIENCE, Fault, FaultError, Talk, Way, opened
from bot.calls.turn import IceServer

_ARRIVAL, _SENDINGS = 0.3, 4
"""Seconds for a datagram's way, and how often it is sent."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What one way gave. Without a `fault`, `relayed` is the address that the relay lent."""

    way: Way
    fault: Fault | None = None
    detail: str = ""
    relayed: str = ""
    certificate_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """Whether a datagram came to the engine's machine by the relay."""

    address: str
    port: int
    is_allowed: bool
    """The relay is willing to send to this address."""
    source: str = ""
    """The address from which it came; empty: it did not come."""


async def tried(way: Way, host: str, port: int, server: IceServer) -> Tried:
    """Asks for the own address, then for an allocation with the credentials of `server`."""
    until: datetime | None = None
    try:
        async with opened(way, host, port) as line:
            until = line.certificate_until
            relayed = await Talk(line, server).allocated()
    except FaultError as error:
        return Tried(way, error.fault, error.detail, certificate_until=until)
    return Tried(way, relayed=relayed, certificate_until=until)


async def passages(way: Way, target: tuple[str, int], server: IceServer, network: Network) -> list[Passage]:
    """Sends through the relay at `target` to every address of the engine's, until one datagram has come.

    None where the relay gives no allocation or no port of the network's is free.
    """
    told = (network.external_address,) if network.external_address is not None else local_addresses(network)
    found: list[Passage] = []
    with contextlib.suppress(FaultError, OSError):
        async with _listening(network) as listening, opened(way, *target, patience=3 * PATIENCE) as line:
            talk = Talk(line, server)
            await talk.allocated(keep=True)
            for address in told:
                found.append(await _passed(talk, listening, address))
                if found[-1].source:
                    break
            await talk.released()
    return found


# The engine's side


class _Listening(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.port = 0
        self.came: asyncio.Queue[tuple[bytes, str]] = asyncio.Queue()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self.came.put_nowait((data, addr[0]))


@asynccontextmanager
async def _listening(network: Network) -> AsyncIterator[_Listening]:
    first, last = network.ports
    for port in range(last, first - 1, -1):
        with contextlib.suppress(OSError):
            transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
                _Listening,
                local_addr=("0.0.0.0", port),  # noqa: S104 - as the engine: every address of the machine
            )
            protocol.port = transport.get_extra_info("sockname")[1]
            break
    else:
        raise OSError("no port is free")
    try:
        yield protocol
    finally:
        transport.close()


async def _passed(talk: Talk, listening: _Listening, address: str) -> Passage:
    peer = (address, listening.port)
    try:
        await talk.permitted(peer)
    except FaultError:
        return Passage(*peer, is_allowed=False)
    mark = secrets.token_bytes(16)
    for _ in range(_SENDINGS):
        await talk.send(peer, mark)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_ARRIVAL):
                while (came := await listening.came.get())[0] != mark:
                    pass
                return Passage(*peer, is_allowed=True, source=came[1])
    return Passage(*peer, is_allowed=True)
