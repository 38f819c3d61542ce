"""One client's websocket: messages out in order by a task of its own, messages in as protobufs, hostile until read."""

import asyncio
import contextlib

from aiohttp import WSMsgType, web
from google.protobuf.message import DecodeError
from livekit.protocol import rtc as pr

LARGEST = 256 * 1024
"""Bytes of one message from a client; an offer with sixty sections takes a third of it."""
DRAIN_S, CLOSE_S = 1.0, 0.2
MOST_WAITING = 1000
"""Messages that a slow client may have waiting; more, and it has to come anew."""


class Wire:
    """`send` never waits. A client that does not read is closed."""

    def __init__(self, socket: web.WebSocketResponse) -> None:
        self._socket = socket
        self._waiting: asyncio.Queue[pr.SignalResponse | None] = asyncio.Queue(MOST_WAITING)
        self._task = asyncio.create_task(self._drain())
        self.is_closed = False

    def send(self, message: pr.SignalResponse) -> None:
        if self.is_closed:
            return
        try:
            self._waiting.put_nowait(message)
        except asyncio.QueueFull:
            self.is_closed = True
            self._task.cancel()

    async def receive(self) -> pr.SignalRequest | None:
        """The next message, or None when the client is gone. What is no message is passed over."""
        while True:
            message = await self._socket.receive()
            if message.type is WSMsgType.BINARY:
                with contextlib.suppress(DecodeError):
                    return pr.SignalRequest.FromString(message.data)
            elif message.type is not WSMsgType.TEXT:
                return None

    async def close(self) -> None:
        """Sends what is waiting and closes, without long waits for a client that does not answer."""
        self.is_closed = True
        with contextlib.suppress(asyncio.QueueFull):
            self._waiting.put_nowait(None)
        with contextlib.suppress(TimeoutError, asyncio.CancelledError, ConnectionError):
            await asyncio.wait_for(self._task, DRAIN_S)
        with contextlib.suppress(TimeoutError, ConnectionError, RuntimeError):
            await asyncio.wait_for(self._socket.close(), CLOSE_S)

    async def _drain(self) -> None:
        while (message := await self._waiting.get()) is not None:
            try:
                await self._socket.send_bytes(message.SerializeToString())
            except (ConnectionError, RuntimeError):
                self.is_closed = True
                return
