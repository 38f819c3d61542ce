import json
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from livekit.protocol import models as pm
from livekit.protocol import rtc as pr

from bot.calls.conference.values import Speaker
from bot.calls.signalling import messages
from bot.calls.signalling.tokens import Pass
from tests.calls.rtp.making import unhurried

HELD = Pass("huone", "me", name="Äiti", role="guest", attributes={"role": "guest"})
TRACK = pm.TrackInfo(sid="TR_1", type=pm.TrackType.AUDIO)


def sent(message: pr.SignalResponse) -> pr.SignalResponse:
    """As the client reads it from the wire."""
    return pr.SignalResponse.FromString(message.SerializeToString())


def known(held: Pass = HELD, *, gone: bool = False) -> pm.ParticipantInfo:
    return messages.participant(held, "PA_1", 1000.5, [TRACK], version=3, gone=gone)


def joined() -> pr.JoinResponse:
    relay = pr.ICEServer(urls=["turn:turn.example:3478"], username="u", credential="c")
    other = messages.participant(replace(HELD, identity="other"), "PA_2", 999.0, [], version=1)
    return sent(messages.joined(messages.room("RM_1", "huone", 2), known(), [other], [relay])).join


# The first message


def test_the_first_message_says_which_protocol_is_spoken() -> None:
    assert joined().server_info.protocol == messages.PROTOCOL == 16
    assert joined().server_info.version == joined().server_version == messages.SERVER


def test_resuming_is_disabled_since_a_lost_way_is_made_anew() -> None:
    assert joined().client_configuration.resume_connection == pm.ClientConfigSetting.DISABLED


def test_two_connections_are_used_with_the_subscribers_first() -> None:
    assert joined().subscriber_primary is True


def test_a_client_that_hears_no_pong_in_time_comes_anew() -> None:
    assert (joined().ping_interval, joined().ping_timeout) == (messages.PING_S, messages.PING_TIMEOUT_S)
    assert messages.PING_TIMEOUT_S > 2 * messages.PING_S


def test_vp8_and_opus_are_what_may_be_published() -> None:
    assert [one.mime for one in joined().enabled_publish_codecs] == ["audio/opus", "video/VP8"]
    assert [one.mime for one in joined().room.enabled_codecs] == ["audio/opus", "video/VP8"]


def test_others_and_relays_are_told_at_once() -> None:
    assert [one.identity for one in joined().other_participants] == ["other"]
    assert [list(one.urls) for one in joined().ice_servers] == [["turn:turn.example:3478"]]


def test_there_is_a_trailer_that_no_frame_of_ours_has() -> None:
    assert joined().sif_trailer == messages.SIF_TRAILER


# Participants


def test_a_participant_is_told_with_everything_that_clients_order_by() -> None:
    told = sent(messages.updated(known())).update.participants[0]
    assert (told.sid, told.identity, told.name, told.version) == ("PA_1", "me", "Äiti", 3)
    assert (told.joined_at, told.joined_at_ms) == (1000, 1000500)
    assert (told.state, told.kind) == (pm.ParticipantInfo.ACTIVE, pm.ParticipantInfo.STANDARD)
    assert (dict(told.attributes), [track.sid for track in told.tracks]) == ({"role": "guest"}, ["TR_1"])
    assert told.is_publisher is True


def test_who_is_gone_is_told_as_disconnected() -> None:
    assert known(gone=True).state == pm.ParticipantInfo.DISCONNECTED


@pytest.mark.parametrize("name", ["can_publish", "can_subscribe", "can_publish_data"])
def test_a_right_that_is_not_granted_is_not_told(name: str) -> None:
    assert getattr(known().permission, name) is True
    withheld = replace(HELD, **{name: False})  # type: ignore[arg-type]  # each name is a flag's
    assert getattr(known(withheld).permission, name) is False


def test_nobody_is_told_to_be_hidden_or_to_record() -> None:
    assert (known().permission.hidden, known().permission.recorder) == (False, False)


# Ends


@pytest.mark.parametrize(
    ("come_back", "action"), [(True, pr.LeaveRequest.RECONNECT), (False, pr.LeaveRequest.DISCONNECT)]
)
def test_a_goodbye_says_whether_to_come_back(*, come_back: bool, action: int) -> None:
    told = sent(messages.leave(pm.DisconnectReason.SERVER_SHUTDOWN, come_back=come_back)).leave
    assert (told.action, told.can_reconnect, told.reason) == (action, come_back, pm.DisconnectReason.SERVER_SHUTDOWN)


# Times


def test_either_form_of_ping_gets_its_own_form_of_answer() -> None:
    before = int(time.time() * 1000)
    old = messages.pong(pr.SignalRequest(ping=5))
    new = messages.pong(pr.SignalRequest(ping_req=pr.Ping(timestamp=5)))
    assert old.WhichOneof("message") == "pong"
    assert old.pong >= before
    assert (new.pong_resp.last_ping_timestamp, new.pong_resp.timestamp >= before) == (5, True)


