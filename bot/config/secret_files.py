"""Reads a secret that the operator keeps in a file of its own, so that the configuration can be shown to anybody."""

import stat
from pathlib import Path

from bot.config.problems import ConfigurationError, Problem

SHORTEST = 32
"""Characters; LiveKit refuses to start with a shorter one."""
_LONGEST = 4096


def read_secret_file(path: Path) -> str:
    """The secret without the white space around it. Raises `ConfigurationError`; it never holds the secret."""
    try:
        with path.open(encoding="utf-8") as file:
            secret = file.read(_LONGEST + 1).strip()
            is_open = bool(stat.S_IMODE(path.stat().st_mode) & stat.S_IROTH)
    except OSError as error:
        raise _refusal(path, f"can't be read ({error.strerror})", "Check the path and the right to read.") from error
    except UnicodeDecodeError:
        raise _refusal(path, "is not UTF-8 text", "Put the secret alone into the file, on one line.") from None
    if not SHORTEST <= len(secret) <= _LONGEST or len(secret.split()) != 1:
        raise _refusal(path, "holds no usable secret", f"Put one word of at least {SHORTEST} characters into it.")
    if is_open:
        raise _refusal(path, "can be read by everybody on this machine", f"Close it: chmod 600 {path}")
    return secret


def _refusal(path: Path, what: str, remedy: str) -> ConfigurationError:
    return ConfigurationError([Problem(str(path), "", what, remedy)])
