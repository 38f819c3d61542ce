"""Transport-wide feedback: when each packet of a whole transport arrived, written and read.

Source: draft-holmer-rmcat-transport-wide-cc-extensions-01. Times travel in ticks of 250 µs; the reference time,
in 64 ms, has 24 bits, so read times jump back once in twelve days. What a sender concludes is left to others.
"""

from collections.abc import Sequence
from struct import pack, unpack_from

_CYCLE = 0x10000
_TICKS = 4000
"""Ticks in a second."""
_REFERENCE = 256
"""Ticks in one step of the reference time."""
_LONGEST_RUN = 0x1FFF
_MOST_READ = 4096
"""Packets that a feedback may speak of; an honest one holds some hundreds."""
_MOST_STATUSES = 1200
_MOST_RECEIVED = 350
"""What is written stays below 1,100 bytes: two for each received packet and two for seven statuses, at worst."""
_LONGEST_GAP = 2000
"""A longer gap in the numbers is a restart: nothing is said about what lies in it."""
_KEPT = 1000
"""Numbers behind the newest whose times are kept, to tell again when a packet comes late."""
_MOST_HELD = 10_000
_LARGEST_DELTA = 0x7FFF
_LOST, _SMALL, _LARGE = 0, 1, 2
_FIXED = 20  # bytes before the chunks


