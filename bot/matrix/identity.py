"""The service's identity in the eyes of other clients: made once, repaired at every start, never replaced.

The parts are in `bot.matrix.crypto`; this is their order, and the only door for the rest of `bot.matrix`. It
leaves logging in, choosing a device id and the sync loop to others.

Each step looks before it acts, so a start that was killed anywhere is finished by the next one:

1. the device's keys, with one-time keys and a fallback key, are published from the crypto store;
2. the private keys of the identity are in their file before the first public one leaves the machine;
3. the identity is published, the device signed by it, and it by the device;
4. the private keys are put into the secret storage, its default key last.
"""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import nio

from bot.matrix.crypto.cross_signing import ensure_identity_published, ensure_signatures
from bot.matrix.crypto.encodings import encode_recovery_key, grouped
from bot.matrix.crypto.faults import (
    CryptoError,
    ForeignIdentityError,
    IdentityLostError,
    IdentityRefusedError,
    KeyFileError,
    NewDeviceNeededError,
)
from bot.matrix.crypto.health import CryptoHealth, crypto_health
from bot.matrix.crypto.keyring import Keyring, load_keyring, mark_recovery_shown, new_keyring, save_keyring
from bot.matrix.crypto.one_time_keys import KeyReport, publish_device, tend_keys
from bot.matrix.crypto.published import Published, device_conflicts, fetch_published, is_own_device
from bot.matrix.crypto.secret_storage import ensure_secret_storage

__all__ = [
    "CryptoError",
    "CryptoHealth",
    "ForeignIdentityError",
    "Identity",
    "IdentityLostError",
    "IdentityRefusedError",
    "KeyFileError",
    "KeyReport",
    "NewDeviceNeededError",
    "crypto_health",
    "device_conflicts",
    "ensure_identity",
    "mark_recovery_shown",
    "publish_device",
    "tend_keys",
]


@dataclass(frozen=True, slots=True)
class Identity:
    """What the operator gets to know.

    `created`: the key file was made in this call. `recovery_key` opens the account's secret storage, and is
    None where another client has put its own storage there; `recovery_shown` turns true by
    `mark_recovery_shown`, so that a start killed before the operator saw the key shows it again.
    `master_key` is the public one in base64, `fingerprint` the device's key in groups of four.
    """

    created: bool
    recovery_shown: bool
    master_key: str
    fingerprint: str
    recovery_key: str | None = field(repr=False)


async def ensure_identity(client: nio.AsyncClient, path: Path) -> Identity:
    """Makes or repairs the identity of a logged-in client with a loaded crypto store; call it at every start.

    `path` is the key file. Raises `CryptoError`s, each with its remedy, and `MatrixError` for what may pass
    by itself. A key that the homeserver already shows is never replaced.
    """
    keyring = await asyncio.to_thread(load_keyring, path, client.user_id)
    published = await _own_device_published(client, await fetch_published(client), keyring)
    created = keyring is None
    if keyring is None:
        keyring = new_keyring(client.user_id)
        await asyncio.to_thread(save_keyring, path, keyring)
    await ensure_identity_published(client, keyring, published)
    await ensure_signatures(client, keyring, await fetch_published(client))
    recoverable = await ensure_secret_storage(client, keyring)
    return _report(client, keyring, created=created, recoverable=recoverable)


async def _own_device_published(client: nio.AsyncClient, published: Published, keyring: Keyring | None) -> Published:
    """Refuses an identity or a device that is not ours before anything is sent, then publishes the device."""
    shown = published.public_key("master")
    if shown is not None and keyring is None:
        raise IdentityLostError
    if shown is not None and keyring is not None and shown != keyring.master_public:
        raise ForeignIdentityError
    if published.device is not None and not is_own_device(client, published.device):
        raise NewDeviceNeededError
    if published.device is not None and client.olm.account.shared:
        return published
    await publish_device(client)
    return await fetch_published(client)


def _report(client: nio.AsyncClient, keyring: Keyring, *, created: bool, recoverable: bool) -> Identity:
    return Identity(
        created=created,
        recovery_shown=keyring.recovery_shown,
        master_key=keyring.master_public,
        fingerprint=grouped(client.olm.account.identity_keys["ed25519"]),
        recovery_key=encode_recovery_key(keyring.storage) if recoverable else None,
    )
