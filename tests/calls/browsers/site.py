"""The pages of the tests: bundled by esbuild at the start, served with Element Call as npm brought it.

Nothing that is bundled is kept: it stands in the folder of the test run.
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from tests.node import driver
from tests.support.ports import free_port

_PAGES = Path(__file__).with_name("page")
_MODULES = driver.FOLDER / "node_modules"
_ELEMENT_CALL = _MODULES / "@element-hq" / "element-call-embedded" / "dist"
_CRYPTO = _MODULES / "@matrix-org" / "matrix-sdk-crypto-wasm" / "pkg"


@dataclass(frozen=True, slots=True)
class Site:
    """`senses` is the script that every page starts with; `url` ends without a slash."""

    url: str
    senses: str

    @property
    def participant(self) -> str:
        return f"{self.url}/participant.html"

    @property
    def widget_host(self) -> str:
        return f"{self.url}/widget_host.html"

    @property
    def element_call(self) -> str:
        return f"{self.url}/element-call/index.html"


@asynccontextmanager
async def site(folder: Path) -> AsyncIterator[Site]:
    """Bundles into `folder` and serves on loopback, which browsers take for a secure place."""
    await bundle(folder, *(_PAGES / name for name in ("participant.mjs", "senses.mjs")))
    await bundle(folder / "livekit-client", "livekit-client/e2ee-worker")
    await bundle(folder, _PAGES / "widget_host.mjs", form="esm")
    app = web.Application()
    app.router.add_static("/element-call", _ELEMENT_CALL)
    app.router.add_static("/bundles/pkg", _CRYPTO)
    app.router.add_static("/bundles", folder)
    app.router.add_static("/", _PAGES)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield Site(f"http://localhost:{port}", (folder / "senses.js").read_text(encoding="utf-8"))
    finally:
        await runner.cleanup()


async def bundle(folder: Path, *entries: Path | str, form: str = "iife") -> None:
    """One script for each entry: a classic one, or a module with `form="esm"`.

    Raises RuntimeError with esbuild's words.
    """
    process = await asyncio.create_subprocess_exec(
        _MODULES / ".bin" / "esbuild",
        *map(str, entries),
        "--bundle",
        f"--format={form}",
        "--log-level=error",
        "--define:global=globalThis",
        f"--outdir={folder}",
        env={**os.environ, "NODE_PATH": str(_MODULES)},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    if process.returncode != 0:
        raise RuntimeError(said.decode())
