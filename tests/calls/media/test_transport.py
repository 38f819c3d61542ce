import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from struct import pack

import pytest

from bot.calls.media.gathering import Network, local_addresses, told
from bot.calls.media.transport import Transport, new_certificate
from bot.calls.sdp import reading, writing
from bot.calls.sdp.values import Description
from bot.calls.sdp.writing import Sent

CERTIFICATE = new_certificate()
LOOPBACK = Network(("127.0.0.1",))
VOICE = [Sent("1", "audio", "PA_a|TR_a", "TR_a", 7)]
WITHIN_S = 10.0


@dataclass
class End:
    """One transport and what came to it."""

    transport: Transport
    rtp: list[bytes] = field(default_factory=list)
    rtcp: list[bytes] = field(default_factory=list)
    data: list[tuple[str, bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.transport.on_rtp = self.rtp.append
        self.transport.on_rtcp = self.rtcp.append
        self.transport.on_data = lambda label, message: self.data.append((label, message))

    @property
    def port(self) -> int:
        return self.ports[0]

    @property
    def ports(self) -> list[int]:
        return [int(line.split(" ")[5]) for line in self.transport.local().candidates]


Make = Callable[..., End]
Joined = Callable[..., Awaitable[tuple[End, End]]]


@pytest.fixture
async def end() -> AsyncIterator[Make]:
    async with AsyncExitStack() as stack:

        def made(network: Network = LOOPBACK, *, offering: bool, fast: bool = True) -> End:
            transport = Transport(network, CERTIFICATE, offering=offering, fast=fast)
            stack.push_async_callback(transport.close)
            return End(transport)

        yield made


@pytest.fixture
async def joined(end: Make) -> Joined:
    """Two ends that are connected: the offering one, and the answering one."""

    async def connected(network: Network = LOOPBACK, *, fast: bool = True, channels: bool = True) -> tuple[End, End]:
        offering, answering = end(network, offering=True, fast=fast), end(network, offering=False, fast=fast)
        if channels:
            offering.transport.channel("_reliable")
            offering.transport.channel("_lossy", lossy=True)
        await asyncio.gather(offering.transport.gather(), answering.transport.gather())
        connect(offering, answering, channels=channels)
        await until(lambda: offering.transport.is_open and answering.transport.is_open)
        return offering, answering

    return connected


def connect(offering: End, answering: End, *, channels: bool = True) -> None:
    """An offer and its answer, as text on their way."""
    asked = described(writing.offer(offering.transport.local(), 1, VOICE), channels=channels)
    answered = described(writing.answer(asked, answering.transport.local(), 1), channels=channels)
    answering.transport.start(asked)
    offering.transport.start(answered)


def described(text: str, *, channels: bool = True) -> Description:
    if not channels and "m=application" in text:
        head, _, rest = text.partition("m=application")
        text = head + rest[rest.index("m=audio") :]
    description = reading.read(text)
    assert description is not None
    return description


async def until(holds: Callable[[], object], within: float = WITHIN_S) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for comes in callbacks of many kinds
            await asyncio.sleep(0.01)


def voice(sequence: int, size: int = 60) -> bytes:
    return pack("!BBHLL", 0x80, 111, sequence, 960 * sequence, 7) + b"\x78" * size


def report(number: int) -> bytes:
    return pack("!BBHL", 0x80, 201, 1, number)


def free_range(size: int) -> tuple[int, int]:
    """Ports in a row that nobody has."""
    for first in range(42000, 60000, size):
        ports = range(first, first + size)
        if all(is_free(port) for port in ports):
            return ports[0], ports[-1]
    pytest.fail("no free ports in a row")


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, suppress(OSError):
        probe.bind(("127.0.0.1", port))
        return True
    return False


# Addresses and ports


async def test_two_ends_meet_over_ports_of_the_range(joined: Joined) -> None:
    first, last = free_range(10)
    offering, answering = await joined(Network(("127.0.0.1",), (first, last)))
    assert first <= offering.port <= last
    assert first <= answering.port <= last
    assert offering.port != answering.port


async def test_no_end_gets_a_port_outside_a_range_that_is_used_up(end: Make) -> None:
    network = Network(("127.0.0.1",), free_range(2))
    ends = [end(network, offering=True) for _ in range(3)]
    for one in ends:
        await one.transport.gather()
    assert sorted(port for one in ends for port in one.ports) == list(range(network.ports[0], network.ports[1] + 1))


async def test_an_end_without_a_port_tells_no_candidate_and_can_be_closed(end: Make) -> None:
    network = Network(("127.0.0.1",), free_range(1))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", network.ports[0]))
        offering, answering = end(network, offering=True), end(offering=False)
        await asyncio.gather(offering.transport.gather(), answering.transport.gather())
        connect(offering, answering)
        await asyncio.sleep(0.2)
    assert offering.transport.local().candidates == ()
    assert not offering.transport.is_open
    await asyncio.wait_for(offering.transport.close(), 1)


async def test_ports_of_closed_ends_are_free_again(end: Make) -> None:
    network = Network(("127.0.0.1",), free_range(1))
    for _ in range(3):
        one = end(network, offering=True)
        await one.transport.gather()
        assert one.ports == [network.ports[0]]
        await one.transport.close()


async def test_the_external_address_is_told_and_the_own_one_bound(end: Make) -> None:
    one = end(Network(("127.0.0.1",), external_address="198.51.100.7"), offering=True)
    await one.transport.gather()
    (line,) = one.transport.local().candidates
    assert line.split(" ")[4] == "198.51.100.7"
    assert "127.0.0.1" not in line
    (bound,) = one.transport._connection.local_candidates
    assert bound.host == "127.0.0.1"
    assert told(LOOPBACK, bound).split(" ")[4] == "127.0.0.1"


def test_loopback_is_bound_only_where_it_is_named_or_alone() -> None:
    assert local_addresses(LOOPBACK) == ["127.0.0.1"]
    found = local_addresses(Network())
    assert found == ["127.0.0.1"] or not any(address.startswith("127.") for address in found)


# Packets


@pytest.mark.parametrize("fast", [True, False], ids=["the fast way", "aiortc's own way"])
async def test_either_way_carries_the_same_packets(joined: Joined, *, fast: bool) -> None:
    offering, answering = await joined(fast=fast)
    packets = [voice(number, size) for number, size in enumerate((0, 1, 60, 1200))]
    for packet in packets:
        offering.transport.send_rtp(bytearray(packet))
        answering.transport.send_rtp(bytearray(packet))
    for number in range(3):
        offering.transport.send_rtcp(report(number))
    await until(lambda: len(answering.rtp) == len(offering.rtp) == 4 and len(answering.rtcp) == 3)
    assert answering.rtp == offering.rtp == packets
    assert answering.rtcp == [report(number) for number in range(3)]


async def test_the_two_ways_are_two(joined: Joined) -> None:
    fast, own = await joined(), await joined(fast=False)
    ways = {type(one.transport._way) for one in fast}, {type(one.transport._way) for one in own}
    assert [len(each) for each in ways] == [1, 1]
    assert ways[0] != ways[1]


async def test_the_fast_way_and_aiortcs_own_understand_each_other(end: Make) -> None:
    offering, answering = end(offering=True), end(offering=False, fast=False)
    await asyncio.gather(offering.transport.gather(), answering.transport.gather())
    connect(offering, answering)
    await until(lambda: offering.transport.is_open and answering.transport.is_open)
    offering.transport.send_rtp(bytearray(voice(1)))
    answering.transport.send_rtp(bytearray(voice(2)))
    await until(lambda: offering.rtp and answering.rtp)
    assert (offering.rtp, answering.rtp) == ([voice(2)], [voice(1)])


async def test_media_is_not_readable_on_the_wire(joined: Joined) -> None:
    """A stranger's datagram of media, and one of ours in clear, never reach who listens."""
    offering, answering = await joined()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stranger:
        stranger.sendto(voice(1), ("127.0.0.1", answering.port))
        stranger.sendto(report(1), ("127.0.0.1", answering.port))
        stranger.sendto(b"\x80" * 2000, ("127.0.0.1", answering.port))
    offering.transport.send_rtp(bytearray(voice(2)))
    await until(lambda: answering.rtp)
    assert (answering.rtp, answering.rtcp) == ([voice(2)], [])


async def test_what_is_sent_before_the_keys_are_there_is_dropped(end: Make) -> None:
    one = end(offering=True)
    one.transport.send_rtp(bytearray(voice(1)))
    one.transport.send_rtcp(report(1))
    assert not one.transport.is_open


async def test_hearing_of_the_other_side_is_told_by_time(joined: Joined) -> None:
    offering, answering = await joined()
    before = time.monotonic()
    offering.transport.send_rtp(bytearray(voice(1)))
    await until(lambda: answering.rtp)
    assert answering.transport.heard_at >= before


# Data channels


async def test_data_goes_both_ways_by_label(joined: Joined) -> None:
    offering, answering = await joined()
    await until(lambda: offering.transport.send_data("_reliable", b"up"))
    await until(lambda: answering.transport.send_data("_lossy", b"down"))
    await until(lambda: answering.data and offering.data)
    assert answering.data == [("_reliable", b"up")]
    assert offering.data == [("_lossy", b"down")]


async def test_data_that_has_no_open_channel_or_is_too_long_is_refused(joined: Joined, end: Make) -> None:
    assert end(offering=True).transport.send_data("_reliable", b"early") is False
    offering, _ = await joined()
    await until(lambda: offering.transport.send_data("_reliable", b"now"))
    assert offering.transport.send_data("other", b"x") is False
    assert offering.transport.send_data("_reliable", bytes(writing.LARGEST_MESSAGE + 1)) is False


async def test_a_section_of_data_that_comes_late_opens_its_channels(joined: Joined) -> None:
    """livekit-client offers data first or media first, as the page does it."""
    offering, answering = await joined(channels=False)
    offering.transport.channel("_reliable")
    asked = described(writing.offer(offering.transport.local(), 2, VOICE))
    answering.transport.start(asked)
    offering.transport.start(described(writing.answer(asked, answering.transport.local(), 2)))
    await until(lambda: offering.transport.send_data("_reliable", b"late"))
    await until(lambda: answering.data)
    offering.transport.send_rtp(bytearray(voice(1)))
    await until(lambda: answering.rtp)
    assert answering.data == [("_reliable", b"late")]


# Candidates


async def test_candidates_may_come_after_the_answer(end: Make) -> None:
    offering, answering = end(offering=True), end(offering=False)
    await asyncio.gather(offering.transport.gather(), answering.transport.gather())
    bare = writing.Local(offering.transport.local().keys, (), 1)
    asked = described(writing.offer(bare, 1, VOICE))
    answered = described(writing.answer(asked, writing.Local(answering.transport.local().keys, (), 1), 1))
    answering.transport.start(asked)
    offering.transport.start(answered)
    await asyncio.sleep(0.1)
    for one, other in ((offering, answering), (answering, offering)):
        for line in other.transport.local().candidates:
            await one.transport.add_candidate(line)
    await until(lambda: offering.transport.is_open and answering.transport.is_open)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "1",
        "x " * 100,
        "1 1 udp x 127.0.0.1 4000 typ host",
        "1 1 udp 1 127.0.0.1 99999999 typ host",
        "1 1 tcp 1 127.0.0.1 9 typ host tcptype active",
        "1 1 udp 1 7b9b3f4e-0000-4000-8000-000000000000.local 4000 typ host",
        "1 9 udp 1 127.0.0.1 4000 typ host",
        "1 1 udp 1 not-an-address 4000 typ host",
    ],
)
async def test_a_candidate_that_is_none_or_out_of_reach_is_left_out(joined: Joined, end: Make, line: str) -> None:
    one = end(offering=True)
    await one.transport.gather()
    await one.transport.add_candidate(line)
    offering, answering = await joined()
    await offering.transport.add_candidate(line)
    offering.transport.send_rtp(bytearray(voice(1)))
    await until(lambda: answering.rtp)


