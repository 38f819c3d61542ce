"""What the homeserver shows to everyone of this account's keys, and whether it fits what we hold.

The homeserver is not trusted here: its answer is compared with the crypto store, never taken over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import nio

from bot.matrix.http import JSON, V3, call

ALGORITHMS = ("m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2")
_USAGES = ("master", "self_signing", "user_signing")


@dataclass(frozen=True, slots=True)
class Published:
    """The own device's keys object, and the cross-signing objects by usage; absent ones are not there."""

    device: JSON | None
    cross_signing: Mapping[str, JSON]

    def public_key(self, usage: str) -> str | None:
        """The public key of a usage in base64: a cross-signing object holds exactly one."""
        keys = _mapping(self.cross_signing.get(usage, {}).get("keys"))
        return next((key for key in keys.values() if isinstance(key, str)), None)


async def fetch_published(client: nio.AsyncClient) -> Published:
    """Asks the homeserver for the account's own keys. Raises `MatrixError`."""
    answer = await call(client, "POST", f"{V3}/keys/query", {"device_keys": {client.user_id: []}})
    devices = _mapping(_mapping(answer.get("device_keys")).get(client.user_id))
    device = devices.get(client.device_id)
    identity = {usage: _mapping(answer.get(f"{usage}_keys")).get(client.user_id) for usage in _USAGES}
    return Published(
        device=device if isinstance(device, dict) else None,
        cross_signing={usage: keys for usage, keys in identity.items() if isinstance(keys, dict)},
    )


def own_device(client: nio.AsyncClient) -> JSON:
    """The unsigned keys object of this device, made from the crypto store."""
    keys = client.olm.account.identity_keys
    return {
        "algorithms": list(ALGORITHMS),
        "device_id": client.device_id,
        "user_id": client.user_id,
        "keys": {f"{kind}:{client.device_id}": keys[kind] for kind in ("curve25519", "ed25519")},
    }


def device_signer(client: nio.AsyncClient) -> Callable[[bytes], str]:
    """Signs as this device, with the crypto store's ed25519 key."""
    return lambda message: str(client.olm.account.sign(message.decode()))


def is_own_device(client: nio.AsyncClient, device: JSON) -> bool:
    """Whether a keys object bears this account's name and exactly the store's two identity keys."""
    ours = own_device(client)
    return all(device.get(part) == ours[part] for part in ("device_id", "user_id", "keys"))


async def device_conflicts(client: nio.AsyncClient) -> bool:
    """Whether the homeserver has other keys for this device id than the store: a new id is needed."""
    device = (await fetch_published(client)).device
    return device is not None and not is_own_device(client, device)


def _mapping(value: Any) -> JSON:
    return value if isinstance(value, dict) else {}
