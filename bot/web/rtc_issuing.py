"""Who gets a token for which media room: people who are joined in its Matrix room now, as their server vouches.

Knows nothing of HTTP: requests come in as values (`bot.web.rtc_requests`), answers go out as values. Every refusal
looks the same to one who may not know whether the room is there.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from bot.domain.ids import UserId, server_of
from bot.web.media_tokens import MediaTokens
from bot.web.rtc_homeserver import RtcHomeserver, UnavailableError
from bot.web.rtc_leaves import DelayedLeaves
from bot.web.rtc_requests import Delay, Forwarded, OpenId, PlainSeat, Seat, Vouched, user_id
from bot.web.rtc_vouching import Neighbours


@dataclass(frozen=True, slots=True)
class Granted:
    """The answer's JSON object."""

    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Refused:
    """A Matrix error; `words` are for the client's developer and name nobody."""

    status: HTTPStatus
    code: str
    words: str


LOCKED = Refused(HTTPStatus.FORBIDDEN, "M_FORBIDDEN", "The conference is locked.")
NOT_JOINED = Refused(HTTPStatus.FORBIDDEN, "M_FORBIDDEN", "You are not joined in that room.")
NOT_VOUCHED = Refused(HTTPStatus.UNAUTHORIZED, "M_UNAUTHORIZED", "The token does not tell who you are.")
NOT_A_NEIGHBOUR = Refused(HTTPStatus.FORBIDDEN, "M_FORBIDDEN", "Your homeserver does not take part in calls here.")
UNKNOWN_ENGINE = Refused(HTTPStatus.BAD_REQUEST, "M_INVALID_PARAM", "This server has no engine at that url.")
NOT_OURS_TO_SEND = Refused(HTTPStatus.BAD_REQUEST, "M_BAD_JSON", "Delayed events of another homeserver are not taken.")
UNAVAILABLE = Refused(HTTPStatus.BAD_GATEWAY, "M_UNKNOWN", "A homeserver does not answer; try again soon.")
PASSED_BACK = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.FORBIDDEN, HTTPStatus.TOO_MANY_REQUESTS})
"""What another server's refusal may be passed back as (MSC4195)."""

Answer = Granted | Refused


Judge = Callable[[str, UserId, str, str], Awaitable[tuple[str, str] | None]]
"""Asked with Matrix room, person, media room and identity: role and name there; None for who may not come in now."""


