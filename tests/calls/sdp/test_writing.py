import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.sdp.reading import read
from bot.calls.sdp.values import Codec, Description, Keys, Section
from bot.calls.sdp.writing import Local, Sent, answer, chosen, offer
from tests.calls.rtp.making import unhurried
from tests.calls.sdp import offers

KEYS = Keys("ufrag1", "a-long-enough-password", (("sha-256", offers.FINGERPRINT),), "active")
LOCAL = Local(KEYS, ("1 1 udp 2130706431 192.0.2.1 50000 typ host", "2 1 udp 2130706430 192.0.2.2 50000 typ host"), 7)
OFFERING = Local(Keys(KEYS.ufrag, KEYS.password, KEYS.fingerprints, "actpass"), LOCAL.candidates, 7)
TRACKS = [
    Sent("1", "audio", "PA_a|TR_a", "TR_a", 10),
    Sent("2", "video", "PA_a|TR_v", "TR_v", 20, 21),
    Sent("3", "video"),
]


def known(text: str) -> Description:
    description = read(text)
    assert description is not None
    return description


def answered(text: str) -> tuple[str, Description]:
    written = answer(known(text), LOCAL, 1)
    return written, known(written)


def body(text: str, mid: str) -> list[str]:
    """The lines of one section."""
    parts = re.split(r"(?m)^(?=m=)", text)[1:]
    return next(part.splitlines() for part in parts if f"a=mid:{mid}\r\n" in part)


# Answers


@pytest.mark.parametrize("text", offers.ALL.values(), ids=offers.ALL)
def test_an_answer_names_every_section_in_the_offers_order(text: str) -> None:
    _, ours = answered(text)
    theirs = known(text)
    assert [(one.kind, one.mid) for one in ours.sections] == [(one.kind, one.mid) for one in theirs.sections]


@pytest.mark.parametrize("text", offers.ALL.values(), ids=offers.ALL)
def test_an_answer_takes_one_codec_under_the_clients_number(text: str) -> None:
    _, ours = answered(text)
    for mine, theirs in zip(ours.sections, known(text).sections, strict=True):
        codec = chosen(theirs)
        if codec is None or theirs.rejected:
            continue
        assert mine.codecs == tuple(filter(None, (codec, theirs.repair_of(codec))))


@pytest.mark.parametrize("text", offers.ALL.values(), ids=offers.ALL)
def test_an_answers_bundle_holds_what_is_taken_and_nothing_else(text: str) -> None:
    written, ours = answered(text)
    bundle = next(line for line in written.splitlines() if line.startswith("a=group:BUNDLE"))
    assert bundle.split(" ")[1:] == [one.mid for one in ours.sections if not one.rejected]


@pytest.mark.parametrize("text", [offers.chromium_simulcast(), offers.firefox_simulcast()], ids=["chromium", "firefox"])
def test_the_offered_layers_are_taken(text: str) -> None:
    """RFC 8853: each layer by name, and all of them in the line that makes them valid."""
    written, _ = answered(text)
    video = next(one for one in known(text).sections if one.kind == "video")
    lines = body(written, video.mid)
    assert [line for line in lines if line.startswith("a=rid:")] == [f"a=rid:{rid} recv" for rid in video.rids]
    assert "a=simulcast:recv " + ";".join(video.rids) in lines


def test_what_sends_no_layers_is_asked_for_none() -> None:
    assert "simulcast" not in answered(offers.chromium_single())[0]


def test_extensions_are_a_part_of_the_offers_with_the_offers_numbers() -> None:
    for text in offers.ALL.values():
        _, ours = answered(text)
        for mine, theirs in zip(ours.sections, known(text).sections, strict=True):
            assert mine.extensions.items() <= theirs.extensions.items()


def test_sound_is_asked_to_be_silent_in_silence_and_to_carry_its_repair() -> None:
    lines = body(answered(offers.chromium_simulcast())[0], "1")
    assert "a=fmtp:111 minptime=10;useinbandfec=1;usedtx=1;maxaveragebitrate=28000" in lines
    assert lines.count("b=TIAS:28000") == 1
    assert "a=rtcp-fb:111 transport-cc" in lines


def test_pictures_get_the_feedback_that_the_forwarder_lives_on() -> None:
    lines = body(answered(offers.chromium_simulcast())[0], "2")
    assert {f"a=rtcp-fb:96 {one}" for one in ("nack", "nack pli", "ccm fir", "transport-cc")} <= set(lines)


def test_a_section_of_bundle_only_is_taken() -> None:
    assert not any(one.rejected for one in answered(offers.chromium_bundle_only())[1].sections)


def test_a_refused_section_stays_refused_and_in_its_place() -> None:
    written, ours = answered(offers.chromium_after_unpublishing())
    assert [one.rejected for one in ours.sections] == [False, False, True]
    assert body(written, "2")[0].startswith("m=video 0 ")


