"""A person at a Matrix client, for the demonstration, the tests and the benchmarks: logs in, writes, waits.

Speaks the client-server API in plain rooms; encrypted ones are tested with matrix-js-sdk. Not part of the service.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import nio

from bot.matrix.http import V3, call, segment

ANYWHERE = ""
Predicate = Callable[[Mapping[str, Any]], bool]


class NothingHeardError(Exception):
    """What was waited for did not come in time."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An event in a room, and seconds of waiting for it."""

    room_id: str
    event_id: str
    body: str
    content: Mapping[str, Any]
    waited: float


class Person:
    """An async context manager: logs in, and out by closing."""

    def __init__(self, address: str, localpart: str, password: str) -> None:
        self._client = nio.AsyncClient(address, localpart)
        self._localpart = localpart
        self._password = password
        self._since: str | None = None
        self._events: list[tuple[str, Mapping[str, Any]]] = []
        self._sent = 0
        self.invited: set[str] = set()

    @property
    def user_id(self) -> str:
        return str(self._client.user_id)

    async def __aenter__(self) -> Self:
        body = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": self._localpart},
            "password": self._password,
        }
        answer = await call(self._client, "POST", f"{V3}/login", body)
        self._client.access_token = answer["access_token"]
        self._client.user_id = answer["user_id"]
        await self._sync(0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.close()

    async def _sync(self, poll: int) -> None:
        since = "" if self._since is None else f"&since={segment(self._since)}"
        raw = await call(self._client, "GET", f"{V3}/sync?timeout={poll}{since}", timeout_s=poll / 1000 + 20)
        self._since = raw["next_batch"]
        rooms = raw.get("rooms", {})
        self.invited |= set(rooms.get("invite", {}))
        for room_id, part in rooms.get("join", {}).items():
            self._events += [(room_id, event) for event in part.get("timeline", {}).get("events", [])]

    async def chat_with(self, user: str) -> str:
        """A direct room, as Element makes it, but plain."""
        body = {"preset": "trusted_private_chat", "is_direct": True, "invite": [user]}
        return str((await call(self._client, "POST", f"{V3}/createRoom", body))["room_id"])

    async def join(self, room_id: str) -> None:
        await call(self._client, "POST", f"{V3}/rooms/{segment(room_id)}/join", {})
        self.invited.discard(room_id)

    async def send(self, room_id: str, content: Mapping[str, Any], kind: str = "m.room.message") -> str:
        self._sent += 1
        path = f"{V3}/rooms/{segment(room_id)}/send/{kind}/{time.time_ns()}-{self._sent}"
        return str((await call(self._client, "PUT", path, dict(content)))["event_id"])

    async def say(self, room_id: str, body: str) -> str:
        return await self.send(room_id, {"msgtype": "m.text", "body": body})

    async def react(self, room_id: str, event_id: str, key: str) -> str:
        relation = {"rel_type": "m.annotation", "event_id": event_id, "key": key}
        return await self.send(room_id, {"m.relates_to": relation}, "m.reaction")

    async def hear(self, room_id: str, suits: Predicate | str = "", limit: float = 20.0) -> Heard:
        """The next message of somebody else in a room or `ANYWHERE`, heard once. Raises `NothingHeardError`."""
        begun = time.monotonic()
        while True:
            for index, (where, event) in enumerate(self._events):
                if room_id in {where, ANYWHERE} and self._is(event, suits):
                    del self._events[index]
                    return _heard(where, event, time.monotonic() - begun)
            left = limit - (time.monotonic() - begun)
            if left <= 0:
                raise NothingHeardError(f"nothing suitable was heard in {limit:.0f} s")
            await self._sync(int(min(left, 5) * 1000))

    def _is(self, event: Mapping[str, Any], suits: Predicate | str) -> bool:
        if event.get("type") != "m.room.message" or event.get("sender") == self.user_id:
            return False
        content: Mapping[str, Any] = event.get("content", {})
        return suits in str(content.get("body", "")) if isinstance(suits, str) else suits(content)

    async def ask(self, room_id: str, body: str, suits: Predicate | str = "", limit: float = 20.0) -> Heard:
        """Says something and hears the answer; what was said before is passed over."""
        self._events = [(where, event) for where, event in self._events if where != room_id]
        await self.say(room_id, body)
        return await self.hear(room_id, suits, limit)

    async def next_invitation(self, limit: float = 20.0) -> str:
        """Accepts the next invitation and returns the room."""
        async with asyncio.timeout(limit):
            while not self.invited:
                await self._sync(5000)
        room_id = next(iter(self.invited))
        await self.join(room_id)
        return room_id

    async def room_named(self, part: str, limit: float = 20.0) -> str:
        """Accepts invitations until one leads into a room whose name holds `part`."""
        while True:
            room_id = await self.next_invitation(limit)
            path = f"{V3}/rooms/{segment(room_id)}/state/m.room.name"
            if part in str((await call(self._client, "GET", path)).get("name", "")):
                return room_id

    async def members(self, room_id: str) -> set[str]:
        """Joined and invited."""
        answer = await call(self._client, "GET", f"{V3}/rooms/{segment(room_id)}/members?not_membership=leave")
        return {str(event["state_key"]) for event in answer["chunk"]}


def _heard(room_id: str, event: Mapping[str, Any], waited: float) -> Heard:
    content: Mapping[str, Any] = event.get("content", {})
    return Heard(room_id, str(event["event_id"]), str(content.get("body", "")), content, waited)
