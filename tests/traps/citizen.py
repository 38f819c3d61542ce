"""A citizen's client that encrypts, built on nio, and whose keys can be held back as a slow connection would."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nio

from bot.matrix.http import JSON, V3, call, segment
from bot.matrix.identity import publish_device
from tests.support.homeserver import TrialHomeserver
from tests.traps.faulty import SERVICE

ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


@dataclass
class Citizen:
    client: nio.AsyncClient
    _sent: int = 0

    @property
    def user_id(self) -> str:
        return str(self.client.user_id)

    async def room_with(self, service: nio.AsyncClient, *, encrypted: bool = True) -> str:
        """A direct room that both are in and the citizen's client knows."""
        state = [ENCRYPTION] if encrypted else []
        body = {"preset": "trusted_private_chat", "is_direct": True, "invite": [SERVICE], "initial_state": state}
        room_id = str((await call(self.client, "POST", f"{V3}/createRoom", body))["room_id"])
        await call(service, "POST", f"{V3}/rooms/{segment(room_id)}/join", {})
        await self.look()
        return room_id

    async def bring(self, other: "Citizen", room_id: str) -> None:
        """Invites somebody, who joins."""
        await call(self.client, "POST", f"{V3}/rooms/{segment(room_id)}/invite", {"user_id": other.user_id})
        await call(other.client, "POST", f"{V3}/rooms/{segment(room_id)}/join", {})
        await other.look()

    async def look(self) -> None:
        """One sync, and the keys of new devices."""
        answer = await self.client.sync(timeout=0, full_state=True)
        assert isinstance(answer, nio.SyncResponse), answer
        if self.client.should_query_keys:
            await self.client.keys_query()

    async def send(self, room_id: str, content: Mapping[str, Any], kind: str = "m.room.message") -> str:
        """As it is, without encryption."""
        self._sent += 1
        path = f"{V3}/rooms/{segment(room_id)}/send/{kind}/{self._sent}"
        return str((await call(self.client, "PUT", path, dict(content)))["event_id"])

    async def whisper(self, room_id: str, body: str) -> str:
        """Encrypted to all devices in the room."""
        content = {"msgtype": "m.text", "body": body}
        answer = await self.client.room_send(room_id, "m.room.message", content, ignore_unverified_devices=True)
        assert isinstance(answer, nio.RoomSendResponse), answer
        return str(answer.event_id)

    async def whisper_without_key(self, room_id: str, body: str) -> tuple[str, JSON]:
        """Encrypted, the key not sent: the event, and what `send_to_device` has to send for it to be read."""
        olm = self.client.olm
        if missing := self.client.get_missing_sessions(room_id):
            await self.client.keys_claim(missing)
        users = list(self.client.rooms[room_id].users)
        ((_, keys),) = olm.share_group_session_parallel(room_id, users, ignore_unverified_devices=True)
        olm.outbound_group_sessions[room_id].shared = True
        return await self.whisper(room_id, body), keys

    async def send_to_device(self, messages: JSON, kind: str = "m.room.encrypted") -> None:
        self._sent += 1
        await call(self.client, "PUT", f"{V3}/sendToDevice/{kind}/{self._sent}", messages)

    async def last_word(self, room_id: str, sender: str = SERVICE) -> nio.Event:
        """The newest message of somebody else, opened where it can be."""
        await self.look()
        answer = await self.client.room_messages(room_id, limit=20)
        assert isinstance(answer, nio.RoomMessagesResponse), answer
        return next(event for event in answer.chunk if event.sender == sender and isinstance(event, _SPOKEN))


_SPOKEN = (nio.RoomMessageText, nio.MegolmEvent)


@asynccontextmanager
async def citizen_of(homeserver: TrialHomeserver, localpart: str, folder: Path) -> AsyncIterator[Citizen]:
    account = await homeserver.register(localpart)
    folder.mkdir()  # noqa: ASYNC240 -- one folder, before anything runs
    config = nio.AsyncClientConfig(store_sync_tokens=True, encryption_enabled=True)
    device = await _device_of(homeserver, account.access_token)
    client = nio.AsyncClient(homeserver.url, account.user_id, device_id=device, store_path=str(folder), config=config)
    client.restore_login(account.user_id, device, account.access_token)
    try:
        await publish_device(client)
        yield Citizen(client)
    finally:
        await client.close()


async def _device_of(homeserver: TrialHomeserver, token: str) -> str:
    client = nio.AsyncClient(homeserver.url)
    client.access_token = token
    try:
        return str((await call(client, "GET", f"{V3}/account/whoami"))["device_id"])
    finally:
        await client.close()
