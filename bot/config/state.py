"""The state folder: where everything lives that a running municipality must keep.

Owns the paths, the rights (folders 0700, secrets 0600) and the reading and writing of secrets. Leaves what
the files mean to those who write them, and the lock's use to `bot.supervision.lock`.
"""

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

IDENTITY = "identity.json"
"""The secret that holds the service's cross-signing keys."""
RECOVERY = "recovery-key.json"
"""The secret that holds the recovery key until the operator has seen it."""

Secret = dict[str, Any]
"""A secret file's content: one JSON object."""


class StateFolderError(Exception):
    """The state folder can't be used; `str()` is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class StateFolder:
    """Paths under one root. Absolute, since processes with other working directories share them."""

    root: Path

    @classmethod
    def at(cls, folder: Path | str) -> "StateFolder":
        return cls(Path(folder).expanduser().resolve())

    @property
    def lock(self) -> Path:
        """Held with flock by the running supervisor."""
        return self.root / "lock"

    @property
    def run(self) -> Path:
        """`run.json`: process id, ports and addresses, there while the service runs."""
        return self.root / "run.json"

    @property
    def database(self) -> Path:
        return self.root / "eahtari.db"

    @property
    def crypto(self) -> Path:
        return self.root / "crypto"

    @property
    def advice(self) -> Path:
        """The trained models of the advice in chat; they can be made again at any time."""
        return self.root / "advice"

    @property
    def backup(self) -> Path:
        return self.root / "backup"

    @property
    def demo_marker(self) -> Path:
        """Its presence says that this state belongs to a demonstration, whose clock may be moved."""
        return self.root / "demo"

    @property
    def homeserver(self) -> Path:
        return self.root / "homeserver"

    @property
    def secrets(self) -> Path:
        return self.root / "secrets"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def is_demo(self) -> bool:
        return self.demo_marker.exists()

    def secret(self, name: str) -> Path:
        return self.secrets / name

    def create(self) -> None:
        """Makes what is missing, closed to others. Raises `StateFolderError` where rights are missing."""
        try:
            for folder in (self.root, self.crypto, self.advice, self.backup, self.homeserver, self.secrets, self.log):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)
            with tempfile.TemporaryFile(dir=self.root):
                pass
        except OSError as error:
            raise StateFolderError(_not_usable(self.root, error)) from error

    def read_secret(self, name: str) -> Secret | None:
        """The object in `secrets/name`, None without one. Raises `StateFolderError` when unreadable."""
        return _read_object(self.secret(name))

    def write_secret(self, name: str, content: Secret) -> None:
        """Replaces `secrets/name` in one step, readable by the owner only (0600)."""
        write_atomically(self.secret(name), json.dumps(content, indent=2) + "\n")

    def secret_made_once(self, name: str, make: Callable[[], Secret]) -> Secret:
        """The object in `secrets/name`, made and kept at the first call."""
        known = self.read_secret(name)
        if known is None:
            known = make()
            self.write_secret(name, known)
        return known

    def read_run(self) -> Secret | None:
        """What the running service says of itself; None when nothing runs."""
        return _read_object(self.run)

    def write_run(self, content: Secret) -> None:
        write_atomically(self.run, json.dumps(content, indent=2) + "\n")


def write_atomically(path: Path, content: str) -> None:
    """Writes through a synced neighbour and a rename, so that a reader sees the old or the new, never half.

    The file is readable by its owner only. Raises `StateFolderError`.
    """
    try:
        handle, neighbour = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mkstemp makes it 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(neighbour).replace(path)
    except OSError as error:
        raise StateFolderError(_not_usable(path.parent, error)) from error


def _read_object(path: Path) -> Secret | None:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise StateFolderError(f"The file {path} can't be read: {_reason(error)}.") from error
    if not isinstance(content, dict):
        raise StateFolderError(f"The file {path} should hold one JSON object.")
    return content


def _not_usable(folder: Path, error: OSError) -> str:
    return (
        f"The state folder {folder} can't be written to: {_reason(error)}. "
        "Give yourself the right to it, or name another folder with --state DIR."
    )


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or "unknown reason") if isinstance(error, OSError) else "it is not valid JSON"
