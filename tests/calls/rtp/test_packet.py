from struct import pack

import pytest
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters
from aiortc.rtp import HeaderExtensions, HeaderExtensionsMap, RtpPacket, wrap_rtx
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.rtp.packet import ExtensionIds, Packet, parse, unwrapped
from tests.calls.rtp.making import extension, rtp, unhurried

IDS = ExtensionIds(mid=1, rid=2, repaired_rid=3, transport_cc=5, audio_level=6)
NONE_AGREED = ExtensionIds()
SDES = "urn:ietf:params:rtp-hdrext:sdes:"
URIS = {
    SDES + "mid": 1,
    SDES + "rtp-stream-id": 2,
    SDES + "repaired-rtp-stream-id": 3,
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01": 5,
    "urn:ietf:params:rtp-hdrext:ssrc-audio-level": 6,
}


def read(data: bytes, ids: ExtensionIds = IDS) -> Packet:
    packet = parse(data, ids)
    assert packet is not None
    return packet


def peer_extensions() -> HeaderExtensionsMap:
    numbers = HeaderExtensionsMap()
    listed = [RTCRtpHeaderExtensionParameters(id=number, uri=uri) for uri, number in URIS.items()]
    numbers.configure(RTCRtpParameters(headerExtensions=listed))
    return numbers


def test_the_header_is_read_to_its_last_bit() -> None:
    packet = read(rtp(b"x", payload_type=127, marker=128, sequence=0xFFFF, timestamp=0xFFFFFFFF, ssrc=0xFFFFFFFE))
    assert (packet.payload_type, packet.marker, packet.sequence) == (127, 128, 0xFFFF)
    assert (packet.timestamp, packet.ssrc, packet.payload) == (0xFFFFFFFF, 0xFFFFFFFE, b"x")


@pytest.mark.parametrize("count", range(16))
def test_contributing_sources_are_stepped_over(count: int) -> None:
    assert read(rtp(b"x\x01", first=0x80 | count, extension=bytes(4 * count))).payload == b"x\x01"


def test_padding_is_taken_off() -> None:
    assert read(rtp(b"x" + bytes(3) + b"\x04", first=0xA0)).payload == b"x"


def test_a_packet_of_padding_alone_has_an_empty_payload() -> None:
    assert read(rtp(bytes(9) + b"\x0a", first=0xA0)).payload == b""


@pytest.mark.parametrize(
    "data",
    [
        b"",
        rtp(b"")[:11],
        rtp(b"x", first=0x40),  # version 1
        rtp(b"x", first=0x8F),  # fifteen contributing sources that aren't there
        rtp(b"xx", first=0x90),  # an extension that isn't there
        rtp(b"\xbe\xde\x00\x02abcd", first=0x90),  # an extension longer than the packet
        rtp(b"x\x00", first=0xA0),  # padding that counts not even itself
        rtp(b"x\x03", first=0xA0),  # more padding than payload
        rtp(b"\x05", first=0xB0, extension=extension(0xBEDE, b"\x10a")),  # padding over the extension
    ],
)
def test_what_lies_about_itself_is_no_packet(data: bytes) -> None:
    assert parse(data, IDS) is None


def test_the_one_byte_form_is_read() -> None:
    elements = b"\x10" + b"0" + b"\x20" + b"q" + b"\x51\x12\x34" + b"\x60\x8a"
    packet = read(rtp(first=0x90, extension=extension(0xBEDE, elements)))
    assert (packet.mid, packet.rid, packet.repaired_rid) == ("0", "q", None)
    assert (packet.transport_sequence, packet.level, packet.voice) == (0x1234, 10, True)
    assert packet.payload == b"sound"


def test_the_two_byte_form_is_read_with_any_application_bits() -> None:
    elements = b"\x01\x050video"[:7] + b"\x00" + b"\x03\x01h" + b"\x05\x02\x12\x34" + b"\x06\x01\x7f"
    packet = read(rtp(first=0x90, extension=extension(0x1007, elements)))
    assert (packet.mid, packet.repaired_rid, packet.transport_sequence) == ("0vide", "h", 0x1234)
    assert (packet.level, packet.voice) == (127, False)


def test_an_empty_element_of_the_two_byte_form_says_nothing() -> None:
    packet = read(rtp(first=0x90, extension=extension(0x1000, b"\x01\x00\x06\x00\x02\x01q")))
    assert (packet.mid, packet.level, packet.rid) == (None, None, "q")


def test_another_form_of_extension_is_stepped_over() -> None:
    packet = read(rtp(first=0x90, extension=extension(0xABCD, b"\x100\x20q")))
    assert (packet.mid, packet.payload) == (None, b"sound")


@pytest.mark.parametrize("stop", [b"\xf0a", b"\x01aa", b"\x2f"])
def test_a_reserved_padded_or_overlong_element_ends_the_reading(stop: bytes) -> None:
    packet = read(rtp(first=0x90, extension=extension(0xBEDE, b"\x10a" + stop + b"\x20q")))
    assert packet.mid == "a"
    assert packet.rid is None or stop == b"\x2f"
    assert packet.payload == b"sound"


