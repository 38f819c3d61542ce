"""Writes the engine's answers (to what a client sends) and offers (of what a client is sent).

VP8 with retransmissions and Opus only. An answer takes simulcast (RFC 8853): a browser whose layers are refused
stays at its smallest picture. Opus is asked to be silent in silence (`usedtx`, RFC 7587).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.calls.sdp.values import (
    ABS_SEND_TIME,
    AUDIO_LEVEL,
    MID,
    REPAIRED_RID,
    RID,
    TRANSPORT_CC,
    Codec,
    Description,
    Keys,
    Section,
)

OPUS, VP8, VP8_REPAIR = 111, 96, 97
"""Payload types of the engine's own offers."""
OFFERED_TRANSPORT_CC = 1
"""Header extension id of the engine's own offers."""
LARGEST_MESSAGE = 65536
_TAKEN = {
    "audio": (MID, TRANSPORT_CC, AUDIO_LEVEL),
    "video": (MID, RID, REPAIRED_RID, TRANSPORT_CC, ABS_SEND_TIME),
}
_CODEC = {"audio": "opus", "video": "VP8"}
VOICE = 28_000
"""Bit/s of Opus that speech needs (RFC 7587, section 3.1.1). Two voices at more would not fit a line of 150 kbit/s, of
which their headers take a third."""
_AT_MOST = {"audio": VOICE, "video": 0}
_FEEDBACK_UP = {"audio": ("nack", "transport-cc"), "video": ("nack", "nack pli", "ccm fir", "transport-cc")}
_FEEDBACK_DOWN = _FEEDBACK_UP | {"audio": ("transport-cc",)}
"""Sound that is asked for again would stand in front of newer sound where a line down is narrow."""


@dataclass(frozen=True, slots=True)
class Local:
    """The engine's own end of one connection."""

    keys: Keys
    candidates: tuple[str, ...]
    session: int


@dataclass(frozen=True, slots=True)
class Sent:
    """One section of an offer: a track that the client is sent, or an idle one that another may take."""

    mid: str
    kind: str
    stream_id: str = ""
    track_id: str = ""
    ssrc: int = 0
    rtx_ssrc: int = 0
    """The stream of retransmissions and probes (RFC 4588); pictures only."""

    @property
    def is_idle(self) -> bool:
        return not self.ssrc


def chosen(section: Section) -> Codec | None:
    """The codec that the engine takes of a section."""
    return section.codec(_CODEC.get(section.kind, ""))


def answer(offer: Description, local: Local, version: int) -> str:
    """The answer to a client's offer; a section without Opus or VP8 is rejected."""
    sections = [_answered(section, local) for section in offer.sections]
    taken = [section.mid for section in offer.sections if _is_taken(section)]
    return _joined([*_head(local, version, taken), *(line for lines in sections for line in lines)])


def offer(local: Local, version: int, sections: Sequence[Sent]) -> str:
    """An offer with the data channels first, then every track."""
    mids = ["0", *(section.mid for section in sections)]
    lines = [*_head(local, version, mids), *_data("0", local)]
    for section in sections:
        lines += _sent(section, local)
    return _joined(lines)


def _joined(lines: Iterable[str]) -> str:
    return "".join(f"{line}\r\n" for line in lines)


def _head(local: Local, version: int, mids: Sequence[str]) -> list[str]:
    return [
        "v=0",
        f"o=- {local.session} {version} IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "a=group:BUNDLE " + " ".join(mids),
        "a=msid-semantic: WMS *",
    ]


def _transport(local: Local) -> list[str]:
    keys = local.keys
    return [
        f"a=ice-ufrag:{keys.ufrag}",
        f"a=ice-pwd:{keys.password}",
        *(f"a=fingerprint:{name} {value}" for name, value in keys.fingerprints),
        f"a=setup:{keys.setup}",
        *(f"a=candidate:{candidate}" for candidate in local.candidates),
        "a=end-of-candidates",
    ]


def _data(mid: str, local: Local) -> list[str]:
    return [
        "m=application 9 UDP/DTLS/SCTP webrtc-datachannel",
        "c=IN IP4 0.0.0.0",
        f"a=mid:{mid}",
        *_transport(local),
        "a=sctp-port:5000",
        f"a=max-message-size:{LARGEST_MESSAGE}",
    ]


