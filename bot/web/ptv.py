"""Fetches services and channels of one municipality from the open interface of the Finnish Service Catalogue (PTV).

The address is the operator's own choice, but what answers there is not trusted: https only (http on this machine
itself), no redirects, no cookies, bounds on size, pages and time. What may pass is tried again with growing pauses.
Leaves the form of a page to `bot.catalogues.ptv_page` and its contents to `bot.catalogues.ptv_file`.
"""

import asyncio
import random
import re
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Self

import aiohttp
from yarl import URL

from bot.catalogues.ptv_page import BadPageError, Page, page_of
from bot.web.bounded_body import BrokenBodyError, TooLargeError, read_body
from bot.web.public_addresses import parsed

OFFICIAL = "https://api.palvelutietovaranto.suomi.fi/api/v11"
_HEADERS = {"User-Agent": "eahtari", "Accept": "application/json", "Accept-Encoding": "gzip"}
_NO_OWN_LIMIT = aiohttp.ClientTimeout(total=None, sock_connect=None)  # one clock rules all: see PtvLimits
_AT_ONCE = 100
"""Ids that the interface takes in one question."""
_GUID = re.compile(r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")
_MAY_PASS = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS, *(s for s in HTTPStatus if s >= 500)}  # noqa: PLR2004 - the class of the status, RFC 9110, 15.6

Item = Mapping[str, Any]


class PtvError(Exception):
    """The interface could not be read; `str()` is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class PtvLimits:
    """`page` and `total` in octets, unpacked; `seconds` for one answer, `whole` for all; `pause` before a second try.

    A page of the interface has about 1.5 MB, and the largest town about 80 pages of channels.
    """

    page: int = 20 * 2**20
    total: int = 500 * 2**20
    pages: int = 500
    seconds: float = 60
    whole: float = 1800
    tries: int = 5
    pause: float = 1
    longest_pause: float = 60


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why there is no page, whether that may pass, and how many seconds the server wants to be left alone."""

    reason: str
    may_pass: bool = True
    wait: float = 0


def root_of(address: str) -> str:
    """The interface's root: `https://HOST/…/v11`. The address of one of its lists will do. Raises `PtvError`."""
    try:
        url = URL(address)
        host = parsed(url.host or "")
    except ValueError:
        raise PtvError(f"This is not an address: {address[:200]}") from None
    is_own = url.scheme == "http" and host is not None and host.is_loopback
    if not url.host or url.user or url.password or not (url.scheme == "https" or is_own):
        raise PtvError(f"The address of PTV's interface begins with https://, such as {OFFICIAL}")
    path = re.sub(r"/Service(?:Channel)?(?:/.*)?$", "", url.path.rstrip("/"))
    return str(url.with_path(path).with_query(None).with_fragment(None)).rstrip("/")


