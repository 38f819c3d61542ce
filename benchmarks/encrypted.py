"""The same questions in encrypted rooms: clients of their own, and the floor with its own encryption on.

Runs beside the service after the plain measurement and in the same turns. The clients' encrypting and decrypting
are part of the figures on both sides; the exchange of keys is over before. Leaves asking to `benchmarks.turns`.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Self

import nio
from nio.store import SqliteMemoryStore

from benchmarks.stack import echo_bot
from benchmarks.turns import ASKED, Bench, Side, Size, book, chat, in_turns, settled, tell
from bot.config.state import StateFolder
from bot.matrix.http import V3, call, segment
from bot.matrix.person import Person
from tests.support.homeserver import TrialHomeserver

ALGORITHM = "m.megolm.v1.aes-sha2"
_JOINED = 60.0
_LOOKED_BACK = 500


class EncryptedPerson(Person):
    """Hears only what came encrypted and could be decrypted, and says nothing in the clear. Its keys die with it."""

    def __init__(self, address: str, localpart: str, password: str) -> None:
        super().__init__(address, localpart, password)
        config = nio.AsyncClientConfig(encryption_enabled=True, store=SqliteMemoryStore)
        self._client = nio.AsyncClient(address, localpart, config=config)

    async def __aenter__(self) -> Self:
        _sound(await self._client.login(self._password), nio.LoginResponse)
        _sound(await self._client.keys_upload(), nio.KeysUploadResponse)
        await self._sync(0)
        return self

    async def _sync(self, poll: int) -> None:
        rooms = _sound(await self._client.sync(timeout=poll), nio.SyncResponse).rooms
        self.invited |= set(rooms.invite)
        for room_id, part in rooms.join.items():
            self._events += [(room_id, event.source) for event in part.timeline.events if event.decrypted]
        if self._client.should_query_keys:
            _sound(await self._client.keys_query(), nio.KeysQueryResponse)

    async def chat_with(self, user: str) -> str:
        """A direct room, as Element makes it."""
        encryption = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": ALGORITHM}}
        body = {"preset": "trusted_private_chat", "is_direct": True, "invite": [user], "initial_state": [encryption]}
        return str((await call(self._client, "POST", f"{V3}/createRoom", body))["room_id"])

    async def meet(self, room_id: str, user: str) -> None:
        """Back when somebody who was invited has joined: what is said earlier has no key for them."""
        async with asyncio.timeout(_JOINED):
            while not self._is_in(room_id, user):
                await self._sync(5000)

    def _is_in(self, room_id: str, user: str) -> bool:
        room = self._client.rooms.get(room_id)
        return room is not None and user in room.users and user not in room.invited_users

    async def send(self, room_id: str, content: Mapping[str, Any], kind: str = "m.room.message") -> str:
        if not self._client.rooms[room_id].encrypted:
            raise RuntimeError("a room that should be encrypted is not")
        sent = await self._client.room_send(room_id, kind, dict(content), ignore_unverified_devices=True)
        return str(_sound(sent, nio.RoomSendResponse).event_id)

    async def prove(self, room_id: str) -> None:
        """Raises RuntimeError where the homeserver holds a message of the room in the clear, or none at all."""
        path = f"{V3}/rooms/{segment(room_id)}/messages?dir=b&limit={_LOOKED_BACK}"
        kinds = Counter(event["type"] for event in (await call(self._client, "GET", path))["chunk"])
        if kinds["m.room.message"] or not kinds["m.room.encrypted"]:
            raise RuntimeError("a message of an encrypted room was not encrypted")


@dataclass(frozen=True, slots=True)
class Encrypted:
    """What was measured; latencies in seconds."""

    service: Side
    echo: Side
    booked: list[float]


async def measure_encrypted(bench: Bench, state: StateFolder, size: Size) -> Encrypted:
    """Beside a running bench. Raises RuntimeError where a room's messages were not encrypted after all."""
    async with _with_encryption(bench, state, size.clients) as encrypted:
        await in_turns(encrypted, size)
        tell("both were asked one by one in encrypted rooms")
        return Encrypted(encrypted.service, encrypted.echo, await book(encrypted, size.booked))


@asynccontextmanager
async def _with_encryption(bench: Bench, state: StateFolder, clients: int) -> AsyncIterator[Bench]:
    """The same service and homeserver, with other clients and another echo bot. All rooms are proved at the end."""
    homeserver = bench.homeserver
    async with AsyncExitStack() as stack:
        floor = await homeserver.register("salakaiku")
        pid = await stack.enter_async_context(echo_bot(state, homeserver, floor, encrypted=True))
        people = [await stack.enter_async_context(await newcomer(homeserver, n)) for n in range(clients)]
        served = await asyncio.gather(*(_chat(person, f"@palvelu:{homeserver.server_name}") for person in people))
        echoed = await asyncio.gather(*(chat_with_echo(person, floor.user_id) for person in people))
        await settled(bench.store)
        tell("the clients have their encrypted rooms")
        service, echo = Side("service", bench.service.pid, served), Side("echo", pid, echoed)
        yield replace(bench, people=list[Person](people), service=service, echo=echo)
        for person, *rooms in zip(people, served, echoed, strict=True):
            await asyncio.gather(*(person.prove(room) for room in rooms))


async def newcomer(homeserver: TrialHomeserver, number: int) -> EncryptedPerson:
    name = f"salamittaaja{number}"
    return EncryptedPerson(homeserver.url, name, (await homeserver.register(name)).password)


async def _chat(person: EncryptedPerson, user: str) -> str:
    """The greeting carries the service's key, the first question the client's."""
    room = await chat(person, user)
    await person.ask(room, ASKED, limit=60)
    return room


async def chat_with_echo(person: EncryptedPerson, user: str) -> str:
    """The first question carries the client's key, the first answer the bot's."""
    room = await person.chat_with(user)
    await person.meet(room, user)
    await person.ask(room, ASKED, limit=60)
    return room


def _sound(answer: Any, kind: type) -> Any:
    if not isinstance(answer, kind):
        raise RuntimeError(f"the homeserver answered with {type(answer).__name__}")  # noqa: TRY004 - its fault, not a type's
    return answer