def _is_taken(section: Section) -> bool:
    return not section.rejected and (section.kind == "application" or chosen(section) is not None)


def _answered(section: Section, local: Local) -> list[str]:
    if not _is_taken(section):
        form = "UDP/DTLS/SCTP webrtc-datachannel" if section.kind == "application" else "UDP/TLS/RTP/SAVPF 0"
        return [f"m={section.kind} 0 {form}", "c=IN IP4 0.0.0.0", f"a=mid:{section.mid}", "a=inactive"]
    if section.kind == "application":
        return _data(section.mid, local)
    codec = chosen(section)
    assert codec is not None  # _is_taken saw to it  # noqa: S101
    codecs = [codec, *filter(None, [section.repair_of(codec)])]
    extensions = {uri: section.extensions[uri] for uri in _TAKEN[section.kind] if uri in section.extensions}
    receives = section.direction in ("sendonly", "sendrecv")
    return [
        *_media(section.kind, section.mid, codecs, local, _FEEDBACK_UP, at_most=_AT_MOST[section.kind]),
        *(f"a=extmap:{number} {uri}" for uri, number in extensions.items()),
        "a=recvonly" if receives else "a=inactive",
        *(f"a=rid:{rid} recv" for rid in section.rids if receives),
        *(["a=simulcast:recv " + ";".join(section.rids)] if section.rids and receives else []),
    ]


def _media(
    kind: str,
    mid: str,
    codecs: Sequence[Codec],
    local: Local,
    feedback: Mapping[str, Sequence[str]],
    *,
    at_most: int = 0,
) -> list[str]:
    """`at_most`: bit/s that the other side may send (RFC 3890), 0: as it likes."""
    numbers = " ".join(str(codec.payload_type) for codec in codecs)
    lines = [f"m={kind} 9 UDP/TLS/RTP/SAVPF {numbers}", "c=IN IP4 0.0.0.0"]
    lines += [f"b=TIAS:{at_most}"] if at_most else []
    lines += ["a=rtcp:9 IN IP4 0.0.0.0", f"a=mid:{mid}"]
    lines += [*_transport(local), "a=rtcp-mux", "a=rtcp-rsize"]
    for codec in codecs:
        lines += _format(kind, codec, feedback[kind])
    return lines


def _format(kind: str, codec: Codec, feedback: Sequence[str]) -> list[str]:
    number = codec.payload_type
    if codec.apt is not None:
        return [f"a=rtpmap:{number} rtx/{codec.clock_rate}", f"a=fmtp:{number} apt={codec.apt}"]
    channels = "/2" if kind == "audio" else ""
    lines = [f"a=rtpmap:{number} {codec.name}/{codec.clock_rate}{channels}"]
    lines += [f"a=rtcp-fb:{number} {word}" for word in feedback]
    if kind == "audio":
        lines.append(f"a=fmtp:{number} minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate={VOICE}")
    return lines


def _sent(section: Sent, local: Local) -> list[str]:
    if section.kind == "audio":
        codecs = [Codec(OPUS, "opus", 48000)]
    else:
        codecs = [Codec(VP8, "VP8", 90000), Codec(VP8_REPAIR, "rtx", 90000, VP8)]
    lines = _media(section.kind, section.mid, codecs, local, _FEEDBACK_DOWN)
    lines.append(f"a=extmap:{OFFERED_TRANSPORT_CC} {TRANSPORT_CC}")
    if section.is_idle:
        return [*lines, "a=inactive"]
    return [*lines, "a=sendonly", f"a=msid:{section.stream_id} {section.track_id}", *_sources(section)]


def _sources(section: Sent) -> list[str]:
    """One name for everything of a participant: browsers hold lips and voice together by it (RFC 3550, CNAME)."""
    cname = section.stream_id.partition("|")[0]
    ssrcs = [section.ssrc, *([section.rtx_ssrc] if section.rtx_ssrc else [])]
    group = [f"a=ssrc-group:FID {section.ssrc} {section.rtx_ssrc}"] if section.rtx_ssrc else []
    msid = f"msid:{section.stream_id} {section.track_id}"
    return [*group, *(f"a=ssrc:{ssrc} {words}" for ssrc in ssrcs for words in (f"cname:{cname}", msid))]
