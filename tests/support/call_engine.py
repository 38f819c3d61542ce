"""The call engine as a real process of its own, for tests and benchmarks."""

import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.config.state import StateFolder
from bot.supervision.health import answers_ok
from bot.supervision.ports import listener
from bot.supervision.process import Child, Process
from bot.web.media_tokens import MediaTokens, own_secret
from tests.support.ports import free_port


@dataclass
class RunningEngine:
    """`url` is what clients are told; `socket` takes the service's orders."""

    url: str
    key: str
    secret: str
    state: StateFolder
    process: Process

    @property
    def socket(self) -> Path:
        return self.state.root / "calls" / "engine.sock"

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    @property
    def log(self) -> str:
        return self.process.child.output.read_text(encoding="utf-8")

    def token(self, room: str, identity: str, name: str = "") -> str:
        return MediaTokens(self.key, self.secret).issue(room=room, identity=identity, name=name)

    async def restart(self) -> None:
        """Begins again on the same port, after an end of whatever kind."""
        await self.process.stop()
        await self.process.start()


@asynccontextmanager
async def engine(
    folder: Path,
    *,
    udp_ports: tuple[int, int] = (0, 0),
    arguments: Sequence[str] = (),
    state: StateFolder | None = None,
    port: int | None = None,
) -> AsyncIterator[RunningEngine]:
    """`state` and `port`: those of a service that it belongs to."""
    state = state or StateFolder.at(folder / "state")
    state.create()
    secret = own_secret(state)
    port = port or free_port()
    listening = listener(port)
    command = [
        sys.executable,
        "-m",
        "bot.calls",
        "--state",
        str(state.root),
        "--port",
        str(port),
    ]
    command += ["--listen-fd", str(listening.fileno())]
    command += ["--udp-ports", f"{udp_ports[0]}-{udp_ports[1]}"] if udp_ports[1] else []
    child = Child(
        name="the call engine",
        command=(*command, *arguments),
        ready=lambda: answers_ok(f"http://127.0.0.1:{port}/healthz"),
        output=folder / "engine.log",
        environment=dict(os.environ),
        listening=listening,
    )
    process = Process(child)
    await process.start()
    try:
        yield RunningEngine(f"ws://127.0.0.1:{port}", str(secret["key"]), str(secret["secret"]), state, process)
    finally:
        await process.stop()
        listening.close()