# Tracks


@pytest.mark.parametrize(
    ("highest", "enabled"), [(-1, []), (0, [0]), (1, [0, 1]), (2, [0, 1, 2])]
)  # fmt: skip
def test_only_layers_that_somebody_watches_are_asked_for(highest: int, enabled: list[int]) -> None:
    told = sent(messages.layers("TR_1", highest)).subscribed_quality_update
    assert told.track_sid == "TR_1"
    assert [one.quality for one in told.subscribed_qualities if one.enabled] == enabled
    assert len(told.subscribed_qualities) == 3
    (codec,) = told.subscribed_codecs
    assert (codec.codec, list(codec.qualities)) == ("vp8", list(told.subscribed_qualities))


def test_a_description_carries_its_number_both_ways() -> None:
    assert (sent(messages.offer("v=0", 7)).offer.id, messages.offer("v=0", 7).offer.type) == (7, "offer")
    assert (sent(messages.answer("v=0", 8)).answer.id, messages.answer("v=0", 8).answer.type) == (8, "answer")


def test_a_published_track_is_known_by_the_clients_own_id() -> None:
    told = sent(messages.published("cid", TRACK)).track_published
    assert (told.cid, told.track.sid) == ("cid", "TR_1")


@pytest.mark.parametrize("paused", [True, False])
def test_a_picture_that_stops_for_want_of_room_is_told(*, paused: bool) -> None:
    (told,) = messages.stream_state("PA_1", "TR_1", paused=paused).stream_state_update.stream_states
    assert told.state == (pr.StreamState.PAUSED if paused else pr.StreamState.ACTIVE)
    assert (told.participant_sid, told.track_sid) == ("PA_1", "TR_1")


@pytest.mark.parametrize("muted", [True, False])
def test_a_publisher_is_asked_to_mute_itself(*, muted: bool) -> None:
    told = messages.mute("TR_1", muted=muted).mute
    assert (told.sid, told.muted) == ("TR_1", muted)


def test_a_publisher_learns_that_somebody_receives() -> None:
    assert messages.subscribed("TR_1").track_subscribed.track_sid == "TR_1"


# Levels and lines


def test_speakers_are_told_with_their_level() -> None:
    told = sent(messages.speakers([Speaker("PA_1", 0.5, active=True), Speaker("PA_2", 0.0, active=False)]))
    assert [(one.sid, one.active) for one in told.speakers_changed.speakers] == [("PA_1", True), ("PA_2", False)]
    assert told.speakers_changed.speakers[0].level == pytest.approx(0.5)


@given(st.text(max_size=10))
def test_a_line_is_never_told_to_be_lost_whatever_was_measured(word: str) -> None:
    """Clients take LOST as the order to begin anew."""
    (told,) = messages.qualities([("PA_1", word, 0.0)]).connection_quality.updates
    assert told.quality != pm.ConnectionQuality.LOST


def test_a_line_is_told_in_three_words() -> None:
    told = messages.qualities([("a", "poor", 1), ("b", "good", 3), ("c", "excellent", 5)]).connection_quality.updates
    assert [one.quality for one in told] == [
        pm.ConnectionQuality.POOR,
        pm.ConnectionQuality.GOOD,
        pm.ConnectionQuality.EXCELLENT,
    ]


# Refusals


def test_new_metadata_is_refused_by_the_requests_number() -> None:
    asked = pr.SignalRequest(update_metadata=pr.UpdateParticipantMetadata(name="King", request_id=9))
    told = messages.refused(asked).request_response
    assert (told.request_id, told.reason) == (9, pr.RequestResponse.NOT_ALLOWED)


# Candidates of clients


def test_a_candidate_is_read_without_its_prefix() -> None:
    line = "1 1 udp 2113937151 192.0.2.1 4000 typ host"
    assert messages.candidate_line(json.dumps({"candidate": f"candidate:{line}", "sdpMid": "0"})) == line


@pytest.mark.parametrize(
    "init",
    [
        "",
        "null",
        "[]",
        "7",
        '"candidate"',
        "{}",
        '{"candidate": null}',
        '{"candidate": ""}',
        '{"candidate": 7}',
        '{"candidate": ["x"]}',
        '{"candidate": "' + "x" * messages.LONGEST_CANDIDATE + '"}',
        "{" * 100,
    ],
)
def test_the_end_of_candidates_and_what_is_none_give_nothing(init: str) -> None:
    assert messages.candidate_line(init) == ""


@unhurried
@given(st.text(max_size=200))
def test_no_text_makes_reading_a_candidate_raise(text: str) -> None:
    assert isinstance(messages.candidate_line(text), str)


def test_a_candidate_nested_without_end_gives_nothing() -> None:
    assert messages.candidate_line("[" * 100_000) == ""
