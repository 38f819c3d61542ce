"""One process of the load: takes orders as lines of JSON, plays its participants' media, and tells what it counted.

`python -m benchmarks.calls.process RECORDING ADDRESS`. Orders: `join`, `meet`, `first`, `mark`, `figures`, `leave`.
It ends when its input does.
"""

import asyncio
import gc
import json
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import aiohttp
from aiortc import RTCCertificate

from benchmarks.calls.counts import merged
from benchmarks.calls.janus_door import JanusDoor
from benchmarks.calls.livekit_door import LiveKitDoor
from benchmarks.calls.participant import Door, Participant, Place
from benchmarks.calls.payload import Opener
from benchmarks.calls.scene import RATE, SOUND_MS, Recording

_TICK_S = 0.05
_SHORTEST_S = 0.001
_BEHIND_S = 0.5
FIRST_PICTURE_LIMIT_S = 10.0


class Load:
    """The participants of this process."""

    def __init__(self, http: aiohttp.ClientSession, recording: Recording, address: str) -> None:
        self._http, self._recording, self._address = http, recording, address
        self._certificate = RTCCertificate.generateCertificate()
        self._doors: list[Door] = []
        self._inside: list[Participant] = []

    async def play(self) -> None:
        """Sends everybody's sound and pictures when they are due, for as long as the process lives."""
        ticked = 0.0
        while True:
            now = time.monotonic()
            for participant in self._inside:
                _send_due(participant, now)
            if now - ticked >= _TICK_S:
                ticked = now
                for participant in self._inside:
                    participant.receiver.tick(now)
            due = min((min(one.pictures_due, one.sounds_due) for one in self._inside), default=now + _TICK_S)
            await asyncio.sleep(max(_SHORTEST_S, min(due, ticked + _TICK_S) - time.monotonic()))

    async def do(self, order: Mapping[str, Any]) -> Mapping[str, object]:
        """Carries an order out; what it has to tell."""
        match order["op"]:
            case "join":
                return {"joined_s": [await self._join(order, index) for index in order["indexes"]]}
            case "meet":
                for door in self._doors:
                    await door.meet(order["others"])
                gc.freeze()  # what is there now stays, and need not be walked through again
                return {}
            case "first":
                return await self._first(order)
            case "mark":
                for participant in self._inside:
                    participant.receiver.mark()
                return {}
            case "figures":
                return self._figures()
            case "leave":
                return await self._leave()
        raise ValueError("an unknown order")

    async def _join(self, order: Mapping[str, Any], index: int) -> float:
        begun = time.monotonic()
        door = self._door(order, index)
        self._admit(await door.join(), index)
        self._doors.append(door)
        return time.monotonic() - begun

    async def _first(self, order: Mapping[str, Any]) -> Mapping[str, object]:
        """One participant more, until its first picture is decoded; then it leaves."""
        (index,), opener = order["indexes"], Opener()
        begun, door = time.monotonic(), self._door(order, index)
        door.receiver.open_first(opener)
        try:
            participant = await door.join()
            self._admit(participant, index)
            await door.meet(order["others"])
            connected = time.monotonic() - begun
            with suppress(TimeoutError):
                async with asyncio.timeout(FIRST_PICTURE_LIMIT_S):
                    await opener.done.wait()
            self._inside.remove(participant)
        finally:
            await door.close()
        return {"connected_s": connected, "first_picture_s": None if opener.at is None else opener.at - begun}

    def _admit(self, participant: Participant, index: int) -> None:
        """Everybody at another moment, as cameras of different people are."""
        now = time.monotonic()
        participant.pictures_due = now + index * 0.618 % 1 / RATE
        participant.sounds_due = now + index * 0.618 % 1 * SOUND_MS / 1000
        self._inside.append(participant)

    def _door(self, order: Mapping[str, Any], index: int) -> Door:
        place = Place(index, order["of"], self._address, self._certificate, self._recording)
        if order["door"] == "janus":
            return JanusDoor(self._http, order["url"], place)
        return LiveKitDoor(self._http, order["url"], order["tokens"][str(index)], place)

    def _figures(self) -> Mapping[str, object]:
        counts = [participant.receiver.total() for participant in self._inside]
        own = [participant.camera.figures for participant in self._inside]
        told = asdict(merged(counts))
        del told["shown"], told["heard"]
        told["latencies_ms"] = [round(value, 3) for value in told["latencies_ms"]]
        return {
            **told,
            "seen": [len(one.shown) for one in counts],
            "heard": [len(one.heard) for one in counts],
            **{name: sum(one[name] for one in own) for name in own[0]},
            "cpu_s": time.process_time(),
        }

    async def _leave(self) -> Mapping[str, object]:
        self._inside.clear()
        await asyncio.gather(*(door.close() for door in self._doors))
        self._doors.clear()
        return {}


def _send_due(participant: Participant, now: float) -> None:
    if participant.sounds_due <= now:
        participant.camera.send_sound(now)
        participant.sounds_due += SOUND_MS / 1000
    if participant.pictures_due <= now:
        participant.camera.send_picture(now)
        participant.pictures_due += 1 / RATE
    if now - participant.pictures_due > _BEHIND_S:  # the process stood still: what was missed is not made up for
        participant.pictures_due = participant.sounds_due = now


async def _serve(recording: Path, address: str) -> None:
    reader = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    async with aiohttp.ClientSession() as http:
        load = Load(http, Recording.load(recording), address)
        playing = asyncio.create_task(load.play())
        while line := await reader.readline():
            try:
                told = {"ok": True, **await load.do(json.loads(line))}
            except Exception as fault:  # noqa: BLE001 - the benchmark tells what failed
                told = {"ok": False, "error": f"{type(fault).__name__}: {fault}"}
            print(json.dumps(told), flush=True)
        playing.cancel()


def main(arguments: Sequence[str]) -> None:
    asyncio.run(_serve(Path(arguments[0]), arguments[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
