"""Janus's VideoRoom from Debian, configured for nothing else."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from benchmarks.calls.janus_door import create_room
from benchmarks.calls.peers import MEDIA_PORTS, Running, child
from bot.supervision.process import Child
from tests.support.ports import free_port

_MOST = 64
_LIBRARIES = "x86_64-linux-gnu", "aarch64-linux-gnu"
_UNUSED = {
    "plugins": "audiobridge duktape echotest lua nosip recordplay sip streaming textroom videocall voicemail",
    "transports": "http mqtt nanomsg pfunix rabbitmq",
    "loggers": "jsonlog",
}


def libraries() -> Path | None:
    """Debian's folder of Janus's plugins and transports, where Janus is installed."""
    folders = (Path("/usr/lib") / triplet / "janus" for triplet in _LIBRARIES)
    return next((folder for folder in folders if folder.is_dir() and Path("/usr/bin/janus").is_file()), None)


@asynccontextmanager
async def janus(folder: Path, found: Path, address: str, loops: int) -> AsyncIterator[Running]:
    """One room. `loops` threads for all connections (`event_loops`); 0: one thread for each, which is its default."""
    port = free_port()
    _configure(folder, found, address, port, loops)
    url = f"ws://{address}:{port}"

    async def ready() -> bool:
        async with aiohttp.ClientSession() as http:
            try:
                await create_room(http, url, _MOST)
            except (aiohttp.ClientError, OSError):
                return False
        return True

    command = ("janus", "-F", str(folder), "-C", str(folder / "janus.jcfg"))
    async with child(Child("Janus", command, ready, folder / "janus.log", folder)) as pid:
        yield Running(f"janus_{loops}_loops" if loops else "janus", pid, url, "janus", address)


def _configure(folder: Path, found: Path, address: str, port: int, loops: int) -> None:
    folder.mkdir(parents=True)
    general = {"configs_folder": str(folder), "debug_level": 2, "session_timeout": 0}
    general |= {f"{kind}_folder": str(found / kind) for kind in ("plugins", "transports", "events", "loggers")}
    general |= {"event_loops": loops} if loops else {}
    media = {"ipv6": False, "rtp_port_range": "{}-{}".format(*MEDIA_PORTS)}
    nat = {"ice_enforce_list": address, "ice_ignore_list": "vmnet"}
    unused = {kind: {"disable": _files(names)} for kind, names in _UNUSED.items()}
    _write(folder / "janus.jcfg", {"general": general, "media": media, "nat": nat, **unused})
    websockets = {"ws": True, "ws_port": port, "ws_ip": address, "json": "compact"}
    _write(folder / "janus.transport.websockets.jcfg", {"general": websockets})
    _write(folder / "janus.plugin.videoroom.jcfg", {"general": {"string_ids": False}})


def _files(names: str) -> str:
    return ",".join(f"libjanus_{name}.so" for name in names.split())


def _write(path: Path, sections: Mapping[str, Mapping[str, object]]) -> None:
    """In the form of libconfig: strings, numbers and booleans are written as in JSON."""
    lines = (
        f"{name}: {{\n" + "".join(f"  {key} = {json.dumps(value)}\n" for key, value in values.items()) + "}\n"
        for name, values in sections.items()
    )
    path.write_text("".join(lines), encoding="utf-8")
