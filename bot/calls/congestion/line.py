"""What our own traffic does to a receiver's line: the queue it explains, and what may be sent again.

Pure bookkeeping; what follows from it is decided in `send_side`.
"""

from typing import Final

OVERHEAD_BYTES: Final = 38
"""What a line carries beside the RTP packet: IPv4 20, UDP 8, the SRTP tag 10 (RFC 3711, section 8)."""

_MOST_EXPLAINED: Final = 0.25
"""Seconds of queue that are taken for bursts of our own at the most; more is too much whatever the reason."""

_RESENT_SHARE: Final = 0.15
_RESENT_AT_ONCE: Final = 0.3
_FEWEST_BITS: Final = 6 * 1200 * 8.0


class Backlog:
    """The queue that a server of constant rate would have, fed with what we sent.

    Theory: network calculus (Le Boudec and Thiran, 2001, section 1.3). A FIFO line that serves at least `rate` never
    has a longer queue than this one, whatever the bursts. Delay beyond it is therefore no key frame and no probe of
    ours, but a line slower than believed (or somebody else's traffic).
    """

    __slots__ = ("_at", "_bits", "rate")

    def __init__(self, rate: float, now: float) -> None:
        self.rate = rate
        self._bits = 0.0
        self._at = now

    def add(self, bits: float, now: float) -> float:
        """Takes a packet; seconds until its last bit would have left the server."""
        rate = self.rate
        left = self._bits - (now - self._at) * rate
        level = bits + left if left > 0.0 else bits
        self._at = now
        most = _MOST_EXPLAINED * rate
        self._bits = level if level < most else most  # noqa: FURB136 - a call for every packet
        return level / rate

    def lower(self, seconds: float) -> None:
        """Every packet of a feedback stood shorter than expected by this: the line serves faster than `rate`."""
        self._bits = max(0.0, self._bits - seconds * self.rate)

    def seconds(self, now: float) -> float:
        return max(0.0, self._bits / self.rate - (now - self._at))


class Resending:
    """How much may be sent again: a share of the estimate, or a narrow line drowns in repetitions of what it drops.

    Theory: a token bucket (RFC 2697). Three packets in a hundred lost at random stay well within the share.
    """

    __slots__ = ("_at", "_bits")

    def __init__(self, now: float) -> None:
        self._bits = _FEWEST_BITS
        self._at = now

    def take(self, bits: float, rate: float, now: float) -> bool:
        """Whether these bits may be sent again at this estimate; counts them if so."""
        most = max(_FEWEST_BITS, _RESENT_AT_ONCE * _RESENT_SHARE * rate)
        self._bits = min(most, self._bits + (now - self._at) * _RESENT_SHARE * rate)
        self._at = now
        if bits > self._bits:
            return False
        self._bits -= bits
        return True
