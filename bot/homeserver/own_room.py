"""The room in which the service stands alone, so that the user directory's search finds it.

With `search_all_users` off, Synapse shows an account to those who share a room with it, and to everybody where it
is in a room whose history the world may read. The room is by invitation only, nobody is ever invited, and it is
in no list of rooms. Its alias is reserved for the application service, so nobody can take it first.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bot.domain.ids import UserId, server_of
from bot.homeserver.api import Api, Body, segment
from bot.homeserver.errors import AliasTakenError, RefusedError

ALIAS = "_eahtari_service"
_V3 = "/_matrix/client/v3"
_VISIBILITY = "m.room.history_visibility"
_WORLD = "world_readable"
_LAST = "m.room.topic"
"""The last event of a room that is made with a topic."""


@dataclass(frozen=True, slots=True)
class OwnRoom:
    name: str
    topic: str


class OwnRooms:
    """Calls as the service's account by the application service's token (its API, "Identity assertion").

    That needs no device of the account. Every call raises `HomeserverUnreachableError` and `RefusedError`.
    """

    def __init__(self, api: Api, as_token: str, service: UserId) -> None:
        self._api = api
        self._token = as_token
        self._service = service
        self._alias = f"{_V3}/directory/room/{segment(f'#{ALIAS}:{server_of(service)}')}"

    async def ensure(self, room: OwnRoom) -> bool:
        """Makes the room where there is none that serves; True when it is new.

        A room whose making was cut short, or that the service is no longer in, loses the alias to a new one.
        """
        known = await self._known()
        if known is not None and await self._serves(known):
            return False
        if known is not None:
            await self._give_up(known)
        with suppress(AliasTakenError):  # a parallel start was faster
            await self._call("make own room", "POST", f"{_V3}/createRoom", _creation(room))
        return True

    async def _give_up(self, room_id: str) -> None:
        await self._call("free alias", "DELETE", self._alias)
        with suppress(RefusedError):  # half a room, or one that the service is not in
            await self._call("leave own room", "POST", f"{_V3}/rooms/{segment(room_id)}/leave", {})

    async def _known(self) -> str | None:
        try:
            return str((await self._call("find own room", "GET", self._alias))["room_id"])
        except RefusedError as error:
            if error.code == "M_NOT_FOUND":
                return None
            raise

    async def _serves(self, room_id: str) -> bool:
        """Whether the room is whole, open to the eyes of the world, and the service is in it."""
        try:
            visibility = await self._state(room_id, _VISIBILITY)
            await self._state(room_id, _LAST)
            member = await self._state(room_id, "m.room.member", self._service)
        except RefusedError as error:
            if error.code in {"M_FORBIDDEN", "M_NOT_FOUND"}:
                return False
            raise
        return visibility.get("history_visibility") == _WORLD and member.get("membership") == "join"

    async def _state(self, room_id: str, kind: str, key: str = "") -> dict[str, Any]:
        path = f"{_V3}/rooms/{segment(room_id)}/state/{kind}/{segment(key)}"
        return await self._call("look at own room", "GET", path)

    async def _call(self, operation: str, method: str, path: str, body: Body | None = None) -> dict[str, Any]:
        path = f"{path}?user_id={segment(self._service)}"
        return await self._api.call(operation, method, path, body, token=self._token)


def _creation(room: OwnRoom) -> dict[str, Any]:
    state = ((_VISIBILITY, {"history_visibility": _WORLD}), ("m.room.guest_access", {"guest_access": "forbidden"}))
    return {
        "preset": "private_chat",
        "visibility": "private",
        "room_alias_name": ALIAS,
        "name": room.name,
        "topic": room.topic,
        "initial_state": [{"type": kind, "state_key": "", "content": content} for kind, content in state],
        "power_level_content_override": {"invite": 100, "state_default": 100, "events_default": 100},
    }
