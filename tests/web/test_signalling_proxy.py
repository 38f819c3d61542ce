"""The edge's way to the call engine, before an engine that does on its own side of the line whatever a test needs."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import aiohttp
import pytest
from aiohttp import WSMsgType, web

from bot.web.edge import listening
from bot.web.signalling_proxy import MESSAGE_LIMIT, SignallingProxy
from tests.support.ports import free_port

TOKEN = "eyJhbGciOiJIUzI1NiJ9.secret"
Talk = Callable[[web.WebSocketResponse], Awaitable[None]]


async def echo(line: web.WebSocketResponse) -> None:
    async for message in line:
        if message.type is WSMsgType.BINARY:
            await line.send_bytes(message.data)
        elif message.type is WSMsgType.TEXT:
            await line.send_str(message.data)


@dataclass
class Engine:
    """`talk` is what it does on each line; `lines` counts the ones that are open."""

    talk: Talk = echo
    lines: int = 0
    codes: list[int | None] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.targets.append(request.raw_path)
        self.headers.append(dict(request.headers))
        if request.path == "/rtc":
            return await self._line(request)
        if request.path == "/rtc/v1":
            return web.Response(status=404)
        if request.path == "/rtc/validate":
            return web.Response(text="success", headers={"X-Engine": "1"})
        if request.path == "/large":
            return web.Response(body=bytes(2_000_000))
        return web.Response(status=401, text="no permissions to access the room")

    async def _line(self, request: web.Request) -> web.StreamResponse:
        if "access_token" not in request.query:
            return web.Response(status=401)
        line = web.WebSocketResponse(max_msg_size=0)
        await line.prepare(request)
        self.lines += 1
        try:
            await self.talk(line)
        finally:
            self.lines -= 1
            self.codes.append(line.close_code)
        return line


@asynccontextmanager
async def standing(engine: Engine) -> AsyncIterator[tuple[int, SignallingProxy]]:
    """The edge's port, and what stands behind it."""
    ports = free_port(), free_port()
    behind = web.Application()
    behind.router.add_route("*", "/{path:.*}", engine.handle)
    edge = web.Application()
    proxy = SignallingProxy(f"http://127.0.0.1:{ports[0]}")
    proxy.add_to(edge)
    async with listening(behind, ports[0]), listening(edge, ports[1]):
        yield ports[1], proxy


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
async def port(engine: Engine) -> AsyncIterator[int]:
    async with standing(engine) as (port, _):
        yield port


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def line(port: int, query: str = f"?access_token={TOKEN}&protocol=16&sdk=js") -> str:
    return f"ws://127.0.0.1:{port}/livekit/sfu/rtc{query}"


async def until(holds: Callable[[], bool], *, within: float = 5) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is awaited happens in another task that knows nothing of it
            await asyncio.sleep(0.01)


async def test_messages_pass_both_ways_whole_and_in_order(port: int, client: aiohttp.ClientSession) -> None:
    async with client.ws_connect(line(port)) as ws:
        said = [bytes([number]) * (number * 37 % 9000 + 1) for number in range(200)]
        for message in said:
            await ws.send_bytes(message)
        assert [await ws.receive_bytes() for _ in said] == said
        await ws.send_str("ä")
        assert await ws.receive_str() == "ä"


async def test_the_engine_sees_its_own_path_and_query_and_no_cookie_or_address(
    port: int, client: aiohttp.ClientSession, engine: Engine
) -> None:
    headers = {"Cookie": "a=b", "X-Forwarded-For": "203.0.113.9", "User-Agent": "browser"}
    async with client.ws_connect(line(port, "?access_token=x%2By&a=%20b"), headers=headers):
        pass
    assert engine.targets == ["/rtc?access_token=x%2By&a=%20b"]
    assert engine.headers[0]["User-Agent"] == "browser"
    assert not {"Cookie", "X-Forwarded-For", "Origin"} & set(engine.headers[0])


async def test_a_message_of_the_limits_size_passes_up_and_a_longer_one_ends_the_line(
    port: int, client: aiohttp.ClientSession, engine: Engine
) -> None:
    async with client.ws_connect(line(port)) as ws:
        await ws.send_bytes(bytes(MESSAGE_LIMIT - 1))
        assert len(await ws.receive_bytes()) == MESSAGE_LIMIT - 1
        await ws.send_bytes(bytes(MESSAGE_LIMIT + 1))
        assert (await ws.receive()).type is WSMsgType.CLOSE
        assert ws.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
    await until(lambda: engine.lines == 0)


async def test_a_long_message_passes_down(port: int, client: aiohttp.ClientSession, engine: Engine) -> None:
    async def talk(ws: web.WebSocketResponse) -> None:
        await ws.send_bytes(bytes(500_000))
        await echo(ws)

    engine.talk = talk
    async with client.ws_connect(line(port)) as ws:
        assert len(await ws.receive_bytes()) == 500_000


async def test_the_engines_end_is_the_clients_end_with_the_same_code(
    port: int, client: aiohttp.ClientSession, engine: Engine
) -> None:
    async def talk(ws: web.WebSocketResponse) -> None:
        await ws.send_bytes(b"leave")
        await ws.close(code=aiohttp.WSCloseCode.GOING_AWAY)

    engine.talk = talk
    async with client.ws_connect(line(port)) as ws:
        assert await ws.receive_bytes() == b"leave"
        assert (await ws.receive()).type is WSMsgType.CLOSE
        assert ws.close_code == aiohttp.WSCloseCode.GOING_AWAY


