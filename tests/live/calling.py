"""A town with calls: the real homeserver, the real call engine as a process, the edge before both, and its people.

People are here what their clients say to the homeserver and to the token service; of the media they have none, only
the signalling line that makes them participants.
"""

import asyncio
import secrets
import sqlite3
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.calls.client import EngineClient
from bot.calls.evidence import Kind
from bot.calls.orders import Trouble
from bot.domain.language import Text
from bot.web.edge import Edge, application, listening
from bot.web.front import Front
from bot.web.media_tokens import MediaTokens
from bot.web.rtc import CallDoor
from bot.web.rtc_vouching import Neighbours
from tests.support.call_engine import RunningEngine, engine
from tests.support.homeserver import Registered, TrialHomeserver
from tests.support.ports import free_port
from tests.web.rtc_doubles import LeavesInMemory

MEMBER = "org.matrix.msc3401.call.member"
SLOT = "m.call#ROOM"
JSON = dict[str, Any]


@dataclass
class Caller:
    """A person with one device, who asks through the edge at `address`."""

    address: str
    account: Registered
    server: str
    session: aiohttp.ClientSession
    device: str = field(default_factory=lambda: f"DEV{secrets.token_hex(3)}")

    @property
    def user(self) -> str:
        return self.account.user_id

    async def ask(
        self, method: str, path: str, body: object = None, *, signed_in: bool = True, at: str | None = None
    ) -> tuple[int, JSON]:
        """Status and answer; `at` is another town's edge."""
        headers = {"Authorization": f"Bearer {self.account.access_token}"} if signed_in else {}
        async with self.session.request(method, (at or self.address) + path, json=body, headers=headers) as answer:
            return answer.status, await answer.json()

    async def done(self, method: str, path: str, body: object = None) -> JSON:
        status, answer = await self.ask(method, path, body)
        assert status == 200, answer
        return answer

    async def room_with(self, *others: "Caller") -> str:
        """A new room in which all are joined; each may say that he is in a call."""
        power = {"events": {MEMBER: 0}}
        body = {"preset": "private_chat", "power_level_content_override": power}
        room = str((await self.done("POST", "/_matrix/client/v3/createRoom", body))["room_id"])
        for other in others:
            await self.done("POST", f"{rooms(room)}/invite", {"user_id": other.user})
            await other.joins(room, self.server)
        return room

    async def joins(self, room: str, via: str) -> None:
        await self.done("POST", f"/_matrix/client/v3/join/{quote(room, safe='')}?via={via}", {})

    async def open_id(self) -> JSON:
        return await self.done("POST", f"/_matrix/client/v3/user/{quote(self.user, safe='')}/openid/request_token", {})

    async def plain(self, room: str, *, at: str | None = None, **more: Any) -> tuple[int, JSON]:
        """`sfu/get`, the oldest shape."""
        token = more.pop("openid_token", None) or await self.open_id()
        body = {"room": room, "openid_token": token, "device_id": self.device} | more
        return await self.ask("POST", "/livekit/jwt/sfu/get", body, signed_in=False, at=at)

    async def vouched(
        self, room: str, what: str = "get_token", *, at: str | None = None, **more: Any
    ) -> tuple[int, JSON]:
        """`get_token`, the newer one."""
        member = {"id": "member", "claimed_user_id": self.user, "claimed_device_id": self.device}
        token = more.pop("openid_token", None) or await self.open_id()
        body = {"room_id": room, "slot_id": SLOT, "openid_token": token, "member": member} | more
        return await self.ask("POST", f"/livekit/jwt/{what}", body, signed_in=False, at=at)

    async def signed_in(self, room: str, url: str, what: str = "get_token", **more: Any) -> tuple[int, JSON]:
        """The shape of MSC4195, through the homeserver."""
        body = {"url": url, "room_id": room, "slot_id": SLOT, "member": {"id": "member"}} | more
        return await self.ask("POST", f"/_matrix/client/unstable/io.element.msc4195/rtc/livekit/{what}", body)

    async def in_all_shapes(self, room: str, url: str) -> list[tuple[int, JSON]]:
        return [await self.plain(room), await self.vouched(room), await self.signed_in(room, url)]

    async def enters_the_call(self, room: str, delay_ms: int = 3_600_000) -> str:
        """Says that he is in the call, and hands in his delayed leave; its id."""
        state = f"{rooms(room)}/state/{MEMBER}/{quote(f'_{self.user}_{self.device}', safe='')}"
        delayed = await self.done("PUT", f"{state}?org.matrix.msc4140.delay={delay_ms}", {})
        await self.done("PUT", state, {"application": "m.call", "call_id": "", "device_id": self.device})
        return str(delayed["delay_id"])

    async def is_in_the_call(self, room: str, other: "Caller") -> bool:
        """Whether the room's state says so, as this one sees it."""
        path = f"{rooms(room)}/state/{MEMBER}/{quote(f'_{other.user}_{other.device}', safe='')}"
        return bool(await self.done("GET", path))


