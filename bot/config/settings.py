"""What the file says beside the directory: homeserver, web address, the service's own account, holidays.

Settings stay in the file and need a restart; the directory is kept in storage and may change meanwhile.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.config.directory import entries
from bot.config.entries import Entries
from bot.domain.directory import Directory
from bot.domain.ids import UserId
from bot.domain.language import Text


class HomeserverMode(StrEnum):
    EMBEDDED = "embedded"
    """`eahtari up` starts and keeps the homeserver itself."""


class Eve(StrEnum):
    """Working days by law that Finnish offices are nevertheless closed on."""

    MIDSUMMER = "midsummer"
    CHRISTMAS = "christmas"


@dataclass(frozen=True, slots=True)
class Holidays:
    """Which public holidays are closures. Empty `country`: none are."""

    country: str = "FI"
    closed: bool = True
    eves: tuple[Eve, ...] = (Eve.MIDSUMMER, Eve.CHRISTMAS)


@dataclass(frozen=True, slots=True)
class Homeserver:
    server_name: str
    mode: HomeserverMode = HomeserverMode.EMBEDDED


@dataclass(frozen=True, slots=True)
class Web:
    public_url: str | None = None
    """Address of the web edge without a slash at its end; none: the address that the edge listens on."""


@dataclass(frozen=True, slots=True)
class ServiceAccount:
    """The account that people write to."""

    localpart: str
    display_name: Text


@dataclass(frozen=True, slots=True)
class Settings:
    homeserver: Homeserver
    web: Web
    service_account: ServiceAccount
    holidays: Holidays

    @property
    def service_user(self) -> UserId:
        return UserId(f"@{self.service_account.localpart}:{self.homeserver.server_name}")


@dataclass(frozen=True)
class Configuration:
    """One `eahtari.toml`, read and checked."""

    settings: Settings
    directory: Directory

    @cached_property
    def entries(self) -> Entries:
        return entries(self.directory)
