"""What the token service asks of its own homeserver, as its application service and on loopback.

Who is in a room (MSC4502), who holds an OpenID token, what another homeserver answers (MSC4512), and the delayed
events that people handed over (MSC4140). Never logs: paths hold the names of people and rooms.
"""

import json
from collections.abc import Mapping
from enum import Enum, auto
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.domain.ids import UserId
from bot.web.bounded_body import BrokenBodyError, TooLargeError, read_body

_ANSWER_LIMIT = 64 * 1024
_TIMEOUT = aiohttp.ClientTimeout(total=10, connect=3)
_FEDERATED = aiohttp.ClientTimeout(total=25, connect=3)  # the homeserver gives us 30 s in all
_UNSTABLE = "/_matrix/client/unstable"
_FEDERATION_PATH = "/_matrix/federation/unstable/io.element.msc4195/rtc/livekit/get_token"


class UnavailableError(Exception):
    """The homeserver does not answer, or not as agreed."""


class Outcome(Enum):
    """What became of a delayed event."""

    DONE = auto()
    UNKNOWN = auto()
    """It was sent or cancelled before."""
    FAILED = auto()
    """The homeserver could not be reached; try again."""


class RtcHomeserver:
    """The homeserver at `address`; `session` is the caller's and must not decompress."""

    def __init__(self, session: aiohttp.ClientSession, address: str, as_token: str) -> None:
        self._session = session
        self._address = address.rstrip("/")
        self._headers = {"Authorization": f"Bearer {as_token}"}

    async def is_joined(self, room_id: str, user: UserId) -> bool:
        """Whether the person is joined in the room now. Raises `UnavailableError`."""
        return await self._joined(room_id, {"mxid": user})

    async def has_member_of(self, room_id: str, server: str) -> bool:
        """Whether anybody of that homeserver is joined in the room now. Raises `UnavailableError`."""
        return await self._joined(room_id, {"server_name": server})

    async def userinfo(self, token: str) -> str | None:
        """Who holds one of this homeserver's own OpenID tokens. Raises `UnavailableError`."""
        url = URL(self._address + "/_matrix/federation/v1/openid/userinfo").with_query({"access_token": token})
        status, answer = await self._call("GET", url, headers={})
        return _subject(status, answer)

    async def token_from(self, server: str, body: Mapping[str, Any]) -> tuple[int, Mapping[str, Any]]:
        """Another homeserver's status and answer to a request for a token. Raises `UnavailableError`."""
        url = URL(f"{self._address}{_UNSTABLE}/io.element.msc4512/appservice/fed_proxy")
        request = {"destination": server, "method": "POST", "path": _FEDERATION_PATH, "body": dict(body)}
        status, answer = await self._call("POST", url, body=request, timeout=_FEDERATED)
        content, theirs = answer.get("content"), answer.get("status")
        if status != HTTPStatus.OK or not isinstance(theirs, int) or not isinstance(content, dict):
            raise UnavailableError
        return theirs, content

    async def restart(self, delay_id: str) -> Outcome:
        """Puts a delayed event off by its whole delay."""
        return await self._manage(delay_id, "restart")

    async def send(self, delay_id: str) -> Outcome:
        """Sends a delayed event at once."""
        return await self._manage(delay_id, "send")

    async def cancel(self, delay_id: str) -> Outcome:
        """Takes a delayed event back."""
        return await self._manage(delay_id, "cancel")

    async def _joined(self, room_id: str, query: Mapping[str, str]) -> bool:
        path = f"{_UNSTABLE}/io.element.msc4502/rooms/{quote(room_id, safe='')}/is_joined"
        url = URL(self._address + path, encoded=True).update_query(query)
        status, answer = await self._call("GET", url)
        if status == HTTPStatus.BAD_REQUEST:  # not the id of a room or a person to the homeserver
            return False
        if status != HTTPStatus.OK:
            raise UnavailableError
        return answer.get("joined") is True

    async def _manage(self, delay_id: str, action: str) -> Outcome:
        path = f"{_UNSTABLE}/org.matrix.msc4140/delayed_events/{quote(delay_id, safe='')}/{action}"
        try:
            status, _ = await self._call("POST", URL(self._address + path, encoded=True), body={})
        except UnavailableError:
            return Outcome.FAILED
        if status == HTTPStatus.NOT_FOUND:
            return Outcome.UNKNOWN
        return Outcome.DONE if status == HTTPStatus.OK else Outcome.FAILED

    async def _call(
        self,
        method: str,
        url: URL,
        *,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: aiohttp.ClientTimeout = _TIMEOUT,  # noqa: ASYNC109 - aiohttp's own kind, a value of several
    ) -> tuple[int, Mapping[str, Any]]:
        sent = self._headers if headers is None else headers
        try:
            async with self._session.request(
                method, url, json=body, headers=sent, timeout=timeout, allow_redirects=False
            ) as answer:
                return answer.status, read_object(await read_body(answer, _ANSWER_LIMIT))
        except (aiohttp.ClientError, TimeoutError, TooLargeError, BrokenBodyError) as error:
            raise UnavailableError from error


def read_object(body: bytes) -> Mapping[str, Any]:
    """A JSON object; anything else counts as an empty one."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _subject(status: int, answer: Mapping[str, Any]) -> str | None:
    found = answer.get("sub")
    return found if status == HTTPStatus.OK and isinstance(found, str) else None
