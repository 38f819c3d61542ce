"""What the operator's check-up asks in the name of the service's account, beside the running service.

Opens no crypto store, which belongs to the running service, and changes nothing.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import nio

from bot.matrix.http import V3, call
from bot.matrix.identity import CryptoHealth, crypto_health


@asynccontextmanager
async def _account(address: str, session: Mapping[str, str]) -> AsyncIterator[nio.AsyncClient]:
    plain = nio.AsyncClientConfig(encryption_enabled=False, max_limit_exceeded=0, max_timeouts=0)
    client = nio.AsyncClient(address, session["user_id"], device_id=session["device_id"], config=plain)
    client.user_id, client.access_token = session["user_id"], session["access_token"]
    try:
        yield client
    finally:
        await client.close()


async def account_keys(address: str, session: Mapping[str, str], key_file: Path) -> CryptoHealth:
    """The state of the account's encryption. `session` is `secrets/service.json`.

    Raises `MatrixError` and `KeyFileError`.
    """
    async with _account(address, session) as client:
        return await crypto_health(client, key_file)


async def default_room_version(address: str, session: Mapping[str, str]) -> str:
    """The version that new rooms get (Client-Server API, "m.room_versions"). Raises `MatrixError`."""
    async with _account(address, session) as client:
        answer = await call(client, "GET", f"{V3}/capabilities")
    versions = answer.get("capabilities", {}).get("m.room_versions", {})
    return str(versions.get("default", "")) if isinstance(versions, dict) else ""
