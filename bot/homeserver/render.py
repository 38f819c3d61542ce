"""Renders the files of `synapse-config/` into the state folder.

Values are put into the parsed tree and dumped again, so no value can break out of its place. Leaves the
meaning of every setting to the templates, and starting Synapse to `bot.homeserver.process`.
"""

import base64
import re
import secrets
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.config.settings import FORWARDED_PATH, TOKEN_PATH, Calls
from bot.config.state import StateFolder, StateFolderError, write_atomically

TEMPLATES = Path(__file__).resolve().parents[2] / "synapse-config"
UPLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes of one uploaded file; the edge's limit is the same."""

Value = str | int


@dataclass(frozen=True, slots=True)
class HomeserverSettings:
    """What differs from one municipality's homeserver to another's."""

    server_name: str
    service_localpart: str
    public_address: str
    """Where clients reach the homeserver: the web edge, such as `http://localhost:8470`."""
    port: int
    """Synapse's own port on loopback."""
    signalling: str | None = None
    """The call engine's address for clients (`Calls.signalling_address`); none: the own engine's, below the edge."""
    edge_port: int | None = None
    """The web edge's port on loopback; none: the one before ours."""

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class ServerNameChangedError(StateFolderError):
    """The state folder belongs to another server name, which is a part of every stored id."""


def render(settings: HomeserverSettings, state: StateFolder) -> Path:
    """Writes homeserver.yaml, registration.yaml and log.yaml and returns the first's path.

    Secrets are made at the first call and kept. Raises `ServerNameChangedError` and `StateFolderError`.
    """
    config = state.homeserver / "homeserver.yaml"
    _refuse_another_name(config, settings.server_name)
    values = _values(settings, state)
    for name in ("registration.yaml", "log.yaml", "homeserver.yaml"):
        template = (TEMPLATES / name).read_text(encoding="utf-8")
        write_atomically(state.homeserver / name, fill(template, values))
    return config


def fill(template: str, values: Mapping[str, Value]) -> str:
    """YAML with its placeholders replaced. A value that is a whole `${name}` keeps its type.

    Raises KeyError for a placeholder without a value.
    """
    return yaml.safe_dump(_filled(yaml.safe_load(template), values), sort_keys=False, allow_unicode=True)


def _filled(node: Any, values: Mapping[str, Value]) -> Any:
    match node:
        case dict():
            return {key: _filled(child, values) for key, child in node.items()}
        case list():
            return [_filled(child, values) for child in node]
        case str() if whole := re.fullmatch(r"\$\{(\w+)\}", node):
            return values[whole[1]]
        case str():
            return string.Template(node).substitute(values)
    return node


def _values(settings: HomeserverSettings, state: StateFolder) -> dict[str, Value]:
    synapse = state.secret_made_once("synapse.json", _synapse_secrets)
    appservice = state.secret_made_once("appservice.json", _appservice_tokens)
    service = re.escape(f"@{settings.service_localpart}:{settings.server_name}")
    return {
        **synapse,
        **appservice,
        "server_name": settings.server_name,
        "public_address": settings.public_address.rstrip("/") + "/",
        "port": settings.port,
        "signalling": settings.signalling or Calls().signalling_address(settings.public_address),
        "token_address": settings.public_address.rstrip("/") + TOKEN_PATH,
        "forwarded": f"http://127.0.0.1:{settings.edge_port or settings.port - 1}{FORWARDED_PATH}",
        "folder": str(state.homeserver),
        "log_folder": str(state.log),
        "signing_key_path": str(_signing_key(state)),
        "service_regex": f"{service}$",
        "upload_limit": UPLOAD_LIMIT,
    }


def _synapse_secrets() -> dict[str, str]:
    names = ("registration_shared_secret", "macaroon_secret_key", "form_secret")
    return {name: secrets.token_urlsafe(48) for name in names}


def _appservice_tokens() -> dict[str, str]:
    return {name: secrets.token_urlsafe(48) for name in ("as_token", "hs_token")}


def _signing_key(state: StateFolder) -> Path:
    """The key that signs the server's events: `ed25519 VERSION SEED`, the seed in unpadded base64."""
    path = state.secret("signing.key")
    if not path.exists():
        seed = base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")
        write_atomically(path, f"ed25519 a_{secrets.token_hex(2)} {seed}\n")
    return path


def _refuse_another_name(config: Path, server_name: str) -> None:
    if not config.exists():
        return
    known = (yaml.safe_load(config.read_text(encoding="utf-8")) or {}).get("server_name")
    if known not in (None, server_name):
        raise ServerNameChangedError(
            f"This state folder belongs to the server name {known}, the configuration says {server_name}. "
            "A server name can't be changed afterwards: put the old one back, or take another --state DIR."
        )
