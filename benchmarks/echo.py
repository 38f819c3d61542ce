"""The floor: a bare matrix-nio bot that answers every text with the same text, and keeps nothing.

`benchmarks.commands` starts it as a process of its own; its three settings come by the environment.
"""

import asyncio
import os

import nio

ADDRESS, USER, TOKEN = "ECHO_ADDRESS", "ECHO_USER", "ECHO_TOKEN"


async def echo(address: str, user: str, token: str) -> None:
    """Runs until it is cancelled or killed. Accepts every invitation."""
    client = nio.AsyncClient(address, user, config=nio.AsyncClientConfig(encryption_enabled=False))
    client.restore_login(user, "ECHO", token)

    async def answer(room: nio.MatrixRoom, event: nio.RoomMessageText) -> None:
        if event.sender != user:
            await client.room_send(room.room_id, "m.room.message", {"msgtype": "m.text", "body": event.body})

    async def accept(room: nio.MatrixRoom, event: nio.InviteMemberEvent) -> None:
        if event.state_key == user and event.membership == "invite":
            await client.join(room.room_id)

    client.add_event_callback(answer, nio.RoomMessageText)
    client.add_event_callback(accept, nio.InviteMemberEvent)
    try:
        await client.sync_forever(timeout=30_000)
    finally:
        await client.close()


def main() -> None:
    asyncio.run(echo(os.environ[ADDRESS], os.environ[USER], os.environ[TOKEN]))
