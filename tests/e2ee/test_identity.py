"""The identity's life on a real homeserver: made once, repaired after any kill, never replaced; and its keys."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import nio
import pytest
import vodozemac

from bot.matrix.crypto.encodings import decode_recovery_key, ed25519_public
from bot.matrix.crypto.keyring import load_keyring, new_keyring, save_keyring
from bot.matrix.crypto.secret_storage import decrypt_secret, fits_description
from bot.matrix.http import NOT_JSON, UNREACHABLE, V3, MatrixError, call, segment
from bot.matrix.identity import (
    CryptoHealth,
    ForeignIdentityError,
    IdentityLostError,
    KeyFileError,
    KeyReport,
    NewDeviceNeededError,
    crypto_health,
    device_conflicts,
    ensure_identity,
    mark_recovery_shown,
    tend_keys,
)
from tests.e2ee.conftest import Account, Homeserver
from tests.e2ee.echo import connect

pytestmark = pytest.mark.live

ALGORITHM = "signed_curve25519"
SOUND = CryptoHealth(
    identity_kept=True,
    device_published=True,
    device_matches=True,
    device_signed=True,
    master_matches=True,
    one_time_keys=50,
    fallback_unused=True,
)


class KilledError(BaseException):
    """Stands for SIGKILL: nothing of ours catches it."""


class Desk:
    """One service account with its folder; each `client()` is a fresh start from what is on disk."""

    def __init__(self, homeserver: Homeserver, account: Account, folder: Path) -> None:
        self.homeserver = homeserver
        self.account = account
        self.folder = folder
        self.key_file = folder / "identity.json"
        self._clients: list[nio.AsyncClient] = []

    async def client(self, device_id: str = "PALVELU") -> nio.AsyncClient:
        user = self.account.user_id
        client = await connect(self.homeserver.url, user, self.account.password, self.folder, device_id)
        self._clients.append(client)
        return client

    async def close(self) -> None:
        for client in self._clients:
            await client.close()


@pytest.fixture
async def new_desk(homeserver: Homeserver, folder: Callable[[str], Path]) -> AsyncIterator[Callable[[], Any]]:
    desks: list[Desk] = []

    async def make() -> Desk:
        account = await homeserver.newcomer("palvelu")
        desks.append(Desk(homeserver, account, folder(account.localpart)))
        return desks[-1]

    yield make
    await asyncio.gather(*(desk.close() for desk in desks))


@pytest.fixture
async def desk(new_desk: Callable[[], Any]) -> Desk:
    made: Desk = await new_desk()
    return made


def kill_at(client: nio.AsyncClient, number: int, *, sent: bool) -> None:
    """Ends the process at its n-th request: before it is sent, or after it was answered and before that was read."""
    send, count = client.send, 0

    async def deadly(*arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        if count == number and not sent:
            raise KilledError
        answer = await send(*arguments, **options)
        if count == number:
            await answer.read()
            raise KilledError
        return answer

    client.send = deadly


async def claim(client: nio.AsyncClient, user: str, device: str) -> tuple[str, str, bool]:
    """One claimed key of a device: id, key, whether it is the fallback key."""
    body = {"one_time_keys": {user: {device: ALGORITHM}}}
    answer = await call(client, "POST", f"{V3}/keys/claim", body)
    ((key_id, key),) = answer["one_time_keys"][user][device].items()
    return key_id, key["key"], key.get("fallback", False)


def can_answer(client: nio.AsyncClient, key: str) -> bool:
    """Whether the store opens the first message of a stranger who claimed this key."""
    stranger, ours = vodozemac.Account(), client.olm.account._account
    session = stranger.create_outbound_session(ours.curve25519_key, vodozemac.Curve25519PublicKey.from_base64(key))
    message = session.encrypt(b"hei").to_pre_key()
    try:
        _, text = ours.create_inbound_session(stranger.curve25519_key, message)
    except vodozemac.SessionCreationException:
        return False
    return bool(text == b"hei")


async def master_on_server(client: nio.AsyncClient) -> dict[str, Any]:
    answer = await call(client, "POST", f"{V3}/keys/query", {"device_keys": {client.user_id: []}})
    found: dict[str, Any] = answer["master_keys"][client.user_id]["keys"]
    return found


async def test_the_first_start_makes_an_identity_and_the_second_changes_nothing(desk: Desk) -> None:
    client = await desk.client()
    first = await ensure_identity(client, desk.key_file)
    assert first.created
    assert await crypto_health(client, desk.key_file) == SOUND
    again = await desk.client()
    changes = []
    send = again.send

    async def watched(method: str, path: str, *rest: Any, **options: Any) -> Any:
        if method != "GET" and not path.endswith("/keys/query"):
            changes.append(path)
        return await send(method, path, *rest, **options)

    again.send = watched
    second = await ensure_identity(again, desk.key_file)
    assert changes == []
    assert not second.created
    assert (second.master_key, second.recovery_key) == (first.master_key, first.recovery_key)


async def test_a_start_killed_at_any_request_is_finished_by_the_next(new_desk: Callable[[], Any]) -> None:
    requests = 0
    for sent in (False, True):
        for number in range(1, 60):
            desk: Desk = await new_desk()
            client = await desk.client()
            kill_at(client, number, sent=sent)
            try:
                await ensure_identity(client, desk.key_file)
            except KilledError:
                pass
            else:
                requests = number - 1
                break
            revived = await desk.client()
            identity = await ensure_identity(revived, desk.key_file)
            assert await crypto_health(revived, desk.key_file) == SOUND, (number, sent)
            _, key, _ = await claim(revived, revived.user_id, revived.device_id)
            assert can_answer(revived, key), (number, sent)
            keyring = load_keyring(desk.key_file, revived.user_id)
            assert keyring is not None
            assert identity.master_key == ed25519_public(keyring.master)
            assert not identity.recovery_shown
    assert requests >= 15


async def test_the_key_file_is_the_owners_alone_and_no_draft_stays(desk: Desk) -> None:
    client = await desk.client()
    await ensure_identity(client, desk.key_file)
    assert desk.key_file.stat().st_mode & 0o777 == 0o600
    assert list(desk.folder.glob(".identity*")) == []
    desk.key_file.chmod(0o644)
    await ensure_identity(client, desk.key_file)
    assert desk.key_file.stat().st_mode & 0o777 == 0o600


async def test_the_recovery_key_opens_every_secret_in_the_account_data(desk: Desk) -> None:
    client = await desk.client()
    identity = await ensure_identity(client, desk.key_file)
    keyring = load_keyring(desk.key_file, client.user_id)
    assert identity.recovery_key is not None
    assert keyring is not None
    key = decode_recovery_key(identity.recovery_key)
    data = f"{V3}/user/{segment(client.user_id)}/account_data"
    default = (await call(client, "GET", f"{data}/m.secret_storage.default_key"))["key"]
    assert fits_description(key, await call(client, "GET", f"{data}/m.secret_storage.key.{default}"))
    for usage, seed in keyring.seeds():
        name = f"m.cross_signing.{usage}"
        sealed = (await call(client, "GET", f"{data}/{name}"))["encrypted"][default]
        assert ed25519_public(seed) == ed25519_public(_raw(decrypt_secret(key, name, sealed)))


async def test_the_recovery_key_counts_as_unseen_until_it_is_marked_as_shown(desk: Desk) -> None:
    client = await desk.client()
    assert not (await ensure_identity(client, desk.key_file)).recovery_shown
    mark_recovery_shown(desk.key_file, client.user_id)
    assert (await ensure_identity(client, desk.key_file)).recovery_shown
    assert desk.key_file.stat().st_mode & 0o777 == 0o600


async def test_neither_report_nor_keyring_shows_a_secret_when_it_is_printed(desk: Desk) -> None:
    client = await desk.client()
    identity = await ensure_identity(client, desk.key_file)
    printed = f"{identity!r} {load_keyring(desk.key_file, client.user_id)!r}"
    assert str(identity.recovery_key) not in printed
    assert client.user_id not in printed
    for secret in json.loads(desk.key_file.read_text()).values():
        assert not isinstance(secret, str) or len(secret) < 40 or secret not in printed


async def test_a_lost_key_file_is_a_fault_and_nothing_is_replaced(desk: Desk) -> None:
    client = await desk.client()
    await ensure_identity(client, desk.key_file)
    before = await master_on_server(client)
    desk.key_file.unlink()
    with pytest.raises(IdentityLostError, match="Restore the file from a backup"):
        await ensure_identity(client, desk.key_file)
    assert not desk.key_file.exists()
    assert await master_on_server(client) == before


async def test_a_foreign_master_key_is_a_fault_and_nothing_is_replaced(desk: Desk) -> None:
    client = await desk.client()
    await ensure_identity(client, desk.key_file)
    before = await master_on_server(client)
    save_keyring(desk.key_file, new_keyring(client.user_id))
    kept = desk.key_file.read_bytes()
    with pytest.raises(ForeignIdentityError, match="Nothing was replaced"):
        await ensure_identity(client, desk.key_file)
    assert desk.key_file.read_bytes() == kept
    assert await master_on_server(client) == before
    assert not (await crypto_health(client, desk.key_file)).ok


@pytest.mark.parametrize("damage", ["", "{", "[]", "{}", '{"user_id": 1}'])
async def test_a_damaged_key_file_is_a_fault_and_stays(desk: Desk, damage: str) -> None:
    client = await desk.client()
    desk.key_file.write_text(damage)
    with pytest.raises(KeyFileError):
        await ensure_identity(client, desk.key_file)
    assert desk.key_file.read_text() == damage


async def test_another_accounts_key_file_is_refused(desk: Desk) -> None:
    client = await desk.client()
    save_keyring(desk.key_file, new_keyring("@toinen:localhost"))
    with pytest.raises(KeyFileError):
        await ensure_identity(client, desk.key_file)


async def test_another_clients_secret_storage_is_left_alone(desk: Desk) -> None:
    client = await desk.client()
    data = f"{V3}/user/{segment(client.user_id)}/account_data"
    await call(client, "PUT", f"{data}/m.secret_storage.default_key", {"key": "someone"})
    identity = await ensure_identity(client, desk.key_file)
    assert identity.recovery_key is None
    assert await call(client, "GET", f"{data}/m.secret_storage.default_key") == {"key": "someone"}
    assert await crypto_health(client, desk.key_file) == SOUND


async def test_a_lost_store_is_detected_and_a_new_device_is_signed_by_the_same_identity(desk: Desk) -> None:
    client = await desk.client()
    first = await ensure_identity(client, desk.key_file)
    assert not await device_conflicts(client)
    for database in desk.folder.glob("*.db*"):
        database.unlink()
    bereft = await desk.client()
    assert await device_conflicts(bereft)
    with pytest.raises(NewDeviceNeededError, match="new device id"):
        await ensure_identity(bereft, desk.key_file)
    fresh = await desk.client("PALVELU2")
    assert not await device_conflicts(fresh)
    second = await ensure_identity(fresh, desk.key_file)
    assert not second.created
    assert second.master_key == first.master_key
    assert await crypto_health(fresh, desk.key_file) == SOUND


async def test_an_old_copy_of_the_store_is_detected_when_it_publishes_used_key_ids(desk: Desk) -> None:
    client = await desk.client()
    await ensure_identity(client, desk.key_file)
    copy = desk.folder / "copy"
    copy.mkdir()
    for database in desk.folder.glob("*.db*"):
        shutil.copy(database, copy)
    assert (await tend_keys(client, {ALGORITHM: 40}, [ALGORITHM])).uploaded == 10
    for database in copy.iterdir():
        shutil.copy(database, desk.folder)
    restored = await desk.client()
    with pytest.raises(NewDeviceNeededError):
        await tend_keys(restored, {ALGORITHM: 40}, [ALGORITHM])


async def test_nothing_is_done_without_news_and_without_need(desk: Desk) -> None:
    client = await desk.client()
    await ensure_identity(client, desk.key_file)
    kill_at(client, 1, sent=False)
    assert await tend_keys(client, None, None) == KeyReport()
    assert await tend_keys(client, None, []) == KeyReport()
    assert await tend_keys(client, {ALGORITHM: 50}, [ALGORITHM]) == KeyReport()
    assert await tend_keys(client, {ALGORITHM: 50}, None) == KeyReport()


async def test_a_count_of_nothing_means_all_are_gone(desk: Desk) -> None:
    client = await desk.client()
    await ensure_identity(client, desk.key_file)
    for _ in range(50):
        await claim(client, client.user_id, client.device_id)
    assert await tend_keys(client, {}, [ALGORITHM]) == KeyReport(uploaded=50, fallback_renewed=False, on_server=50)


@pytest.mark.parametrize("sent", [False, True])
async def test_a_top_up_killed_around_its_request_publishes_only_keys_that_the_store_has(
    desk: Desk, *, sent: bool
) -> None:
    client = await desk.client()
    await ensure_identity(client, desk.key_file)
    for _ in range(51):
        key_id, key, fallback = await claim(client, client.user_id, client.device_id)
    assert fallback
    used = (key_id, key)
    kill_at(client, 1, sent=sent)
    with pytest.raises(KilledError):
        await tend_keys(client, {ALGORITHM: 0}, [])
    revived = await desk.client()
    at_server = 50 if sent else 0
    report = await tend_keys(revived, {ALGORITHM: at_server}, [])
    assert report.fallback_renewed
    assert (await crypto_health(revived, desk.key_file)) == SOUND
    keys = [await claim(revived, revived.user_id, revived.device_id) for _ in range(51)]
    assert [fallback for _, _, fallback in keys] == [False] * 50 + [True]
    assert keys[-1][:2] != used
    assert can_answer(revived, used[1]), "the fallback key before the last one still opens what is under way"
    assert all([can_answer(revived, key) for _, key, _ in keys])  # noqa: C419 -- each is tried, for the message


async def test_a_refused_call_names_status_and_code_and_nobody(desk: Desk) -> None:
    client = await desk.client()
    with pytest.raises(MatrixError) as refused:
        await call(client, "GET", f"{V3}/user/{segment('@muu:localhost')}/account_data/m.direct")
    assert (refused.value.status, refused.value.errcode) == (403, "M_FORBIDDEN")
    assert str(refused.value) == "homeserver answered 403 M_FORBIDDEN"


async def test_no_answer_in_time_and_no_connection_are_unreachable(desk: Desk) -> None:
    client = await desk.client()
    with pytest.raises(MatrixError) as late:
        await call(client, "GET", f"{V3}/sync?timeout=0", timeout_s=0.0001)
    client.homeserver = "http://127.0.0.1:20139"
    with pytest.raises(MatrixError) as away:
        await call(client, "GET", f"{V3}/account/whoami")
    assert (late.value.status, late.value.errcode) == (away.value.status, away.value.errcode) == (0, UNREACHABLE)


async def test_an_answer_that_is_no_json_object_is_a_fault(desk: Desk) -> None:
    client = await desk.client()
    with pytest.raises(MatrixError) as odd:
        await call(client, "GET", "/health")
    assert (odd.value.status, odd.value.errcode) == (200, NOT_JSON)


def _raw(seed: str) -> bytes:
    return vodozemac.Curve25519SecretKey.from_base64(seed).to_bytes()
