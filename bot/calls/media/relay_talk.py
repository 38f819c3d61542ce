"""Speaks with a relay (TURN, RFC 8656) as a client does, by UDP, TCP or TLS, with the credentials that it was given.

Leaves what is asked to `bot.calls.media.relay_probe`.
"""

import asyncio
import contextlib
import os
import socket
import ssl
import struct
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Protocol

from aioice import stun, turn

from bot.calls.turn import IceServer

PATIENCE = 4.0
"""Seconds for everything that one way is asked."""
_REPEATS = (0.5, 1.0, 2.0)
"""Seconds before a request by UDP is sent again (RFC 8489, 6.2.1)."""
_LIFETIME = 60
_UNAUTHORIZED, _STALE_NONCE = 401, 438


class Way(StrEnum):
    """How a client reaches a relay."""

    UDP = "UDP"
    TCP = "TCP"
    TLS = "TLS"


class Fault(StrEnum):
    """Why a way does not work, in the order of the steps."""

    UNKNOWN_HOST = "unknown_host"
    UNREACHABLE = "unreachable"
    """Nobody listens, or nothing passes."""
    CERTIFICATE = "certificate"
    """No TLS, or a certificate that a browser would not take either."""
    NO_RELAY = "no_relay"
    """Something answers, in no words of a relay's."""
    CREDENTIALS = "credentials"
    """It knows another secret, or its clock is elsewhere."""
    OPEN = "open"
    """It asks for no credentials: whoever knows its address can use it."""
    REFUSED = "refused"
    """Any other refusal; the detail has the relay's own code."""


class FaultError(Exception):
    """A step that failed."""

    def __init__(self, fault: Fault, detail: str = "") -> None:
        super().__init__(fault)
        self.fault, self.detail = fault, detail


class Line(Protocol):
    """Whole STUN messages, there and back."""

    @property
    def repeats(self) -> Sequence[float]:
        """Seconds to wait for an answer before the request is sent again; after the last it is given up."""

    @property
    def certificate_until(self) -> datetime | None: ...

    async def send(self, data: bytes) -> None: ...

    async def receive(self) -> bytes: ...


class Talk:
    """One client's requests, with the long-term credentials that RFC 8489, 9.2 has."""

    def __init__(self, line: Line, server: IceServer) -> None:
        self._line, self._server = line, server
        self._signed: dict[str, object] = {}
        self._key: bytes | None = None

    async def allocated(self, *, keep: bool = False) -> str:
        """The relayed address. Raises `FaultError`."""
        await self._asked(stun.Method.BINDING)
        attributes = {"LIFETIME": _LIFETIME, "REQUESTED-TRANSPORT": turn.UDP_TRANSPORT}
        answer = await self._asked(stun.Method.ALLOCATE, attributes)
        relayed = answer.attributes.get("XOR-RELAYED-ADDRESS")
        if relayed is None:
            raise FaultError(Fault.NO_RELAY)
        if not keep or self._key is None:
            await self.released()
        if self._key is None:
            raise FaultError(Fault.OPEN)
        return str(relayed[0])

    async def released(self) -> None:
        with contextlib.suppress(FaultError):
            await self._asked(stun.Method.REFRESH, {"LIFETIME": 0})

    async def permitted(self, peer: tuple[str, int]) -> None:
        await self._asked(stun.Method.CREATE_PERMISSION, {"XOR-PEER-ADDRESS": peer})

    async def send(self, peer: tuple[str, int], data: bytes) -> None:
        attributes = {"XOR-PEER-ADDRESS": peer, "DATA": data}
        message = stun.Message(stun.Method.SEND, stun.Class.INDICATION, attributes=attributes)
        await self._line.send(bytes(message))

    async def _asked(self, method: stun.Method, attributes: dict[str, object] | None = None) -> stun.Message:
        """Answers the relay's challenge once. Raises `FaultError`."""
        answer = await self._answered(method, attributes or {})
        if answer.message_class is stun.Class.ERROR and self._challenged(answer):
            answer = await self._answered(method, attributes or {})
        if answer.message_class is stun.Class.ERROR:
            raise _refusal(answer)
        if self._key is not None and not answer.check_message_integrity(self._key):
            raise FaultError(Fault.CREDENTIALS, "its answer is signed with another secret")
        return answer

    def _challenged(self, answer: stun.Message) -> bool:
        told = answer.attributes
        is_first = self._key is None and answer.error_code == _UNAUTHORIZED and {"REALM", "NONCE"} <= told.keys()
        if is_first:
            realm, username = told["REALM"], self._server.username
            self._signed = {"USERNAME": username, "REALM": realm}
            self._key = turn.make_integrity_key(username, realm, self._server.credential)
        if is_first or (self._key is not None and answer.error_code == _STALE_NONCE and "NONCE" in told):
            self._signed["NONCE"] = told["NONCE"]
            return True
        return False

    async def _answered(self, method: stun.Method, attributes: dict[str, object]) -> stun.Message:
        request = stun.Message(method, stun.Class.REQUEST, attributes={**attributes, **self._signed})
        if self._key is not None:
            request.add_message_integrity(self._key)
        for pause in self._line.repeats:
            await self._line.send(bytes(request))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    return await self._answer_to(request)
        raise FaultError(Fault.UNREACHABLE, "no answer")

    async def _answer_to(self, request: stun.Message) -> stun.Message:
        while True:
            data = await self._line.receive()
            try:
                message = stun.parse_message(data)
            except (ValueError, struct.error):
                raise FaultError(Fault.NO_RELAY) from None
            if message.transaction_id == request.transaction_id:
                return message


