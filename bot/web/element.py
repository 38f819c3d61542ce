"""Element Web's files: a release that the operator points to, under the municipality's own theme.

A file of the theme wins over the release's; `config.json` is made by us. Leaves the theme's content to
`element-theme/` and the configuration to `bot.config`.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from bot.web.headers import CALL_PERMISSIONS, element_policy, inline_scripts
from bot.web.release import HASHED

CALL_WIDGET = "widgets/element-call/index.html"
"""The page of calls within a release. It begins with scripts of its own in the page, which differ from release to
release."""


@dataclass(frozen=True, slots=True)
class ElementFiles:
    """What stands at the edge's root when the operator has an Element Web release."""

    release: Path
    theme: Path
    config: Mapping[str, Any]


class ElementPages:
    """Answers for every path that nobody else at the edge answers for."""

    def __init__(self, files: ElementFiles, homeserver: str, engines: Sequence[str] = ()) -> None:
        self._files = files
        self._policy = partial(element_policy, homeserver, engines)
        self._headers = {"Content-Security-Policy": self._policy(), "Permissions-Policy": CALL_PERMISSIONS}

    async def handle(self, request: web.Request) -> web.StreamResponse:
        if request.method not in {"GET", "HEAD"}:
            raise web.HTTPMethodNotAllowed(request.method, ["GET", "HEAD"])
        name = unquote(request.raw_path.partition("?")[0]).lstrip("/") or "index.html"
        if name == "config.json":
            return web.json_response(dict(self._files.config), headers={"Cache-Control": "no-cache"})
        if name.startswith("config.") and name.endswith(".json"):  # a host's own, which would hide ours
            return web.Response(status=HTTPStatus.NOT_FOUND)
        path = await asyncio.to_thread(self._find, name)
        if path is None:
            return web.Response(status=HTTPStatus.NOT_FOUND)
        headers = {**self._headers, "Cache-Control": _caching(name)}
        if name == CALL_WIDGET:
            scripts = inline_scripts(await asyncio.to_thread(path.read_text, "utf-8"))
            headers["Content-Security-Policy"] = self._policy(scripts)
        return web.FileResponse(path, headers=headers)

    def _find(self, name: str) -> Path | None:
        found = (_inside(folder, name) for folder in (self._files.theme, self._files.release))
        return next((path for path in found if path is not None), None)


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name, unless a link or a dot segment leads out of the folder."""
    try:
        root = folder.resolve()
        path = (root / name).resolve()
        return path if path.is_relative_to(root) and path.is_file() else None
    except (OSError, ValueError):  # a name too long, a NUL
        return None


def _caching(name: str) -> str:
    return "public, max-age=31536000, immutable" if name.startswith(f"{HASHED}/") else "no-cache"
