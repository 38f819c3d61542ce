"""Offers in the form in which Chromium and Firefox write them, put together section by section.

A browser's own text would be one moment of one version; here stands what both have in common for years, with the
codecs that are passed over beside those that are taken.
"""

from collections.abc import Sequence

FINGERPRINT = ":".join(f"{number:02X}" for number in range(32))
SDES = "urn:ietf:params:rtp-hdrext:sdes:"
TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
MID = f"{SDES}mid"

_CHROMIUM_AUDIO = """\
m=audio 9 UDP/TLS/RTP/SAVPF 63 111 9 0 8 13 110 126
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000"""
_CHROMIUM_VIDEO = """\
m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 104 39 40 98 99 45 46 116 117 118
a=extmap:14 urn:ietf:params:rtp-hdrext:toffset
a=extmap:2 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:13 urn:3gpp:video-orientation
a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:5 http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
a=extmap:6 http://www.webrtc.org/experiments/rtp-hdrext/video-content-type
a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:103 H264/90000
a=fmtp:103 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f
a=rtpmap:104 rtx/90000
a=fmtp:104 apt=103
a=rtpmap:39 AV1/90000
a=fmtp:39 level-idx=5;profile=0;tier=0
a=rtpmap:40 rtx/90000
a=fmtp:40 apt=39
a=rtpmap:98 VP9/90000
a=fmtp:98 profile-id=0
a=rtpmap:99 rtx/90000
a=fmtp:99 apt=98
a=rtpmap:45 VP9/90000
a=fmtp:45 profile-id=2
a=rtpmap:46 rtx/90000
a=fmtp:46 apt=45
a=rtpmap:116 red/90000
a=rtpmap:117 rtx/90000
a=fmtp:117 apt=116
a=rtpmap:118 ulpfec/90000"""
_FIREFOX_AUDIO = """\
m=audio 9 UDP/TLS/RTP/SAVPF 109 9 0 8 101
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=extmap:2/recvonly urn:ietf:params:rtp-hdrext:csrc-audio-level
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=fmtp:109 maxplaybackrate=48000;stereo=1;useinbandfec=1
a=fmtp:101 0-15
a=rtcp-mux
a=rtpmap:109 opus/48000/2
a=rtpmap:9 G722/8000/1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000"""
_FIREFOX_VIDEO = """\
m=video 9 UDP/TLS/RTP/SAVPF 120 124 121 125 126 127 123 122 119
a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid
a=extmap:4 http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time
a=extmap:5 urn:ietf:params:rtp-hdrext:toffset
a=extmap:6/recvonly http://www.webrtc.org/experiments/rtp-hdrext/playout-delay
a=extmap:7 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01
a=extmap:8 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id
a=fmtp:126 profile-level-id=42e01f;level-asymmetry-allowed=1;packetization-mode=1
a=fmtp:120 max-fs=12288;max-fr=60
a=fmtp:124 apt=120
a=fmtp:121 max-fs=12288;max-fr=60
a=fmtp:125 apt=121
a=fmtp:127 apt=126
a=fmtp:119 apt=122
a=rtcp-fb:120 nack
a=rtcp-fb:120 nack pli
a=rtcp-fb:120 ccm fir
a=rtcp-fb:120 goog-remb
a=rtcp-fb:120 transport-cc
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:120 VP8/90000
a=rtpmap:124 rtx/90000
a=rtpmap:121 VP9/90000
a=rtpmap:125 rtx/90000
a=rtpmap:126 H264/90000
a=rtpmap:127 rtx/90000
a=rtpmap:123 ulpfec/90000
a=rtpmap:122 red/90000
a=rtpmap:119 rtx/90000"""
_DATA = """\
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
a=sctp-port:5000
a=max-message-size:262144"""
_SIMULCAST = """\
a=rid:q send
a=rid:h send
a=rid:f send
a=simulcast:send q;h;f"""
_FIREFOX_SIMULCAST = """\
a=rid:f send
a=rid:h send
a=rid:q send
a=simulcast:send f;h;q"""
_SOURCES = """\
a=ssrc-group:FID 1111 2222
a=ssrc:1111 cname:abcdefgh
a=ssrc:1111 msid:stream cam
a=ssrc:2222 cname:abcdefgh
a=ssrc:2222 msid:stream cam"""
KEYS = f"""\
a=ice-ufrag:EsAw
a=ice-pwd:bP+XJMM09aR8AiX1jdukzR6Y
a=ice-options:trickle
a=fingerprint:sha-256 {FINGERPRINT}
a=setup:actpass"""
HEAD = """\
v=0
o=- 4962303333179871722 2 IN IP4 127.0.0.1
s=-
t=0 0"""
FIREFOX_HEAD = f"""\
v=0
o=mozilla...THIS_IS_SDPARTA-99.0 7164 0 IN IP4 0.0.0.0
s=-
t=0 0
a=fingerprint:sha-256 {FINGERPRINT}
a=ice-options:trickle"""


