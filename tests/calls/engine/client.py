"""A client of the engine in a few lines: signalling over a real websocket, media over real ICE, DTLS and SRTP.

What it sends are packets in the form of VP8 and Opus, made by hand; what it gets is counted. Browsers are in
`tests/calls/browsers`; this one is for hundreds of joins, for killed engines, and for what no browser would send.
"""

import asyncio
import struct
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from bot.calls.media.gathering import Network
from bot.calls.media.transport import Transport, new_certificate
from bot.calls.sdp import reading, writing
from bot.calls.sdp.writing import Sent

VIDEO_SSRC, AUDIO_SSRC = 0x11111111, 0x22222222
KEY_FRAME = bytes([0x90, 0x80, 0x80, 0x01]) + bytes([0x10, 0x02, 0x00, 0x9D, 0x01, 0x2A, 0x40, 0x01, 0xB4, 0x00])
"""A VP8 descriptor with a long PictureID, and the first bytes of a key frame of 320 × 180 (RFC 7741, RFC 6386)."""
DELTA_FRAME = bytes([0x90, 0x80, 0x80, 0x01, 0x11, 0x02, 0x00])
CERTIFICATE = new_certificate()
NETWORK = Network()


class Client:
    """`heard` and `seen` count packets of sound and pictures by SSRC."""

    def __init__(self, url: str, token: str, http: aiohttp.ClientSession) -> None:
        self._url, self._token, self._http = url, token, http
        self.up = Transport(NETWORK, CERTIFICATE, offering=True)
        self.down = Transport(NETWORK, CERTIFICATE, offering=False)
        self.packets: Counter[int] = Counter()
        self.data: list[bytes] = []
        self.inbox: list[pr.SignalResponse] = []
        self.join: pr.JoinResponse | None = None
        self.left: pr.LeaveRequest | None = None
        self.closed = asyncio.Event()
        self._changed = asyncio.Event()
        self._tasks: list[asyncio.Task[Any]] = []
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._version = 0
        self._sequence = 0
        self.down.on_rtp = self._count
        self.down.on_data = lambda _label, message: self.data.append(message)

    def _count(self, packet: bytes) -> None:
        self.packets[struct.unpack_from("!L", packet, 8)[0]] += 1

    async def enter(self) -> None:
        """Raises aiohttp.WSServerHandshakeError when it is not let in."""
        self._socket = await self._http.ws_connect(
            f"{self._url}/rtc", params={"access_token": self._token, "protocol": "16"}, max_msg_size=0
        )
        await self.down.gather()
        self._tasks.append(asyncio.create_task(self._read()))
        await self.until(lambda: self.join is not None)

    async def until(self, holds: Callable[[], Any], within: float = 10.0) -> None:
        async with asyncio.timeout(within):
            while not holds():
                self._changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._changed.wait(), 0.05)

    async def send(self, **message: Any) -> None:
        assert self._socket is not None
        await self._socket.send_bytes(pr.SignalRequest(**message).SerializeToString())

    async def send_raw(self, data: bytes) -> None:
        assert self._socket is not None
        await self._socket.send_bytes(data)

    async def publish(self, *, video: bool = True) -> None:
        """A microphone, and a camera; media flows until the client is closed."""
        await self.send(add_track=pr.AddTrackRequest(cid="mic", type=pm.TrackType.AUDIO, source=pm.MICROPHONE))
        sections = [Sent("1", "audio", "s", "mic", AUDIO_SSRC)]
        if video:
            await self.send(add_track=pr.AddTrackRequest(cid="cam", type=pm.TrackType.VIDEO, source=pm.CAMERA))
            sections.append(Sent("2", "video", "s", "cam", VIDEO_SSRC))
        self.up.channel("_reliable")
        await self.up.gather()
        self._version += 1
        text = writing.offer(self.up.local(), self._version, sections)
        await self.send(offer=pr.SessionDescription(type="offer", sdp=text, id=self._version))
        await self.until(lambda: self.up.is_open)
        self._tasks.append(asyncio.create_task(self._speak(video=video)))

    async def _speak(self, *, video: bool) -> None:
        while True:
            self._sequence = (self._sequence + 1) & 0xFFFF
            moment = int(time.monotonic() * 48000) & 0xFFFFFFFF
            self.up.send_rtp(_packet(writing.OPUS, self._sequence, moment, AUDIO_SSRC, b"\x78" * 60))
            if video:
                frame = KEY_FRAME if self._sequence % 25 == 1 else DELTA_FRAME
                picture = int(time.monotonic() * 90000) & 0xFFFFFFFF
                self.up.send_rtp(_packet(writing.VP8 | 128, self._sequence, picture, VIDEO_SSRC, frame + b"\x55" * 400))
            await asyncio.sleep(0.02)

    async def _read(self) -> None:
        assert self._socket is not None
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                await self._take(pr.SignalResponse.FromString(message.data))
            self._changed.set()
        self.closed.set()
        self._changed.set()

    async def _take(self, message: pr.SignalResponse) -> None:
        self.inbox.append(message)
        match message.WhichOneof("message"):
            case "join":
                self.join = message.join
            case "leave":
                self.left = message.leave
            case "offer":
                description = reading.read(message.offer.sdp)
                assert description is not None
                text = writing.answer(description, self.down.local(), message.offer.id)
                await self.send(answer=pr.SessionDescription(type="answer", sdp=text, id=message.offer.id))
                self.down.start(description)
            case "answer":
                description = reading.read(message.answer.sdp)
                assert description is not None
                self.up.start(description)

    def others(self) -> set[str]:
        """The identities that are in beside this one, of all that was told."""
        assert self.join is not None
        known = {one.identity for one in self.join.other_participants}
        for one in (info for message in self.inbox for info in message.update.participants):
            gone = one.state == pm.ParticipantInfo.DISCONNECTED
            (known.discard if gone else known.add)(one.identity)
        return known - {self.join.participant.identity}

    def sources(self) -> int:
        return len(self.packets)

    async def leave(self) -> None:
        await self.send(leave=pr.LeaveRequest())
        await self.close()

    async def close(self) -> None:
        """Ends without a word."""
        for task in self._tasks:
            task.cancel()
        if self._socket is not None:
            await self._socket.close()
        await asyncio.gather(self.up.close(), self.down.close())

    def vanish(self) -> None:
        """As when the device loses its power: nothing more is sent, and nothing is closed."""
        for task in self._tasks:
            task.cancel()
        for transport in (self.up, self.down):
            connection = transport._connection
            if connection._query_consent_task is not None:
                connection._query_consent_task.cancel()
            for protocol in connection._protocols:
                protocol.transport.abort()


def _packet(second: int, sequence: int, timestamp: int, ssrc: int, payload: bytes) -> bytearray:
    return bytearray(struct.pack("!BBHLL", 0x80, second, sequence, timestamp, ssrc) + payload)


@asynccontextmanager
async def client(url: str, token: str) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        entered = Client(url, token, http)
        try:
            yield entered
        finally:
            with suppress(ConnectionError, RuntimeError):
                await entered.close()
