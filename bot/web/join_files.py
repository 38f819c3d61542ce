"""The join page's built files, held in memory: names that change with the content, so that browsers keep them for good.

They are made by `make join-page` out of `join-page/`. Leaves the page that names them to `bot.web.join_page`.
"""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

FOLDER = Path(__file__).resolve().parents[2] / "join-page" / "dist"
PREFIX = "join"
"""The first part of every file's path."""
NOT_BUILT = "The join page is not built, so links into video meetings can't be opened. Run: make join-page"
"""For the operator's log and `eahtari doctor`."""

_TYPES = {".js": "text/javascript", ".css": "text/css"}
_HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Vary": "Accept-Encoding",
}


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is and as gzip."""

    plain: bytes
    packed: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class JoinFiles:
    """All files by name, and which of them the page begins with."""

    script: str
    style: str
    files: Mapping[str, File]


def built(folder: Path = FOLDER) -> JoinFiles | None:
    """What was built; none where nothing was, or what is there is not whole. Reads and packs about 0.7 MB."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        names = [_name(name) for name in manifest["files"]]
        files = {name: _read(folder / name) for name in names}
        found = JoinFiles(_name(manifest["script"]), _name(manifest["style"]), files)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if {found.script, found.style} <= files.keys() else None


def add_files(app: web.Application, files: JoinFiles) -> None:
    """To be added before the pages."""

    async def handle(request: web.Request) -> web.Response:
        file = files.files.get(request.match_info["name"])
        if file is None:
            raise web.HTTPNotFound(headers={"Cache-Control": "no-store"})
        return _answer(file, packed="gzip" in request.headers.get("Accept-Encoding", ""))

    app.router.add_get(f"/{PREFIX}/{{name:[^/]+}}", handle)


def _answer(file: File, *, packed: bool) -> web.Response:
    headers = {**_HEADERS, "Content-Encoding": "gzip"} if packed else _HEADERS
    body = file.packed if packed else file.plain
    return web.Response(body=body, content_type=file.content_type, charset="utf-8", headers=headers)


def _read(path: Path) -> File:
    plain = path.read_bytes()
    return File(plain, gzip.compress(plain, mtime=0), _TYPES[path.suffix])


def _name(told: Any) -> str:
    """Raises ValueError where it is more than a file's name."""
    if not isinstance(told, str) or Path(told).name != told:
        raise ValueError("no name of a file")
    return told
