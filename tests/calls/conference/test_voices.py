import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.conference import Conference, Policy, PolicyChange, Source, TrackFacts, TrackKind
from tests.calls.conference.meeting import PACKET, SPEECH, Level, Meeting


def one_place() -> Meeting:
    meeting = Meeting("citizen", "official", policy=Policy(loudest=1))
    meeting.say(1.0)
    return meeting


def test_without_a_limit_everybody_is_heard() -> None:
    meeting = Meeting("citizen", "official", "cai", policy=Policy(loudest=0))
    meeting.say(1.0, citizen=SPEECH)
    assert meeting.heard == {"citizen", "official", "cai"}


def test_as_many_voices_as_places_are_heard_before_anybody_has_spoken() -> None:
    meeting = Meeting("citizen", "official", "cai", "dan", policy=Policy(loudest=3))
    meeting.say(0.1)
    assert len(meeting.heard) == 3


@pytest.mark.parametrize("level", [15, 30, 45])
def test_a_new_speaker_is_heard_within_300_ms(level: int) -> None:
    meeting = one_place()
    assert meeting.heard == {"citizen"}
    assert meeting.until_heard("official", official=level) <= 0.3


def test_the_packet_that_makes_a_speaker_says_that_the_heard_may_have_changed() -> None:
    meeting = one_place()
    told = []
    for _ in range(12):
        meeting.now += PACKET
        told.append(meeting.room.level(meeting.sids["official"], SPEECH, meeting.now))
    assert told == [False] * 11 + [True]
    assert meeting.heard == {"official"}
    assert not meeting.room.level(meeting.sids["official"], SPEECH, meeting.now + PACKET)


def test_who_answers_at_once_is_heard_within_300_ms_of_beginning() -> None:
    meeting = one_place()
    meeting.say(5.0, citizen=SPEECH)
    assert meeting.until_heard("official", official=SPEECH) <= 0.3


@pytest.mark.parametrize("level", [0, 10, 30])
def test_a_cough_of_200_ms_takes_no_place(level: int) -> None:
    meeting = one_place()
    meeting.say(0.2, official=level)
    meeting.say(1.0)
    assert meeting.heard == {"citizen"}


def test_coughs_that_follow_each_other_take_no_place() -> None:
    meeting = one_place()
    for _ in range(5):
        meeting.say(0.2, official=10)
        meeting.say(0.5)
    assert meeting.heard == {"citizen"}


@given(st.lists(st.floats(0.0, 0.06), min_size=10, max_size=10))
def test_a_cough_takes_no_place_however_its_packets_are_delayed(delays: list[float]) -> None:
    meeting = one_place()
    start = meeting.now
    arrivals = sorted(start + PACKET * (index + 1) + delay for index, delay in enumerate(delays))
    for at in arrivals:
        meeting.room.level(meeting.sids["official"], 10, at)
        assert meeting.room.heard(at) == {"citizen"}


def test_a_speaker_after_a_silence_without_packets_is_heard_within_300_ms() -> None:
    meeting = one_place()
    meeting.now += 30.0
    assert meeting.until_heard("official", official=SPEECH) <= 0.3


def test_the_last_speaker_keeps_the_place_while_nobody_speaks() -> None:
    meeting = one_place()
    meeting.say(1.0, official=SPEECH)
    meeting.say(60.0)
    assert meeting.heard == {"official"}


def talk(seed: int, level: int = SPEECH) -> Level:
    """Words of 150 to 400 ms with pauses of 40 to 160 ms, 5 dB up and down."""
    chance = random.Random(seed)  # noqa: S311 - a made voice is no secret
    state = {"until": 0.0, "loud": False}

    def at(now: float) -> int:
        if now >= state["until"]:
            state["loud"] = not state["loud"]
            state["until"] = now + (chance.uniform(0.15, 0.4) if state["loud"] else chance.uniform(0.04, 0.16))
        return level + chance.randint(-5, 5) if state["loud"] else 90

    return at


@pytest.mark.parametrize("seed", range(5))
def test_two_similar_voices_do_not_flap(seed: int) -> None:
    meeting = one_place()
    meeting.say(60.0, citizen=talk(seed), official=talk(seed + 100))
    assert meeting.changes <= 1


@pytest.mark.parametrize("seed", range(5))
def test_four_who_speak_at_once_do_not_flap_for_three_places(seed: int) -> None:
    meeting = Meeting("citizen", "official", "cai", "dan", policy=Policy(loudest=3))
    voices = {name: talk(seed * 10 + index, SPEECH + index) for index, name in enumerate(meeting.sids)}
    meeting.say(60.0, **voices)
    assert meeting.changes <= 3


def test_a_much_louder_voice_takes_the_place_of_one_that_goes_on() -> None:
    meeting = one_place()
    meeting.say(2.0, citizen=40)
    assert meeting.until_heard("official", citizen=40, official=25) <= 0.5


def test_a_new_speaker_takes_the_place_of_who_has_been_quiet_longest() -> None:
    meeting = Meeting("citizen", "official", "cai", policy=Policy(loudest=2))
    for name in ("cai", "citizen", "official"):
        meeting.say(1.0, **{name: SPEECH})
    assert meeting.heard == {"citizen", "official"}
    meeting.say(1.0, cai=SPEECH)
    assert meeting.heard == {"official", "cai"}


def test_a_closed_microphone_gives_its_place_up_at_once() -> None:
    meeting = one_place()
    meeting.room.mute(meeting.sids["citizen"], "citizen", muted=True, by_chair=False, now=meeting.now)
    assert meeting.heard == {"official"}


