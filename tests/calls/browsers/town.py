"""A municipality's homeserver and web edge before a media server: what a client of Matrix needs for a call.

The homeserver is a real Synapse, the edge and its token service are the service's own. The people are given by
name of role; rooms are plain or encrypted.
"""

import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.calls.client import EngineClient
from bot.calls.journal import Journal
from bot.calls.livekit import LiveKitOrders
from bot.calls.orders import Orders, Trouble
from bot.config.settings import TOKEN_PATH
from bot.domain.conference import guest_identity
from bot.domain.language import Text
from bot.web.edge import Edge, application, listening
from bot.web.front import Front
from bot.web.media_tokens import MediaTokens
from bot.web.rtc import CallDoor
from bot.web.rtc_leaves import Presence
from tests.calls.browsers.media_server import MediaServer
from tests.support.homeserver import Registered, TrialHomeserver
from tests.support.ports import free_port
from tests.web.rtc_doubles import LeavesInMemory

MEMBER = "org.matrix.msc3401.call.member"
"""Who is in a room's call (MSC4143, as clients call it today)."""
LOGIN = "m.login.application_service"
_ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
_V3 = "/_matrix/client/v3"


@dataclass
class Town:
    """`url` is the edge, where clients go."""

    url: str
    homeserver: TrialHomeserver
    session: aiohttp.ClientSession

    async def call(self, method: str, path: str, person: Registered, body: object = None) -> Any:
        """One request of a person's client. Raises `aiohttp.ClientResponseError`."""
        headers = {"Authorization": f"Bearer {person.access_token}"}
        async with self.session.request(method, self.url + _V3 + path, json=body or {}, headers=headers) as answer:
            answer.raise_for_status()
            return await answer.json()

    async def room(self, people: Sequence[Registered], *, encrypted: bool = False) -> str:
        """A room of the first of them in which all are joined and may be in a call."""
        host, *guests = people
        body = {
            "preset": "private_chat",
            "invite": [guest.user_id for guest in guests],
            "initial_state": [_ENCRYPTION] if encrypted else [],
            "power_level_content_override": {"events": {MEMBER: 0}},
        }
        room_id = str((await self.call("POST", "/createRoom", host, body))["room_id"])
        for guest in guests:
            await self.call("POST", f"/join/{quote(room_id)}", guest)
        return room_id

    async def link_guest(self, number: int, room_id: str, host: Registered, name: str) -> str:
        """A guest by link, who has no client of Matrix: the service is his in the room's call. Gives his identity.

        Element Call shows only those of whom the room's state says that they are in the call (MSC4143), and finds
        them in the media room by `user:device` (MSC4195).
        """
        user = guest_identity(number, self.homeserver.server_name).removesuffix(":LINK")
        await self._as_service("POST", "/register", None, {"type": LOGIN, "username": user[1:].partition(":")[0]})
        await self.call("POST", f"/rooms/{quote(room_id)}/invite", host, {"user_id": user})
        await self._as_service("POST", f"/join/{quote(room_id)}", user, {})
        await self._as_service("PUT", f"/profile/{quote(user)}/displayname", user, {"displayname": name})
        state = f"/rooms/{quote(room_id)}/state/{MEMBER}/{quote(f'_{user}_LINK_m.call')}"
        await self._as_service("PUT", state, user, self._membership(user, room_id))
        return guest_identity(number, self.homeserver.server_name)

    def _membership(self, user: str, room_id: str) -> dict[str, Any]:
        focus = {"type": "livekit", "livekit_alias": room_id, "livekit_service_url": self.url + TOKEN_PATH}
        return {
            "application": "m.call",
            "call_id": "",
            "scope": "m.room",
            "device_id": "LINK",
            "membershipID": f"{user}:LINK",
            "expires": 4 * 3_600_000,
            "m.call.intent": "video",
            "focus_active": {"type": "livekit", "focus_selection": "multi_sfu"},
            "foci_preferred": [focus],
        }

    async def _as_service(self, method: str, path: str, user: str | None, body: object) -> None:
        token = self.homeserver.state.secret_made_once("appservice.json", dict)["as_token"]
        headers = {"Authorization": f"Bearer {token}"}
        query = {} if user is None else {"user_id": user}
        url = self.homeserver.url + _V3 + path
        async with self.session.request(method, url, json=body, headers=headers, params=query) as answer:
            answer.raise_for_status()

    async def members(self, room_id: str, person: Registered) -> list[dict[str, Any]]:
        """The memberships of the room's call, those that were left among them as empty contents."""
        state = await self._state(room_id, person)
        return [event["content"] for event in state if event["type"] == MEMBER]

    async def _state(self, room_id: str, person: Registered) -> list[dict[str, Any]]:
        headers = {"Authorization": f"Bearer {person.access_token}"}
        url = f"{self.url}{_V3}/rooms/{quote(room_id)}/state"
        async with self.session.get(url, headers=headers) as answer:
            answer.raise_for_status()
            return list(await answer.json())


@asynccontextmanager
async def town(folder: Path, server: MediaServer) -> AsyncIterator[Town]:
    """Starts a Synapse in `folder`, and before it the edge."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    signalling = server.url if server.socket is None else f"ws://127.0.0.1:{port}/livekit/sfu"
    trial = TrialHomeserver(folder / "state", public_address=url, edge_port=port, signalling=signalling)
    async with trial as homeserver, _presence(folder, server) as presence, aiohttp.ClientSession() as session:
        secrets = homeserver.state.secret_made_once("appservice.json", dict)
        door = CallDoor(
            server_name=homeserver.server_name,
            as_token=str(secrets["as_token"]),
            hs_token=str(secrets["hs_token"]),
            signalling=signalling,
            engine=None if server.socket is None else server.url.replace("ws", "http", 1),
            tokens=MediaTokens(server.key, server.secret),
            region=frozenset(),
            store=LeavesInMemory(),
            presence=presence,
            clock=lambda: datetime.now(UTC),
        )
        front = Front(Text(fi="Ähtäri", sv="Etseri", en="Ähtäri"), url, f"@palvelu:{homeserver.server_name}")
        edge = Edge(front=front, homeserver=homeserver.url, readiness=dict, calls=door)
        async with listening(application(edge), port):
            yield Town(url, homeserver, session)


@asynccontextmanager
async def _presence(folder: Path, server: MediaServer) -> AsyncIterator[Presence]:
    """Who is connected to a media room, as the media server says."""
    async with _orders(folder, server) as orders:

        async def connected(room: str) -> Collection[str] | None:
            present = await orders.participants(room)
            if isinstance(present, Trouble):
                return frozenset() if present is Trouble.UNKNOWN_ROOM else None
            return {one.identity for one in present}

        yield connected


@asynccontextmanager
async def _orders(folder: Path, server: MediaServer) -> AsyncIterator[Orders]:
    if server.socket is not None:
        async with EngineClient(server.socket) as engine:
            yield engine
        return
    journal = Journal(folder / "journal.db", now=time.time())
    try:
        async with LiveKitOrders(server.url, server.key, server.secret, journal) as livekit:
            yield livekit
    finally:
        await journal.close()