class Ptv:
    """An open interface, as an asynchronous context. Every method raises `PtvError` where not all could be read."""

    def __init__(
        self,
        address: str,
        code: str,
        limits: PtvLimits | None = None,
        *,
        trusted: ssl.SSLContext | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`code` is the municipality's, three digits; `trusted` holds the roots of trust, the system's by default."""
        self._root = root_of(address)
        self._area = f"area/Municipality/code/{code}"
        self._limits = limits or PtvLimits()
        self._trusted = trusted
        self._sleep = sleep
        self._taken = 0

    async def __aenter__(self) -> Self:
        self._ends = asyncio.get_running_loop().time() + self._limits.whole
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._trusted or ssl.create_default_context()),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers=_HEADERS,
            timeout=_NO_OWN_LIMIT,
            auto_decompress=False,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def services(self, since: datetime | None) -> list[Item]:
        """Whole services of the municipality: all, or those that changed after a moment."""
        if since is None:
            return await self._list(f"Service/list/{self._area}")
        day = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
        listed = await self._list(f"Service/{self._area}", date=day)
        whole = [one for one in listed if "serviceNames" in one]
        names = [str(one.get("id")) for one in listed if "serviceNames" not in one]
        return [*whole, *await self._by_id("Service/list", names)]

    async def channels(self, wanted: Collection[str]) -> list[Item]:
        """The channels with these ids, out of the whole list: what they say changes without the service.

        Those that are not the municipality's own are asked for by id.
        """
        if not wanted:
            return []
        found = await self._list(f"ServiceChannel/list/{self._area}", wanted)
        known = {str(one.get("id")) for one in found}
        return [*found, *await self._by_id("ServiceChannel/list", [id for id in wanted if id not in known])]

    async def _list(self, path: str, wanted: Collection[str] | None = None, **query: str) -> list[Item]:
        found: list[Item] = []
        number = count = 1
        while number <= count:
            page = await self._page(path, {**query, "page": str(number)}, number)
            found += [one for one in page.items if wanted is None or str(one.get("id")) in wanted]
            number, count = number + 1, page.count
            if count > self._limits.pages:
                raise PtvError(f"PTV has more than {self._limits.pages} pages at {path}; nothing was changed.")
        return found

    async def _by_id(self, path: str, ids: Sequence[str]) -> list[Item]:
        """What is not there is not given."""
        sound = [id for id in ids if _GUID.fullmatch(id)]
        found: list[Item] = []
        for first in range(0, len(sound), _AT_ONCE):
            some = sound[first : first + _AT_ONCE]
            page = await self._page(path, {"guids": ",".join(some)}, 1, may_be_absent=True)
            found += [one for one in page.items if str(one.get("id")) in some]
        return found

    async def _page(self, path: str, query: Mapping[str, str], number: int, *, may_be_absent: bool = False) -> Page:
        failure = _Failure("")
        for trial in range(self._limits.tries):
            if trial:
                await self._sleep(self._pause(trial, failure))
            outcome = await self._try(path, query, number)
            if isinstance(outcome, Page):
                return outcome
            failure = outcome
            if not failure.may_pass:
                break
        if may_be_absent and failure.reason == _ABSENT:
            return Page(0, ())
        raise PtvError(f"PTV could not be read at {path}, page {number}: {failure.reason}. Nothing was changed.")

    def _pause(self, trial: int, failure: _Failure) -> float:
        """Doubles each time, with jitter, so that many towns do not come back at the same moment."""
        grown = self._limits.pause * 2.0 ** (trial - 1) * random.uniform(0.75, 1.25)  # noqa: S311 - no secret
        return min(max(grown, failure.wait), self._limits.longest_pause)

    async def _try(self, path: str, query: Mapping[str, str], number: int) -> Page | _Failure:
        left = self._ends - asyncio.get_running_loop().time()
        if left <= 0:
            return _Failure(f"all of it takes longer than {self._limits.whole:.0f} seconds", may_pass=False)
        try:
            async with (
                asyncio.timeout(min(self._limits.seconds, left)),
                self._session.get(URL(f"{self._root}/{path}").with_query(query), allow_redirects=False) as answer,
            ):
                if answer.status != HTTPStatus.OK:
                    return _refusal(answer)
                raw = await read_body(answer, min(self._limits.page, self._limits.total - self._taken))
            self._taken += len(raw)
            return page_of(raw, number)
        except (aiohttp.ClientError, TooLargeError, BrokenBodyError, BadPageError, OSError) as fault:
            return _failure(fault)


_ABSENT = "there is nothing at this address (404)"


def _refusal(answer: aiohttp.ClientResponse) -> _Failure:
    if answer.status == HTTPStatus.NOT_FOUND:
        return _Failure(_ABSENT, may_pass=False)
    asked = answer.headers.get("Retry-After", "")
    wait = float(asked) if re.fullmatch(r"\d{1,5}", asked) else 0
    return _Failure(f"the server answered {answer.status}", answer.status in _MAY_PASS, wait)


def _failure(fault: Exception) -> _Failure:
    match fault:
        case TimeoutError():
            return _Failure("the server takes too long")
        case TooLargeError():
            return _Failure("the answer is too large", may_pass=False)
        case BadPageError():
            return _Failure(str(fault))
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError() | aiohttp.InvalidURL():
            return _Failure("the server's certificate is not trusted", may_pass=False)
        case aiohttp.ClientConnectorError():
            return _Failure("the server can't be reached")
        case _:
            return _Failure("the answer broke off")
