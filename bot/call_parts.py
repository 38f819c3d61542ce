"""Joins what the calls are made of: the engine's orders, the storage, and the two doors at the edge.

A part of the composition root: which engine there is, and how storage fulfils what the doors ask for. It decides
nothing.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from aiohttp import web

from bot.actions import conference, conference_door, conference_hands
from bot.actions.conference_door import Door, Entrance, Let
from bot.calls.client import EngineClient
from bot.calls.evidence import Evidence, Kind
from bot.calls.journal import Journal
from bot.calls.livekit import LiveKitOrders, LiveKitWebhooks
from bot.calls.livekit_roll_call import Open, RollCall
from bot.calls.orders import Orders, Trouble
from bot.config.secret_files import read_secret_file
from bot.config.settings import CallEngine, Configuration
from bot.config.state import StateFolder
from bot.domain.conference import OWN_JOURNAL, DelayedLeave, MediaRoom
from bot.domain.ids import RoomId, UserId
from bot.domain.language import Language
from bot.storage.database import Database
from bot.web.join import Entry
from bot.web.join_files import built
from bot.web.media_tokens import MediaTokens, media_tokens
from bot.web.rtc import CallDoor
from bot.web.rtc_leaves import Leave

ENGINE_AFTER = 2
"""The own engine's signalling is on the second port after the edge's."""
WEBHOOK_PATH = "/livekit/webhook"
LIVEKIT_JOURNAL = "livekit"

OpenRoom = Callable[[str], Awaitable[None]]
"""Makes a media room before somebody gets a token for it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service stands."""

    configuration: Configuration
    state: StateFolder
    port: int
    public_address: str


@dataclass(frozen=True, slots=True)
class CallParts:
    """What the service needs of the calls."""

    orders: Orders
    door: CallDoor
    entry: Entry
    webhooks: LiveKitWebhooks | None = None

    @property
    def journal(self) -> str:
        """Whose evidence is read: each engine's has numbers of its own."""
        return OWN_JOURNAL if self.webhooks is None else LIVEKIT_JOURNAL

    async def heard(self, evidence: Sequence[Evidence]) -> None:
        """Who left, left: memberships that a client handed over end at once."""
        for one in evidence:
            if one.kind is Kind.LEFT and self.door.leaves is not None:
                await self.door.leaves.left(one.room, one.identity, str(one.facts.get("reason", "left")))

    def add_to(self, app: web.Application) -> None:
        """LiveKit's webhooks, where it is the engine."""
        if self.webhooks is not None:
            app.router.add_post(WEBHOOK_PATH, _hook(self.webhooks))


@asynccontextmanager
async def call_parts(place: Place, store: Database, clock: Callable[[], datetime]) -> AsyncIterator[CallParts]:
    """Everything of the calls, for as long as the service runs. Raises `ConfigurationError`, `StateFolderError`."""
    calls = place.configuration.settings.calls
    tokens = media_tokens(calls, place.state)
    async with AsyncExitStack() as stack:
        if calls.engine is CallEngine.OWN:
            orders: Orders = await stack.enter_async_context(EngineClient(_folder(place.state) / "engine.sock"))
            doorkeeper = StoredDoor(store, clock)
            door = _door(place, store, clock, orders, tokens)
            yield CallParts(orders, door, _entry(place, doorkeeper, clock, tokens))
            return
        journal = await stack.enter_async_context(Journal(_folder(place.state) / "livekit.db", now=clock().timestamp()))
        key, secret = str(calls.key), read_secret_file(_required(calls.secret_file))
        livekit = await stack.enter_async_context(LiveKitOrders(str(calls.address), key, secret, journal))
        await stack.enter_async_context(_running(RollCall(livekit, journal, _open_presences(store))))
        door = _door(place, store, clock, livekit, tokens)
        entry = _entry(place, StoredDoor(store, clock, door.open_room), clock, tokens)
        yield CallParts(livekit, door, entry, LiveKitWebhooks(key, secret, journal))


