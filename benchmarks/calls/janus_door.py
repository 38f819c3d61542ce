"""Joins Janus's VideoRoom over its websocket: one handle that publishes, one that is subscribed to everybody."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp

from benchmarks.calls.leg import Leg
from benchmarks.calls.offering import offer
from benchmarks.calls.participant import Participant, Place
from benchmarks.calls.receiving import Receiver
from benchmarks.calls.sending import Camera, Ssrcs
from bot.calls.sdp.reading import read
from bot.calls.sdp.writing import answer

ROOM = 1
_PLUGIN = "janus.plugin.videoroom"
_LIMIT_S = 20.0

Answered = Mapping[str, Any]


class JanusSession:
    """One websocket with one session: requests, and the events that answer them."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._waiting: dict[str, asyncio.Future[Answered]] = {}
        self._id = 0
        self._task = asyncio.create_task(self._read())

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str) -> "JanusSession":
        session = cls(await http.ws_connect(url, protocols=["janus-protocol"], max_msg_size=0))
        session._id = (await session._request(janus="create"))["data"]["id"]
        return session

    async def attach(self) -> int:
        return int((await self._request(janus="attach", plugin=_PLUGIN))["data"]["id"])

    async def ask(self, handle: int, body: Mapping[str, object], jsep: Answered | None = None) -> Answered:
        """What the plugin answers. Raises RuntimeError where it refuses."""
        extra = {} if jsep is None else {"jsep": jsep}
        answered = await self._request(janus="message", handle_id=handle, body=body, **extra)
        data = answered.get("plugindata", {}).get("data", {})
        if "error" in data:
            raise RuntimeError(str(data["error"]))
        return answered

    async def close(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError, RuntimeError):
            await self._request(janus="destroy")
        self._task.cancel()
        await self._socket.close()

    async def _request(self, **message: Any) -> Answered:
        transaction = secrets.token_hex(8)
        answered = self._waiting[transaction] = asyncio.get_running_loop().create_future()
        message |= {"transaction": transaction} | ({"session_id": self._id} if self._id else {})
        await self._socket.send_json(message)
        async with asyncio.timeout(_LIMIT_S):
            return await answered

    async def _read(self) -> None:
        async for message in self._socket:
            said = json.loads(message.data)
            if said.get("janus") == "ack":
                continue
            waiting = self._waiting.pop(said.get("transaction", ""), None)
            if waiting is None or waiting.done():
                continue
            if said.get("janus") == "error":
                waiting.set_exception(RuntimeError(str(said["error"])))
            else:
                waiting.set_result(said)


async def create_room(http: aiohttp.ClientSession, url: str, publishers: int) -> None:
    """The room that everybody joins: no limit of bits, Opus and VP8."""
    session = await JanusSession.open(http, url)
    handle = await session.attach()
    room = {"request": "create", "room": ROOM, "publishers": publishers, "bitrate": 0, "fir_freq": 0}
    await session.ask(handle, room | {"audiocodec": "opus", "videocodec": "vp8"})
    await session.close()


class JanusDoor:
    """One participant's signalling. `url` is that of the websocket."""

    def __init__(self, http: aiohttp.ClientSession, url: str, place: Place) -> None:
        self._http, self._url, self._place = http, url, place
        self._sending = Leg(place.address, place.certificate, offering=True, relay=place.relay)
        self._receiving = Leg(place.address, place.certificate, offering=False, relay=place.relay)
        self.receiver = Receiver(self._receiving, 1 + place.index)
        self._session: JanusSession | None = None
        self._handle = 0

    async def join(self) -> Participant:
        """Publishes; `meet` subscribes. Raises where it can't."""
        await asyncio.gather(self._sending.gather(), self._receiving.gather())
        self._session = await JanusSession.open(self._http, self._url)
        return Participant(await self._publish(self._session), self.receiver, self.close)

    async def meet(self, others: Sequence[int]) -> None:
        """Subscribes to everything of these participants, on one handle."""
        feeds = [1 + other for other in others if other != self._place.index]
        if self._session is None or not feeds:
            return
        self._handle = await self._session.attach()
        body = {"request": "join", "ptype": "subscriber", "room": ROOM, "streams": [{"feed": feed} for feed in feeds]}
        offered = await self._session.ask(self._handle, body)
        description = read(offered["jsep"]["sdp"])
        if description is None:
            raise ConnectionError("an offer that can't be read")
        self.receiver.expect(description)
        self._receiving.start(description)
        sdp = answer(description, self._receiving.local(), 2)
        await self._session.ask(self._handle, {"request": "start"}, {"type": "answer", "sdp": sdp})
        async with asyncio.timeout(_LIMIT_S):
            await self._receiving.connected()

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
        await asyncio.gather(self._sending.close(), self._receiving.close())

    async def _publish(self, session: JanusSession) -> Camera:
        place, handle = self._place, await session.attach()
        body = {"request": "join", "ptype": "publisher", "room": ROOM, "id": 1 + place.index}
        await session.ask(handle, body)
        sdp = offer(self._sending.local(), Ssrcs.of(place.index), sound="sound", picture="picture", data=False)
        body = {"request": "publish", "audio": True, "video": True}
        agreed = read((await session.ask(handle, body, {"type": "offer", "sdp": sdp}))["jsep"]["sdp"])
        if agreed is None:
            raise ConnectionError("an answer that can't be read")
        self._sending.start(agreed)
        async with asyncio.timeout(_LIMIT_S):
            await self._sending.connected()
        return Camera(self._sending, place.recording, (place.index, place.others), agreed)
