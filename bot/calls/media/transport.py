"""One connection to one client: ICE, DTLS, SRTP and data channels in one bundle.

Built on aiortc's transports and not on its `RTCPeerConnection`, whose negotiation knows no simulcast. RTP takes the
fast way (`_FastWay`); where its hooks do not fit, or the path is a relay's, aiortc's own objects carry it
(`_OwnWay`), slower and with the same result.
"""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Callable
from typing import Any, Protocol

from aioice.candidate import Candidate
from aiortc import RTCCertificate, RTCDataChannel
from aiortc.rtcdatachannel import RTCDataChannelParameters
from aiortc.rtcdtlstransport import RTCDtlsFingerprint, RTCDtlsParameters, RTCDtlsTransport
from aiortc.rtcicetransport import RTCIceGatherer, RTCIceParameters, RTCIceTransport
from aiortc.rtcsctptransport import RTCSctpCapabilities, RTCSctpTransport

from bot.calls.media.gathering import MediaConnection, MediaProtocol, Network, told
from bot.calls.media.sockets import Address, Outbox, Send
from bot.calls.media.srtp import Srtp
from bot.calls.sdp.values import Description, Keys
from bot.calls.sdp.writing import LARGEST_MESSAGE, Local

log = logging.getLogger(__name__)

Take = Callable[[bytes], None]
SendRtp = Callable[[bytearray], None]
_RTCP = range(192, 224)
"""RFC 5761: the second byte of RTCP."""


class Way(Protocol):
    """How media goes out once keys are there."""

    def send_rtp(self, packet: bytearray) -> None: ...

    def send_rtcp(self, packet: bytes) -> None: ...

    def close(self) -> None: ...