async def test_the_clients_end_is_the_engines_end(port: int, client: aiohttp.ClientSession, engine: Engine) -> None:
    async with client.ws_connect(line(port)) as ws:
        await until(lambda: engine.lines == 1)
        await ws.close(code=4001)
    await until(lambda: engine.lines == 0)
    assert engine.codes == [4001]


async def test_a_client_that_vanishes_without_a_word_frees_the_engines_side(port: int, engine: Engine) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(handshake(port))
    assert (await reader.readline()).split()[1] == b"101"
    await until(lambda: engine.lines == 1)
    cut(writer)
    await until(lambda: engine.lines == 0)


async def test_upgrades_that_are_broken_off_leave_nothing_behind(
    port: int, client: aiohttp.ClientSession, engine: Engine
) -> None:
    for _ in range(30):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(handshake(port))
        cut(writer)
    await until(lambda: len(engine.targets) - len(engine.codes) == 0)
    assert engine.lines == 0
    async with client.ws_connect(line(port)) as ws:
        await ws.send_bytes(b"still here")
        assert await ws.receive_bytes() == b"still here"


async def test_a_reader_that_stands_still_holds_its_sender_back(port: int, engine: Engine) -> None:
    """Memory stays bounded: the sender's own writing stops, instead of the edge gathering what nobody reads."""
    sent = 0

    async def talk(ws: web.WebSocketResponse) -> None:
        nonlocal sent
        for _ in range(2000):
            await ws.send_bytes(bytes(60_000))
            sent += 60_000

    engine.talk = talk
    _, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(handshake(port))
    last = -1
    async with asyncio.timeout(20):
        while sent != last or not sent:
            last = sent
            await asyncio.sleep(0.5)
    assert 0 < sent < 40_000_000
    cut(writer)


async def test_the_engines_refusal_reaches_the_client_with_its_status(port: int, client: aiohttp.ClientSession) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await client.ws_connect(line(port, ""))
    assert refused.value.status == 401


async def test_the_newer_path_is_absent_for_clients_on_any_origin(port: int, client: aiohttp.ClientSession) -> None:
    async with client.get(f"http://127.0.0.1:{port}/livekit/sfu/rtc/v1?access_token={TOKEN}") as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (404, "*")


async def test_plain_requests_pass_with_their_answer(port: int, client: aiohttp.ClientSession) -> None:
    async with client.get(f"http://127.0.0.1:{port}/livekit/sfu/rtc/validate?access_token={TOKEN}") as answer:
        assert (answer.status, await answer.text(), answer.headers["X-Engine"]) == (200, "success", "1")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    async with client.options(f"http://127.0.0.1:{port}/livekit/sfu/rtc/validate") as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (204, "*")


@pytest.mark.parametrize("body", [bytes(70_000), None])
async def test_a_plain_request_has_its_bounds(port: int, client: aiohttp.ClientSession, body: bytes | None) -> None:
    url = f"http://127.0.0.1:{port}/livekit/sfu/"
    if body is None:
        async with client.get(url + "large") as answer:
            assert answer.status == 502
    else:
        async with client.post(url, data=body) as answer:
            assert answer.status == 413

        async def chunks() -> AsyncIterator[bytes]:
            for _ in range(8):
                yield bytes(10_000)

        async with client.post(url, data=chunks()) as answer:
            assert answer.status == 413


async def test_an_absent_engine_is_a_502_that_a_web_client_may_read(client: aiohttp.ClientSession) -> None:
    edge, port = web.Application(), free_port()
    SignallingProxy(f"http://127.0.0.1:{free_port()}").add_to(edge)
    async with listening(edge, port):
        async with client.get(f"http://127.0.0.1:{port}/livekit/sfu/rtc/validate") as answer:
            assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (502, "*")
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            await client.ws_connect(line(port))
        assert refused.value.status == 502


async def test_the_edges_stop_ends_open_lines_at_once(client: aiohttp.ClientSession, engine: Engine) -> None:
    async with asyncio.timeout(3):
        async with standing(engine) as (port, _):
            ws = await client.ws_connect(line(port))
            await until(lambda: engine.lines == 1)
            reading = asyncio.create_task(ws.receive())
        assert (await reading).type is WSMsgType.CLOSE
        assert ws.close_code == aiohttp.WSCloseCode.GOING_AWAY
    assert engine.lines == 0


async def test_no_token_is_logged_whatever_happens(
    client: aiohttp.ClientSession, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")

    async def fails(_: web.WebSocketResponse) -> None:
        raise ValueError("engine fault")

    engine.talk = fails
    async with standing(engine) as (port, _):
        async with client.ws_connect(line(port)) as ws:
            await ws.receive()
        with suppress(aiohttp.ClientError):
            await client.ws_connect(line(port, f"?token={TOKEN}"))
    edge, port = web.Application(), free_port()
    SignallingProxy(f"http://127.0.0.1:{free_port()}").add_to(edge)
    async with listening(edge, port):
        with suppress(aiohttp.ClientError):
            await client.ws_connect(line(port))
    assert TOKEN not in caplog.text


def handshake(port: int) -> bytes:
    head = [
        f"GET /livekit/sfu/rtc?access_token={TOKEN} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ]
    return ("\r\n".join(head) + "\r\n\r\n").encode()


def cut(writer: asyncio.StreamWriter) -> None:
    """Resets the connection, as a machine that lost its power does not even do."""
    raw: socket.socket = writer.get_extra_info("socket")
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
