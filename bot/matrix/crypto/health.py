"""The state of the account's encryption, for the operator's check-up. Changes nothing on either side."""

import asyncio
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import nio

from bot.matrix.crypto.cross_signing import is_device_signed
from bot.matrix.crypto.keyring import load_keyring
from bot.matrix.crypto.one_time_keys import ALGORITHM, server_count
from bot.matrix.crypto.published import fetch_published, is_own_device
from bot.matrix.http import JSON, V3, call


@dataclass(frozen=True, slots=True)
class CryptoHealth:
    """`one_time_keys` is what the homeserver still has to give.

    `fallback_unused` is None where the homeserver knows no fallback keys. `device_matches` is None where the
    client has no crypto store loaded, so that nothing can be compared.
    """

    identity_kept: bool
    device_published: bool
    device_matches: bool | None
    device_signed: bool
    master_matches: bool
    one_time_keys: int
    fallback_unused: bool | None

    @property
    def ok(self) -> bool:
        """Whether a careful client will talk to the service. A used fallback key still works."""
        sound = self.identity_kept and self.device_published and self.device_matches is not False
        return sound and self.device_signed and self.master_matches


async def crypto_health(client: nio.AsyncClient, path: Path) -> CryptoHealth:
    """Looks at the homeserver and at the key file. Raises `MatrixError` and `KeyFileError`."""
    keyring = await asyncio.to_thread(load_keyring, path, client.user_id)
    published = await fetch_published(client)
    device = published.device
    compared = client.olm is not None and device is not None
    return CryptoHealth(
        identity_kept=keyring is not None,
        device_published=device is not None,
        device_matches=is_own_device(client, device) if compared and device is not None else None,
        device_signed=keyring is not None and is_device_signed(client, published, keyring.self_signing_public),
        master_matches=keyring is not None and published.public_key("master") == keyring.master_public,
        one_time_keys=await server_count(client),
        fallback_unused=await _fallback_unused(client),
    )


async def _fallback_unused(client: nio.AsyncClient) -> bool | None:
    asked = urlencode({"timeout": 0, "set_presence": "offline", "filter": json.dumps(_nothing())})
    unused = (await call(client, "GET", f"{V3}/sync?{asked}")).get("device_unused_fallback_key_types")
    return ALGORITHM in unused if isinstance(unused, list) else None


def _nothing() -> JSON:
    """A filter for a first sync of nothing; to-device messages stay for the service's own sync.

    Synapse answers the same first sync from a cache for two minutes, so each asks for another absent room.
    """
    absent = f"!{secrets.token_hex(8)}:absent.invalid"
    return {"room": {"rooms": [absent]}, "presence": {"types": []}, "account_data": {"types": []}}