async def test_a_fingerprint_that_is_not_the_others_ends_the_connection(end: Make) -> None:
    offering, answering = end(offering=True), end(offering=False)
    await asyncio.gather(offering.transport.gather(), answering.transport.gather())
    text = writing.offer(offering.transport.local(), 1, VOICE)
    (_, value), *_ = offering.transport.local().keys.fingerprints
    foreign = described(text.replace(value, "AB:" * 31 + "AB"))
    answering.transport.start(foreign)
    offering.transport.start(described(writing.answer(described(text), answering.transport.local(), 1)))
    await asyncio.wait_for(answering.transport.connected.wait(), WITHIN_S)
    assert (answering.transport.failed, answering.transport.is_open) == (True, False)


# The end


async def test_the_other_side_learns_at_once_that_an_end_closed(joined: Joined) -> None:
    offering, answering = await joined()
    await offering.transport.close()
    await until(lambda: answering.transport.failed, within=2)
    assert not answering.transport.is_open
    assert not offering.transport.is_open
    offering.transport.send_rtp(bytearray(voice(1)))


async def test_an_end_can_be_closed_at_any_moment_and_twice(end: Make) -> None:
    never, gathered, waiting, answering = (end(offering=number < 3) for number in range(4))
    await gathered.transport.gather()
    await asyncio.gather(waiting.transport.gather(), answering.transport.gather())
    connect(waiting, answering)
    for one in (never, gathered, waiting):
        await asyncio.wait_for(one.transport.close(), WITHIN_S)
        await asyncio.wait_for(one.transport.close(), WITHIN_S)


@pytest.mark.parametrize("fast", [True, False], ids=["the fast way", "aiortc's own way"])
async def test_closed_ends_leave_no_task_behind(joined: Joined, *, fast: bool) -> None:
    before = asyncio.all_tasks()
    offering, answering = await joined(fast=fast)
    await asyncio.gather(offering.transport.close(), answering.transport.close())
    await asyncio.sleep(0.1)
    assert asyncio.all_tasks() - before == set()
