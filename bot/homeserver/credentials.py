"""The administrator's account: made once by the shared secret, its token kept in `secrets/admin.json`.

Any step may be cut off and repeated: the password is on disk before the account exists, and a token that was
revoked is replaced by a login.
"""

import asyncio
import hashlib
import hmac
import secrets
from contextlib import suppress

from bot.config.state import Secret, StateFolder
from bot.homeserver.api import Api
from bot.homeserver.errors import AccountExistsError, AdminError

FILE = "admin.json"


class AdminCredentials:
    """The administrator's token, made when it is first asked for."""

    def __init__(self, api: Api, state: StateFolder) -> None:
        self._api = api
        self._state = state
        self._lock = asyncio.Lock()
        self._known: str | None = None

    async def token(self, *, instead_of: str | None = None) -> str:
        """The token; a new one when the known one is `instead_of`, which the homeserver has refused."""
        async with self._lock:
            account = self._state.secret_made_once(FILE, _new_account)
            known = account.get("access_token")
            if isinstance(known, str) and known != instead_of:
                return known
            if known is None:
                with suppress(AccountExistsError):  # made by an earlier start that was cut off before this point
                    await self._register(account)
            return await self._login(account)

    async def _register(self, account: Secret) -> None:
        await register(self._api, self._state, str(account["localpart"]), str(account["password"]), administrator=True)

    async def _login(self, account: Secret) -> str:
        answer = await login(self._api, str(account["localpart"]), str(account["password"]), "administration")
        account |= {"access_token": answer["access_token"], "user_id": answer["user_id"]}
        self._state.write_secret(FILE, account)
        return str(answer["access_token"])


async def register(
    api: Api, state: StateFolder, localpart: str, password: str, *, administrator: bool = False
) -> Secret:
    """Registers by the shared secret (Synapse, "Shared-Secret Registration") and returns Synapse's answer.

    The MAC is HMAC-SHA1 over nonce, name, password and role, joined by NUL. Raises `AccountExistsError`.
    """
    known = state.read_secret("synapse.json")
    if known is None:
        raise AdminError("secrets/synapse.json is missing: the homeserver was never configured here")
    path = "/_synapse/admin/v1/register"
    nonce = str((await api.call("register", "GET", path))["nonce"])
    role = "admin" if administrator else "notadmin"
    signed = f"{nonce}\0{localpart}\0{password}\0{role}".encode()
    mac = hmac.new(str(known["registration_shared_secret"]).encode(), signed, hashlib.sha1).hexdigest()
    body = {"nonce": nonce, "username": localpart, "password": password, "admin": administrator, "mac": mac}
    return await api.call("register", "POST", path, body)


async def login(api: Api, localpart: str, password: str, device_name: str) -> Secret:
    """A new device's `user_id`, `access_token` and `device_id`. Raises `WrongPasswordError`."""
    body = {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": localpart},
        "password": password,
        "initial_device_display_name": device_name,
    }
    return await api.call("login", "POST", "/_matrix/client/v3/login", body)


def _new_account() -> Secret:
    return {
        "localpart": f"eahtari-admin-{secrets.token_hex(3)}",
        "password": secrets.token_urlsafe(24),
        "access_token": None,
    }
