"""The key of a room's messages, sent to everyone's devices before the first message that needs it.

nio would do this inside its `room_send`, but it takes the key for sent when the homeserver refused it or could not
be reached, so that nobody could read what follows; and where claiming one-time keys fails it waits for ever the
next time. Here a key counts as sent once the homeserver took every part of it, and a fault is the caller's to
retry: who has the key already is not sent it again.
"""

import secrets

import nio

from bot.domain.ids import RoomId
from bot.matrix.http import V3, call, heard


async def share_room_key(client: nio.AsyncClient, room_id: RoomId) -> None:
    """Gives the room's current key to all devices in the room that lack it. Raises `MatrixError`.

    The client must know the room, its members and their devices. Unverified devices are served too: citizens
    have not met the service before.
    """
    olm = client.olm
    if client.should_query_keys:
        await heard(client.keys_query())
    if not olm.should_share_group_session(room_id):
        return
    if missing := client.get_missing_sessions(room_id):
        await heard(client.keys_claim(missing))
    users = list(client.rooms[room_id].users)
    for served, messages in olm.share_group_session_parallel(room_id, users, ignore_unverified_devices=True):
        path = f"{V3}/sendToDevice/m.room.encrypted/{secrets.token_hex(16)}"
        await call(client, "PUT", path, messages)
        olm.outbound_group_sessions[room_id].users_shared_with.update(served)
    olm.outbound_group_sessions[room_id].shared = True
