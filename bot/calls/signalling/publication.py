"""One published track in the signalling's words: what its publisher told of it, and its forwarder's side."""

import secrets

from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from bot.calls.conference.values import LayerFacts, Source, TrackFacts, TrackKind
from bot.calls.media.track import Track

_SOURCES = {
    pm.TrackSource.MICROPHONE: Source.MICROPHONE,
    pm.TrackSource.CAMERA: Source.CAMERA,
    pm.TrackSource.SCREEN_SHARE: Source.SCREEN_SHARE,
    pm.TrackSource.SCREEN_SHARE_AUDIO: Source.SCREEN_SHARE_AUDIO,
}
LONGEST_ID = 256
"""Characters of a client's own id and name of a track."""
MOST_LAYERS = 3


class Publication:
    """`cid` is the client's id of the track, by which its section in the offer is known."""

    def __init__(self, request: pr.AddTrackRequest, owner: str) -> None:
        self.cid = request.cid[:LONGEST_ID]
        self.is_video = request.type == pm.TrackType.VIDEO
        self.info = _info(request, f"TR_{secrets.token_hex(6)}", self.cid, is_video=self.is_video)
        self.track = Track(self.info.sid, owner, is_video=self.is_video)
        self.source = _SOURCES.get(request.source, Source.UNKNOWN)
        self.is_sent = False
        """Its section has been negotiated."""
        self.has_flowed = False
        self.told_layers: int | None = None
        self.is_received = False

    @property
    def sid(self) -> str:
        return self.info.sid

    @property
    def facts(self) -> TrackFacts:
        layers = tuple(LayerFacts(one.quality, one.width, one.height, one.bitrate) for one in self.info.layers)
        kind = TrackKind.VIDEO if self.is_video else TrackKind.AUDIO
        return TrackFacts(self.sid, kind, self.source, layers if self.info.simulcast else (), self.info.muted)


def _info(request: pr.AddTrackRequest, sid: str, cid: str, *, is_video: bool) -> pm.TrackInfo:
    mime = "video/VP8" if is_video else "audio/opus"
    layers = [one for one in request.layers if 0 <= one.quality < MOST_LAYERS][:MOST_LAYERS]
    return pm.TrackInfo(
        sid=sid,
        type=request.type,
        name=request.name[:LONGEST_ID],
        muted=request.muted,
        width=request.width,
        height=request.height,
        simulcast=is_video and len(layers) > 1,
        disable_dtx=request.disable_dtx,
        source=request.source,
        layers=layers,
        mime_type=mime,
        stereo=request.stereo,
        disable_red=True,
        encryption=request.encryption,
        stream=request.stream[:LONGEST_ID],
        codecs=[pm.SimulcastCodecInfo(mime_type=mime, cid=cid, layers=layers)],
        audio_features=request.audio_features,
    )
