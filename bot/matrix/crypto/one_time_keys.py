"""One-time keys and the fallback key of this device: kept in the store first, published after.

Theory: a stranger's device opens its channel to us with a key that it claims from the homeserver. A key that
was published and is not in the store (killed between the two) makes that stranger's messages unreadable, and
its id can never be used again. nio publishes first, knows no fallback key, and takes a count of 0 for "no
news"; so its `keys_upload` is not used at all.

Two properties of vodozemac's account shape the code. It lists only unpublished keys, and "mark as published"
covers the fallback key and the one-time keys alike, so everything unpublished goes into the same upload. And
it remembers one previous fallback key: a second one must not be made before the first is published, or the
key that strangers are still being given is forgotten.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import nio

from bot.matrix.crypto.encodings import with_signature
from bot.matrix.crypto.faults import NewDeviceNeededError
from bot.matrix.crypto.published import device_signer, own_device
from bot.matrix.http import JSON, V3, MatrixError, call

ONE_TIME_KEYS = 50
ALGORITHM = "signed_curve25519"

_BAD_REQUEST = 400
_UPLOAD = f"{V3}/keys/upload"


@dataclass(frozen=True, slots=True)
class KeyReport:
    """What was done: keys sent in this call, and the homeserver's count after it (None: nothing was sent)."""

    uploaded: int = 0
    fallback_renewed: bool = False
    on_server: int | None = None


async def tend_keys(
    client: nio.AsyncClient,
    counts: Mapping[str, int] | None,
    unused_fallback_types: Collection[str] | None,
) -> KeyReport:
    """Tops the one-time keys up to 50 and renews a used fallback key.

    Takes `device_one_time_keys_count` and `device_unused_fallback_key_types` of one raw sync answer, each
    None where the answer has none (then the matter is left alone). One call at a time for a client. Raises
    `MatrixError` (the keys stay in the store, the next call sends the same ones) and `NewDeviceNeededError`.
    """
    if counts is None:
        return KeyReport()
    missing = ONE_TIME_KEYS - counts.get(ALGORITHM, 0)
    used = unused_fallback_types is not None and ALGORITHM not in unused_fallback_types
    if missing <= 0 and not used:
        return KeyReport()
    return await _publish(client, missing=missing, renew=used, device=not client.olm.account.shared)


async def publish_device(client: nio.AsyncClient) -> KeyReport:
    """Publishes the device's keys with a full set of one-time keys and a fallback key; may be repeated.

    Raises `MatrixError`, and `NewDeviceNeededError` where the homeserver has other keys under the same ids.
    """
    return await _publish(client, missing=ONE_TIME_KEYS, renew=True, device=True)


async def server_count(client: nio.AsyncClient) -> int:
    """The one-time keys that the homeserver still has to give; an upload of nothing answers with it."""
    return _count(await call(client, "POST", _UPLOAD, {}))


async def _publish(client: nio.AsyncClient, *, missing: int, renew: bool, device: bool) -> KeyReport:
    account = client.olm.account._account  # noqa: SLF001 -- nio wraps vodozemac's account without fallback keys
    if missing > (ready := len(account.one_time_keys)):
        account.generate_one_time_keys(missing - ready)
    if renew and not account.fallback_key:
        account.generate_fallback_key()
    client.olm.save_account()
    one_time = _signed(client, account.one_time_keys, {}) if missing > 0 else {}
    fallback = _signed(client, account.fallback_key, {"fallback": True})
    identity = _signed_device(client) if device else {}
    body = {"device_keys": identity, "one_time_keys": one_time, "fallback_keys": fallback}
    count = await _upload(client, body)
    _settle(client, count)
    return KeyReport(uploaded=len(one_time), fallback_renewed=bool(fallback), on_server=count)


async def _upload(client: nio.AsyncClient, body: JSON) -> int:
    try:
        answer = await call(client, "POST", _UPLOAD, {part: keys for part, keys in body.items() if keys})
    except MatrixError as refused:
        # Synapse has no errcode for "this key id exists with another key": the store is an old copy.
        if refused.status == _BAD_REQUEST and refused.errcode in {"M_UNKNOWN", "M_INVALID_PARAM"}:
            raise NewDeviceNeededError from refused
        raise
    return _count(answer)


def _settle(client: nio.AsyncClient, count: int) -> None:
    olm = client.olm
    olm.account.shared = True
    olm.uploaded_key_count = count
    olm.mark_keys_as_published()
    olm.save_account()


def _signed_device(client: nio.AsyncClient) -> JSON:
    return with_signature(own_device(client), client.user_id, client.device_id, device_signer(client))


def _signed(client: nio.AsyncClient, keys: Mapping[str, Any], extra: JSON) -> JSON:
    user, device, signer = client.user_id, client.device_id, device_signer(client)
    return {
        f"{ALGORITHM}:{key_id}": with_signature({"key": key.to_base64(), **extra}, user, device, signer)
        for key_id, key in keys.items()
    }


def _count(answer: JSON) -> int:
    counts = answer.get("one_time_key_counts")
    found = counts.get(ALGORITHM, 0) if isinstance(counts, dict) else 0
    return found if isinstance(found, int) else 0
