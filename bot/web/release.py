"""Tells an unpacked Element Web release from another folder. Leaves serving it to `bot.web.element`."""

from pathlib import Path

HASHED = "bundles"
"""The release's folder whose file names hold a hash of their content."""


class NotElementError(Exception):
    """The folder holds no Element Web release; `str()` is a sentence for the operator."""


def require_release(folder: Path) -> None:
    """Raises `NotElementError` unless the folder holds an unpacked release."""
    if not (folder / "index.html").is_file() or not (folder / HASHED).is_dir():
        raise NotElementError(
            f"{folder} holds no Element Web release: index.html and bundles/ should be there. "
            "Unpack a release from https://github.com/element-hq/element-web/releases and name that folder."
        )
