"""What the edge has to know of calls, and where its parts for them hang.

Tokens for clients (`bot.web.rtc_service`), requests that homeservers pass on (`bot.web.rtc_forwarded`), the own
engine's signalling (`bot.web.signalling_proxy`), and the addresses by which clients find all that (MSC4143).
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import aiohttp
from aiohttp import web

from bot.config.settings import TOKEN_PATH
from bot.web.media_tokens import MediaTokens
from bot.web.rtc_forwarded import ForwardedRequests
from bot.web.rtc_homeserver import RtcHomeserver
from bot.web.rtc_issuing import Issuing, Judge
from bot.web.rtc_leaves import DelayedLeaves, LeaveStore, Presence
from bot.web.rtc_service import TokenService
from bot.web.rtc_vouching import Neighbours
from bot.web.signalling_proxy import SignallingProxy


@dataclass(slots=True)
class CallDoor:
    """The door to calls at the edge. `leaves` is there once the edge listens."""

    server_name: str
    """This municipality's homeserver; it answers at the address that the edge knows."""
    as_token: str
    hs_token: str
    """The application service's secrets, `secrets/appservice.json`."""
    signalling: str
    """The engine's address as clients know it, `Calls.signalling_address`."""
    engine: str | None
    """The own engine's address on loopback, such as `http://127.0.0.1:8472`; None: a LiveKit stands elsewhere."""
    tokens: MediaTokens
    region: frozenset[str]
    """Homeservers whose people may come into calls here; nobody else's is ever contacted."""
    store: LeaveStore
    presence: Presence
    clock: Callable[[], datetime]
    neighbours: Neighbours = field(default_factory=Neighbours)
    open_room: Callable[[str], Awaitable[None]] | None = None
    """Makes a media room before its first token, which a LiveKit needs and the own engine does not."""
    judge: Judge | None = None
    """As what somebody comes in; None: as a member without a name, and no conference is locked."""
    leaves: DelayedLeaves | None = None

    def foci(self, public_address: str) -> list[Mapping[str, Any]]:
        """`org.matrix.msc4143.rtc_foci` of the discovery document."""
        return [{"type": "livekit", "livekit_service_url": public_address.rstrip("/") + TOKEN_PATH}]


def add_calls(app: web.Application, door: CallDoor, homeserver: str, *, behind_proxy: bool) -> None:
    """To be added before the pages; `homeserver` is its address on loopback."""
    issuing = Issuing(
        tokens=door.tokens,
        signalling=door.signalling,
        server_name=door.server_name,
        region=door.region,
        neighbours=door.neighbours,
        open_room=door.open_room,
        judge=door.judge,
    )

    async def running(_app: web.Application) -> AsyncIterator[None]:
        connector = aiohttp.TCPConnector(limit=100)
        jar = aiohttp.DummyCookieJar()
        async with aiohttp.ClientSession(connector=connector, cookie_jar=jar, auto_decompress=False) as session:
            own = RtcHomeserver(session, homeserver, door.as_token)
            door.leaves = DelayedLeaves(door.store, own, door.presence, door.clock)
            issuing.start(own, door.leaves)
            task = asyncio.create_task(door.leaves.run())
            yield
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    app.cleanup_ctx.append(running)
    TokenService(issuing, door.clock, behind_proxy=behind_proxy).add_to(app)
    ForwardedRequests(issuing, door.hs_token, door.clock).add_to(app)
    if door.engine is not None:
        SignallingProxy(door.engine).add_to(app)
