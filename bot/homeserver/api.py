"""One HTTP conversation with the homeserver: JSON in, JSON out, typed errors, a limit on every wait.

Leaves which calls there are to `bot.homeserver.admin`. Never logs: paths hold the names of people.
"""

from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

import aiohttp
from yarl import URL

from bot.homeserver.errors import HomeserverUnreachableError, refusal

Body = Mapping[str, Any]

_TIMEOUT = aiohttp.ClientTimeout(total=30, connect=5)
_CLIENT_ERROR = 400


class Api:
    """Calls under one base address, such as `http://127.0.0.1:8471`. An async context manager."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def call(
        self, operation: str, method: str, path: str, body: Body | None = None, *, token: str | None = None
    ) -> dict[str, Any]:
        """The answer's JSON object.

        Raises `HomeserverUnreachableError` and `RefusedError` or one of its kinds; `operation` is the word
        by which the error names the call.
        """
        if self._session is None:
            raise RuntimeError("the admin port is used outside its `async with`")
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        url = URL(self._address + path, encoded=True)
        try:
            async with self._session.request(method, url, json=body, headers=headers) as answer:
                content = await _object(answer)
                if answer.status >= _CLIENT_ERROR:
                    raise refusal(operation, answer.status, str(content.get("errcode", "")))
                return content
        except (aiohttp.ClientError, TimeoutError) as error:
            raise HomeserverUnreachableError(f"{operation}: the homeserver does not answer") from error


def segment(value: str) -> str:
    """One path segment; a slash or a dot in it can't lead elsewhere."""
    return quote(value, safe="")


async def _object(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    """A proxy's HTML or an empty answer counts as an object without an error code."""
    try:
        content = await answer.json(content_type=None)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
