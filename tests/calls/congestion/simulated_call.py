"""A receiver's side of a conference in simulation: sound, tracks in layers, a forwarder that obeys the downlink."""

import heapq
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from bot.calls.congestion import Downlink, Pacer, Wanted
from bot.calls.congestion.line import OVERHEAD_BYTES
from tests.calls.congestion.simulated_line import LineFacts, Report, SimulatedLine

LAYERS = (150e3, 480e3, 1.7e6)
FRAMES_A_SECOND = 20
PACKET = 1100
ON_THE_LINE = (PACKET + 20 + OVERHEAD_BYTES) / PACKET
AUDIO_BYTES = 80 + 20
AUDIO_BPS = (AUDIO_BYTES + OVERHEAD_BYTES) * 8 * 50


@dataclass
class Picture:
    """One forwarded track: the layer that flows, the one that is to flow, and its key frames."""

    name: str
    rank: int
    bitrates: tuple[float, ...] = LAYERS
    at_most: int = 2
    flows: int | None = None
    goal: int | None = None
    key_at: float = 0.0
    has_flowed: bool = False
    switches: list[tuple[float, int | None]] = field(default_factory=list)
    frames: int = 0
    sizes: deque[float] = field(default_factory=lambda: deque(maxlen=FRAMES_A_SECOND))

    def wanted(self) -> Wanted:
        """Bitrates as an engine measures them: over the last second, key frames included, once there is something."""
        measured = [bitrate * ON_THE_LINE for bitrate in self.bitrates]
        if self.flows is not None and len(self.sizes) >= FRAMES_A_SECOND:
            measured[self.flows] = sum(self.sizes) / len(self.sizes) * FRAMES_A_SECOND * 8 * ON_THE_LINE
        return Wanted(self.name, self.rank, tuple(enumerate(measured)), self.at_most)


@dataclass(frozen=True)
class Outgoing:
    """A packet that waits in the pacer."""

    size: int
    kind: str
    tries: int = 0


PADDING = Outgoing(275, "padding")


