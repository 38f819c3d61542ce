"""What a conference keeps about each connection: its tracks, its voice, and what its client wishes to get."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.calls.conference.values import HIGHEST_QUALITY, LayerFacts, Present, Source, TrackFacts, TrackKind
from bot.calls.conference.voices import Voice
from bot.calls.evidence import Fact

_PUBLISHES = {Source.CAMERA: "video", Source.SCREEN_SHARE: "screen", Source.MICROPHONE: "audio"}

TOLERANCE = 0.9
"""So much smaller than its tile a picture may be, before a sharper one is sent."""


class Track:
    """What is asked of it at every look is kept, not worked out each time."""

    __slots__ = ("facts", "is_audio", "is_screen", "is_voice", "layers", "muted", "owner", "stopped")

    def __init__(self, facts: TrackFacts, owner: "Person") -> None:
        self.owner = owner
        self.muted = facts.muted
        """By its publisher."""
        self.stopped = False
        """By the chair; a voice is stopped in `Person.silenced`, for all of its tracks."""
        self.learn(facts)

    def learn(self, facts: TrackFacts) -> None:
        self.facts = facts
        self.is_audio = facts.kind is TrackKind.AUDIO
        self.is_voice = self.is_audio and facts.source is not Source.SCREEN_SHARE_AUDIO
        self.is_screen = facts.source is Source.SCREEN_SHARE
        self.layers = tuple(sorted(facts.layers, key=lambda layer: layer.quality)) or (LayerFacts(HIGHEST_QUALITY),)

    @property
    def flows(self) -> bool:
        return not (self.muted or self.stopped or (self.is_audio and self.owner.silenced))


@dataclass(slots=True)
class Wish:
    """What a viewer's client asked of one track; sizes in pixels, 0 for not told."""

    subscribed: bool = True
    paused: bool = False
    quality: int = HIGHEST_QUALITY
    width: int = 0
    height: int = 0

    @property
    def wants(self) -> bool:
        return self.subscribed and not self.paused

    def best_of(self, layers: tuple[LayerFacts, ...]) -> int:
        """The smallest layer that fills the wished size, never better than the wished quality; of rising layers."""
        best = layers[0].quality
        for layer in layers:
            if layer.quality > self.quality:
                break
            best = layer.quality
            if self.width and self._is_filled_by(layer):
                break
        return best

    def _is_filled_by(self, layer: LayerFacts) -> bool:
        """By the picture's short side: a tile crops the long one, or leaves it empty."""
        if not (self.width and self.height and layer.width and layer.height):
            return False
        wished = self.width if layer.width < layer.height else self.height
        return min(layer.width, layer.height) >= wished * TOLERANCE


@dataclass(slots=True)
class Person:
    """One connection of one identity. `voice` is handed on to the connection that replaces it."""

    identity: str
    sid: str
    name: str
    role: str
    joined_at: float
    voice: Voice
    silenced: bool
    """By the chair; holds for the identity until the chair lifts it."""
    speaking_s: float = 0.0
    ranked: bool = False
    """A level was heard of the voice since it was last unmuted."""
    tracks: dict[str, Track] = field(default_factory=dict)
    wishes: dict[str, Wish] = field(default_factory=dict)
    measured: dict[str, Fact] = field(default_factory=dict)
    quality: str = "unknown"
    flowed: set[Source] = field(default_factory=set)

    def voices(self) -> Iterator[Track]:
        return (track for track in self.tracks.values() if track.is_voice)

    @property
    def audible(self) -> bool:
        return any(track.flows for track in self.voices())

    def present(self) -> Present:
        kinds = {_PUBLISHES.get(track.facts.source, track.facts.kind.value) for track in self.tracks.values()}
        publishes = tuple(kind for kind in ("audio", "video", "screen") if kind in kinds)
        return Present(
            identity=self.identity,
            sid=self.sid,
            name=self.name,
            role=self.role,
            joined_at=self.joined_at,
            publishes=publishes,
            muted=not self.audible,
            speaking_s=round(self.speaking_s, 2),
            quality=self.quality,
        )
