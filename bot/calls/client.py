"""The service's side of the control socket: `Orders` to the embedded engine, over one connection that is kept.

The engine may be killed and started again at any time. Orders say how things are to be, so one whose answer was lost
with its connection is sent again until its time is over; after that the answer is `Trouble.UNREACHABLE`.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Self, TypeVar

from bot.calls.conference.values import PolicyChange, Present
from bot.calls.evidence import Evidence, from_json
from bot.calls.orders import Status, Trouble, present_from_json, status_from_json
from bot.calls.socket_path import reachable

T = TypeVar("T")

PATIENCE = 5.0
"""Seconds for one order, reconnecting included."""
_FIRST_PAUSE = 0.05
_LONGEST_PAUSE = 1.0
LONGEST_LINE = 2**23
"""Bytes of an answer: a thousand pieces of evidence with long names."""


class _Connection:
    """One life of the socket: what waits on it fails when it ends."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._last_id = 0
        self._reading = asyncio.create_task(self._read(reader))

    @property
    def is_open(self) -> bool:
        return not self._reading.done()

    async def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Raises ConnectionError when the connection ends before the answer."""
        if not self.is_open:
            raise ConnectionResetError
        self._last_id += 1
        id = self._last_id
        answer: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[id] = answer
        try:
            self._writer.write(json.dumps({"id": id, **request}).encode() + b"\n")
            await self._writer.drain()
            return await answer
        finally:
            self._waiting.pop(id, None)

    async def close(self) -> None:
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self, reader: asyncio.StreamReader) -> None:
        try:
            while line := await reader.readline():
                self._take(json.loads(line))
        except (OSError, ValueError):
            pass  # the engine is gone, or is no engine: the same to who waits
        finally:
            self._writer.close()
            for answer in self._waiting.values():
                if not answer.done():
                    answer.set_exception(ConnectionResetError())

    def _take(self, row: Any) -> None:
        id = row.get("id") if isinstance(row, dict) else None
        answer = self._waiting.get(id) if isinstance(id, int) else None
        if answer is not None and not answer.done():
            answer.set_result(row)


class EngineClient:
    """`Orders` by the socket at `path`; an async context manager. No socket need be there yet."""

    def __init__(self, path: Path, *, patience: float = PATIENCE) -> None:
        self._path = path
        self._patience = patience
        self._connection: _Connection | None = None
        self._connecting = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def policy(self, room: str, change: PolicyChange) -> Trouble | None:
        asked = {
            "locked": change.locked,
            "max_participants": change.max_participants,
            "loudest": change.loudest,
            "last_n": change.last_n,
        }
        given = {name: value for name, value in asked.items() if value is not None}
        return await self._order({"op": "policy", "room": room, **given})

    async def participants(self, room: str) -> Sequence[Present] | Trouble:
        return await self._ask(
            {"op": "participants", "room": room}, lambda raw: [present_from_json(present) for present in raw]
        )

    async def mute(self, room: str, identity: str, *, muted: bool) -> Trouble | None:
        return await self._order({"op": "mute", "room": room, "identity": identity, "muted": muted})

    async def remove(self, room: str, identity: str) -> Trouble | None:
        return await self._order({"op": "remove", "room": room, "identity": identity})

    async def close(self, room: str) -> Trouble | None:
        return await self._order({"op": "close", "room": room})

    async def evidence(self, after: int, limit: int, wait_s: float) -> Sequence[Evidence] | Trouble:
        """What this version doesn't understand is left out."""
        request = {"op": "evidence", "after": after, "limit": limit, "wait_s": wait_s}
        return await self._ask(request, _known_evidence, patience=self._patience + wait_s)

    async def settled(self, through: int) -> Trouble | None:
        return await self._order({"op": "settled", "through": through})

    async def status(self) -> Status | Trouble:
        return await self._ask({"op": "status"}, status_from_json)

    async def _order(self, request: dict[str, Any]) -> Trouble | None:
        return await self._ask(request, lambda _: None)

    async def _ask(
        self, request: dict[str, Any], read: Callable[[Any], T], *, patience: float | None = None
    ) -> T | Trouble:
        try:
            async with asyncio.timeout(self._patience if patience is None else patience):
                answer = await self._answer(request)
        except TimeoutError:
            return Trouble.UNREACHABLE
        if answer.get("ok") is not True:
            return _trouble(answer.get("error"))
        try:
            return read(answer.get("result"))
        except (KeyError, TypeError, ValueError):
            return Trouble.FAILED

    async def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        pause = _FIRST_PAUSE
        while True:
            with contextlib.suppress(OSError):
                return await (await self._connected()).ask(request)
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _connected(self) -> _Connection:
        async with self._connecting:
            if self._connection is None or not self._connection.is_open:
                with reachable(self._path) as address:
                    reader, writer = await asyncio.open_unix_connection(address, limit=LONGEST_LINE)
                self._connection = _Connection(reader, writer)
            return self._connection


def _trouble(raw: object) -> Trouble:
    return Trouble(raw) if isinstance(raw, str) and raw in set(Trouble) else Trouble.FAILED


def _known_evidence(raw: Any) -> list[Evidence]:
    return [evidence for row in raw if (evidence := from_json(row)) is not None]