def test_a_voice_that_tells_no_level_is_heard_always() -> None:
    meeting = Meeting("citizen", "official", policy=Policy(loudest=1))
    meeting.sids.pop("official")
    meeting.say(2.0, citizen=SPEECH)
    assert meeting.heard == {"citizen", "official"}


def test_the_sound_of_a_shared_screen_is_heard_beside_the_loudest() -> None:
    meeting = one_place()
    sound = TrackFacts("film", TrackKind.AUDIO, Source.SCREEN_SHARE_AUDIO)
    meeting.room.publish(meeting.sids["official"], sound, meeting.now)
    meeting.say(1.0, citizen=SPEECH)
    assert meeting.heard == {"citizen", "film"}


@pytest.mark.parametrize("source", [Source.MICROPHONE, Source.SCREEN_SHARE_AUDIO, Source.UNKNOWN])
def test_no_sound_of_who_was_silenced_by_the_chair_is_heard_under_any_name(source: Source) -> None:
    meeting = Meeting("citizen", "official", policy=Policy(loudest=0))
    assert meeting.room.silence("official", muted=True) == ("official",)
    meeting.room.publish(meeting.sids["official"], TrackFacts("again", TrackKind.AUDIO, source), meeting.now)
    meeting.room.mute(meeting.sids["official"], "official", muted=False, by_chair=False, now=meeting.now)
    meeting.say(1.0, official=0)
    assert meeting.heard == {"citizen"}
    assert meeting.room.is_stopped(meeting.sids["official"], "again")


def test_a_silenced_voice_stays_silenced_over_a_new_connection() -> None:
    meeting = Meeting("citizen", "official", policy=Policy(loudest=0))
    meeting.room.silence("official", muted=True)
    meeting.sids["official"] = meeting.come("official")
    meeting.say(1.0, official=0)
    assert meeting.heard == {"citizen"}
    meeting.room.silence("official", muted=False)
    meeting.say(1.0, official=SPEECH)
    assert meeting.heard == {"citizen", "official"}


def test_giving_the_word_back_opens_nobodys_closed_microphone() -> None:
    meeting = Meeting("citizen", policy=Policy(loudest=0))
    meeting.room.mute(meeting.sids["citizen"], "citizen", muted=True, by_chair=False, now=meeting.now)
    meeting.room.silence("citizen", muted=True)
    meeting.room.silence("citizen", muted=False)
    assert meeting.heard == set()


def test_a_new_limit_holds_at_once() -> None:
    meeting = Meeting("citizen", "official", "cai", policy=Policy(loudest=3))
    meeting.say(1.0, cai=SPEECH)
    meeting.room.change(PolicyChange(loudest=1))
    assert meeting.heard == {"cai"}
    meeting.room.change(PolicyChange(loudest=0))
    assert meeting.heard == {"citizen", "official", "cai"}


def test_speakers_are_told_loudest_first_and_stop_after_their_last_word() -> None:
    meeting = Meeting("citizen", "official")
    meeting.say(1.0, citizen=40, official=20)
    first, second = meeting.room.speakers(meeting.now)
    assert (first.sid, second.sid) == (meeting.sids["official"], meeting.sids["citizen"])
    assert first.active
    assert 0.05 < first.level < 0.2
    meeting.say(0.5)
    assert [speaker.active for speaker in meeting.room.speakers(meeting.now)] == [False, False]


def test_speaking_time_is_that_of_loud_packets_whatever_their_length() -> None:
    meeting = Meeting("citizen")
    for _ in range(500):
        meeting.now += 0.06
        meeting.room.level(meeting.sids["citizen"], SPEECH, meeting.now)
    (present,) = meeting.room.present()
    assert present.speaking_s == pytest.approx(30.0, abs=2.5)


def test_a_flood_of_packets_counts_no_more_than_its_time() -> None:
    meeting = Meeting("citizen")
    for _ in range(10_000):
        meeting.now += 0.001
        meeting.room.level(meeting.sids["citizen"], SPEECH, meeting.now)
    (present,) = meeting.room.present()
    assert present.speaking_s == pytest.approx(10.0, abs=1.5)


@given(st.lists(st.tuples(st.integers(-300, 300), st.floats(-1.0, 5.0)), max_size=50))
def test_hostile_levels_and_a_clock_that_stands_break_nothing(packets: list[tuple[int, float]]) -> None:
    meeting = Meeting("citizen", "official", policy=Policy(loudest=1))
    for dbov, step in packets:
        meeting.now += step
        meeting.room.level(meeting.sids["official"], dbov, meeting.now)
        meeting.room.level("PA_nobody", dbov, meeting.now)
        assert all(0.0 <= speaker.level <= 1.0 for speaker in meeting.room.speakers(meeting.now))
        assert meeting.room.heard(meeting.now) <= {"citizen", "official"}


def test_a_level_costs_microseconds_whoever_else_is_in() -> None:
    meeting = Meeting(*(f"person{index}" for index in range(20)))
    room, sid = meeting.room, meeting.sids["person7"]
    start = time.process_time()
    for index in range(20_000):
        room.level(sid, SPEECH if index // 50 % 2 else 90, meeting.now + index * PACKET)
        room.heard(meeting.now + index * PACKET)
    assert (time.process_time() - start) / 20_000 < 20e-6


def test_a_conference_without_people_is_silent() -> None:
    room = Conference("tyhjä", Policy())
    assert room.heard(1.0) == frozenset()
    assert list(room.speakers(1.0)) == []
