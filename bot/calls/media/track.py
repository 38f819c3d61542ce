"""A published track and its streams, as the forwarder sees them.

A *stream* is what comes with one SSRC: a voice, or one layer of pictures. A track has one stream, or one for each
simulcast layer. What a track is called and whose it is, is the signalling's matter.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.calls.rtp.received import Received
from bot.calls.rtp.rtcp import picture_loss

if TYPE_CHECKING:
    from bot.calls.media.downlink import Subscription

KEY_PAUSE_S = 0.5
"""A key frame costs as much as several others: one request in this time is passed on."""
KEY_LONGEST_PAUSE_S = 4.0
"""So long is waited in the end between requests of one viewer whom key frames do not help."""
KEY_FORGIVEN_S = 10.0
"""A viewer who asked for nothing so long is heard at once again."""
SILENT_S = 1.2
"""A layer without a packet for so long is not being sent."""
OWN_SSRC = 1
"""The engine's own source in feedback; it sends no media on those connections."""
LAYERS = {"": 0, "q": 0, "h": 1, "f": 2}
"""LiveKit's names of layers to their quality."""
VIDEO_CLOCK, AUDIO_CLOCK = 90000, 48000


class Stream:
    """One SSRC. `quality` is 0, 1 or 2."""

    __slots__ = ("_key_asked_at", "_send_rtcp", "quality", "received", "ssrc", "track")

    def __init__(self, track: "Track", quality: int, ssrc: int, send_rtcp: Callable[[bytes], None]) -> None:
        self.track = track
        self.quality = quality
        self.ssrc = ssrc
        clock = VIDEO_CLOCK if track.is_video else AUDIO_CLOCK
        self.received = Received(ssrc, clock, reports_missing=True)
        self._send_rtcp = send_rtcp
        self._key_asked_at = -KEY_PAUSE_S

    def is_sent(self, now: float) -> bool:
        return now - self.received.last_at < SILENT_S

    def ask_for_key(self, now: float) -> None:
        """Asks the publisher for a key frame (RFC 4585, PLI), seldom enough to be heard."""
        if now - self._key_asked_at >= KEY_PAUSE_S:
            self._key_asked_at = now
            self._send_rtcp(picture_loss(OWN_SSRC, self.ssrc))


class KeyRequests:
    """One viewer's requests for key frames of one track: who goes on asking is heard less and less.

    Who can't decode (for want of a key, or of power) asks without an end, and everybody's picture would suffer: a key
    frame takes the room of several others.
    """

    __slots__ = ("_passed_at", "_pause")

    def __init__(self) -> None:
        self._pause = KEY_PAUSE_S
        self._passed_at = float("-inf")

    def passes(self, now: float) -> bool:
        """Whether a request that came now is passed on."""
        since = now - self._passed_at
        if since < self._pause:
            return False
        asks_again = since < KEY_FORGIVEN_S
        self._pause = min(KEY_LONGEST_PAUSE_S, 2 * self._pause) if asks_again else KEY_PAUSE_S
        self._passed_at = now
        return True


class Track:
    """One published track. `subscriptions` are those that it is forwarded to; `is_held` stops it for all."""

    __slots__ = ("is_held", "is_video", "owner", "sid", "streams", "subscriptions")

    def __init__(self, sid: str, owner: str, *, is_video: bool) -> None:
        self.sid = sid
        self.owner = owner
        """The participant's sid."""
        self.is_video = is_video
        self.streams: dict[int, Stream] = {}
        self.subscriptions: list[Subscription] = []
        self.is_held = False

    def sent(self, now: float) -> list[Stream]:
        """The layers that come in now, smallest first."""
        return [self.streams[quality] for quality in sorted(self.streams) if self.streams[quality].is_sent(now)]

    def best(self, at_most: int, now: float) -> Stream | None:
        """The largest layer that comes in and is allowed, or the smallest one that comes in."""
        sent = self.sent(now)
        allowed = [stream for stream in sent if stream.quality <= at_most]
        usable = allowed or sent[:1]
        return usable[-1] if usable else None

    def bitrates(self, now: float) -> dict[int, float]:
        """Bit/s of each layer that comes in."""
        return {stream.quality: stream.received.bitrate(now) for stream in self.sent(now)}
