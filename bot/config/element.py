"""Element Web's `config.json` for one municipality: the folder's file, with this installation's addresses in it.

The keys are those of element-web's docs/config.md and docs/theming.md. Leaves serving to `bot.web`.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.config.settings import Settings

THEME = Path(__file__).resolve().parents[2] / "element-theme"
"""The folder with `config.json`, the welcome page and the pictures that it names."""


def element_config(base_url: str, settings: Settings, theme: Path = THEME) -> dict[str, Any]:
    """The configuration to serve; `base_url` is the edge's own address, which is also the homeserver's.

    Element falls back to servers of its maker where a key is missing (Jitsi, help), so those keys name the
    edge. Raises `OSError` or `ValueError` where the folder's file can't be read.
    """
    base = base_url.rstrip("/")
    server_name = settings.homeserver.server_name
    config: dict[str, Any] = json.loads((theme / "config.json").read_text(encoding="utf-8"))
    config["default_server_config"] = {"m.homeserver": {"base_url": base, "server_name": server_name}}
    config["brand"] = settings.service_account.display_name.fi
    config["permalink_prefix"] = base
    config["room_directory"] = {"servers": [server_name]}
    config["jitsi"] = {"preferred_domain": urlsplit(base).netloc}
    for key in ("help_url", "help_encryption_url", "help_key_storage_url"):
        config[key] = f"{base}/#/welcome"
    return config
