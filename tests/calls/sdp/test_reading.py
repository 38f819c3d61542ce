import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.calls.sdp import values
from bot.calls.sdp.reading import LONGEST, MOST_CANDIDATES, MOST_LINES, MOST_SECTIONS, read
from bot.calls.sdp.values import Codec, Description, Section
from bot.calls.sdp.writing import chosen
from tests.calls.rtp.making import unhurried
from tests.calls.sdp import offers


def known(text: str) -> Description:
    description = read(text)
    assert description is not None
    return description


def one(text: str, kind: str) -> Section:
    return next(section for section in known(text).sections if section.kind == kind)


# What browsers send


@pytest.mark.parametrize("text", offers.ALL.values(), ids=offers.ALL)
def test_every_browsers_offer_is_read(text: str) -> None:
    description = known(text)
    assert [section.kind for section in description.sections] == [
        line[2:].split(" ")[0] for line in text.splitlines() if line.startswith("m=")
    ]
    assert description.keys.ufrag == "EsAw"
    assert description.keys.password == "bP+XJMM09aR8AiX1jdukzR6Y"
    assert description.keys.fingerprints == (("sha-256", offers.FINGERPRINT),)
    assert description.keys.setup == "actpass"


def test_chromiums_layers_are_read_from_the_smallest() -> None:
    assert one(offers.chromium_simulcast(), "video").rids == ("q", "h", "f")


def test_firefoxs_layers_are_read_in_its_own_order() -> None:
    assert one(offers.firefox_simulcast(), "video").rids == ("f", "h", "q")


def test_vp8_is_found_behind_any_payload_type_with_its_retransmissions() -> None:
    chromium, firefox = (one(text(), "video") for text in (offers.chromium_simulcast, offers.firefox_simulcast))
    assert chosen(chromium) == Codec(96, "VP8", 90000)
    assert chromium.repair_of(Codec(96, "VP8", 90000)) == Codec(97, "rtx", 90000, 96)
    assert chosen(firefox) == Codec(120, "VP8", 90000)
    assert firefox.repair_of(Codec(120, "VP8", 90000)) == Codec(124, "rtx", 90000, 120)


def test_redundant_sound_offered_first_is_not_taken() -> None:
    section = one(offers.chromium_simulcast(), "audio")
    assert section.codecs[0].name == "red"
    assert chosen(section) == Codec(111, "opus", 48000)


def test_header_extensions_keep_the_clients_numbers() -> None:
    chromium, firefox = (one(text(), "video") for text in (offers.chromium_simulcast, offers.firefox_simulcast))
    assert chromium.extensions[values.RID] == 10
    assert chromium.extensions[values.REPAIRED_RID] == 11
    assert firefox.extensions[values.MID] == 3
    assert firefox.extensions[values.TRANSPORT_CC] == 7


def test_an_extension_of_one_direction_is_read_too() -> None:
    assert "urn:ietf:params:rtp-hdrext:csrc-audio-level" in one(offers.firefox_simulcast(), "audio").extensions


def test_ssrcs_and_those_of_their_retransmissions_are_told_apart() -> None:
    section = one(offers.chromium_single(), "video")
    assert (section.ssrcs, dict(section.repairs)) == ((1111, 2222), {2222: 1111})


def test_a_tracks_own_id_is_the_second_word_of_msid() -> None:
    assert one(offers.chromium_simulcast(), "video").track_id == "cam"
    assert one(offers.firefox_simulcast(), "audio").track_id == "{mic}"


def test_a_description_without_mids_gets_numbers() -> None:
    assert [section.mid for section in known(offers.chromium_without_mids()).sections] == ["0", "1"]


def test_port_zero_refuses_a_section_but_not_with_bundle_only() -> None:
    assert [section.rejected for section in known(offers.chromium_bundle_only()).sections] == [False, False]
    assert [section.rejected for section in known(offers.chromium_after_unpublishing()).sections] == [False] * 2 + [
        True
    ]


def test_keys_of_a_refused_section_are_passed_over() -> None:
    text = offers.chromium_after_unpublishing().replace("a=mid:2", "a=ice-ufrag:gone\r\na=mid:2")
    assert known(text).keys.ufrag == "EsAw"
    first = offers.joined(offers.HEAD, ["m=video 0 UDP/TLS/RTP/SAVPF 96\na=ice-ufrag:gone\na=mid:x"], "x")
    assert known(first + offers.chromium_audio()).keys.ufrag == "EsAw"


def test_keys_may_stand_once_for_the_session() -> None:
    text = f"{offers.HEAD}\n{offers.KEYS}\nm=audio 9 UDP/TLS/RTP/SAVPF 111\na=rtpmap:111 opus/48000/2\na=mid:0\n"
    assert known(text).keys.ufrag == "EsAw"


@pytest.mark.parametrize("direction", ["sendrecv", "sendonly", "recvonly", "inactive"])
def test_each_direction_is_read(direction: str) -> None:
    text = offers.chromium_simulcast().replace("a=sendonly", f"a={direction}")
    assert one(text, "video").direction == direction


def test_without_a_direction_it_is_both_ways() -> None:
    assert one(offers.chromium_simulcast().replace("a=sendonly\r\n", ""), "audio").direction == "sendrecv"


@pytest.mark.parametrize(("told", "held"), [("active", "active"), ("passive", "passive"), ("holdconn", "actpass")])
def test_the_role_in_dtls_is_one_of_three(told: str, held: str) -> None:
    assert known(offers.chromium_simulcast().replace("a=setup:actpass", f"a=setup:{told}")).keys.setup == held


