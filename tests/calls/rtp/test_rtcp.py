from struct import pack

import pytest
from aiortc.rtp import (
    RTCP_PSFB_APP,
    RTCP_PSFB_FIR,
    RTCP_PSFB_PLI,
    RtcpByePacket,
    RtcpPacket,
    RtcpPsfbPacket,
    RtcpReceiverInfo,
    RtcpRrPacket,
    RtcpRtpfbPacket,
    RtcpSdesPacket,
    RtcpSenderInfo,
    RtcpSourceInfo,
    RtcpSrPacket,
    pack_remb_fci,
    unpack_remb_fci,
)
from hypothesis import given
from hypothesis import strategies as st

from bot.calls.rtp import rtcp
from bot.calls.rtp.rtcp import (
    Bye,
    Nack,
    PictureLoss,
    ReceiverReport,
    Remb,
    ReportBlock,
    SenderReport,
    SourceDescription,
    TransportFeedback,
)
from bot.calls.rtp.transport_cc import Arrivals
from tests.calls.rtp.making import unhurried

U8, U16, U32 = st.integers(0, 0xFF), st.integers(0, 0xFFFF), st.integers(0, 0xFFFFFFFF)
BLOCKS = st.builds(
    ReportBlock,
    ssrc=U32, fraction_lost=U8, packets_lost=st.integers(-0x800000, 0x7FFFFF),
    highest_sequence=U32, jitter=U32, lsr=U32, dlsr=U32,
)  # fmt: skip


def theirs(block: ReportBlock) -> RtcpReceiverInfo:
    return RtcpReceiverInfo(
        ssrc=block.ssrc, fraction_lost=block.fraction_lost, packets_lost=block.packets_lost,
        highest_sequence=block.highest_sequence, jitter=block.jitter, lsr=block.lsr, dlsr=block.dlsr,
    )  # fmt: skip


def feedback() -> bytes:
    arrivals = Arrivals()
    arrivals.add(9, 1.0)
    data = arrivals.feedback(1, 2)
    assert data is not None
    return data


SOUND = [rtcp.nack(1, 2, [3, 5]), feedback(), rtcp.remb(1, 9, [2]), rtcp.source_description(1, "x")]


@unhurried
@given(st.lists(BLOCKS, max_size=31), U32)
def test_receiver_reports_are_those_of_aiortc_both_ways(blocks: list[ReportBlock], ssrc: int) -> None:
    data = bytes(RtcpRrPacket(ssrc, [theirs(block) for block in blocks]))
    assert rtcp.receiver_report(ssrc, blocks) == data
    assert rtcp.read(data) == [ReceiverReport(ssrc, tuple(blocks))]


@unhurried
@given(st.lists(BLOCKS, max_size=31), U32, st.integers(0, 2**64 - 1), st.tuples(U32, U32, U32))
def test_sender_reports_are_those_of_aiortc_both_ways(
    blocks: list[ReportBlock], ssrc: int, ntp: int, numbers: tuple[int, int, int]
) -> None:
    report = SenderReport(ssrc, ntp, *numbers, tuple(blocks))
    info = RtcpSenderInfo(ntp, *numbers)
    assert rtcp.sender_report(report) == bytes(RtcpSrPacket(ssrc, info, [theirs(block) for block in blocks]))
    assert rtcp.read(rtcp.sender_report(report)) == [report]


def test_more_blocks_than_one_report_holds_make_two() -> None:
    block = ReportBlock(1, 2, 3, 4, 5, 6, 7)
    first, second = rtcp.read(rtcp.receiver_report(9, [block] * 40))
    assert isinstance(first, ReceiverReport)
    assert isinstance(second, ReceiverReport)
    assert (len(first.blocks), len(second.blocks)) == (31, 9)


def test_an_empty_receiver_report_is_a_report() -> None:
    assert rtcp.read(rtcp.receiver_report(9, [])) == [ReceiverReport(9)]


def test_numbers_beyond_their_width_are_cut_to_it() -> None:
    (report,) = rtcp.read(rtcp.receiver_report(9, [ReportBlock(1, 0, 1 << 30, 1 << 32, 5, 6, 7)]))
    assert isinstance(report, ReceiverReport)
    assert (report.blocks[0].packets_lost, report.blocks[0].highest_sequence) == (0x7FFFFF, 0)


def test_an_extension_of_a_report_is_stepped_over() -> None:
    assert rtcp.read(pack("!BBHLL", 0x80, 201, 2, 9, 77)) == [ReceiverReport(9)]


