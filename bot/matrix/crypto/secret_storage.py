"""Secret storage (SSSS): the identity's private keys, encrypted in the account's own data on the homeserver.

With the recovery key a person can take the identity over from another client. The algorithm is
`m.secret_storage.v1.aes-hmac-sha2` of the client-server API, section "Secret storage".
"""

import hmac
import secrets
from typing import Any

import nio
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.matrix.crypto.encodings import decode_base64, encode_base64
from bot.matrix.crypto.keyring import Keyring
from bot.matrix.http import JSON, V3, MatrixError, call, segment

ALGORITHM = "m.secret_storage.v1.aes-hmac-sha2"

_DEFAULT = "m.secret_storage.default_key"
_ZEROES = "\0" * 32
_IV_BYTES = 16
_NOT_FOUND = 404


def encrypt_secret(key: bytes, name: str, secret: str, iv: bytes | None = None) -> dict[str, str]:
    """`iv`, `ciphertext`, `mac` of a secret under its name; a given `iv` serves to check a description."""
    aes, mac = _derive(key, name)
    iv = iv or _new_iv()
    sealed = _aes_ctr(aes, iv, secret.encode())
    return {
        "iv": encode_base64(iv),
        "ciphertext": encode_base64(sealed),
        "mac": encode_base64(hmac.digest(mac, sealed, "sha256")),
    }


def decrypt_secret(key: bytes, name: str, sealed: JSON) -> str:
    """The secret; raises `ValueError` where the MAC or the shape is wrong."""
    aes, mac = _derive(key, name)
    try:
        iv, ciphertext, claimed = (decode_base64(sealed[part]) for part in ("iv", "ciphertext", "mac"))
    except (KeyError, TypeError, AttributeError):
        raise ValueError("not an encrypted secret") from None
    if not hmac.compare_digest(claimed, hmac.digest(mac, ciphertext, "sha256")):
        raise ValueError("the secret's MAC does not match")
    return _aes_ctr(aes, iv, ciphertext).decode()


def describe_key(key: bytes) -> dict[str, str]:
    """The account data of a key: by it a client sees whether a typed recovery key is the right one."""
    proof = encrypt_secret(key, "", _ZEROES)
    return {"algorithm": ALGORITHM, "iv": proof["iv"], "mac": proof["mac"]}


def fits_description(key: bytes, description: JSON) -> bool:
    """Whether the key is the described one: 32 zero bytes under the described iv give the described MAC."""
    try:
        iv, claimed = decode_base64(description["iv"]), decode_base64(description["mac"])
        made = encrypt_secret(key, "", _ZEROES, iv)["mac"]
    except (KeyError, TypeError, AttributeError, ValueError):
        return False
    return description.get("algorithm") == ALGORITHM and hmac.compare_digest(decode_base64(made), claimed)


async def ensure_secret_storage(client: nio.AsyncClient, keyring: Keyring) -> bool:
    """Puts the identity into the secret storage; what is already there and right is left alone.

    The default key is written last, so an interrupted run is finished by the next one. False where another
    client has made a secret storage of its own: that one is not touched, and our recovery key opens nothing.
    """
    default = await _get(client, _DEFAULT)
    if default is not None and default.get("key") not in {None, keyring.storage_id}:
        return False
    await _ensure_description(client, keyring)
    for usage, seed in keyring.seeds():
        await _ensure_secret(client, keyring, f"m.cross_signing.{usage}", encode_base64(seed))
    if default is None or default.get("key") is None:
        await _put(client, _DEFAULT, {"key": keyring.storage_id})
    return True


async def _ensure_description(client: nio.AsyncClient, keyring: Keyring) -> None:
    kind = f"m.secret_storage.key.{keyring.storage_id}"
    if not fits_description(keyring.storage, await _get(client, kind) or {}):
        await _put(client, kind, describe_key(keyring.storage))


async def _ensure_secret(client: nio.AsyncClient, keyring: Keyring, name: str, secret: str) -> None:
    found = (await _get(client, name) or {}).get("encrypted")
    sealed = found if isinstance(found, dict) else {}
    if not _holds(sealed.get(keyring.storage_id), keyring.storage, name, secret):
        ours = {keyring.storage_id: encrypt_secret(keyring.storage, name, secret)}
        await _put(client, name, {"encrypted": sealed | ours})


def _holds(sealed: Any, key: bytes, name: str, secret: str) -> bool:
    try:
        return hmac.compare_digest(decrypt_secret(key, name, sealed).encode(), secret.encode())
    except ValueError:
        return False


async def _get(client: nio.AsyncClient, kind: str) -> JSON | None:
    try:
        return await call(client, "GET", _path(client, kind))
    except MatrixError as refused:
        if refused.status == _NOT_FOUND:
            return None
        raise


async def _put(client: nio.AsyncClient, kind: str, content: JSON) -> None:
    await call(client, "PUT", _path(client, kind), content)


def _path(client: nio.AsyncClient, kind: str) -> str:
    return f"{V3}/user/{segment(client.user_id)}/account_data/{segment(kind)}"


def _derive(key: bytes, name: str) -> tuple[bytes, bytes]:
    """AES and MAC key: HKDF-SHA-256 with a salt of 32 zero bytes and the secret's name as info."""
    both = HKDF(algorithm=hashes.SHA256(), length=64, salt=bytes(32), info=name.encode()).derive(key)
    return both[:32], both[32:]


def _new_iv() -> bytes:
    """16 random bytes with bit 63 cleared, since some AES-CTR implementations count in 64 bits only."""
    iv = bytearray(secrets.token_bytes(_IV_BYTES))
    iv[8] &= 0x7F
    return bytes(iv)


def _aes_ctr(key: bytes, iv: bytes, text: bytes) -> bytes:
    step = Cipher(algorithms.AES(key), modes.CTR(iv)).encryptor()
    return step.update(text) + step.finalize()
