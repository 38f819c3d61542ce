"""The engine's side of the control socket: JSON lines over a Unix socket that its owner alone may open.

Reads requests, checks them, hands them to the engine by the port `Orders` and answers by their id, each when it is
ready, so that one that waits for evidence holds nothing up. No line can bring the server down: what is no request is
answered as such, and a line beyond the limit ends that connection alone.
"""

import asyncio
import contextlib
import json
import logging
import math
import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Self

from bot.calls.conference.values import PolicyChange
from bot.calls.evidence import to_json
from bot.calls.orders import Orders, Trouble, present_to_json, status_to_json
from bot.calls.socket_path import reachable

_log = logging.getLogger(__name__)

LONGEST_LINE = 65_536
"""Bytes of a request."""
AT_ONCE = 32
"""Requests of one client under way; the next is read when one of them is answered."""
MOST_EVIDENCE = 1000
LONGEST_WAIT = 60.0
"""Seconds."""
LONGEST_NAME = 512
"""Characters of a room or an identity."""
MOST_PEOPLE = 1000

Request = Mapping[str, Any]
Answer = Any


class BadRequestError(Exception):
    """The request lacks a field, or has one that is out of bounds."""


class Control:
    """Serves `orders` at `path`. An async context manager; leaving it ends all connections."""

    def __init__(self, path: Path, orders: Orders) -> None:
        self._path = path
        self._orders = orders
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Takes the place of a socket that a killed engine left. Raises OSError."""
        self._server = await asyncio.start_unix_server(self._serve, sock=_bound(self._path), limit=LONGEST_LINE)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for client in self._clients:
            client.cancel()
        await asyncio.gather(*self._clients, return_exceptions=True)
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._clients.add(task)
            task.add_done_callback(self._clients.discard)
        try:
            with contextlib.suppress(ConnectionError):  # the other end is gone
                await _Client(self._orders, reader, writer).run()
        finally:
            writer.close()


class _Client:
    def __init__(self, orders: Orders, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._orders = orders
        self._reader = reader
        self._writer = writer
        self._room = asyncio.Semaphore(AT_ONCE)

    async def run(self) -> None:
        tasks: set[asyncio.Task[None]] = set()
        try:
            while line := await self._line():
                await self._room.acquire()
                task = asyncio.create_task(self._handle(line))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _line(self) -> bytes:
        try:
            return await self._reader.readline()
        except ValueError:  # beyond the limit: where the next request begins is not known
            await self._tell({"id": None, "ok": False, "error": Trouble.BAD_REQUEST.value})
            return b""

    async def _handle(self, line: bytes) -> None:
        try:
            with contextlib.suppress(ConnectionError):  # `run` notices at its next line
                await self._tell(await answer(self._orders, line))
        finally:
            self._room.release()

    async def _tell(self, row: Mapping[str, Any]) -> None:
        self._writer.write(json.dumps(row).encode() + b"\n")
        await self._writer.drain()


def _bound(path: Path) -> socket.socket:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)  # the socket is born 0600: nobody gets in between bind and chmod
    try:
        with reachable(path) as address:
            listener.bind(address)
    except BaseException:
        listener.close()
        raise
    finally:
        os.umask(mask)
    listener.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return listener


async def answer(orders: Orders, line: bytes) -> dict[str, Any]:
    """One request line to its answer, for any bytes."""
    id, request = _read(line)
    try:
        result = await _carry_out(orders, request)
    except BadRequestError:
        result = Trouble.BAD_REQUEST
    except Exception as error:  # noqa: BLE001 - one order must not end the engine that carries the calls
        _log.error("an order failed: %s", type(error).__name__)
        result = Trouble.FAILED
    if isinstance(result, Trouble):
        return {"id": id, "ok": False, "error": result.value}
    return {"id": id, "ok": True, "result": result}


def _read(line: bytes) -> tuple[int | None, Request]:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError):
        return None, {}
    if not isinstance(raw, dict):
        return None, {}
    id = raw.get("id")
    return (id if isinstance(id, int) and not isinstance(id, bool) else None), raw


async def _carry_out(orders: Orders, request: Request) -> Answer:
    op = request.get("op")
    carry_out = _OPS.get(op) if isinstance(op, str) else None
    if carry_out is None:
        raise BadRequestError
    return await carry_out(orders, request)


async def _policy(orders: Orders, request: Request) -> Answer:
    change = PolicyChange(
        locked=_switch(request, "locked") if "locked" in request else None,
        max_participants=_optional_count(request, "max_participants"),
        loudest=_optional_count(request, "loudest"),
        last_n=_optional_count(request, "last_n"),
    )
    return await orders.policy(_name(request, "room"), change)


async def _participants(orders: Orders, request: Request) -> Answer:
    found = await orders.participants(_name(request, "room"))
    return found if isinstance(found, Trouble) else [present_to_json(present) for present in found]


async def _mute(orders: Orders, request: Request) -> Answer:
    room, identity = _name(request, "room"), _name(request, "identity")
    return await orders.mute(room, identity, muted=_switch(request, "muted") if "muted" in request else True)


async def _remove(orders: Orders, request: Request) -> Answer:
    return await orders.remove(_name(request, "room"), _name(request, "identity"))


async def _close(orders: Orders, request: Request) -> Answer:
    return await orders.close(_name(request, "room"))


async def _evidence(orders: Orders, request: Request) -> Answer:
    limit = min(_count(request, "limit"), MOST_EVIDENCE)
    wait_s = min(_seconds(request, "wait_s"), LONGEST_WAIT)
    found = await orders.evidence(_count(request, "after"), limit, wait_s)
    return found if isinstance(found, Trouble) else [to_json(evidence) for evidence in found]


async def _settled(orders: Orders, request: Request) -> Answer:
    return await orders.settled(_count(request, "through"))


async def _status(orders: Orders, request: Request) -> Answer:  # noqa: ARG001 - all operations are called alike
    found = await orders.status()
    return found if isinstance(found, Trouble) else status_to_json(found)


_OPS: Mapping[str, Callable[[Orders, Request], Awaitable[Answer]]] = {
    "policy": _policy,
    "participants": _participants,
    "mute": _mute,
    "remove": _remove,
    "close": _close,
    "evidence": _evidence,
    "settled": _settled,
    "status": _status,
}


def _name(request: Request, field: str) -> str:
    value = request.get(field)
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_NAME or not value.isprintable():
        raise BadRequestError
    return value


def _switch(request: Request, field: str) -> bool:
    value = request.get(field)
    if not isinstance(value, bool):
        raise BadRequestError
    return value


def _count(request: Request, field: str, most: int = 2**53) -> int:
    value = request.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadRequestError
    return value


def _optional_count(request: Request, field: str) -> int | None:
    return _count(request, field, MOST_PEOPLE) if request.get(field) is not None else None


def _seconds(request: Request, field: str) -> float:
    value = request.get(field, 0)
    if not isinstance(value, int | float) or isinstance(value, bool) or not (math.isfinite(value) and value >= 0):
        raise BadRequestError
    return float(value)
