"""What nio must know of a room before it can encrypt into it, loaded when it is first needed.

Nothing is loaded at start, so a service with ten thousand appointment rooms is ready as soon as one with ten.
The members' devices are asked for anew the first time, since changes while we were away were not tracked.
"""

import nio

from bot.domain.ids import RoomId
from bot.matrix.crypto.room_keys import share_room_key
from bot.matrix.http import V3, MatrixError, call, heard, segment

NOT_FOUND = 404


class Rooms:
    def __init__(self, client: nio.AsyncClient) -> None:
        self._client = client
        self._known: set[str] = set()

    def forget(self, room_id: RoomId) -> None:
        self._known.discard(room_id)

    async def know(self, room_id: RoomId) -> None:
        """Makes ready for a message: a room's encryption and members are loaded once in the life of the process.

        Where it is encrypted, the key of its messages is with everyone afterwards. Raises `MatrixError`.
        """
        if room_id not in self._known or room_id not in self._client.rooms:
            await self._load(room_id)
        if self._client.rooms[room_id].encrypted:
            await share_room_key(self._client, room_id)

    async def _load(self, room_id: RoomId) -> None:
        room = self._client.rooms.setdefault(room_id, nio.MatrixRoom(room_id, self._client.user_id))
        room.encrypted = room.encrypted or await self._is_encrypted(room_id)
        if room.encrypted:
            await self._load_members(room_id, room)
        room.members_synced = True
        self._known.add(room_id)

    async def _is_encrypted(self, room_id: RoomId) -> bool:
        try:
            await call(self._client, "GET", f"{V3}/rooms/{segment(room_id)}/state/m.room.encryption")
        except MatrixError as error:
            if error.status == NOT_FOUND:
                return False
            raise
        return True

    async def _load_members(self, room_id: RoomId, room: nio.MatrixRoom) -> None:
        """Invited people too: they shall read what was said before they came in."""
        answer = await call(self._client, "GET", f"{V3}/rooms/{segment(room_id)}/members?not_membership=leave")
        for raw in answer.get("chunk", []):
            event = nio.RoomMemberEvent.from_dict(raw)
            if isinstance(event, nio.RoomMemberEvent):
                room.handle_membership(event)
        olm = self._client.olm
        olm.update_tracked_users(room)
        olm.users_for_key_query.update(room.users)
        if self._client.should_query_keys:
            await heard(self._client.keys_query())
