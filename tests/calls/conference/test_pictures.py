import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.conference import LayerFacts, Policy, PolicyChange, Source, TrackFacts, TrackKind
from bot.calls.evidence import Kind
from tests.calls.conference.meeting import SPEECH, Meeting

LAYERS = (LayerFacts(0, 320, 180, 150_000), LayerFacts(1, 640, 360, 500_000), LayerFacts(2, 1280, 720, 1_700_000))


def with_layers(meeting: Meeting, name: str, layers: tuple[LayerFacts, ...] = LAYERS) -> None:
    meeting.room.publish(
        meeting.sids[name], TrackFacts(f"{name}:camera", TrackKind.VIDEO, Source.CAMERA, layers), meeting.now
    )


def seen(meeting: Meeting, viewer: str) -> dict[str, int]:
    return dict(meeting.room.seen_by(meeting.sids[viewer], meeting.now))


@pytest.fixture
def pair() -> Meeting:
    meeting = Meeting("citizen", "official")
    with_layers(meeting, "citizen")
    with_layers(meeting, "official")
    return meeting


def test_everybody_sees_the_others_and_never_themselves(pair: Meeting) -> None:
    assert seen(pair, "citizen") == {"official:camera": 2}
    assert seen(pair, "official") == {"citizen:camera": 2}


@pytest.mark.parametrize(
    ("width", "height", "quality"),
    [(160, 90, 0), (320, 180, 0), (350, 197, 0), (480, 270, 1), (640, 360, 1), (1000, 563, 2), (4000, 3000, 2)],
)
def test_a_tile_gets_the_smallest_layer_that_fills_it(pair: Meeting, width: int, height: int, quality: int) -> None:
    pair.room.wish(pair.sids["citizen"], "official:camera", width=width, height=height)
    assert seen(pair, "citizen") == {"official:camera": quality}


def test_an_upright_picture_is_measured_by_its_width() -> None:
    meeting = Meeting("citizen", "official")
    upright = tuple(LayerFacts(layer.quality, layer.height, layer.width) for layer in LAYERS)
    with_layers(meeting, "official", upright)
    meeting.room.wish(meeting.sids["citizen"], "official:camera", width=360, height=360)
    assert seen(meeting, "citizen") == {"official:camera": 1}


def test_a_wished_quality_is_never_exceeded(pair: Meeting) -> None:
    pair.room.wish(pair.sids["citizen"], "official:camera", quality=1)
    assert seen(pair, "citizen") == {"official:camera": 1}


def test_a_size_beats_the_zero_that_clients_leave_for_quality_beside_it(pair: Meeting) -> None:
    pair.room.wish(pair.sids["citizen"], "official:camera", quality=0, width=1280, height=720)
    assert seen(pair, "citizen") == {"official:camera": 2}


def test_a_quality_alone_ends_the_wish_for_a_size(pair: Meeting) -> None:
    pair.room.wish(pair.sids["citizen"], "official:camera", width=160, height=90)
    pair.room.wish(pair.sids["citizen"], "official:camera", quality=2, width=0, height=0)
    assert seen(pair, "citizen") == {"official:camera": 2}


def test_hiding_a_picture_keeps_the_size_that_was_wished(pair: Meeting) -> None:
    pair.room.wish(pair.sids["citizen"], "official:camera", width=160, height=90)
    pair.room.wish(pair.sids["citizen"], "official:camera", paused=True)
    pair.room.wish(pair.sids["citizen"], "official:camera", paused=False)
    assert seen(pair, "citizen") == {"official:camera": 0}


def test_a_hidden_or_unwanted_picture_is_not_sent(pair: Meeting) -> None:
    pair.room.wish(pair.sids["citizen"], "official:camera", paused=True)
    assert seen(pair, "citizen") == {}
    pair.room.wish(pair.sids["citizen"], "official:camera", paused=False, subscribed=False)
    assert seen(pair, "citizen") == {}
    pair.room.wish(pair.sids["citizen"], "official:camera", subscribed=True)
    assert seen(pair, "citizen") == {"official:camera": 2}


def test_a_wish_may_come_before_its_track() -> None:
    meeting = Meeting("citizen", "official")
    meeting.room.wish(meeting.sids["citizen"], "official:camera", quality=0)
    with_layers(meeting, "official")
    assert seen(meeting, "citizen") == {"official:camera": 0}


def test_a_publisher_is_asked_for_the_best_that_anybody_gets(pair: Meeting) -> None:
    pair.sids["cai"] = pair.come("cai")
    pair.room.wish(pair.sids["citizen"], "official:camera", quality=0)
    pair.room.wish(pair.sids["cai"], "official:camera", quality=1)
    assert pair.room.wanted_layers("official:camera", pair.now) == 1
    pair.room.wish(pair.sids["cai"], "official:camera", paused=True)
    assert pair.room.wanted_layers("official:camera", pair.now) == 0
    pair.room.wish(pair.sids["citizen"], "official:camera", paused=True)
    assert pair.room.wanted_layers("official:camera", pair.now) == -1


