"""The bad line itself: its arithmetic without sockets, its paths with sockets."""

import asyncio
from itertools import count

import pytest

from tests.support.udp_relay import LOOPBACK, Address, Line, UdpRelay


def test_a_perfect_line_passes_everything_at_once() -> None:
    line = Line(1)
    assert [line.arrival(1200, now) for now in (1.0, 1.0, 2.5)] == [1.0, 1.0, 2.5]


def test_a_long_line_only_delays() -> None:
    line = Line(1)
    line.delay_s = 0.25
    assert line.arrival(1200, 1.0) == 1.25


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_loss_is_of_the_share_that_was_set_and_the_same_for_the_same_seed(seed: int) -> None:
    one, other = Line(seed), Line(seed)
    one.loss = other.loss = 0.03
    fates = [one.arrival(100, float(now)) is None for now in range(10_000)]
    assert fates == [other.arrival(100, float(now)) is None for now in range(10_000)]
    assert 0.025 < sum(fates) / len(fates) < 0.035


def test_a_slow_line_carries_its_rate_and_no_more() -> None:
    line = Line(1)
    line.rate = 600_000
    offered = [line.arrival(972, at / 1000) for at in range(0, 10_000, 5)]  # 1.6 Mbit/s with headers
    passed = [at for at in offered if at is not None]
    assert 0.99 < len(passed) * 1000 * 8 / 10 / 600_000 < 1.05  # and what stands in the queue at the end
    assert line.counts.overflowed == len(offered) - len(passed)


def test_a_slow_lines_queue_holds_400_ms_and_drops_what_comes_then() -> None:
    line = Line(1)
    line.rate = 8_000
    waits = [at for at in (line.arrival(72, 0.0) for _ in range(10)) if at is not None]
    assert waits == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert line.counts.queued_s == pytest.approx(0.4)
    assert line.arrival(72, 0.5) == pytest.approx(0.6)


def test_packets_keep_their_order_when_the_limit_goes() -> None:
    line = Line(1)
    line.rate = 8_000
    late = line.arrival(72, 0.0)
    line.rate = None
    freed = line.arrival(72, 0.01)
    assert late is not None
    assert freed is not None
    assert freed >= late


def test_a_dark_line_passes_nothing_until_it_is_lit() -> None:
    line = Line(1)
    line.dark = True
    assert line.arrival(100, 1.0) is None
    line.dark = False
    assert line.arrival(100, 1.0) == 1.0


class Peer(asyncio.DatagramProtocol):
    def __init__(self, *, echoes: bool = False) -> None:
        self.got: asyncio.Queue[tuple[bytes, Address]] = asyncio.Queue()
        self._echoes = echoes

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # no other kind
        self.transport = transport
        self.address: Address = transport.get_extra_info("sockname")

    def datagram_received(self, data: bytes, addr: Address) -> None:
        self.got.put_nowait((data, addr))
        if self._echoes:
            self.transport.sendto(data.upper(), addr)


async def peer(*, echoes: bool = False) -> Peer:
    loop = asyncio.get_running_loop()
    _, made = await loop.create_datagram_endpoint(lambda: Peer(echoes=echoes), local_addr=(LOOPBACK, 0))
    return made


async def test_answers_find_back_to_each_of_a_clients_addresses() -> None:
    async with UdpRelay() as relay, asyncio.timeout(5):
        path, server = await relay.path(), await peer(echoes=True)
        path.server = server.address
        clients = [await peer() for _ in range(3)]
        for number, client in zip(count(), clients):
            client.transport.sendto(f"from {number}".encode(), path.near)
        for number, client in zip(count(), clients):
            assert await client.got.get() == (f"FROM {number}".encode(), path.near)
        senders = {(await server.got.get())[1] for _ in clients}
        assert len(senders) == 3
        assert path.far in senders


async def test_each_direction_goes_dark_by_itself() -> None:
    async with UdpRelay() as relay, asyncio.timeout(5):
        path, server, client = await relay.path(), await peer(), await peer()
        path.server = server.address
        client.transport.sendto(b"1", path.near)
        _, far = await server.got.get()
        relay.down.dark = True
        server.transport.sendto(b"lost", far)
        client.transport.sendto(b"2", path.near)
        assert (await server.got.get())[0] == b"2"
        relay.down.dark = False
        server.transport.sendto(b"3", far)
        assert (await client.got.get())[0] == b"3"
