"""The web edge: the one address that clients and browsers know.

Health, the client discovery document, the homeserver's client API without its administration, calendar feeds
(`bot.web.feeds`), the door to calls (`bot.web.rtc`), Element's files or a plain page. Runs inside the service's
process; leaves TLS and names to a proxy in front where there is one. It keeps no access log.
"""

import logging
import secrets
import traceback
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.web.element import ElementFiles, ElementPages
from bot.web.front import POLICY, Front, page
from bot.web.headers import CORS, GUARDS
from bot.web.paths import Passage, passage
from bot.web.proxy import Proxy, matrix_error
from bot.web.rtc import CallDoor, add_calls

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
UPLOAD_LIMIT = 20 * 1024 * 1024
"""Bytes of one request's body; the homeserver's own limit of an upload is the same."""

Readiness = Callable[[], Mapping[str, bool]]
"""The parts of the service by name and whether each is ready."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What the edge has to know."""

    front: Front
    homeserver: str
    """The homeserver's own address, such as `http://127.0.0.1:8471`."""
    readiness: Readiness
    element: ElementFiles | None = None
    upload_limit: int = UPLOAD_LIMIT
    behind_proxy: bool = False
    """Whether a proxy of the operator's own stands in front and names the clients' addresses."""
    calls: CallDoor | None = None
    """None: there are no calls, and clients are told of none."""


def application(edge: Edge) -> web.Application:
    """The aiohttp application; more routes may be added before it is run."""
    app = web.Application(middlewares=[_apologise, _guard])
    app.on_response_prepare.append(_add_guards)
    proxy = Proxy(edge.homeserver, _scheme(edge), edge.upload_limit, behind_proxy=edge.behind_proxy)
    app.cleanup_ctx.append(proxy.context)
    app.router.add_get("/healthz", _health(edge.readiness))
    app.router.add_get("/.well-known/matrix/client", _discovery(edge))
    app.router.add_route("*", "/_matrix/{path:.*}", proxy.handle)
    if edge.calls is not None:
        add_calls(app, edge.calls, edge.homeserver, behind_proxy=edge.behind_proxy)
    return app


def add_pages(app: web.Application, edge: Edge) -> None:
    """The pages at `/`: to be added last, since Element answers for every path that is left."""
    if edge.element is None:
        app.router.add_get("/", _front(edge.front))
    else:
        pages = ElementPages(edge.element, _origin(edge.front.public_address), _call_origins(edge))
        app.router.add_route("*", "/{path:.*}", pages.handle)


@asynccontextmanager
async def listening(app: web.Application, port: int) -> AsyncIterator[None]:
    """Serves the application on loopback. Raises OSError when the port is taken."""
    runner = web.AppRunner(app, access_log=None, logger=_silent(), shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        yield
    finally:
        await runner.cleanup()


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Judges the raw target before any route does: routes see a decoded path."""
    match passage(request.raw_path):
        case Passage.REFUSED:
            return matrix_error(HTTPStatus.FORBIDDEN, "M_FORBIDDEN", "This address is closed.")
        case Passage.UNKNOWN:
            return matrix_error(HTTPStatus.NOT_FOUND, "M_UNRECOGNIZED", "This part of Matrix is not offered here.")
        case Passage.HOMESERVER | Passage.OURS:
            return await handler(request)


@web.middleware
async def _apologise(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault is logged by its place and a code, without what was asked or by whom."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception as error:  # noqa: BLE001 -- the last handler before the client
        code = secrets.token_hex(3)
        place = traceback.extract_tb(error.__traceback__)[-1]
        log.error("fault %s: %s at %s:%s", code, type(error).__name__, place.name, place.lineno)  # noqa: TRY400 -- a traceback's message may hold what a person wrote
        return web.Response(status=HTTPStatus.INTERNAL_SERVER_ERROR, text=f"500 – {code}\n")


async def _add_guards(_request: web.Request, response: web.StreamResponse) -> None:
    for name, value in GUARDS.items():
        response.headers.setdefault(name, value)


def _health(readiness: Readiness) -> Handler:
    async def health(_request: web.Request) -> web.StreamResponse:
        parts = dict(readiness())
        ready = all(parts.values())
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return web.json_response({"ready": ready, "parts": parts}, status=status, headers={"Cache-Control": "no-store"})

    return health


def _discovery(edge: Edge) -> Handler:
    """Client-Server API, "Well-known URI"; MSC4143 for calls."""
    address = edge.front.public_address
    document: dict[str, Any] = {"m.homeserver": {"base_url": address}}
    if edge.calls is not None:
        document["org.matrix.msc4143.rtc_foci"] = edge.calls.foci(address)

    async def discovery(_request: web.Request) -> web.StreamResponse:
        return web.json_response(document, headers=CORS)

    return discovery


def _front(front: Front) -> Handler:
    html = page(front)

    async def show(_request: web.Request) -> web.StreamResponse:
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
        return web.Response(text=html, content_type="text/html", charset="utf-8", headers=headers)

    return show


def _scheme(edge: Edge) -> str:
    return urlsplit(edge.front.public_address).scheme or "http"


def _call_origins(edge: Edge) -> tuple[str, ...]:
    """Where a call's page must be able to connect: each person's sound and picture stay at his own town's engine."""
    if edge.calls is None:
        return ()
    own = _origin(edge.calls.signalling)
    return (
        own,
        *(
            f"{scheme}://{host}"
            for server in sorted(edge.calls.region)
            for scheme in ("https", "wss")
            for host in (server, f"*.{server}")
        ),
    )


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _silent() -> logging.Logger:
    """The server's own logger names clients' addresses when a request can't be read: nobody hears it."""
    logger = logging.getLogger("bot.web.server")
    logger.propagate = False
    logger.setLevel(logging.CRITICAL + 1)
    logger.addHandler(logging.NullHandler())
    return logger
