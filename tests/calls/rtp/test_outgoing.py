from itertools import pairwise
from struct import unpack_from

import pytest
from aiortc.rtp import RtcpPacket, RtcpSrPacket, RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.rtp.outgoing import Outgoing
from bot.calls.rtp.packet import ExtensionIds, Packet, parse
from bot.calls.rtp.vp8 import Descriptor, descriptor
from tests.calls.rtp.making import DELTA, KEY, picture, sound, unhurried

MICROPHONE, CAMERA, OTHER = "microphone", "camera", "other"
IDS = ExtensionIds(transport_cc=5)


def voice() -> Outgoing:
    return Outgoing(70, 111, 48000, is_video=False)


def film() -> Outgoing:
    return Outgoing(71, 100, 90000, is_video=True, transport_cc_id=5, abs_send_time_id=2)


def read(data: bytearray | None) -> Packet:
    assert data is not None
    packet = parse(bytes(data), IDS)
    assert packet is not None
    return packet


def numbers(data: bytearray | None) -> Descriptor:
    found = descriptor(read(data).payload)
    assert found is not None
    return found


def heard(out: Outgoing, *packets: Packet, source: object = MICROPHONE) -> list[int | None]:
    """The sequence numbers that come out, relative to the first one."""
    came = [out.forward(packet, source, None, 1 + number / 50) for number, packet in enumerate(packets)]
    sequences = [None if data is None else read(data).sequence for data in came]
    first = next(sequence for sequence in sequences if sequence is not None)
    return [None if sequence is None else (sequence - first) & 0xFFFF for sequence in sequences]


def test_a_packet_of_sound_gets_our_stream_and_keeps_its_content() -> None:
    out = voice()
    packet = read(out.forward(Packet(96, 0, 9, 1234, 7, b"opus"), MICROPHONE, None, 1.0))
    assert (packet.ssrc, packet.payload_type, packet.timestamp, packet.payload) == (70, 111, 1234, b"opus")
    assert out.current is MICROPHONE


def test_the_first_sound_bears_a_marker_and_the_next_ones_their_own() -> None:
    out = voice()
    assert read(out.forward(sound(1), MICROPHONE, None, 1.0)).marker == 128
    assert read(out.forward(sound(2), MICROPHONE, None, 1.02)).marker == 0
    assert read(out.forward(Packet(96, 128, 3, 0, 7, b"x"), MICROPHONE, None, 1.04)).marker == 128


def test_gaps_and_order_stay_what_they_are() -> None:
    assert heard(voice(), *map(sound, (10, 11, 14, 12, 15))) == [0, 1, 4, 2, 5]


def test_the_sources_numbers_wrap_within_ours() -> None:
    assert heard(voice(), *map(sound, range(65533, 65540))) == list(range(7))


def test_our_numbers_wrap_at_65535() -> None:
    out = voice()
    sequences = [read(out.forward(sound(number), MICROPHONE, None, number / 50)).sequence for number in range(70_000)]
    assert {(later - sooner) & 0xFFFF for sooner, later in pairwise(sequences)} == {1}


def test_timestamps_wrap() -> None:
    out = voice()
    out.forward(Packet(96, 0, 1, 0xFFFFFFFF, 7, b"x"), MICROPHONE, None, 1.0)
    assert read(out.forward(Packet(96, 0, 2, 959, 7, b"x"), MICROPHONE, None, 1.02)).timestamp == 959


def test_our_first_number_leaves_room_before_the_wrap() -> None:
    assert all(read(voice().forward(sound(60_000), MICROPHONE, None, 1.0)).sequence <= 0x8000 for _ in range(50))


def test_a_packet_skipped_on_purpose_leaves_no_gap() -> None:
    out = voice()
    first = read(out.forward(sound(1), MICROPHONE, None, 1.0)).sequence
    out.skip(sound(2), MICROPHONE)
    out.skip(sound(3), MICROPHONE)
    assert read(out.forward(sound(4), MICROPHONE, None, 1.1)).sequence == (first + 1) & 0xFFFF


def test_a_late_packet_from_before_the_skip_keeps_its_number() -> None:
    out = voice()
    heard(out, sound(1), sound(3))
    out.skip(sound(4), MICROPHONE)
    assert heard(out, sound(5), sound(2)) == [0, 0xFFFF - 1]


