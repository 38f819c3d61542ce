"""Browsers, pages and media servers that the tests of calls share, each started once a session.

All of it lives on the session's event loop: the tests carry `pytest.mark.asyncio(loop_scope="session")`.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from tests.calls.browsers import media_server
from tests.calls.browsers.chromium import Browser, Browsers
from tests.calls.browsers.conference import Conference, conference
from tests.calls.browsers.media_server import MediaServer
from tests.calls.browsers.site import Site, site
from tests.calls.browsers.town import Town, town
from tests.support import call_engine


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def pages(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Site]:
    async with site(tmp_path_factory.mktemp("bundles")) as served:
        yield served


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browsers() -> AsyncIterator[Browsers]:
    async with Browsers() as driver:
        yield driver


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(browsers: Browsers) -> AsyncIterator[Browser]:
    started = await browsers.launch()
    yield started
    await started.quit()


@asynccontextmanager
async def engine(folder: Path) -> AsyncIterator[MediaServer]:
    """The project's own."""
    async with call_engine.engine(folder) as running:
        yield MediaServer(running.url, running.key, running.secret, socket=running.socket)


SERVERS = {"engine": engine, "livekit": media_server.livekit}


@pytest_asyncio.fixture(scope="session", loop_scope="session", params=SERVERS)
async def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[MediaServer]:
    async with SERVERS[request.param](tmp_path_factory.mktemp(request.param)) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def held(server: MediaServer, pages: Site, browser: Browser) -> AsyncIterator[Conference]:
    """A conference that nobody has entered yet, for one test."""
    async with conference(server, pages, browser) as empty:
        yield empty


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def municipality(server: MediaServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    async with town(tmp_path_factory.mktemp("town"), server) as running:
        yield running