class SimulatedCall:
    """Runs until `run(seconds)` has passed; what happened is read from its lists afterwards."""

    def __init__(
        self,
        facts: LineFacts,
        seed: int,
        *,
        pictures: int = 3,
        bitrates: tuple[float, ...] = LAYERS,
        paced: bool = True,
        report_every: tuple[float, float] = (0.05, 0.1),
    ) -> None:
        self.chance = random.Random(seed)  # noqa: S311 - chance that is the same in every run
        self.line = SimulatedLine(facts, random.Random(seed + 1))  # noqa: S311 - the same
        self.downlink = Downlink(0.0)
        self.pacer: Pacer[Outgoing] = Pacer(self.downlink.pacing_bps, 0.0)
        self.pictures = [Picture(f"TR_{number}", 0 if number == 0 else 2, bitrates) for number in range(pictures)]
        self.paced = paced
        self.report_every = report_every
        self.now = 0.0
        self.sent = 0
        self.audio_sent: list[float] = []
        self.audio_lost: list[float] = []
        self.padding_bytes = 0
        self.estimates: list[tuple[float, float]] = []
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = 0
        self._begin()

    def _begin(self) -> None:
        self._later(0.0, self._audio)
        self._later(0.01, self._decide)
        self._later(0.02, self._tick)
        self._later(0.1, self._report)
        for picture in self.pictures:
            self._later(self.chance.uniform(0, 0.05), partial(self._frame, picture))
            self._later(self.chance.uniform(6, 18), partial(self._lost_picture, picture))

    def _later(self, delay: float, action: Callable[[], None]) -> None:
        self._order += 1
        heapq.heappush(self.events, (self.now + delay, self._order, action))

    def run(self, seconds: float) -> None:
        while self.events and self.events[0][0] <= seconds:
            self.now, _, action = heapq.heappop(self.events)
            action()

    def _audio(self) -> None:
        self._offer(Outgoing(AUDIO_BYTES, "audio"), urgent=True)
        self._later(0.02, self._audio)

    def _frame(self, picture: Picture) -> None:
        self._later(1 / FRAMES_A_SECOND, partial(self._frame, picture))
        if picture.goal is None:
            picture.flows = None
            return
        key = picture.key_at > 0.0 and self.now >= picture.key_at
        if key:
            if picture.flows != picture.goal:
                picture.sizes.clear()
            picture.flows, picture.key_at = picture.goal, 0.0
            picture.has_flowed = True
        if picture.flows is None:
            return
        picture.frames += 1
        size = picture.bitrates[picture.flows] / 8 / FRAMES_A_SECOND * self.chance.uniform(0.75, 1.25)
        size *= self.chance.uniform(5, 8) if key else 1.0
        picture.sizes.append(size)
        for number in range(max(1, round(size / PACKET))):  # an uplink of 10 Mbit/s
            part = min(PACKET, int(size))
            self._later(number * PACKET * 8 / 10e6, partial(self._offer, Outgoing(part + 20, "video")))

    def _lost_picture(self, picture: Picture) -> None:
        """Somebody asks for a key frame: a new viewer, a lost packet."""
        self._later(self.chance.uniform(6, 18), partial(self._lost_picture, picture))
        if picture.flows is not None and not picture.key_at:
            picture.key_at = self.now + 0.1

    def _offer(self, packet: Outgoing, *, urgent: bool = False) -> None:
        self.pacer.rate = self.downlink.pacing_bps
        was_empty = not self.pacer.held
        if self.pacer.offer(packet, packet.size + OVERHEAD_BYTES, self.now, urgent=urgent or not self.paced):
            self._send(packet)
        elif was_empty:
            self._later(0.005, self._due)

    def _due(self) -> None:
        for packet in self.pacer.due(self.now):
            self._send(packet)
        if self.pacer.held:
            self._later(0.005, self._due)

    def _send(self, packet: Outgoing) -> None:
        sequence, self.sent = self.sent, self.sent + 1
        self.downlink.sent(sequence & 0xFFFF, packet.size, self.now, probe=packet.kind == "padding")
        arrival = self.line.send(sequence, (packet.size + OVERHEAD_BYTES) * 8, self.now)
        if packet.kind == "audio":
            self.audio_sent.append(self.now)
            if arrival is None:
                self.audio_lost.append(self.now)
        elif packet.kind == "video" and arrival is None and packet.tries < 2:
            again = Outgoing(packet.size, "video", packet.tries + 1)
            self._later(0.15, partial(self._again, again))

    def _again(self, packet: Outgoing) -> None:
        if self.downlink.may_resend(packet.size, self.now):
            self._offer(packet, urgent=True)

    def _decide(self) -> None:
        self._later(0.2, self._decide)
        self._obey()

    def _obey(self) -> None:
        layers = self.downlink.decide([picture.wanted() for picture in self.pictures], AUDIO_BPS, self.now)
        self.estimates.append((self.now, self.downlink.line.estimate))
        for picture in self.pictures:
            goal = layers[picture.name]
            if goal != picture.goal:
                if self.downlink.is_congested:
                    picture.flows = None
                    self.pacer.clear()
                picture.goal = goal
                picture.switches.append((self.now, goal))
                picture.key_at = self.now + self.chance.uniform(0.1, 0.25)

    def _tick(self) -> None:
        self._later(0.02, self._tick)
        missing = self.downlink.padding(self.now)
        if not any(picture.has_flowed for picture in self.pictures):
            return
        while missing > 0:
            self.padding_bytes += PADDING.size
            self._offer(PADDING, urgent=True)
            missing -= PADDING.size + OVERHEAD_BYTES

    def _report(self) -> None:
        self._later(self.chance.uniform(*self.report_every), self._report)
        rows = self.line.report(self.now)
        back = self.line.back(self.now)
        if rows and back is not None:
            self._later(back - self.now, partial(self._hear, rows))

    def _hear(self, rows: Report) -> None:
        if self.downlink.feedback(rows, self.now):
            self._obey()

    def reached(self, quality: int, *, pictures: int | None = None) -> float | None:
        """The moment from which on so many pictures keep at least this quality, as decided; None if they don't."""
        since = [_since(picture, quality) for picture in self.pictures[:pictures]]
        return None if None in since else max(at for at in since if at is not None)

    def last_switch(self) -> float:
        return max((at for picture in self.pictures for at, _ in picture.switches), default=0.0)

    def goals(self) -> list[int | None]:
        return [picture.goal for picture in self.pictures]

    def audio_lost_share(self) -> float:
        return len(self.audio_lost) / len(self.audio_sent)

    def switches(self, begin: float, end: float) -> int:
        return sum(begin <= at < end for picture in self.pictures for at, _ in picture.switches)

    def largest_queue(self, begin: float, end: float) -> float:
        return max((queue for at, queue in self.line.queues if begin <= at < end), default=0.0)


def _since(picture: Picture, quality: int) -> float | None:
    since = None
    for at, goal in picture.switches:
        enough = goal is not None and goal >= quality
        since = (since or at) if enough else None
    return since
