import asyncio
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.calls.media.sockets import MOST_AT_ONCE, REST_S, MediaSocket, Outbox, RestingSelector, resting_loop


class Noting(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.taken: list[bytes] = []
        self.faults: list[Exception] = []
        self.lost = asyncio.Event()

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:  # noqa: ARG002 - asyncio's signature
        self.taken.append(data)

    def error_received(self, exc: Exception) -> None:
        self.faults.append(exc)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - as above
        self.lost.set()


def bound() -> socket.socket:
    one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    one.settimeout(0)
    one.bind(("127.0.0.1", 0))
    return one


@contextmanager
def sender() -> Iterator[socket.socket]:
    with bound() as one:
        yield one


async def turns(number: int = 3) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


# Reading


async def test_all_that_waits_is_read_in_one_turn_and_in_order() -> None:
    protocol = Noting()
    transport = MediaSocket(bound(), protocol)
    with sender() as one:
        for number in range(20):
            one.sendto(bytes([number]), transport.get_extra_info("sockname"))
    await turns(2)
    assert protocol.taken == [bytes([number]) for number in range(20)]
    transport.close()


async def test_a_flood_leaves_others_their_turn() -> None:
    protocol = Noting()
    transport = MediaSocket(bound(), protocol)
    with sender() as one:
        for _ in range(MOST_AT_ONCE + 5):
            one.sendto(b"x", transport.get_extra_info("sockname"))
    await turns(2)
    assert len(protocol.taken) == MOST_AT_ONCE
    await turns(2)
    assert len(protocol.taken) == MOST_AT_ONCE + 5
    transport.close()


async def test_what_is_read_after_it_was_closed_goes_nowhere() -> None:
    class Closing(Noting):
        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            super().datagram_received(data, addr)
            transport.close()

    protocol = Closing()
    transport = MediaSocket(bound(), protocol)
    with sender() as one:
        for _ in range(3):
            one.sendto(b"x", transport.get_extra_info("sockname"))
    await asyncio.wait_for(protocol.lost.wait(), 1)
    assert protocol.taken == [b"x"]
    assert transport.is_closing()
    transport.close()
    transport.sendto(b"x", ("127.0.0.1", 9))


async def test_a_closed_port_is_told_and_nothing_ends() -> None:
    protocol = Noting()
    transport = MediaSocket(bound(), protocol)
    with sender() as gone:
        address = gone.getsockname()
    transport.raw.connect(address)
    transport.raw.send(b"x")
    await turns(5)
    assert [type(fault) for fault in protocol.faults] == [ConnectionRefusedError]
    transport.close()


# Writing


async def test_a_row_leaves_in_the_same_turn_and_in_order() -> None:
    outbox = Outbox()
    with sender() as one, bound() as other:
        for number in range(5):
            outbox.put(one.sendto, bytes([number]), other.getsockname())
        with pytest.raises(BlockingIOError):
            other.recv(10)
        await turns(1)
        assert [other.recv(10) for _ in range(5)] == [bytes([number]) for number in range(5)]
        outbox.put(one.sendto, b"later", other.getsockname())
        await turns(1)
        assert other.recv(10) == b"later"


async def test_a_socket_that_was_closed_meanwhile_keeps_nobody_elses_datagram() -> None:
    outbox = Outbox()
    with sender() as one, sender() as closed, bound() as other:
        outbox.put(closed.sendto, b"lost", other.getsockname())
        outbox.put(one.sendto, b"kept", other.getsockname())
        closed.close()
        await turns(1)
        assert other.recv(10) == b"kept"
        assert outbox.unsent == 1


# Resting


def test_sockets_are_looked_at_seldom_and_at_once_where_there_is_other_work(monkeypatch: pytest.MonkeyPatch) -> None:
    rests: list[float] = []
    monkeypatch.setattr(time, "sleep", rests.append)
    monkeypatch.setattr(time, "monotonic", lambda: 5.0)
    ours, theirs = socket.socketpair()
    with ours, theirs, RestingSelector() as selector:
        selector.register(ours, 1)
        theirs.send(b"x")
        assert selector.select()
        assert selector.select(0)
        assert rests == []
        assert selector.select()
        assert rests == [pytest.approx(REST_S)]


def test_a_timeout_is_no_longer_for_the_rest() -> None:
    with RestingSelector() as selector:
        selector.select(0)
        begun = time.monotonic()
        assert selector.select(REST_S / 4) == []
        assert time.monotonic() - begun < 20 * REST_S


def test_a_loop_that_rests_does_what_a_loop_does() -> None:
    async def meeting() -> list[bytes]:
        protocol = Noting()
        transport = MediaSocket(bound(), protocol)
        with sender() as one:
            for number in range(3):
                one.sendto(bytes([number]), transport.get_extra_info("sockname"))
                await asyncio.sleep(0.01)
        transport.close()
        await protocol.lost.wait()
        return protocol.taken

    with asyncio.Runner(loop_factory=resting_loop) as runner:
        assert runner.run(meeting()) == [b"\x00", b"\x01", b"\x02"]
