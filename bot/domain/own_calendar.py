"""An official's own calendar: addresses as people write them, and all that can stand between us and its contents.

Which network an address leads to is `bot.web`'s matter, known only when it is asked.
"""

from enum import StrEnum
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2048


class Trouble(StrEnum):
    """Why nothing was read. The names are also those of `bot.web.fetching` and `bot.calendars.limits`."""

    BAD_ADDRESS = "bad_address"
    NOT_HTTPS = "not_https"
    UNKNOWN_HOST = "unknown_host"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    UNTRUSTED = "untrusted"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    TOO_LARGE = "too_large"
    TOO_SLOW = "too_slow"
    BROKEN = "broken"
    TOO_MANY_COMPONENTS = "too_many_components"
    NOT_A_CALENDAR = "not_a_calendar"
    CUT_OFF = "cut_off"


FOR_GOOD = frozenset({Trouble.BAD_ADDRESS, Trouble.NOT_HTTPS, Trouble.NOT_PUBLIC, Trouble.REDIRECTED})
"""Trouble that waiting does not mend: the address itself is not one that may be asked."""


def read_address(typed: str) -> str | Trouble:
    """The address to ask, from one as typed or pasted; `webcal` means a calendar by the web's own protocol."""
    address = typed.strip().removeprefix("<").removesuffix(">")
    scheme, mark, rest = address.partition("://")
    if scheme.casefold() not in {"https", "webcal", "webcals"} or not mark:
        return Trouble.NOT_HTTPS if mark else Trouble.BAD_ADDRESS
    address = f"https://{rest}"
    return address if _is_fit(address) else Trouble.BAD_ADDRESS


def _is_fit(address: str) -> bool:
    """One host, no blanks, no name and password, the usual port."""
    if len(address) > LONGEST_ADDRESS or not address.isprintable() or any(c in address for c in ' \\<>"'):
        return False
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port in (None, 443)
    except ValueError:
        return False