def test_a_picture_that_its_owner_or_the_chair_stopped_is_sent_to_nobody(pair: Meeting) -> None:
    for by_chair in (False, True):
        pair.room.mute(pair.sids["official"], "official:camera", muted=True, by_chair=by_chair, now=pair.now)
        assert seen(pair, "citizen") == {}
        assert pair.room.is_stopped(pair.sids["official"], "official:camera") is by_chair
        pair.room.mute(pair.sids["official"], "official:camera", muted=False, by_chair=by_chair, now=pair.now)
    pair.room.mute(pair.sids["official"], "official:camera", muted=True, by_chair=True, now=pair.now)
    pair.room.mute(pair.sids["official"], "official:camera", muted=False, by_chair=False, now=pair.now)
    assert seen(pair, "citizen") == {}


def test_the_last_to_speak_are_seen_and_shared_screens_always() -> None:
    meeting = Meeting("citizen", "official", "cai", "dan", policy=Policy(last_n=2))
    for name in meeting.sids:
        meeting.show(name)
    meeting.show("citizen", Source.SCREEN_SHARE)
    for name in ("dan", "cai", "official"):
        meeting.say(1.0, **{name: SPEECH})
    assert set(seen(meeting, "citizen")) == {"official:camera", "cai:camera"}
    assert set(seen(meeting, "official")) == {"citizen:screen_share", "cai:camera", "dan:camera"}


def test_who_shows_no_picture_takes_none_of_the_last_n() -> None:
    meeting = Meeting("citizen", "official", "cai", policy=Policy(last_n=1))
    meeting.show("official")
    meeting.say(1.0, cai=SPEECH)
    assert set(seen(meeting, "citizen")) == {"official:camera"}


def test_a_cough_changes_no_picture() -> None:
    meeting = Meeting("citizen", "official", "cai", policy=Policy(last_n=1))
    meeting.show("official")
    meeting.show("cai")
    meeting.say(1.0, official=SPEECH)
    meeting.say(0.2, cai=5)
    assert set(seen(meeting, "citizen")) == {"official:camera"}


def test_new_rules_for_pictures_hold_at_once(pair: Meeting) -> None:
    pair.sids["cai"] = pair.come("cai")
    pair.room.change(PolicyChange(last_n=1))
    assert len(seen(pair, "cai")) == 1


def test_nobody_hears_themselves_or_what_they_do_not_want(pair: Meeting) -> None:
    assert pair.room.heard_by(pair.sids["citizen"], pair.now) == {"official"}
    pair.room.wish(pair.sids["citizen"], "official", subscribed=False)
    assert pair.room.heard_by(pair.sids["citizen"], pair.now) == frozenset()


def test_a_known_track_takes_new_layers_without_new_evidence(pair: Meeting) -> None:
    pair.room.take_evidence()
    with_layers(pair, "official", LAYERS[:1])
    assert seen(pair, "citizen") == {"official:camera": 0}
    assert pair.room.take_evidence() == []


def test_evidence_tells_of_tracks_and_of_the_first_packet_once() -> None:
    meeting = Meeting("citizen")
    meeting.room.take_evidence()
    sid = meeting.sids["citizen"]
    meeting.show("citizen")
    for _ in range(3):
        meeting.room.media(sid, Source.CAMERA, meeting.now)
    meeting.room.unpublish(sid, "citizen:camera", meeting.now)
    meeting.room.unpublish(sid, "citizen:camera", meeting.now)
    told = [(draft.kind, dict(draft.facts)) for draft in meeting.room.take_evidence()]
    track = {"track": "citizen:camera", "source": "camera"}
    assert told == [(Kind.PUBLISHED, track), (Kind.MEDIA, {"source": "camera"}), (Kind.UNPUBLISHED, track)]


def test_the_staff_is_told_what_each_one_sends(pair: Meeting) -> None:
    pair.show("official", Source.SCREEN_SHARE)
    pair.room.mute(pair.sids["official"], "official", muted=True, by_chair=False, now=pair.now)
    pair.room.measured(pair.sids["official"], quality="good")
    citizen, official = pair.room.present()
    assert (citizen.publishes, citizen.muted, citizen.quality) == (("audio", "video"), False, "unknown")
    assert (official.publishes, official.muted, official.quality) == (("audio", "video", "screen"), True, "good")


@given(quality=st.integers(), width=st.integers(), height=st.integers(), known=st.sets(st.sampled_from(LAYERS)))
def test_whatever_is_wished_an_existing_layer_comes_out(
    quality: int, width: int, height: int, known: set[LayerFacts]
) -> None:
    meeting = Meeting("citizen", "official")
    with_layers(meeting, "official", tuple(known))
    meeting.room.wish(meeting.sids["citizen"], "official:camera", quality=quality, width=width, height=height)
    (sent,) = seen(meeting, "citizen").values()
    assert sent in ({layer.quality for layer in known} or {0, 1, 2})


def test_what_twenty_people_get_is_worked_out_within_a_few_milliseconds() -> None:
    meeting = Meeting(*(f"person{index}" for index in range(20)), policy=Policy(last_n=6))
    for name in meeting.sids:
        with_layers(meeting, name)
    start = time.process_time()
    for _ in range(5):
        for name, sid in meeting.sids.items():
            meeting.room.seen_by(sid, meeting.now)
            meeting.room.wanted_layers(f"{name}:camera", meeting.now)
    assert (time.process_time() - start) / 5 < 0.03
