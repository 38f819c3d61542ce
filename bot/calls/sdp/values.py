"""What a session description says, as far as the engine needs it: sections, codecs, keys, candidates.

Everything is negotiated in one bundle (RFC 8843), so keys and candidates stand once for the whole session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

SDES = "urn:ietf:params:rtp-hdrext:sdes:"
MID = SDES + "mid"
RID = SDES + "rtp-stream-id"
REPAIRED_RID = SDES + "repaired-rtp-stream-id"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
ABS_SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"


@dataclass(frozen=True, slots=True)
class Codec:
    """One payload type of a section. `apt` is the payload type that an `rtx` one repeats (RFC 4588)."""

    payload_type: int
    name: str
    clock_rate: int
    apt: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One `m=` section as the other side wrote it."""

    kind: str
    """`audio`, `video` or `application`."""
    mid: str
    direction: str = "sendrecv"
    rejected: bool = False
    track_id: str = ""
    """The second part of `a=msid`: the client's own id of the track."""
    rids: tuple[str, ...] = ()
    """Simulcast layers that the other side is going to send, as it orders them (RFC 8853)."""
    codecs: tuple[Codec, ...] = ()
    extensions: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    ssrcs: tuple[int, ...] = ()
    repairs: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))
    """SSRC of the retransmissions to the SSRC that they repair (`ssrc-group:FID`)."""
    sctp_port: int = 5000

    def codec(self, name: str) -> Codec | None:
        """The first payload type of that name, in any case of letters."""
        return next((codec for codec in self.codecs if codec.name.lower() == name.lower()), None)

    def repair_of(self, codec: Codec) -> Codec | None:
        """The retransmission format of a codec."""
        return next((one for one in self.codecs if one.apt == codec.payload_type), None)


@dataclass(frozen=True, slots=True)
class Keys:
    """ICE credentials and the DTLS fingerprints of one side."""

    ufrag: str
    password: str
    fingerprints: tuple[tuple[str, str], ...]
    """Hash function in lower case and its value, `sha-256` and `AB:CD:…`."""
    setup: str = "actpass"


@dataclass(frozen=True, slots=True)
class Description:
    """An offer or an answer."""

    sections: tuple[Section, ...]
    keys: Keys
    candidates: tuple[str, ...] = ()
    """The value of each `a=candidate:` line (RFC 8839)."""
