"""The engine's HTTP: LiveKit's `/rtc` websocket and `/rtc/validate`, and a sign of life. On loopback, behind the edge.

`/rtc/v1` answers 404 on purpose: clients then use the two connections of `/rtc`. The token stands in the query of a
websocket's address (browsers let no header be set), so no request is ever logged.
"""

import contextlib
import logging
import socket

from aiohttp import web
from aiohttp.typedefs import Handler
from livekit.protocol import models as pm

from bot.calls.conference.values import Refused
from bot.calls.engine import Engine
from bot.calls.evidence import LeaveReason
from bot.calls.signalling import messages
from bot.calls.signalling.tokens import Pass, Tokens
from bot.calls.signalling.wire import LARGEST, Wire
from bot.config.settings import SIGNALLING_PATH

log = logging.getLogger(__name__)

CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Allow-Methods": "GET, OPTIONS",
}
BEARER = "Bearer "


def application(engine: Engine, tokens: Tokens) -> web.Application:
    """The routes."""
    app = web.Application(middlewares=[_open_to_pages])
    door = _Door(engine, tokens)
    for prefix in ("", SIGNALLING_PATH):  # a proxy in front may leave its prefix in the path or take it away
        app.router.add_get(f"{prefix}/rtc", door.rtc)
        app.router.add_get(f"{prefix}/rtc/validate", door.validate)
    app.router.add_get("/healthz", _health)
    return app


@web.middleware
async def _open_to_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """CORS, for refusals too: clients ask `/rtc/validate` what was wrong."""
    if request.method == "OPTIONS":
        return web.Response(headers=CORS)
    try:
        response = await handler(request)
    except web.HTTPException as answered:
        response = web.Response(status=answered.status, text=answered.text)
    if not response.prepared:
        response.headers.update(CORS)
    return response


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"ready": True})


class _Door:
    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens

    def _pass(self, request: web.Request) -> Pass:
        header = request.headers.get("Authorization", "")
        token = request.query.get("access_token") or header.removeprefix(BEARER)
        held = self._tokens.read(token)
        if held is None:
            raise web.HTTPUnauthorized(text="invalid token")
        return held

    async def validate(self, request: web.Request) -> web.StreamResponse:
        refusal = self._engine.would_refuse(self._pass(request))
        if refusal is not None:
            raise web.HTTPForbidden(text=refusal)
        return web.Response(text="success")

    async def rtc(self, request: web.Request) -> web.StreamResponse:
        held = self._pass(request)
        socket = web.WebSocketResponse(max_msg_size=LARGEST, heartbeat=None, autoping=True, compress=False)
        if not socket.can_prepare(request):
            raise web.HTTPBadRequest(text="a websocket is expected")
        if request.query.get("reconnect") in ("1", "true"):
            return await _start_anew(request, socket)
        admitted = self._engine.admit(held)
        if admitted is None:
            raise web.HTTPServiceUnavailable(text="full" if not self._engine.is_stopping else "stopping")
        hall, answer = admitted
        if isinstance(answer, Refused):
            raise web.HTTPForbidden(text=answer.why.value)
        await socket.prepare(request)
        wire = Wire(socket)
        seat = None
        try:
            seat = await self._engine.seat(hall, held, answer, wire)
            await hall.serve(seat)
        finally:
            if seat is None:
                hall.conference.left(answer.sid, LeaveReason.DEAD, self._engine.now())
            await wire.close()
        return socket


async def _start_anew(request: web.Request, socket: web.WebSocketResponse) -> web.StreamResponse:
    """A resumed connection would need an ICE restart, which aiortc has not: the client makes a new one."""
    await socket.prepare(request)
    message = messages.leave(pm.DisconnectReason.STATE_MISMATCH, come_back=True)
    with contextlib.suppress(ConnectionError):
        await socket.send_bytes(message.SerializeToString())
        await socket.close()
    return socket


async def serve(app: web.Application, listening: socket.socket) -> web.AppRunner:
    """Serves on a bound socket; the caller cleans the runner up."""
    silent = logging.getLogger("bot.calls.server")
    silent.propagate = False
    silent.addHandler(logging.NullHandler())
    runner = web.AppRunner(app, access_log=None, logger=silent, shutdown_timeout=0.1, handle_signals=False)
    await runner.setup()
    await web.SockSite(runner, listening).start()
    return runner
