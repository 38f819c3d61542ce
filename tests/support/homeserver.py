"""One real Synapse for tests and benchmarks, from the very files of `synapse-config/`.

Over them lies `limits-lifted.yaml`: the homeserver's own limits are out of the way and passwords are cheap
(bcrypt_rounds 4), and a new database does not pause between its background updates. Nothing else differs from
what a municipality runs. The process dies with the one that started it.
"""

import asyncio
import os
import secrets
import signal
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from bot.config.state import StateFolder
from bot.domain.ids import UserId
from bot.homeserver import process as synapse
from bot.homeserver.admin import Admin
from bot.homeserver.render import HomeserverSettings, render
from bot.supervision.health import answers_ok
from bot.supervision.process import Child, Process
from tests.support.ports import free_port

OVERLAY = Path(__file__).with_name("limits-lifted.yaml")


class Registered(NamedTuple):
    """A new account with its first device."""

    user_id: UserId
    password: str
    access_token: str


class TrialHomeserver:
    """An async context manager around a Synapse in the given state folder.

    The folder may be one that was used before: the homeserver then finds its rooms and people again.
    `port` and `public_address` are chosen freely unless given; `lifted=False` leaves the limits as they are.
    `edge_port` and `signalling` are those of `HomeserverSettings`; `overlays` are configurations put over the rest.
    """

    def __init__(
        self,
        folder: Path,
        *,
        server_name: str = "localhost",
        service_localpart: str = "palvelu",
        port: int | None = None,
        public_address: str | None = None,
        edge_port: int | None = None,
        signalling: str | None = None,
        overlays: tuple[Path, ...] = (),
        lifted: bool = True,
    ) -> None:
        self.server_name = server_name
        self.state = StateFolder.at(folder)
        port = port or free_port()
        address = public_address or f"http://127.0.0.1:{port}"
        self._settings = HomeserverSettings(
            server_name, service_localpart, address, port, signalling=signalling, edge_port=edge_port
        )
        self.url = self._settings.address
        """Where Synapse itself answers, on loopback."""
        self.admin = Admin(self.url, server_name, self.state)
        self._overlay = ((OVERLAY,) if lifted else ()) + overlays
        self._process: Process | None = None

    async def __aenter__(self) -> Self:
        self.state.create()
        self._process = Process(self._child(render(self._settings, self.state)))
        try:
            await self._process.start()
            await self.admin.__aenter__()
        except BaseException:
            await self._process.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.admin.__aexit__(kind, error, trace)
        await self._running.stop()

    @property
    def pid(self) -> int:
        pid = self._running.pid
        if pid is None:
            raise RuntimeError("the homeserver is not running")
        return pid

    async def register(self, localpart: str) -> Registered:
        """A new account; its password is random. Raises `AccountExistsError`."""
        password = secrets.token_urlsafe(12)
        session = await self.admin.register(localpart, password)
        return Registered(session.user_id, password, session.access_token)

    async def settled(self, *, within: float = 30.0) -> None:
        """Back when a new database has finished its background updates. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not await self.admin.has_settled():  # noqa: ASYNC110 -- the event happens in another process
                await asyncio.sleep(0.1)

    async def kill(self) -> None:
        """SIGKILL, and back when the process is gone. `restart` brings it up again."""
        os.kill(self.pid, signal.SIGKILL)
        await self._running.wait()

    async def stop(self) -> None:
        """SIGTERM, and back when the process is gone. `restart` brings it up again."""
        await self._running.stop()

    async def restart(self) -> float:
        """Stops it if it runs and starts it on the same state and port; the seconds from start to ready."""
        await self._running.stop()
        return await self._running.start()

    @property
    def _running(self) -> Process:
        if self._process is None:
            raise RuntimeError("the homeserver is used outside its `async with`")
        return self._process

    def _child(self, config: Path) -> Child:
        async def ready() -> bool:
            return await answers_ok(self.url + synapse.READY_PATH)

        return Child(
            name="the homeserver",
            command=synapse.command(config, *self._overlay),
            ready=ready,
            output=self.state.log / "homeserver.out",
            folder=self.state.homeserver,
            environment=synapse.environment(),
        )