@unhurried
@given(st.sets(st.integers(0, 2000), min_size=1, max_size=60), U16)
def test_a_nack_asks_for_exactly_those_in_any_place_of_the_circle(wanted: set[int], start: int) -> None:
    sequences = [start + number & 0xFFFF for number in sorted(wanted)]
    data = rtcp.nack(1, 2, sequences)
    assert rtcp.read(data) == [Nack(1, 2, tuple(sequences))]


@unhurried
@given(st.sets(U16, min_size=1, max_size=60))
def test_aiortc_reads_our_nack_and_we_read_its(wanted: set[int]) -> None:
    data = rtcp.nack(1, 2, sorted(wanted))
    (packet,) = RtcpPacket.parse(data)
    assert isinstance(packet, RtcpRtpfbPacket)
    assert packet.lost == sorted(wanted)
    assert rtcp.read(bytes(RtcpRtpfbPacket(1, 1, 2, sorted(wanted)))) == [Nack(1, 2, tuple(sorted(wanted)))]


def test_seventeen_in_a_row_fit_one_field_also_over_the_wrap() -> None:
    sequences = [65_530 + number & 0xFFFF for number in range(17)]
    assert len(rtcp.nack(1, 2, sequences)) == 16
    assert len(rtcp.nack(1, 2, [*sequences, 11])) == 20


def test_a_nack_in_disorder_and_with_repetitions_loses_nothing() -> None:
    (nack,) = rtcp.read(rtcp.nack(1, 2, [9, 5, 5, 6, 5, 40_000, 9]))
    assert isinstance(nack, Nack)
    assert set(nack.sequences) == {5, 6, 9, 40_000}


def test_a_nack_for_nothing_asks_for_nothing() -> None:
    assert rtcp.read(rtcp.nack(1, 2, [])) == [Nack(1, 2, ())]


def test_a_key_frame_is_asked_for_by_pli() -> None:
    assert rtcp.picture_loss(1, 2) == bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_PLI, ssrc=1, media_ssrc=2))
    assert rtcp.read(rtcp.picture_loss(1, 2)) == [PictureLoss(1, 2)]


def test_a_fir_asks_for_a_key_frame_of_each_stream_it_names() -> None:
    fields = pack("!LBBH", 70, 1, 0, 0) + pack("!LBBH", 71, 1, 0, 0)
    data = bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_FIR, ssrc=1, media_ssrc=0, fci=fields))
    assert rtcp.read(data) == [PictureLoss(1, 70), PictureLoss(1, 71)]


@unhurried
@given(st.integers(0, 10**11), st.lists(U32, max_size=5))
def test_an_estimate_is_that_of_aiortc_both_ways(bitrate: int, ssrcs: list[int]) -> None:
    data = bytes(RtcpPsfbPacket(fmt=RTCP_PSFB_APP, ssrc=1, media_ssrc=0, fci=pack_remb_fci(bitrate, ssrcs)))
    assert rtcp.remb(1, bitrate, ssrcs) == data
    rounded, _ = unpack_remb_fci(data[12:])
    assert rtcp.read(data) == [Remb(1, rounded, tuple(ssrcs))]
    assert rounded == pytest.approx(bitrate, rel=1e-5)


def test_an_estimate_below_nothing_is_nothing() -> None:
    assert rtcp.read(rtcp.remb(1, -5, [])) == [Remb(1, 0, ())]


def test_streams_say_goodbye() -> None:
    assert rtcp.bye([5, 6]) == bytes(RtcpByePacket([5, 6]))
    assert rtcp.read(rtcp.bye([5, 6])) == [Bye((5, 6))]


@pytest.mark.parametrize("name", ["", "a", "ab", "abc", "abcd", "näkö" * 80])
def test_a_source_has_a_name(name: str) -> None:
    cut = name.encode()[:255]
    data = rtcp.source_description(7, name)
    assert len(data) % 4 == 0
    (packet,) = RtcpPacket.parse(data)
    assert isinstance(packet, RtcpSdesPacket)
    assert packet.chunks == [RtcpSourceInfo(7, [(1, cut)])]
    assert rtcp.read(data) == [SourceDescription(((7, cut.decode(errors="replace")),))]