def test_a_packet_lost_between_two_skips_keeps_its_number_too() -> None:
    out = voice()
    first = read(out.forward(sound(1), MICROPHONE, None, 1.0)).sequence
    out.skip(sound(2), MICROPHONE)
    out.skip(sound(4), MICROPHONE)
    came = [read(out.forward(sound(number), MICROPHONE, None, 1.1)).sequence for number in (5, 3)]
    assert [(sequence - first) & 0xFFFF for sequence in came] == [2, 1]


def test_a_skip_of_another_source_or_of_a_late_packet_changes_nothing() -> None:
    out = voice()
    heard(out, sound(5))
    out.skip(sound(6), OTHER)
    out.skip(sound(4), MICROPHONE)
    assert heard(out, sound(6), sound(7)) == [0, 1]


def test_empty_packets_are_skipped_without_a_gap() -> None:
    out = voice()
    assert heard(out, sound(1), sound(2, payload=b""), sound(3)) == [0, None, 1]


def test_a_late_empty_packet_fills_its_gap_with_padding() -> None:
    out = voice()
    heard(out, sound(1), sound(3))
    packet = read(out.forward(sound(2, payload=b""), MICROPHONE, None, 1.1))
    assert packet.payload == b""


def test_a_pause_leaves_no_gap_in_numbers_and_the_whole_gap_in_time() -> None:
    out = voice()
    before = read(out.forward(sound(1), MICROPHONE, None, 1.0))
    out.pause()
    after = read(out.forward(sound(501), MICROPHONE, None, 11.0))
    assert (after.sequence - before.sequence) & 0xFFFF == 1
    assert after.timestamp - before.timestamp == 500 * 960
    assert after.marker == 128


def test_a_packet_from_before_the_pause_ends_it_not() -> None:
    out = voice()
    heard(out, sound(100))
    out.pause()
    assert out.forward(sound(99), MICROPHONE, None, 1.1) is None
    assert out.forward(sound(101), MICROPHONE, None, 1.2) is not None


def test_a_long_pause_ends_whatever_the_number() -> None:
    out = voice()
    heard(out, sound(100))
    out.pause()
    assert out.forward(sound(50), MICROPHONE, None, 900.0) is not None


def test_what_is_far_too_late_is_dropped() -> None:
    out = voice()
    heard(out, sound(1000), sound(1600))
    assert out.forward(sound(1001), MICROPHONE, None, 2.0) is None


def test_one_number_out_of_all_order_is_dropped_and_two_are_a_restart() -> None:
    out = voice()
    assert heard(out, sound(1), sound(30_000, 5), sound(2), sound(40_000, 7), sound(40_001, 967)) == [
        0,
        None,
        1,
        None,
        2,
    ]
    assert heard(out, sound(40_002)) == [0]


def test_two_voices_in_one_stream_follow_each_other_by_the_time_that_passed() -> None:
    out = voice()
    before = read(out.forward(sound(7, 5000), MICROPHONE, None, 1.0))
    after = read(out.forward(sound(60_000, 9), OTHER, None, 1.5))
    assert (after.sequence - before.sequence) & 0xFFFF == 1
    assert after.timestamp - before.timestamp == 24_000


def test_without_extensions_the_header_has_twelve_bytes() -> None:
    out = voice()
    data = out.forward(sound(1), MICROPHONE, None, 1.0)
    assert data is not None
    assert (out.transport_cc_at, out.abs_send_time_at, bytes(data[12:])) == (0, 0, b"sound")


@pytest.mark.parametrize(("transport", "send_time"), [(5, 0), (0, 2), (5, 2), (14, 1)])
def test_the_offsets_point_at_the_extensions(transport: int, send_time: int) -> None:
    out = Outgoing(70, 111, 48000, is_video=False, transport_cc_id=transport, abs_send_time_id=send_time)
    data = out.forward(sound(1), MICROPHONE, None, 3.5)
    assert data is not None
    if transport:
        data[out.transport_cc_at : out.transport_cc_at + 2] = b"\x12\x34"
        assert read(data).transport_sequence == (0x1234 if transport == 5 else None)
        assert data[out.transport_cc_at - 1] == transport << 4 | 1
    if send_time:
        assert data[out.abs_send_time_at - 1] == send_time << 4 | 2
        assert int.from_bytes(data[out.abs_send_time_at :][:3], "big") == int(3.5 * 2**18)
    assert read(data).payload == b"sound"


def test_extensions_that_the_one_byte_form_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 14"):
        Outgoing(70, 111, 48000, is_video=False, transport_cc_id=15)


