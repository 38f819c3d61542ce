"""Who speaks, and whose voices are forwarded when there are more voices than places.

Levels are those of RFC 6464: dB below the loudest, 0 loud to 127 silent, one for each audio packet. A voice gathers
time while it is loud and loses it at half the speed while it is quiet; one that has gathered 240 ms speaks. So a cough
of 200 ms never counts, and a person who begins to speak counts before 300 ms are over.

Places are kept until they are needed: silence costs nothing to forward, and the first word of who spoke last is not
cut. A new speaker takes the place of who has been quiet longest. While all holders speak, only a voice that is louder
by 8 dB takes a place, from the least loud of them: two similar voices can't flap.
"""

from collections.abc import Iterable

LOUD = 50
"""dBov. Speech near a microphone is at 15 to 45; a quiet room, and Opus in DTX, above 60."""
SPEAKS_AFTER = 0.23
"""Seconds gathered: twelve packets of 20 ms, where eleven are not enough."""
FORGOTTEN = 0.5
"""Of each quiet second so much is taken off what was gathered."""
GATHERED_AT_MOST = 0.3
PAUSE = 0.2
"""Seconds of quiet after which a holder's place may be taken. Pauses between words are shorter."""
STOPS_AFTER = 0.4
"""Seconds of quiet after which a speaker no longer counts as speaking."""
MARGIN = 8.0
"""dB."""
PACKET = 0.02
"""Seconds of sound in a packet until more is known: Opus' usual frame."""
GAP = 0.1
"""Packets that are farther apart were not one stretch of sound."""
LEARNING = 0.02
"""Share of one packet in the mean distance of packets, which is their length whatever their jitter."""
SMOOTHING = 0.08
"""Share of one packet in the smoothed loudness: a time constant of about 250 ms."""
NEVER = float("-inf")
SILENT = 127


class Voice:
    """One person's voice. It outlives a connection that is replaced."""

    __slots__ = ("_length", "_packet_at", "_speaking", "began_at", "gathered", "loud_at", "loudness", "order", "placed")

    def __init__(self, order: int) -> None:
        self.order = order
        """Of coming in, which decides between voices that never spoke."""
        self.gathered = 0.0
        self.loudness = 0.0
        """127 - dBov, smoothed over loud packets."""
        self.loud_at = NEVER
        self.began_at = NEVER
        """When it last began to speak."""
        self.placed = False
        self._speaking = False
        self._length = PACKET
        self._packet_at = NEVER

    def take(self, dbov: int, now: float) -> float:
        """One packet's level, for each audio packet; the seconds of speech that it adds."""
        gap = now - self._packet_at
        if gap > 0.0:
            self._packet_at = now
            if gap < GAP:
                self._length += (gap - self._length) * LEARNING
        if dbov > LOUD:
            if self.gathered > 0.0:
                self.gathered = max(self.gathered - (gap if gap > GAP else self._length) * FORGOTTEN, 0.0)
            return 0.0
        return self._take_loud(dbov, gap, now)

    def _take_loud(self, dbov: int, gap: float, now: float) -> float:
        if gap > GAP:
            self.gathered = max(self.gathered - gap * FORGOTTEN, 0.0)
        loudness = SILENT - dbov
        self.loudness = loudness if self.gathered == 0.0 else self.loudness + (loudness - self.loudness) * SMOOTHING
        self.gathered = min(self.gathered + self._length, GATHERED_AT_MOST)
        went_on = self._speaking and now - self.loud_at < STOPS_AFTER
        self.loud_at = max(now, self.loud_at)
        self._speaking = went_on or self.gathered >= SPEAKS_AFTER
        if went_on or not self._speaking:
            return self._length if went_on else 0.0
        self.began_at = now
        return self.gathered

    def speaks(self, now: float) -> bool:
        return self._speaking and now - self.loud_at < STOPS_AFTER

    def challenges(self, now: float) -> bool:
        """Whether it speaks clearly enough to be given a place."""
        return self.gathered >= SPEAKS_AFTER and now - self.loud_at < PAUSE

    def level(self, now: float) -> float:
        """Linear, 0 to 1."""
        return min(10.0 ** ((self.loudness - SILENT) / 20.0), 1.0) if self.speaks(now) else 0.0

    def be_quiet(self) -> None:
        """As if it had been silent for long: it was muted, or lost its place."""
        self.gathered = 0.0
        self._speaking = False


class Floor:
    """The places of the loudest. With `places` 0 there is one for everybody."""

    __slots__ = ("_challengers", "_changed", "_places", "_voices")

    def __init__(self, places: int) -> None:
        self._places = places
        self._voices: list[Voice] = []
        self._challengers: set[Voice] = set()
        self._changed = False

    def resize(self, places: int) -> None:
        self._places = places
        self._changed = True

    def enter(self, voice: Voice) -> None:
        if voice not in self._voices:
            self._voices.append(voice)
            self._changed = True

    def leave(self, voice: Voice) -> None:
        if voice in self._voices:
            self._voices.remove(voice)
            self._challengers.discard(voice)
            voice.placed = False
            self._changed = True

    def challenge(self, voice: Voice) -> None:
        """The voice speaks and has no place; it is dealt with by the next `settle`."""
        self._challengers.add(voice)

    def settle(self, now: float) -> bool:
        """Gives the places out; whether any changed hands. Cheap while nobody challenges."""
        changed, self._changed = self._changed, False
        if changed:
            self._share_out()
        for voice in sorted(self._challengers, key=_by_loudness) if self._challengers else ():
            changed |= self._contest(voice, now)
        return changed

    def _share_out(self) -> None:
        """Free places go to who spoke last, surplus ones are taken from who has been quiet longest."""
        self._voices.sort(key=lambda voice: (not voice.placed, -voice.loud_at, voice.order))
        for rank, voice in enumerate(self._voices):
            voice.placed = not self._places or rank < self._places

    def _contest(self, voice: Voice, now: float) -> bool:
        if voice.placed or not voice.challenges(now):
            self._challengers.discard(voice)
            return False
        weakest = _weakest([holder for holder in self._voices if holder.placed], now)
        if weakest is None or not _gives_way(weakest, voice, now):
            return False
        self._challengers.discard(voice)
        voice.placed, weakest.placed = True, False
        weakest.be_quiet()
        return True


def _weakest(holders: Iterable[Voice], now: float) -> Voice | None:
    """Who has been quiet longest; while all of them speak, the least loud."""
    holders = list(holders)
    quiet = [holder for holder in holders if now - holder.loud_at >= PAUSE]
    if quiet:
        return min(quiet, key=lambda holder: holder.loud_at)
    return min(holders, key=lambda holder: holder.loudness, default=None)


def _gives_way(holder: Voice, challenger: Voice, now: float) -> bool:
    return now - holder.loud_at >= PAUSE or challenger.loudness >= holder.loudness + MARGIN


def _by_loudness(voice: Voice) -> tuple[float, int]:
    return (-voice.loudness, voice.order)
