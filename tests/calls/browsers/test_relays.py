"""The bad line itself: its arithmetic without sockets, its paths with sockets, and what it does to signalling."""

import asyncio
import json
from itertools import count

import pytest
from livekit.protocol import rtc

from tests.support.signalling_relay import Session, address_of, first_address, moved, with_one_candidate
from tests.support.udp_relay import LOOPBACK, Address, Line, UdpRelay

HOST = "candidate:1 1 udp 2130706431 192.0.2.7 5000 typ host generation 0"
NAME = "candidate:1 1 udp 2130706431 0b1c.local 5000 typ host"
SIX = "candidate:2 1 udp 2130706431 2001:db8::1 5000 typ host"
TCP = "candidate:3 1 tcp 1518214911 192.0.2.7 9 typ host tcptype active"
RELAY = (LOOPBACK, 4000)


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

    def datagram_received(self, data: bytes, addr: Address) -> None:  # type: ignore[override]  # IPv4 only
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


def test_a_candidate_is_moved_whatever_its_address_was() -> None:
    assert moved(HOST, RELAY) == "candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host"
    assert moved(NAME, RELAY) == "candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host"


@pytest.mark.parametrize("candidate", [SIX, TCP, "", "nonsense"])
def test_what_is_not_udp_over_ipv4_has_no_way_past_the_relay(candidate: str) -> None:
    assert moved(candidate, RELAY) is None
    assert address_of(candidate) is None


def test_a_description_keeps_one_candidate_in_each_section_that_had_any() -> None:
    lines = ["v=0", "m=audio 9", f"a={HOST}", f"a={SIX}", f"a={TCP}", f"a={HOST}", "m=video 9", "a=mid:1"]
    sdp = "\r\n".join(lines) + "\r\n"
    assert first_address(sdp) == ("192.0.2.7", 5000)
    moved_line = "a=candidate:1 1 udp 2130706431 127.0.0.1 4000 typ host"
    assert with_one_candidate(sdp, RELAY).splitlines() == ["v=0", "m=audio 9", moved_line, "m=video 9", "a=mid:1"]


def offer(ufrag: str) -> bytes:
    description = rtc.SessionDescription(type="offer", sdp=f"v=0\r\na=ice-ufrag:{ufrag}\r\nm=audio 9\r\na={HOST}\r\n")
    return rtc.SignalRequest(offer=description).SerializeToString()


def trickle(candidate: str, *, final: bool = False) -> bytes:
    init = json.dumps({"candidate": candidate, "sdpMid": "0"})
    message = rtc.TrickleRequest(candidateInit=init, target=rtc.SignalTarget.PUBLISHER, final=final)
    return rtc.SignalResponse(trickle=message).SerializeToString()


async def port_offered(session: Session, ufrag: str) -> int:
    message = rtc.SignalRequest()
    message.ParseFromString(await session.to_server(offer(ufrag)) or b"")
    address = first_address(message.offer.sdp)
    assert address is not None
    return address[1]


async def test_an_offer_again_keeps_its_path_and_an_ice_restart_gets_another() -> None:
    async with UdpRelay() as relay:
        session = Session(relay)
        first = await port_offered(session, "one")
        assert await port_offered(session, "one") == first
        assert await port_offered(session, "two") != first


async def test_a_server_trickles_one_candidate_and_the_end_of_them() -> None:
    async with UdpRelay() as relay:
        session = Session(relay)
        passed = [await session.to_client(trickle(one)) for one in (SIX, HOST, TCP, HOST)]
        assert [one is not None for one in passed] == [False, True, False, False]
        last = rtc.SignalResponse()
        last.ParseFromString(await session.to_client(trickle(TCP, final=True)) or b"")
        address = address_of(json.loads(last.trickle.candidateInit)["candidate"])
        assert address is not None
        assert address[0] == LOOPBACK


async def test_other_messages_pass_as_they_are() -> None:
    async with UdpRelay() as relay:
        raw = rtc.SignalRequest(ping=7).SerializeToString()
        assert await Session(relay).to_server(raw) is raw


async def test_a_client_learns_of_no_ice_server_that_leads_past_the_relay() -> None:
    servers = [rtc.ICEServer(urls=["stun:stun.example.org"])]
    raw = rtc.SignalResponse(join=rtc.JoinResponse(ice_servers=servers)).SerializeToString()
    async with UdpRelay() as relay:
        message = rtc.SignalResponse()
        message.ParseFromString(await Session(relay).to_client(raw) or b"")
    assert not message.join.ice_servers