def test_a_description_of_two_sources_with_other_items_is_read() -> None:
    chunks = pack("!LBB", 7, 1, 2) + b"ab" + pack("!BB", 2, 3) + b"who" + bytes(3) + pack("!LBB", 8, 1, 1) + b"c\x00"
    assert rtcp.read(pack("!BBH", 0x82, 202, len(chunks) // 4) + chunks) == [SourceDescription(((7, "ab"), (8, "c")))]


def test_everything_in_one_datagram_is_read_in_order() -> None:
    parts = [
        rtcp.sender_report(SenderReport(1, 2, 3, 4, 5)),
        rtcp.source_description(1, "name"),
        pack("!BBHL", 0x80, 204, 1, 1),  # an application's own
        rtcp.nack(1, 2, [3]),
        feedback(),
        rtcp.remb(1, 1000, [2]),
        rtcp.bye([1]),
    ]
    kinds = [type(report) for report in rtcp.read(b"".join(parts))]
    assert kinds == [SenderReport, SourceDescription, Nack, TransportFeedback, Remb, Bye]


def test_transport_feedback_names_its_arrivals() -> None:
    assert rtcp.read(feedback()) == [TransportFeedback(1, 2, ((9, 1.0),))]


def test_one_datagram_of_feedbacks_is_not_unfolded_without_end() -> None:
    assert len(rtcp.read(feedback() * 30)) == 4
    assert len(rtcp.read(rtcp.picture_loss(1, 2) * 200)) == 32


@pytest.mark.parametrize(
    "part",
    [
        pack("!BBHL", 0x81, 201, 1, 9),  # a block is announced and absent
        pack("!BBH", 0x80, 201, 0),  # no SSRC
        pack("!BBHL", 0x80, 200, 1, 9),  # no sender's part
        pack("!BBHL", 0x81, 205, 1, 9),  # one SSRC of two
        pack("!BBHL", 0x81, 206, 1, 9),
        pack("!BBHLLL", 0x8F, 206, 3, 1, 0, 0),  # no REMB
        pack("!BBHLL", 0x8F, 206, 4, 1, 0) + b"LNTF" + bytes(4),  # another application's
        pack("!BBHLL", 0x8F, 206, 4, 1, 0) + b"REMB" + bytes((9, 0, 0, 0)),  # nine streams announced
        pack("!BBHL", 0x83, 203, 1, 9),  # three goodbyes announced
        pack("!BBHL", 0x82, 202, 1, 9),  # chunks announced
        pack("!BBHLBBH", 0x81, 202, 2, 9, 1, 200, 0),  # an item longer than the packet
        pack("!BBHLL", 0x8F, 205, 2, 1, 2),  # a feedback without content
        pack("!BBHLL", 0xA0, 201, 2, 9, 77),  # more padding than there is
    ],
)
def test_a_malformed_part_is_left_out_and_the_next_one_read(part: bytes) -> None:
    assert rtcp.read(part + rtcp.picture_loss(1, 2)) == [PictureLoss(1, 2)]


def test_padding_is_taken_off() -> None:
    assert rtcp.read(pack("!BBHLLL", 0xA1, 203, 3, 9, 0, 8)) == [Bye((9,))]


@pytest.mark.parametrize("rest", [b"\x80", b"\x80\xc9\x00\x05abcd", b"\x00\xc9\x00\x00", b"\xff" * 9])
def test_a_part_that_overruns_or_is_no_rtcp_ends_the_reading(rest: bytes) -> None:
    assert rtcp.read(rtcp.picture_loss(1, 2) + rest + rtcp.picture_loss(3, 4)) == [PictureLoss(1, 2)]


def test_rtcp_is_told_from_rtp_by_its_second_byte() -> None:
    assert [rtcp.is_rtcp(bytes((0x80, second))) for second in (96, 191, 192, 200, 223, 224)] == [
        False, False, True, True, True, False,
    ]  # fmt: skip
    assert not rtcp.is_rtcp(b"\x80")


def test_the_ntp_time_of_the_unix_epoch() -> None:
    assert rtcp.ntp(0) == 2_208_988_800 << 32
    assert rtcp.ntp(0.5) & 0xFFFFFFFF == 1 << 31
    assert rtcp.middle(0x1122334455667788) == 0x33445566


@unhurried
@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    rtcp.read(data)
    rtcp.is_rtcp(data)


@unhurried
@given(
    st.lists(
        st.tuples(st.integers(0, 63), st.sampled_from([200, 201, 202, 203, 204, 205, 206, 207]), st.binary(max_size=60))
    )
)
def test_no_compound_of_sound_lengths_makes_it_raise(parts: list[tuple[int, int, bytes]]) -> None:
    whole = [(head, kind, body + bytes(-len(body) % 4)) for head, kind, body in parts]
    rtcp.read(b"".join(pack("!BBH", 0x80 | head, kind, len(body) // 4) + body for head, kind, body in whole))


@unhurried
@given(st.lists(st.sampled_from(SOUND)), st.data())
def test_no_flipped_byte_or_cut_makes_it_raise(parts: list[bytes], data: st.DataObject) -> None:
    whole = bytearray(b"".join(parts))
    if whole:
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(U8)
    rtcp.read(bytes(whole[: data.draw(st.integers(0, len(whole)))]))
