import random
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.rtp.transport_cc import Arrivals, read_feedback
from tests.calls.rtp.making import unhurried

Told = list[tuple[int, float | None]]


def told(arrivals: Arrivals) -> Told:
    """Everything that is new, read back from the packets."""
    everything: Told = []
    while (data := arrivals.feedback(1, 2)) is not None:
        assert len(data) % 4 == 0
        assert len(data) <= 1100
        packet = read_feedback(data)
        assert packet is not None
        packet = [(number, at if at is None else round(at, 6)) for number, at in packet]
        assert packet == slow(data)
        everything += packet
    return everything


def slow(data: bytes) -> Told:
    """The draft's text again, by strings of bits: a second reading to compare with."""
    count = int.from_bytes(data[14:16], "big")
    time = int.from_bytes(data[16:19], "big", signed=True) * 0.064
    symbols: list[int] = []
    at = 20
    while len(symbols) < count:
        bits = f"{int.from_bytes(data[at : at + 2], 'big'):016b}"
        at += 2
        if bits[0] == "0":
            symbols += [int(bits[1:3], 2)] * int(bits[3:], 2)
        elif bits[1] == "0":
            symbols += [int(bit) for bit in bits[2:]]
        else:
            symbols += [int(bits[i : i + 2], 2) for i in range(2, 16, 2)]
    told: Told = []
    for number, symbol in enumerate(symbols[:count]):
        if symbol:
            time += 0.00025 * int.from_bytes(data[at : at + symbol], "big", signed=symbol == 2)
            at += symbol
        sequence = int.from_bytes(data[12:14], "big") + number & 0xFFFF
        told.append((sequence, round(time, 6) if symbol else None))
    return told


