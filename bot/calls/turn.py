"""Relays for people whose network lets no media pass (TURN, RFC 8656): temporary credentials, and coturn's settings.

Pure: who is told what. Source: draft-uberti-behave-turn-rest-00. A relay may write user names into its logs, so a
name is a keyed hash of the identity and never the identity: it counts one person's allocations and names nobody.
"""

import base64
import hashlib
import hmac
import math
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

LIFETIME = timedelta(hours=2)
"""How long credentials begin a new allocation. One that stands goes on; whoever comes anew is told new ones."""

_PSEUDONYM = 16
_PLAIN = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class IceServer:
    """What a client is told (RFC 8829, `RTCIceServer`)."""

    urls: tuple[str, ...]
    username: str
    credential: str


@dataclass(frozen=True, slots=True)
class Relay:
    """One coturn. `host` is a name or an address, IPv6 without brackets; `tls_port` none: no TLS."""

    host: str
    secret: str
    port: int = 3478
    tls_port: int | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """By UDP, by TCP, and by TLS, which passes almost every firewall; a client tries all."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        plain = (f"turn:{host}:{self.port}?transport=udp", f"turn:{host}:{self.port}?transport=tcp")
        return plain if self.tls_port is None else (*plain, f"turns:{host}:{self.tls_port}?transport=tcp")

    def server_for(self, identity: str, now: float, lifetime: timedelta = LIFETIME) -> IceServer:
        """For one person, from `now` (Unix seconds) on."""
        expires = math.ceil(now + lifetime.total_seconds())
        username = f"{expires}:{_pseudonym(self.secret, identity)}"
        return IceServer(self.urls, username, _password(self.secret, username))


@dataclass(frozen=True, slots=True)
class Coturn:
    """What differs from one municipality's coturn to another's; see `synapse-config/turnserver.conf`."""

    realm: str
    """The municipality's domain."""
    secret: str
    address: str
    """Of this machine: to listen on, and to relay from."""
    external_address: str
    """By which the world reaches it; the same where no router stands between."""
    engine_address: str
    """Of the engine's media, the only peer that anybody may reach."""
    certificate: str
    private_key: str
    """Paths of PEM files."""
    folder: str
    """Where it keeps its database and process id."""
    port: int = 3478
    tls_port: int = 5349
    relay_ports: tuple[int, int] = (49_152, 49_999)

    def file(self, template: str) -> str:
        """The template filled in. Raises ValueError for a value that would not stay in its line."""
        values: Mapping[str, str] = {
            "realm": self.realm,
            "secret": self.secret,
            "address": self.address,
            "external_address": self.external_address,
            "engine_address": self.engine_address,
            "certificate": self.certificate,
            "private_key": self.private_key,
            "folder": self.folder,
            "port": str(self.port),
            "tls_port": str(self.tls_port),
            "first_port": str(self.relay_ports[0]),
            "last_port": str(self.relay_ports[1]),
        }
        for name, value in values.items():
            if not _PLAIN.fullmatch(value) or "#" in value:
                raise ValueError(f"{name} has a character that coturn's file can't hold")
        return string.Template(template).substitute(values)


def _pseudonym(secret: str, identity: str) -> str:
    return hmac.new(secret.encode(), f"name:{identity}".encode(), hashlib.sha256).hexdigest()[:_PSEUDONYM]


def _password(secret: str, username: str) -> str:
    """The draft's HMAC-SHA1, which coturn computes as well."""
    return base64.b64encode(hmac.new(secret.encode(), username.encode(), hashlib.sha1).digest()).decode()