class Issuing:
    """`start` gives it what lives as long as the edge listens."""

    def __init__(
        self,
        *,
        tokens: MediaTokens,
        signalling: str,
        server_name: str,
        region: frozenset[str],
        neighbours: Neighbours,
        open_room: Callable[[str], Awaitable[None]] | None,
        judge: Judge | None = None,
    ) -> None:
        self._tokens = tokens
        self._signalling = signalling
        self._server_name = server_name
        self._region = region - {server_name}
        self._neighbours = neighbours
        self._open_room = open_room
        self._judge = judge

    def start(self, homeserver: RtcHomeserver, leaves: DelayedLeaves) -> None:
        self._homeserver = homeserver
        self._leaves = leaves

    async def vouched(self, request: Vouched) -> UserId | Refused:
        """Who asks by an OpenID token, if he is joined in the room. Raises `UnavailableError`."""
        user = await self._holder(request.open_id, request.seat.room_id)
        if isinstance(user, Refused):
            return user
        if request.claimed is not None and request.claimed != user:
            return NOT_VOUCHED
        return user if await self._homeserver.is_joined(request.seat.room_id, user) else NOT_JOINED

    async def token(self, request: Vouched, user: UserId) -> Answer:
        """The token for one who was let through, and his delayed leave taken over where he handed one in."""
        if request.delay is not None:
            refusal = await self._take_over(request.seat, user, request.delay)
            if refusal is not None:
                return refusal
        token = await self._issued(request.seat, user)
        return LOCKED if token is None else Granted({"url": self._signalling, "jwt": token})

    async def delegated(self, request: Vouched | Forwarded, user: UserId) -> Answer:
        """Only the delayed leave of one who was let through."""
        if isinstance(request, Forwarded):
            if not self._is_ours(request.url):
                return UNKNOWN_ENGINE
            if not await self._homeserver.is_joined(request.seat.room_id, user):
                return NOT_JOINED
        if request.delay is None:
            return NOT_OURS_TO_SEND
        return await self._take_over(request.seat, user, request.delay) or Granted({})

    async def for_own_user(self, request: Forwarded, user: UserId) -> Answer:
        """A person of ours wants to an engine, ours or a neighbour's. Raises `UnavailableError`."""
        if not await self._homeserver.is_joined(request.seat.room_id, user):
            return NOT_JOINED
        if request.server in (None, self._server_name):
            return await self._here(request, user)
        return await self._from_neighbour(request, request.server, user)

    async def for_foreign_user(self, request: Forwarded, origin: str) -> Answer:
        """A neighbour's homeserver asks for a person of its. Raises `UnavailableError`."""
        if request.user is None or server_of(request.user) != origin or origin not in self._region:
            return NOT_A_NEIGHBOUR
        if not await self._homeserver.is_joined(request.seat.room_id, request.user):
            return NOT_JOINED
        return await self._here(request, request.user)

    async def _holder(self, open_id: OpenId, room_id: str) -> UserId | Refused:
        """The client names a server: it is asked only if we would talk with it anyway, about this very room."""
        if open_id.server == self._server_name:
            subject = await self._homeserver.userinfo(open_id.token)
        elif open_id.server not in self._region or not await self._homeserver.has_member_of(room_id, open_id.server):
            return NOT_A_NEIGHBOUR
        else:
            subject = await self._neighbours.userinfo(open_id.server, open_id.token)
        user = None if subject is None else user_id(subject)
        if user is None or server_of(user) != open_id.server:  # a server speaks for its own people only
            return NOT_VOUCHED
        return user

    async def _here(self, request: Forwarded, user: UserId) -> Answer:
        if not self._is_ours(request.url):
            return UNKNOWN_ENGINE
        token = await self._issued(request.seat, user)
        return LOCKED if token is None else Granted({"jwt": token})

    async def _from_neighbour(self, request: Forwarded, server: str, user: UserId) -> Answer:
        if server not in self._region or not await self._homeserver.has_member_of(request.seat.room_id, server):
            return NOT_A_NEIGHBOUR
        status, content = await self._homeserver.token_from(server, _passed_on(request, user))
        if status == HTTPStatus.OK and isinstance(content.get("jwt"), str):
            return Granted({"jwt": content["jwt"]})
        if status not in PASSED_BACK:
            raise UnavailableError
        code = content.get("errcode")
        code = code if isinstance(code, str) and code.startswith("M_") and len(code) < 64 else "M_UNKNOWN"  # noqa: PLR2004 - an error code is a word
        return Refused(HTTPStatus(status), code, "The other homeserver refused.")

    async def _issued(self, seat: Seat | PlainSeat, user: UserId) -> str | None:
        """None where the conference is locked for this person."""
        identity = seat.identity_of(user)
        found = ("member", "") if self._judge is None else await self._judge(seat.room_id, user, seat.room, identity)
        if found is None:
            return None
        role, name = found
        if self._open_room is not None:
            await self._open_room(seat.room)
        return self._tokens.issue(room=seat.room, identity=identity, role=role, name=name)

    async def _take_over(self, seat: Seat | PlainSeat, user: UserId, delay: Delay) -> Refused | None:
        if server_of(user) != self._server_name:
            return NOT_OURS_TO_SEND
        await self._leaves.delegate(seat.room, seat.identity_of(user), delay.delay_id, delay.length)
        return None

    def _is_ours(self, url: str) -> bool:
        return url.rstrip("/") == self._signalling.rstrip("/")


def _passed_on(request: Forwarded, user: UserId) -> dict[str, Any]:
    """Both spellings of the member, since servers of either are about."""
    seat = request.seat
    member = {"id": seat.member} | ({} if seat.device is None else {"claimed_device_id": seat.device})
    places = {"url": request.url, "room_id": seat.room_id, "slot_id": seat.slot_id}
    return places | {"member_id": seat.member, "member": member, "user_id": user}
