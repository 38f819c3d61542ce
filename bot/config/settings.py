"""What the file says beside the directory: homeserver, web address, the service's own account, holidays.

Settings stay in the file and need a restart; the directory is kept in storage and may change meanwhile.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from bot.config.directory import entries
from bot.config.entries import Entries
from bot.domain.directory import Directory
from bot.domain.ids import UserId
from bot.domain.language import Text

SIGNALLING_PATH = "/livekit/sfu"
"""Where the web edge passes signalling on to the own engine."""
TOKEN_PATH = "/livekit/jwt"  # noqa: S105 - the path is no secret
"""Where the web edge answers clients that ask for tokens by OpenID."""
FORWARDED_PATH = "/livekit/forwarded"
"""Below it the web edge answers what the homeserver forwards (MSC4512); known to the homeserver only."""


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


class CallEngine(StrEnum):
    """What forwards sound and picture between the people of a call."""

    OWN = "own"
    """The engine that `eahtari up` starts and keeps itself."""
    LIVEKIT = "livekit"
    """A LiveKit server of the operator's own, for more people than one machine's engine carries."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A relay for people whose network lets no media pass (RFC 8656), with time-limited credentials."""

    address: str
    """A host's name or its IP address."""
    secret_file: Path
    """Holds the secret that the relay shares with the service, coturn's `static-auth-secret`."""
    port: int = 3478
    tls_port: int | None = None
    """Where the relay answers by TLS, which passes almost every firewall; none: it doesn't."""


@dataclass(frozen=True, slots=True)
class Calls:
    engine: CallEngine = CallEngine.OWN
    address: str | None = None
    """The engine's `ws` or `wss` address for clients, without a slash at its end; none: below the web edge's own."""
    key: str | None = None
    secret_file: Path | None = None
    """With `key` what LiveKit knows the service by; the own engine's are made and kept in the state folder."""
    udp_ports: tuple[int, int] = (20000, 20999)
    """First and last port of the own engine's media."""
    external_address: str | None = None
    """The IP address by which the Internet reaches the own engine's ports, where the machine does not know it."""
    turn: Turn | None = None

    def signalling_address(self, public_address: str) -> str:
        """The engine's address for clients, given the web edge's, such as `https://asiointi.example`."""
        if self.address is not None:
            return self.address
        scheme, _, rest = public_address.rstrip("/").partition("://")
        return f"{'wss' if scheme == 'https' else 'ws'}://{rest}{SIGNALLING_PATH}"


@dataclass(frozen=True, slots=True)
class Settings:
    homeserver: Homeserver
    web: Web
    service_account: ServiceAccount
    holidays: Holidays
    calls: Calls = Calls()

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