@pytest.mark.parametrize(("name", "kind"), [("opus", "audio"), ("VP8", "video")])
def test_a_section_without_the_engines_codec_is_refused_alone(name: str, kind: str) -> None:
    _, ours = answered(offers.chromium_simulcast().replace(f" {name}/", " other/"))
    assert {one.kind for one in ours.sections if one.rejected} == {kind}


@pytest.mark.parametrize("direction", ["recvonly", "inactive"])
def test_what_is_not_sent_is_not_received(direction: str) -> None:
    written, ours = answered(offers.chromium_simulcast().replace("a=sendonly", f"a={direction}"))
    assert [one.direction for one in ours.sections if one.kind != "application"] == ["inactive"] * 2
    assert "simulcast" not in written


@pytest.mark.parametrize("text", offers.ALL.values(), ids=offers.ALL)
def test_every_taken_section_has_the_keys_and_the_candidates(text: str) -> None:
    written, ours = answered(text)
    assert (ours.keys, ours.candidates[: len(LOCAL.candidates)]) == (KEYS, LOCAL.candidates)
    for section in ours.sections:
        if not section.rejected:
            assert {"a=setup:active", "a=ice-ufrag:ufrag1", "a=end-of-candidates"} <= set(body(written, section.mid))


@unhurried
@given(st.sampled_from(sorted(offers.ALL)), st.data())
def test_a_mutated_offer_that_can_be_read_gets_an_answer_that_can_be_read(name: str, data: st.DataObject) -> None:
    lines = offers.ALL[name].splitlines()
    for _ in range(data.draw(st.integers(1, 5))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(["drop", "repeat", "swap", "text"])):
            case "drop":
                lines[at : at + 1] = []
            case "repeat":
                lines.insert(at, lines[data.draw(st.integers(0, len(lines) - 1))])
            case "swap":
                other = data.draw(st.integers(0, len(lines) - 1))
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                lines[at] += data.draw(st.text(max_size=8))
    theirs = read("\r\n".join(lines))
    if theirs is None:
        return
    written = answer(theirs, LOCAL, 1)
    assert [line for line in written.splitlines() if line.startswith("a=mid:")] == [
        f"a=mid:{one.mid}" for one in theirs.sections
    ]
    assert all(line[1:2] == "=" for line in written.splitlines())


# Offers


def test_our_own_offer_is_read_back_as_it_was_meant() -> None:
    description = known(offer(OFFERING, 3, TRACKS))
    data, sound, picture, idle = description.sections
    assert description.keys == OFFERING.keys
    assert (data.kind, data.mid, data.sctp_port) == ("application", "0", 5000)
    assert (sound.kind, sound.mid, sound.direction, sound.track_id, sound.ssrcs) == (
        "audio", "1", "sendonly", "TR_a", (10,),
    )  # fmt: skip
    assert (picture.kind, picture.mid, picture.track_id) == ("video", "2", "TR_v")
    assert (picture.ssrcs, dict(picture.repairs)) == ((20, 21), {21: 20})
    assert (idle.kind, idle.mid, idle.direction, idle.ssrcs) == ("video", "3", "inactive", ())


def test_an_offer_has_opus_and_vp8_with_retransmissions_only() -> None:
    _, sound, picture, _ = known(offer(OFFERING, 1, TRACKS)).sections
    assert sound.codecs == (Codec(111, "opus", 48000),)
    assert picture.codecs == (Codec(96, "VP8", 90000), Codec(97, "rtx", 90000, 96))


def test_voice_and_picture_of_one_participant_have_one_name_for_lip_sync() -> None:
    assert set(re.findall(r"cname:(\S+)", offer(OFFERING, 1, TRACKS))) == {"PA_a"}


def test_the_stream_id_tells_participant_and_track() -> None:
    assert "a=msid:PA_a|TR_v TR_v" in body(offer(OFFERING, 1, TRACKS), "2")


def test_the_same_session_has_a_version_for_each_offer() -> None:
    first, second = (offer(OFFERING, version, TRACKS).splitlines()[1] for version in (1, 2))
    assert (first, second) == ("o=- 7 1 IN IP4 127.0.0.1", "o=- 7 2 IN IP4 127.0.0.1")


def test_the_engine_answers_its_own_offer() -> None:
    """Both ends of the tests' client are the engine's own."""
    ours = known(answer(known(offer(OFFERING, 1, TRACKS)), LOCAL, 1))
    assert [one.direction for one in ours.sections[1:]] == ["recvonly", "recvonly", "inactive"]


def test_every_line_ends_as_the_standard_has_it() -> None:
    for text in (offer(OFFERING, 1, TRACKS), answered(offers.chromium_simulcast())[0]):
        assert text.endswith("\r\n")
        assert all(re.match(r"[a-z]=\S", line) for line in text.removesuffix("\r\n").split("\r\n"))


def test_a_section_without_codecs_is_chosen_nothing_from() -> None:
    assert chosen(Section("audio", "1")) is None
    assert chosen(Section("application", "0")) is None
