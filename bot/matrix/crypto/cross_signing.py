"""Cross-signing: one identity for the account, and this device signed by it.

Clients send their message keys only to devices that the owner's identity has signed (MSC4153), so without
this the service goes deaf. Each step looks at what the homeserver has and does only what is missing.
"""

import nio

from bot.matrix.crypto.encodings import ed25519_public, ed25519_signer, is_signed, with_signature
from bot.matrix.crypto.faults import ForeignIdentityError, IdentityRefusedError
from bot.matrix.crypto.keyring import Keyring
from bot.matrix.crypto.published import Published, device_signer, is_own_device
from bot.matrix.http import JSON, V3, MatrixError, call

_UNAUTHORIZED = 401
_TOKEN_FAULTS = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN"})


def is_device_signed(client: nio.AsyncClient, published: Published, self_signing_key: str) -> bool:
    """Whether the homeserver shows this device with a valid signature of the self-signing key."""
    device = published.device or {}
    return is_signed(device, client.user_id, self_signing_key, self_signing_key)


async def ensure_identity_published(client: nio.AsyncClient, keyring: Keyring, published: Published) -> None:
    """Uploads the three public keys where the homeserver lacks one; the first time needs no UIA (MSC3967).

    Raises `ForeignIdentityError` where it has another key in one of the places, `IdentityRefusedError` where
    it asks for an interactive authentication, `MatrixError`.
    """
    shown = {usage: published.public_key(usage) for usage, _ in keyring.seeds()}
    wanted = {usage: ed25519_public(seed) for usage, seed in keyring.seeds()}
    if shown == wanted:
        return
    if any(key is not None and key != wanted[usage] for usage, key in shown.items()):
        raise ForeignIdentityError
    try:
        await call(client, "POST", f"{V3}/keys/device_signing/upload", _identity(client, keyring))
    except MatrixError as refused:
        if refused.status == _UNAUTHORIZED and refused.errcode not in _TOKEN_FAULTS:
            raise IdentityRefusedError from refused
        raise


async def ensure_signatures(client: nio.AsyncClient, keyring: Keyring, published: Published) -> None:
    """Signs the device with the identity and the identity with the device, where that is not done.

    `published` must show the own device: what is signed is the homeserver's object, and only if it bears the
    store's keys. Raises `MatrixError`, also for a failure that the homeserver reports inside a 200.
    """
    device, master = published.device, published.cross_signing.get("master")
    if device is None or master is None or not is_own_device(client, device):
        raise ForeignIdentityError
    user, body = client.user_id, dict[str, JSON]()
    if not is_device_signed(client, published, keyring.self_signing_public):
        body[client.device_id] = _sign_device(user, keyring, device)
    own_key = client.olm.account.identity_keys["ed25519"]
    if not is_signed(master, user, client.device_id, own_key):
        bare = _bare(user, "master", keyring.master)
        body[keyring.master_public] = with_signature(bare, user, client.device_id, device_signer(client))
    if body:
        await _upload_signatures(client, body)


async def _upload_signatures(client: nio.AsyncClient, body: JSON) -> None:
    answer = await call(client, "POST", f"{V3}/keys/signatures/upload", {client.user_id: body})
    if answer.get("failures"):
        raise MatrixError(_UNAUTHORIZED, "M_INVALID_SIGNATURE")


def _sign_device(user_id: str, keyring: Keyring, device: JSON) -> JSON:
    plain = {part: value for part, value in device.items() if part not in {"signatures", "unsigned"}}
    return with_signature(plain, user_id, keyring.self_signing_public, ed25519_signer(keyring.self_signing))


def _identity(client: nio.AsyncClient, keyring: Keyring) -> JSON:
    user, by_master = client.user_id, ed25519_signer(keyring.master)
    master = _bare(user, "master", keyring.master)
    signed = {
        usage: with_signature(_bare(user, usage, seed), user, keyring.master_public, by_master)
        for usage, seed in keyring.seeds()
        if usage != "master"
    }
    return {
        "master_key": with_signature(master, user, client.device_id, device_signer(client)),
        "self_signing_key": signed["self_signing"],
        "user_signing_key": signed["user_signing"],
    }


def _bare(user_id: str, usage: str, seed: bytes) -> JSON:
    public = ed25519_public(seed)
    return {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{public}": public}}
