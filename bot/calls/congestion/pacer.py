"""Spreads bursts of pictures over time, so that a key frame stands here and not on the line in front of the sound.

Holds whatever objects it is given; encrypting and sending is the caller's, and so is the transport sequence
number, which must be written when a packet leaves, not when it comes.
"""

from collections import deque
from typing import Final, Generic, TypeVar

_BURST: Final = 0.04
"""Seconds of backlog that the line may get at once: an ordinary frame passes without being held."""

_LONGEST_HOLD: Final = 0.3
"""Seconds in which everything held should leave, faster than usual if need be: late pictures are freezes."""

_USUAL, _FASTEST = 1.1, 1.25
"""Times the estimate. An estimate stays a little below the line, and pacing at it would never empty the bucket."""

T = TypeVar("T")


class Pacer(Generic[T]):
    """A leaky bucket (ITU-T I.371; token buckets of RFC 2697 are its mirror) at the rate of the estimate.

    Order is kept among held packets. What is urgent (sound, retransmissions) passes at once, but fills the bucket.
    """

    __slots__ = ("_at", "_bits", "_held", "_held_bits", "rate")

    def __init__(self, rate_bps: float, now: float) -> None:
        self.rate = max(1.0, rate_bps)
        """Bit/s; set it to the estimate whenever that changes."""
        self._bits = 0.0
        self._at = now
        self._held: deque[tuple[T, float]] = deque()
        self._held_bits = 0.0

    @property
    def held(self) -> int:
        """Packets that wait."""
        return len(self._held)

    def offer(self, packet: T, size: int, now: float, *, urgent: bool = False) -> bool:
        """True: send it now. False: it is held, and comes out of `due`. `size` in bytes on the line."""
        bits = size * 8.0
        if self._held:
            self._leak(now)
        else:  # as `_leak`, without a call: the way of nearly every packet
            speed = _USUAL * self.rate
            left = self._bits - (now - self._at) * speed
            self._bits = left if left > 0.0 else 0.0  # noqa: FURB136 - a call for every packet
            self._at = now
            urgent = urgent or left <= speed * _BURST
        if urgent:
            self._bits += bits
            return True
        self._held.append((packet, bits))
        self._held_bits += bits
        return False

    def due(self, now: float) -> list[T]:
        """The held packets that may leave now, in their order; ask every 5 to 20 ms while `held`."""
        leaving: list[T] = []
        if not self._held:
            return leaving
        self._leak(now)
        while self._held and self._bits <= self._room():
            packet, bits = self._held.popleft()
            self._held_bits -= bits
            self._bits += bits
            leaving.append(packet)
        return leaving

    def clear(self) -> list[T]:
        """Gives up everything held, for instance when a picture is paused."""
        gone = [packet for packet, _ in self._held]
        self._held.clear()
        self._held_bits = 0.0
        return gone

    def _speed(self) -> float:
        return min(_FASTEST * self.rate, max(_USUAL * self.rate, self._held_bits / _LONGEST_HOLD))

    def _room(self) -> float:
        return self._speed() * _BURST

    def _leak(self, now: float) -> None:
        self._bits = max(0.0, self._bits - (now - self._at) * self._speed())
        self._at = now
