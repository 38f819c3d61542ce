"""The smallest service that stands on `bot.matrix.identity`: it joins where it is invited and says back what it reads.

Stands in for the real service in these tests: they know only `start`, `stop`, `heard`, `unread` and `reports`.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import nio

from bot.matrix.http import V3, call
from bot.matrix.identity import Identity, KeyReport, ensure_identity, publish_device, tend_keys

SYNC_MS = 10_000


async def connect(url: str, user_id: str, password: str, folder: Path, device_id: str = "PALVELU") -> nio.AsyncClient:
    """A logged-in client on the folder's crypto store; the same folder gives the same device and token again."""
    config = nio.AsyncClientConfig(store_sync_tokens=True, encryption_enabled=True)
    client = nio.AsyncClient(url, user_id, device_id=device_id, store_path=str(folder), config=config)
    kept = folder / f"{device_id}.token"
    if kept.exists():
        client.restore_login(user_id, device_id, kept.read_text())
        return client
    answer = await client.login(password)
    assert isinstance(answer, nio.LoginResponse), answer
    kept.write_text(answer.access_token)
    return client


@dataclass
class Echo:
    """`heard` has the texts that were read, `unread` counts the others, `reports` tell what was done to keys."""

    url: str
    user_id: str
    password: str
    folder: Path
    signed: bool = True
    heard: list[str] = field(default_factory=list)
    unread: int = 0
    reports: list[KeyReport] = field(default_factory=list)
    identity: Identity | None = None
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _client: Any = None
    _loop: asyncio.Task[None] | None = None

    @property
    def key_file(self) -> Path:
        return self.folder / "identity.json"

    @property
    def client(self) -> nio.AsyncClient:
        return self._client

    async def start(self) -> None:
        self._client = await connect(self.url, self.user_id, self.password, self.folder)
        self._client.add_event_callback(self._on_text, nio.RoomMessageText)
        self._client.add_event_callback(self._on_unread, nio.MegolmEvent)
        self._client.add_event_callback(self._on_invite, nio.InviteMemberEvent)
        if self.signed:
            self.identity = await ensure_identity(self._client, self.key_file)
        else:
            await publish_device(self._client)
        self._loop = asyncio.create_task(self._run(), name="echo service")

    async def stop(self) -> None:
        if self._loop is not None:
            self._loop.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._loop
        await self._client.close()

    async def until(self, holds: Callable[[], bool], within_s: float = 30) -> None:
        """Waits until something that the service does makes the condition true."""
        async with asyncio.timeout(within_s), self._changed:
            await self._changed.wait_for(holds)

    async def _run(self) -> None:
        await self._sync(full_state=True)
        while True:
            await self._sync(full_state=False)

    async def _sync(self, *, full_state: bool) -> None:
        client = self._client
        since = client.next_batch or client.loaded_sync_token
        asked: dict[str, Any] = {"timeout": 0 if full_state else SYNC_MS, "full_state": json.dumps(full_state)}
        path = f"{V3}/sync?{urlencode(asked | ({'since': since} if since else {}))}"
        raw = await call(client, "GET", path, timeout_s=SYNC_MS / 1000 + 20)
        await client.receive_response(nio.SyncResponse.from_dict(raw))
        counts, unused = raw.get("device_one_time_keys_count"), raw.get("device_unused_fallback_key_types")
        self.reports.append(await tend_keys(client, counts, unused))
        if client.should_query_keys:
            await client.keys_query()
        await client.send_to_device_messages()
        async with self._changed:
            self._changed.notify_all()

    async def _on_invite(self, room: nio.MatrixInvitedRoom, event: nio.InviteMemberEvent) -> None:
        if event.state_key == self.user_id and event.membership == "invite":
            await self._client.join(room.room_id)

    async def _on_unread(self, _room: nio.MatrixRoom, _event: nio.MegolmEvent) -> None:
        self.unread += 1

    async def _on_text(self, room: nio.MatrixRoom, event: nio.RoomMessageText) -> None:
        if event.sender == self.user_id or not event.decrypted:
            return
        self.heard.append(event.body)
        content = {"msgtype": "m.notice", "body": f"kaiku: {event.body}"}
        sent = await self._client.room_send(room.room_id, "m.room.message", content, ignore_unverified_devices=True)
        assert isinstance(sent, nio.RoomSendResponse), sent
