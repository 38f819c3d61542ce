"""The engine's messages to clients, each a `SignalResponse` ready to be sent."""

import json
import time
from collections.abc import Iterable, Sequence

from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from bot.calls.conference.values import Speaker
from bot.calls.signalling.tokens import Pass

PROTOCOL = 16
SERVER = "1.13.5"
"""The LiveKit server whose behaviour is followed: clients choose features by it."""
PING_S, PING_TIMEOUT_S = 10, 30
CODECS = ("audio/opus", "video/VP8")
LONGEST_CANDIDATE = 500
SIF_TRAILER = b"eahtari-sif"
"""End of frames that a server would put in itself; ours never does."""


def participant(
    held: Pass, sid: str, joined_at: float, tracks: Iterable[pm.TrackInfo], *, version: int, gone: bool = False
) -> pm.ParticipantInfo:
    """How one participant is told to others."""
    known = list(tracks)
    return pm.ParticipantInfo(
        sid=sid,
        identity=held.identity,
        name=held.name,
        state=pm.ParticipantInfo.DISCONNECTED if gone else pm.ParticipantInfo.ACTIVE,
        tracks=known,
        metadata=held.metadata,
        attributes=dict(held.attributes),
        joined_at=int(joined_at),
        joined_at_ms=int(joined_at * 1000),
        version=version,
        is_publisher=bool(known),
        permission=permission(held),
        kind=pm.ParticipantInfo.STANDARD,
    )


def permission(held: Pass) -> pm.ParticipantPermission:
    return pm.ParticipantPermission(
        can_subscribe=held.can_subscribe, can_publish=held.can_publish, can_publish_data=held.can_publish_data
    )


def room(sid: str, name: str, members: int) -> pm.Room:
    return pm.Room(
        sid=sid,
        name=name,
        num_participants=members,
        enabled_codecs=[pm.Codec(mime=mime) for mime in CODECS],
        creation_time=int(time.time()),
    )


def joined(
    room_info: pm.Room,
    own: pm.ParticipantInfo,
    others: Sequence[pm.ParticipantInfo],
    ice_servers: Sequence[pr.ICEServer],
) -> pr.SignalResponse:
    """The first message. Resuming is disabled: a client that lost its way makes a new connection."""
    disabled = pm.ClientConfigSetting.DISABLED
    return pr.SignalResponse(
        join=pr.JoinResponse(
            room=room_info,
            participant=own,
            other_participants=others,
            server_version=SERVER,
            ice_servers=ice_servers,
            subscriber_primary=True,
            client_configuration=pm.ClientConfiguration(resume_connection=disabled),
            ping_timeout=PING_TIMEOUT_S,
            ping_interval=PING_S,
            server_info=pm.ServerInfo(version=SERVER, protocol=PROTOCOL, region="", node_id=""),
            sif_trailer=SIF_TRAILER,
            enabled_publish_codecs=[pm.Codec(mime=mime) for mime in CODECS],
        )
    )


def updated(*participants: pm.ParticipantInfo) -> pr.SignalResponse:
    return pr.SignalResponse(update=pr.ParticipantUpdate(participants=participants))


def offer(sdp: str, number: int) -> pr.SignalResponse:
    return pr.SignalResponse(offer=pr.SessionDescription(type="offer", sdp=sdp, id=number))


def answer(sdp: str, number: int) -> pr.SignalResponse:
    return pr.SignalResponse(answer=pr.SessionDescription(type="answer", sdp=sdp, id=number))


def published(cid: str, track: pm.TrackInfo) -> pr.SignalResponse:
    return pr.SignalResponse(track_published=pr.TrackPublishedResponse(cid=cid, track=track))


def leave(reason: int, *, come_back: bool) -> pr.SignalResponse:
    """`come_back` asks the client to make a new connection by itself."""
    action = pr.LeaveRequest.RECONNECT if come_back else pr.LeaveRequest.DISCONNECT
    return pr.SignalResponse(
        leave=pr.LeaveRequest(can_reconnect=come_back, reason=reason, action=action)  # type: ignore[arg-type]  # an enum's number
    )