@asynccontextmanager
async def _running(roll_call: RollCall) -> AsyncIterator[None]:
    task = asyncio.create_task(roll_call.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _opening(livekit: LiveKitOrders) -> OpenRoom:
    """A token is issued all the same: LiveKit may open the room by itself, or answer again when it is used."""

    async def opened(room: str) -> None:
        if (trouble := await livekit.open(room)) is not None:
            log.warning("LiveKit opened no room: %s", trouble)

    return opened


def _open_presences(store: Database) -> Callable[[], Awaitable[Collection[Open]]]:
    async def known() -> Collection[Open]:
        found = await store.transact(lambda tx: tx.presences.going_on())
        return [Open(one.room, one.identity, one.sid, one.joined.timestamp()) for one in found]

    return known


def signalling_address(configuration: Configuration, public_address: str, port: int) -> str:
    """Where clients find the engine.

    A trial's clients go straight to it, so that calls go on while the service starts anew; behind a town's own
    proxy the path below the public address is the proxy's to route (docs/calls.md).
    """
    settings = configuration.settings
    own = settings.calls.engine is CallEngine.OWN and settings.calls.address is None
    if own and settings.web.public_url is None:
        return f"ws://localhost:{port + ENGINE_AFTER}"
    return settings.calls.signalling_address(public_address)


def _folder(state: StateFolder) -> Path:
    folder = state.root / "calls"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _required(path: Path | None) -> Path:
    assert path is not None  # noqa: S101 - the configuration's check: LiveKit comes with its secret
    return path


def _door(
    place: Place, store: Database, clock: Callable[[], datetime], orders: Orders, tokens: MediaTokens
) -> CallDoor:
    settings = place.configuration.settings
    appservice = place.state.read_secret("appservice.json") or {}
    is_own = settings.calls.engine is CallEngine.OWN

    async def present(room: str) -> Collection[str] | None:
        found = await orders.participants(room)
        if isinstance(found, Trouble):
            return [] if found is Trouble.UNKNOWN_ROOM else None
        return {one.identity for one in found}

    async def judge(room_id: str, user: UserId, room: str, identity: str) -> tuple[str, str] | None:
        return await store.transact(
            lambda tx: conference.admission(tx, RoomId(room_id), user, MediaRoom(room), identity)
        )

    return CallDoor(
        server_name=settings.homeserver.server_name,
        as_token=str(appservice.get("as_token", "")),
        hs_token=str(appservice.get("hs_token", "")),
        signalling=signalling_address(place.configuration, place.public_address, place.port),
        engine=f"http://127.0.0.1:{place.port + ENGINE_AFTER}" if is_own else None,
        tokens=tokens,
        region=frozenset(place.configuration.directory.municipality.region_servers),
        store=StoredLeaves(store),
        presence=present,
        clock=clock,
        open_room=_opening(orders) if isinstance(orders, LiveKitOrders) else None,
        judge=judge,
    )


def _entry(place: Place, doorkeeper: "StoredDoor", clock: Callable[[], datetime], tokens: MediaTokens) -> Entry:
    return Entry(
        doorkeeper=doorkeeper,
        tokens=tokens,
        media_url=signalling_address(place.configuration, place.public_address, place.port),
        public_address=place.public_address,
        files=built(),
        clock=clock,
        behind_proxy=place.configuration.settings.web.public_url is not None,
    )


class StoredLeaves:
    """`LeaveStore` in the service's own file."""

    def __init__(self, store: Database) -> None:
        self._store = store

    async def put(self, leave: Leave) -> Leave | None:
        kept = DelayedLeave(MediaRoom(leave.room), leave.identity, leave.delay_id, leave.delay, leave.delegated_at)
        older = await self._store.transact(lambda tx: tx.delayed_leaves.put(kept))
        return None if older is None else _leave(older)

    async def take(self, leave: Leave) -> bool:
        room = MediaRoom(leave.room)
        return await self._store.transact(lambda tx: tx.delayed_leaves.take(room, leave.identity, leave.delay_id))

    async def all(self) -> Sequence[Leave]:
        return [_leave(one) for one in await self._store.transact(lambda tx: tx.delayed_leaves.all())]


def _leave(kept: DelayedLeave) -> Leave:
    return Leave(kept.room, kept.identity, kept.delay_id, kept.delay, kept.delegated_at)


class StoredDoor:
    """`Doorkeeper` over the storage: each question a transaction of its own.

    Without `open_room` the engine makes media rooms by itself.
    """

    def __init__(self, store: Database, clock: Callable[[], datetime], open_room: OpenRoom | None = None) -> None:
        self._store = store
        self._clock = clock
        self._open_room = open_room

    async def look(self, digest: str) -> Door | None:
        return await self._store.transact(lambda tx: conference_door.look(tx, digest, self._clock()))

    async def enter(self, digest: str, *, visitor: str, name: str, language: Language, take_over: bool) -> Entrance:
        entrance = await self._store.transact(
            lambda tx: conference_door.enter(
                tx,
                digest,
                visitor=visitor,
                name=name,
                language=language,
                take_over=take_over,
                now=self._clock(),
            )
        )
        return await self._opened(entrance)

    async def status(self, digest: str, *, visitor: str) -> Entrance:
        entrance = await self._store.transact(
            lambda tx: conference_door.status(tx, digest, visitor=visitor, now=self._clock())
        )
        return await self._opened(entrance)

    async def leave(self, digest: str, *, visitor: str) -> None:
        await self._store.transact(lambda tx: conference_door.leave(tx, digest, visitor=visitor, now=self._clock()))

    async def hand(self, digest: str, *, visitor: str) -> None:
        await self._store.transact(lambda tx: conference_hands.raised(tx, digest, visitor=visitor, now=self._clock()))

    async def _opened(self, entrance: Entrance) -> Entrance:
        if self._open_room is not None and isinstance(entrance, Let):
            await self._open_room(entrance.room)
        return entrance


def _hook(webhooks: LiveKitWebhooks) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        taken = await webhooks.take(body, request.headers.get("Authorization", ""))
        return web.Response(status=200 if taken else 401)

    return take
