"""One connection of a synthetic participant: ICE and DTLS by aiortc, media straight between socket and counter.

What comes is counted sealed; it is opened only where somebody asks, so that many participants fit in a process.
Leaves what is sent and counted to `sending` and `receiving`.
"""

import asyncio
import contextlib
import os
import secrets
import socket
from collections.abc import Callable
from typing import Any

from aioice.candidate import Candidate
from aiortc import RTCCertificate, RTCIceServer
from aiortc.rtcconfiguration import RTCIceTransportPolicy
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceParameters, RTCIceTransport
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

from bot.calls.media.gathering import MediaConnection, Network
from bot.calls.media.srtp import Srtp
from bot.calls.sdp.values import Description, Keys
from bot.calls.sdp.writing import LARGEST_MESSAGE, Local

_LONGEST = 2048
_BUFFER = 1 << 22
"""Bytes of a socket's queue: what waits while another participant's packets are counted is not lost."""
_RTCP = range(192, 224)


class Leg:
    """`on_media` gets a sealed RTP packet, good until it returns; `on_rtcp` a compound packet in clear.

    With a `relay` nothing goes any other way, at the price of a task for each packet.
    """

    def __init__(
        self, address: str, certificate: RTCCertificate, *, offering: bool, relay: RTCIceServer | None = None
    ) -> None:
        self._connection, self._gatherer = _near(address, offering) if relay is None else _far(relay, offering)
        self._relayed = relay is not None
        self._ice = RTCIceTransport(self._gatherer)
        self._dtls = RTCDtlsTransport(self._ice, [certificate])
        self._sctp = RTCSctpTransport(self._dtls)
        self._offering, self._session = offering, secrets.randbits(62)
        self._socket: socket.socket | None = None
        self._protocol: Any = None
        self._buffer = bytearray(_LONGEST)
        self._view = memoryview(self._buffer)
        self._task: asyncio.Task[None] | None = None
        self._begun = asyncio.Event()
        self._remote: tuple[Any, ...] = ()
        self.on_media: Callable[[memoryview], None] = _drop
        self.on_rtcp: Callable[[bytes], None] = _drop
        self.refused = 0
        """Packets that the socket would not take."""

    async def gather(self) -> None:
        await self._gatherer.gather()

    def local(self) -> Local:
        """Keys and candidates of this side, for its descriptions."""
        ours, sums = self._gatherer.getLocalParameters(), self._dtls.getLocalParameters().fingerprints
        setup = "actpass" if self._offering else "active"
        keys = Keys(ours.usernameFragment, ours.password, tuple((one.algorithm, one.value) for one in sums[:1]), setup)
        candidates = tuple(candidate.to_sdp() for candidate in self._connection.local_candidates)
        return Local(keys, candidates, self._session)

    def start(self, remote: Description) -> None:
        """Begins to connect at the first description; later ones change nothing."""
        if self._task is None:
            self._task = asyncio.create_task(self._connect(remote))
            self._begun.set()

    async def connected(self) -> None:
        """Raises ConnectionError where it could not be made."""
        await self._begun.wait()
        if self._task is not None:
            await self._task

    async def add_candidate(self, line: str) -> None:
        candidate = Candidate.from_sdp(line)
        if candidate.transport.lower() == "udp" and ":" not in candidate.host:
            await self._connection.add_remote_candidate(candidate)

    def send(self, packet: bytes | bytearray) -> None:
        sealed = self._out.protected(packet)
        if sealed is not None and self._protocol is not None:
            self._put(sealed)

    def send_rtcp(self, packet: bytes) -> None:
        if self._protocol is not None:
            sealed = self._out.protected_rtcp(packet)
            if sealed is not None:
                self._put(sealed)

    def opened(self, sealed: memoryview) -> bytes | None:
        return self._in.opened(sealed)  # type: ignore[arg-type]  # it copies any bytes

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._protocol = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        for stop in (self._sctp.stop, self._dtls.stop, self._ice.stop):
            with contextlib.suppress(Exception):  # parts that were never started
                await stop()

    async def _connect(self, remote: Description) -> None:
        keys = remote.keys
        passive = self._offering and keys.setup != "passive"
        self._dtls._set_role("server" if passive else "client")  # noqa: SLF001 - what the descriptions agreed on
        for line in remote.candidates:
            await self.add_candidate(line)
        await self._ice.start(RTCIceParameters(usernameFragment=keys.ufrag, password=keys.password))
        if self._ice.state == "completed":
            sums = [RTCDtlsFingerprint(algorithm=name, value=value) for name, value in keys.fingerprints]
            await self._dtls.start(RTCDtlsParameters(fingerprints=sums))
        if self._dtls.state != "connected":
            raise ConnectionError(f"ICE {self._ice.state}, DTLS {self._dtls.state}")
        self._take_over()
        section = next((one for one in remote.sections if one.kind == "application" and not one.rejected), None)
        if section is not None:
            await self._sctp.start(RTCSctpCapabilities(maxMessageSize=LARGEST_MESSAGE), section.sctp_port)

    def _take_over(self) -> None:
        pair = self._connection._nominated[1]  # noqa: SLF001 - which pair of addresses is in use
        self._in, self._out = Srtp(self._dtls._rx_srtp), Srtp(self._dtls._tx_srtp)  # noqa: SLF001 - the agreed keys
        self._protocol, self._remote = pair.protocol, pair.remote_addr
        if self._relayed:
            self._ordinary = pair.protocol.datagram_received
            pair.protocol.datagram_received = self._take_relayed
            return
        number = pair.protocol.transport.get_extra_info("socket").fileno()
        self._socket = socket.socket(fileno=os.dup(number))
        self._socket.setblocking(False)  # noqa: FBT003 - the standard library's signature
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _BUFFER)
        self._connection.on_media = self._take

    def _take_relayed(self, data: bytes, sender: tuple[Any, ...]) -> None:
        if data and 127 < data[0] < 192:
            self._sort(memoryview(data))
        else:
            self._ordinary(data, sender)

    def _take(self, data: bytes) -> None:
        """The packet that the event loop read, and all that have come since: a wake-up costs more than a packet."""
        self._sort(memoryview(data))
        while self._socket is not None:
            try:
                size, sender = self._socket.recvfrom_into(self._buffer)
            except BlockingIOError:
                return
            if size and 127 < self._buffer[0] < 192:
                self._sort(self._view[:size])
            else:
                self._protocol.datagram_received(bytes(self._view[:size]), sender)

    def _sort(self, data: memoryview) -> None:
        if len(data) > 12 and data[1] not in _RTCP:
            self.on_media(data)
        else:
            packet = self._in.opened_rtcp(data)  # type: ignore[arg-type]  # it copies any bytes
            if packet is not None:
                self.on_rtcp(packet)

    def _put(self, sealed: bytes) -> None:
        if self._socket is None:
            self._protocol.transport.sendto(bytes(sealed), self._remote)  # a relay's takes it later
            return
        try:
            self._socket.sendto(sealed, self._remote)
        except OSError:
            self.refused += 1


def _near(address: str, offering: bool) -> tuple[Any, RTCIceGatherer]:  # noqa: FBT001 - as the caller has it
    connection = MediaConnection(Network(addresses=(address,)), controlling=offering)
    gatherer = RTCIceGatherer(iceServers=[])
    gatherer._connection = connection  # noqa: SLF001 - aiortc lets no connection be chosen
    return connection, gatherer


def _far(relay: RTCIceServer, offering: bool) -> tuple[Any, RTCIceGatherer]:  # noqa: FBT001 - as the caller has it
    gatherer = RTCIceGatherer(iceServers=[relay], iceTransportPolicy=RTCIceTransportPolicy.RELAY)
    gatherer._connection.ice_controlling = offering  # noqa: SLF001 - aiortc's own way of setting the role
    return gatherer._connection, gatherer  # noqa: SLF001 - as above


def _drop(_packet: memoryview | bytes) -> None:
    """Nobody listens yet."""
