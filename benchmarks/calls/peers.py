"""A conference server that is measured, and the project's own engine as one.

Janus ignores the loopback interface, so every server and the load use the machine's own address; packets between
processes of one machine pass through loopback all the same.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import ifaddr
from livekit.api import AccessToken, VideoGrants

from bot.calls.client import EngineClient
from bot.calls.conference.values import PolicyChange
from bot.supervision.process import Child, Process
from tests.support.call_engine import engine

ROOM = "kuormitus"
MEDIA_PORTS = (17_951, 17_999)
"""Enough for 20 participants with two connections each; servers run one at a time."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is up. `url`: websocket address of its signalling; `door`: `livekit` or `janus`."""

    name: str
    pid: int
    url: str
    door: str
    address: str
    key: str = ""
    secret: str = ""
    control: Path | None = None
    """The socket that takes the service's orders; the project's own engine has one."""

    def token(self, index: int) -> str:
        """A media token for one synthetic participant; Janus asks for none."""
        if not self.key:
            return ""
        grants = VideoGrants(room_join=True, room=ROOM, can_publish=True, can_subscribe=True, can_publish_data=True)
        grants.room_create, grants.can_update_own_metadata = False, False
        token = AccessToken(self.key, self.secret).with_identity(f"load-{index}").with_name(f"Load {index}")
        return token.with_ttl(timedelta(minutes=10)).with_grants(grants).with_attributes({"role": "member"}).to_jwt()

    async def hear(self, loudest: int) -> None:
        """How many voices are forwarded at a time, 0: all; pictures of everybody. Raises RuntimeError if refused."""
        if self.control is None:
            return
        async with EngineClient(self.control) as orders:
            trouble = await orders.policy(ROOM, PolicyChange(loudest=loudest, last_n=0))
        if trouble is not None:
            raise RuntimeError(f"the engine refused: {trouble}")


def machine_address() -> str:
    """The first IPv4 address that is not loopback's, or loopback's where there is no other."""
    found = [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]
    return next((address for address in found if not address.startswith("127.")), "127.0.0.1")


@asynccontextmanager
async def own_engine(folder: Path, address: str) -> AsyncIterator[Running]:
    """The project's engine, as `eahtari up` starts it but for the ports."""
    async with engine(folder, udp_ports=MEDIA_PORTS, arguments=("--address", address)) as running:
        yield Running(
            "engine", running.pid, running.url, "livekit", address, running.key, running.secret, running.socket
        )


@asynccontextmanager
async def child(what: Child) -> AsyncIterator[int]:
    """A server's process; its pid once it is ready. It dies with the benchmark."""
    process = Process(what)
    try:
        await process.start()
        assert process.pid is not None  # noqa: S101 - it was started a moment ago
        yield process.pid
    finally:
        await process.stop()
