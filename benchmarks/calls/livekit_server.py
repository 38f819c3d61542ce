"""A LiveKit server without Redis, where one is installed: what a municipality changes to past one machine."""

import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from benchmarks.calls.peers import MEDIA_PORTS, Running, child
from bot.supervision.process import Child
from tests.support.ports import free_port

PROGRAM = "livekit-server"
_KEY, _SECRET = "eahtari-bench", "of the benchmark alone, and long enough"


def program() -> str | None:
    return shutil.which(PROGRAM)


@asynccontextmanager
async def livekit(folder: Path, found: str, address: str) -> AsyncIterator[Running]:
    port = free_port()
    settings = _configure(folder, address, port)

    async def ready() -> bool:
        async with aiohttp.ClientSession() as http:
            try:
                async with http.get(f"http://{address}:{port}/") as response:
                    return response.status == 200
            except (aiohttp.ClientError, OSError):
                return False

    command = (found, "--config", str(settings))
    async with child(Child("LiveKit", command, ready, folder / "livekit.log", folder)) as pid:
        yield Running("livekit", pid, f"ws://{address}:{port}", "livekit", address, _KEY, _SECRET)


def _configure(folder: Path, address: str, port: int) -> Path:
    """JSON is YAML."""
    folder.mkdir(parents=True)
    media = {"node_ip": address, "tcp_port": free_port(), "port_range_start": MEDIA_PORTS[0]}
    settings = {
        "port": port,
        "bind_addresses": [address],
        "keys": {_KEY: _SECRET},
        "logging": {"level": "error"},
        "room": {"auto_create": True},
        "rtc": media | {"port_range_end": MEDIA_PORTS[1]},
    }
    path = folder / "livekit.yaml"
    path.write_text(json.dumps(settings), encoding="utf-8")
    return path
