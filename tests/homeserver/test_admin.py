"""The admin port against the real Synapse."""

import secrets

import pytest

from bot.homeserver.admin import Admin
from bot.homeserver.credentials import FILE
from bot.homeserver.errors import (
    AccountDeactivatedError,
    AccountExistsError,
    AccountUnknownError,
    HomeserverUnreachableError,
    WrongPasswordError,
)
from tests.support.homeserver import TrialHomeserver
from tests.support.ports import free_port

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="session")]

PASSWORD = "a-long-enough-one"
OTHER = "another-long-one"


def newcomer() -> str:
    return f"person-{secrets.token_hex(4)}"


async def test_the_version_is_the_one_that_is_locked(homeserver: TrialHomeserver) -> None:
    assert await homeserver.admin.server_version() == "1.163.2"


async def test_an_account_is_made_once_and_keeps_its_password(homeserver: TrialHomeserver) -> None:
    name = newcomer()
    assert await homeserver.admin.ensure_user(name, PASSWORD, "First") is True
    assert await homeserver.admin.ensure_user(name, OTHER, "Second") is False
    account = await homeserver.admin.account(name)
    assert account is not None
    assert account.display_name == "Second"
    assert not account.administrator
    assert (await homeserver.admin.login(name, PASSWORD)).user_id == f"@{name}:localhost"


async def test_an_account_without_a_password_cannot_be_signed_in_to(homeserver: TrialHomeserver) -> None:
    name = newcomer()
    await homeserver.admin.ensure_user(name, None, "No password")
    with pytest.raises(WrongPasswordError):
        await homeserver.admin.login(name, "")


async def test_a_wrong_password_has_its_own_error_without_the_name(homeserver: TrialHomeserver) -> None:
    name = newcomer()
    await homeserver.admin.ensure_user(name, PASSWORD, "Somebody")
    with pytest.raises(WrongPasswordError) as refused:
        await homeserver.admin.login(name, OTHER)
    assert name not in str(refused.value)


async def test_a_reset_password_replaces_the_old_one(homeserver: TrialHomeserver) -> None:
    name = newcomer()
    await homeserver.admin.ensure_user(name, PASSWORD, "Forgetful")
    await homeserver.admin.reset_password(name, OTHER)
    await homeserver.admin.login(name, OTHER)
    with pytest.raises(WrongPasswordError):
        await homeserver.admin.login(name, PASSWORD)


async def test_a_deactivated_account_comes_back_only_when_asked_for(homeserver: TrialHomeserver) -> None:
    name = newcomer()
    await homeserver.admin.ensure_user(name, PASSWORD, "Leaver")
    await homeserver.admin.deactivate(name)
    with pytest.raises(WrongPasswordError):
        await homeserver.admin.login(name, PASSWORD)
    with pytest.raises(AccountDeactivatedError):
        await homeserver.admin.ensure_user(name, PASSWORD, "Leaver")
    assert await homeserver.admin.user_exists(name)
    await homeserver.settled()
    await homeserver.admin.reactivate(name, OTHER)
    await homeserver.admin.login(name, OTHER)


async def test_a_taken_name_and_an_unknown_one_have_their_own_errors(homeserver: TrialHomeserver) -> None:
    name = newcomer()
    await homeserver.register(name)
    with pytest.raises(AccountExistsError):
        await homeserver.register(name)
    assert not await homeserver.admin.user_exists(newcomer())
    with pytest.raises(AccountUnknownError):
        await homeserver.admin.deactivate(newcomer())


async def test_a_name_cannot_lead_to_another_path(homeserver: TrialHomeserver) -> None:
    assert await homeserver.admin.account("../../v1/server_version") is None


async def test_the_list_holds_everyone_also_past_a_page(homeserver: TrialHomeserver) -> None:
    names = [newcomer() for _ in range(105)]
    for name in names:
        await homeserver.register(name)
    listed = {account.user_id async for account in homeserver.admin.users()}
    assert {f"@{name}:localhost" for name in names} <= listed


async def test_the_limit_is_lifted_for_the_one_account(homeserver: TrialHomeserver) -> None:
    name = newcomer()
    await homeserver.register(name)
    await homeserver.admin.lift_rate_limit(name)
    path = f"/_synapse/admin/v1/users/@{name}:localhost/override_ratelimit"
    answer = await homeserver.admin._call("read limit", "GET", path)
    assert answer == {"messages_per_second": 0, "burst_count": 0}


async def test_a_revoked_token_is_replaced_and_the_call_succeeds(homeserver: TrialHomeserver) -> None:
    kept = homeserver.state.read_secret(FILE)
    assert kept is not None
    homeserver.state.write_secret(FILE, {**kept, "access_token": "revoked"})
    async with Admin(homeserver.url, "localhost", homeserver.state) as admin:
        await admin.ensure_admin()
    renewed = homeserver.state.read_secret(FILE)
    assert renewed is not None
    assert renewed["access_token"] not in {"revoked", None}


async def test_a_start_cut_off_after_registering_the_administrator_goes_on(homeserver: TrialHomeserver) -> None:
    """The password is on disk and the account exists, but no token was kept."""
    kept = homeserver.state.read_secret(FILE)
    assert kept is not None
    homeserver.state.write_secret(FILE, {**kept, "access_token": None})
    async with Admin(homeserver.url, "localhost", homeserver.state) as admin:
        await admin.ensure_admin()


async def test_a_lost_administrator_is_replaced(homeserver: TrialHomeserver) -> None:
    kept = homeserver.state.read_secret(FILE)
    assert kept is not None
    homeserver.state.secret(FILE).unlink()
    try:
        async with Admin(homeserver.url, "localhost", homeserver.state) as admin:
            await admin.ensure_admin()
    finally:
        homeserver.state.write_secret(FILE, kept)


async def test_an_absent_homeserver_is_an_error_of_its_own(homeserver: TrialHomeserver) -> None:
    async with Admin(f"http://127.0.0.1:{free_port()}", "localhost", homeserver.state) as admin:
        with pytest.raises(HomeserverUnreachableError):
            await admin.server_version()
