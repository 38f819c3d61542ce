"""The service's account on a homeserver whose limits are as a municipality runs them."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import nio
import pytest
import pytest_asyncio
import yaml

from bot.config.state import StateFolder
from bot.homeserver.render import HomeserverSettings, render
from bot.matrix.checkup import default_room_version
from bot.matrix.http import V3, MatrixError, call, segment
from bot.matrix.session import Secrets, connect
from tests.support.homeserver import TrialHomeserver
from tests.traps.faulty import SERVICE
from tests.traps.opening import Kept, post_room_on
from tests.traps.post import PostRoom

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

FLOOD = 40
"""More than the burst that anybody else has."""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def limited(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[TrialHomeserver]:
    async with TrialHomeserver(tmp_path_factory.mktemp("limited") / "state", lifted=False) as running:
        yield running


async def _flood(client: nio.AsyncClient) -> list[str]:
    """Codes of the refusals of many messages at once."""
    room = (await call(client, "POST", f"{V3}/createRoom", {}))["room_id"]
    path, body = f"{V3}/rooms/{segment(room)}/send/m.room.message", {"msgtype": "m.text", "body": "x"}
    sent = (call(client, "PUT", f"{path}/{secrets.token_hex(4)}", body) for _ in range(FLOOD))
    answers = await asyncio.gather(*sent, return_exceptions=True)
    return [answer.errcode for answer in answers if isinstance(answer, MatrixError)]


async def test_the_override_lifts_the_limits_that_others_have(limited: TrialHomeserver, tmp_path: Path) -> None:
    """`rate_limited: false` of the registration does not: it counts for calls with its own token only."""
    async with post_room_on(limited, tmp_path / "service") as post:
        assert await _flood(post.client) == []
        path = f"/_synapse/admin/v1/users/{segment(SERVICE)}/override_ratelimit"
        await limited.admin._call("put the limit back", "DELETE", path)
        assert set(await _flood(post.client)) == {"M_LIMIT_EXCEEDED"}
        await limited.admin.lift_rate_limit("palvelu")


async def test_the_session_is_made_once_and_kept(homeserver: TrialHomeserver, tmp_path: Path) -> None:
    """Each login would add a token that stays good for ever."""
    kept, tokens = Kept(), homeserver.state.read_secret("appservice.json") or {}
    await homeserver.admin.ensure_user("palvelu", None, "Palvelu")
    arguments = (homeserver.url, SERVICE, str(tokens["as_token"]), tmp_path, Secrets(kept.read, kept.write))
    first = await connect(*arguments)
    again = await connect(*arguments)
    try:
        assert (first.access_token, first.device_id) == (again.access_token, again.device_id)
        assert first.access_token != tokens["as_token"]
        answer = await call(again, "GET", f"{V3}/account/whoami")
        assert (answer["user_id"], answer["device_id"]) == (SERVICE, first.device_id)
    finally:
        await call(first, "POST", f"{V3}/logout", {})
        await first.close()
        await again.close()


async def test_the_service_is_not_the_registrations_sender_whose_sync_fails(
    homeserver: TrialHomeserver, post: PostRoom
) -> None:
    tokens = homeserver.state.read_secret("appservice.json") or {}
    sender = nio.AsyncClient(homeserver.url)
    sender.access_token = str(tokens["as_token"])
    try:
        with pytest.raises(MatrixError, match="500"):
            await call(sender, "GET", f"{V3}/sync?timeout=0")
    finally:
        await sender.close()
    assert "next_batch" in await call(post.client, "GET", f"{V3}/sync?timeout=0")


async def test_the_registration_does_not_ask_for_devices_without_login(tmp_path: Path) -> None:
    """MSC4190 forbids the login that the service uses."""
    state = StateFolder.at(tmp_path / "state")
    state.create()
    render(HomeserverSettings("localhost", "palvelu", "http://localhost:8470", 8471), state)
    registration = yaml.safe_load((state.homeserver / "registration.yaml").read_text())
    assert not [key for key in registration if "4190" in key or "device_management" in key]


async def test_a_client_without_a_store_is_made_without_encryption(homeserver: TrialHomeserver, post: PostRoom) -> None:
    """nio refuses an encrypting client that has no place for its keys; the check-up's has none."""
    client = post.client
    session = {"user_id": SERVICE, "device_id": client.device_id, "access_token": client.access_token}
    assert await default_room_version(homeserver.url, session) == "12"


async def test_a_signed_in_client_gets_a_login_token_without_its_password_once_a_minute(
    limited: TrialHomeserver,
) -> None:
    account = await limited.register(f"asukas-{secrets.token_hex(4)}")
    client = nio.AsyncClient(limited.url)
    client.access_token = account.access_token
    try:
        assert (await call(client, "POST", "/_matrix/client/v1/login/get_token", {}))["login_token"]
        with pytest.raises(MatrixError, match="429 M_LIMIT_EXCEEDED") as refused:
            await call(client, "POST", "/_matrix/client/v1/login/get_token", {})
        assert (refused.value.retry_after_ms or 0) > 1000
    finally:
        await client.close()


async def test_the_same_transaction_is_the_same_event_also_after_the_homeserver_was_killed(tmp_path: Path) -> None:
    async with TrialHomeserver(tmp_path / "hs") as own, post_room_on(own, tmp_path / "service") as post:
        room = (await call(post.client, "POST", f"{V3}/createRoom", {}))["room_id"]
        path = f"{V3}/rooms/{segment(room)}/send/m.room.message/sama"
        first = await call(post.client, "PUT", path, {"msgtype": "m.text", "body": "x"})
        await own.kill()
        await own.restart()
        assert await call(post.client, "PUT", path, {"msgtype": "m.text", "body": "x"}) == first
        async with post_room_on(own, tmp_path / "other") as other:
            assert await call(other.client, "PUT", path, {"msgtype": "m.text", "body": "x"}) != first, "another device"
