"""The offer of a synthetic participant: one microphone, one camera, and a data channel where it is wanted."""

from benchmarks.calls.sending import OPUS, REPAIR, VP8, Ssrcs
from bot.calls.sdp.values import AUDIO_LEVEL, MID, TRANSPORT_CC
from bot.calls.sdp.writing import Local

_AUDIO = f"""a=rtpmap:{OPUS} opus/48000/2
a=rtcp-fb:{OPUS} transport-cc
a=fmtp:{OPUS} minptime=10;useinbandfec=1
a=extmap:1 {AUDIO_LEVEL}
"""
_VIDEO = f"""a=rtpmap:{VP8} VP8/90000
a=rtcp-fb:{VP8} transport-cc
a=rtcp-fb:{VP8} ccm fir
a=rtcp-fb:{VP8} nack
a=rtcp-fb:{VP8} nack pli
a=rtpmap:{REPAIR} rtx/90000
a=fmtp:{REPAIR} apt={VP8}
"""


def offer(local: Local, ssrcs: Ssrcs, *, sound: str, picture: str, data: bool) -> str:
    """`sound` and `picture` are the tracks' ids."""
    mids = ["0", "1", *(["2"] if data else [])]
    head = f"v=0\no=- {local.session} 2 IN IP4 127.0.0.1\ns=-\nt=0 0\na=group:BUNDLE {' '.join(mids)}\n"
    head += "a=msid-semantic: WMS *\n"
    audio = _media("audio", "0", f"{OPUS}", local) + _AUDIO + _track(sound, ssrcs.sound)
    video = (
        _media("video", "1", f"{VP8} {REPAIR}", local) + _VIDEO + f"a=ssrc-group:FID {ssrcs.picture} {ssrcs.repair}\n"
    )
    video += _track(picture, ssrcs.picture, ssrcs.repair)
    text = head + audio + video + (_data("2", local) if data else "")
    return text.replace("\n", "\r\n")


def _media(kind: str, mid: str, formats: str, local: Local) -> str:
    text = f"m={kind} 9 UDP/TLS/RTP/SAVPF {formats}\nc=IN IP4 0.0.0.0\na=rtcp:9 IN IP4 0.0.0.0\na=mid:{mid}\n"
    text += _keys(local) + "a=rtcp-mux\na=rtcp-rsize\na=sendonly\n"
    return text + f"a=extmap:3 {TRANSPORT_CC}\na=extmap:4 {MID}\n"


def _track(track: str, *ssrcs: int) -> str:
    return f"a=msid:- {track}\n" + "".join(
        f"a=ssrc:{ssrc} cname:load\na=ssrc:{ssrc} msid:- {track}\n" for ssrc in ssrcs
    )


def _data(mid: str, local: Local) -> str:
    text = f"m=application 9 UDP/DTLS/SCTP webrtc-datachannel\nc=IN IP4 0.0.0.0\na=mid:{mid}\n"
    return text + _keys(local) + "a=sctp-port:5000\na=max-message-size:65536\n"


def _keys(local: Local) -> str:
    keys = local.keys
    text = f"a=ice-ufrag:{keys.ufrag}\na=ice-pwd:{keys.password}\na=setup:{keys.setup}\n"
    text += "".join(f"a=fingerprint:{name} {value}\n" for name, value in keys.fingerprints)
    return text + "".join(f"a=candidate:{line}\n" for line in local.candidates) + "a=end-of-candidates\n"
