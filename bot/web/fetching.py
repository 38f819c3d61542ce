"""Fetches what stands at an address that a person gave, without becoming that person's tool.

Such an address may point into the town hall's own network, so: https on its own port, every address of the host
public, a connection to the very addresses that were checked, no redirects, no cookies, no proxy, and bounds on size
and time. Leaves the judgement of addresses to `bot.web.public_addresses` and of contents to the caller. Nothing is
logged: the address of a private calendar is a secret.
"""

import asyncio
import re
import socket
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

import aiohttp
from yarl import URL

from bot.web.bounded_body import BrokenBodyError, TooLargeError, read_body
from bot.web.public_addresses import Address, is_public, parsed
from bot.web.resolving import Lookup, Pinned, look_up

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f\\]")  # parsers disagree about them
_LONGEST_ADDRESS = 2048
_HEADERS = {"User-Agent": "eahtari", "Accept": "text/calendar, */*;q=0.1", "Accept-Encoding": "gzip"}
_NO_OWN_LIMIT = aiohttp.ClientTimeout(total=None, sock_connect=None)  # one clock rules all: see FetchLimits


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """`size` in octets, before and after decompression; `seconds` for all, from the name to the last octet."""

    size: int = 1024 * 1024
    seconds: float = 15


class Reason(StrEnum):
    """Why nothing was fetched."""

    BAD_ADDRESS = "bad_address"
    UNKNOWN_HOST = "unknown_host"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class NotFetched:
    """`status` is the server's, where it gave one that is not 200."""

    reason: Reason
    status: int | None = None


class Fetcher:
    """`allow` judges addresses, `trusted` holds the roots of trust: the system's, unless others are given."""

    def __init__(
        self,
        *,
        allow: Callable[[Address], bool] = is_public,
        trusted: ssl.SSLContext | None = None,
        port: int = 443,
        lookup: Lookup = look_up,
    ) -> None:
        self._allow = allow
        self._trusted = trusted or ssl.create_default_context()
        self._port = port
        self._lookup = lookup

    async def fetch(self, address: str, limits: FetchLimits) -> bytes | NotFetched:
        """The octets at an address. Whatever the content claims to be is not believed, and not told."""
        url = self._url(address)
        if url is None or url.raw_host is None:
            return NotFetched(Reason.BAD_ADDRESS)
        try:
            async with asyncio.timeout(limits.seconds):
                addresses = await self._lookup(url.raw_host, self._port)
                if not addresses or not all(self._is_allowed(found) for found in addresses):
                    return NotFetched(Reason.NOT_PUBLIC if addresses else Reason.UNKNOWN_HOST)
                return await self._get(url, addresses, limits.size)
        except (socket.gaierror, UnicodeError):
            return NotFetched(Reason.UNKNOWN_HOST)
        except (aiohttp.ClientError, TooLargeError, BrokenBodyError, OSError) as fault:
            return NotFetched(_reason(fault))

    def _url(self, address: str) -> URL | None:
        """The address, if it is one that may be asked at all."""
        if len(address) > _LONGEST_ADDRESS or _FORBIDDEN.search(address):
            return None
        try:
            url = URL(address)
            is_fit = url.scheme == "https" and bool(url.raw_host) and url.port == self._port
        except ValueError:
            return None
        return url.with_fragment(None) if is_fit and "@" not in address.split("/")[2] else None

    def _is_allowed(self, found: str) -> bool:
        address = parsed(found)
        return address is not None and self._allow(address)

    async def _get(self, url: URL, addresses: Sequence[str], size: int) -> bytes | NotFetched:
        async with (
            aiohttp.TCPConnector(
                resolver=Pinned(addresses), ssl=self._trusted, use_dns_cache=False, force_close=True
            ) as connector,
            aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers=_HEADERS,
                timeout=_NO_OWN_LIMIT,
                auto_decompress=False,
            ) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            if answer.status == HTTPStatus.OK:
                return await read_body(answer, size)
            is_redirect = 300 <= answer.status < 400  # noqa: PLR2004 - the class of the status, RFC 9110, 15.4
            return NotFetched(Reason.REDIRECTED if is_redirect else Reason.REFUSED, answer.status)


def _reason(fault: Exception) -> Reason:
    match fault:
        case TimeoutError():
            return Reason.TOO_SLOW
        case TooLargeError():
            return Reason.TOO_LARGE
        case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
            return Reason.UNTRUSTED
        case aiohttp.ClientConnectorError() | aiohttp.InvalidURL():
            return Reason.UNREACHABLE
        case _:
            return Reason.BROKEN