def section(body: str, mid: str | None, *more: str, track: str = "", direction: str = "sendonly") -> str:
    """One section with the transport's lines, which browsers repeat in each."""
    first, _, rest = body.partition("\n")
    lines = [first, "c=IN IP4 0.0.0.0", KEYS, rest, f"a={direction}"]
    lines += [f"a=mid:{mid}"] if mid is not None else []
    lines += [f"a=msid:stream {track}"] if track else []
    return "\n".join([*lines, *more])


def joined(head: str, sections: Sequence[str], mids: Sequence[str]) -> str:
    bundle = "a=group:BUNDLE " + " ".join(mids)
    return "\r\n".join("\n".join([head, bundle, *sections]).splitlines()) + "\r\n"


def data(mid: str) -> str:
    return section(_DATA, mid, direction="sendrecv").replace("a=sendrecv\n", "")


def chromium_audio(mid: str | None = "1") -> str:
    return section(_CHROMIUM_AUDIO, mid, track="mic")


def chromium_video(mid: str | None = "2", *more: str) -> str:
    return section(_CHROMIUM_VIDEO, mid, *(more or (_SIMULCAST,)), track="cam")


def chromium_simulcast() -> str:
    """What `livekit-client` sends: data channels, a microphone, a camera in three layers."""
    return joined(HEAD, [data("0"), chromium_audio(), chromium_video()], "012")


def chromium_single() -> str:
    """A camera without layers: its SSRCs are named, with those of its retransmissions."""
    return joined(HEAD, [data("0"), chromium_audio(), chromium_video("2", _SOURCES)], "012")


def chromium_without_mids() -> str:
    return joined(HEAD, [chromium_audio(None), chromium_video(None)], "")


def chromium_bundle_only() -> str:
    """`max-bundle`: port 0 does not mean a refusal where `bundle-only` stands (RFC 8843, 6)."""
    video = chromium_video().replace("m=video 9 ", "m=video 0 ") + "\na=bundle-only"
    return joined(HEAD, [chromium_audio(), video], "12")


def chromium_after_unpublishing() -> str:
    """The camera's section was stopped: port 0, and no keys."""
    stopped = "m=video 0 UDP/TLS/RTP/SAVPF 96\nc=IN IP4 0.0.0.0\na=inactive\na=mid:2\na=rtpmap:96 VP8/90000"
    return joined(HEAD, [data("0"), chromium_audio(), stopped], "01")


def firefox_simulcast() -> str:
    audio = section(_FIREFOX_AUDIO, "0", track="{mic}", direction="sendrecv")
    video = section(_FIREFOX_VIDEO, "1", _FIREFOX_SIMULCAST, track="{cam}", direction="sendrecv")
    return joined(FIREFOX_HEAD, [audio, video, data("2")], "012")


ALL = {
    "chromium_simulcast": chromium_simulcast(),
    "chromium_single": chromium_single(),
    "chromium_without_mids": chromium_without_mids(),
    "chromium_bundle_only": chromium_bundle_only(),
    "chromium_after_unpublishing": chromium_after_unpublishing(),
    "firefox_simulcast": firefox_simulcast(),
}
