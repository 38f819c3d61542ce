"""Accounts of our application service that stand for guests by link in a room's call.

Each step may be repeated: what is there already is left as it is. A guest's account has no password and no session;
only we act as it (client-server API, "Identity assertion"). Which guests are shown is `bot.actions`' matter.
"""

from typing import Any

import nio

from bot.domain.ids import RoomId, UserId, localpart_of
from bot.matrix.http import V3, MatrixError, call, segment

MEMBER = "org.matrix.msc3401.call.member"
"""Who is in a room's call (MSC4143, as clients call it today)."""
EXPIRES_MS = 24 * 3_600_000
"""After this clients take a membership for forgotten; no meeting lasts longer."""
_REGISTRATION = "m.login.application_service"
_THERE_ALREADY = frozenset({"M_USER_IN_USE", "M_FORBIDDEN"})


class GuestAccounts:
    """`token_address` is where clients ask for media tokens, as the municipality announces it."""

    def __init__(self, address: str, as_token: str, token_address: str) -> None:
        self._service = nio.AsyncClient(address)
        self._service.access_token = as_token
        self._token_address = token_address

    async def show(self, host: nio.AsyncClient, room_id: RoomId, user: UserId, device: str, name: str) -> None:
        """Makes the account where there is none, and shows it in the call. `host` may invite. Raises `MatrixError`."""
        registration = {"type": _REGISTRATION, "username": localpart_of(user), "inhibit_login": True}
        await _unless_there(self._as(None, "POST", "/register", registration))
        await self._as(user, "PUT", f"/profile/{segment(user)}/displayname", {"displayname": name})
        await _unless_there(call(host, "POST", f"{V3}/rooms/{segment(room_id)}/invite", {"user_id": user}))
        await self._as(user, "POST", f"/join/{segment(room_id)}", {})
        await self._as(user, "PUT", _state(room_id, user, device), self._membership(room_id, user, device))

    async def hide(self, room_id: RoomId, user: UserId, device: str) -> None:
        """Out of the call, out of the room, and without a name. Who is not in it is not hidden again.

        Raises `MatrixError`.
        """
        await _unless_there(self._as(user, "PUT", _state(room_id, user, device), {}))
        await _unless_there(self._as(user, "POST", f"/rooms/{segment(room_id)}/leave", {}))
        await self._as(user, "PUT", f"/profile/{segment(user)}/displayname", {"displayname": ""})

    async def close(self) -> None:
        await self._service.close()

    async def _as(self, user: UserId | None, method: str, path: str, body: dict[str, Any]) -> Any:
        asserted = "" if user is None else f"?user_id={segment(user)}"
        return await call(self._service, method, f"{V3}{path}{asserted}", body)

    def _membership(self, room_id: RoomId, user: UserId, device: str) -> dict[str, Any]:
        focus = {"type": "livekit", "livekit_alias": room_id, "livekit_service_url": self._token_address}
        return {
            "application": "m.call",
            "call_id": "",
            "scope": "m.room",
            "device_id": device,
            "membershipID": f"{user}:{device}",
            "expires": EXPIRES_MS,
            "m.call.intent": "video",
            "focus_active": {"type": "livekit", "focus_selection": "multi_sfu"},
            "foci_preferred": [focus],
        }


def _state(room_id: RoomId, user: UserId, device: str) -> str:
    return f"/rooms/{segment(room_id)}/state/{MEMBER}/{segment(f'_{user}_{device}_m.call')}"


async def _unless_there(asked: Any) -> None:
    """What is as it should be already is refused with one of two codes, and that is fine."""
    try:
        await asked
    except MatrixError as error:
        if error.errcode not in _THERE_ALREADY:
            raise
