"""Encodings of the Matrix specification's appendices: base64, signed JSON, keys for people to write down.

Pure. The primitives come from the `cryptography` package.
"""

import base64
import json
from collections.abc import Callable, Mapping
from functools import reduce
from operator import xor
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

KEY_BYTES = 32

# "Cryptographic key representation": two bytes before the key, one parity byte behind it.
_PREFIX = b"\x8b\x01"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_GROUP = 4


def encode_base64(raw: bytes) -> str:
    """Base64 without padding (appendix "Unpadded Base64")."""
    return base64.b64encode(raw).decode().rstrip("=")


def decode_base64(text: str) -> bytes:
    """Takes base64 with or without padding. Raises `ValueError`."""
    return base64.b64decode(text.rstrip("=") + "=" * (-len(text.rstrip("=")) % 4), validate=True)


def canonical_json(value: Mapping[str, Any]) -> bytes:
    """The one byte string that stands for a JSON object (appendix "Canonical JSON")."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def signed_bytes(value: Mapping[str, Any]) -> bytes:
    """What a signature covers: all but `signatures` and `unsigned` (appendix "Signing JSON")."""
    return canonical_json({key: part for key, part in value.items() if key not in {"signatures", "unsigned"}})


def with_signature(
    value: Mapping[str, Any], user_id: str, key_id: str, signer: Callable[[bytes], str]
) -> dict[str, Any]:
    """The object with one signature more; `signer` gives a base64 signature of bytes."""
    signatures = {user: dict(made) for user, made in value.get("signatures", {}).items()}
    signatures.setdefault(user_id, {})[f"ed25519:{key_id}"] = signer(signed_bytes(value))
    return {**value, "signatures": signatures}


def is_signed(value: Mapping[str, Any], user_id: str, key_id: str, public_key: str) -> bool:
    """Whether the object bears a valid signature by the ed25519 key; damaged signatures count as none."""
    try:
        signature = decode_base64(value["signatures"][user_id][f"ed25519:{key_id}"])
        Ed25519PublicKey.from_public_bytes(decode_base64(public_key)).verify(signature, signed_bytes(value))
    except (KeyError, TypeError, AttributeError, ValueError, InvalidSignature):
        return False
    return True


def ed25519_signer(seed: bytes) -> Callable[[bytes], str]:
    """A signer for `with_signature` from a 32-byte private key."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return lambda message: encode_base64(key.sign(message))


def ed25519_public(seed: bytes) -> str:
    """The public half, in base64, of a 32-byte private key."""
    return encode_base64(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def encode_recovery_key(key: bytes) -> str:
    """Base58 in groups of four, for a person to write down ("Cryptographic key representation")."""
    framed = _PREFIX + key
    number = int.from_bytes(framed + bytes([reduce(xor, framed)]), "big")
    digits = ""
    while number:
        number, digit = divmod(number, len(_BASE58))
        digits = _BASE58[digit] + digits
    return grouped(digits)


def decode_recovery_key(text: str) -> bytes:
    """The 32 bytes of a recovery key as a person typed it; white space means nothing. Raises `ValueError`."""
    number = 0
    for letter in "".join(text.split()):
        number = number * len(_BASE58) + _BASE58.index(letter)
    framed = number.to_bytes((number.bit_length() + 7) // 8, "big")
    if len(framed) != len(_PREFIX) + KEY_BYTES + 1 or not framed.startswith(_PREFIX) or reduce(xor, framed):
        raise ValueError("not a recovery key")
    return framed[len(_PREFIX) : -1]


def grouped(text: str) -> str:
    """Groups of four, as clients show fingerprints and recovery keys."""
    return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))