def rooms(room: str) -> str:
    return f"/_matrix/client/v3/rooms/{quote(room, safe='')}"


@dataclass
class CallTown:
    """Where everything is. `signalling` is the engine's address as clients know it."""

    homeserver: TrialHomeserver
    engine: RunningEngine
    address: str
    session: aiohttp.ClientSession
    orders: EngineClient
    store: LeavesInMemory = field(default_factory=LeavesInMemory)

    @property
    def signalling(self) -> str:
        return self.address.replace("http", "ws", 1) + "/livekit/sfu"

    async def caller(self) -> Caller:
        account = await self.homeserver.register(f"asukas-{secrets.token_hex(4)}")
        return Caller(self.address, account, self.homeserver.server_name, self.session)

    async def connected(self, room: str) -> Collection[str] | None:
        """Who is in a media room; None while the engine can't say."""
        found = await self.orders.participants(room)
        return None if isinstance(found, Trouble) else {present.identity for present in found}

    async def line(self, answer: Mapping[str, Any]) -> aiohttp.ClientWebSocketResponse:
        """The signalling line of one who got a token, through the edge."""
        url = f"{self.signalling}/rtc?access_token={answer['jwt']}&protocol=16&sdk=js&version=2.23.0&auto_subscribe=1"
        line = await self.session.ws_connect(url)
        assert (await line.receive(5)).type is aiohttp.WSMsgType.BINARY
        return line

    def open_id_token_expires(self, token: str) -> None:
        """Moves the end of a token's life into the past, in the homeserver's own file."""
        file = self.homeserver.state.homeserver / "homeserver.db"
        with closing(sqlite3.connect(file, timeout=10)) as database, database:
            changed = database.execute("UPDATE open_id_tokens SET ts_valid_until_ms = 1 WHERE token = ?", (token,))
            assert changed.rowcount == 1


@asynccontextmanager
async def calling(
    folder: Path,
    *,
    region: frozenset[str] = frozenset(),
    neighbours: Neighbours | None = None,
    server_name: str = "localhost",
    homeserver_port: int | None = None,
    overlays: tuple[Path, ...] = (),
) -> AsyncIterator[CallTown]:
    """The running town."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    async with AsyncExitStack() as stack:
        homeserver = await stack.enter_async_context(
            TrialHomeserver(
                folder / "homeserver",
                server_name=server_name,
                port=homeserver_port,
                public_address=address,
                edge_port=port,
                overlays=overlays,
            )
        )
        running = await stack.enter_async_context(engine(folder / "engine"))
        session = await stack.enter_async_context(aiohttp.ClientSession())
        orders = await stack.enter_async_context(EngineClient(running.socket))
        town = CallTown(homeserver, running, address, session, orders)
        door = _door(town, region, neighbours or Neighbours())
        front = Front(Text.same("Kunta"), address, f"@palvelu:{server_name}")
        edge = Edge(front, homeserver.url, dict, calls=door)
        await stack.enter_async_context(listening(application(edge), port))
        telling = asyncio.create_task(_tells(town, door))
        stack.callback(telling.cancel)
        yield town


def _door(town: CallTown, region: frozenset[str], neighbours: Neighbours) -> CallDoor:
    tokens = town.homeserver.state.read_secret("appservice.json") or {}
    return CallDoor(
        server_name=town.homeserver.server_name,
        as_token=str(tokens["as_token"]),
        hs_token=str(tokens["hs_token"]),
        signalling=town.signalling,
        engine=town.engine.url.replace("ws", "http", 1),
        tokens=MediaTokens(town.engine.key, town.engine.secret),
        region=region,
        store=town.store,
        presence=town.connected,
        clock=lambda: datetime.now(UTC),
        neighbours=neighbours,
    )


async def _tells(town: CallTown, door: CallDoor) -> None:
    """What the service does with the engine's evidence, as far as leaves go."""
    seen = 0
    while True:
        found = await town.orders.evidence(seen, 100, 5)
        for one in () if isinstance(found, Trouble) else found:
            seen = one.number
            if one.kind is Kind.LEFT and door.leaves is not None:
                await door.leaves.left(one.room, one.identity, str(one.facts["reason"]))
