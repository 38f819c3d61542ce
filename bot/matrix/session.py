"""The service's own session: logged in once as an ordinary account, its token kept, its device kept.

A login adds a token and leaves the old ones valid, so there is one login in the life of a state folder, by the
application service's token (client-server API, "Appservice login"). Where the crypto store was lost, a new
device is logged in and signed; the old device's id is never used again.
"""

import secrets
from pathlib import Path
from typing import Any

import nio

from bot.matrix.http import MatrixError, call
from bot.matrix.identity import Identity, NewDeviceNeededError, ensure_identity, mark_recovery_shown

Client = nio.AsyncClient
"""Opaque outside this package: handed from one part of it to another by the composition root."""

REQUEST_TIMEOUT = 30.0
_CONFIG = {
    "store_sync_tokens": False,  # our own sync position is saved with the inbox, not before it
    "encryption_enabled": True,
    "max_limit_exceeded": 0,  # nio would sleep inside the call; pace is the outbox's matter
    "max_timeouts": 0,
    "max_timeout_retry_wait_time": 5,
    "request_timeout": REQUEST_TIMEOUT,
}


class Secrets:
    """Reading and writing of one secret, as the state folder keeps it."""

    def __init__(self, read: Any, write: Any) -> None:
        self.read: Any = read
        self.write: Any = write


async def connect(address: str, user_id: str, as_token: str, crypto: Path, kept: Secrets) -> nio.AsyncClient:
    """A client with its store loaded, from the kept token or from a first login. Raises `MatrixError`."""
    session = kept.read()
    if session is None:
        session = await _login(address, user_id, as_token)
        kept.write(session)
    client = _client(address, user_id, session["device_id"], crypto)
    client.restore_login(user_id, session["device_id"], session["access_token"])
    return client


async def identified(client: nio.AsyncClient, key_file: Path) -> Identity:
    return await ensure_identity(client, key_file)


async def reconnect_with_new_device(
    address: str, user_id: str, as_token: str, crypto: Path, kept: Secrets
) -> nio.AsyncClient:
    """After the crypto store was lost."""
    kept.write(await _login(address, user_id, as_token))
    return await connect(address, user_id, as_token, crypto, kept)


def _client(address: str, user_id: str, device_id: str, crypto: Path) -> nio.AsyncClient:
    return nio.AsyncClient(
        address, user_id, device_id=device_id, store_path=str(crypto), config=nio.AsyncClientConfig(**_CONFIG)
    )


async def _login(address: str, user_id: str, as_token: str) -> dict[str, str]:
    client = nio.AsyncClient(address, user_id, config=nio.AsyncClientConfig(**{**_CONFIG, "encryption_enabled": False}))
    client.access_token = as_token
    device_id = f"EAHTARI{secrets.token_hex(4).upper()}"
    body = {
        "type": "m.login.application_service",
        "identifier": {"type": "m.id.user", "user": user_id},
        "device_id": device_id,
        "initial_device_display_name": "eÄhtäri",
    }
    try:
        answer = await call(client, "POST", "/_matrix/client/v3/login", body)
    finally:
        await client.close()
    return {"user_id": user_id, "device_id": device_id, "access_token": str(answer["access_token"])}


__all__ = [
    "Client",
    "Identity",
    "MatrixError",
    "NewDeviceNeededError",
    "Secrets",
    "connect",
    "identified",
    "mark_recovery_shown",
    "reconnect_with_new_device",
]
