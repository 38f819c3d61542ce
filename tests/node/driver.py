"""A strict Matrix client for tests, demo and benchmarks: matrix-js-sdk in a Node child (`client.mjs`).

It refuses devices that their owner's identity has not signed, both ways. `npm ci` in this folder brings all it
needs, Node included.
"""

import asyncio
import itertools
import json
import platform
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

FOLDER = Path(__file__).resolve().parent
_CPU = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), "x64")
NODE = FOLDER / "node_modules" / f"node-linux-{_CPU}" / "bin" / "node"

_LINE_LIMIT = 4 * 1024 * 1024
_GRACE_S = 5.0


class StrictClientError(Exception):
    """A command failed in the client; the text names the command and the library's reason."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as the client shows it.

    `shield_colour` is 0 for none, 1 grey, 2 red, None where it was not decrypted or not encrypted; `failure` is
    the library's decryption failure code.
    """

    event_id: str
    sender: str
    body: str | None
    encrypted: bool
    failure: str | None
    shield_colour: int | None
    shield_reason: int | None


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether a user has a cross-signing identity, and by device id whether that identity signed the device."""

    identity: bool
    signed: dict[str, bool]


class StrictClient:
    """One account's client on a device of its own. Use `async with StrictClient(url) as client`."""

    def __init__(self, base_url: str, *, verbose: bool = False) -> None:
        self.user_id = ""
        self.device_id = ""
        self._base_url = base_url
        self._verbose = verbose
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def start(self) -> None:
        """Starts the child and waits until it takes commands. Raises `StrictClientError`."""
        if not NODE.exists():
            raise StrictClientError("Node is missing: run npm ci in tests/node")
        flags = ["--verbose"] if self._verbose else []
        self._process = await asyncio.create_subprocess_exec(
            NODE,
            FOLDER / "client.mjs",
            *flags,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE_LIMIT,
        )
        ready = self._expect(0)
        self._reader = asyncio.create_task(self._read(), name="strict client's answers")
        await ready

    async def close(self) -> None:
        """Ends the child, by force if it does not end itself; it may be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), _GRACE_S)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reader is not None:
            await self._reader

    async def login(self, user: str, password: str, *, cross_sign: bool = True) -> None:
        """Logs in as a new device, syncs, and makes the account's identity or (`cross_sign=False`) does not."""
        who = await self._do("login", baseUrl=self._base_url, user=user, password=password, crossSign=cross_sign)
        self.user_id, self.device_id = who["userId"], who["deviceId"]

    async def recover(self, recovery_key: str) -> dict[str, Any]:
        """Takes the account's identity out of its secret storage: `cached`, `secrets`, `masterKey`."""
        return await self._do("recover", recoveryKey=recovery_key)

    async def create_direct(self, invite: str) -> str:
        """An encrypted direct room with a user; gives its id."""
        return str((await self._do("createDirect", invite=invite))["roomId"])

    async def wait_member(self, room_id: str, user_id: str, *, timeout_s: float = 30) -> None:
        """Waits until a user has joined."""
        await self._do("waitMember", roomId=room_id, userId=user_id, timeoutMs=round(timeout_s * 1000))

    async def join(self, room_id: str) -> None:
        """Accepts an invitation."""
        await self._do("join", roomId=room_id)

    async def send(self, room_id: str, text: str) -> str:
        """Sends a text, encrypted where the room is; gives the event's id."""
        return str((await self._do("send", roomId=room_id, text=text))["eventId"])

    async def wait_message(
        self,
        room_id: str,
        sender: str,
        *,
        contains: str = "",
        skip: Collection[str] = (),
        failed: bool = False,
        timeout_s: float = 30,
    ) -> Seen:
        """The first readable text of a sender, not among the event ids `skip`; or with `failed` an unreadable one."""
        found = await self._do(
            "waitMessage",
            roomId=room_id,
            sender=sender,
            contains=contains,
            skip=list(skip),
            failed=failed,
            timeoutMs=round(timeout_s * 1000),
        )
        return _seen(found)

    async def trust(self, user_id: str) -> Trust:
        """How this client sees a user's devices."""
        found = await self._do("trust", userId=user_id)
        return Trust(identity=found["identity"], signed=found["signed"])

    async def wait_signed(self, user_id: str, device_id: str, *, timeout_s: float = 30) -> None:
        """Waits until this client sees a device as signed by its owner."""
        await self._do("waitSigned", userId=user_id, deviceId=device_id, timeoutMs=round(timeout_s * 1000))

    async def claim(self, user_id: str, device_id: str) -> tuple[str | None, bool]:
        """Claims one key of a device: its id, and whether it was the fallback key."""
        found = await self._do("claim", userId=user_id, deviceId=device_id)
        return found["keyId"], found["fallback"]

    async def _do(self, command: str, **arguments: Any) -> dict[str, Any]:
        if self._process is None or self._process.stdin is None:
            raise StrictClientError(f"{command}: the client is not running")
        number = next(self._numbers)
        reply = self._expect(number)
        request = {"id": number, "do": command, **arguments}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        await self._process.stdin.drain()
        return await reply

    def _expect(self, number: int) -> asyncio.Future[dict[str, Any]]:
        reply: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._waiting[number] = reply
        return reply

    async def _read(self) -> None:
        process = self._process
        if process is None or process.stdout is None:
            return
        async for line in process.stdout:
            self._settle(json.loads(line))
        for reply in self._waiting.values():
            if not reply.done():
                reply.set_exception(StrictClientError("the client ended"))

    def _settle(self, answer: dict[str, Any]) -> None:
        reply = self._waiting.pop(answer["id"], None)
        if reply is None or reply.done():
            return
        if "error" in answer:
            reply.set_exception(StrictClientError(answer["error"]))
        else:
            reply.set_result(answer["result"])


def _seen(found: dict[str, Any]) -> Seen:
    return Seen(
        event_id=found["eventId"],
        sender=found["sender"],
        body=found["body"],
        encrypted=found["encrypted"],
        failure=found["failure"],
        shield_colour=found["shieldColour"],
        shield_reason=found["shieldReason"],
    )