def test_a_fingerprint_in_small_letters_is_the_same() -> None:
    text = offers.chromium_simulcast().replace(offers.FINGERPRINT, offers.FINGERPRINT.lower())
    assert known(text).keys.fingerprints == (("sha-256", offers.FINGERPRINT),)


@pytest.mark.parametrize(("port", "held"), [("5001", 5001), ("x", 5000), ("123456", 5000), ("²", 5000), ("-1", 5000)])
def test_a_port_of_data_that_is_none_becomes_the_usual_one(port: str, held: int) -> None:
    text = offers.chromium_simulcast().replace("a=sctp-port:5000", f"a=sctp-port:{port}")
    assert one(text, "application").sctp_port == held


# What is refused


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        offers.HEAD,
        offers.chromium_simulcast().replace("a=ice-ufrag", "a=other"),
        offers.chromium_simulcast().replace("a=ice-pwd", "a=other"),
        offers.chromium_simulcast().replace("a=fingerprint", "a=other"),
        offers.chromium_simulcast().replace("sha-256", "md5"),
        offers.chromium_simulcast().replace("EsAw", "Es Aw"),
        offers.chromium_simulcast().replace("EsAw", "E" * 257),
        offers.chromium_simulcast().replace("m=audio", "m=text"),
        offers.chromium_simulcast().replace("a=mid:2", "a=mid:1"),
        offers.chromium_simulcast().replace("a=mid:2", "a=mid:<b>"),
    ],
    ids=[
        "nothing",
        "no description",
        "no section",
        "no user",
        "no password",
        "no fingerprint",
        "a weak hash",
        "a blank in the user",
        "a long user",
        "an unknown kind",
        "one mid twice",
        "a mid that is no token",
    ],
)
def test_what_no_bundle_can_be_made_of_is_refused(text: str) -> None:
    assert read(text) is None


def test_text_sections_and_lines_are_capped() -> None:
    audio = offers.chromium_audio(None)
    small = "\nm=audio 9 UDP/TLS/RTP/SAVPF 111"
    assert read(f"{offers.HEAD}\n{audio}" + small * (MOST_SECTIONS - 1)) is not None
    assert read(f"{offers.HEAD}\n{audio}" + small * MOST_SECTIONS) is None
    assert read(f"{offers.HEAD}\n{audio}" + "\na=x" * MOST_LINES) is None
    assert read(f"{offers.HEAD}\n{audio}\na=" + "x" * LONGEST) is None


def test_candidates_layers_and_track_ids_are_capped() -> None:
    candidate = "a=candidate:1 1 udp 2113937151 192.0.2.1 4000 typ host\r\n"
    assert len(known(offers.chromium_simulcast() + candidate * 300).candidates) == MOST_CANDIDATES
    rids = "".join(f"a=rid:r{number} send\r\n" for number in range(50))
    assert one(offers.chromium_simulcast() + rids, "video").rids == ("q", "h", "f")
    long = offers.chromium_simulcast().replace("stream cam", "stream " + "c" * 5000)
    assert len(one(long, "video").track_id) == 256


def test_payload_types_beyond_seven_bits_are_passed_over() -> None:
    text = offers.chromium_simulcast().replace(" 111 9 0", " 111 999 0").replace("a=rtpmap:9 ", "a=rtpmap:999 ")
    assert all(codec.payload_type < 128 for codec in one(text, "audio").codecs)


def test_an_ssrc_beyond_32_bits_is_passed_over() -> None:
    text = offers.chromium_single().replace("a=ssrc:1111", "a=ssrc:9999999999")
    assert one(text, "video").ssrcs == (2222,)


# Hostile text

LINES = sorted({line for text in offers.ALL.values() for line in text.splitlines()})
NUMBERS = st.sampled_from(["0", "-1", "65536", "4294967296", "9" * 5000, "٣", "²", "1e9", "", " ", "\x00"])


@unhurried
@given(st.text(max_size=2000))
@example("m=")
@example("m=audio")
@example("m= 0\na=mid:")
def test_no_text_makes_reading_raise(text: str) -> None:
    assert read(text) is None or isinstance(read(text), Description)


@unhurried
@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=40)), max_size=120))
def test_no_mixture_of_lines_makes_reading_raise(lines: list[str]) -> None:
    head = f"{offers.HEAD}\n{offers.KEYS}\n"
    description = read(head + "\r\n".join(lines))
    assert description is None or len({one.mid for one in description.sections}) == len(description.sections)


@unhurried
@given(st.sampled_from(sorted(offers.ALL)), st.data())
def test_no_number_in_an_offer_makes_reading_raise(name: str, data: st.DataObject) -> None:
    lines = offers.ALL[name].splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    words = lines[at].split(" ")
    word = data.draw(st.integers(0, len(words) - 1))
    prefix, colon, _ = words[word].rpartition(":")
    words[word] = prefix + colon + data.draw(NUMBERS)
    lines[at] = " ".join(words)
    description = read("\r\n".join(lines))
    if description is not None:
        for section in description.sections:
            assert all(0 <= codec.payload_type < 128 for codec in section.codecs)
            assert all(0 <= ssrc <= 0xFFFFFFFF for ssrc in section.ssrcs)


def test_a_format_of_thousands_of_digits_is_no_format() -> None:
    offer = offers.ALL["chromium_simulcast"]
    assert read(offer.replace("SAVPF 63 111", f"SAVPF {'9' * 5000} 63 111")) == read(offer)


@unhurried
@given(st.sampled_from(sorted(offers.ALL)), st.integers(0, 6000), st.integers(0, 200), st.text(max_size=20))
def test_no_cut_in_an_offer_makes_reading_raise(name: str, start: int, length: int, put: str) -> None:
    text = offers.ALL[name]
    read(text[:start] + put + text[start + length :])
