"""One conference: admission, tracks, voices, pictures, and the evidence of all this.

Time comes in as `now`: Unix seconds from a clock that never goes back (a monotonic clock, anchored once). What the
packets carry, and how they are sent, is the engine's. A sid is a participant's connection, a track sid one track of it.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence

from bot.calls.conference.door import Door
from bot.calls.conference.people import Person, Track, Wish
from bot.calls.conference.pictures import seen_by, wanted
from bot.calls.conference.values import (
    HIGHEST_QUALITY,
    Admitted,
    Policy,
    PolicyChange,
    Present,
    Refusal,
    Refused,
    Source,
    Speaker,
    TrackFacts,
    TrackKind,
)
from bot.calls.conference.voices import Floor, Voice
from bot.calls.evidence import EvidenceDraft, Fact, Kind, LeaveReason


def participant_sid() -> str:
    return "PA_" + secrets.token_hex(6)


class Conference:
    """Unknown sids are no error anywhere: connections end while what they sent is still on its way."""

    def __init__(self, name: str, policy: Policy, *, new_sid: Callable[[], str] = participant_sid) -> None:
        self.name = name
        self._first = self._policy = policy
        self._new_sid = new_sid
        self._door = Door()
        self._people: dict[str, Person] = {}
        self._floor = Floor(policy.loudest)
        self._silenced: set[str] = set()
        self._arrivals = 0
        self._opened = False
        self._empty_since: float | None = None
        self._heard: frozenset[str] = frozenset()
        self._changed = False
        self._evidence: list[EvidenceDraft] = []

    # Rules and people

    @property
    def policy(self) -> Policy:
        return self._policy

    def change(self, change: PolicyChange) -> None:
        """Nobody who is in is sent away by a change."""
        self._policy = self._policy.changed(change)
        self._floor.resize(self._policy.loudest)

    def admit(
        self, identity: str, name: str, role: str, now: float, *, issued: float | None = None
    ) -> Admitted | Refused:
        """`issued` is when the token was made (its `nbf`); None counts as before any removal.

        A present identity that comes again replaces its earlier connection, in a locked and a full room too.
        """
        earlier = self._of(identity)
        refusal = self.refuses(identity, now, issued=issued)
        if refusal is not None:
            return Refused(refusal)
        self._open(now)
        if earlier is not None:
            self._end(earlier, LeaveReason.REPLACED, now)
        person = self._seat(identity, name, role, now, earlier)
        replaces = {} if earlier is None else {"replaces": earlier.sid}
        self._tell(person, Kind.JOINED, now, {"name": name, "role": role, **replaces})
        return Admitted(person.sid, None if earlier is None else earlier.sid)

    def refuses(self, identity: str, now: float, *, issued: float | None = None) -> Refusal | None:
        """What `admit` would refuse this identity for; None where it would come in."""
        others = None if self._of(identity) else len(self._people)
        return self._door.refuses(identity, issued, now, self._policy, others)

    def left(self, sid: str, reason: LeaveReason, now: float) -> None:
        """`REMOVED` also refuses the identity's tokens that were issued until now."""
        person = self._people.get(sid)
        if person is None:
            return
        if reason is LeaveReason.REMOVED:
            self._door.remove(person.identity, now)
        self._end(person, reason, now)
        if not self._people:
            self._empty_since = now

    def remove(self, identity: str, now: float) -> str | None:
        """Turns the identity out, and its tokens that were issued until now. The sid, where it was in."""
        self._door.remove(identity, now)
        person = self._of(identity)
        if person is not None:
            self.left(person.sid, LeaveReason.REMOVED, now)
        return None if person is None else person.sid

    def close(self, now: float) -> tuple[str, ...]:
        """Ends the conference and the tokens of all of them; the sids that were in. Its first policy holds again."""
        sids = self._end_all(LeaveReason.ROOM_CLOSED, now)
        self._policy = self._first
        self._floor.resize(self._policy.loudest)
        self._door.close(now)
        self._silenced.clear()
        return sids

    def stop(self, now: float) -> tuple[str, ...]:
        """The engine goes down: everybody has left, and may come back. The sids that were in."""
        return self._end_all(LeaveReason.ENGINE_STOPPED, now)

    def fall_asleep(self, now: float) -> None:
        """An empty room counts as closed and is unlocked; other rules stay, and the next to come in opens it again."""
        if self._opened and not self._people:
            self._opened = False
            self._policy = self._policy.changed(PolicyChange(locked=False))
            self._evidence.append(EvidenceDraft(now, self.name, "", "", Kind.CLOSED))

    @property
    def empty_since(self) -> float | None:
        """None while somebody is in, and before anybody was."""
        return None if self._people else self._empty_since

    def present(self) -> list[Present]:
        """In the order of coming in."""
        return [person.present() for person in self._in_order()]

    def sid_of(self, identity: str) -> str | None:
        person = self._of(identity)
        return None if person is None else person.sid

    def __len__(self) -> int:
        return len(self._people)

    # Tracks

    def publish(self, sid: str, track: TrackFacts, now: float) -> None:
        """A track that is known already gets its new facts (layers) without evidence."""
        person = self._people.get(sid)
        if person is None:
            return
        known = person.tracks.get(track.sid)
        if known is not None:
            known.learn(track)
            return
        person.tracks[track.sid] = Track(track, person)
        self._settle_voice(person, track)
        self._tell(person, Kind.PUBLISHED, now, {"track": track.sid, "source": track.source.value})

    def unpublish(self, sid: str, track_sid: str, now: float) -> None:
        person = self._people.get(sid)
        track = None if person is None else person.tracks.pop(track_sid, None)
        if person is not None and track is not None:
            self._settle_voice(person, track.facts)
            self._tell(person, Kind.UNPUBLISHED, now, {"track": track_sid, "source": track.facts.source.value})

    def media(self, sid: str, source: Source, now: float) -> None:
        """The first packet of a source flowed; told once for each connection."""
        person = self._people.get(sid)
        if person is not None and source not in person.flowed:
            person.flowed.add(source)
            self._tell(person, Kind.MEDIA, now, {"source": source.value})

    def mute(self, sid: str, track_sid: str, muted: bool, *, by_chair: bool, now: float) -> None:  # noqa: FBT001, ARG002 - the engine's port: all events carry their time
        """The chair's muting of any sound silences the identity; see `silence`."""
        person = self._people.get(sid)
        track = None if person is None else person.tracks.get(track_sid)
        if person is None or track is None:
            return
        if by_chair and track.is_audio:
            self.silence(person.identity, muted=muted)
        elif by_chair:
            track.stopped = muted
        else:
            track.muted = muted
            self._settle_voice(person, track.facts)

    def silence(self, identity: str, muted: bool) -> tuple[str, ...] | None:  # noqa: FBT001 - the chair's switch
        """The chair takes the word from an identity, or gives it back; its sound tracks, or None when it isn't in.

        It holds for all of its sound, over new tracks and connections, until the chair lifts it. Lifting leaves the
        person's own switch as it is: nobody's microphone is opened by somebody else.
        """
        (self._silenced.add if muted else self._silenced.discard)(identity)
        person = self._of(identity)
        if person is None:
            return None
        person.silenced = muted
        sounds = [track for track in person.tracks.values() if track.is_audio]
        for track in sounds:
            self._settle_voice(person, track.facts)
        return tuple(track.facts.sid for track in sounds)

    def is_stopped(self, sid: str, track_sid: str) -> bool:
        """Whether the chair keeps this track from being forwarded; its publisher is to be told so (`mute`)."""
        person = self._people.get(sid)
        track = None if person is None else person.tracks.get(track_sid)
        return track is not None and (track.stopped or (track.is_audio and track.owner.silenced))

    def measured(self, sid: str, *, quality: str = "unknown", **facts: Fact) -> None:
        """The newest figures of a connection (lost_share, round_trip_ms, freezes), which its `left` will carry."""
        person = self._people.get(sid)
        if person is not None:
            person.quality = quality
            person.measured = facts

    # Sound

    def level(self, sid: str, dbov: int, now: float) -> bool:
        """The level of one packet of a microphone (not of a shared screen's sound); whether `heard` is to be asked.

        Who asks `heard` then, or every 40 ms, lets a new speaker be heard within 300 ms.
        """
        person = self._people.get(sid)
        if person is None or not (person.ranked or self._rank(person)):
            return False
        voice = person.voice
        spoken = voice.take(dbov, now)
        if not spoken:
            return False
        person.speaking_s += spoken
        if voice.placed:
            return False
        self._floor.challenge(voice)
        return True

    def heard(self, now: float) -> frozenset[str]:
        """The sound tracks that are forwarded. A voice that tells no level can't be ranked and is heard always."""
        if self._floor.settle(now) or self._changed:
            self._changed = False
            self._heard = frozenset(
                sid for person in self._people.values() for sid, track in person.tracks.items() if self._sounds(track)
            )
        return self._heard

    def heard_by(self, sid: str, now: float) -> frozenset[str]:
        """What one participant is to get: nobody hears themselves."""
        person = self._people.get(sid)
        if person is None:
            return frozenset()
        unwanted = {track for track, wish in person.wishes.items() if not wish.wants}
        return self.heard(now) - person.tracks.keys() - unwanted

    def speakers(self, now: float) -> Sequence[Speaker]:
        """Everybody with an open microphone, the loudest first."""
        people = [person for person in self._in_order() if person.audible]
        told = [Speaker(person.sid, person.voice.level(now), person.voice.speaks(now)) for person in people]
        return sorted(told, key=lambda speaker: -speaker.level)

    # Pictures

    def wish(
        self,
        sid: str,
        track_sid: str,
        *,
        subscribed: bool | None = None,
        paused: bool | None = None,
        quality: int | None = None,
        width: int | None = None,
        height: int | None = None,
    ) -> None:
        """None leaves a wish as it is. May come before the track does.

        A size beats a quality given with it, and a quality alone ends a wish for a size: LiveKit's clients send one
        of them and leave the other at zero.
        """
        person = self._people.get(sid)
        if person is None:
            return
        wish = person.wishes.setdefault(track_sid, Wish())
        wish.subscribed = wish.subscribed if subscribed is None else subscribed
        wish.paused = wish.paused if paused is None else paused
        if width is not None and height is not None and width > 0 and height > 0:
            wish.width, wish.height, wish.quality = width, height, HIGHEST_QUALITY
        elif quality is not None:
            wish.width, wish.height, wish.quality = 0, 0, min(max(quality, 0), HIGHEST_QUALITY)

    def seen_by(self, sid: str, now: float) -> Mapping[str, int]:  # noqa: ARG002 - the engine's port: who spoke last is a matter of time
        """Track sid to the highest quality that this viewer is to get; what is missing is not sent."""
        viewer = self._people.get(sid)
        return {} if viewer is None else seen_by(viewer, self._people.values(), self._policy.last_n)

    def wanted_layers(self, track_sid: str, now: float) -> int:  # noqa: ARG002 - as `seen_by`
        """The highest quality that anybody is to get; -1 for nobody."""
        found = (person.tracks.get(track_sid) for person in self._people.values())
        track = next((track for track in found if track is not None), None)
        return -1 if track is None else wanted(track, self._people.values(), self._policy.last_n)

    # Evidence

    def take_evidence(self) -> list[EvidenceDraft]:
        """What happened since it was last taken, in order."""
        taken, self._evidence = self._evidence, []
        return taken

    def is_spent(self, now: float) -> bool:
        """Whether nothing would be lost by forgetting this conference."""
        remembered = self._silenced or self._policy != self._first or self._door.remembers(now)
        return not (self._opened or self._people or self._evidence or remembered)

    # Inside

    def _of(self, identity: str) -> Person | None:
        return next((person for person in self._people.values() if person.identity == identity), None)

    def _in_order(self) -> list[Person]:
        return sorted(self._people.values(), key=lambda person: person.voice.order)

    def _open(self, now: float) -> None:
        if not self._opened:
            self._opened = True
            self._evidence.append(EvidenceDraft(now, self.name, "", "", Kind.OPENED))

    def _seat(self, identity: str, name: str, role: str, now: float, earlier: Person | None) -> Person:
        """Who comes anew keeps place, voice and recency; wishes and tracks are the new connection's own."""
        self._arrivals += 1
        voice = Voice(self._arrivals) if earlier is None else earlier.voice
        person = Person(identity, self._new_sid(), name, role, now, voice, identity in self._silenced)
        self._people[person.sid] = person
        self._door.know(identity)
        return person

    def _end(self, person: Person, reason: LeaveReason, now: float) -> None:
        del self._people[person.sid]
        if reason is not LeaveReason.REPLACED:
            self._floor.leave(person.voice)
        self._changed = True
        seconds = round(max(now - person.joined_at, 0.0), 3)
        spoken = round(min(person.speaking_s, seconds), 3)
        facts = {**person.measured, "reason": reason.value, "seconds": seconds, "speaking_s": spoken}
        self._tell(person, Kind.LEFT, now, facts)

    def _end_all(self, reason: LeaveReason, now: float) -> tuple[str, ...]:
        people = self._in_order()
        for person in people:
            self.left(person.sid, reason, now)
        self.fall_asleep(now)
        return tuple(person.sid for person in people)

    def _tell(self, person: Person, kind: Kind, now: float, facts: Mapping[str, Fact]) -> None:
        self._evidence.append(EvidenceDraft(now, self.name, person.identity, person.sid, kind, facts))

    def _rank(self, person: Person) -> bool:
        """Whether the voice takes part in the contest for places: from the first level of an open microphone on."""
        person.ranked = person.audible
        if person.ranked:
            self._floor.enter(person.voice)
            self._changed = True
        return person.ranked

    def _settle_voice(self, person: Person, track: TrackFacts) -> None:
        """After a change of one track: a voice that can't be heard any more gives its place up."""
        self._changed = True
        if track.kind is TrackKind.AUDIO and not person.audible:
            person.ranked = False
            person.voice.be_quiet()
            self._floor.leave(person.voice)

    def _sounds(self, track: Track) -> bool:
        return (
            track.is_audio
            and track.flows
            and (not track.is_voice or not track.owner.ranked or track.owner.voice.placed)
        )
