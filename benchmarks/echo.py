"""The floor: a bare matrix-nio bot that answers every text with the same text, and keeps nothing.

`benchmarks.commands` starts it as a process of its own; its settings come by the environment. With encryption on,
nio's own handling of keys is used as it is, its keys are in memory, and no device is verified.
"""

import asyncio
import os

import nio
from nio.store import SqliteMemoryStore

ADDRESS, USER, TOKEN, ENCRYPTED = "ECHO_ADDRESS", "ECHO_USER", "ECHO_TOKEN", "ECHO_ENCRYPTED"
YES = "yes"
"""What `ECHO_ENCRYPTED` says where the bot is to encrypt."""


async def echo(address: str, user: str, token: str, *, encrypted: bool = False) -> None:
    """Runs until it is cancelled or killed. Accepts every invitation."""
    client = await _client(address, user, token, encrypted=encrypted)

    async def answer(room: nio.MatrixRoom, event: nio.RoomMessageText) -> None:
        if event.sender != user:
            content = {"msgtype": "m.text", "body": event.body}
            await client.room_send(room.room_id, "m.room.message", content, ignore_unverified_devices=True)

    async def accept(room: nio.MatrixRoom, event: nio.InviteMemberEvent) -> None:
        if event.state_key == user and event.membership == "invite":
            await client.join(room.room_id)

    client.add_event_callback(answer, nio.RoomMessageText)
    client.add_event_callback(accept, nio.InviteMemberEvent)
    try:
        await client.sync_forever(timeout=30_000)
    finally:
        await client.close()


async def _client(address: str, user: str, token: str, *, encrypted: bool) -> nio.AsyncClient:
    """Its keys belong to the device of the token, and are published before it joins a room."""
    config = nio.AsyncClientConfig(encryption_enabled=encrypted, store=SqliteMemoryStore)
    client = nio.AsyncClient(address, user, config=config)
    client.access_token = token
    client.restore_login(user, (await client.whoami()).device_id if encrypted else "ECHO", token)
    if encrypted and not isinstance(uploaded := await client.keys_upload(), nio.KeysUploadResponse):
        raise RuntimeError(f"the keys were not taken: {type(uploaded).__name__}")
    return client


def main() -> None:
    encrypted = os.environ.get(ENCRYPTED) == YES
    asyncio.run(echo(os.environ[ADDRESS], os.environ[USER], os.environ[TOKEN], encrypted=encrypted))
