"""A real homeserver with its limits lifted, and a folder a service.

Everything the tests know of the homeserver is the fixture `homeserver`: an address, a name, new accounts.
"""

import hashlib
import hmac
import os
import secrets
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
import yaml

from tests.support.ports import free_port

PORT = free_port()
SERVER_NAME = "localhost"

_STARTING_S = 60.0
_STOPPING_S = 15.0
_HEALTH_INTERVAL_S = 0.05
_FREE = {"per_second": 1000, "burst_count": 1000}


@dataclass(frozen=True, slots=True)
class Account:
    """A fresh account: its localpart serves as password's companion at `login`."""

    localpart: str
    user_id: str
    password: str
    token: str


@dataclass(frozen=True, slots=True)
class Homeserver:
    url: str
    server_name: str
    secret: str

    async def register(self, user: str, password: str) -> str:
        """A new account; gives an access token of its first device."""
        path = f"{self.url}/_synapse/admin/v1/register"
        async with aiohttp.ClientSession() as session:
            async with session.get(path) as answer:
                nonce = (await answer.json())["nonce"]
            proof = f"{nonce}\0{user}\0{password}\0notadmin".encode()
            mac = hmac.new(self.secret.encode(), proof, hashlib.sha1).hexdigest()
            body = {"nonce": nonce, "username": user, "password": password, "admin": False, "mac": mac}
            async with session.post(path, json=body) as answer:
                answer.raise_for_status()
                return str((await answer.json())["access_token"])

    async def newcomer(self, role: str) -> Account:
        """An account nobody else uses, called after its role."""
        localpart, password = f"{role}-{secrets.token_hex(4)}", secrets.token_urlsafe(12)
        token = await self.register(localpart, password)
        return Account(localpart, f"@{localpart}:{self.server_name}", password, token)


@pytest.fixture(scope="session")
def homeserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    folder = tmp_path_factory.mktemp("homeserver")
    secret = secrets.token_hex(16)
    config = folder / "hs.yaml"
    config.write_text(yaml.safe_dump(_settings(folder, secret)))
    environment = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and our own file
            [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config), "--generate-keys"],
            stdout=log,
            stderr=log,
        )
        assert process.wait(_STARTING_S) == 0, (folder / "log").read_text()
        process = subprocess.Popen(  # noqa: S603 -- our own interpreter and our own file
            [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config)],
            stdout=log,
            stderr=log,
            env=environment,
        )
    url = f"http://127.0.0.1:{PORT}"
    try:
        _await_health(process, url, folder / "log")
        yield Homeserver(url, SERVER_NAME, secret)
    finally:
        process.terminate()
        process.wait(_STOPPING_S)


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """A service's state folder, by the service's name."""

    def make(name: str) -> Path:
        path = tmp_path / name
        path.mkdir(exist_ok=True)
        return path

    return make


def _await_health(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    end = time.monotonic() + _STARTING_S
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(f"{url}/health", timeout=1):  # noqa: S310 -- http on loopback
                return
        except (urllib.error.URLError, OSError):
            time.sleep(_HEALTH_INTERVAL_S)  # another process's start has no event to wait for
    raise TimeoutError(log.read_text())


def _settings(folder: Path, secret: str) -> dict[str, object]:
    rest = {"type": "http", "port": PORT, "bind_addresses": ["127.0.0.1"], "resources": [{"names": ["client"]}]}
    return {
        "server_name": SERVER_NAME,
        "listeners": [rest],
        "database": {"name": "sqlite3", "args": {"database": str(folder / "hs.db")}},
        "signing_key_path": str(folder / "signing.key"),
        "media_store_path": str(folder / "media"),
        "pid_file": str(folder / "pid"),
        "registration_shared_secret": secret,
        "form_secret": secrets.token_hex(16),
        "macaroon_secret_key": secrets.token_hex(16),
        "enable_registration": False,
        "trusted_key_servers": [],
        "report_stats": False,
        "url_preview_enabled": False,
        "bcrypt_rounds": 4,
        **dict.fromkeys(("rc_message", "rc_registration", "rc_key_requests"), _FREE),
        "rc_login": dict.fromkeys(("address", "account", "failed_attempts"), _FREE),
        "rc_joins": dict.fromkeys(("local", "remote"), _FREE),
        "rc_invites": dict.fromkeys(("per_room", "per_user", "per_issuer"), _FREE),
        "rc_room_creation": _FREE,
    }
