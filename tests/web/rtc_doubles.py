"""Stand-ins beside the token service: a store in memory, and homeservers that answer as a test says and remember."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import web

from bot.web.media_tokens import MediaTokens
from bot.web.rtc import CallDoor
from bot.web.rtc_homeserver import Outcome, UnavailableError
from bot.web.rtc_leaves import Leave
from bot.web.rtc_vouching import Neighbours


class LeavesInMemory:
    """A `LeaveStore`."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Leave] = {}

    async def put(self, leave: Leave) -> Leave | None:
        older = self.kept.get((leave.room, leave.identity))
        self.kept[leave.room, leave.identity] = leave
        return older

    async def take(self, leave: Leave) -> bool:
        known = self.kept.get((leave.room, leave.identity))
        if known is None or known.delay_id != leave.delay_id:
            return False
        del self.kept[leave.room, leave.identity]
        return True

    async def all(self) -> Sequence[Leave]:
        return tuple(self.kept.values())


class RememberedEvents:
    """`DelayedEvents` that answer what `outcome` says and remember what was asked, as `send syd_1`."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.outcome = Outcome.DONE

    async def restart(self, delay_id: str) -> Outcome:
        return self._answer("restart", delay_id)

    async def send(self, delay_id: str) -> Outcome:
        return self._answer("send", delay_id)

    async def cancel(self, delay_id: str) -> Outcome:
        return self._answer("cancel", delay_id)

    def _answer(self, action: str, delay_id: str) -> Outcome:
        self.asked.append(f"{action} {delay_id}")
        return self.outcome


@dataclass
class StandInHomeserver:
    """Answers the few calls of the token service from what a test says; `asked` are the paths with their queries."""

    joined: set[tuple[str, str]] = field(default_factory=set)
    """Room, and a person or a server."""
    holders: dict[str, object] = field(default_factory=dict)
    """OpenID tokens and whom they are said to name."""
    federated: tuple[int, object] = (200, {"jwt": "theirs"})
    """What the other homeserver answers."""
    status: int = 200
    asked: list[str] = field(default_factory=list)
    bodies: list[dict[str, object]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.asked.append(request.path_qs)
        if self.status != 200:
            return web.Response(status=self.status, text="<html>")
        if request.path.endswith("/openid/userinfo"):
            holder = self.holders.get(request.query["access_token"])
            return web.json_response({"sub": holder}) if holder else web.json_response({}, status=401)
        if request.headers.get("Authorization") != "Bearer as-token":
            return web.json_response({"errcode": "M_UNKNOWN_TOKEN"}, status=401)
        if request.path.endswith("/is_joined"):
            room = request.path.split("/")[-2]
            who = request.query.get("mxid") or request.query["server_name"]
            return web.json_response({"joined": (room, who) in self.joined})
        self.bodies.append(await request.json())
        if request.path.endswith("/fed_proxy"):
            status, content = self.federated
            return web.json_response({"status": status, "content": content})
        return web.json_response({})


class WatchedNeighbours(Neighbours):
    """Neighbours that answer from `holders` and remember whom they were asked for."""

    def __init__(self, holders: dict[str, str]) -> None:
        super().__init__()
        self._holders = holders
        self.contacted: list[str] = []

    async def userinfo(self, server: str, token: str) -> str | None:
        self.contacted.append(server)
        if token == "unreachable":
            raise UnavailableError
        return self._holders.get(token)


def call_door(signalling: str, region: frozenset[str]) -> CallDoor:
    """A door behind which nobody is, for tests of what the edge says of it."""

    async def nobody(_room: str) -> None:
        return None

    return CallDoor(
        server_name="localhost",
        as_token="as-token",
        hs_token="hs-token",
        signalling=signalling,
        engine=None,
        tokens=MediaTokens("eahtari-test", "a-secret-of-at-least-32-characters!!"),
        region=region,
        store=LeavesInMemory(),
        presence=nobody,
        clock=lambda: datetime.now(UTC),
    )
