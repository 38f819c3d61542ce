"""The service and a strict client, both real: matrix-js-sdk that deals with cross-signed devices only."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest

from bot.matrix.crypto.keyring import load_keyring
from bot.matrix.http import V3, call
from bot.matrix.identity import crypto_health
from tests.e2ee.conftest import Account, Homeserver
from tests.e2ee.echo import Echo
from tests.node.driver import StrictClient, StrictClientError

pytestmark = [pytest.mark.live, pytest.mark.node]

NO_SHIELD = 0


class Enter(Protocol):
    def __call__(self, role: str, *, cross_sign: bool = True) -> AbstractAsyncContextManager[StrictClient]: ...


@pytest.fixture
async def service(homeserver: Homeserver, folder: Callable[[str], Path]) -> AsyncIterator[Echo]:
    """A service that is not started yet."""
    account = await homeserver.newcomer("palvelu")
    echo = Echo(homeserver.url, account.user_id, account.password, folder("service"))
    yield echo
    await echo.stop()


@pytest.fixture
def enter(homeserver: Homeserver) -> Enter:
    """A new account's strict client."""

    @asynccontextmanager
    async def make(role: str, *, cross_sign: bool = True) -> AsyncIterator[StrictClient]:
        account = await homeserver.newcomer(role)
        async with StrictClient(homeserver.url) as client:
            await client.login(account.localpart, account.password, cross_sign=cross_sign)
            yield client

    return make


async def direct_room(client: StrictClient, service: Echo) -> str:
    room = await client.create_direct(service.user_id)
    await client.wait_member(room, service.user_id)
    return room


async def test_each_reads_the_other_without_a_warning_shield(service: Echo, enter: Enter) -> None:
    await service.start()
    async with enter("asukas") as citizen:
        room = await direct_room(citizen, service)
        await citizen.send(room, "hei")
        answer = await citizen.wait_message(room, service.user_id)
        trust = await citizen.trust(service.user_id)
    assert service.heard == ["hei"]
    assert (answer.body, answer.encrypted, answer.failure) == ("kaiku: hei", True, None)
    assert (answer.shield_colour, answer.shield_reason) == (NO_SHIELD, None)
    assert trust.identity
    assert trust.signed == {service.client.device_id: True}


async def test_a_service_that_is_not_cross_signed_is_deaf_and_mute_to_a_strict_client(
    service: Echo, enter: Enter
) -> None:
    service.signed = False
    await service.start()
    async with enter("asukas") as citizen:
        room = await direct_room(citizen, service)
        await citizen.send(room, "hei")
        await service.until(lambda: service.unread == 1)
        content = {"msgtype": "m.text", "body": "kuuletko"}
        await service.client.room_send(room, "m.room.message", content, ignore_unverified_devices=True)
        refused = await citizen.wait_message(room, service.user_id, failed=True)
    assert service.heard == []
    assert refused.failure == "UNSIGNED_SENDER_DEVICE"


async def test_a_restart_on_the_same_store_keeps_the_identity_and_still_reads(service: Echo, enter: Enter) -> None:
    await service.start()
    async with enter("asukas") as citizen:
        room = await direct_room(citizen, service)
        await citizen.send(room, "ennen")
        before = await citizen.wait_message(room, service.user_id)
        first = service.identity
        await service.stop()
        await citizen.send(room, "sillä välin")
        await service.start()
        after = await citizen.wait_message(room, service.user_id, contains="sillä välin")
    assert first is not None
    assert service.identity is not None
    assert (first.created, service.identity.created) == (True, False)
    assert service.identity.master_key == first.master_key
    assert service.identity.fingerprint == first.fingerprint
    assert service.identity.recovery_key == first.recovery_key
    assert service.heard == ["ennen", "sillä välin"]
    assert before.shield_colour == after.shield_colour == NO_SHIELD


async def claim_all(homeserver: Homeserver, stranger: Account, service: Echo) -> int:
    """Claims one-time keys until the homeserver gives the fallback key; the number of those before it."""
    device = service.client.device_id
    async with StrictClient(homeserver.url) as client:
        await client.login(stranger.localpart, stranger.password)
        for claimed in range(200):
            key, fallback = await client.claim(service.user_id, device)
            assert key is not None
            if fallback:
                return claimed
    raise AssertionError("the keys did not come to an end")


async def test_a_new_device_is_read_by_the_fallback_key_when_all_one_time_keys_are_gone(
    service: Echo, homeserver: Homeserver, enter: Enter
) -> None:
    await service.start()
    await service.until(lambda: bool(service.reports))
    await service.stop()
    assert await claim_all(homeserver, await homeserver.newcomer("vieras"), service) == 50

    async with enter("asukas") as citizen:
        room = await citizen.create_direct(service.user_id)
        await citizen.wait_signed(service.user_id, service.client.device_id)
        await citizen.send(room, "hei vielä")
        drained = await crypto_health(service.client, service.key_file)
        await service.client.close()
        service.reports.clear()
        await service.start()
        answer = await citizen.wait_message(room, service.user_id, contains="hei vielä")
        healed = await crypto_health(service.client, service.key_file)

    assert (drained.one_time_keys, drained.fallback_unused) == (0, False)
    assert service.heard == ["hei vielä"]
    assert answer.shield_colour == NO_SHIELD
    assert service.reports[0].uploaded == 50
    assert service.reports[0].fallback_renewed
    assert (healed.one_time_keys, healed.fallback_unused) == (50, True)
    assert healed.ok


async def test_the_recovery_key_opens_the_secret_storage_for_another_client(
    service: Echo, homeserver: Homeserver
) -> None:
    await service.start()
    assert service.identity is not None
    assert service.identity.recovery_key is not None
    keyring = load_keyring(service.key_file, service.user_id)
    assert keyring is not None
    async with StrictClient(homeserver.url) as operator:
        await operator.login(service.user_id, service.password, cross_sign=False)
        found = await operator.recover(service.identity.recovery_key)
        trust = await operator.trust(service.user_id)
    assert found["secrets"].keys() == {"master", "self_signing", "user_signing"}
    assert found["cached"] == {"masterKey": True, "selfSigningKey": True, "userSigningKey": True}
    assert found["masterKey"] == service.identity.master_key
    assert trust.signed == {service.client.device_id: True, operator.device_id: True}


async def test_a_wrong_recovery_key_opens_nothing(service: Echo, homeserver: Homeserver) -> None:
    await service.start()
    async with StrictClient(homeserver.url) as operator:
        await operator.login(service.user_id, service.password, cross_sign=False)
        with pytest.raises(StrictClientError, match="recover"):
            await operator.recover("EsTj 3yST y93F SLpB jJsz eAXc 2XzA ygD3 w69H fGaN TKBj jXEd")
        shown = await call(service.client, "POST", f"{V3}/keys/query", {"device_keys": {service.user_id: []}})
    assert service.identity is not None
    assert service.identity.master_key in str(shown["master_keys"])
