"""The media servers that the tests of calls run against: the project's engine, and a real LiveKit where there is one.

A LiveKit is taken from `$LIVEKIT_SERVER` or from the PATH (`livekit-server`). Without one its tests are named as
not run.
"""

import os
import secrets
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from livekit import api

from bot.supervision.health import answers_ok
from bot.supervision.process import Child, Process
from tests.support.ports import free_port

NOT_RUN = "not run against LiveKit: no livekit-server on the PATH and none in $LIVEKIT_SERVER"

_PATIENCE_S = 60.0
"""LiveKit keeps a place for a client that may come back."""


@dataclass(frozen=True, slots=True)
class MediaServer:
    """Where it answers (`ws://…`), the key its tokens are signed with, and how soon it misses a dead client.

    `socket` takes the service's orders; None: it is a LiveKit, which has none.
    """

    url: str
    key: str
    secret: str
    misses_within_s: float = 10.0
    socket: Path | None = None

    @property
    def is_ours(self) -> bool:
        return self.socket is not None

    def token(self, room: str, identity: str, *, name: str = "", ttl: timedelta = timedelta(minutes=10)) -> str:
        """What lets somebody into a room to see, hear and speak."""
        grants = api.VideoGrants(room=room, room_join=True, can_publish=True, can_subscribe=True, can_publish_data=True)
        token = api.AccessToken(self.key, self.secret).with_identity(identity).with_name(name or identity)
        return token.with_grants(grants).with_ttl(ttl).to_jwt()


def livekit_program() -> Path | None:
    named = os.environ.get("LIVEKIT_SERVER") or shutil.which("livekit-server")
    return Path(named) if named else None


@asynccontextmanager
async def livekit(folder: Path) -> AsyncIterator[MediaServer]:
    """A LiveKit of one's own on loopback. Skips the test where there is no program."""
    program = livekit_program()
    if program is None:
        pytest.skip(NOT_RUN)
    port, key, secret = free_port(), "devkey", secrets.token_urlsafe(32)
    config = folder / "livekit.yaml"
    config.write_text(yaml.safe_dump(_settings(port, key, secret)), encoding="utf-8")
    process = Process(
        Child(
            name="LiveKit",
            command=(str(program), "--config", str(config)),
            ready=lambda: answers_ok(f"http://127.0.0.1:{port}/"),
            output=folder / "livekit.log",
        )
    )
    await process.start()
    try:
        yield MediaServer(f"ws://127.0.0.1:{port}", key, secret, _PATIENCE_S)
    finally:
        await process.stop()


def _settings(port: int, key: str, secret: str) -> dict[str, object]:
    rtc = {
        "udp_port": free_port(),
        "tcp_port": free_port(),
        "node_ip": "127.0.0.1",
        "use_external_ip": False,
        "enable_loopback_candidate": True,
    }
    return {
        "port": port,
        "bind_addresses": ["127.0.0.1"],
        "keys": {key: secret},
        "logging": {"level": "info"},
        "rtc": rtc,
    }
