"""The form of `[calls]`: which engine forwards sound and picture, and where clients reach it.

Leaves reading the secret files to whoever starts the parts that need them (`bot.config.secret_files`).
"""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from bot.config import fields
from bot.config.form_parts import Form
from bot.config.problems import shown
from bot.config.settings import CallEngine, Calls, Turn

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\]")
_KEY = re.compile(r"[A-Za-z0-9_-]{3,64}")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_RANGE = re.compile(r"([0-9]{1,5})-([0-9]{1,5})")
_FIRST_PORT, _LAST_PORT = 1024, 65535
_LEAST_PORTS = 10


def _signalling(value: str) -> str:
    try:
        parts = urlsplit(value)
        host = parts.hostname if parts.port != 0 else None
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"ws", "wss"} or not host or parts.query or parts.fragment or parts.username:
        fields.refuse(
            f"{shown(value)} is not a signalling address", 'Write it in full, such as "wss://puhelut.example".'
        )
    if parts.scheme == "ws" and host not in _LOOPBACK:
        fields.refuse("is not encrypted", "Use a wss address; plain ws is for a trial on localhost.")
    return value.rstrip("/")


def _ports(value: str) -> str:
    match = _RANGE.fullmatch(value.strip())
    if match is None:
        fields.refuse(f"{shown(value)} is not a range of ports", 'Write first and last, such as "20000-20999".')
    first, last = int(match[1]), int(match[2])
    if not _FIRST_PORT <= first <= last <= _LAST_PORT or last - first + 1 < _LEAST_PORTS:
        remedy = f"Use at least {_LEAST_PORTS} ports from {_FIRST_PORT} to {_LAST_PORT}, the lower one first."
        fields.refuse(f"{shown(value)} is no usable range of ports", remedy)
    return f"{first}-{last}"


def _ip(value: str) -> str:
    try:
        return str(ip_address(value))
    except ValueError:
        fields.refuse(f"{shown(value)} is not an IP address", 'Write the address in digits, such as "198.51.100.7".')


def _host(value: str) -> str:
    if not _HOST.fullmatch(value):
        fields.refuse(f"{shown(value)} is not a host", 'Write a name or an address, such as "turn.ahtari.example".')
    return value


def _key(value: str) -> str:
    if not _KEY.fullmatch(value):
        fields.refuse(f"{shown(value)} is not a LiveKit key", "Use 3 to 64 letters, digits, _ and -.")
    return value


def _file(value: str) -> str:
    if not value.strip() or "\0" in value:
        fields.refuse("names no file", 'Write its path, such as "secrets/livekit.secret".')
    return value


Port = Annotated[int, fields.between(1, _LAST_PORT)]
SecretFile = Annotated[str, AfterValidator(_file)]


class TurnTable(Form):
    """`[calls.turn]`."""

    address: Annotated[str, AfterValidator(_host)]
    secret_file: SecretFile
    port: Port = 3478
    tls_port: Port | None = None

    def value(self, folder: Path) -> Turn:
        return Turn(self.address, folder / self.secret_file, self.port, self.tls_port)


class CallsTable(Form):
    """`[calls]`; `engine` stands first, since the others are judged by it."""

    engine: CallEngine = CallEngine.OWN
    address: Annotated[str | None, Field(validate_default=True)] = None
    key: Annotated[str | None, Field(validate_default=True)] = None
    secret_file: Annotated[str | None, Field(validate_default=True)] = None
    udp_ports: Annotated[str, AfterValidator(_ports)] = "20000-20999"
    external_address: Annotated[str, AfterValidator(_ip)] | None = None
    turn: TurnTable | None = None

    @field_validator("address")
    @classmethod
    def _known_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("engine") is CallEngine.LIVEKIT:
            fields.refuse("is missing", 'Write where clients reach LiveKit, such as "wss://puhelut.example".')
        return None if value is None else _signalling(value)

    @field_validator("key", "secret_file")
    @classmethod
    def _livekits_own(cls, value: str | None, info: ValidationInfo) -> str | None:
        engine = info.data.get("engine")
        if value is None and engine is CallEngine.LIVEKIT:
            fields.refuse("is missing", f"Add {info.field_name}: LiveKit knows the service by its key and secret.")
        if value is not None and engine is CallEngine.OWN:
            fields.refuse("is not used by the own engine", 'Remove it, or write engine = "livekit".')
        if value is None:
            return None
        return _key(value) if info.field_name == "key" else _file(value)

    def value(self, folder: Path) -> Calls:
        """The settings; secret files are named from the folder of the configuration."""
        first, _, last = self.udp_ports.partition("-")
        return Calls(
            engine=self.engine,
            address=self.address,
            key=self.key,
            secret_file=None if self.secret_file is None else folder / self.secret_file,
            udp_ports=(int(first), int(last)),
            external_address=self.external_address,
            turn=None if self.turn is None else self.turn.value(folder),
        )
