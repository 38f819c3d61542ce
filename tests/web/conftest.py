"""An edge on a free port before the shared homeserver."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest_asyncio

from bot.domain.language import Text
from bot.web.edge import Edge, add_pages, application, listening
from bot.web.front import Front
from tests.support.homeserver import TrialHomeserver
from tests.support.ports import free_port


@dataclass
class RunningEdge:
    url: str
    port: int
    parts: dict[str, bool] = field(default_factory=lambda: {"matrix": True})


def edge_of(port: int, homeserver: str, parts: dict[str, bool], upload_limit: int = 1_000_000) -> Edge:
    front = Front(Text.same("Ähtäri & <ystävät>"), f"http://localhost:{port}", "@palvelu:localhost")
    return Edge(front=front, homeserver=homeserver, readiness=lambda: parts, upload_limit=upload_limit)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def edge(homeserver: TrialHomeserver) -> AsyncIterator[RunningEdge]:
    port = free_port()
    running = RunningEdge(f"http://127.0.0.1:{port}", port)
    settings = edge_of(port, homeserver.url, running.parts)
    app = application(settings)
    add_pages(app, settings)
    async with listening(app, port):
        yield running
