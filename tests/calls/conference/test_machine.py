"""Whatever happens in whatever order, the promises of the conference hold."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, multiple, rule

from bot.calls.conference import (
    Admitted,
    Conference,
    LayerFacts,
    Policy,
    PolicyChange,
    Refusal,
    Source,
    TrackFacts,
    TrackKind,
)
from bot.calls.evidence import EvidenceDraft, Kind, LeaveReason

IDENTITIES = ["citizen", "official", "cai", "dan", "eve"]
SOUNDS = [Source.MICROPHONE, Source.SCREEN_SHARE_AUDIO, Source.UNKNOWN]
ENDS = [LeaveReason.LEFT, LeaveReason.DEAD, LeaveReason.REMOVED]
TOKEN_LIFE = 600.0


class ConferenceMachine(RuleBasedStateMachine):
    tracks = Bundle("tracks")

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0
        self.room = Conference("huone", Policy(loudest=2))
        self.inside: dict[str, str] = {}
        self.was_inside: set[str] = set()
        self.removed: dict[str, float] = {}
        self.closed: float | None = None
        self.silenced: set[str] = set()
        self.owners: dict[str, str] = {}
        self.voices: set[str] = set()
        self.published = 0
        self.evidence: list[EvidenceDraft] = []

    @rule(seconds=st.sampled_from([0.0, 0.02, 0.5, 30.0, 700.0]))
    def time_goes_on(self, seconds: float) -> None:
        self.now += seconds

    @rule(identity=st.sampled_from(IDENTITIES), age=st.sampled_from([0.0, 1.0, 400.0]))
    def somebody_comes(self, identity: str, age: float) -> None:
        policy, issued = self.room.policy, self.now - age
        answer = self.room.admit(identity, identity.title(), "citizen", self.now, issued=issued)
        void = [moment for moment in (self.removed.get(identity), self.closed) if moment is not None]
        if any(issued <= moment and self.now - moment < TOKEN_LIFE for moment in void):
            assert not isinstance(answer, Admitted)
            return
        if identity not in self.inside and policy.locked and identity not in self.was_inside:
            assert not isinstance(answer, Admitted)
            assert answer.why is Refusal.LOCKED
            return
        if identity not in self.inside and 0 < policy.max_participants <= len(self.inside):
            assert not isinstance(answer, Admitted)
            assert answer.why is Refusal.FULL
            return
        assert isinstance(answer, Admitted)
        assert answer.replaces == self.inside.get(identity)
        self.forget_connection(identity)
        self.inside[identity] = answer.sid
        self.was_inside.add(identity)

    @rule(identity=st.sampled_from(IDENTITIES), reason=st.sampled_from(ENDS))
    def somebody_goes(self, identity: str, reason: LeaveReason) -> None:
        self.room.left(self.inside.get(identity, "PA_nobody"), reason, self.now)
        if identity in self.inside and reason is LeaveReason.REMOVED:
            self.removed[identity] = self.now
            self.was_inside.discard(identity)
        self.forget_connection(identity)
        self.inside.pop(identity, None)

    @rule(identity=st.sampled_from(IDENTITIES))
    def the_chair_removes(self, identity: str) -> None:
        assert self.room.remove(identity, self.now) == self.inside.get(identity)
        self.removed[identity] = self.now
        self.was_inside.discard(identity)
        self.forget_connection(identity)
        self.inside.pop(identity, None)

    @rule()
    def the_chair_closes(self) -> None:
        assert set(self.room.close(self.now)) == set(self.inside.values())
        for identity in list(self.inside):
            self.forget_connection(identity)
        self.inside.clear()
        self.was_inside.clear()
        self.removed.clear()
        self.silenced.clear()
        self.closed = self.now

    @rule()
    def an_empty_room_falls_asleep(self) -> None:
        self.room.fall_asleep(self.now)

    @rule(
        locked=st.none() | st.booleans(),
        most=st.none() | st.integers(0, 4),
        loudest=st.none() | st.integers(0, 3),
        last_n=st.none() | st.integers(0, 3),
    )
    def the_rules_change(
        self, *, locked: bool | None, most: int | None, loudest: int | None, last_n: int | None
    ) -> None:
        self.room.change(PolicyChange(locked, most, loudest, last_n))

    @rule(target=tracks, identity=st.sampled_from(IDENTITIES), source=st.sampled_from(SOUNDS), muted=st.booleans())
    def a_sound_is_published(self, *, identity: str, source: Source, muted: bool) -> object:
        return self.publish(identity, TrackKind.AUDIO, source, muted=muted)

    @rule(target=tracks, identity=st.sampled_from(IDENTITIES), source=st.sampled_from(list(Source)))
    def a_picture_is_published(self, identity: str, source: Source) -> object:
        return self.publish(identity, TrackKind.VIDEO, source, muted=False)

    @rule(track=consumes(tracks))
    def a_track_ends(self, track: str) -> None:
        self.room.unpublish(self.sid_of(track), track, self.now)
        self.owners.pop(track, None)
        self.voices.discard(track)

    @rule(track=tracks, muted=st.booleans(), by_chair=st.booleans())
    def a_track_is_muted(self, *, track: str, muted: bool, by_chair: bool) -> None:
        self.room.mute(self.sid_of(track), track, muted=muted, by_chair=by_chair, now=self.now)
        if by_chair and track in self.owners and track.endswith("audio"):
            (self.silenced.add if muted else self.silenced.discard)(self.owners[track])

    @rule(identity=st.sampled_from(IDENTITIES), muted=st.booleans())
    def the_chair_silences(self, *, identity: str, muted: bool) -> None:
        self.room.silence(identity, muted=muted)
        (self.silenced.add if muted else self.silenced.discard)(identity)

    @rule(
        identity=st.sampled_from(IDENTITIES), track=tracks, paused=st.none() | st.booleans(), quality=st.integers(-1, 3)
    )
    def a_viewer_wishes(self, *, identity: str, track: str, paused: bool | None, quality: int) -> None:
        self.room.wish(self.inside.get(identity, "PA_nobody"), track, paused=paused, quality=quality)

    @rule(
        levels=st.dictionaries(st.sampled_from(IDENTITIES), st.integers(0, 127)),
        packets=st.sampled_from([1, 5, 11, 12, 40]),
    )
    def people_speak(self, levels: dict[str, int], packets: int) -> None:
        for _ in range(packets):
            self.now += 0.02
            for identity, level in levels.items():
                self.room.level(self.inside.get(identity, "PA_nobody"), level, self.now)

    def publish(self, identity: str, kind: TrackKind, source: Source, *, muted: bool) -> object:
        if identity not in self.inside:
            return multiple()
        self.published += 1
        sid = f"TR_{self.published}_{kind.value}"
        layers = (LayerFacts(0), LayerFacts(2)) if kind is TrackKind.VIDEO else ()
        self.room.publish(self.inside[identity], TrackFacts(sid, kind, source, layers, muted), self.now)
        self.owners[sid] = identity
        if kind is TrackKind.AUDIO and source is not Source.SCREEN_SHARE_AUDIO:
            self.voices.add(sid)
        return sid

    def forget_connection(self, identity: str) -> None:
        gone = {track for track, owner in self.owners.items() if owner == identity}
        self.owners = {track: owner for track, owner in self.owners.items() if track not in gone}
        self.voices -= gone

    def sid_of(self, track: str) -> str:
        return self.inside.get(self.owners.get(track, ""), "PA_nobody")

    @invariant()
    def those_who_are_in_are_known(self) -> None:
        told = {present.identity: present.sid for present in self.room.present()}
        assert told == self.inside

    @invariant()
    def nobody_hears_or_sees_themselves(self) -> None:
        for identity, sid in self.inside.items():
            reached = {*self.room.heard_by(sid, self.now), *self.room.seen_by(sid, self.now)}
            assert identity not in {self.owners[track] for track in reached}

    @invariant()
    def a_voice_that_the_chair_silenced_is_never_heard(self) -> None:
        assert not self.silenced & {self.owners[track] for track in self.room.heard(self.now)}

    @invariant()
    def no_more_than_the_loudest_are_heard(self) -> None:
        """Of those who tell levels; the voices without can't be ranked."""
        places = self.room.policy.loudest
        heard = {self.owners[track] for track in self.room.heard(self.now) & self.voices}
        ranked = {identity for identity in heard if self.room._people[self.inside[identity]].ranked}
        assert not places or len(ranked) <= places

    @invariant()
    def no_more_than_the_last_n_are_seen(self) -> None:
        places = self.room.policy.last_n
        for sid in self.inside.values():
            seen = self.room.seen_by(sid, self.now)
            people = {self.owners[track] for track in seen if not self.is_screen(track)}
            assert not places or len(people) <= places
            assert set(seen.values()) <= {0, 2}

    def is_screen(self, track: str) -> bool:
        return self.room._people[self.sid_of(track)].tracks[track].is_screen

    @invariant()
    def a_publisher_is_asked_for_what_somebody_gets(self) -> None:
        for track in self.owners:
            got = [self.room.seen_by(sid, self.now).get(track, -1) for sid in self.inside.values()]
            assert self.room.wanted_layers(track, self.now) == max(got, default=-1)

    @invariant()
    def evidence_pairs_and_presences_never_overlap(self) -> None:
        self.evidence += self.room.take_evidence()
        opened, joined = False, dict[str, EvidenceDraft]()
        free_from = dict[str, float]()
        for draft in self.evidence:
            match draft.kind:
                case Kind.OPENED:
                    assert not opened
                    opened = True
                case Kind.CLOSED:
                    assert opened
                    assert not joined
                    opened = False
                case Kind.JOINED:
                    assert opened
                    assert draft.identity not in joined
                    assert draft.at >= free_from.get(draft.identity, 0.0)
                    joined[draft.identity] = draft
                case Kind.LEFT:
                    began = joined.pop(draft.identity)
                    seconds, spoken = draft.facts["seconds"], draft.facts["speaking_s"]
                    assert began.sid == draft.sid
                    assert isinstance(seconds, float)
                    assert isinstance(spoken, float)
                    assert abs(began.at + seconds - draft.at) < 0.01
                    assert 0 <= spoken <= seconds
                    free_from[draft.identity] = draft.at
                case _:
                    assert joined[draft.identity].sid == draft.sid
        assert {identity: draft.sid for identity, draft in joined.items()} == self.inside


TestConference = ConferenceMachine.TestCase
TestConference.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
