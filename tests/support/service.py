"""The service as a process of its own behind a killing proxy, and what tests ask of the traces it leaves.

What it said is read from the homeserver, what it decided from its file, opened for reading only.
"""

import os
import signal
import sqlite3
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.matrix.http import V3, call, segment
from bot.matrix.outbox import MARK, transaction_id
from bot.matrix.person import Person
from bot.supervision.health import answers_ok
from bot.supervision.process import Child, Process
from tests.support.homeserver import TrialHomeserver
from tests.support.killing_proxy import KillingProxy, Moment, Rule
from tests.support.ports import free_port
from tests.support.processes import until

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "examples" / "ahtari.toml"
SERVICE = "@palvelu:localhost"


@dataclass
class Service:
    """Homeserver, proxy and service. `offset` is how many seconds the service's clock is ahead."""

    homeserver: TrialHomeserver
    proxy: KillingProxy
    port: int = field(default_factory=free_port)
    offset: int = 0
    _process: Process | None = None
    _people: int = 0

    async def start(self) -> float:
        """The seconds from start to ready. Raises `ChildFailedError`, also when it is killed before that."""
        self._process = Process(self._child())
        return await self._process.start()

    async def stop(self) -> None:
        await self._running.stop()

    def kill(self) -> None:
        """SIGKILL, at once."""
        os.kill(self.pid, signal.SIGKILL)

    @property
    def pid(self) -> int:
        pid = self._running.pid
        if pid is None:
            raise RuntimeError("the service was not started")
        return pid

    async def restart_after(self, rule: Rule) -> None:
        """Waits until a rule killed the service, and starts it again."""
        await rule.fired.wait()
        assert await self._running.wait() == -signal.SIGKILL
        await self.start()

    async def ended(self) -> int:
        return await self._running.wait()

    def arm(self, method: str, path: str, moment: Moment, holding: str = "") -> Rule:
        """A rule that kills the service."""
        return self.proxy.arm(method, path, moment, self.kill, holding.encode())

    async def settled(self, within: float = 60.0) -> None:
        """All that was taken in is answered, and all answers are sent."""
        await until(lambda: self._open_work() == 0, within=within)

    def _open_work(self) -> int:
        ((unsent,),) = self.rows("SELECT count(*) FROM outbox WHERE state = 'waiting'")
        ((unanswered,),) = self.rows("SELECT count(*) FROM inbox WHERE state IN ('new', 'locked')")
        return int(unsent + unanswered)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(f"file:{self.homeserver.state.database}?mode=ro", uri=True, timeout=10)) as db:
            return db.execute(query, values).fetchall()

    def set_position(self, position: str) -> None:
        """Puts the sync position back. The service must be stopped."""
        with closing(sqlite3.connect(self.homeserver.state.database)) as db, db:
            db.execute("UPDATE fact SET value = ? WHERE name = 'sync position'", (position,))

    def position(self) -> str:
        return str(self.rows("SELECT value FROM fact WHERE name = 'sync position'")[0][0])

    async def person(self) -> Person:
        """A new citizen; who asks for one closes it."""
        self._people += 1
        account = await self.homeserver.register(f"asukas{self._people}")
        return Person(self.homeserver.url, f"asukas{self._people}", account.password)

    async def rooms_made(self) -> set[str]:
        """Every room that the service ever created, used or not."""
        path = "/_synapse/admin/v1/rooms?limit=10000"
        answer = await self.homeserver.admin._call("list rooms", "GET", path)
        return {room["room_id"] for room in answer["rooms"] if room["creator"] == SERVICE}

    @property
    def _running(self) -> Process:
        if self._process is None:
            raise RuntimeError("the service was not started")
        return self._process

    def _child(self) -> Child:
        async def ready() -> bool:
            return await answers_ok(f"http://127.0.0.1:{self.port}/healthz")

        state = self.homeserver.state
        command = [sys.executable, "-m", "bot", "serve", "--config", str(CONFIGURATION), "--state", str(state.root)]
        command += ["--port", str(self.port), "--homeserver", self.proxy.url, "--no-limits"]
        command += ["--clock-offset", str(self.offset)] if self.offset else []
        return Child("the service", tuple(command), ready, state.log / "service.out", ROOT)


@asynccontextmanager
async def running_service(folder: Path) -> AsyncIterator[Service]:
    """A service on a homeserver of its own, with the units' rooms made."""
    async with TrialHomeserver(folder) as homeserver, KillingProxy(homeserver.url) as proxy:
        service = Service(homeserver, proxy)
        await service.start()
        try:
            await service.settled()
            yield service
        finally:
            await service.stop()


async def marks(person: Person, room_id: str) -> Counter[str]:
    """How often each item of the outbox arrived in a room."""
    found: Counter[str] = Counter()
    start = ""
    while True:
        path = f"{V3}/rooms/{segment(room_id)}/messages?dir=b&limit=100{start}"
        page = await call(person._client, "GET", path)
        found.update(e["content"][MARK] for e in page["chunk"] if e["sender"] == SERVICE and MARK in e["content"])
        if "end" not in page or not page["chunk"]:
            return found
        start = f"&from={segment(page['end'])}"


async def answers(person: Person, room_id: str, *keys: str) -> list[int]:
    """How often each key was said: an answer's key is the event id of what it answers."""
    found = await marks(person, room_id)
    return [found[transaction_id(key)] for key in keys]
