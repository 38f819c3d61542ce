"""A server that speaks PTV's open interface from the sample, and can be told to misbehave. Real HTTP on loopback."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from scripts import ptv_sample

CODE = "989"
Answer = bytes | int | Mapping[str, Any] | list[Any]
Fault = Callable[[str, Mapping[str, str]], Answer | None]
"""By path and query: octets, a status, or JSON instead of what is true; none: what is true."""


@dataclass
class PtvServer:
    services: list[dict[str, Any]] = field(default_factory=lambda: ptv_sample.services()["itemList"])
    channels: list[dict[str, Any]] = field(default_factory=ptv_sample.channels)
    at_once: int = 3
    fault: Fault = lambda _path, _query: None
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0
    port: int = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/v11"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    async def handle(self, request: web.Request) -> web.Response:
        path, query = request.path.removeprefix("/api/v11/"), dict(request.query)
        self.asked.append((path, query))
        await asyncio.sleep(self.delay)
        answer = self.fault(path, query)
        if answer is None:
            answer = self.truth(path, query)
            return web.json_response(answer) if not isinstance(answer, int) else web.Response(status=answer)
        if isinstance(answer, int):
            return web.Response(status=answer, headers=self.headers)
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return web.Response(body=body, headers=self.headers, content_type="application/json")

    def truth(self, path: str, query: Mapping[str, str]) -> Answer:
        kind, _, rest = path.partition("/")
        items = {"Service": self.services, "ServiceChannel": self.channels}[kind]
        if rest == "list":
            wanted = query["guids"].split(",")
            return [one for one in items if one["id"] in wanted] or 404
        if rest == f"list/area/Municipality/code/{CODE}":
            return self.page([one for one in items if one.get("areas", True)], query)
        if rest == f"area/Municipality/code/{CODE}":
            changed = [one for one in items if one["modified"] > query["date"]]
            return self.page([{"id": one["id"], "name": "x"} for one in changed], query)
        return 404

    def page(self, items: list[Any], query: Mapping[str, str]) -> dict[str, Any]:
        number, size = int(query["page"]), self.at_once
        count = -(-len(items) // size)
        some = items[(number - 1) * size : number * size]
        return {"pageNumber": number, "pageSize": size, "pageCount": count, "itemList": some or None}


@contextmanager
def serving(server: PtvServer) -> Iterator[PtvServer]:
    """In a thread of its own, since the command that asks it has a loop of its own."""
    ready, loop = threading.Event(), asyncio.new_event_loop()

    async def start() -> web.AppRunner:
        app = web.Application()
        app.router.add_get("/{path:.*}", server.handle)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        server.port = runner.addresses[0][1]
        return runner

    def run() -> None:
        runner = loop.run_until_complete(start())
        loop.call_soon(ready.set)
        loop.run_forever()
        loop.run_until_complete(runner.cleanup())

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
