"""What RTCP tells, as values (RFC 3550 section 6, RFC 4585, RFC 5104): `rtcp` reads and writes them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReportBlock:
    """How one stream arrives (RFC 3550 section 6.4.1): loss in 1/256 and packets, jitter in ticks of its clock.

    `lsr` is the middle 32 bits of the last sender report's NTP time, `dlsr` the time since in 1/65536 s; both 0
    before the first.
    """

    ssrc: int
    fraction_lost: int
    packets_lost: int
    highest_sequence: int
    jitter: int
    lsr: int
    dlsr: int


@dataclass(frozen=True, slots=True)
class SenderReport:
    """`ntp` is the 64-bit NTP time (32.32) of the moment that `rtp` names on the stream's own clock."""

    ssrc: int
    ntp: int
    rtp: int
    packets: int
    octets: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiverReport:
    ssrc: int
    blocks: tuple[ReportBlock, ...] = ()


@dataclass(frozen=True, slots=True)
class Nack:
    ssrc: int
    media_ssrc: int
    sequences: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PictureLoss:
    """A key frame is asked for, by PLI or by FIR."""

    ssrc: int
    media_ssrc: int


@dataclass(frozen=True, slots=True)
class TransportFeedback:
    """`arrivals`: (transport sequence, arrival in seconds of the far clock, or None: lost)."""

    ssrc: int
    media_ssrc: int
    arrivals: tuple[tuple[int, float | None], ...]


@dataclass(frozen=True, slots=True)
class Remb:
    """The far end's own estimate, bit/s, of what may be sent to it."""

    ssrc: int
    bitrate: int
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Bye:
    ssrcs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SourceDescription:
    """(SSRC, CNAME) of every chunk that has one."""

    names: tuple[tuple[int, str], ...]


Report = SenderReport | ReceiverReport | Nack | PictureLoss | TransportFeedback | Remb | Bye | SourceDescription
