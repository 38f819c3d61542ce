"""The private keys of the service's identity and the one file that keeps them.

The file is written whole or not at all, is readable by its owner only, and is never overwritten by another
identity. What the keys are used for is the business of `cross_signing` and `secret_storage`.
"""

import json
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from bot.matrix.crypto.encodings import KEY_BYTES, decode_base64, ed25519_public, encode_base64
from bot.matrix.crypto.faults import KeyFileError

_MODE = 0o600
_SECRETS = ("master", "self_signing", "user_signing", "storage")


@dataclass(frozen=True, slots=True)
class Keyring:
    """Three ed25519 seeds and the key of the secret storage, 32 bytes each; a `repr` shows none of them."""

    user_id: str = field(repr=False)
    storage_id: str
    master: bytes = field(repr=False)
    self_signing: bytes = field(repr=False)
    user_signing: bytes = field(repr=False)
    storage: bytes = field(repr=False)
    recovery_shown: bool = False

    @property
    def master_public(self) -> str:
        return ed25519_public(self.master)

    @property
    def self_signing_public(self) -> str:
        return ed25519_public(self.self_signing)

    def seeds(self) -> Iterator[tuple[str, bytes]]:
        """The cross-signing keys by their usage, the master key first."""
        yield "master", self.master
        yield "self_signing", self.self_signing
        yield "user_signing", self.user_signing


def new_keyring(user_id: str) -> Keyring:
    """Fresh keys from the operating system's random source."""
    master, self_signing, user_signing, storage = (secrets.token_bytes(KEY_BYTES) for _ in _SECRETS)
    return Keyring(user_id, secrets.token_hex(16), master, self_signing, user_signing, storage)


def load_keyring(path: Path, user_id: str) -> Keyring | None:
    """The account's keys, None where there is no file; a wider mode is narrowed. Raises `KeyFileError`."""
    try:
        raw = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        raise KeyFileError from None
    if path.stat().st_mode & 0o777 != _MODE:
        path.chmod(_MODE)
    keyring = _parse(raw)
    if keyring.user_id != user_id:
        raise KeyFileError
    return keyring


def save_keyring(path: Path, keyring: Keyring) -> None:
    """Writes the file so that a kill or a power cut leaves the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(file.fileno(), _MODE)
        file.write(_render(keyring))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def mark_recovery_shown(path: Path, user_id: str) -> None:
    """Records that the operator has seen the recovery key. Raises `KeyFileError` where there is no file."""
    keyring = load_keyring(path, user_id)
    if keyring is None:
        raise KeyFileError
    save_keyring(path, replace(keyring, recovery_shown=True))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _render(keyring: Keyring) -> str:
    shown = {
        "user_id": keyring.user_id,
        "storage_id": keyring.storage_id,
        "recovery_shown": keyring.recovery_shown,
    }
    return json.dumps(shown | {name: encode_base64(getattr(keyring, name)) for name in _SECRETS}, indent=1)


def _parse(raw: str) -> Keyring:
    try:
        found = json.loads(raw)
        master, self_signing, user_signing, storage = keys = [decode_base64(found[name]) for name in _SECRETS]
        user_id, storage_id, shown = found["user_id"], found["storage_id"], found["recovery_shown"]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KeyFileError from None
    if any(len(key) != KEY_BYTES for key in keys) or not isinstance(storage_id, str) or not storage_id:
        raise KeyFileError
    return Keyring(user_id, storage_id, master, self_signing, user_signing, storage, shown is True)
