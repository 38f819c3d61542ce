"""The one port to the homeserver's administration, on loopback only: the web edge refuses these paths.

Holds the few calls that the municipality needs. Leaves the decision who may do what to `bot.actions`.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from bot.config.state import StateFolder
from bot.domain.ids import UserId, localpart_of
from bot.homeserver import credentials
from bot.homeserver.api import Api, Body, segment
from bot.homeserver.credentials import AdminCredentials
from bot.homeserver.errors import AccountDeactivatedError, AccountUnknownError, AdminError, TokenRevokedError
from bot.homeserver.own_room import OwnRoom, OwnRooms

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Account:
    """One local account as the homeserver knows it."""

    user_id: UserId
    display_name: str
    administrator: bool
    deactivated: bool


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in device."""

    user_id: UserId
    access_token: str
    device_id: str


class Admin:
    """The homeserver at `address` as its administrator; an async context manager.

    The administrator's account is made at the first call that needs it. A `user` is a localpart or a full
    Matrix id of this server. Every method raises `HomeserverUnreachableError` and `RefusedError`.
    """

    def __init__(self, address: str, server_name: str, state: StateFolder) -> None:
        self._server_name = server_name
        self._state = state
        self._api = Api(address)
        self._credentials = AdminCredentials(self._api, state)

    async def __aenter__(self) -> Self:
        await self._api.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._api.__aexit__(kind, error, trace)

    def user_id(self, user: str) -> UserId:
        return UserId(user if user.startswith("@") else f"@{user}:{self._server_name}")

    async def ensure_admin(self) -> None:
        """Makes the administrator's account and checks that its token is good."""
        await self._call("read token's owner", "GET", "/_matrix/client/v3/account/whoami")

    async def has_settled(self) -> bool:
        """Whether a new or upgraded database has finished its background updates."""
        status = await self._call("read background updates", "GET", "/_synapse/admin/v1/background_updates/status")
        return not status["current_updates"]

    async def server_version(self) -> str:
        """Synapse's version, such as `1.163.2`."""
        answer = await self._call("server version", "GET", "/_synapse/admin/v1/server_version")
        return str(answer["server_version"]).partition(" ")[0]

    async def account(self, user: str) -> Account | None:
        try:
            answer = await self._call("read account", "GET", self._user_path(user))
        except AccountUnknownError:
            return None
        return _account(answer)

    async def user_exists(self, user: str) -> bool:
        """Whether the name is taken; a deactivated account keeps its name for ever."""
        return await self.account(user) is not None

    async def ensure_user(self, localpart: str, password: str | None, display_name: str) -> bool:
        """Makes the account; True when it is new. Without a password nobody can sign in to it by one.

        A known account keeps its password and gets the display name. Raises `AccountDeactivatedError`.
        """
        known = await self.account(localpart)
        if known is None:
            await self._put(localpart, {"displayname": display_name, **_password(password)})
            return True
        if known.deactivated:
            raise AccountDeactivatedError("the account was deactivated")
        if known.display_name != display_name:
            await self._put(localpart, {"displayname": display_name})
        return False

    async def lift_rate_limit(self, user: str) -> None:
        """Frees the account's own token from every limiter: for the service's account only."""
        path = f"/_synapse/admin/v1/users/{segment(self.user_id(user))}/override_ratelimit"
        await self._call("lift rate limit", "POST", path, {"messages_per_second": 0, "burst_count": 0})

    async def make_findable(self, localpart: str, room: OwnRoom) -> bool:
        """Keeps a room of the service's own, by which the user directory finds it; True when it is new.

        Raises `AdminError` where the application service's tokens are missing.
        """
        tokens = self._state.read_secret("appservice.json")
        if tokens is None:
            raise AdminError("secrets/appservice.json is missing: the homeserver was never configured here")
        return await OwnRooms(self._api, str(tokens["as_token"]), self.user_id(localpart)).ensure(room)

    async def deactivate(self, user: str) -> None:
        """Signs the account out everywhere, for good. Raises `AccountUnknownError`."""
        path = f"/_synapse/admin/v1/deactivate/{segment(self.user_id(user))}"
        await self._call("deactivate", "POST", path, {"erase": False})

    async def reactivate(self, user: str, password: str) -> None:
        """Brings a deactivated account back with a new password; its old devices stay signed out.

        Synapse 1.163 refuses this (500) in a new state's first seconds, until its background updates are done.
        """
        await self._put(user, {"deactivated": False, **_password(password)})

    async def reset_password(self, user: str, password: str) -> None:
        """Sets the password and signs every device out. Raises `AccountUnknownError`."""
        path = f"/_synapse/admin/v1/reset_password/{segment(self.user_id(user))}"
        await self._call("reset password", "POST", path, {"new_password": password, "logout_devices": True})

    async def users(self) -> AsyncIterator[Account]:
        """All local accounts, the deactivated among them, by name."""
        start: str | None = "0"
        while start is not None:
            path = f"/_synapse/admin/v2/users?from={start}&limit={_PAGE}&deactivated=true&order_by=name"
            answer = await self._call("list accounts", "GET", path)
            for entry in answer["users"]:
                yield _account(entry)
            start = answer.get("next_token")

    async def register(self, localpart: str, password: str) -> Session:
        """A new account with its first device. Raises `AccountExistsError`."""
        answer = await credentials.register(self._api, self._state, localpart, password)
        return _session(answer)

    async def login(self, user: str, password: str, *, device_name: str = "eÄhtäri") -> Session:
        """A new device of an account. Raises `WrongPasswordError`."""
        localpart = localpart_of(self.user_id(user))
        return _session(await credentials.login(self._api, localpart, password, device_name))

    def _user_path(self, user: str) -> str:
        return f"/_synapse/admin/v2/users/{segment(self.user_id(user))}"

    async def _put(self, user: str, body: Body) -> None:
        await self._call("write account", "PUT", self._user_path(user), body)

    async def _call(self, operation: str, method: str, path: str, body: Body | None = None) -> dict[str, Any]:
        token = await self._credentials.token()
        try:
            return await self._api.call(operation, method, path, body, token=token)
        except TokenRevokedError:
            token = await self._credentials.token(instead_of=token)
            return await self._api.call(operation, method, path, body, token=token)


def _password(password: str | None) -> dict[str, str]:
    return {} if password is None else {"password": password}


def _account(entry: dict[str, Any]) -> Account:
    return Account(
        user_id=UserId(str(entry["name"])),
        display_name=str(entry.get("displayname") or ""),
        administrator=bool(entry.get("admin")),
        deactivated=bool(entry.get("deactivated")),
    )


def _session(answer: dict[str, Any]) -> Session:
    return Session(UserId(str(answer["user_id"])), str(answer["access_token"]), str(answer["device_id"]))