class Arrivals:
    """The arrivals at this end of one transport."""

    __slots__ = ("_next", "_number", "_times", "_top")

    def __init__(self) -> None:
        self._times: dict[int, int] = {}  # extended number: ticks
        self._top = 0
        self._next = 0  # the first number that the next feedback speaks of
        self._number = 0

    def add(self, sequence: int, arrival_s: float) -> None:
        """Notes an arrival, seconds of any steady clock. A duplicate keeps the first time."""
        top = self._top
        if top == 0:
            self._top = self._next = top = sequence + _CYCLE
        number = top + (((sequence - top & 0xFFFF) ^ 0x8000) - 0x8000)
        if number <= top - _KEPT or number in self._times:
            return
        if len(self._times) > _MOST_HELD:  # nobody takes the feedback
            self._times.clear()
            self._next = number
        self._times[number] = int(arrival_s * _TICKS)
        self._top = max(top, number)
        self._next = min(self._next, number)

    def feedback(self, sender_ssrc: int, media_ssrc: int) -> bytes | None:
        """The next packet, or None when there is nothing new. Call it until None: one holds what fits a datagram."""
        received = [number for number in range(self._next, self._top + 1) if number in self._times]
        if not received:
            return None
        base = self._next if received[0] - self._next <= _LONGEST_GAP else received[0]
        symbols, deltas, reference = self._statuses(base, received)
        self._next = base + len(symbols)
        self._forget()
        head = pack("!LLHH", sender_ssrc, media_ssrc, base & 0xFFFF, len(symbols))
        head += pack("!L", (reference & 0xFFFFFF) << 8 | self._number)
        self._number = self._number + 1 & 0xFF
        body = head + _chunks(symbols) + deltas
        padding = -len(body) % 4
        if padding:
            body += bytes(padding - 1) + bytes((padding,))
        return pack("!BBH", 0x8F | (0x20 if padding else 0), 205, len(body) // 4) + body

    def _statuses(self, base: int, received: Sequence[int]) -> tuple[bytearray, bytes, int]:
        symbols = bytearray()
        deltas = bytearray()
        reference = self._times[received[0]] // _REFERENCE
        last = reference * _REFERENCE
        for told, number in enumerate(received):
            ticks = self._times[number]
            delta = ticks - last
            gap = number - base - len(symbols)
            full = told == _MOST_RECEIVED or len(symbols) + gap >= _MOST_STATUSES
            if told and (full or gap > _LONGEST_GAP or abs(delta) > _LARGEST_DELTA):
                break
            small = 0 <= delta <= 0xFF  # noqa: PLR2004 - one byte
            symbols += bytes(gap)
            symbols.append(_SMALL if small else _LARGE)
            deltas += pack("!B", delta) if small else pack("!h", delta)
            last = ticks
        return symbols, bytes(deltas), reference

    def _forget(self) -> None:
        if len(self._times) > 2 * _KEPT:
            floor = min(self._next, self._top - _KEPT)
            self._times = {number: ticks for number, ticks in self._times.items() if number >= floor}


def read_feedback(packet: bytes) -> list[tuple[int, float | None]] | None:
    """(transport sequence, arrival in seconds of the far clock or None: lost) of a whole RTCP packet; or None."""
    end = _sound_end(packet)
    if end is None:
        return None
    base, count, reference = unpack_from("!HHl", packet, 12)
    if count > _MOST_READ:
        return None
    symbols, at = _symbols(packet, count, end)
    if len(symbols) < count:
        return None
    ticks = (reference >> 8) * _REFERENCE
    arrivals: list[tuple[int, float | None]] = []
    for number, symbol in enumerate(symbols, base):
        if symbol == _LOST:
            arrivals.append((number & 0xFFFF, None))
            continue
        after = at + symbol  # a small delta has one byte, a large one two
        if symbol > _LARGE or after > end:
            return None
        ticks += packet[at] if symbol == _SMALL else int.from_bytes(packet[at:after], "big", signed=True)
        arrivals.append((number & 0xFFFF, ticks / _TICKS))
        at = after
    return arrivals


def _sound_end(packet: bytes) -> int | None:
    """Where the content ends, padding taken off, or None for what is no transport feedback."""
    size = len(packet)
    if size < _FIXED or packet[0] & 0xDF != 0x8F or packet[1] != 205:  # noqa: PLR2004 - version 2, form 15, RTPFB
        return None
    if size != 4 + 4 * (packet[2] << 8 | packet[3]):
        return None
    end = size - (packet[-1] if packet[0] & 0x20 else 0)
    return end if end >= _FIXED else None


def _symbols(packet: bytes, count: int, end: int) -> tuple[list[int], int]:
    """The status of each packet, and the offset after the chunks. Too few where the chunks end early."""
    symbols: list[int] = []
    at = _FIXED
    while len(symbols) < count and at + 1 < end:
        chunk = packet[at] << 8 | packet[at + 1]
        at += 2
        if chunk < 0x8000:  # noqa: PLR2004 - the top bit tells a vector
            symbols += [chunk >> 13] * min(chunk & _LONGEST_RUN, count - len(symbols))
        elif chunk & 0x4000:
            symbols += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    del symbols[count:]
    return symbols, at


def _chunks(symbols: bytearray) -> bytes:
    """Runs where they are at least as short as vectors; one-bit vectors where no delta is large."""
    out = bytearray()
    at, end = 0, len(symbols)
    while at < end:
        symbol = symbols[at]
        run = _run(symbols, at)
        if run >= 14 or at + run == end or (symbol == _LARGE and run >= 7):  # noqa: PLR2004 - what a vector holds
            out += pack("!H", symbol << 13 | run)
            at += run
        elif _LARGE not in symbols[at : at + 14]:
            out += pack("!H", 0x8000 | _bits(symbols[at : at + 14], 1, 14))
            at += 14
        else:
            out += pack("!H", 0xC000 | _bits(symbols[at : at + 7], 2, 7))
            at += 7
    return bytes(out)


def _run(symbols: bytearray, at: int) -> int:
    symbol = symbols[at]
    after = at
    limit = min(len(symbols), at + _LONGEST_RUN)
    while after < limit and symbols[after] == symbol:
        after += 1
    return after - at


def _bits(symbols: bytearray, width: int, places: int) -> int:
    value = 0
    for symbol in symbols:
        value = value << width | symbol
    return value << width * (places - len(symbols))
