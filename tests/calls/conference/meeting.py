"""A conference whose time runs in packets of 20 ms: people speak by level, and what is heard is looked at each time."""

from collections.abc import Callable, Mapping

from bot.calls.conference import Admitted, Conference, Policy, Source, TrackFacts, TrackKind

PACKET = 0.02
SPEECH = 30
SILENCE = 127

Level = int | Callable[[float], int]


class Meeting:
    """Everybody has a microphone; a person's track is named after them."""

    def __init__(self, *names: str, policy: Policy | None = None, heard_every: int = 2) -> None:
        self.now = 1000.0
        self.room = Conference("huone", policy or Policy())
        self.sids = {name: self.come(name) for name in names}
        self.changes = 0
        self._heard_every = heard_every
        self._packets = 0

    def come(self, name: str) -> str:
        admitted = self.room.admit(name, name.title(), "guest", self.now)
        assert isinstance(admitted, Admitted)
        self.room.publish(admitted.sid, TrackFacts(name, TrackKind.AUDIO, Source.MICROPHONE), self.now)
        return admitted.sid

    def show(self, name: str, source: Source = Source.CAMERA) -> None:
        track = TrackFacts(f"{name}:{source.value}", TrackKind.VIDEO, source)
        self.room.publish(self.sids[name], track, self.now)

    def say(self, seconds: float, **levels: Level) -> None:
        """Who isn't named is silent, and sends packets all the same."""
        for _ in range(round(seconds / PACKET)):
            self.now += PACKET
            self._packet(levels)

    def _packet(self, levels: Mapping[str, Level]) -> None:
        before = self.room.heard(self.now - PACKET) if self._packets else None
        for name, sid in self.sids.items():
            level = levels.get(name, SILENCE)
            self.room.level(sid, level if isinstance(level, int) else level(self.now), self.now)
        self._packets += 1
        if self._packets % self._heard_every == 0:
            self.changes += before is not None and self.room.heard(self.now) != before

    @property
    def heard(self) -> set[str]:
        return set(self.room.heard(self.now))

    def until_heard(self, name: str, **levels: Level) -> float:
        """Seconds until the voice is forwarded, looked at every 40 ms."""
        start = self.now
        while name not in self.heard and self.now - start < 10:
            self.say(PACKET * self._heard_every, **levels)
        return self.now - start
