"""Whose request it is, as far as an address tells, and how much one address may ask.

An address is held in memory only, and only as long as it counts.
"""

from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime
from ipaddress import IPv6Address, ip_address

from aiohttp import web

from bot.domain.allowance import Allowance, Limits

MOST_ADDRESSES = 10_000
"""The least recent one is forgotten first."""


def address_of(request: web.Request, *, behind_proxy: bool) -> str:
    """The client's address; behind a proxy of our own it is what that proxy added last."""
    if behind_proxy and (told := request.headers.get("X-Forwarded-For")):
        return told.rpartition(",")[2].strip()
    return request.remote or "127.0.0.1"


class Turnstile:
    """Lets an address through as often as the limits say; one household's IPv6 network counts as one address."""

    def __init__(self, limits: Limits, clock: Callable[[], datetime]) -> None:
        self._limits = limits
        self._clock = clock
        self._left: OrderedDict[str, Allowance] = OrderedDict()

    def lets_pass(self, address: str) -> bool:
        now, who = self._clock(), _network(address)
        allowance = self._left.pop(who, None) or Allowance.full(self._limits, now)
        allowance = allowance.refilled(self._limits, now)
        passes = not allowance.is_used_up
        self._left[who] = allowance.spent() if passes else allowance
        if len(self._left) > MOST_ADDRESSES:
            self._left.popitem(last=False)
        return passes


def _network(address: str) -> str:
    """An IPv6 address by its first 64 bits, which one household or server has for itself (RFC 6177)."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(int(found) >> 64) if isinstance(found, IPv6Address) else address