def packet(chunks: bytes, deltas: bytes, count: int, *, base: int = 0, reference: int = 0) -> bytes:
    body = pack("!LLHHL", 1, 2, base, count, (reference & 0xFFFFFF) << 8) + chunks + deltas
    body += bytes(-len(body) % 4)
    return pack("!BBH", 0x8F, 205, len(body) // 4) + body


def fed(*numbers: tuple[int, float]) -> Arrivals:
    arrivals = Arrivals()
    for sequence, at in numbers:
        arrivals.add(sequence & 0xFFFF, at)
    return arrivals


def test_nothing_new_is_no_packet() -> None:
    arrivals = Arrivals()
    assert arrivals.feedback(1, 2) is None
    arrivals.add(5, 1.0)
    assert arrivals.feedback(1, 2) is not None
    assert arrivals.feedback(1, 2) is None


def test_the_shape_is_that_of_the_draft() -> None:
    data = fed((5, 0.128), (6, 0.12825), (8, 0.130)).feedback(0x01020304, 0x05060708)
    expected = pack("!BBHLLHHL", 0xAF, 205, 6, 0x01020304, 0x05060708, 5, 4, 2 << 8)
    # one vector of single bits, three small deltas, three bytes of padding
    assert data == expected + pack("!HBBB", 0b1011010000000000, 0, 1, 7) + b"\x00\x00\x03"


def test_feedbacks_are_numbered() -> None:
    arrivals = Arrivals()
    numbers = []
    for sequence in range(300):
        arrivals.add(sequence, sequence / 100)
        data = arrivals.feedback(1, 2)
        assert data is not None
        numbers.append(data[19])
    assert numbers == [number & 0xFF for number in range(300)]


def test_losses_between_two_feedbacks_are_told() -> None:
    arrivals = fed((5, 1.0))
    told(arrivals)
    arrivals.add(8, 1.01)
    assert told(arrivals) == [(6, None), (7, None), (8, 1.01)]


def test_sequence_numbers_wrap_at_65535() -> None:
    assert [number for number, _ in told(fed((65_534, 1.0), (65_535, 1.0), (65_537, 1.0)))] == [65_534, 65_535, 0, 1]


def test_disorder_gives_negative_deltas() -> None:
    assert told(fed((1, 1.0), (3, 1.01), (2, 1.02))) == [
        (1, 1.0),
        (2, 1.02),
        (3, 1.01),
    ]


def test_a_packet_later_than_its_feedback_is_told_with_all_that_follows() -> None:
    arrivals = fed((1, 1.0), (3, 1.01))
    assert told(arrivals)[1] == (2, None)
    arrivals.add(2, 1.02)
    assert told(arrivals) == [(2, 1.02), (3, 1.01)]
    assert told(arrivals) == []


def test_the_times_behind_a_late_packet_are_still_known_after_a_long_call() -> None:
    arrivals = Arrivals()
    for number in range(5000):
        if number != 4500:
            arrivals.add(number, number / 1000)
        if number % 50 == 0:
            told(arrivals)
    told(arrivals)
    arrivals.add(4500, 6.0)
    everything = told(arrivals)
    assert [number for number, _ in everything] == list(range(4500, 5000))
    assert all(at is not None for _, at in everything)


def test_a_duplicate_keeps_its_first_time_and_is_no_news() -> None:
    arrivals = fed((1, 1.0), (1, 2.0))
    assert told(arrivals) == [(1, 1.0)]
    arrivals.add(1, 3.0)
    assert told(arrivals) == []


def test_a_silence_longer_than_a_delta_begins_another_packet() -> None:
    assert told(fed((1, 1.0), (2, 30.0))) == [(1, 1.0), (2, 30.0)]


def test_a_long_gap_is_told_as_a_run() -> None:
    arrivals = fed((1, 1.0), (1500, 2.0))
    everything = told(arrivals)
    assert len(everything) == 1500
    assert all(arrival is None for _, arrival in everything[1:-1])


def test_a_jump_of_the_numbers_is_a_restart() -> None:
    assert [number for number, _ in told(fed((1, 1.0), (20_000, 1.1), (50_000, 1.2)))] == [1, 20_000, 50_000]


def test_what_is_far_too_late_is_not_told() -> None:
    arrivals = fed((2000, 1.0))
    told(arrivals)
    arrivals.add(1000, 1.1)
    assert told(arrivals) == []


def test_a_rush_is_told_in_several_packets() -> None:
    arrivals = Arrivals()
    for number in range(5000):
        arrivals.add(number, 5 + number / 10_000)
    everything = told(arrivals)
    assert [number for number, _ in everything] == list(range(5000))
    assert all(arrival == pytest.approx(5 + number / 10_000, abs=0.00026) for number, arrival in everything)


def test_without_anybody_who_takes_the_feedback_memory_stays_small() -> None:
    arrivals = Arrivals()
    for number in range(50_000):
        arrivals.add(number & 0xFFFF, number / 1000)
    assert len(told(arrivals)) <= 10_001


def test_reported_times_are_forgotten() -> None:
    arrivals = Arrivals()
    for number in range(20_000):
        arrivals.add(number & 0xFFFF, number / 1000)
        if number % 50 == 0:
            told(arrivals)
    assert len(arrivals._times) < 2100


@unhurried
@given(
    start=st.integers(0, 0xFFFF),
    seed=st.integers(0, 1000),
    loss=st.sampled_from([0, 0.02, 0.3, 0.5, 0.9, 0.97]),
    jitter=st.sampled_from([0, 0.001, 0.05, 0.2]),
    count=st.integers(1, 700),
)
def test_what_arrived_is_what_is_read(start: int, seed: int, loss: float, jitter: float, count: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable line, no secret
    sent = [number for number in range(count) if chance.random() >= loss]
    came = sorted((7 + number / 500 + chance.random() * jitter, number) for number in sent)
    arrivals = fed(*((start + number, at) for at, number in came))
    at_of = {start + number & 0xFFFF: at for at, number in came}
    everything = told(arrivals)
    assert {number for number, at in everything if at is not None} == set(at_of)
    for number, at in everything:
        assert at is None or at == pytest.approx(at_of[number], abs=0.00026)
    if sent:
        assert [number for number, _ in everything] == [start + n & 0xFFFF for n in range(min(sent), max(sent) + 1)]


@pytest.mark.parametrize(
    ("chunks", "deltas", "expected"),
    [
        (pack("!H", 3), b"", [None] * 3),  # a run of losses
        (pack("!H", 1 << 13 | 3), b"\x04\x04\x04", [0.001, 0.002, 0.003]),  # of small deltas
        (pack("!H", 2 << 13 | 2), pack("!hh", 400, -200), [0.1, 0.05]),  # of large ones
        (pack("!H", 0b1001010000000000), b"\x04\x04", [None, 0.001, None, 0.002]),  # single bits
        (pack("!H", 0b1110000001000000), pack("!hB", -4, 8), [-0.001, None, None, 0.001]),  # pairs of bits
        (pack("!HH", 2, 1 << 13 | 1), b"\xff", [None, None, 0.06375]),
    ],
)
def test_each_kind_of_chunk_is_read(chunks: bytes, deltas: bytes, expected: list[float | None]) -> None:
    arrivals = read_feedback(packet(chunks, deltas, len(expected), base=0xFFFF))
    assert arrivals is not None
    assert [number for number, _ in arrivals] == [0xFFFF + n & 0xFFFF for n in range(len(expected))]
    assert [at if at is None else pytest.approx(at) for _, at in arrivals] == expected


def test_each_kind_of_chunk_is_written() -> None:
    runs = fed(*((number, 1.0) for number in range(20))).feedback(1, 2)
    bits = fed((0, 1.0), (2, 1.0), (5, 1.0), (20, 1.0)).feedback(1, 2)
    pairs = fed((0, 1.0), (2, 1.5), (5, 1.5), (20, 1.5)).feedback(1, 2)
    assert runs is not None
    assert bits is not None
    assert pairs is not None
    assert runs[20:22] == pack("!H", 1 << 13 | 20)
    assert bits[20] >> 6 == 0b10
    assert pairs[20] >> 6 == 0b11


def test_a_negative_reference_time_is_read() -> None:
    assert read_feedback(packet(pack("!H", 1 << 13 | 1), b"\x04", 1, reference=-1)) == [(0, -0.063)]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        packet(b"", b"", 1),  # a status without a chunk
        packet(pack("!H", 3 << 13 | 1), b"\x00\x00", 1),  # the reserved symbol
        packet(pack("!H", 1 << 13 | 9), b"\x00\x00", 9),  # fewer deltas than packets
        packet(pack("!H", 2 << 13 | 1), b"", 1),  # half a delta
        packet(pack("!H", 0x1FFF) * 8, b"", 0xFFFF),  # more than anybody sends
        packet(pack("!H", 1), b"", 1)[:-4],
        packet(pack("!H", 1), b"", 1) + bytes(4),
        b"\x81" + packet(pack("!H", 1), b"", 1)[1:],  # another form
        b"\x8f\xce" + packet(pack("!H", 1), b"", 1)[2:],  # another type
        b"\xaf" + packet(pack("!H", 1), b"", 1)[1:-1] + b"\xff",  # padding longer than the packet
    ],
)
def test_what_is_malformed_is_none(data: bytes) -> None:
    if data[20:22] == pack("!H", 2 << 13 | 1):
        data = b"\xaf" + data[1:-1] + b"\x01"  # the padding takes the second byte of the delta
    assert read_feedback(data) is None


@unhurried
@given(st.binary(max_size=80))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    read_feedback(data)


@unhurried
@given(st.binary(max_size=60), st.binary(max_size=20), st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFF))
def test_no_chunks_make_it_raise_or_tell_more_than_announced(
    chunks: bytes, deltas: bytes, count: int, time: int
) -> None:
    arrivals = read_feedback(packet(chunks, deltas, count, reference=time))
    assert arrivals is None or len(arrivals) == count


@unhurried
@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.floats(0, 1e9)), max_size=120), st.integers(1, 40))
def test_no_numbers_or_times_break_the_writing(numbers: list[tuple[int, float]], every: int) -> None:
    arrivals = Arrivals()
    for number, (sequence, at) in enumerate(numbers):
        arrivals.add(sequence, at)
        if number % every == 0:
            told(arrivals)
    told(arrivals)