@pytest.mark.parametrize("number", range(1, 15))
def test_extensions_nobody_agreed_on_are_not_read(number: int) -> None:
    packet = read(rtp(first=0x90, extension=extension(0xBEDE, bytes((number << 4 | 1,)) + b"ab")), NONE_AGREED)
    assert (packet.mid, packet.rid, packet.repaired_rid) == (None, None, None)
    assert (packet.transport_sequence, packet.level, packet.voice) == (None, None, False)


def test_a_packet_may_end_with_its_extension() -> None:
    assert read(rtp(b"", first=0x90, extension=extension(0xBEDE, b""))).payload == b""
    assert read(rtp(b"", first=0x90, extension=extension(0xBEDE, b"\x100"))).mid == "0"


def test_a_name_outside_ascii_is_no_name() -> None:
    assert read(rtp(first=0x90, extension=extension(0xBEDE, b"\x10\xff"))).mid is None


def test_a_short_transport_sequence_is_none_and_a_long_one_begins_with_it() -> None:
    assert read(rtp(first=0x90, extension=extension(0xBEDE, b"\x50\x12"))).transport_sequence is None
    assert read(rtp(first=0x90, extension=extension(0xBEDE, b"\x53\x12\x34\x80\x01"))).transport_sequence == 0x1234


def test_a_retransmission_holds_the_original() -> None:
    elements = b"\x100" + b"\x30h" + b"\x51\x00\x09"
    data = rtp(
        b"\xff\xfepicture", payload_type=97, marker=128, sequence=5, first=0x90, extension=extension(0xBEDE, elements)
    )
    original = unwrapped(read(data), 96, 70)
    assert original is not None
    assert (original.payload_type, original.sequence, original.ssrc) == (96, 0xFFFE, 70)
    assert (original.payload, original.marker, original.rid, original.mid) == (b"picture", 128, "h", "0")
    assert original.transport_sequence == 9


def test_without_a_known_stream_the_retransmissions_own_stays() -> None:
    original = unwrapped(read(rtp(b"\x00\x01x", ssrc=99)), 96)
    assert original is not None
    assert original.ssrc == 99


@pytest.mark.parametrize("payload", [b"", b"\x01"])
def test_a_probe_on_the_retransmission_stream_holds_nothing(payload: bytes) -> None:
    assert unwrapped(read(rtp(payload)), 96) is None


@unhurried
@given(
    sequence=st.integers(0, 0xFFFF),
    marker=st.booleans(),
    payload=st.binary(max_size=40),
    padding=st.integers(0, 255),
    mid=st.none() | st.text("abcdef0123456789", min_size=1, max_size=20),
    level=st.none() | st.tuples(st.booleans(), st.integers(0, 127)),
    transport=st.none() | st.integers(0, 0xFFFF),
)
def test_it_reads_what_aiortc_writes_in_either_form(
    *,
    sequence: int,
    marker: bool,
    payload: bytes,
    padding: int,
    mid: str | None,
    level: tuple[bool, int] | None,
    transport: int | None,
) -> None:
    sent = RtpPacket(payload_type=96, marker=marker, sequence_number=sequence, timestamp=4_000_000_000, payload=payload)
    sent.ssrc, sent.csrc, sent.padding_size = 1, [8, 9], padding
    sent.extensions = HeaderExtensions(mid=mid, audio_level=level, transport_sequence_number=transport)
    packet = read(sent.serialize(peer_extensions()))
    assert (packet.sequence, packet.marker, packet.payload) == (sequence, 128 * marker, payload)
    assert (packet.mid, packet.transport_sequence) == (mid, transport)
    assert (packet.voice, packet.level) == (level or (False, None))


@unhurried
@given(st.integers(0, 0xFFFF), st.binary(max_size=40))
def test_it_unwraps_what_aiortc_wraps(sequence: int, payload: bytes) -> None:
    sent = wrap_rtx(RtpPacket(payload_type=96, sequence_number=sequence, payload=payload), 97, 3, 70)
    original = unwrapped(read(sent.serialize()), 96, 7)
    assert original is not None
    assert (original.sequence, original.payload_type, original.payload) == (sequence, 96, payload)


@unhurried
@given(st.binary(max_size=120))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    for ids in (IDS, NONE_AGREED):
        packet = parse(data, ids)
        if packet is not None:
            unwrapped(packet, 96)


@unhurried
@given(st.sampled_from([0xBEDE, 0x1000, 0x100F]), st.binary(max_size=80), st.binary(max_size=20), st.integers(0, 255))
def test_no_extensions_make_it_raise_or_reach_the_payload(
    profile: int, elements: bytes, payload: bytes, last: int
) -> None:
    data = rtp(payload + bytes((last,)), first=0x90, extension=extension(profile, elements))
    assert read(data).payload == payload + bytes((last,))
    parse(bytes((0xB0,)) + data[1:], IDS)


def test_every_cut_of_a_sound_packet_is_survived() -> None:
    data = rtp(b"x" + bytes(3) + b"\x04", first=0xB1, extension=pack("!L", 1) + extension(0xBEDE, b"\x100\x51\x12\x34"))
    assert read(data).payload == b"x"
    for size in range(len(data)):
        parse(data[:size], IDS)
