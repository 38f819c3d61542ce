"""Joins over LiveKit's signalling, protocol 16 with two connections, as `livekit-client` 2 does on `/rtc`."""

import asyncio
import json
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import aiohttp
from livekit.protocol import models, rtc

from benchmarks.calls.leg import Leg
from benchmarks.calls.offering import offer
from benchmarks.calls.participant import Participant, Place
from benchmarks.calls.receiving import Receiver
from benchmarks.calls.scene import BITRATE, HEIGHT, WIDTH
from benchmarks.calls.sending import Camera, Ssrcs
from bot.calls.sdp.reading import read
from bot.calls.sdp.values import Description
from bot.calls.sdp.writing import answer

_LIMIT_S = 20.0
_SOUND, _PICTURE = "sound", "picture"


class LiveKitDoor:
    """One participant's signalling. `url` is the server's websocket address without `/rtc`."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: str, place: Place) -> None:
        self._http, self._url, self._token, self._place = http, url, token, place
        self._sending = Leg(place.address, place.certificate, offering=True, relay=place.relay)
        self._receiving = Leg(place.address, place.certificate, offering=False, relay=place.relay)
        self.receiver = Receiver(self._receiving, 1 + place.index)
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._published: set[str] = set()
        self._ready, self._answer = asyncio.Event(), asyncio.Event()
        self._agreed: Description | None = None
        self._version = 1

    async def join(self) -> Participant:
        """Raises TimeoutError or ConnectionError where it can't."""
        await asyncio.gather(self._sending.gather(), self._receiving.gather())
        query = {"access_token": self._token, "protocol": "16", "auto_subscribe": "1", "sdk": "js", "version": "2.0.0"}
        self._socket = await self._http.ws_connect(f"{self._url}/rtc", params=query, max_msg_size=0)
        self._tasks.append(asyncio.create_task(self._read()))
        self._tasks.append(asyncio.create_task(self._keep()))
        async with asyncio.timeout(_LIMIT_S):
            await self._publish()
            await asyncio.gather(self._sending.connected(), self._receiving.connected())
        assert self._agreed is not None  # noqa: S101 - the event says so
        place = (self._place.index, self._place.others)
        camera = Camera(self._sending, self._place.recording, place, self._agreed)
        return Participant(camera, self.receiver, self.close)

    async def meet(self, others: Sequence[int]) -> None:
        """Nothing to do: the server offers everybody by itself."""

    @property
    def candidates(self) -> tuple[str, ...]:
        """The addresses that the server is told."""
        return self._sending.local().candidates + self._receiving.local().candidates

    async def close(self) -> None:
        if self._socket is not None and not self._socket.closed:
            with suppress(ConnectionError):
                await self._tell(leave=rtc.LeaveRequest(reason=models.DisconnectReason.CLIENT_INITIATED))
            await self._socket.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(self._sending.close(), self._receiving.close())

    async def _publish(self) -> None:
        layer = models.VideoLayer(quality=models.VideoQuality.HIGH, width=WIDTH, height=HEIGHT, bitrate=BITRATE)
        await self._tell(
            add_track=rtc.AddTrackRequest(
                cid=self._cid(_SOUND),
                type=models.TrackType.AUDIO,
                source=models.TrackSource.MICROPHONE,
                disable_red=True,
            )
        )
        await self._tell(
            add_track=rtc.AddTrackRequest(
                cid=self._cid(_PICTURE),
                type=models.TrackType.VIDEO,
                source=models.TrackSource.CAMERA,
                width=WIDTH,
                height=HEIGHT,
                layers=[layer],
            )
        )
        await self._ready.wait()
        sdp = offer(
            self._sending.local(),
            Ssrcs.of(self._place.index),
            sound=self._cid(_SOUND),
            picture=self._cid(_PICTURE),
            data=True,
        )
        await self._tell(offer=rtc.SessionDescription(type="offer", sdp=sdp, id=1))
        await self._answer.wait()

    def _cid(self, kind: str) -> str:
        return f"{kind}-{self._place.index}"

    async def _read(self) -> None:
        assert self._socket is not None  # noqa: S101 - the caller opened it
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                await self._take(rtc.SignalResponse.FromString(message.data))

    async def _take(self, said: rtc.SignalResponse) -> None:
        kind = said.WhichOneof("message")
        if kind == "track_published":
            self._published.add(said.track_published.cid)
            if len(self._published) == 2:
                self._ready.set()
        elif kind == "answer":
            self._agreed = read(said.answer.sdp)
            if self._agreed is not None:
                self._sending.start(self._agreed)
                self._answer.set()
        elif kind == "offer":
            await self._take_offer(said.offer)
        elif kind == "trickle":
            leg = self._receiving if said.trickle.target == rtc.SignalTarget.SUBSCRIBER else self._sending
            line = str(json.loads(said.trickle.candidateInit).get("candidate", ""))
            if line:
                await leg.add_candidate(line.removeprefix("candidate:"))

    async def _take_offer(self, offered: rtc.SessionDescription) -> None:
        description = read(offered.sdp)
        if description is None:
            raise ConnectionError("an offer that can't be read")
        self.receiver.expect(description)
        self._version += 1
        sdp = answer(description, self._receiving.local(), self._version)
        await self._tell(answer=rtc.SessionDescription(type="answer", sdp=sdp, id=offered.id))
        self._receiving.start(description)

    async def _keep(self) -> None:
        """Pings as a client does: a server that hears none ends the session."""
        while True:
            await asyncio.sleep(5)
            await self._tell(ping_req=rtc.Ping(timestamp=int(time.time() * 1000), rtt=0))

    async def _tell(self, **message: Any) -> None:
        if self._socket is not None and not self._socket.closed:
            await self._socket.send_bytes(rtc.SignalRequest(**message).SerializeToString())
