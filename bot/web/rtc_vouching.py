"""Asks a neighbour's homeserver who holds an OpenID token of its.

Whom to ask is decided before (`bot.web.rtc_service`): only a server on the region's list that has a member in the
room. Where it answers is told by its own well-known file (Server-Server API, "Resolving server names"; SRV records
are not asked). Never logs: a token is a secret until it expires.
"""

import re
import ssl
from collections.abc import Callable
from http import HTTPStatus

from yarl import URL

from bot.web.fetching import Fetcher, FetchLimits, NotFetched
from bot.web.public_addresses import Address, is_public
from bot.web.resolving import Lookup, look_up
from bot.web.rtc_homeserver import UnavailableError, read_object

_PORT = 8448
_LIMITS = FetchLimits(size=16 * 1024, seconds=5)
_NAME = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[A-Za-z0-9.-]{1,230})(?::(?P<port>[0-9]{1,5}))?")


class Neighbours:
    """Other homeservers; `allow` judges their addresses, `trusted` holds the roots of trust if not the system's."""

    def __init__(
        self,
        *,
        allow: Callable[[Address], bool] = is_public,
        trusted: ssl.SSLContext | None = None,
        lookup: Lookup = look_up,
        well_known_port: int = 443,
    ) -> None:
        self._allow = allow
        self._trusted = trusted or ssl.create_default_context()
        self._lookup = lookup
        self._well_known_port = well_known_port

    async def userinfo(self, server: str, token: str) -> str | None:
        """Whom the homeserver names for the token; None where it knows no such token.

        Raises `UnavailableError` where the server can't be found or does not answer as agreed.
        """
        host, port = await self._place_of(server)
        url = URL.build(scheme="https", host=host, port=port, path="/_matrix/federation/v1/openid/userinfo")
        found = await self._fetcher(port).fetch(str(url.with_query({"access_token": token})), _LIMITS)
        if isinstance(found, NotFetched):
            if found.status == HTTPStatus.UNAUTHORIZED:
                return None
            raise UnavailableError
        subject = read_object(found).get("sub")
        return subject if isinstance(subject, str) else None

    async def _place_of(self, server: str) -> tuple[str, int]:
        host, port = _split(server)
        if port is not None:
            return host, port
        url = URL.build(scheme="https", host=host, port=self._well_known_port, path="/.well-known/matrix/server")
        found = await self._fetcher(self._well_known_port).fetch(str(url), _LIMITS)
        delegated = read_object(found).get("m.server") if isinstance(found, bytes) else None
        if isinstance(delegated, str):
            host, port = _split(delegated)
        return host, _PORT if port is None else port

    def _fetcher(self, port: int) -> Fetcher:
        return Fetcher(allow=self._allow, trusted=self._trusted, port=port, lookup=self._lookup)


def _split(name: str) -> tuple[str, int | None]:
    match = _NAME.fullmatch(name)
    if match is None or not 0 < int(match["port"] or _PORT) < 2**16:
        raise UnavailableError
    return match["host"].strip("[]"), None if match["port"] is None else int(match["port"])