class Transport:
    """`on_rtp` and `on_rtcp` get packets in clear; `on_data` gets a channel's label and a message."""

    def __init__(self, network: Network, certificate: RTCCertificate, *, offering: bool, fast: bool = True) -> None:
        self._network = network
        self._connection = MediaConnection(network, controlling=offering)
        gatherer = RTCIceGatherer(iceServers=[])
        gatherer._connection = self._connection  # noqa: SLF001 - aiortc lets no connection be chosen
        self._gatherer = gatherer
        self._ice = RTCIceTransport(gatherer)
        self._dtls = RTCDtlsTransport(self._ice, [certificate])
        self._sctp = RTCSctpTransport(self._dtls)
        self._offering = offering
        self._fast = fast
        self._session = secrets.randbits(62)
        self._task: asyncio.Task[None] | None = None
        self._data_task: asyncio.Task[None] | None = None
        self._has_no_data = False
        self._way: Way | None = None
        self._channels: dict[str, RTCDataChannel] = {}
        self.connected = asyncio.Event()
        self.failed = False
        self.send_rtp: SendRtp = _drop
        """Sends a packet, once the connection is open."""
        self.on_rtp: Take = _drop
        self.on_rtcp: Take = _drop
        self.on_data: Callable[[str, bytes], None] = _drop_data
        self._sctp.on("datachannel", self._accept)

    @property
    def heard_at(self) -> float:
        """When the client's last datagram came (monotonic); consent checks count too."""
        return self._connection.heard_at

    @property
    def is_open(self) -> bool:
        return self._way is not None and not self.failed

    async def gather(self) -> None:
        """Binds the sockets."""
        await self._gatherer.gather()

    def local(self) -> Local:
        """Our keys and candidates, to be written into a description."""
        parameters = self._gatherer.getLocalParameters()
        fingerprints = tuple((one.algorithm, one.value) for one in self._dtls.getLocalParameters().fingerprints)
        setup = "actpass" if self._offering else "active"
        keys = Keys(parameters.usernameFragment, parameters.password, fingerprints[:1], setup)
        lines = tuple(told(self._network, candidate) for candidate in self._connection.local_candidates)
        return Local(keys, lines, self._session)

    def start(self, remote: Description) -> None:
        """Begins to connect. Of a later description only data channels count, where it is the first with them."""
        if self._task is None:
            self._task = asyncio.create_task(self._connect(remote))
        elif self._has_no_data and _data_port(remote) is not None:
            self._has_no_data = False
            self._data_task = asyncio.create_task(self._start_data(remote))

    async def add_candidate(self, line: str) -> None:
        """One candidate's line of the other side; what is none, or can't be reached from here, is left out."""
        with contextlib.suppress(ValueError, IndexError):
            candidate = Candidate.from_sdp(line)
            if candidate.transport.lower() == "udp" and not candidate.host.endswith(".local"):
                await self._connection.add_remote_candidate(candidate)

    def channel(self, label: str, *, lossy: bool = False) -> None:
        """Opens a data channel of our own (RFC 8832)."""
        parameters = RTCDataChannelParameters(label=label, ordered=not lossy, maxRetransmits=0 if lossy else None)
        self._accept(RTCDataChannel(self._sctp, parameters))

    def send_data(self, label: str, message: bytes) -> bool:
        """False where the channel is not open (yet)."""
        channel = self._channels.get(label)
        if channel is None or channel.readyState != "open" or len(message) > LARGEST_MESSAGE:
            return False
        channel.send(message)
        return True

    def send_rtcp(self, packet: bytes) -> None:
        if self._way is not None:
            self._way.send_rtcp(packet)

    async def close(self) -> None:
        """Ends the connection; a browser learns of it at once."""
        if self._way is not None:
            self._way.close()
        self._way, self.send_rtp = None, _drop
        for task in (self._task, self._data_task):
            if task is not None:
                task.cancel()
        for stop in (self._sctp.stop, self._dtls.stop, self._ice.stop):
            with contextlib.suppress(Exception):  # a half-made connection has parts that were never started
                await stop()

    async def _connect(self, remote: Description) -> None:
        keys = remote.keys
        self._has_no_data = _data_port(remote) is None
        if not self._offering:
            self._dtls._set_role("client")  # noqa: SLF001 - RFC 8842: we answered "active"
        else:
            self._dtls._set_role("server" if keys.setup != "passive" else "client")  # noqa: SLF001 - as above
        for line in remote.candidates:
            await self.add_candidate(line)
        try:
            await self._ice.start(RTCIceParameters(usernameFragment=keys.ufrag, password=keys.password))
            if self._ice.state == "completed":
                fingerprints = [RTCDtlsFingerprint(algorithm=name, value=value) for name, value in keys.fingerprints]
                await self._dtls.start(RTCDtlsParameters(fingerprints=fingerprints))
        except (ConnectionError, OSError, ValueError) as fault:
            log.info("a connection was not made: %s", type(fault).__name__)
        if self._dtls.state != "connected":
            self.failed = True
            self.connected.set()
            return
        self._way = self._opened()
        self.send_rtp = self._way.send_rtp
        self.connected.set()
        self._dtls.on("statechange", self._note_state)
        await self._start_data(remote)

    async def _start_data(self, remote: Description) -> None:
        await self.connected.wait()
        port = _data_port(remote)
        if port is not None and self.is_open:
            await self._sctp.start(RTCSctpCapabilities(maxMessageSize=LARGEST_MESSAGE), port)

    def _note_state(self) -> None:
        if self._dtls.state in ("closed", "failed"):
            self.failed = True

    def _opened(self) -> Way:
        if self._fast:
            with contextlib.suppress(AttributeError):
                return _FastWay(self._connection, self._dtls, self, self._network.outbox)
        return _OwnWay(self._connection, self._dtls, self)

    def _accept(self, channel: RTCDataChannel) -> None:
        self._channels[channel.label] = channel

        def take(message: bytes | str) -> None:
            if isinstance(message, bytes):
                self.on_data(channel.label, message)

        channel.on("message", take)


