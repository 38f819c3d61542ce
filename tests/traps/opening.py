"""Ways to a post room: before a homeserver that is played, or as a new device on a real one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.matrix.http import V3, call
from bot.matrix.identity import publish_device
from bot.matrix.session import Secrets, connect
from bot.storage.database import Database
from tests.support.homeserver import TrialHomeserver
from tests.traps.faulty import SERVICE, TOKEN, FaultyHomeserver
from tests.traps.hurried import clock
from tests.traps.post import Clock, PostRoom, real_clock


@asynccontextmanager
async def post_room(address: str, folder: Path, clock: Clock = real_clock) -> AsyncIterator[PostRoom]:
    """On a homeserver that believes any token."""
    kept = Kept({"user_id": SERVICE, "device_id": "PALVELU", "access_token": TOKEN})
    crypto = folder / "crypto"
    crypto.mkdir(exist_ok=True)
    client = await connect(address, SERVICE, "", crypto, Secrets(kept.read, kept.write))
    with Database(folder / "eahtari.db") as store:
        try:
            yield PostRoom(client, store, clock)
        finally:
            await client.close()


@asynccontextmanager
async def stand(folder: Path) -> AsyncIterator[tuple[FaultyHomeserver, PostRoom]]:
    """A played homeserver and a post room on it, on a hurried loop."""
    async with FaultyHomeserver() as server, post_room(server.url, folder, clock) as post:
        yield server, post


@asynccontextmanager
async def post_room_on(homeserver: TrialHomeserver, folder: Path, url: str | None = None) -> AsyncIterator[PostRoom]:
    """On a real homeserver, or before it at `url`: a new device of the service's account, its keys published."""
    await homeserver.admin.ensure_user("palvelu", None, "Palvelu")
    await homeserver.admin.lift_rate_limit("palvelu")
    folder.mkdir(exist_ok=True)  # noqa: ASYNC240 -- one folder, before anything runs
    kept = Kept()
    tokens = homeserver.state.read_secret("appservice.json") or {}
    arguments = (url or homeserver.url, SERVICE, str(tokens["as_token"]), folder, Secrets(kept.read, kept.write))
    client = await connect(*arguments)
    with Database(folder / "eahtari.db") as store:
        try:
            await publish_device(client)
            yield PostRoom(client, store, real_clock)
        finally:
            await call(client, "POST", f"{V3}/logout", {})
            await client.close()


@dataclass
class Kept:
    """One secret, kept in memory."""

    content: dict[str, str] | None = None

    def read(self) -> dict[str, str] | None:
        return self.content

    def write(self, content: dict[str, str]) -> None:
        self.content = content
