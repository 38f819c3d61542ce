"""How the embedded Synapse is started and how one sees that it is ready.

Leaves keeping it alive to `bot.supervision` and its configuration to `bot.homeserver.render`.
"""

import os
import sys
from pathlib import Path

READY_PATH = "/health"
"""Answers 200 once the listener serves, without authentication."""

_SYSTEMD = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID", "LISTEN_FDNAMES")


def command(*config: Path) -> tuple[str, ...]:
    """The command line; a later configuration file overrides an earlier one's top-level keys."""
    files = (part for path in config for part in ("-c", str(path)))
    return (sys.executable, "-m", "synapse.app.homeserver", *files)


def environment() -> dict[str, str]:
    """Ours, without what systemd tells its own child: Synapse would answer in its parent's place.

    Two malloc arenas are enough for one core's work and keep freed memory from lying about in many.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _SYSTEMD}
    return {"MALLOC_ARENA_MAX": "2", **kept}
