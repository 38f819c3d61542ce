"""One participant's connection: websocket, the way up, the way down, and what it publishes.

Its coming and going is the hall's, who gets what is decided in `forwarding`; negotiation of each way stands in
`publishing` and `subscribing`.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from bot.calls.conference.values import Admitted
from bot.calls.media.downlink import Downlink
from bot.calls.media.track import Track
from bot.calls.media.transport import Network, Transport
from bot.calls.media.uplink import Uplink
from bot.calls.signalling import messages
from bot.calls.signalling.publication import Publication
from bot.calls.signalling.tokens import Pass
from bot.calls.signalling.wire import Wire

RELIABLE, LOSSY = "_reliable", "_lossy"
"""LiveKit's data channels."""


class Member:
    """`sid` is the connection's; `joined_at` Unix seconds."""

    def __init__(
        self,
        held: Pass,
        admitted: Admitted,
        wire: Wire,
        *,
        network: Network,
        certificate: Any,
        clock: Callable[[], float],
        on_level: Callable[["Member", int], None],
    ) -> None:
        self.held = held
        self.sid = admitted.sid
        self.wire = wire
        self.joined_at = clock()
        self.up_transport = Transport(network, certificate, offering=False)
        self.down_transport = Transport(network, certificate, offering=True)
        self.up = Uplink(self.up_transport, clock, lambda _track, level: on_level(self, level))
        self.down = Downlink(self.down_transport, clock)
        self.publications: dict[str, Publication] = {}
        self.pending: list[Publication] = []
        self.version = 0
        self.tasks: set[asyncio.Task[None]] = set()
        self.token_renewed_at = clock()
        self.wire_lost_at: float | None = None
        self.is_gone = False
        self.began = time.monotonic()
        self.paused_pictures: set[str] = set()

    async def prepare(self) -> None:
        """Binds the sockets of both ways."""
        self.down_transport.channel(RELIABLE)
        self.down_transport.channel(LOSSY, lossy=True)
        await asyncio.gather(self.up_transport.gather(), self.down_transport.gather())

    def info(self, *, gone: bool = False) -> pm.ParticipantInfo:
        """As it is told to others; each telling has a higher version."""
        self.version += 1
        tracks = [one.info for one in self.publications.values()]
        return messages.participant(self.held, self.sid, self.joined_at, tracks, version=self.version, gone=gone)

    def send(self, message: pr.SignalResponse) -> None:
        self.wire.send(message)

    def publication_of(self, track: Track) -> Publication | None:
        return self.publications.get(track.sid)

    @property
    def silent_s(self) -> float:
        """Seconds since anything came from the client on either way."""
        return time.monotonic() - max(self.up_transport.heard_at, self.down_transport.heard_at, self.began)

    @property
    def has_connected(self) -> bool:
        return self.down_transport.is_open or self.up_transport.is_open

    def keep(self, task: asyncio.Task[None]) -> None:
        """Holds on to a task until it ends, or the member does."""
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def close(self, last: pr.SignalResponse | None = None) -> None:
        """Ends both ways and the websocket, after a last message."""
        self.is_gone = True
        if last is not None:
            self.wire.send(last)
        current = asyncio.current_task()
        for task in list(self.tasks):
            if task is not current:
                task.cancel()
        self.down.clear()
        await asyncio.gather(self.wire.close(), self.up_transport.close(), self.down_transport.close())