def test_aiortc_reads_what_comes_out() -> None:
    packet, numbered = picture(5, KEY, timestamp=77)
    data = film().forward(packet, CAMERA, numbered, 1.0)
    assert data is not None
    theirs = RtpPacket.parse(bytes(data))
    assert (theirs.ssrc, theirs.payload_type, theirs.marker, theirs.timestamp) == (71, 100, 1, 77)
    assert theirs.payload == packet.payload


def test_the_senders_report_speaks_of_our_stream() -> None:
    out = voice()
    out.forward(sound(7, 5000), MICROPHONE, None, 1.0)
    out.forward(sound(1, 9), OTHER, None, 1.5)
    (report,) = RtcpPacket.parse(out.sender_report(0x0102030405060708, 9))
    assert isinstance(report, RtcpSrPacket)
    assert (report.ssrc, report.sender_info.ntp_timestamp) == (70, 0x0102030405060708)
    assert report.sender_info.rtp_timestamp == 5000 + 24_000
    assert (report.sender_info.packet_count, report.sender_info.octet_count) == (2, 10)


def test_a_picture_without_a_readable_descriptor_is_left_out_without_a_gap() -> None:
    out = film()
    first = read(out.forward(*picture(1, KEY)[:1], CAMERA, picture(1, KEY)[1], 1.0))
    assert out.forward(Packet(96, 0, 2, 0, 7, b"\x90"), CAMERA, None, 1.1) is None
    packet, numbered = picture(3)
    assert (read(out.forward(packet, CAMERA, numbered, 1.2)).sequence - first.sequence) & 0xFFFF == 1


def test_a_frame_of_a_temporal_layer_can_be_left_out_with_its_picture_id() -> None:
    out = film()
    frames = [
        picture(number, KEY if number == 0 else DELTA, picture_id=number, layer=number % 2) for number in range(8)
    ]
    came = []
    for packet, numbered in frames:
        if numbered.temporal_layer:
            out.skip(packet, CAMERA, numbered)
        else:
            came.append(out.forward(packet, CAMERA, numbered, 1.0))
    assert [numbers(data).picture_id for data in came] == [0, 1, 2, 3]
    assert {(read(b).sequence - read(a).sequence) & 0xFFFF for a, b in pairwise(came)} == {1}


@unhurried
@given(
    st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF), st.binary(max_size=9)), max_size=60),
    st.booleans(),
)
def test_no_packets_make_it_raise(packets: list[tuple[int, int, bytes]], is_video: bool) -> None:  # noqa: FBT001 - drawn
    out = Outgoing(70, 100, 90000, is_video=is_video, transport_cc_id=5, rtx_ssrc=9 if is_video else 0)
    for number, (sequence, timestamp, payload) in enumerate(packets):
        packet = Packet(96, 128 * (number & 1), sequence, timestamp, 7, payload)
        data = out.forward(packet, sequence & 1, descriptor(payload), number / 50)
        if data is not None:
            assert unpack_from("!H", data, 2)[0] == read(data).sequence
        out.skip(packet, sequence & 1, descriptor(payload))
        out.resend(timestamp & 0xFFFF)
        for probe in out.padding(2, timestamp & 0x3FF):
            assert read(probe).payload == b""
        if payload == b"":
            out.pause()


@unhurried
@given(st.permutations(range(12)), st.sets(st.integers(1, 11), max_size=6))
def test_in_any_order_no_two_packets_get_the_same_number(order: list[int], skipped: set[int]) -> None:
    out = voice()
    out.forward(sound(99), MICROPHONE, None, 1.0)
    came = []
    for number in order:
        if number in skipped:
            out.skip(sound(100 + number), MICROPHONE)
        else:
            came.append(read(out.forward(sound(100 + number), MICROPHONE, None, 1.1)).sequence)
    assert len(set(came)) == len(came)


@unhurried
@given(st.sets(st.integers(1, 60), max_size=40))
def test_in_order_whatever_is_skipped_leaves_no_gap(skipped: set[int]) -> None:
    out = voice()
    came = []
    for number in range(64):
        if number in skipped:
            out.skip(sound(65_500 + number), MICROPHONE)
        else:
            came.append(read(out.forward(sound(65_500 + number), MICROPHONE, None, 1.0)).sequence)
    assert [(sequence - came[0]) & 0xFFFF for sequence in came] == list(range(64 - len(skipped)))