class _FastWay:
    """Packets straight between socket and buffer."""

    def __init__(
        self, connection: MediaConnection, dtls: RTCDtlsTransport, transport: Transport, outbox: Outbox
    ) -> None:
        self._connection = connection
        self._nominated = connection._nominated  # noqa: SLF001 - which pair of addresses is in use
        self._in = Srtp(dtls._rx_srtp)  # noqa: SLF001 - the keys that DTLS agreed on
        self._out = Srtp(dtls._tx_srtp)  # noqa: SLF001 - as above
        self._transport = transport
        self._put = outbox.put
        self._pair: Any = None
        self._send: Send = _drop_to
        self._address: Address = ("", 0)
        connection.on_media = self._take

    def _take(self, data: bytes) -> None:
        if len(data) > 1 and data[1] in _RTCP:
            packet = self._in.opened_rtcp(data)
            if packet is not None:
                self._transport.on_rtcp(packet)
            return
        packet = self._in.opened(data)
        if packet is not None:
            self._transport.on_rtp(packet)

    def send_rtp(self, packet: bytearray) -> None:
        wire = self._out.protected(packet)
        if wire is not None:
            if self._nominated.get(1) is not self._pair:
                self._settle()
            self._put(self._send, wire, self._address)

    def send_rtcp(self, packet: bytes) -> None:
        wire = self._out.protected_rtcp(packet)
        if wire is not None:
            if self._nominated.get(1) is not self._pair:
                self._settle()
            self._put(self._send, wire, self._address)

    def _settle(self) -> None:
        """The pair of addresses in use has changed; a relay's has no socket of its own."""
        pair = self._pair = self._nominated.get(1)
        if pair is None:
            self._send = _drop_to
            return
        protocol = pair.protocol
        self._send = protocol.raw.sendto if isinstance(protocol, MediaProtocol) else protocol.transport.sendto
        self._address = pair.remote_addr

    def close(self) -> None:
        self._connection.on_media = _drop
        self._pair, self._send = None, _drop_to
        self._nominated = {}


class _OwnWay:
    """aiortc's own objects: a queue, a task and two copies for each packet."""

    def __init__(self, connection: MediaConnection, dtls: RTCDtlsTransport, transport: Transport) -> None:
        self._dtls = dtls
        self._out: asyncio.Queue[bytes] = asyncio.Queue(2000)
        self._task = asyncio.create_task(self._drain())
        connection.on_media = lambda data: connection.data_received(data, 1)

        async def take_rtp(data: bytes, arrival_time_ms: int) -> None:  # noqa: ARG001 - aiortc's signature
            transport.on_rtp(data)

        async def take_rtcp(data: bytes) -> None:
            transport.on_rtcp(data)

        dtls._handle_rtp_data = take_rtp  # noqa: SLF001 - after decryption, before decoding
        dtls._handle_rtcp_data = take_rtcp  # noqa: SLF001 - aiortc's parser raises on transport-wide feedback

    async def _drain(self) -> None:
        with contextlib.suppress(ConnectionError):
            while True:
                await self._dtls._send_rtp(await self._out.get())  # noqa: SLF001 - as above

    def _put(self, packet: bytes) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self._out.put_nowait(packet)

    def send_rtp(self, packet: bytearray) -> None:
        self._put(bytes(packet))

    def send_rtcp(self, packet: bytes) -> None:
        self._put(packet)

    def close(self) -> None:
        self._task.cancel()


def _data_port(remote: Description) -> int | None:
    """The SCTP port of the data channels' section (RFC 8841), where there is one."""
    return next((one.sctp_port for one in remote.sections if one.kind == "application" and not one.rejected), None)


def new_certificate() -> Any:
    """One for the engine's life: making one takes longer than joining."""
    return RTCCertificate.generateCertificate()


def _drop(_packet: bytes | bytearray) -> None:
    """Nobody listens yet."""


def _drop_to(_data: bytes, _address: Address) -> int:
    """As `_drop`: there is no path yet, or no longer."""
    return 0


def _drop_data(_label: str, _message: bytes) -> None:
    """As `_drop`."""


__all__ = ["MediaProtocol", "Network", "Transport", "new_certificate"]