def _refusal(answer: stun.Message) -> FaultError:
    code = answer.error_code
    if code == _UNAUTHORIZED:
        return FaultError(Fault.CREDENTIALS)
    return FaultError(Fault.REFUSED, f"code {code}")


@asynccontextmanager
async def opened(way: Way, host: str, port: int, *, patience: float = PATIENCE) -> AsyncIterator[Line]:
    """A line to the relay; everything within is over after `patience` seconds. Raises `FaultError`."""
    try:
        async with asyncio.timeout(patience), _line(way, host, port) as line:
            yield line
    except (socket.gaierror, UnicodeError) as error:
        raise FaultError(Fault.UNKNOWN_HOST) from error
    except ssl.SSLCertVerificationError as error:
        raise FaultError(Fault.CERTIFICATE, error.verify_message) from error
    except ssl.SSLError as error:
        raise FaultError(Fault.CERTIFICATE, "no TLS") from error
    except TimeoutError as error:
        raise FaultError(Fault.UNREACHABLE, "no answer") from error
    except (OSError, EOFError) as error:
        number = error.errno if isinstance(error, OSError) else None
        raise FaultError(Fault.UNREACHABLE, os.strerror(number) if number else "it hung up") from error


@asynccontextmanager
async def _line(way: Way, host: str, port: int) -> AsyncIterator[Line]:
    """IPv4 where there is one, as for media."""
    kind = socket.SOCK_DGRAM if way is Way.UDP else socket.SOCK_STREAM
    found = await asyncio.get_running_loop().getaddrinfo(host.strip("[]"), port, type=kind)
    address = min(found, key=lambda one: one[0] is not socket.AF_INET)[4]
    if way is Way.UDP:
        transport, datagrams = await asyncio.get_running_loop().create_datagram_endpoint(
            _Datagrams, remote_addr=(str(address[0]), port)
        )
        with contextlib.closing(transport):
            yield datagrams
        return
    trust = {"ssl": ssl.create_default_context(), "server_hostname": host.strip("[]")} if way is Way.TLS else {}
    reader, writer = await asyncio.open_connection(address[0], port, **trust)  # type: ignore[arg-type]  # two kinds
    with contextlib.closing(writer):
        yield _Stream(reader, writer)


class _Datagrams(asyncio.DatagramProtocol):
    repeats: Sequence[float] = _REPEATS
    certificate_until: datetime | None = None

    def __init__(self) -> None:
        self._came: asyncio.Queue[bytes | Exception] = asyncio.Queue()
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # asyncio's own type is wider
        self._transport = transport

    def datagram_received(self, data: bytes, _addr: object) -> None:
        self._came.put_nowait(data)

    def error_received(self, exc: Exception) -> None:
        self._came.put_nowait(exc)

    async def send(self, data: bytes) -> None:
        if self._transport is not None:
            self._transport.sendto(data)

    async def receive(self) -> bytes:
        came = await self._came.get()
        if isinstance(came, Exception):
            raise came
        return came


class _Stream:
    """RFC 8656, 2.1: messages follow each other, each tells its length."""

    repeats: Sequence[float] = (PATIENCE,)

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @property
    def certificate_until(self) -> datetime | None:
        told = self._writer.get_extra_info("peercert")
        if not told or "notAfter" not in told:
            return None
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(told["notAfter"]), UTC)

    async def send(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    async def receive(self) -> bytes:
        head = await self._reader.readexactly(stun.HEADER_LENGTH)
        length, cookie = struct.unpack_from("!HI", head, 2)
        if cookie != stun.COOKIE:
            raise FaultError(Fault.NO_RELAY)
        return head + await self._reader.readexactly(length)