def mute(track_sid: str, *, muted: bool) -> pr.SignalResponse:
    """Asks a publisher to close (or open) a microphone or camera itself, so that its own button shows it."""
    return pr.SignalResponse(mute=pr.MuteTrackRequest(sid=track_sid, muted=muted))


def speakers(spoken: Iterable[Speaker]) -> pr.SignalResponse:
    told = [pm.SpeakerInfo(sid=one.sid, level=one.level, active=one.active) for one in spoken]
    return pr.SignalResponse(speakers_changed=pr.SpeakersChanged(speakers=told))


def pong(request: pr.SignalRequest) -> pr.SignalResponse:
    """The answer to either form of a ping; the older one is a bare moment."""
    if request.WhichOneof("message") == "ping":
        return pr.SignalResponse(pong=_now_ms())
    asked = request.ping_req.timestamp
    return pr.SignalResponse(pong_resp=pr.Pong(last_ping_timestamp=asked, timestamp=_now_ms()))


def layers(track_sid: str, highest: int) -> pr.SignalResponse:
    """Which layers anybody watches: the publisher encodes no others ("dynacast"). -1: none."""
    told = [pr.SubscribedQuality(quality=quality, enabled=quality <= highest) for quality in (0, 1, 2)]  # type: ignore[arg-type]  # an enum's number
    return pr.SignalResponse(
        subscribed_quality_update=pr.SubscribedQualityUpdate(
            track_sid=track_sid,
            subscribed_qualities=told,
            subscribed_codecs=[pr.SubscribedCodec(codec="vp8", qualities=told)],
        )
    )


def stream_state(owner: str, track_sid: str, *, paused: bool) -> pr.SignalResponse:
    """A picture stops for want of room on the viewer's line, or goes on."""
    state = pr.StreamState.PAUSED if paused else pr.StreamState.ACTIVE
    told = pr.StreamStateInfo(participant_sid=owner, track_sid=track_sid, state=state)
    return pr.SignalResponse(stream_state_update=pr.StreamStateUpdate(stream_states=[told]))


def subscribed(track_sid: str) -> pr.SignalResponse:
    """To the publisher: somebody receives the track."""
    return pr.SignalResponse(track_subscribed=pr.TrackSubscribed(track_sid=track_sid))


def qualities(told: Iterable[tuple[str, str, float]]) -> pr.SignalResponse:
    """(participant's sid, `excellent`, `good` or `poor`, score 0 to 5). Never `lost`: clients would start anew."""
    words = {"poor": pm.ConnectionQuality.POOR, "good": pm.ConnectionQuality.GOOD}
    updates = [
        pr.ConnectionQualityInfo(
            participant_sid=sid, quality=words.get(word, pm.ConnectionQuality.EXCELLENT), score=score
        )
        for sid, word, score in told
    ]
    return pr.SignalResponse(connection_quality=pr.ConnectionQualityUpdate(updates=updates))


def token(fresh: str) -> pr.SignalResponse:
    return pr.SignalResponse(refresh_token=fresh)


def refused(request: pr.SignalRequest) -> pr.SignalResponse:
    """The answer to a wish that is not granted, such as new metadata."""
    number = getattr(request.update_metadata, "request_id", 0)
    return pr.SignalResponse(
        request_response=pr.RequestResponse(request_id=number, reason=pr.RequestResponse.NOT_ALLOWED)
    )


def _now_ms() -> int:
    return int(time.time() * 1000)


def candidate_line(init: str) -> str:
    """The candidate of an `RTCIceCandidateInit` in JSON; empty for the end of candidates and for anything else."""
    try:
        told = json.loads(init)
    except (ValueError, RecursionError):
        return ""
    line = told.get("candidate") if isinstance(told, dict) else None
    return line.removeprefix("candidate:") if isinstance(line, str) and len(line) < LONGEST_CANDIDATE else ""
